"""Which sets of agencies suffice, compared with trying every set for any rule; nothing is claimed unchecked."""

from collections.abc import Callable, Iterable
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import person, rows_of, seen
from tests.analytics.test_joint_value import broker, of
from tests.stores import examples
from workbench.access.viewer import Viewer
from workbench.analytics import joint_value, networkx_graph, sufficing
from workbench.analytics.finding import Finding, Row
from workbench.analytics.sufficing import SMALLEST, SMALLEST_FOUND, Sets, Subset, Sufficing
from workbench.app.analyses import sections
from workbench.commands.findings import Telling
from workbench.model.record import Record
from workbench.view.view import View

Rule = Callable[[Subset], bool]


def every_set(agencies: Iterable[str]) -> list[Subset]:
    """All sets, the smallest first."""
    known = sorted(agencies)
    return list(chain.from_iterable(combinations(known, size) for size in range(1, len(known) + 1)))


def asked(agencies: str, rules: list[Rule], holders: list[str]) -> tuple[list[Sufficing], Sets]:
    """The result of the search for things with these rules."""
    sets = Sets(agencies)

    def suffices(subset: Subset, items: np.ndarray) -> np.ndarray:
        assert subset in sets.tried
        return np.array([rules[i](subset) for i in items.tolist()], bool)

    return sets.smallest(len(rules), suffices, lambda i: frozenset(holders[i])), sets


@settings(max_examples=examples(150))
@given(st.sampled_from(("abcdefg", "abcdefgh", "abcde", "abcdef")), st.data())
def test_what_is_called_the_smallest_is_the_smallest_of_every_set(agencies: str, data: st.DataObject) -> None:
    """Arbitrary rules, monotone or not; the holders may know a part of the thing, or nothing."""
    chosen = st.sets(st.sampled_from(every_set(agencies)), max_size=4)
    enough = [{*data.draw(chosen), tuple(agencies)} for _ in range(data.draw(st.integers(1, 3)))]
    holders = [data.draw(st.sampled_from(every_set(agencies))) for _ in enough]
    found, sets = asked(agencies, [each.__contains__ for each in enough], ["".join(each) for each in holders])
    for each, right in zip(found, enough, strict=True):
        least = min(map(len, right))
        assert set(each.sets) <= right
        if len(agencies) <= 6:
            wanted = [s for s in right if not any(set(t) < set(s) for t in right)]
            assert (sorted(each.sets), each.tried) == (sorted(wanted), SMALLEST)
        elif each.tried == SMALLEST:
            assert {len(one) for one in each.sets} == {least}
        for one in each.sets:
            assert not any(tuple(a for a in one if a != left) in right & sets.tried for left in one)
    if len(agencies) == 7:
        assert {each.tried for each in found} == {SMALLEST}
        assert not sets.limit_reached


def test_one_agency_more_may_spoil_what_two_show() -> None:
    """Nine agencies know it, and c forbids it: what suffices without c is not assumed to suffice with c."""
    agencies = "abcdefghi"
    found, sets = asked(agencies, [lambda s: len(s) == 9 or ({"a", "b"} <= set(s) and "c" not in s)], [agencies])
    assert found == [Sufficing([("a", "b")], SMALLEST)]
    assert not sets.limit_reached


def test_beyond_the_limit_a_set_is_called_the_smallest_found(monkeypatch: pytest.MonkeyPatch) -> None:
    agencies, needed = "abcdefghijkl", set("abcdefg")
    found, sets = asked(agencies, [lambda s: needed <= set(s)], [agencies])
    assert found == [Sufficing([tuple("abcdefg")], SMALLEST_FOUND)]
    assert sets.limit_reached
    assert sum(len(each) > 1 for each in sets.tried) <= sufficing._MOST_SETS + sufficing._MOST_DROPS
    monkeypatch.setattr(sufficing, "_MOST_DROPS", 0)
    found, _ = asked(agencies, [lambda s: needed <= set(s)], [agencies])
    assert found == [Sufficing([tuple(agencies)], SMALLEST_FOUND)]


def test_the_holders_of_the_records_are_tried_before_others() -> None:
    agencies = "abcdefghijkl"
    found, _ = asked(agencies, [lambda s: set("bdfhj") <= set(s)], ["bdfhj"])
    assert found == [Sufficing([tuple("bdfhj")], SMALLEST_FOUND)]


