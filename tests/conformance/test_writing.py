"""Writes happen completely or not at all, once, and are never visible half done."""

import os
import signal
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash.processes import start, wait
from tests.stores import fresh_url
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, StoreError
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Role, Value
from workbench.store.neo4j.backend import Neo4jBackend
from workbench.store.records_known import LIVE
from workbench.store.types import CommonEntry, Document, Judgement, Quarantined
from workbench.view.store import GraphStore, open_store

OPEN, SECRET = parse_marking("OPEN//REL A"), parse_marking("SECRET//REL A")
HIGH = Viewer(name="high", agencies=frozenset("A"), level="SECRET")
LOW = Viewer(name="low", agencies=frozenset("A"), level="OPEN")


def person(source_id: str, marking: Marking = OPEN, name: str = "Ada") -> Record:
    return Record("Person", Dataset("A", "d"), source_id, {"name": (Value(name, name),)}, marking)


def load(store: GraphStore, *records: Record, delivered: str = "2026-01-01") -> str | None:
    with store.writer(agency="A", by="clerk") as writer:
        writer.put(records, writer.file("one.csv", "0", "csv"), delivered)
        return writer.publish(dataset="d", adapter="csv", files=())


def judgement(number: int, *evidence: str) -> Judgement:
    a, b = person("1").entity, person("2").entity
    return Judgement(f"{number:016x}", a, b, "same", "anna", "why", "2026-01-01", evidence)


