"""All relationships between two things are one line: its label, direction, certainty, weight and width."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.analytics.sources import weights
from workbench.app.drawing import GRADED, INFERRED, UNJUDGED, Line, Said
from workbench.app.ties import degrees, tie_id, ties_of, widths
from workbench.model.grade import parse_grade

GRADES = [parse_grade("admiralty", "A1"), parse_grade("admiralty", "E5"), parse_grade("4x4", "B2"), None]


def said(key: str, source: str = "NKP/desk", grade: int = 3, certainty: str = GRADED, **more: object) -> Said:
    return Said(key, source.partition("/")[0], source, "", GRADES[grade], certainty, (), **more)  # type: ignore[arg-type]


def line(a: str, b: str, schema: str, *every: Said) -> Line:
    return Line(a, b, schema, every)


SAID = some.builds(
    said,
    some.integers(0, 99).map(str),
    some.sampled_from(["NKP/desk", "NKP/calls", "KFIU/reports"]),
    some.integers(0, 3),
    some.sampled_from([GRADED, UNJUDGED, INFERRED]),
    amount=some.none() | some.integers(-9, 99).map(Decimal),
    currency=some.sampled_from(["EUR", "MAD", ""]),
)
LINES = some.lists(
    some.builds(
        lambda a, b, schema, every: Line(a, b, schema, tuple(every)),
        some.sampled_from("abcd"),
        some.sampled_from("abcd"),
        some.sampled_from(["Call", "Payment", "Family", "Associate"]),
        some.lists(SAID, min_size=1, max_size=4, unique_by=lambda each: each.key),
    ),
    max_size=8,
)
UNITS = some.dictionaries(some.sampled_from("abcd"), some.sampled_from(["group:G", "group:H"]))


def label(*lines: Line) -> str:
    (tie,) = ties_of(lines, {}).values()
    return tie.label


def test_labels_count_and_add_up() -> None:
    calls = line("a", "b", "Call", *(said(str(n)) for n in range(3)))
    paid = [said(f"p{n}", amount=Decimal(100 * n + 1000), currency="EUR") for n in range(3)]
    dirhams = said("m", amount=Decimal("2500.4"), currency="MAD")
    family = line("a", "b", "Family", said("f"))
    knows = line("b", "a", "Associate", said("k"))
    assert label(calls) == "Call ×3"
    assert label(line("a", "b", "Call", said("1"))) == "Call"
    assert label(line("a", "b", "Payment", *paid)) == "EUR 3,300 · 3 payments"
    assert label(line("a", "b", "Payment", *paid, dirhams)) == "EUR 3,300 + MAD 2,500 · 4 payments"
    assert label(line("a", "b", "Payment", *paid, said("x"))) == "Payment ×4", "one of unknown amount: no sum"
    assert label(calls, family) == "Call ×3 · " + family.label
    assert label(calls, family, knows) == "Call ×3 + 2 kinds"
    assert label(calls, line("a", "b", "Payment", *paid)) == "Call ×3 · Payment ×3", "no sum of several kinds"


@given(LINES, UNITS)
def test_ties_are_all_lines_between_two_things(lines: Sequence[Line], units: dict[str, str]) -> None:
    ties = ties_of(lines, units)
    between: dict[str, list[Line]] = {}
    for each in lines:
        ends = {units.get(each.a, each.a), units.get(each.b, each.b)}
        if len(ends) == 2:
            between.setdefault(tie_id(*ends), []).append(each)
    assert {name: list(tie.lines) for name, tie in ties.items()} == between, "within a group there is none"
    for name, tie in ties.items():
        assert tie.a < tie.b
        assert name == tie_id(tie.b, tie.a)
        assert {each.key for each in tie.said} == {each.key for some in tie.lines for each in some.said}
        assert len(tie.said) == len({each.key for each in tie.said}), "each record counts once"
        leads = [units.get(each.a, each.a) == tie.a for each in tie.lines if each.directed]
        assert (tie.forward, tie.backward) == (True in leads, False in leads)


@given(LINES)
def test_a_tie_is_as_sure_as_its_surest_record_and_as_good_as_its_weakest(lines: Sequence[Line]) -> None:
    order = [GRADED, UNJUDGED, INFERRED]
    for tie in ties_of(lines, {}).values():
        assert tie.certainty == order[min(order.index(each.certainty) for each in tie.said)]
    best, worst = said("1", grade=0), said("2", grade=1)
    (tie,) = ties_of([line("a", "b", "Call", best, worst)], {}).values()
    assert (tie.grade, best.grade) == (str(worst.grade), GRADES[0])


@given(LINES)
def test_weight_is_that_some_source_is_right(lines: Sequence[Line]) -> None:
    """By all cases in which some source is right, each counted by itself."""
    for tie in ties_of(lines, {}).values():
        sources = sorted({each.source for each in tie.said})
        best = [max(Fraction(weights().of(s.grade)) for s in tie.said if s.source == each) for each in sources]
        chance = Fraction(0)
        for n in range(1, len(best) + 1):
            for right in combinations(range(len(best)), n):
                part = Fraction(1)
                for at, each in enumerate(best):
                    part *= each if at in right else 1 - each
                chance += part
        assert tie.weight == pytest.approx(float(chance))
        assert 0 < tie.weight < 1


@given(LINES)
def test_widths_grow_with_what_they_show(lines: Sequence[Line]) -> None:
    ties = ties_of(lines, {})
    for by, of in (("count", lambda tie: len(tie.said)), ("weight", lambda tie: tie.weight)):
        wide = widths(ties, by)
        assert wide.keys() == ties.keys()
        ranked = sorted(ties, key=lambda name: of(ties[name]))
        assert [wide[name] for name in ranked] == sorted(wide.values())
        assert all(0.5 < each <= 8 for each in wide.values())
    assert len(set(widths(ties, "same").values())) <= 1
    sums = widths(ties, "sum")
    for currency in ("EUR", "MAD"):
        alone = [name for name, tie in ties.items() if list(tie.sums) == [currency]]
        ranked = sorted(alone, key=lambda name: abs(ties[name].sums[currency]))
        assert [sums[name] for name in ranked] == sorted(sums[name] for name in alone)


@given(LINES)
def test_degrees_count_ties(lines: Sequence[Line]) -> None:
    ties = ties_of(lines, {})
    found = degrees(ties.values())
    assert sum(found.values()) == 2 * len(ties)
    assert all(found[each] == sum(each in (tie.a, tie.b) for tie in ties.values()) for each in "abcd")
