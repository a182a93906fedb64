"""Money is followed forward in time: exactly, whatever lies beside a payment, and no further than it is said."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, seen, tie
from tests.analytics.oracle import PROJECTIONS, Case, money_ways
from tests.analytics.worlds import DAYS, cases
from tests.stores import examples
from workbench.analytics import following, paths
from workbench.analytics.finding import Finding, Row
from workbench.analytics.forward import Crossing, Way, ways
from workbench.app.chart import Chart
from workbench.app.pathtext import needs_text, no_path_text, step_rows, step_texts
from workbench.app.pathway import Need, pathway
from workbench.cli_findings import Telling
from workbench.model.record import Record

NAMES = "abcdef"


def paid(payer: str, payee: str, date: str = "", **more: str) -> Record:
    """A payment from person to person; "" for one without a date."""
    return tie("Transfer", payer=payer, beneficiary=payee, **({"date": date} if date else {}), **more)


def along(row: Row) -> tuple[str, ...]:
    """The entities along a path."""
    return (row["steps"][0]["from"], *(step["to"] for step in row["steps"]))


def followed(*payments: Record, a: str = "a", b: str = "c", k: int = 1) -> Finding:
    """The paths of the money from one person to another."""
    with seen([*(person(p) for p in NAMES), *payments]) as view:
        return paths(view, eid(a), eid(b), projection="money", k=k)


def dates(found: Finding) -> list[str]:
    """When each step of the first path was; "undated" where its payment has no date."""
    return ["undated" if step["undated"] else step["date"] for step in found.results[0]["steps"]]


@settings(max_examples=examples(60))
@given(cases(), st.data())
def test_the_paths_of_money_are_all_that_plain_loops_find_in_their_order(
    records: list[Record], data: st.DataObject
) -> None:
    with seen(records) as view:
        case = Case(view, records)
        graph = PROJECTIONS["money"](case, False, True)
        assume(2 <= len(graph) <= 9)
        a, b = data.draw(st.lists(st.sampled_from(sorted(graph)), min_size=2, max_size=2, unique=True))
        found = paths(view, a, b, projection="money", k=10_000)
        assert found.parameters["limit_reached"] is False
        wanted = money_ways(case, a, b)
        assert [(row["length"], along(row)) for row in found.results] == [(steps, way) for steps, _, way in wanted]
        for k in (1, 3):
            assert paths(view, a, b, projection="money", k=k).results == found.results[:k]
        shown = {step["record"] for row in found.results for step in row["steps"]}
        assert shown <= set(found.records)


_payments = st.lists(
    st.tuples(st.sampled_from(NAMES[:5]), st.sampled_from(NAMES[:5]), st.sampled_from(DAYS)), max_size=14
)


@settings(max_examples=examples(60))
@given(_payments, _payments)
def test_a_record_more_never_makes_a_path_vanish_or_later(
    before: list[tuple[str, str, str]], more: list[tuple[str, str, str]]
) -> None:
    def records(payments: list[tuple[str, str, str]]) -> list[Record]:
        kept = {paid(a, b, date).key(): paid(a, b, date) for a, b, date in payments if a != b}
        return [*(person(p) for p in NAMES), *kept.values()]

    def answers(payments: list[tuple[str, str, str]]) -> tuple[list[tuple[str, ...]], list[tuple[int, datetime]]]:
        with seen(records(payments)) as view:
            assume({eid("a"), eid("b")} <= set(PROJECTIONS["money"](Case(view, records(payments)), False, True)))
            rows = paths(view, eid("a"), eid("b"), projection="money", k=1_000).results
            best = [each[:2] for each in money_ways(Case(view, records(payments)), eid("a"), eid("b"))[:1]]
            assert [row["length"] for row in rows[:1]] == [steps for steps, _ in best]
            return [along(row) for row in rows], best

    (old, first), (new, then) = answers(before), answers([*before, *more])
    assert set(old) <= set(new)
    assert not first or then[0] <= first[0]


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from("0123"), st.integers(0, 3)), max_size=16),
    st.integers(1, 8),
)
def test_the_k_best_ways_are_those_of_all_that_there_are(payments: list[tuple[int, int, str, int]], k: int) -> None:
    spans: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for a, b, first, long in payments:
        spans.setdefault((a, b), []).append((first, str(int(first) + long)))
    network: dict[int, dict[int, Crossing]] = {}
    for (a, b), each in spans.items():
        network.setdefault(a, {})[b] = Crossing(each)
    every = list[Way]()
    walks: list[tuple[tuple[int, ...], str]] = [((0,), "")]
    while walks:
        nodes, now = walks.pop()
        if nodes[-1] == 5:
            every.append(Way(len(nodes) - 1, now, nodes))
            continue
        for (a, b), each in spans.items():
            fitting = [max(now, first) for first, last in each if last >= now]
            if a == nodes[-1] and b not in nodes and fitting:
                walks.append(((*nodes, b), min(fitting)))
    assert ways(network, 0, 5, k) == sorted(every)[:k]


def test_an_undated_payment_beside_a_later_dated_one_is_taken_where_it_has_to_be() -> None:
    first, last = paid("a", "b", "2026-02-01"), paid("b", "c", "2026-03-01")
    undated, late = paid("a", "b"), paid("a", "b", "2026-04-01")
    assert dates(followed(undated, last)) == ["undated", "2026-03-01"]
    assert dates(followed(undated, late, last)) == ["undated", "2026-03-01"]
    assert dates(followed(undated, first, last)) == ["2026-02-01", "2026-03-01"]  # no need of what nobody dates
    found = followed(undated, late, last)
    assert found.results[0]["steps"][0]["date"] == ""
    assert found.records == tuple(sorted(each.key() for each in (undated, late, last)))


@pytest.mark.parametrize(
    ("first", "then", "passable"),
    [
        ("2026-02-01T09:00:00", "2026-02-01T10:00:00", True),
        ("2026-02-01T10:00:00", "2026-02-01T09:00:00", False),
        ("2026-02-01T10:00:00", "2026-02-01", True),
        ("2026-02-01", "2026-02-01T00:00:00", True),
        ("2026-02-28", "2026-02", True),
        ("2026-02", "2026-02-01", True),
        ("2026-03", "2026-02-28", False),
        ("2026-02-02", "2026", True),
        ("2026-02-02", "", True),
        ("", "2026-02-02", True),
    ],
)
def test_a_payment_may_have_been_at_any_time_that_its_date_leaves_open(first: str, then: str, passable: bool) -> None:
    assert len(followed(paid("a", "b", first), paid("b", "c", then)).results) == passable


def test_what_is_free_within_its_day_does_not_bring_money_back() -> None:
    """At ten, then some time that day, then at nine."""
    found = followed(
        paid("a", "b", "2026-02-01T10:00:00"),
        paid("b", "c", "2026-02-01"),
        paid("c", "d", "2026-02-01T09:00:00"),
        b="d",
    )
    assert found.results == ()


def test_fewest_steps_come_first_then_the_earliest_arrival() -> None:
    payments = [paid(a, b, date) for a, b, date in (("a", "b", "2026-05-01"), ("a", "d", "2026-02-01"))]
    payments += [paid("b", "c", "2026-05-02"), paid("d", "c", "2026-02-02"), paid("a", "c", "2026-09-01")]
    found = followed(*payments, paid("d", "e", "2026-02-02"), paid("e", "c", "2026-02-03"), k=5)
    assert [along(row) for row in found.results] == [
        tuple(map(eid, way)) for way in (("a", "c"), ("a", "d", "c"), ("a", "b", "c"), ("a", "d", "e", "c"))
    ]


def test_hundreds_of_ways_that_go_back_in_time_hide_none_that_does_not() -> None:
    """Twenty times twenty by which the money would have left before it came, and a longer one in time."""
    middle = [f"{side}{n}" for side in "xy" for n in range(20)]
    back = [paid("a", f"x{n}", "2026-03-01") for n in range(20)] + [paid(f"y{n}", "c", "2026-02-01") for n in range(20)]
    back += [paid(f"x{n}", f"y{m}", "2026-02-15") for n in range(20) for m in range(20)]
    days = pairwise("abdec")
    forth = [paid(x, y, f"2026-03-0{n}") for n, (x, y) in enumerate(days, 1)]
    with seen([*(person(p) for p in (*NAMES, *middle)), *back, *forth]) as view:
        found = paths(view, eid("a"), eid("c"), projection="money")
        assert [along(row) for row in found.results] == [tuple(map(eid, "abdec"))]


def test_a_reader_is_told_what_is_undated_and_what_was_not_looked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    payments = [paid("a", "b", amount="5"), paid("b", "c", "2026-03-01")]
    with seen([*(person(p) for p in NAMES), *payments]) as view:
        Telling(view, paths(view, eid("a"), eid("c"), projection="money")).tell()
        assert "undated" in capsys.readouterr().out
        Telling(view, paths(view, eid("c"), eid("a"), projection="money")).tell()
        assert "there is no such path" in capsys.readouterr().out
        chart = Chart(start=eid("a"), end=eid("c"), projection="money")
        found = pathway(view, chart)
        assert found is not None
        captions = {each.id: each.caption for each in view.summaries(found.routes[0].entities)}
        assert [row["Date"] for row in step_rows(found.routes[0], (), captions)] == ["undated", "2026-03-01"]
        assert ", undated on this path" in step_texts(found.routes[0], captions)[0]
        monkeypatch.setattr(following, "_MOST_PAYMENTS", 0)
        Telling(view, paths(view, eid("a"), eid("c"), projection="money")).tell()
        told = capsys.readouterr().out
        assert "Nothing was found within the limit." in told
        assert "paths of more than 1 step" in told


def test_none_within_the_limit_is_another_answer_than_none(monkeypatch: pytest.MonkeyPatch) -> None:
    back = [paid("a", "b", "2026-03-01"), paid("b", "c", "2026-02-01")]
    forth = [paid(x, y, "2026-03-02") for x, y in pairwise("bdec")]
    assert followed(*back).parameters["limit_reached"] is False
    assert followed(*back).results == ()
    assert followed(*back, *forth).results[0]["length"] == 4
    assert followed(*back, *forth).limit == ""
    monkeypatch.setattr(following, "_MOST_PAYMENTS", 3)
    found = followed(*back, *forth)
    assert found.results == ()
    assert (found.parameters["limit_reached"], found.parameters["steps_searched"]) == (True, 3)
    assert "more than 3 steps" in found.limit
    assert no_path_text(found).startswith("No path was found within the limit. Too many payments")
    assert "nothing in this view" in no_path_text(followed(*back[:1]))
    told = needs_text([Need("AAA", None, limited=True), Need("BBB", None)], 2)
    assert told == (
        "It vanishes without the files of BBB. Within the limit of the search none was found without the files of AAA."
    )
    monkeypatch.setattr(following, "_MOST_PAYMENTS", 1)
    assert followed(*back, *forth).parameters["steps_searched"] == 1
