"""No answer without a trace: everything that reads or writes a store leaves a line in the audit sink."""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.laws.asking import ask_here
from tests.laws.catalogue import Pools
from tests.laws.seeded import PICKS, seeded
from tests.laws.stages import Stage, played
from tests.laws.walk import NOT_ASKED, Question, every_question, through_stores
from workbench.access.audit import Trace
from workbench.analytics import communities, key_players
from workbench.app.analyses import Question as Analysed
from workbench.app.analyses import answer, sections
from workbench.app.chart import Chart, Lead
from workbench.app.charts import Standing
from workbench.app.desk import Desk
from workbench.app.drawing import draw
from workbench.app.pathway import pathway
from workbench.errors import NotFound, StoreError, WorkbenchError
from workbench.model.claims import NORMALISER
from workbench.resolve import add_common
from workbench.store.writing import Writer
from workbench.view import store as stores
from workbench.view.asking import sayable
from workbench.view.store import open_store
from workbench.view.view import View

# What tells nothing of what is in a store by itself, and so is no question.
SILENT = {
    "GraphStore.agencies": "makes the viewer of a store without viewers; nobody looks yet",
    "GraphStore.backend": "is given to views and copies",
    "GraphStore.close": "closes the store",
    "GraphStore.demo_mark": "tells whether the demo made the store",
    "GraphStore.inside": "gives the store within a transaction of its writer, of which everything else is asked",
    "GraphStore.lease": "is held for what is written within it, which leaves traces",
    "GraphStore.publish_scores": NOT_ASKED["view.store.GraphStore.publish_scores"],
    "GraphStore.save_on_view": NOT_ASKED["view.store.GraphStore.save_on_view"],
    "GraphStore.url": "is known to who opened the store",
    "GraphStore.view": "gives a view, of which everything else is asked; only its refusals are kept",
    "GraphStore.with_audit": "gives a store, of which everything else is asked",
    "Session.by": "says who runs the process",
    "Session.close": "closes the store",
    "Session.store": "gives the store, of which everything else is asked",
    "Session.view": "gives the view",
    "Session.viewer": "says who is looking",
    "Session.within": "gives a session, of which everything else is asked",
    "view.present.mark_of": "says nothing about what is seen",
    "View.at_one_access": NOT_ASKED["View.at_one_access"],
    "View.purpose": NOT_ASKED["View.purpose"],
    "View.revision": "is known when the view is given",
    "View.stands": "tells of the store's state, not of what is in it",
    "view.saying.contents": NOT_ASKED["view.saying.contents"],
    "view.present.remembered": NOT_ASKED["view.present.remembered"],
    "view.present.remembering": NOT_ASKED["view.present.remembering"],
    "View.viewer": NOT_ASKED["View.viewer"],
    "View.within": "gives a view, of which everything else is asked",
    **{name: why for name, why in NOT_ASKED.items() if name.startswith(("analytics.", "commands.", "app."))},
    **{
        name: why
        for name, why in NOT_ASKED.items()
        if name.startswith(("view.spoken.", "resolve.scoring.", "ingest.hand_ends."))
    },
    "analytics.graph.as_networkx": "makes a graph of a projection that was asked for",
    **dict.fromkeys(
        ("app.actions.received", "app.actions.own"), "does what the canvas asks by functions that are asked"
    ),
    "app.context.desk": "gives the desk of a session",
    "app.context.looking": "says who is looking",
    "demo.read_demo": "reads a file of the demo",
    "ingest.pipeline.refuse_load": "leaves the trace of a load only if that is refused: tests/ingest/test_rights.py",
    "resolve.scoring.publishing.WithLoad": "is a part of a load, which leaves its trace",
    "session.Session": "is a session, of which everything else is asked",
    "settings.among": "gives the viewers in a file",
    "settings.rights_to": "gives a function that gives a viewer",
    "settings.viewer_for": "gives a viewer in a file",
    "settings.viewers_of": "gives the viewers in a file",
    "view.copies.check_ordinary": "tells whether the store is a copy",
    "view.copies.check_whole": "tells whether the store is a copy or empty",
    "app.context.once": "keeps what was computed",
    "session.open": "gives a session, of which everything else is asked; only its refusals are kept",
}
# It stands beside what draws, and draws nothing.
NOT_DRAWN = {"app.context.banner"}
_BATCHES = ("Session.load_batch", "ingest.jobs.run_jobs")
# Arguments that traces say otherwise, or not at all.
UNSAID = {
    "target": "a store: its URL is told",
    "tell": "a function",
    "viewer": "is who asks",
    "purpose": "is what for",
    ("Session.load_batch", "batch"): "is so many loads, each of which leaves its trace",
    ("ingest.jobs.run_jobs", "path"): "is so many loads, each of which leaves its trace",
    **{(run, way): "each of its loads says" for run in _BATCHES for way in ("dry_run", "keep_going")},
    ("resolve.joining.joining", "entities"): "an array, in what a judgement asks",
}


