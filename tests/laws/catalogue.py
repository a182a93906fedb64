"""Arguments for every function that reads a view: a strategy for each parameter name.

A parameter without a strategy fails the tests.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.conformance.oracle.operations import Judge, Load
from tests.laws import of_app
from tests.laws.by_hand import BY_HAND
from tests.laws.cases import ALIASES, DAY, MARKINGS
from tests.laws.of_app import OF_APP
from tests.laws.sight import Case
from tests.laws.stages import Stage
from tests.laws.walk import Question, session_of
from workbench.analytics.compared import compared
from workbench.analytics.measures import MEASURES
from workbench.analytics.projection import everyone
from workbench.app import analyses
from workbench.app.chart import Derived, Lead
from workbench.app.charts import Standing
from workbench.app.context import Context, Looking
from workbench.app.drawing import draw
from workbench.app.seeing import see
from workbench.app.ties import ties_of
from workbench.demo import Demo
from workbench.export.tables import FILES
from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.resolve.common import ways
from workbench.session import Session
from workbench.store.types import CommonEntry, Judgement, SourcedRecord
from workbench.view import who
from workbench.view.store import open_store
from workbench.view.view import View


class Skip:
    """There is nothing to ask about."""


class Folder:
    """A new folder or file to write to."""


@dataclass(frozen=True)
class Pools:
    """The things in a case to ask about, the same whatever a store hides. `turn` selects a combination."""

    case: Case
    turn: int = 0

    @cached_property
    def records(self) -> list[Record]:
        more = [s.operation for _, s in self.case.more if isinstance(s.operation, Load)]
        hidden = [r for load in more for each in load.deliveries for r in each.records]
        return [*self.case.records(), *hidden]

    @cached_property
    def entities(self) -> list[str]:
        """Ids of entities; visible ones are listed three times, because most questions are about them."""
        return [*self._named_by(self.seen) * 3, *self._named_by(self.records), "0" * 20, "no\x00such"]

    @staticmethod
    def _named_by(records: Sequence[Record]) -> list[str]:
        about = {r.entity for r in records if not ontology().is_relationship(r.schema)}
        return sorted(about | {r.referent(role.ref) for r in records for role in r.roles})

    @cached_property
    def some(self) -> list[str]:
        """Entities that go together, some of them hidden."""
        at = self.turn % len(self.entities)
        return list(dict.fromkeys([*self.entities[at::7], *self.entities[:at:7]]))[:6]

    @cached_property
    def keys(self) -> list[str]:
        return [*sorted({record.key() for record in self.records}), "0" * 32, "no such"]

    @cached_property
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


@dataclass(frozen=True)
class Asked:
    """The stage for which a parameter is filled, and a number that selects."""

    pools: Pools
    pick: int
    stage: Stage

    @cached_property
    def view(self) -> View:
        return self.stage.view()

    def of(self, *pool: Any, by: int = 1) -> Any:
        """One of these."""
        return pool[self.pick // by % len(pool)]

    def entity(self, by: int = 1) -> str:
        return str(self.of(*self.pools.entities, by=by))

    def token(self, step: str) -> str:
        """The token of a step, or an unknown one if the step published nothing."""
        return self.stage.tokens.get(step, f"<{step}>")

    def load(self) -> str:
        """The id of a step's load in the log, or an unknown one if the step loaded nothing."""
        called = {said: each for each, said in self.stage.names.items()}
        step = self.of(*self.pools.steps)
        return called.get(f"<load of {step}>", f"<load of {step}>")

    def drawn(self) -> list[str]:
        """The canonical ids of those entities that the view sees."""
        whole = self.stage.view().snapshot()  # of another view: that which is asked looks up what it needs
        return list(dict.fromkeys(whole.canonical(each) for each in self.pools.some if whole.find(each) >= 0))

    def case(self) -> Session:
        """The session of who looks."""
        return session_of(self.stage, self.view)

    def context(self) -> Context:
        viewer, (a, b) = self.stage.viewer, (*self.pools.some, "", "")[:2]
        demo = Demo("Who?", a, b, viewer.name, store="", viewers="")
        return Context(self.case(), Looking(viewer, {viewer.name: viewer}, demo))

    def question(self) -> analyses.Question:
        kind = self.of(*analyses.KINDS)
        return analyses.Question(kind, self.of("persons", "all", by=4), count_common=self.pick % 3 == 0)

    def record(self) -> SourcedRecord | type[Skip]:
        found = self.view.records(self.pools.keys)
        return self.of(*found) if found else Skip

    def targets(self) -> list[str]:
        one = self.of(*self.pools.keys, "A/d", "A/e", "B/d", "C/d", "A/none")
        return [one, self.of(*self.pools.keys, "A/d", "B/d", by=3)]

    def file(self) -> Path:
        """A file to load."""
        path = self.stage.folder / "one.json"
        path.write_text('{"id": "z1", "schema": "Person", "properties": {"name": ["Zoe"]}}', "utf-8")
        return path

    def batch(self) -> Path:
        """A file of loads."""
        path = self.stage.folder / "loads.toml"
        path.write_text(
            f'[[loads]]\nfiles = ["{self.file().name}"]\nadapter = "ftm"\nagency = "A"\ndataset = "d"\n', "utf-8"
        )
        return path

    def said(self) -> dict[str, Any]:
        """Options of a load."""
        return {"adapter": "ftm", "agency": "A", "dataset": "d", "marking": "OPEN", "delivered": "2026-01-09"}

    def rows(self) -> list[dict[str, Any]]:
        """A batch of judgements."""
        verdicts = self.of(("same", "different"), ("same", "unsure"), ("unsure", "same"), ("no such", "same"), by=3)
        pairs = [(self.entity(), self.entity(by=7)), (self.entity(by=2), self.entity(by=5))]
        more = {"override": self.pick % 3 == 0, "evidence": (self.of(*self.pools.keys, by=3),) * (self.pick % 4 == 0)}
        rows = zip(pairs, verdicts, strict=True)
        return [{"a": a, "b": b, "verdict": verdict, "why": "because", **more} for (a, b), verdict in rows]

    def options(self) -> dict[str, Any]:
        """Options of a load, and who loads."""
        return {**self.said(), "viewer": self.stage.viewer, "by": "clerk", "purpose": self.stage.purpose}

    def described(self) -> Any:
        """An entity as the view describes it."""
        found = self.drawn()
        return self.view.entity(self.of(*found)) if found else Skip


