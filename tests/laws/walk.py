"""Every public function that reads a view, found by walking the packages: a new one is not forgotten.

It is a public function, or a public method of a public class, with a parameter annotated as a
reader: View, Session, or a class that takes a reader when it is made; each of those makings; every
public method and property of View and Session; and every page of the dashboard, which looks up
its view itself. Not asked, because what they are given was answered by one that is: functions of
what a view hands out (a Snapshot, a Finding, a Projection ...). The commands are asked in
`test_command_line.py`, which finds them by walking the command line.

`through_stores` finds what has a store and no view: the public members of GraphStore, and functions
with a parameter annotated as one. No law of views is about them; they leave traces.
"""

import importlib
import inspect
import pkgutil
import re
import runpy
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import ingest
import workbench
from tests.laws.answers import answer
from workbench import session
from workbench.analytics import ANALYSES
from workbench.app import page_scripts as pages_of_app
from workbench.app.dashboard import dashboard
from workbench.session import Session
from workbench.view.store import GraphStore
from workbench.view.view import View

PACKAGES = (workbench, ingest)

# Why some of what is found is not asked.
NOT_ASKED = {
    "View.viewer": "says who is looking",
    "View.purpose": "says what for",
    "Session.store": "can't be read but through a view",
    "Session.viewer": "says who is looking",
    "Session.by": "says who runs the process",
    "Session.load": "tells who may load of all records of the agency; what others see then is asked in test_files.py",
    "Session.dry_run": "as Session.load",
    "Session.load_batch": "as Session.load",
    "analytics.sides.Sides": "a part of joint_value, which asks it about views that it cuts itself",
    **dict.fromkeys(
        ("analytics.positions.scores_of", "analytics.groups_of.groups_of", "analytics.without_agency.ranks_without"),
        "a part of key_players, which is asked by every measure; it is given a projection",
    ),
    **dict.fromkeys(
        ("analytics.lacking.lacking", "analytics.leads.without_agencies", "analytics.lead.records_of_lead"),
        "a part of predict, lead and judge_lead, which are asked; it is given what they asked",
    ),
    "analytics.predictor.LinkPredictor.fit": "as analytics.predictor.predictor, which is asked",
    "analytics.following.follow": "a part of paths, which is asked of money; its ends are numbers",
    **dict.fromkeys(
        ("ingest.hand_ends.ends_of", "ingest.hand_ends.grounds_of"),
        "a part of draw_relationship, which is asked; it is given what it asked",
    ),
    "app.context.Context": "holds a session, and answers nothing",
    "commands.verdicts.verdict_rows": "prints what was answered; the commands that print with it are asked",
    "commands.findings.Telling": "prints what was answered; the commands that print with it are asked",
    "commands.console.Look": "holds a session; the commands that show with it are asked",
    **dict.fromkeys(("analytics.sources.said_by", "view.saying.contents"), "has numbers of the view; weight is asked"),
    **dict.fromkeys(
        ("view.present.remembering", "view.present.remembered"), "remembers what was answered by what is asked"
    ),
    "view.store.GraphStore.save_on_view": "writes what keep decides on, which is asked",
    "view.present.mark_of": "an object that says nothing, and is compared with itself alone",
    "View.at_one_access": "holds access for the answers within; each of them is asked",
    **dict.fromkeys(
        ("export.chart.export", "export.ftm.export", "export.graphml.export", "export.tables.export"),
        "writes where export_view says, which is asked",
    ),
    "view.store.GraphStore.publish_scores": "writes what score made, which is asked",
    **dict.fromkeys(
        (
            *("view.spoken.scored_before", "view.spoken.model_before"),
            *("view.spoken.forms_before", "view.spoken.forms_before_of"),
            *("view.spoken.facets_of", "view.spoken.spoken", "view.spoken.claimed"),
            *("resolve.scoring.gathering.kinds_of", "resolve.scoring.gathering.gathered"),
            *("resolve.scoring.gathering.present", "resolve.scoring.adding.beside"),
        ),
        "has numbers of the store, which go back into it; score is asked",
    ),
    "view.store.GraphStore.remark": "writes what a view decides on; resolve.remark is asked",
    "view.store.GraphStore.remark_together": "writes what a view decides on; resolve.remark is asked",
}
_WRITING = {
    f"Session.{name}"
    for name in (
        *("same", "different", "unsure", "judge_all", "undo", "add_common", "remove_common", "remark"),
        *("score", "load", "dry_run", "load_batch", "withdraw", "replay", "discard", "close"),
        *("keep", "drop_finding", "judge_lead", "draw_entity", "draw_relationship"),
    )
}


