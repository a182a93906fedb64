"""What two have in common that makes no tie is a feature of theirs; what makes one is none."""

import re

import pytest

from tests.analytics.cases import eid, person, seen, thing, tie
from tests.analytics.friends import friends
from tests.analytics.links.test_scores import PROTECTED
from workbench.analytics import lead, predict
from workbench.analytics.circumstances import circumstances
from workbench.analytics.engines import Network
from workbench.analytics.lacking import asked_for, lacking
from workbench.analytics.projection import circumstances_of, positions_of, projection_names
from workbench.model.record import Record
from workbench.view.view import View

FAMILY = [*(person(each) for each in "abc"), *(tie("Family", person=x, relative=y) for x, y in ("ab", "bc"))]
PHONES = [thing("Phone", f"t{each}", number=f"+3161234567{n}") for n, each in enumerate("abcx")]
HELD = [tie("Holding", holder=each, held=f"t{each}") for each in "abc"]
QUAY = thing("Address", "quay", full="Quay 1")


def common(view: View) -> dict[str, set[tuple[str, str, str]]]:
    """Of each kind: who came to what, with whom."""
    found = positions_of(view, "persons", False)
    network = Network.of(found)
    ids = found.snapshot.id_at
    told: dict[str, set[tuple[str, str, str]]] = {}
    for name, each in circumstances(found, network).items():
        for a in range(network.n):
            for b in range(a + 1, network.n):
                for what, rows in each.shared(a, b):
                    assert rows
                    ends = sorted((ids(network.nodes[a]), ids(network.nodes[b])))
                    told.setdefault(name, set()).add((*ends, ids(what)))
        assert bool(each.in_common(network.n)) == (name in told)
    return told


def pair(a: str, b: str, what: str) -> tuple[str, str, str]:
    one, other = sorted((eid(a), eid(b)))
    return one, other, eid(what)


@pytest.mark.parametrize(
    ("records", "kind", "wanted"),
    [
        (
            [*PHONES, *HELD, tie("Call", caller="ta", receiver="tx"), tie("Call", caller="tx", receiver="tc")],
            "phones called",
            pair("a", "c", "tx"),
        ),
        (
            [QUAY, *(tie("Presence", present=each, place="quay", date="2026-01-03") for each in "ac")],
            "places",
            pair("a", "c", "quay"),
        ),
        (
            [QUAY, *(tie("Presence", present=each, place="quay", date="2026-01-03") for each in "ac")],
            "places on one day",
            pair("a", "c", "quay"),
        ),
    ],
)
def test_what_both_came_to_is_found(records: list[Record], kind: str, wanted: tuple[str, str, str]) -> None:
    with seen([*FAMILY, *records]) as view:
        assert common(view).get(kind, set()) == {wanted}


def test_on_another_day_it_is_a_place_and_not_a_place_on_one_day() -> None:
    were = [tie("Presence", present=each, place="quay", date=f"2026-01-0{n}") for n, each in enumerate("ac", 3)]
    with seen([*FAMILY, QUAY, *were]) as view:
        found = common(view)
        assert found["places"] == {pair("a", "c", "quay")}
        assert "places on one day" not in found


def test_a_record_that_makes_a_tie_is_no_circumstance() -> None:
    """A call to a phone that one of them holds ties the two: it would tell a hidden tie by itself."""
    calls = [tie("Call", caller="ta", receiver="tb"), tie("Call", caller="tc", receiver="tb")]
    with seen([*FAMILY, *PHONES, *HELD, *calls]) as view:
        assert common(view) == {}


def test_a_common_value_is_no_circumstance() -> None:
    crowd = [person(f"p{n}") for n in range(14)]
    phones = [thing("Phone", f"n{n}", number=f"+316555500{n:02}") for n in range(14)]
    held = [tie("Holding", holder=f"p{n}", held=f"n{n}") for n in range(14)]
    held += [tie("Holding", holder=f"p{n}", held="tx") for n in range(14)]
    calls = [tie("Call", caller=each, receiver="tx") for each in ("ta", "tc")]
    with seen([*FAMILY, *PHONES, *HELD, *crowd, *phones, *held, *calls]) as view:
        assert positions_of(view, "persons", False).set_aside
        assert common(view) == {}


def test_it_is_a_feature_and_stands_on_the_card() -> None:
    records = friends()
    both = [thing("Phone", each, number=f"+3162222222{n}") for n, each in enumerate(("t0", "t1", "tx"))]
    with seen(records) as view:
        found = lacking(view, asked_for("persons", "missing", False, 0.1, 0))
        assert "phones called" not in found.learnt.trained.standing.columns  # type: ignore[union-attr]
        first = found.learnt.best(1, found.tied)
        assert first is not None
        ids = [found.projected.snapshot.id_at(found.nodes[each[0]]) for each in (first.pairs.a, first.pairs.b)]
    named = {eid(each.source_id): each.source_id for each in records if each.schema == "Person"}
    held = [tie("Holding", holder=named[each], held=f"t{n}") for n, each in enumerate(ids)]
    calls = [tie("Call", caller=f"t{n}", receiver="tx") for n in range(2)]
    with seen([*records, *both, *held, *calls]) as view:
        card = lead(view, *ids)
        assert "phones called" in card.measured["features"]
        (row,) = (row for row in card.results if row.what == "circumstance")
        assert (row.who, row.name) == ((eid("tx"),), "phones called")
        assert set(row.records) == {each.key() for each in calls}
        (told,) = (each for each in predict(view, limit=50).results if set(each.entities) == set(ids))
        assert set(told.records) >= set(row.records)
        assert {each.records[0] for each in card.results if each.what == "record"} == set(told.records)


def test_no_kind_stands_in_for_an_attribute_of_a_person() -> None:
    for name in projection_names():
        for kind, table in circumstances_of(name).items():
            steps = " ".join(word for way in table["ways"] for step in way for word in step).casefold()
            assert not PROTECTED.search(kind)
            assert not re.search("resid|address|birth|nation|country", steps)
