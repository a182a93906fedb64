"""Scores of pairs: read at every revision and in every scope, ended by loads, deleted by new markings."""

import os
import signal
from collections import ChainMap, Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import DATASETS, VIEWERS, loads, records, remarks
from tests.conformance.oracle.operations import Delivery, Load, Operation, keys_in, perform, root_of
from tests.conformance.oracle.scores import (
    Kept,
    Told,
    drawing,
    drawn,
    expected,
    held_by_many,
    holdings,
    listed,
    rows,
    score,
    without_common,
)
from tests.conformance.test_lookups import scopes
from tests.conformance.test_withdrawing import ids, withdraw
from tests.crash.processes import start, wait
from tests.stores import KIND, MEMORY, examples, fresh_url
from workbench.errors import UsageError
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Record, Role, Value
from workbench.store import facet_values
from workbench.store.dump_rows import EntityRow, FacetRow, ModelRow, PairRow, RecordRow, RevisionRow
from workbench.store.records_known import LIVE
from workbench.store.scores import SCORING, end
from workbench.store.transaction import Transaction
from workbench.view.common_in_scores import CommonInScores
from workbench.view.copies import copy_store
from workbench.view.store import GraphStore, open_store
from workbench.view.viewers_copy import copy_for_viewer

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
_SOME = settings(suppress_health_check=[*HealthCheck], max_examples=examples(100))
OPEN, CLOSED = parse_marking("OPEN//REL A,B,C"), parse_marking("SECRET//REL C")
FILE = DATASETS[0]
FEW = 2


@pytest.fixture(autouse=True)
def _few_hold_what_is_common(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_values, "LIMIT", FEW)
    monkeypatch.setattr(facet_values, "DOCUMENT_LIMIT", FEW - 1)


def agrees(store: GraphStore, kept: Kept, chance: Random) -> None:
    """The store has the scores that it should have, at every revision and in every scope."""
    for scope in scopes(store, chance):
        pairs, facets, model = kept.at(scope.revision)
        seen = [row for row in facets if row.vis in scope.allowed]
        found = store.backend.scores(scope.revision)
        assert (listed(found.pairs), found.model) == (expected(pairs), model)
        assert {of: n for of, n in found.facets.items() if n} == Counter((row.kind, row.vis) for row in facets)
        standing = store.backend.facets(scope)
        assert list(zip(*map(np.ndarray.tolist, standing.arrays()), strict=True)) == [
            (row.fid, row.eid, row.kind, row.vis, row.scope) for row in seen
        ]
        said = {row.fid: row.forms for row in seen}
        pages = list(store.backend.forms(scope))
        assert ChainMap(*pages) == said
        assert sum(map(len, pages)) == len(said)
        shared = held_by_many(facets)
        of_all = [*zip(*map(np.ndarray.tolist, store.backend.shared(scope.revision).arrays()), strict=True)]
        found_shared = {value for value, *_ in of_all}
        assert {*shared} <= found_shared
        assert of_all == [row for row in holdings(facets) if row[0] in found_shared]
        visible = [row for row in pairs if row.vis in scope.allowed]
        aside = CommonInScores(store.backend, scope).set_aside(
            found.pairs.take(np.isin(found.pairs.vis, scope.allowed))
        )
        assert listed(aside) == expected(without_common(visible, seen))
        some = shared[:: scope.revision + 1]
        answered = zip(*map(np.ndarray.tolist, store.backend.holding(scope, some).arrays()), strict=True)
        assert [*answered] == [row for row in holdings(seen) if row[0] in some]
        wanted = [row.fid for row in kept.facets.values()][:: scope.revision + 1]
        answered = zip(*map(np.ndarray.tolist, store.backend.held_by(scope, wanted).arrays()), strict=True)
        assert [*answered] == [row for row in holdings(seen) if row[1] in wanted]
        asked = store.backend.lookups(scope)
        assert asked is not None
        assert {kind: n for kind, n in asked.facets().items() if n} == Counter(row.kind for row in seen)
        assert asked.model() == model
        entities = sorted({row.eid for row in facets} | {1, 10**6})
        for some in (chance.sample(entities, chance.randint(0, len(entities))), entities):
            near = [row for row in pairs if row.vis in scope.allowed and {row.a, row.b} & set(some)]
            answered = asked.scored(np.array(sorted(some), dtype=np.int64))
            assert listed(answered) == expected(near)
            assert store.backend.forms_of(scope, some) == {row.fid: row.forms for row in seen if row.eid in some}
            assert (np.lexsort((answered.b, answered.a)) == np.arange(len(answered))).all()
        standing = [row for row in rows(store, RecordRow) if row.rev_from <= scope.revision < row.rev_to]
        bodies = {row.rid: row.body for row in standing if row.vis in scope.allowed}
        assert store.backend.bodies(scope, [row.rid for row in rows(store, RecordRow)]) == bodies
    assert rows(store, PairRow) == [row for _, row in sorted(kept.pairs.items())]
    assert rows(store, FacetRow) == [row for _, row in sorted(kept.facets.items())]


