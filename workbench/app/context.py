"""Who looks at which store in this session; every page begins here."""

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from workbench import settings
from workbench.access.viewer import Viewer, choose_viewer
from workbench.app.demo import Demo, read_demo, to_choose_from
from workbench.app.desk import Desk, new_name, opening
from workbench.app.text import plain, said
from workbench.endings import fault
from workbench.errors import WorkbenchError
from workbench.export.marking import marking_of
from workbench.model.marking import Level
from workbench.session import Session
from workbench.view.asking import asking_of, question
from workbench.view.snapshot import Snapshot
from workbench.view.store import GraphStore
from workbench.view.view import View

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_DESK, _CASE, _VIEWER, _MEMO, _HELD = "desk", "case", "viewer", "memo", "held"
_KEPT = 50  # computed things that a session remembers
_PATIENCE = 1.0  # seconds that a chart waits for a running load before it says so


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, and whom the switch offers besides: nobody but in the demo's store."""

    viewer: Viewer
    offered: Mapping[str, Viewer]
    demo: Demo | None


@dataclass(frozen=True, slots=True)
class Context:
    """The session of who looks, with the view of this run; and whom else one may look as."""

    case: Session
    who: Looking


def current() -> Context:
    """The context of this run. UsageError or StoreError where there can be none."""
    url = settings.store_url(None)
    store = _store(url)
    who = looking(store, url, settings.from_environment().viewer, st.session_state.get(_VIEWER))
    return Context(_session(store, who.viewer), who)


def looking(store: GraphStore, url: str, named: str | None, switched: str | None = None) -> Looking:
    """Who looks at a store: the one named, or where a switch is offered the one chosen by it."""
    file = settings.viewers_file(url)
    demo = read_demo(store, url)
    offered = to_choose_from(demo, file, named)
    if demo and offered:
        named = switched or demo.viewer
    viewer = choose_viewer(settings.among(store, file), named)
    return Looking(viewer, offered, demo)


@contextmanager
def told() -> Iterator[None]:
    """Where anything fails, say so in place of what would follow: the dashboard stays up, and asks again.

    Of what nobody foresaw the page and the server's log tell kind and place, never what it was about.
    """
    try:
        yield
    except WorkbenchError as error:
        st.error(plain(said(error)))
    except Exception as error:  # noqa: BLE001 - a page that fails must not take what it was about into a log
        sentence = fault(error)
        _LOG.error(sentence)
        st.error(plain(sentence))


def desk(context: Context) -> Desk:
    """The analyst's desk in this session, taken over into the current view."""
    found: Desk | None = st.session_state.get(_DESK)
    if found is None:
        found = st.session_state[_DESK] = opening(context.case.view, new_name(), context.who.demo)
    found.settle(context.case.view)
    return found


def begin() -> None:
    """Put an empty desk in place of this session's."""
    st.session_state[_DESK] = Desk(new_name())


def switch_viewer() -> None:
    """Callback of the demo's switch: what is held for the one viewer is not kept for the other."""
    st.session_state[_VIEWER] = st.session_state["viewer-switch"]
    st.session_state.pop(_HELD, None)


def hold(key: str, value: Any) -> None:
    """Keep something for this viewer in this session."""
    st.session_state.setdefault(_HELD, {})[key] = value


def held(key: str) -> Any:
    """What is kept for this viewer in this session; None if nothing is."""
    return st.session_state.get(_HELD, {}).get(key)


def once(view: View, key: Hashable, compute: Callable[[], T]) -> T:
    """What was computed from a view in this session, computed anew when the view sees another content.

    Never shared between sessions, and bound to the view's snapshot: nothing that one viewer
    saw is shown to another, or to the same one after his rights changed.
    """
    with asking_of(view).inner():  # it tells nothing: it is what the memory is bound to
        snapshot = view.snapshot()
    kept: tuple[Snapshot, dict[Hashable, Any]] | None = st.session_state.get(_MEMO)
    if kept is None or kept[0] is not snapshot:
        kept = st.session_state[_MEMO] = (snapshot, {})
    known = kept[1]
    if key not in known:
        while len(known) >= _KEPT:
            known.pop(next(iter(known)))
        known[key] = compute()
    found: T = known[key]
    return found


@question
def banner(view: View) -> tuple[Level, str]:
    """The highest level of what the view holds, and the marking of it as a whole."""
    found = view.markings()
    return max((each.level for each in found), default=Level.OPEN), marking_of(found)


def _session(store: GraphStore, viewer: Viewer) -> Session:
    """This visitor's session: the same one, with what its view has computed, as long as that is the newest."""
    fresh = Session(store, lambda: viewer, settings.from_environment().purpose, by=viewer.name)
    kept: Session | None = st.session_state.get(_CASE)
    if kept is not None and _stamp(kept.view) == _stamp(fresh.view) and kept.view.stands():
        return kept
    st.session_state[_CASE] = fresh
    return fresh


def _stamp(view: View) -> tuple[str, ...]:
    viewer = view.viewer
    rights = (viewer.name, viewer.level, *sorted(viewer.agencies), "", *sorted(viewer.compartments))
    return (*rights, "", view.purpose, view.revision)


@st.cache_resource(show_spinner=False, on_release=lambda store: store.close())
def _store(url: str) -> GraphStore:
    """The one store of this process; it reads through a connection of each thread."""
    store = settings.open_store(url)
    store.patience = _PATIENCE
    return store
