"""Every public function that reads a view, found by looking; and what to ask it.

A parameter that nobody has said how to fill fails the tests: a new function is not forgotten.
"""

import importlib
import inspect
import io
import pkgutil
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from tests.laws.answers import answer
from tests.laws.cases import DAY, Case
from tests.laws.stages import Stage
from tests.store.oracle.operations import Judge, Load
from workbench import session
from workbench.analytics.projection import Projection, everyone
from workbench.errors import WorkbenchError
from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.store.base import GraphStore
from workbench.store.types import Judgement
from workbench.store.view import View

PACKAGES = ("workbench.store", "workbench.resolve", "workbench.analytics", "workbench.export", "workbench.session")

# Parts of `joint_value`, which asks them about views that it cuts itself.
NOT_ASKED = {"workbench.analytics.sides.Side", "workbench.analytics.sides.Sides"}

# These say who is looking, and what for.
WHO = {"View.viewer", "View.purpose"}


@dataclass(frozen=True)
class Question:
    """A function that reads, and the names of its parameters beside the view and the store."""

    name: str
    ask: Callable[..., Any]  # of a stage, a view, and arguments by name
    parameters: tuple[str, ...]
    writes: bool = False

    def __str__(self) -> str:
        return self.name


# -- looking for them ---------------------------------------------------------------------


def questions() -> list[Question]:
    """Every public method and property of View and Session, and every function that takes a view."""
    found = {each.name: each for each in (*_of_view(), *_of_session(), *_of_modules(), _opening())}
    return [found[name] for name in sorted(found) if name not in WHO]


def _of_view() -> Iterator[Question]:
    source = inspect.getsource(View.__init__)
    for name in sorted(set(re.findall(r"self\.([a-z]\w*)\b", source))):
        yield Question(f"View.{name}", lambda stage, view, name=name: getattr(view, name), ())
    yield from _of_class(View, "View", lambda stage, view: view)


def _of_session() -> Iterator[Question]:
    def opened(stage: Stage, view: View) -> session.Session:
        return session.Session(view, stage.store)

    yield from _of_class(session.Session, "Session", opened)


def _of_class(kind: type, name: str, made: Callable[[Stage, View], Any]) -> Iterator[Question]:
    writing = {"same", "different", "undo", "close"}
    for member, value in inspect.getmembers(kind):
        if member.startswith("_"):
            continue
        if isinstance(value, property):
            yield Question(f"{name}.{member}", lambda stage, view, m=member: getattr(made(stage, view), m), ())
        elif callable(value):
            parameters = tuple(inspect.signature(value).parameters)[1:]
            yield Question(
                f"{name}.{member}",
                lambda stage, view, m=member, **given: getattr(made(stage, view), m)(**given),
                parameters,
                name == "Session" and member in writing,
            )


def _opening() -> Question:
    def opened(stage: Stage, view: View, revision: str) -> View:
        return stage.store.view(stage.viewer, purpose=stage.purpose, revision=revision)

    return Question("GraphStore.view", opened, ("revision",))


def _of_modules() -> Iterator[Question]:
    for module in modules():
        for name, value in sorted(vars(module).items()):
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__ or not callable(value):
                continue
            full = f"{module.__name__}.{name}"
            signature = inspect.signature(value.__init__ if inspect.isclass(value) else value)
            views = [p for p, each in signature.parameters.items() if _is(each.annotation, View)]
            if not views or full in NOT_ASKED or value is session.Session or value is View:
                continue
            stores = [p for p, each in signature.parameters.items() if _is(each.annotation, GraphStore)]
            yield _question(full, value, views, stores, [p for p in signature.parameters if p not in (*views, *stores)])


def _question(full: str, value: Callable[..., Any], views: list[str], stores: list[str], rest: list[str]) -> Question:
    def ask(stage: Stage, view: View, **given: Any) -> Any:
        return value(**dict.fromkeys(views, view), **dict.fromkeys(stores, stage.store), **given)

    return Question(full.removeprefix("workbench."), ask, tuple(rest), bool(stores))


def modules() -> list[ModuleType]:
    """All modules of the packages that read views."""
    found = []
    for package in map(importlib.import_module, PACKAGES):
        found.append(package)
        inside = pkgutil.walk_packages(getattr(package, "__path__", []), package.__name__ + ".")
        found += [importlib.import_module(each.name) for each in inside]
    return found


def _is(annotation: Any, kind: type) -> bool:
    if isinstance(annotation, str):
        return re.search(rf"\b{kind.__name__}\b", annotation) is not None
    return annotation is kind or kind in get_args(annotation)


# -- what to ask --------------------------------------------------------------------------