# -- what happens to scores, in any order -------------------------------------------------------------


@st.composite
def worlds(draw: st.DrawFn) -> list[Operation | str]:
    """Loads about people, things and those who hold them, new markings, scores and withdrawals of loads."""
    ids = ("1", "2", "p")
    markings = (OPEN, CLOSED, parse_marking("OPEN//REL A"))
    schemata = ("Person", "Person", "Phone", "Holding", "Holding", "Call")
    said = records(DATASETS[:2], ids, markings, ("",), schemata)
    pool = draw(st.lists(said, min_size=4, max_size=12)) + draw(st.lists(st.sampled_from(AT_HOME), max_size=4))
    done: list[Operation | str] = [draw(loads(pool)), "score"]
    for _ in range(draw(st.integers(1, 6))):
        keys = keys_in(each for each in done if isinstance(each, Load) and each.published)
        anew = st.sampled_from(("score", "score", "score anew", "withdraw"))
        done.append(draw(st.one_of(loads(pool), loads(pool), remarks(keys) if keys else loads(pool), anew)))
    return done


def performed(store: GraphStore, kept: Kept, operation: Operation | str, chance: Random) -> Kept:
    """Do the operation; returns the scores that the store should have then."""
    if operation in ("score", "score anew"):
        return score(store, kept, chance, anew=operation == "score anew") if rows(store, EntityRow) else kept
    before, published = Told.of(store), store.backend.published()
    if isinstance(operation, str):
        try:
            known = ids(store)
            withdraw(store, chance.choice(known)) if known else None
        except UsageError:  # it is withdrawn already
            return kept
    else:
        perform(store, operation)
    now = store.backend.published()
    return kept.after(now if now > published else -1, before, Told.of(store))


@_SOME
@given(operations=worlds(), chance=st.randoms(use_true_random=False))
def test_scores_are_those_of_plain_python(
    new_store: Callable[[], GraphStore], operations: list[Operation | str], chance: Random
) -> None:
    store, kept = new_store(), Kept()
    for each in operations:
        kept = performed(store, kept, each, chance)
    agrees(store, kept, chance)
    shared = store.backend.shared(store.backend.published())
    standing = [row for row in kept.facets.values() if row.rev_to == LIVE]
    many = held_by_many(kept.facets.values())
    assert {*shared.value.tolist()} == {value for value, *_ in holdings(standing) if value in many}


# -- rule by rule ---------------------------------------------------------------------------------------


def person(source_id: str, name: str = "Ann", marking: Marking = OPEN, part: str = "") -> Record:
    return Record("Person", FILE, source_id, {"name": (Value(name, name),)}, marking, part=part)


def phone(number: str = "+31612345678", marking: Marking = OPEN, part: str = "") -> Record:
    return Record("Phone", FILE, "phone", {"number": (Value(number, number),)}, marking, part=part)


def holding(holder: str, marking: Marking = OPEN) -> Record:
    return Record("Holding", FILE, f"h{holder}", {}, marking, (Role("holder", holder), Role("held", "phone")))


def address(full: str = "Quay 1") -> Record:
    return Record("Address", FILE, "home", {"full": (Value(full, full),)}, OPEN)


def at_home(source_id: str, parent: str) -> Record:
    """A person with an address and a second reference, about which the address says nothing."""
    roles = (Role("addressEntity", "home"), Role("parent", parent))
    return replace(person(source_id), roles=roles, part="home")


AT_HOME = (at_home("1", "2"), at_home("2", "1"), address(), address("Quay 2"))


def load(store: GraphStore, *said: Record, on: str = "2026-01-02", complete: bool = False) -> None:
    whole = ((FILE, "", on),) if complete else ()
    perform(store, Load("A", (Delivery("one.csv", on, (said,)),), whole))