@dataclass(frozen=True)
class Question:
    """A function that reads, and the names of its parameters beside the view and the store.

    `writes`: it changes the store. `now`: it looks at what stands now, whatever its view's
    revision. `drawn`: it is asked within a running script of Streamlit.
    """

    name: str
    ask: Callable[..., Any]  # of a stage, a view, and arguments by name
    parameters: tuple[str, ...]
    writes: bool = False
    now: bool = False
    drawn: bool = False

    def __str__(self) -> str:
        return self.name


def questions() -> list[Question]:
    """All functions that are asked, by name."""
    return [each for each in every_question() if each.name not in NOT_ASKED]


def every_question() -> list[Question]:
    """All functions, including those that are not asked."""
    found = {
        each.name: each for each in (*_of_view(), *_of_session(), *_opening(), *_of_modules(readers()), *_of_pages())
    }
    return [found[name] for name in sorted(found)]


def through_stores() -> list[Question]:
    """All functions that have a store and no view, by name; each may write."""
    known = {each.name for each in every_question()}
    of_store = _of_class(GraphStore, lambda stage, view: stage.store)
    found = {each.name: each for each in (*of_store, *_of_modules(frozenset({GraphStore}))) if each.name not in known}
    return [replace(found[name], writes=True, now=True) for name in sorted(found)]


@cache
def modules() -> tuple[ModuleType, ...]:
    """All modules of the packages."""
    found = list(PACKAGES)
    for package in PACKAGES:
        inside = pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        found += [importlib.import_module(each.name) for each in inside]
    return tuple(found)


@cache
def readers() -> frozenset[type]:
    """View, Session, and every class that takes one of these when it is made, or of these, and so on."""
    found: frozenset[type] = frozenset({View, Session})
    while True:
        more = found | {kind for module in modules() for kind in _classes(module) if _given(kind.__init__, found)}
        if more == found:
            return found
        found = more


# -- View and Session ---------------------------------------------------------------------


def _of_view() -> Iterator[Question]:
    yield from _of_class(View, lambda stage, view: view)


def _of_session() -> Iterator[Question]:
    yield from _of_class(Session, session_of)
    for name, each in ((analysis.called, analysis.function) for analysis in ANALYSES.values()):
        yield Question(
            f"Session.{name}",
            lambda stage, view, n=name, **given: getattr(session_of(stage, view), n)(**given),
            tuple(inspect.signature(each).parameters)[1:],
        )


def session_of(stage: Any, view: View) -> Session:
    """The session of who looks at a stage."""
    upto = None if stage.upto is None else stage.tokens[stage.upto]
    return Session(stage.store, lambda: view.viewer, view.purpose, upto)


def _of_class(kind: type, made: Callable[[Any, View], Any]) -> Iterator[Question]:
    """Its attributes, properties and methods."""
    attributes = set(re.findall(r"self\.([a-z]\w*)\b", inspect.getsource(kind.__init__)))
    attributes |= {name for name, value in inspect.getmembers(kind) if isinstance(value, property)}
    for member in sorted(attributes):
        yield Question(f"{kind.__name__}.{member}", lambda stage, view, m=member: getattr(made(stage, view), m), ())
    for member, value in inspect.getmembers(kind, callable):
        if member.startswith("_"):
            continue

        def ask(stage: Any, view: View, m: str = member, method: Any = value, **given: Any) -> Any:
            return getattr(made(stage, view), m)(**_spread(method, given))

        name = f"{kind.__name__}.{member}"
        yield Question(name, ask, tuple(inspect.signature(value).parameters)[1:], name in _WRITING, name in _WRITING)