@dataclass(frozen=True)
class Pools:
    """What a case is about: the same whatever is hidden in a store."""

    case: Case

    def of(self, pool: Sequence[Any], pick: int) -> Any:
        return pool[pick % len(pool)]

    @cached_property
    def records(self) -> list[Any]:
        more = [s.operation for _, s in self.case.more if isinstance(s.operation, Load)]
        hidden = [r for load in more for each in load.deliveries for r in each.records]
        return [*self.case.records(), *hidden]

    @cached_property
    def entities(self) -> list[str]:
        """Ids of entities, those that are seen three times: most questions are about one of them."""
        return [*self._named_by(self.seen) * 3, *self._named_by(self.records), "0" * 20, "no\x00such"]

    @staticmethod
    def _named_by(records: Sequence[Record]) -> list[str]:
        about = {r.entity for r in records if not ontology().is_relationship(r.schema)}
        return sorted(about | {r.referent(role.ref) for r in records for role in r.roles})

    @cached_property
    def keys(self) -> list[str]:
        return [*sorted({record.key() for record in self.records}), "0" * 32, "no such"]

    @property
    def seen(self) -> list[Record]:
        return [record for record in self.case.records() if self.case.sees(self.case.mark_of(record))]

    @cached_property
    def likely_keys(self) -> list[str]:
        return [*sorted({record.key() for record in self.seen}) * 3, *self.keys]

    @property
    def judgements(self) -> list[str]:
        steps = [step.operation for step in self.case.steps] + [step.operation for _, step in self.case.more]
        return [step.judgement.id for step in steps if isinstance(step, Judge)] + ["0" * 16]

    @property
    def steps(self) -> list[str]:
        return [step.name for step in self.case.steps] + [step.name for _, step in self.case.more]


Fill = Callable[[Pools, int, Stage, View], Any]
TEXTS = ("Nico", "petrov", "王", "316123456", "P1234567", "NL91ABNA", "Quay", "Shell", "raid", "\udcff")

