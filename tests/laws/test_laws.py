"""The two laws (design §5), for every function that reads a view.

1. What it answers is what it answers of a store that holds only what the viewer may see, up to
   the revision, to one from whom nothing is hidden; and of one without what has been superseded
   or withdrawn, where history itself is not the question.
2. Other hidden things change no answer by a byte, whenever they were loaded.

All functions are asked about the same cases, drawn once. Where one breaks a law its own test
looks for the smallest case.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.operations import root_of
from tests.laws.answers import answer
from tests.laws.cases import REVIEW, cases
from tests.laws.catalogue import fill
from tests.laws.seeded import seeded
from tests.laws.sight import Case, within
from tests.laws.stages import Stage, played
from tests.laws.survey import LAWS, ONCE, Broken, hunt, small_clusters_told, survey
from tests.laws.walk import NOT_ASKED, Question, every_question, questions
from tests.stores import KIND, NEO4J, SQLITE, examples
from workbench.model.ontology import ontology
from workbench.store import registers
from workbench.store.dump_rows import RecordRow
from workbench.store.moving import every
from workbench.store.types import Scope
from workbench.view.view import View

QUESTIONS = questions()
# On Neo4j the seeded cases alone, in which every filter has something to hold back: a case takes half a minute there.
DRAWN = examples(8) if KIND == SQLITE else 0
pytestmark = [
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
    pytest.mark.each_store(reason="each store holds back what is hidden by filters of its own"),
]


@pytest.fixture(scope="session")
def broken(request: pytest.FixtureRequest) -> Broken:
    """What is broken among the functions that this run asks about; not all of it where pytest stops at the first."""
    specs = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    asked = {str(params["question"]) for params in specs if "question" in params}
    most = request.config.getoption("maxfail") or len(QUESTIONS) * len(LAWS)
    with small_clusters_told():  # what is made once for a session is made before what is set up for a module
        return survey([question for question in QUESTIONS if question.name in asked], DRAWN, most)


def test_the_walk_comes_everywhere() -> None:
    asked = {question.name for question in QUESTIONS}
    assert asked | set(NOT_ASKED) == {question.name for question in every_question()}
    assert {name.split(".")[0] for name in asked} == {
        *("GraphStore", "Session", "View"),
        *("analytics", "app", "export", "ingest", "resolve", "session", "view"),
    }


def test_every_parameter_can_be_filled() -> None:
    for question in QUESTIONS:
        for parameter in question.parameters:
            fill(question, parameter)


def _by_night(question: Question) -> tuple[pytest.MarkDecorator, ...]:
    """What stands above views and analyses has nothing of its own on a server, and takes most of the time there."""
    is_above = question.name.split(".")[0] in ("app", "export", "Session")
    return (pytest.mark.night(reason="it asks views, which are asked by day", kind=NEO4J),) if is_above else ()


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("question", [pytest.param(each, marks=_by_night(each), id=str(each)) for each in QUESTIONS])
def test_the_law_holds(broken: Broken, question: Question, law: int) -> None:
    found = broken.get((law, question.name))
    if found:
        if KIND == SQLITE:  # it plays hundreds of cases
            hunt(question, law)()
        pytest.fail(found)


@settings(ONCE, max_examples=examples(20))
@given(case=cases(), agencies=st.sampled_from(("A", "B", "C", "AB", "AC", "")))
def test_a_view_within_agencies_is_one_of_their_records_alone(case: Case, agencies: str) -> None:
    def told(stage: Stage, view: View) -> bytes:
        return answer((view, view.quarantine()), stage.without_history().names)

    with played(case.steps, case.viewer, case.purpose) as whole:
        mine = told(whole, whole.view().within(list(agencies)))
    with played(within(case, frozenset(agencies)), root_of(case.viewer), REVIEW) as alone:
        assert told(alone, alone.view()) == mine


@pytest.fixture(scope="module", params=seeded(), ids=lambda case: case.viewer.name)
def whole(request: pytest.FixtureRequest) -> Iterator[Stage]:
    case = request.param
    with played(case.steps, case.viewer, case.purpose) as stage:
        yield stage


def test_a_store_tells_the_keys_of_what_is_seen_alone(whole: Stage) -> None:
    for token, _ in whole.view().history():
        scope = whole.store.view(whole.viewer, purpose=whole.purpose, revision=token)._scope()
        told = whole.store.backend.keys_of(scope, range(1, 1_000)).values()
        assert sorted(told) == sorted(key for key, _, _ in whole.store.backend.keys(scope))


def test_a_store_gives_the_records_of_a_revision_alone(whole: Stage) -> None:
    """In columns all of them, by key and by entity those that are seen; of an older revision, nothing later."""
    backend, answers = whole.store.backend, set()
    rows = every(backend.outgoing(), RecordRow)
    keys = sorted({row.key for row in rows})
    for number in range(1, backend.published() + 1):
        scope = replace(whole.view()._scope(), revision=number)
        known = [row for row in rows if row.rev_from <= number]
        standing = [row for row in known if number < row.rev_to]
        seen = sorted(row.key for row in standing if row.vis in scope.allowed)
        columns = backend.columns(number)
        assert set(columns.records.tolist()) == {row.rid for row in standing}
        assert sorted(key for key, _, _ in backend.keys(scope)) == seen
        assert list(backend.markings_by_key(scope, keys)) == sorted(
            {row.key for row in known if row.vis in scope.allowed}
        )
        told = backend.records_by_key(scope, keys)
        assert [each.key for each in told] == seen
        about = backend.records_about(scope, [each.decode() for each in columns.ids.tolist()])
        assert about == [each for each in told if not ontology().is_relationship(each.record.schema)]
        answers.add(tuple(seen))
    assert len(answers) > 2


@pytest.mark.neo4j_only(reason="SQLite walks in the snapshot of a view")
def test_a_store_walks_by_what_is_seen_alone(whole: Stage) -> None:
    def walked(scope: Scope) -> set[int]:
        return set(
            whole.store.backend.walks.ties_at(
                scope, [np.arange(1, 100)], whole.store.backend.walks.shapes()
            ).tie.tolist()
        )

    every = set().union(*(walked(Scope(tuple(range(100)), revision)) for revision in range(1, 20)))
    for token, _ in whole.view().history():
        scope = whole.store.view(whole.viewer, purpose=whole.purpose, revision=token)._scope()
        seen = every & set(whole.store.backend.keys_of(scope, range(1, 1_000)))
        assert seen == walked(scope) == set(whole.store.backend.walks.said_of(scope, sorted(every)))
        assert seen < every


def test_a_store_gives_the_quarantine_of_those_agencies_alone(whole: Stage) -> None:
    found = registers.quarantined(whole.store.backend, ["A"])
    assert {unit.agency for unit in found} <= {"A"}