def _opening() -> Iterator[Question]:
    """The two functions that return a view."""

    def viewed(stage: Any, view: View, revision: str) -> View:
        return stage.store.view(stage.viewer, purpose=stage.purpose, revision=revision)

    def opened(stage: Any, view: View, revision: str) -> str:
        with session.open(stage.url, stage.viewer, stage.purpose, revision) as found:
            return answer(found, {}).decode("utf-8", "replace")

    yield Question("GraphStore.view", viewed, ("revision",))
    yield Question("session.open", opened, ("revision",))


# -- the modules --------------------------------------------------------------------------


def _of_modules(kinds: Collection[type]) -> Iterator[Question]:
    for module in modules():
        for name, value in _public(module):
            full = f"{module.__name__}.{name}"
            if inspect.isclass(value):
                if _given(value.__init__, kinds):
                    yield _question(full, value, value.__init__, module)
                if value not in (View, Session):
                    yield from _of_methods(full, value, module, kinds)
            elif callable(value) and _given(value, kinds):
                yield _question(full, value, value, module)


def _of_methods(full: str, kind: type, module: ModuleType, kinds: Collection[type]) -> Iterator[Question]:
    """The methods of a class that take one of these kinds; their object is one more argument."""
    for member, method in sorted(vars(kind).items()):
        if not member.startswith("_") and inspect.isfunction(method) and _given(method, kinds):
            found = _question(f"{full}.{member}", method, method, module)
            first, own = found.parameters[0], kind.__name__.lower()

            def ask(
                stage: Any, view: View, found: Any = found.ask, first: str = first, own: str = own, **g: Any
            ) -> Any:
                return found(
                    stage, view, **{first: g[own]}, **{name: value for name, value in g.items() if name != own}
                )

            yield Question(found.name, ask, (own, *found.parameters[1:]), found.writes, found.now, found.drawn)


def _question(full: str, value: Callable[..., Any], signed: Callable[..., Any], module: ModuleType) -> Question:
    annotated = {p: each.annotation for p, each in inspect.signature(signed).parameters.items()}
    if inspect.isclass(value):
        annotated.pop("self")
    views = [p for p, each in annotated.items() if _names(each, {View})]
    stores = [p for p, each in annotated.items() if _names(each, {GraphStore}) and p != "target"]  # another store

    def ask(stage: Any, view: View, **given: Any) -> Any:
        rest = _spread(signed, given)
        return value(**dict.fromkeys(views, view), **dict.fromkeys(stores, stage.store), **rest)

    rest = tuple(p for p in annotated if p not in (*views, *stores))
    drawn = hasattr(module, "st")
    return Question(full.removeprefix("workbench."), ask, rest, bool(stores), bool(stores), drawn)


def _spread(signed: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """Arguments as a call takes them: those under the name of its `**options` by their own names."""
    kinds = {name: each.kind for name, each in inspect.signature(signed).parameters.items()}
    options = [name for name in given if kinds.get(name) is inspect.Parameter.VAR_KEYWORD]
    return {n: each for n, each in given.items() if n not in options} | {
        k: v for n in options for k, v in given[n].items()
    }


def _of_pages() -> Iterator[Question]:
    """The dashboard, and each of its pages."""
    for page in sorted(Path(next(iter(pages_of_app.__path__))).glob("*.py")):
        run = lambda stage, view, page=page: runpy.run_path(str(page)) and None  # noqa: E731 - one line each
        yield Question(f"app.page_scripts.{page.stem}", run, (), now=True, drawn=True)
    yield Question("app.dashboard.dashboard", lambda stage, view: dashboard(), (), now=True, drawn=True)


def _public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in sorted(vars(module).items()):
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__:
            yield name, value


def _classes(module: ModuleType) -> list[type]:
    return [value for _, value in _public(module) if inspect.isclass(value)]


def _given(function: Any, kinds: Collection[type]) -> bool:
    """Whether a parameter of a function is annotated as one of these."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a slot of object, a command
        return False
    return any(_names(each.annotation, kinds) for each in parameters)


def _names(annotation: Any, kinds: Collection[type]) -> bool:
    if isinstance(annotation, str):
        return any(re.search(rf"\b{kind.__name__}\b", annotation) for kind in kinds)
    if isinstance(annotation, list):  # the parameters of a Callable
        return any(_names(each, kinds) for each in annotation)
    return annotation in kinds or any(_names(each, kinds) for each in get_args(annotation))