def of(store: GraphStore, *named: tuple[str, Marking]) -> set[tuple[int, int]]:
    """The (entity, class) of these source ids and markings."""
    numbers = {row.source_id: row.eid for row in rows(store, EntityRow)}
    classes = {each.marking: each.vis for each in store.backend.classes() if each.marking}
    return {(numbers[name], classes[marking]) for name, marking in named}


def filled(store: GraphStore) -> Kept:
    """Load people, one of them of two classes; two hold a phone, each in another class. Score all with all."""
    load(store, *map(person, "1234"), person("1", "Anna", CLOSED, "b"), phone(), on="2026-01-01")
    load(store, holding("1"), holding("2", CLOSED), on="2026-01-01")
    return score(store, Kept(), drawing(1), most=100)


SAID = {
    "about": ([person("1", "Annie")], [("1", OPEN)]),
    "in another class": ([person("1", "Annie", CLOSED, "b")], [("1", CLOSED)]),
    "a holding": ([holding("3")], [("3", OPEN), ("phone", OPEN)]),
    "a phone": ([phone("+31612345679")], [("phone", OPEN), ("1", OPEN)]),
    "a phone in another class": ([phone("+31612345679", CLOSED, "b")], [("phone", CLOSED), ("2", CLOSED)]),
    "the same": ([person("1"), phone(), holding("2", CLOSED)], []),
}


@pytest.mark.parametrize("name", SAID)
def test_a_load_ends_what_it_says_something_new_about(store: GraphStore, name: str) -> None:
    """From its revision on, that class of that entity with its pairs, and nothing else."""
    kept = filled(store)
    said, ended = SAID[name]
    load(store, *said)
    touched = of(store, *ended)
    facets = [fid for fid, row in kept.facets.items() if (row.eid, row.vis) in touched]
    assert len(facets) == len(ended)
    after = kept.ended(facets, store.backend.published())
    assert bool(ended) == (after != kept)
    agrees(store, after, drawing(2))


def test_an_address_tells_of_who_lives_there_and_of_none_whom_they_name(store: GraphStore) -> None:
    load(store, at_home("1", "2"), person("2"), address(), on="2026-01-01")
    kept = score(store, Kept(), drawing(1), most=100)
    load(store, address("Quay 2"))
    touched = of(store, ("home", OPEN), ("1", OPEN))
    ended = [fid for fid, row in kept.facets.items() if (row.eid, row.vis) in touched]
    assert len(ended) == len(touched) < len(kept.facets)
    agrees(store, kept.ended(ended, store.backend.published()), drawing(2))


def test_what_comes_late_ends_nothing(store: GraphStore) -> None:
    kept = filled(store)
    load(store, person("1", "Older"), phone("+31612345679"), person("5"), on="2025-12-31")
    agrees(store, kept, drawing(2))


def test_a_withdrawal_ends_what_was_said(store: GraphStore) -> None:
    kept = filled(store)
    load(store, person("2"), person("3"), person("4"), complete=True)
    gone = of(store, ("1", OPEN), ("1", CLOSED), ("2", CLOSED), ("phone", OPEN), ("phone", CLOSED))
    facets = [fid for fid, row in kept.facets.items() if (row.eid, row.vis) in gone]
    agrees(store, kept.ended(facets, store.backend.published()), drawing(2))


def test_new_markings_delete_both_classes_at_all_revisions(store: GraphStore) -> None:
    """Also of those whom only the new class ties to a thing; and whoever knew a revision knows it still."""
    kept = filled(store)
    kept = score(store, kept, drawing(3), anew=True, most=100)
    before = histories(store)
    told = Told.of(store)
    store.remark([phone().key()], CLOSED)
    after = kept.after(-1, told, Told.of(store))
    left = {(row.eid, row.vis) for row in after.facets.values()}
    assert not left & of(store, ("phone", OPEN), ("phone", CLOSED), ("1", OPEN), ("2", CLOSED))
    assert left >= of(store, ("3", OPEN), ("3", CLOSED), ("4", OPEN), ("4", CLOSED))
    assert left >= of(store, ("1", CLOSED), ("2", OPEN))  # whom no such record ties to the phone
    agrees(store, after, drawing(2))
    assert histories(store) == before