def test_of_a_size_all_sets_are_tried_or_those_that_have_been(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were tried are no further ones: of the 66 pairs 65 are left, and so many may be tried."""
    monkeypatch.setattr(sufficing, "_MOST_SETS", 68)
    sets = Sets("abcdefghijkl")
    sets.tried |= {("a",), ("a", "b"), ("a", "b", "c"), ("d", "e", "f")}
    assert list(sets.others(2)) == list(combinations("abcdefghijkl", 2))
    assert not sets.limit_reached
    assert list(sets.others(3)) == [("a", "b", "c"), ("d", "e", "f")]
    assert sets.limit_reached


MANY = tuple(f"{letter}{letter}{letter}" for letter in "ABCDEFGHIJ")
OPEN = "OPEN//REL " + ",".join(MANY)


def viewer(agencies: Iterable[str]) -> Viewer:
    """A viewer of these agencies."""
    return Viewer(name="many", agencies=frozenset(agencies), level="SECRET")


def beside(agencies: int, *records: Record) -> list[Record]:
    """These records, and somebody in the file of each of so many agencies."""
    return [*records, *(person(f"x{agency}", agency, marking=OPEN) for agency in MANY[:agencies])]


def known_to(*agencies: str) -> list[Record]:
    """One man with a passport, in the file of each of some agencies."""
    passport = {"passportNumber": "NX1234567", "passportCountry": "nl", "marking": OPEN}
    return [person("p", agency, **passport) for agency in agencies]


@pytest.mark.parametrize("agencies", [7, 8, 10])
def test_an_entity_known_to_two_of_many_needs_two(agencies: int) -> None:
    pair = [MANY[1], MANY[agencies - 1]]
    with seen(beside(agencies, *known_to(*pair)), viewer(MANY)) as view:
        (row,) = rows_of(joint_value(view))
        assert (row["what"], row["agencies"], row["tried"]) == ("entity", [pair], "smallest")
        assert joint_value(view).limit == ""
    with seen(beside(agencies, *known_to(*MANY[:3])), viewer(MANY)) as view:
        (row,) = rows_of(joint_value(view))
        assert row["agencies"] == [list(each) for each in combinations(MANY[:3], 2)]


@pytest.mark.parametrize("agencies", [7, 8])
def test_with_more_than_six_agencies_the_sets_are_those_that_every_set_shows(agencies: int) -> None:
    """The broker is in four files, and each other agency knows somebody else: every smallest set is tried."""
    with seen(beside(agencies, *broker()), viewer(MANY)) as view:
        found = joint_value(view)
        assert {row["tried"] for row in rows_of(found)} == {"smallest"}
        assert {row["what"] for row in rows_of(found)} == {"key player", "tie", "path", "entity"}
        for row in rows_of(found):
            if row["what"] in ("entity", "tie"):
                assert row["agencies"] == brute(found, view, row)
        four = of(found, "key player")
        assert list(four.values()) == [[list(MANY[:4])]]


def brute(found: Finding, view: View, row: Row) -> list[list[str]]:
    """The smallest sets of agencies in whose view an entity is joined or a tie exists; all of them are tried."""
    shows = joins if row["what"] == "entity" else ties
    for size in range(1, len(found.measured["agencies"]) + 1):
        subsets = [list(subset) for subset in combinations(found.measured["agencies"], size)]
        right = [subset for subset in subsets if shows(view, view.within(subset), row["members"])]
        if right:
            return right
    return []


def joins(view: View, cut: View, members: list[str]) -> bool:
    agencies: dict[str, set[str]] = {}
    for canonical, dataset, _ in cut.clusters():
        agencies.setdefault(canonical, set()).add(dataset.split("/")[0])
    return any(len(known) > 1 and view.canonical(own) == members[0] for own, known in agencies.items())


def ties(view: View, cut: View, members: list[str]) -> bool:
    return any({view.canonical(a), view.canonical(b)} == set(members) for a, b in networkx_graph(cut).edges())


def test_a_reader_is_told_where_not_all_smaller_sets_were_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sufficing, "_MOST_SETS", 0)
    monkeypatch.setattr(sufficing, "_MOST_DROPS", 6)
    with seen(beside(7, *broker()), viewer(MANY)) as view:
        found = joint_value(view)
        assert found.measured["limit_reached"] is True
        assert found.measured["sets_possible"] == 127
        tried = found.measured["sets_tried"]
        assert 7 + 1 < tried <= 7 + 1 + 6
        assert "smallest found" in {row["tried"] for row in rows_of(found)}
        assert f"127 sets of these agencies; {tried} were tried" in found.limit
        Telling(view, found).tell()
        told = capsys.readouterr().out
        assert found.limit in told
        assert "(smallest" in told
        cells = [line.cells for lines in sections(view, found).values() for line in lines]
        assert any(c["Agencies that suffice"].endswith("(smallest found)") for c in cells)