Fill = Callable[[Asked], Any]
TEXTS = ("Nico", "petrov", "王", "316123456", "P1234567", "NL91ABNA", "Quay", "Shell", "raid", "Ли", "\udcff", *ALIASES)
NEARLY = ("Petroff", "Ivann Petroff", "Alpha", "Brawo")  # other spellings of names
PROJECTIONS = ("persons", "money", "all", "no such")

STRATEGIES: dict[str, Fill] = {
    "a": lambda asked: asked.entity(),
    "adapter": lambda asked: asked.of(None, "ftm", "no such"),
    "agencies": lambda asked: asked.of(("A",), ("B",), ("A", "B"), ("C",), ()),
    "agency": lambda asked: asked.of(None, "A", "B", "C"),
    "asked": lambda asked: {"k": 1},
    "at": lambda asked: "2026-01-09T00:00:00+00:00",
    "b": lambda asked: asked.entity(by=7),
    "batch": Asked.batch,
    "by": lambda asked: asked.of("anna", "zoe"),
    "case": Asked.case,
    "chart": of_app.chart,
    "choice": lambda asked: asked.pick % 2,
    "common": lambda asked: asked.of((), ways()),
    "compute": lambda asked: lambda: 1,
    "context": Asked.context,
    "count_common": lambda asked: asked.pick % 2 == 0,
    "dataset": lambda asked: asked.of(None, None, "d", "no such"),
    "demo": lambda asked: asked.of(None, *[asked.context().who.demo] * 3),
    "desk": of_app.desk,
    "derived": lambda asked: [
        Derived(a, b, "met", tuple(asked.pools.likely_keys[:1]), (a,)) for a, b in pairwise(asked.drawn()[:2])
    ],
    "document": of_app.document,
    "drawn": lambda asked: asked.pools.some[::2],
    "drawing": lambda asked: draw(asked.view, asked.drawn()),
    "each": Asked.record,
    "end": lambda asked: asked.of(None, *asked.pools.some),
    "ends": lambda asked: [asked.entity()],
    "entities": lambda asked: [asked.entity(), asked.entity(by=5)],
    "entity": lambda asked: asked.entity(),
    "entry": lambda asked: CommonEntry("phone", "+31612345678", "A", "OPEN", "a taxi"),
    "evidence": lambda asked: asked.of((), (asked.of(*asked.pools.keys, by=3),)),
    "finding": lambda asked: analyses.answer(asked.view, asked.question()),
    "form": lambda asked: asked.of("csv", "ftm", "graphml", "html", "no such"),
    "found": lambda asked: everyone(asked.view, "all", False),
    "here": of_app.desk,
    "hops": lambda asked: asked.pick % 3,
    "instead_of": lambda asked: (),
    "ids": lambda asked: asked.of((), (), ("qA1",), ("qB1", "qB1"), ("qA2", "qC1")),
    "judgement": lambda asked: asked.of(*asked.pools.judgements),
    "k": lambda asked: asked.of(1, 3),
    "known": lambda asked: who.everyone(asked.view),
    "kept": of_app.kept,
    "key": lambda asked: asked.of(*asked.pools.likely_keys),
    "keys": lambda asked: [*asked.pools.keys, asked.pools.keys[0]],
    "kind": lambda asked: asked.of("phone", "address", "account", "no such"),
    "label": lambda asked: asked.of("before", "after", " "),
    "lead": lambda asked: Lead(asked.entity(), asked.entity(by=7)),
    "limit": lambda asked: asked.of(1, 2, 20),
    "listed": lambda asked: asked.pools.some[::2],
    "load": Asked.load,
    "manifest": lambda asked: None,
    "ahead": lambda asked: None,
    "mark": lambda asked: "a mark",
    "marking": lambda asked: asked.of("OPEN", "SECRET//REL A,B", "OPEN//REL C", "?"),
    "message": of_app.message,
    "measure": lambda asked: asked.of(*MEASURES),
    "regrown": lambda asked: asked.of(1.0, 0.0, 0.5),
    "removed": lambda asked: asked.of(3, 1),
    "missing": lambda asked: asked.of(0.1, 0.0, 0.3),
    "name": lambda asked: asked.of(*PROJECTIONS),
    "named": lambda asked: asked.pools.keys[:2],
    "new": lambda asked: asked.pick % 2 == 0,
    "dry_run": lambda asked: False,
    "keep_going": lambda asked: asked.pick % 2 == 0,
    "train": lambda asked: asked.pick % 3 == 0,
    "out": lambda asked: asked.of(None, Folder, Folder),
    "options": Asked.options,
    "other": lambda asked: asked.of(None, None, "groups"),
    "others": lambda asked: asked.pools.some[1:],
    "override": lambda asked: asked.pick % 2 == 0,
    "measured": lambda asked: {"n": 2},
    "parts": lambda asked: [([each.key() for each in asked.pools.seen], MARKINGS[0])],
    "path": lambda asked: frozenset(asked.pools.keys[:3]),
    "paths": lambda asked: [asked.file()],
    "place": lambda asked: asked.stage.folder / "export",
    "places": lambda asked: {name: asked.stage.folder / name for name in FILES},
    "positions": lambda asked: {},
    "projection": lambda asked: asked.of(*PROJECTIONS),
    "purpose": lambda asked: asked.stage.purpose,
    "raw": lambda asked: None,
    "read": lambda asked: None,
    "question": lambda asked: asked.of("missing", "hidden", "future", "no such"),
    "sent": Asked.question,
    "records": lambda asked: [each.key for each in asked.view.records(asked.pools.keys)],
    "relationship": lambda asked: asked.of(None, None, "Call", "Holding"),
    "results": lambda asked: [],
    "revision": lambda asked: asked.token(asked.stage.upto or asked.of(*asked.pools.steps)),
    "rows": Asked.rows,
    "said": Asked.said,
    "schema": lambda asked: asked.of("Person", "Holding", "Thing", "Call"),
    "seen": lambda asked: see(of_app.desk(asked), asked.view),
    "seen_by": lambda asked: asked.view,
    "resolution": lambda asked: asked.of(1.0, 0.3, 4.0),
    "seed": lambda asked: asked.pick % 2,
    "ties": lambda asked: list(ties_of(see(of_app.desk(asked), asked.view).shown.lines, {}).values()),
    "ties_as": lambda asked: asked.of("counted", "weighted"),
    "sharings": lambda asked: ways(),
    "since": lambda asked: asked.of(None, "2026-01-07", "March"),
    "standing": lambda asked: Standing("chart", "chart", before=asked.of("", "another")),
    "start": lambda asked: asked.of(None, *asked.pools.some, by=3),
    "target": lambda asked: open_store(f"memory://{asked.stage.folder.name}"),
    "targets": Asked.targets,
    "tell": lambda asked: lambda *_: None,
    "text": lambda asked: asked.of(*TEXTS, *NEARLY),
    "types": lambda asked: asked.of((), (), ("Person",), ("Person", "Phone"), (), (), ("no such",), by=3),
    "title": lambda asked: "Case 1",
    "value": lambda asked: asked.of("+31612345678", "Quay 1", "NL91ABNA0417164300"),
    "verdict": lambda asked: asked.of("same", "same", "different", "unsure", "no such"),
    "viewer": lambda asked: asked.stage.viewer,
    "when": lambda asked: asked.of("2026-01-07", "2020-01-01", "2026-01-06T00:00:00"),
    "what": lambda asked: asked.of("hide", "only", "pin", "group"),
    "where": lambda asked: "finding",
    "without": lambda asked: asked.of((), (asked.entity(by=3),), (asked.entity(by=4), asked.entity(by=6))),
    "why": lambda asked: asked.of("because", "because", " "),
}
SPECIAL: dict[tuple[str, str], Fill] = {
    **BY_HAND,
    **OF_APP,
    ("View.search", "agencies"): lambda asked: asked.of((), (), ("A", "B"), (), ("B",), by=5),
    ("GraphStore.add_judgement", "judgement"): lambda asked: Judgement(
        "new",
        asked.pools.seen[0].entity,
        asked.pools.seen[1].entity,
        "unsure",
        "anna",
        "why",
        DAY,
        (asked.pools.seen[0].key(),),
    ),
    ("GraphStore.add_judgements", "judgements"): lambda asked: [
        Judgement("new", *(each.entity for each in asked.pools.seen[:2]), "unsure", "anna", "why", DAY, ())
    ],
    ("GraphStore.remark", "keys"): lambda asked: [each.key() for each in asked.pools.seen],
    ("GraphStore.remark", "marking"): lambda asked: MARKINGS[0],
    ("GraphStore.save_document", "agency"): lambda asked: "A",
    ("GraphStore.save_document", "evidence"): lambda asked: [asked.pools.seen[0].key()],
    ("GraphStore.save_document", "marking"): lambda asked: MARKINGS[0],
    ("GraphStore.writer", "agency"): lambda asked: "A",
    ("ingest.jobs.run_jobs", "path"): Asked.batch,
    **{
        (f"{name}.judge_lead", "verdict"): lambda asked: asked.of("accepted", "rejected", "parked", "no such")
        for name in ("Session", "analytics.judged_leads")
    },
    ("analytics.judged_leads.verdicts_on", "finding"): lambda asked: asked.of(
        *(analyses.answer(asked.view, analyses.Question(kind)) for kind in ("predict", "communities"))
    ),
    ("View.documents", "kind"): lambda asked: asked.of("chart", "chart", "no such"),
    ("View.documents", "name"): lambda asked: asked.of(None, "the chart"),
    ("Session.frame", "schema"): lambda asked: asked.of(None, "Person", "Call", "?"),
    ("analytics.frames.frame", "schema"): lambda asked: asked.of(None, "Person", "Call", "?"),
    ("analytics.support.finding", "kind"): lambda asked: "test",
    ("analytics.support.finding", "projection"): lambda asked: everyone(asked.view, "persons", False),
    ("analytics.support.finding", "records"): lambda asked: asked.view.snapshot().record.tolist(),
    ("analytics.kept.captions", "found"): lambda asked: compared(
        *[analyses.answer(asked.view, analyses.Question("communities"))] * 2, {}
    ),
    ("export.marking.marking_of_records", "keys"): lambda asked: [
        asked.of(*asked.pools.likely_keys, by=n) for n in (1, 3)
    ],
    ("export.supporting.supporting", "entities"): lambda asked: asked.pools.some,
    ("resolve.common.common_of", "entities"): lambda asked: asked.pools.some,
    ("view.around.among", "entities"): lambda asked: asked.pools.some,
    ("view.around.around", "entities"): lambda asked: asked.pools.some,
    ("view.around.ties_with", "entities"): lambda asked: asked.pools.some,
    ("view.behind.records_behind", "entities"): lambda asked: asked.pools.some,
    ("view.beside.identified", "kind"): lambda asked: asked.of("phone", "iban", "passport", "no such"),
    ("view.beside.identified", "value"): lambda asked: asked.of("31612345678", "NL91ABNA0417164300", "P1234567", by=3),
    ("view.beside.shared_among", "entities"): lambda asked: asked.pools.some,
    ("view.content.entities", "schema"): lambda asked: asked.of("", "Person", "Asset"),
    ("view.content.relationships", "schema"): lambda asked: asked.of("", "Holding", "Call"),
    ("view.who.different_between", "some"): lambda asked: asked.pools.some,
    ("resolve.judgements.grounds_of_each", "some"): lambda asked: [asked.entity(), asked.entity(by=7)],
    ("resolve.judgements.grounds_of_each", "others"): lambda asked: [asked.entity(by=5), asked.entity(by=3)],
    ("view.who.judgements_about", "entities"): lambda asked: asked.pools.some,
    ("view.who.members_of", "entities"): lambda asked: asked.pools.some,
}


def fill(question: Question, parameter: str) -> Fill:
    """The strategy for a parameter; KeyError, which fails the test, if there is none."""
    found = SPECIAL.get((question.name, parameter)) or STRATEGIES.get(parameter)
    if found is None:
        raise KeyError(f"{question.name} has a parameter {parameter!r}: say in tests/laws/catalogue.py what to ask it")
    return found