def test_a_new_marking_leaves_what_other_classes_say(store: GraphStore) -> None:
    """Also of the same entity."""
    kept, told = filled(store), Told.of(store)
    every = {(row.eid, row.vis) for row in kept.facets.values()}
    store.remark([person("1").key()], parse_marking("OPEN//REL A"))
    after = kept.after(-1, told, Told.of(store))
    assert every - {(row.eid, row.vis) for row in after.facets.values()} == of(store, ("1", OPEN))
    agrees(store, after, drawing(2))


def test_a_revision_of_which_no_score_is_left_is_known_still(store: GraphStore) -> None:
    load(store, person("1"), person("2"), on="2026-01-01")
    kept = score(store, Kept(), drawing(1), most=100)
    before, told = histories(store), Told.of(store)
    store.remark([person("1").key(), person("2").key()], CLOSED)
    assert not kept.after(-1, told, Told.of(store)).facets
    store.remark([person("1").key(), person("2").key()], OPEN)
    assert histories(store) == before


def histories(store: GraphStore) -> list[list[tuple[str, str]]]:
    """The revisions that each viewer knows, those who see everything among them."""
    everybody = (*VIEWERS, root_of(VIEWERS[0]))
    return [list(store.view(each, purpose=each.purposes[0]).history()) for each in everybody]


# -- copies, and writers that die ---------------------------------------------------------------------------


def test_a_copy_has_the_same_scores(tmp_path: Path, store: GraphStore) -> None:
    kept = filled(store)
    load(store, person("1", "Annie"))
    kept = kept.ended([fid for fid, row in kept.facets.items() if (row.eid, row.vis) in of(store, ("1", OPEN))], 4)
    kept = score(store, kept, drawing(4))
    with closing(open_store(fresh_url(tmp_path, "copy"))) as copy:
        copy_store(store, copy)
        agrees(copy, kept, drawing(2))
        assert [*map(tuple, rows(copy, ModelRow))] == [*map(tuple, rows(store, ModelRow))]
        told = Told.of(copy)
        load(copy, phone("+31612345679"))
        agrees(copy, kept.after(copy.backend.published(), told, Told.of(copy)), drawing(2))


def test_a_viewers_copy_has_none(tmp_path: Path, store: GraphStore) -> None:
    filled(store)
    with closing(open_store(fresh_url(tmp_path, "copy"))) as copy:
        copy_for_viewer(store, copy, VIEWERS[0])
        assert not any(rows(copy, kind) for kind in (ModelRow, FacetRow, PairRow))
        assert len(copy.backend.scores(1).pairs) == 0


def _dies(tx: Transaction, kept: Kept) -> None:
    """Score anew, and die at the end."""
    rev = tx.published() + 1
    end(tx, rev, [row for row in kept.facets.values() if row.rev_to == LIVE])
    new, pairs = drawn(kept.ended(kept.facets, rev), tx, rev, drawing(5), 100)
    tx.put(FacetRow, list(new.values()))
    tx.put(PairRow, list(pairs.values()))
    tx.publish(RevisionRow(rev, "0" * 16, SCORING, "2026", tuple(sorted({row.vis for row in new.values()}))))
    raise Killed


class Killed(BaseException):
    """Nobody catches it."""


def _is_killed(url: str, kept: Kept) -> None:
    store = open_store(url)
    try:
        with store.lease():
            store.backend.write(partial(_dies, kept=kept))
    except Killed:
        pass


def _kills_itself(url: str, kept: Kept) -> None:
    store = open_store(url)

    def work(tx: Transaction) -> None:
        with suppress(Killed):
            _dies(tx, kept)
        os.kill(os.getpid(), signal.SIGKILL)

    with store.lease():
        store.backend.write(work)


@pytest.mark.parametrize("how", [_is_killed, *([_kills_itself] if KIND != MEMORY else [])])
def test_a_writer_that_dies_leaves_no_scores(tmp_path: Path, how: Callable[[str, Kept], None]) -> None:
    """Not before the next writer comes, and not after it."""
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        kept = filled(store)
    ended = wait(start(partial(how, url, kept))) if how is _kills_itself else how(url, kept)
    assert ended in (None, -signal.SIGKILL)
    with closing(open_store(url)) as store:
        agrees(store, kept, drawing(2))
        told = Told.of(store)
        load(store, person("1", "Annie"))
        kept = kept.after(store.backend.published(), told, Told.of(store))
        agrees(store, kept, drawing(2))
        agrees(store, score(store, kept, drawing(6), anew=True), drawing(2))