def test_a_view_sees_all_of_a_load_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process loads between two reads while a view is opened."""
    url = fresh_url(tmp_path)
    store = open_store(url)
    load(store, person("1"))
    publications = store.backend.publications

    def crowded(allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        monkeypatch.undo()
        with closing(open_store(url)) as other:
            load(other, person("seen before"), person("of a new class", SECRET))
        return publications(allowed)

    monkeypatch.setattr(store.backend, "publications", crowded)
    view = store.view(HIGH)
    assert store.backend.publications == publications
    assert view.stats().records in (1, 3)
    assert [row.revision for row in view.loads()][: len(view.history())] == [token for token, _ in view.history()]
    assert view.digest() == store.view(HIGH, revision=view.revision).digest()
    store.close()


def test_a_view_stays_at_its_revision(store: GraphStore) -> None:
    load(store, person("1"))
    view = store.view(HIGH)
    told = (view.stats(), view.clusters(), view.search("ada"), view.history(), view.digest())
    load(store, person("2"))
    load(store, person("1", name="Eve"), delivered="2026-01-02")
    assert (view.stats(), view.clusters(), view.search("ada"), view.history(), view.digest()) == told
    assert store.view(HIGH).stats().records == 2


def test_access_is_that_of_today_in_a_view_that_is_open(store: GraphStore) -> None:
    load(store, person("1"), person("2"))
    view = store.view(LOW)
    assert view.stats().records == 2
    store.remark([person("1").key()], SECRET)
    assert view.stats().records == 1
    assert view.search("ada").total == 1
    with pytest.raises(NotFound):
        view.entity(person("1").entity)


def test_a_load_that_is_not_published_leaves_nothing(store: GraphStore) -> None:
    load(store, person("1"), person("2"))
    before = (store.view(HIGH).digest(), store.view(HIGH).history(), store.view(HIGH).loads())
    unit = Quarantined("q", "A", "d", "csv", "one.csv", "row 1", "ragged", "short", b"", {})
    with store.writer(agency="A", by="clerk") as writer:
        writer.put([person("1", SECRET), person("2", name="Eve")], writer.file("two.csv", "1", "csv"), "2026-01-02")
        writer.withdraw_absent(Dataset("A", "d"), "", "2026-01-02")
        writer.quarantine([unit])
    after = (store.view(HIGH).digest(), store.view(HIGH).history(), store.view(HIGH).loads())
    assert after == before
    assert store.view(HIGH).quarantine() == ()
    assert store.view(LOW).stats().records == 2
    assert load(store, person("1", SECRET), person("2")) is None
    assert store.view(LOW).stats().records == 1


def holding(since: str = "2026-01-02") -> Record:
    roles = (Role("holder", "1"), Role("held", "z"))
    return Record("Holding", Dataset("A", "d"), "h", {"startDate": (Value(since, since),)}, OPEN, roles)


def ties(store: GraphStore) -> int:
    """The number of ties of person 1, which must equal the number of present relationships in the graph."""
    found = len(list(store.view(HIGH).neighbours(person("1").entity).ties))
    if isinstance(store.backend, Neo4jBackend):
        drawn = store.backend._database.read("MATCH (:Entity)-[r]->(:Entity) WHERE type(r) <> 'PAST' RETURN r.rev_to")
        assert drawn == [[LIVE]] * found
    return found


@pytest.mark.parametrize("way", ["left", "killed"])
def test_what_a_load_changed_that_was_never_published_is_as_before(tmp_path: Path, way: str) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        load(store, person("1"), holding())

    def begin() -> None:
        with closing(open_store(url)) as store, store.writer(agency="A", by="clerk") as writer:
            said = [holding("2026-01-03"), person("1", SECRET)]
            assert writer.put(said, writer.file("two.csv", "1", "csv"), "2026-02-01") == ["accepted", "remarked"]
            writer.file("three.csv", "2", "csv")  # what was put is there now
            if way == "killed":
                os.kill(os.getpid(), signal.SIGKILL)

    if way == "killed":
        assert wait(start(begin)) == -signal.SIGKILL
    else:
        begin()
    with closing(open_store(url)) as store:
        load(store, person("2"))
        assert ties(store) == 1
        assert store.view(LOW).stats().records == 3


def test_a_tie_that_a_load_ended_stands_where_it_is_said_again(store: GraphStore) -> None:
    load(store, person("1"), holding())
    with store.writer(agency="A", by="clerk") as writer:
        for said in (holding("2026-01-03"), holding()):
            writer.put([said], writer.file("two.csv", "1", "csv"), "2026-02-01")
        writer.publish(dataset="d", adapter="csv", files=())
    assert ties(store) == 2


def test_what_is_quarantined_stays_until_a_load_that_brought_it_in_is_published(store: GraphStore) -> None:
    unit = Quarantined("q", "A", "d", "csv", "one.csv", "row 1", "ragged", "short", b"\x00\xff", {"columns": ["a"]})
    with store.writer(agency="A", by="clerk") as writer:
        writer.quarantine([unit, unit])
        writer.publish(dataset="d", adapter="csv", files=())
    assert store.view(HIGH).quarantine() == (unit,)
    with store.writer(agency="A", by="clerk") as writer:
        writer.release(["q"])
    assert store.view(HIGH).quarantine() == (unit,)
    with store.writer(agency="A", by="clerk") as writer:
        writer.release(["q", "no such"])
        writer.publish(dataset="d", adapter="csv", files=())
    assert store.view(HIGH).quarantine() == ()


def test_an_old_delivery_brings_nothing_back(store: GraphStore) -> None:
    """A correction stands, however often the corrected file is loaded again."""
    first, second = person("1"), person("2")
    load(store, first, second, delivered="2026-04-01")
    with store.writer(agency="A", by="clerk") as writer:
        writer.put([second], writer.file("two.csv", "1", "csv"), "2026-04-12")
        assert writer.withdraw_absent(Dataset("A", "d"), "", "2026-04-12") == 1
        writer.publish(dataset="d", adapter="csv", files=())
    corrected = store.view(HIGH).digest()
    assert load(store, first, second, delivered="2026-04-01") is None
    assert load(store, person("3"), delivered="2026-03-01") is None
    assert store.view(HIGH).digest() == corrected
    assert load(store, first, delivered="2026-05-01") is not None


def test_the_same_source_id_in_two_parts_is_not_superseded(store: GraphStore) -> None:
    open_part = person("1")
    secret_part = Record("Person", Dataset("A", "d"), "1", {"alias": (Value("X", "X"),)}, SECRET, part="alias")
    load(store, open_part, secret_part)
    load(store, person("1", name="Eve"), delivered="2026-01-02")
    assert store.view(HIGH).stats().records == 2
    assert {line.value for line in store.view(HIGH).entity(open_part.entity).values} == {"Eve", "X"}


def test_dates_of_delivery_decide_and_not_the_order_of_loads(store: GraphStore) -> None:
    load(store, person("1", name="New"), delivered="2026-02-01")
    load(store, person("1", name="Old"), delivered="2026-01-01")
    assert store.view(HIGH).entity(person("1").entity).caption == "New"
    load(store, person("1", name="Newest"), delivered="2026-03-01")
    assert store.view(HIGH).entity(person("1").entity).caption == "Newest"


def test_a_judgement_is_ended_once(store: GraphStore) -> None:
    load(store, person("1"), person("2"))
    store.add_judgement(judgement(1, person("1").key()))
    joined = store.view(HIGH).revision
    ended = store.withdraw_judgement(judgement(1).id)
    for unknown in (judgement(1).id, "no such"):
        with pytest.raises(NotFound, match="judgement"):
            store.withdraw_judgement(unknown)
    assert [token for token, _ in store.view(HIGH).history()][-2:] == [joined, ended]
    assert store.view(HIGH, revision=joined).stats().canonical == 1
    assert store.view(HIGH).stats().canonical == 2


def test_what_rests_on_a_record_that_is_not_there_is_seen_by_nobody(store: GraphStore) -> None:
    load(store, person("1"), person("2"))
    store.add_judgement(judgement(1, person("1").key(), "0" * 32))
    store.add_judgement(judgement(2))
    store.save_document(Document("chart", "c", 0, "anna", "2026", {}), "A", OPEN, ["0" * 32])
    assert store.view(HIGH).judgements() == ()
    assert store.view(HIGH).documents("chart") == ()


def test_a_judgement_follows_the_markings_of_its_evidence(store: GraphStore) -> None:
    load(store, person("1"), person("2"))
    store.add_judgement(judgement(1, person("1").key()))
    assert store.view(LOW).stats().canonical == 1
    store.remark([person("1").key()], SECRET)
    assert store.view(LOW).judgements() == ()
    assert store.view(HIGH).stats().canonical == 1
    store.remark([person("1").key()], OPEN)
    assert store.view(LOW).stats().canonical == 1


def test_evidence_that_comes_back_more_secret_takes_its_judgement_along(store: GraphStore) -> None:
    load(store, person("1"), person("2"))
    store.add_judgement(judgement(1, person("1").key()))
    load(store, person("1", name="Eve"), delivered="2026-01-02")
    load(store, person("1", SECRET), delivered="2026-01-03")
    assert store.view(LOW).judgements() == ()
    for token, _ in store.view(LOW).history():
        assert person("1").key() not in {
            each.key for each in store.view(LOW, revision=token).records([person("1").key()])
        }


def test_versions_of_a_document_are_counted_among_those_seen(store: GraphStore) -> None:
    load(store, person("1"), person("2", SECRET))
    for number, evidence in enumerate(("1", "2", "1"), 1):
        key = person(evidence, SECRET if evidence == "2" else OPEN).key()
        store.save_document(Document("chart", "c", 0, "anna", "2026", {"n": number}), "A", OPEN, [key])
    assert [(d.version, d.body["n"]) for d in store.view(HIGH).documents("chart")] == [(3, 3)]
    assert [(d.version, d.body["n"]) for d in store.view(LOW).documents("chart")] == [(2, 3)]


def test_a_common_value_is_listed_until_it_is_taken_off(store: GraphStore) -> None:
    load(store, person("1"))
    entry = CommonEntry("phone", "+31", "A", str(OPEN), "a dispatcher")
    listed = store.add_common(entry)
    assert store.view(LOW).listed_common() == (entry,)
    store.remove_common(entry)
    assert store.view(LOW).listed_common() == ()
    assert store.view(LOW, revision=listed).listed_common() == (entry,)


def test_ties_to_oneself_and_dangling_ends_are_kept(store: GraphStore) -> None:
    call = Record("Call", Dataset("A", "d"), "c", {}, OPEN, (Role("caller", "x"), Role("receiver", "x")))
    held = Record("Holding", Dataset("A", "d"), "h", {}, OPEN, (Role("holder", "y"), Role("held", "z")))
    load(store, call, held)
    stats = store.view(HIGH).stats()
    assert (stats.records, stats.ties, stats.stubs, stats.relationships) == (2, 1, 3, {"Call": 1, "Holding": 1})
    stub = store.view(HIGH).entity(held.referent("y"))
    assert (stub.stub, stub.schema, stub.caption, stub.values) == (True, "Thing", "y", ())


@pytest.mark.sqlite_only(reason="a file can be removed")
def test_a_store_that_was_removed_says_so(tmp_path: Path) -> None:
    store = open_store(fresh_url(tmp_path))
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(StoreError, match="gone"):
        store.view(HIGH)
    store.close()


def test_what_is_said_again_more_than_once_takes_no_other_change_back(store: GraphStore) -> None:
    load(store, person("5", name="Old"))
    with store.writer(agency="A", by="clerk") as writer:
        file = writer.file("two.csv", "1", "csv")
        writer.put([person("5", name="New"), person("6")], file, "2026-02-01")
        writer.put([person("5", name="Old")] * 6, file, "2026-02-01")
        token = writer.publish(dataset="d", adapter="csv", files=())
    view = store.view(HIGH)
    assert token == view.revision
    assert view.stats().records == 3
    assert store.view(HIGH, revision=token).digest() == view.digest()


def test_what_was_said_when_a_copy_began_is_told_or_the_copy_is_not_gone_on_with(store: GraphStore) -> None:
    load(store, person("1"), delivered="2026-01-01")
    stamp = store.backend.outgoing().stamp()
    for delivered in ("2026-02-01", "2026-03-01", "2026-04-01"):
        load(store, person("1"), delivered=delivered)
        outgoing = store.backend.outgoing()
        said = [row[-2] for rows, _ in outgoing.batches("records", 0, stamp) for row in rows]
        agrees = stamp.agrees(outgoing.stamp(stamp.published), "records")
        assert agrees or "neo4j" in store.url
        assert not agrees or said == ["2026-01-01"]
    assert outgoing.stamp().agrees(store.backend.outgoing().stamp(), "records")
