"""Deltas fold: what a source adds, changes and withdraws stands as its newest delivery says, loaded in any order."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import withdraw
from ingest.quarantine import replay
from tests.ingest.desk import Desk, reasons, totals
from tests.stores import examples, fresh_url
from workbench.resolve import remark

pytestmark = pytest.mark.each_store(reason="each store ends and begins records in its own way")

# One entry for full files and their deltas: a delta is never complete.
MANIFEST = 'adapter = "ftm"\nagency = "NKP"\ndataset = "list"\n[[files]]\npattern = "*"\ncomplete = true\n'
GONE = "withdrawn by its source"
DAYS = ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05")


def entity(source_id: str, name: str) -> dict[str, object]:
    return {"id": source_id, "schema": "Person", "properties": {"name": [name]}}


def add(source_id: str, name: str) -> dict[str, object]:
    return {"op": "ADD", "entity": entity(source_id, name)}


def mod(source_id: str, name: str) -> dict[str, object]:
    return {"op": "MOD", "entity": entity(source_id, name)}


def end(source_id: str) -> dict[str, object]:
    return {"op": "DEL", "entity": {"id": source_id}}


def written(desk: Desk, name: str, lines: list[dict[str, object]]) -> Path:
    return desk.write(name, "".join(json.dumps(line) + "\n" for line in lines))


def bring(desk: Desk, day: str, *lines: dict[str, object], whole: bool = True):
    text = MANIFEST if whole else MANIFEST.replace("complete = true\n", "")
    manifest = desk.write(f"m/{whole}.toml", text)
    return desk.load(written(desk, f"{day}.json", [*lines]), manifest=manifest, delivered=day)


def names(desk: Desk) -> dict[str, list[str]]:
    """The names that stand under each id."""
    found: dict[str, list[str]] = {}
    for each in desk.records():
        found.setdefault(each.record.source_id, []).extend(each.record.values()["name"])
    return {source_id: sorted(said) for source_id, said in sorted(found.items())}


def test_a_delta_adds_changes_and_withdraws(desk: Desk) -> None:
    bring(desk, DAYS[0], entity("1", "Ann"), entity("2", "Bob"), entity("3", "Cy"))
    report = bring(desk, DAYS[1], add("4", "Di"), mod("1", "Anna"), end("2"), end("9"))
    assert names(desk) == {"1": ["Anna"], "3": ["Cy"], "4": ["Di"]}
    assert totals(report) == {"read": 4, "accepted": 3, "unchanged": 1}
    assert reasons(report) == {GONE: 1, "nothing withdrawn, as it is a delta": 1}
    again = bring(desk, DAYS[1], add("4", "Di"), mod("1", "Anna"), end("2"), end("9"))
    assert (totals(again), again.revision) == ({"read": 4, "unchanged": 4}, None)


def test_a_delta_is_told_from_its_content(desk: Desk) -> None:
    path = written(desk, "news", [end("2"), add("1", "Ann")])
    assert totals(desk.load(path, agency="NKP", dataset="list")) == {"read": 2, "accepted": 1, "unchanged": 1}


def test_an_older_delivery_brings_nothing_back(desk: Desk) -> None:
    bring(desk, DAYS[0], entity("1", "Ann"), entity("2", "Bob"))
    bring(desk, DAYS[4], end("1"))
    older = bring(desk, DAYS[2], entity("1", "Ann"), entity("2", "Bob"))
    assert (names(desk), totals(older)) == ({"2": ["Bob"]}, {"read": 2, "late": 1, "unchanged": 1})
    assert f"a newer delivery ({DAYS[4]}) has spoken of them" in older.messages[0]


def test_what_ends_before_it_comes_never_stands(desk: Desk) -> None:
    early = bring(desk, DAYS[3], end("1"))
    assert (totals(early), early.revision) == ({"read": 1, "unchanged": 1}, None)
    assert totals(bring(desk, DAYS[2], entity("1", "Ann"))) == {"read": 1, "late": 1}
    assert names(desk) == {}


def test_a_newer_one_brings_it_back_and_an_older_end_is_late(desk: Desk) -> None:
    bring(desk, DAYS[0], entity("1", "Ann"))
    bring(desk, DAYS[1], end("1"))
    assert totals(bring(desk, DAYS[3], add("1", "Ann"))) == {"read": 1, "accepted": 1}
    assert totals(bring(desk, DAYS[2], end("1"))) == {"read": 1, "late": 1}
    assert names(desk) == {"1": ["Ann"]}


def test_the_order_of_lines_counts_in_one_delta(desk: Desk) -> None:
    bring(desk, DAYS[0], entity("1", "Ann"), entity("2", "Bob"))
    bring(desk, DAYS[1], end("1"), add("1", "Anna"), mod("2", "Bobby"), end("2"), end("3"), add("3", "Cy"), end("3"))
    assert names(desk) == {"1": ["Anna"]}


def test_a_withdrawn_delta_leaves_nothing(desk: Desk) -> None:
    """What it ended stands again, and what is older than it and comes later is not late any more."""
    bring(desk, DAYS[0], entity("1", "Ann"), entity("2", "Bob"))
    before = desk.view().digest()
    bring(desk, DAYS[3], end("1"), end("5"))
    withdraw(desk.store, desk.view(), desk.view().loads()[-1].id, by="tester", why="sent by mistake")
    assert desk.view().digest() == before
    assert totals(bring(desk, DAYS[1], add("5", "Eve"))) == {"read": 1, "accepted": 1}
    bring(desk, DAYS[2], end("5"))
    assert names(desk) == {"1": ["Ann"], "2": ["Bob"]}


def test_a_persons_marking_holds_when_it_comes_back(desk: Desk) -> None:
    bring(desk, DAYS[0], entity("1", "Ann"))
    (ann,) = desk.records()
    remark(desk.store, desk.view(), [ann.key], "SECRET//REL NKP//COMP X")
    bring(desk, DAYS[1], end("1"))
    bring(desk, DAYS[2], add("1", "Anna"))
    assert desk.records() == ()
    seen = desk.view(compartments=frozenset({"X"})).search("Anna")
    assert seen.total == 1


def test_broken_lines_wait_in_quarantine(desk: Desk) -> None:
    bring(desk, DAYS[0], entity("1", "Ann"))
    bad = [{"op": "PUT", "entity": entity("1", "A")}, {"op": "DEL", "entity": {}}, {"op": "DEL", "entity": "1"}]
    report = bring(desk, DAYS[1], *bad, {"op": "DEL", "entity": {"id": "1"}, "version": "7"})
    assert totals(report) == {"read": 4, "quarantined": 4}
    assert reasons(report) == {
        "unknown op": 1,
        "no id": 1,
        "not an entity": 1,
        "unknown key: version": 1,
        "nothing withdrawn, as it is a delta": 1,
    }
    spec = desk.write("m/ignoring.toml", MANIFEST + 'ignore = ["version"]\n')
    assert totals(replay(desk.store, desk.view(), by="tester", manifest=spec))["accepted"] == 1
    assert names(desk) == {}


# -- the law: in any order ---------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """A delivery: a full file of names by id, or a delta: (id, name), or None as the name of what ends."""

    day: str
    full: dict[str, str] | None
    delta: tuple[tuple[str, str | None], ...] = ()

    def lines(self) -> list[dict[str, object]]:
        if self.full is not None:
            return [entity(*each) for each in self.full.items()]
        return [end(of) if name is None else mod(of, name) for of, name in self.delta]


@st.composite
def sent(draw: st.DrawFn) -> list[Sent]:
    """Deliveries of different days, in the order in which they are loaded."""
    days = draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=5, unique=True))
    ids, said = st.sampled_from("123"), st.sampled_from(("Ann", "Bob"))
    full = st.dictionaries(ids, said, min_size=1, max_size=3)
    lines = st.lists(st.tuples(ids, st.one_of(st.none(), said)), min_size=1, max_size=4)
    delta = lines.filter(lambda of: len({id_ for id_, name in of if name}) == sum(bool(name) for _, name in of)).map(
        tuple
    )
    return [Sent(day, draw(full)) if draw(st.booleans()) else Sent(day, None, draw(delta)) for day in days]


def folded(deliveries: list[Sent], whole: bool) -> dict[str, list[str]]:
    """What stands after all of them, by their days."""
    state: dict[str, str] = {}
    for each in sorted(deliveries, key=lambda of: of.day):
        state = {} if whole and each.full is not None else state
        state |= each.full or {}
        for source_id, name in each.delta:
            if name is None:
                state.pop(source_id, None)
            else:
                state[source_id] = name
    return {source_id: [name] for source_id, name in sorted(state.items())}


@settings(suppress_health_check=[*HealthCheck], max_examples=examples(150))
@given(deliveries=sent(), whole=st.booleans(), data=st.data())
def test_any_order_of_full_and_delta_deliveries_folds_to_the_same(
    new_desk: Callable[[], Desk], deliveries: list[Sent], whole: bool, data: st.DataObject
) -> None:
    """And is what the full later state would be; also after one of the loads is taken back."""
    gone = data.draw(st.sampled_from([None, *range(len(deliveries))]))
    desk = new_desk()
    for each in deliveries:
        bring(desk, each.day, *each.lines(), whole=whole)
    wanted = folded(deliveries, whole)
    assert names(desk) == wanted
    left = [each for n, each in enumerate(deliveries) if n != gone]
    if gone is not None:
        withdraw(desk.store, desk.view("NKP"), desk.view("NKP").loads()[gone].id, by="tester", why="a mistake")
        wanted = folded(left, whole)
        assert names(desk) == wanted
    digest = desk.view("NKP").digest()
    other = new_desk()
    bring(other, DAYS[-1], entity("0", "Zoe"), *(entity(of, said) for of, (said,) in wanted.items()), whole=whole)
    bring(other, DAYS[-1], end("0"), whole=whole)
    assert other.view("NKP").digest() == digest


@pytest.fixture
def new_desk(tmp_path: Path) -> Callable[[], Desk]:
    """Makes desks, each with a store of its own; the one before is closed."""
    made: list[Desk] = []

    def new() -> Desk:
        if made and len(made) % 2 == 0:
            for each in made[-2:]:
                each.store.close()
        made.append(Desk(tmp_path, fresh_url(tmp_path, f"store{len(made)}")))
        return made[-1]

    return new