STRATEGIES: dict[str, Fill] = {
    "a": lambda pools, pick, stage, view: pools.of(pools.entities, pick),
    "b": lambda pools, pick, stage, view: pools.of(pools.entities, pick // 7),
    "agencies": lambda pools, pick, stage, view: pools.of((("A",), ("B",), ("A", "B"), ("C",), ()), pick),
    "agency": lambda pools, pick, stage, view: pools.of((None, "A", "B", "C"), pick),
    "by": lambda pools, pick, stage, view: pools.of((None, "zoe"), pick),
    "capacities": lambda pools, pick, stage, view: _CAPACITIES,
    "count_common": lambda pools, pick, stage, view: pick % 2 == 0,
    "each": lambda pools, pick, stage, view: pools.of(list(view.records(pools.keys)) or [_Skip], pick),
    "ends": lambda pools, pick, stage, view: [pools.of(pools.entities, pick)],
    "entities": lambda pools, pick, stage, view: [pools.of(pools.entities, pick), pools.of(pools.entities, pick // 5)],
    "entity": lambda pools, pick, stage, view: pools.of(pools.entities, pick),
    "evidence": lambda pools, pick, stage, view: pools.of(((), (pools.of(pools.keys, pick // 3),)), pick),
    "form": lambda pools, pick, stage, view: pools.of(("csv", "ftm", "graphml", "html", "no such"), pick),
    "found": lambda pools, pick, stage, view: everyone(view, "all", False),
    "hops": lambda pools, pick, stage, view: pick % 3,
    "judgement": lambda pools, pick, stage, view: pools.of(pools.judgements, pick),
    "k": lambda pools, pick, stage, view: pools.of((1, 3), pick),
    "key": lambda pools, pick, stage, view: pools.of(pools.likely_keys, pick),
    "keys": lambda pools, pick, stage, view: pools.keys,
    "kind": lambda pools, pick, stage, view: pools.of(("phone", "address", "account", "no such"), pick),
    "limit": lambda pools, pick, stage, view: pools.of((1, 2, 20), pick),
    "marking": lambda pools, pick, stage, view: pools.of(("OPEN", "SECRET//REL A,B", "OPEN//REL C", "?"), pick),
    "measure": lambda pools, pick, stage, view: pools.of(("betweenness", "degree"), pick),
    "name": lambda pools, pick, stage, view: pools.of(("persons", "money", "all", "no such"), pick),
    "nodes": lambda pools, pick, stage, view: _nodes(everyone(view, "all", False), pick),
    "out": lambda pools, pick, stage, view: pools.of((None, _Folder, _Folder), pick),
    "override": lambda pools, pick, stage, view: pick % 2 == 0,
    "parameters": lambda pools, pick, stage, view: {"k": 1},
    "positions": lambda pools, pick, stage, view: {},
    "projection": lambda pools, pick, stage, view: pools.of(("persons", "money", "all", "no such"), pick),
    "records": lambda pools, pick, stage, view: [each.key for each in view.records(pools.keys)],
    "results": lambda pools, pick, stage, view: [],
    "revision": lambda pools, pick, stage, view: _token(stage, stage.upto or pools.of(pools.steps, pick)),
    "schema": lambda pools, pick, stage, view: pools.of(("Person", "Holding", "Thing", "Call"), pick),
    "seed": lambda pools, pick, stage, view: pick % 2,
    "targets": lambda pools, pick, stage, view: [
        pools.of((*pools.keys, "A/d", "A/e", "B/d", "C/d", "A/none"), pick),
        pools.of((*pools.keys, "A/d", "B/d"), pick // 3),
    ],
    "text": lambda pools, pick, stage, view: pools.of(TEXTS, pick),
    "title": lambda pools, pick, stage, view: "Case 1",
    "value": lambda pools, pick, stage, view: pools.of(("+31612345678", "Quay 1", "NL91ABNA0417164300"), pick),
    "verdict": lambda pools, pick, stage, view: pools.of(("same", "same", "different", "unsure", "no such"), pick),
    "why": lambda pools, pick, stage, view: pools.of(("because", "because", " "), pick),
}
SPECIAL: dict[tuple[str, str], Fill] = {
    ("View.documents", "kind"): lambda pools, pick, stage, view: pools.of(("chart", "chart", "no such"), pick),
    ("analytics.support.finding", "kind"): lambda pools, pick, stage, view: "test",
    ("analytics.support.finding", "projection"): lambda pools, pick, stage, view: everyone(view, "persons", False),
    ("View.records", "keys"): lambda pools, pick, stage, view: [*pools.keys, pools.keys[0]],
    ("Session.frame", "schema"): lambda pools, pick, stage, view: pools.of((None, "Person", "Call", "?"), pick),
    ("store.content.entities", "schema"): lambda pools, pick, stage, view: pools.of(("", "Person", "Asset"), pick),
    ("store.content.relationships", "schema"): lambda pools, pick, stage, view: pools.of(("", "Holding", "Call"), pick),
}
_CAPACITIES = {"schemata": ["Officer"], "outsiders": ["victim", "lawyer"], "subjects": ["suspect"]}


class _Skip:
    """There is nothing to ask about."""


class _Folder:
    """A new folder or file to write to."""


def _nodes(found: Projection, pick: int) -> list[int]:
    if not len(found.edges.a):
        return []
    row = pick % len(found.edges.a)
    return [int(found.edges.a[row]), int(found.edges.b[row])]


def _token(stage: Stage, step: str) -> str:
    """The token of a step; one that is unknown where the step published none."""
    return stage.tokens.get(step, f"<{step}>")


def fill(question: Question, parameter: str) -> Fill:
    """How a parameter is filled; KeyError, which fails the test, if nobody has said it."""
    found = SPECIAL.get((question.name, parameter)) or STRATEGIES.get(parameter)
    if found is None:
        raise KeyError(f"{question.name} has a parameter {parameter!r}: say in tests/laws/catalogue.py what to ask it")
    return found


# -- asking -------------------------------------------------------------------------------


def ask(question: Question, stage: Stage, pools: Pools, picks: Sequence[int]) -> bytes:
    """What a function answers, or how it refuses, in bytes; of one that writes, also what is seen then."""
    if not question.writes:
        return _ask(question, stage, pools, picks)
    with stage.copied() as copy:
        told = _ask(question, copy, pools, picks)
        return told + answer(copy.store.view(stage.viewer, purpose=stage.purpose), _names(copy))


def _ask(question: Question, stage: Stage, pools: Pools, picks: Sequence[int]) -> bytes:
    view = stage.view()
    filled = zip(question.parameters, picks, strict=False)
    given = {p: fill(question, p)(pools, pick, stage, view) for p, pick in filled}
    if _Skip in given.values():
        return b"nothing to ask about"
    room = Path(tempfile.mkdtemp(dir=stage.folder.parent)) if _Folder in given.values() else None
    given |= {p: room / "out" for p, value in given.items() if room and value is _Folder}
    try:
        with redirect_stdout(io.StringIO()) as shown:
            told = [question.ask(stage, view, **given)]
            names = _names(stage, told) if question.writes else stage.names
            return answer([told, shown.getvalue(), room], names)
    except WorkbenchError as error:
        return answer([error, shown.getvalue()], {**stage.names, str(room): "<room>"})
    finally:
        if room:
            shutil.rmtree(room)


def _names(stage: Stage, told: Sequence[Any] = ()) -> dict[str, str]:
    """Names of what is random in this store, of what was just made in a copy too."""
    names = dict(stage.names)
    view = stage.store.view(stage.viewer, purpose=stage.purpose)
    fresh = [each for each in (*told, *view.judgements()) if isinstance(each, Judgement) and each.at != DAY]
    names.update((each.id, "<the new judgement>") for each in fresh)
    for n, (token, _) in enumerate(view.history()):
        names.setdefault(token, f"<new revision {n}>")
    return names