@dataclass
class Ledger:
    """Keeps all traces."""

    kept: list[Trace] = field(default_factory=list)

    def keep(self, trace: Trace) -> None:
        self.kept.append(trace)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    case = seeded()[0]
    with played(case.steps, case.viewer, case.purpose) as found:
        yield found


# The store's own methods are asked as GraphStore.NAME, also those with a view.
EVERY = [*(each for each in every_question() if not each.name.startswith("view.store.")), *through_stores()]
ASKED = [
    replace(each, drawn=False)
    for each in EVERY
    if each.name not in SILENT and (not each.drawn or each.name in NOT_DRAWN)
]


def traces_of(question: Question, stage: Stage) -> tuple[list[Trace], dict[str, Any]]:
    """The traces of one question, and the arguments that it was asked with, which are computed before."""
    ledger, case, left, arguments = Ledger(), seeded()[0], list[Trace](), dict[str, Any]()
    stage.leave()
    stage.opened = open_store(stage.url, audit=ledger)

    def asked(of: Stage, view: View, **given: Any) -> Any:
        for name, value in given.items():
            arguments.update(value if name in ("said", "options") else {name: value})
        ledger.kept.clear()
        try:
            return _ended(question.ask(of, view, **given))
        finally:
            left.extend(ledger.kept)

    # As a newer workbench would open it, if its claims are to be old.
    newer = NORMALISER + (question.name == "GraphStore.refresh_claims")
    with patch.object(stores, "NORMALISER", newer):
        ask_here(replace(question, ask=asked), stage, Pools(case), PICKS)
    return left, arguments


def _ended(told: Any) -> Any:
    """An answer to the end, if it comes piece by piece; a load that was only begun is undone."""
    if isinstance(told, Writer):
        told.abort()
        return None
    return list(told) if isinstance(told, Iterator) else told


@pytest.mark.parametrize("question", [each for each in ASKED if not each.writes], ids=str)
def test_an_answer_leaves_its_trace(question: Question, stage: Stage) -> None:
    kept, arguments = traces_of(question, stage)
    assert [each.what for each in kept] == [_called(question)]
    assert (kept[0].viewer, kept[0].purpose) == (stage.viewer.name, stage.purpose)
    assert _unsaid(question, arguments, kept[0]) == set()


@pytest.mark.parametrize("question", [each for each in ASKED if each.writes], ids=str)
def test_what_is_written_leaves_its_trace(question: Question, stage: Stage) -> None:
    with stage.copied() as copy:
        kept, arguments = traces_of(question, copy)
    assert {each.what for each in kept} == {_called(question)}
    assert kept[0].refused == "", "it is kept before anything is written"
    if not question.name.startswith("GraphStore.") and question.name != "view.copies.copy_store":
        assert {(each.viewer, each.purpose) for each in kept} == {(stage.viewer.name, stage.purpose)}
        assert _unsaid(question, arguments, kept[0]) == set()


def test_the_walk_comes_to_every_write_through_a_store() -> None:
    names = {each.name for each in EVERY}
    assert set(SILENT) <= names
    written = {each.name for each in ASKED if each.writes}
    assert written >= {"Session.load", "Session.dry_run", "Session.load_batch", "Session.withdraw", "Session.replay"}
    assert written >= {"ingest.pipeline.load", "ingest.pipeline.dry_run", "ingest.jobs.run_jobs"}
    assert written >= {"GraphStore.writer", "GraphStore.add_judgement", "GraphStore.save_document"}


def _unsaid(question: Question, arguments: dict[str, Any], trace: Trace) -> set[str]:
    """The arguments that a trace does not say by name, as JSON."""
    assert json.loads(json.dumps(trace.asked)) == trace.asked
    said = {"files" if name == "paths" else name for name, value in arguments.items() if value is not None}
    return {each for each in said - set(trace.asked) if each not in UNSAID and (question.name, each) not in UNSAID}


def _called(question: Question) -> str:
    """The name of a question in traces; a session's method has the name of the question it asks."""
    judged = dict.fromkeys(("same", "different", "unsure"), "judge")
    of_session = {
        **judged,
        "graph": "networkx_graph",
        "quarantine": "chosen",
        "resolve": "report",
        "export": "export_view",
        "load_batch": "load",
        "finding": "kept_finding",
        "drop_finding": "drop",
    }
    others = {"GraphStore.remark": "remark_together", "ingest.jobs.run_jobs": "load"}
    kind, _, name = question.name.rpartition(".")
    return of_session.get(name, name) if kind == "Session" else others.get(question.name, name)


