"""The viewer and the store of this browser session; every page begins here."""

import logging
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from workbench import settings
from workbench.access.viewer import Viewer, choose_viewer
from workbench.app.beginning import new_desk, opening
from workbench.app.desk import Desk
from workbench.app.text import plain, said
from workbench.demo import Demo, read_demo, to_choose_from
from workbench.endings import fault
from workbench.errors import WorkbenchError
from workbench.export.marking import marking_of
from workbench.model.marking import Level
from workbench.session import Session
from workbench.view.access import Alike
from workbench.view.asking import question
from workbench.view.present import mark_of
from workbench.view.store import GraphStore
from workbench.view.view import View

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_DESKS, _CASE, _VIEWER, _MEMO, _HELD = "desks", "case", "viewer", "memo", "held"
SWITCH = "viewer-switch"
_KEPT = 25  # computed results that a browser session caches
_PATIENCE = 1.0  # seconds that saving a chart waits for a running load


@dataclass(frozen=True, slots=True)
class Looking:
    """The viewer, and the other viewers that the switch offers: none outside the demo's store."""

    viewer: Viewer
    offered: Mapping[str, Viewer]
    demo: Demo | None


@dataclass(frozen=True, slots=True)
class Context:
    """The viewer's session with the view of this run, and the viewers to switch to."""

    case: Session
    who: Looking


def current() -> Context:
    """The context of this run. UsageError or StoreError if there can't be one."""
    url = settings.store_url(None)
    store = _store(url)
    who = looking(store, url, settings.from_environment().viewer, st.session_state.get(_VIEWER))
    return Context(_session(store, who.viewer), who)


def looking(store: GraphStore, url: str, named: str | None, switched: str | None = None) -> Looking:
    """The viewer of a store: the named one, or the one chosen with the demo's switch."""
    file = settings.viewers_file(url)
    demo = read_demo(store, url)
    offered = to_choose_from(demo, file, named)
    if demo and offered:
        named = switched or demo.viewer
    viewer = choose_viewer(settings.among(store, file), named)
    return Looking(viewer, offered, demo)


@contextmanager
def told() -> Iterator[None]:
    """Show an error in place of the block's output, so that the dashboard stays up.

    For an unexpected error, the page and the server's log show its type and place in the code, never the data.
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
    """The desk of this viewer in this browser session, settled in the current view.

    Each viewer of the demo's switch has one of his own: nothing that another drew is on it.
    """
    view = context.case.view
    desks: dict[str, Desk] = st.session_state.setdefault(_DESKS, {})
    if view.viewer.name not in desks:
        desks[view.viewer.name] = opening(view, context.who.demo)
    desks[view.viewer.name].settle(view)
    return desks[view.viewer.name]


def begin(view: View) -> None:
    """Replace the viewer's desk by an empty one."""
    st.session_state.setdefault(_DESKS, {})[view.viewer.name] = new_desk()


def switch_viewer() -> None:
    """Callback of the demo's switch: drops what the viewer before typed, chose, was shown, and the link he used."""
    st.session_state[_VIEWER] = st.session_state[SWITCH]
    for key in [each for each in st.session_state if each not in (_DESKS, _VIEWER, SWITCH)]:
        del st.session_state[key]
    st.query_params.clear()


def hold(key: str, value: Any) -> None:
    """Keep something for this viewer in this session."""
    st.session_state.setdefault(_HELD, {})[key] = value


def held(key: str) -> Any:
    """What `hold` kept for this viewer in this session; None if nothing."""
    return st.session_state.get(_HELD, {}).get(key)


def once(view: View, key: Hashable, compute: Callable[[], T]) -> T:
    """Compute something from a view once in this session, and again when the view's content changes.

    The cache is never shared between sessions, and is bound to what the view answers: nothing that one
    viewer saw is shown to another, or to the same one after his rights changed.
    """
    mark = mark_of(view)
    kept: tuple[object, dict[Hashable, Any]] | None = st.session_state.get(_MEMO)
    if kept is None or kept[0] is not mark:
        kept = st.session_state[_MEMO] = (mark, {})
    known = kept[1]
    found: T = known.pop(key) if key in known else compute()
    known[key] = found  # the last, so that what was not asked for longest goes first
    while len(known) > _KEPT:
        known.pop(next(iter(known)))
    return found


@question
def banner(view: View) -> tuple[Level, str]:
    """The highest level in a view, and the marking of the whole view."""
    markings = view.markings()
    return max((each.level for each in markings), default=Level.OPEN), marking_of(markings)


def _session(store: GraphStore, viewer: Viewer) -> Session:
    """This visitor's session, reused with its caches while its view is the newest and all rights are the same."""
    fresh = Session(store, lambda: viewer, settings.from_environment().purpose, by=viewer.name)
    kept: Session | None = st.session_state.get(_CASE)
    if kept is not None and _stamp(kept.view) == _stamp(fresh.view) and kept.view.stands():
        return kept
    st.session_state[_CASE] = fresh
    return fresh


def _stamp(view: View) -> tuple[Viewer, str, str]:
    return view.viewer, view.purpose, view.revision


@st.cache_resource(show_spinner=False, on_release=lambda store: store.close())
def _store(url: str) -> GraphStore:
    """The store of this process, which uses one connection for each thread."""
    store = settings.open_store(url)
    store.patience, store.alike = _PATIENCE, Alike()
    return store
