"""No answer without a trace: everything that reads or writes through a view leaves a line in the audit sink."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.laws.asking import ask_here
from tests.laws.catalogue import Pools
from tests.laws.seeded import PICKS, seeded
from tests.laws.stages import Stage, played
from tests.laws.walk import Question, questions
from workbench.access.audit import Trace
from workbench.errors import NotFound, StoreError
from workbench.resolve import add_common
from workbench.view.store import open_store

# What tells nothing of what is in a store by itself, and so is no question.
SILENT = {
    "GraphStore.view": "gives a view, of which everything else is asked; only its refusals are kept",
    "Session.close": "closes the store",
    "Session.view": "gives the view",
    "Session.within": "gives a session, of which everything else is asked",
    "View.revision": "is known when the view is given",
    "View.stands": "tells of the store's state, not of what is in it",
    "View.within": "gives a view, of which everything else is asked",
    "analytics.graph.as_networkx": "makes a graph of a projection that was asked for",
    "app.actions.asked": "does what the canvas asks by functions that are asked",
    "app.context.desk": "gives the desk of a session",
    "app.context.once": "keeps what was computed",
    "session.open": "gives a session, of which everything else is asked",
}
# They ask several questions, each of which leaves its trace.
SEVERAL = "app."


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


ASKED = [each for each in questions() if not each.drawn and each.name not in SILENT]


def traces_of(question: Question, stage: Stage) -> list[Trace]:
    """The traces of one question; its arguments are computed before."""
    ledger, case, left = Ledger(), seeded()[0], list[Trace]()
    stage.leave()
    stage.opened = open_store(stage.url, audit=ledger)

    def asked(*args: Any, **given: Any) -> Any:
        ledger.kept.clear()
        try:
            return question.ask(*args, **given)
        finally:
            left.extend(ledger.kept)

    ask_here(replace(question, ask=asked), stage, Pools(case), PICKS)
    return left


@pytest.mark.parametrize("question", [each for each in ASKED if not each.writes], ids=str)
def test_an_answer_leaves_its_trace(question: Question, stage: Stage) -> None:
    kept = traces_of(question, stage)
    assert kept, "it left none"
    assert {(each.viewer, each.purpose) for each in kept} == {(stage.viewer.name, stage.purpose)}
    if not question.name.startswith(SEVERAL):
        assert [each.what for each in kept] == [_called(question)]


@pytest.mark.parametrize("question", [each for each in ASKED if each.writes], ids=str)
def test_what_is_written_leaves_its_trace(question: Question, stage: Stage) -> None:
    with stage.copied() as copy:
        kept = traces_of(question, copy)
    assert {each.what for each in kept} == {_called(question)}
    assert kept[0].refused == "", "it is kept before anything is written"


def _called(question: Question) -> str:
    """The name of a question in traces; a session's method has the name of the question it asks."""
    judged = dict.fromkeys(("same", "different", "unsure"), "judge")
    of_session = {
        **judged,
        "graph": "networkx_graph",
        "quarantine": "chosen",
        "resolve": "report",
        "export": "export_view",
    }
    kind, _, name = question.name.rpartition(".")
    return of_session.get(name, name) if kind == "Session" else name


def test_a_trace_says_what_was_asked_about_whom_and_how_much_was_told(stage: Stage) -> None:
    ledger = Ledger()
    stage.leave()
    stage.opened = open_store(stage.url, audit=ledger)
    view = stage.view()
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