def heard(stage: Stage) -> tuple[Ledger, View]:
    """A view of this stage, and the ledger of its traces."""
    ledger = Ledger()
    stage.leave()
    stage.opened = open_store(stage.url, audit=ledger)
    return ledger, stage.view()


def test_a_trace_says_what_was_asked_about_whom_and_how_much_was_told(stage: Stage) -> None:
    ledger, view = heard(stage)
    first, second = sorted(view.snapshot().ids)[:2]
    ledger.kept.clear()
    view.summaries([first, second])
    view.neighbours(first, hops=2)
    with pytest.raises(NotFound):
        view.entity("nobody")
    with pytest.raises(NotFound):
        stage.store.view(stage.viewer, purpose=stage.purpose, revision="never")
    told = [(each.what, dict(each.asked), each.answered, each.refused) for each in ledger.kept]
    assert told[0] == ("summaries", {"entities": [first, second]}, 2, "")
    assert told[1][:2] == ("neighbours", {"entity": first, "hops": 2})
    assert told[1][2] == len(view.neighbours(first, hops=2).entities)
    assert told[2:] == [
        ("entity", {"entity": "nobody"}, 0, "NotFound"),
        ("view", {"revision": "never"}, 0, "NotFound"),
    ]


def test_what_can_not_be_kept_is_neither_told_nor_written(stage: Stage) -> None:
    class Full:
        def keep(self, trace: Trace) -> None:
            raise StoreError("the ledger is full")

    before = stage.view().digest()
    with stage.copied() as copy:
        copy.opened = open_store(copy.url, audit=Full())
        with pytest.raises(StoreError, match="ledger is full"):
            copy.view().stats()
        with pytest.raises(StoreError, match="ledger is full"):
            add_common(copy.store, copy.view(), "phone", "+31612345678", "a taxi")
        copy.leave()
        assert copy.view().digest() == before


CHARTS = [
    Chart(("a", "b"), start="a", end="b"),
    Chart(("a", "b", "c"), hidden=frozenset("c"), start="a", end="b"),
    Chart(("a", "b"), leads=(Lead("a", "b"),)),
]
PAIRS: list[tuple[Callable[..., Any], list[tuple[Any, ...]]]] = [
    (answer, [(Analysed("predict", "money", "degree", True),), (Analysed("key-players", "all", "degree", True),)]),
    (draw, [(each.entities,) for each in CHARTS[:2]]),
    (pathway, [(each,) for each in CHARTS[:2]]),
    (lambda view, lead: Desk(Standing("id", "chart")).add_lead(view, lead), [(Lead("a", "b"),), (Lead("a", "c"),)]),
]


@pytest.mark.parametrize(("ask", "different"), PAIRS, ids=["answer", "draw", "pathway", "add_lead"])
def test_different_questions_leave_different_traces(
    ask: Callable[..., Any], different: list[tuple[Any, ...]], stage: Stage
) -> None:
    ledger, view = heard(stage)
    for each in different:
        with suppress(WorkbenchError):
            ask(view, *each)
    told = [json.dumps(each.asked, sort_keys=True) for each in ledger.kept]
    assert len(set(told)) == len(told) == len(different)


def test_a_trace_says_of_which_finding_the_rows_were_shown(stage: Stage) -> None:
    ledger, view = heard(stage)
    findings = [view_asked(view) for view_asked in (key_players, communities)]
    ledger.kept.clear()
    for each in findings:
        sections(view, each)
    assert [each.asked["finding"]["kind"] for each in ledger.kept] == ["key-players", "communities"]


def test_a_trace_lists_up_to_a_hundred_within_an_argument_and_counts_more() -> None:
    ids = tuple(f"{n:04}" for n in range(101))
    few, many = Chart(ids[:100], positions={"0001": (1.0, 2.0)}), Chart(ids, leads=(Lead("a", "b"),))
    assert sayable({"chart": few})["chart"]["entities"] == list(ids[:100])
    said = sayable({"chart": many, "ids": ids})
    assert (said["chart"]["entities"], said["chart"]["leads"], said["ids"]) == (101, 1, list(ids))
    assert said["chart"]["filters"]["without"] == []
    assert sayable({"self": Desk(Standing("id", "my chart")), "entity": None, "view": object()}) == {"desk": "my chart"}
    assert sayable({"limit": math.nan, "by": [1.5, math.inf], "k": 0.5}) == {"limit": "nan", "k": 0.5}
    assert sayable({"at": Path("/a"), "n": {"b": 1, "c": [1, 2], "_d": 3}}) == {"at": "/a", "n": {"b": 1, "c": [1, 2]}}
