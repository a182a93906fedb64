"""Money is followed forward in time, exactly, and with a stated limit."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.analytics.cases import eid, person, rows_of, seen, thing, tie
from tests.analytics.oracle import PROJECTIONS, Case, money_node, money_ways
from tests.analytics.worlds import DAYS, cases
from tests.stores import examples
from workbench.analytics import following, paths
from workbench.analytics.finding import Finding, Row
from workbench.analytics.forward import Crossing, Way, ways
from workbench.app.chart import Chart
from workbench.app.pathtext import needs_text, no_path_text, step_rows, step_texts
from workbench.app.pathway import Need, pathway
from workbench.commands.findings import Telling
from workbench.errors import UsageError
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
    """The date of each step of the first path; "undated" if its payment has none."""
    return ["undated" if step["undated"] else step["date"] for step in rows_of(found)[0]["steps"]]


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
        assert found.measured["limit_reached"] is False
        wanted = money_ways(case, a, b)
        assert [(row["length"], along(row)) for row in rows_of(found)] == [(steps, way) for steps, _, way in wanted]
        for k in (1, 3):
            assert rows_of(paths(view, a, b, projection="money", k=k)) == rows_of(found)[:k]
        shown = {step["record"] for row in rows_of(found) for step in row["steps"]}
        assert shown <= set(found.records)


_party = st.sampled_from((*NAMES[:4], "s"))  # no record describes s, who may be somebody or something held
_account = st.sampled_from(("k0", "k1", "k2"))
_payments = st.builds(paid, _party, _party, st.sampled_from(DAYS))
_transfers = st.fixed_dictionaries(
    {"date": st.sampled_from(DAYS)},
    optional={"payer": _party, "payerAccount": _account, "beneficiary": _party, "beneficiaryAccount": _account},
).map(lambda said: tie("Transfer", **{name: each for name, each in said.items() if each}))
_held = st.tuples(st.one_of(_party, st.just("k2")), st.one_of(_account, st.just("s"))).filter(lambda x: x[0] != x[1])
_holdings = _held.map(lambda ends: tie("Holding", holder=ends[0], held=ends[1]))
_ownerships = _held.map(lambda ends: tie("Ownership", owner=ends[0], asset=ends[1]))
_ends = st.lists(st.sampled_from(("a", "b", "k0", "k2")), min_size=2, max_size=2, unique=True)
_Answer = tuple[list[tuple[str, ...]], list[tuple[int, datetime, tuple[str, ...]]]]


def answered(records: list[Record], a: str, b: str) -> _Answer | None:
    """The paths of money, and those found by plain loops; None if the two ends are the same."""
    known = [*(person(p) for p in NAMES), *(thing("BankAccount", k) for k in ("k0", "k1"))]
    ties = list({each.key(): each for each in records if len({role.ref for role in each.roles}) > 1}.values())
    with seen(
        [*known, *ties, tie("Family", person="s", relative="f"), tie("Family", person="k2", relative="f")]
    ) as view:
        case = Case(view, [*known, *ties])
        start, end = money_node(case, eid(a)), money_node(case, eid(b))
        if start == end:
            with pytest.raises(UsageError, match="are the same in"):
                paths(view, eid(a), eid(b), projection="money")
            return None
        rows = rows_of(paths(view, eid(a), eid(b), projection="money", k=10_000))
        return [along(row) for row in rows], money_ways(case, start, end)


@settings(max_examples=examples(60))
@given(st.lists(_payments, max_size=14), st.lists(_payments, max_size=14))
def test_a_payment_more_makes_no_path_vanish_and_the_first_no_longer_and_no_later(
    before: list[Record], more: list[Record]
) -> None:
    old, new = answered(before, "a", "b"), answered([*before, *more], "a", "b")
    assert old
    assert new
    assert set(old[0]) <= set(new[0])
    assert not old[1] or new[1][0][:2] <= old[1][0][:2]


@settings(max_examples=examples(100))
@given(
    st.lists(st.one_of(_payments, _transfers, _holdings), max_size=7),
    st.one_of(_payments, _transfers, _holdings, _ownerships),
    _ends,
)
def test_a_record_more_never_makes_a_path_vanish_or_later(before: list[Record], more: Record, ends: list[str]) -> None:
    """A payment's named holders can make two ends the same, or no longer the same."""
    old, new = answered(before, *ends), answered([*before, more], *ends)
    for each in (old, new):
        assert each is None or each[0] == [way for *_, way in each[1]]
    if new and (old is None or old[1]):
        assert new[1]
        assert old is None or min(way[1] for way in new[1]) <= min(way[1] for way in old[1])


def test_whom_a_payment_names_pays_whoever_else_is_recorded_as_holder() -> None:
    """Money that came to the account can go on by either holder; the step shows the record of holding."""
    named = tie("Transfer", payer="a", payerAccount="k", beneficiary="b", date="2024-01-01")
    after = paid("b", "c", "2024-01-02")
    said = [named, after, tie("Transfer", payerAccount="k", beneficiary="d", date="2024-01-03")]
    holding = tie("Holding", holder="e", held="k", grade="B2")
    with seen([*(person(p) for p in NAMES), thing("BankAccount", "k"), *said, holding]) as view:
        (row,) = rows_of(paths(view, eid("a"), eid("c"), projection="money", k=1))
        assert [step["record"] for step in row["steps"]] == [named.key(), after.key()]
        found = paths(view, eid("a"), eid("d"), projection="money", k=1)
        assert along(rows_of(found)[0]) == (eid("a"), eid("e"), eid("d"))
        assert rows_of(found)[0]["steps"][0]["record"] == holding.key()
        assert found.records == tuple(sorted((named.key(), holding.key(), said[2].key())))


@settings(max_examples=examples(300))
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
    assert rows_of(found)[0]["steps"][0]["date"] == ""
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
    assert len(rows_of(followed(paid("a", "b", first), paid("b", "c", then)))) == passable


def test_what_is_free_within_its_day_does_not_bring_money_back() -> None:
    """At ten, then some time that day, then at nine."""
    found = followed(
        paid("a", "b", "2026-02-01T10:00:00"),
        paid("b", "c", "2026-02-01"),
        paid("c", "d", "2026-02-01T09:00:00"),
        b="d",
    )
    assert rows_of(found) == ()


def test_fewest_steps_come_first_then_the_earliest_arrival() -> None:
    payments = [paid(a, b, date) for a, b, date in (("a", "b", "2026-05-01"), ("a", "d", "2026-02-01"))]
    payments += [paid("b", "c", "2026-05-02"), paid("d", "c", "2026-02-02"), paid("a", "c", "2026-09-01")]
    found = followed(*payments, paid("d", "e", "2026-02-02"), paid("e", "c", "2026-02-03"), k=5)
    assert [along(row) for row in rows_of(found)] == [
        tuple(map(eid, way)) for way in (("a", "c"), ("a", "d", "c"), ("a", "b", "c"), ("a", "d", "e", "c"))
    ]


def test_hundreds_of_ways_that_go_back_in_time_hide_none_that_does_not() -> None:
    """400 short paths on which the money would leave before it came, and a longer one that is possible."""
    middle = [f"{side}{n}" for side in "xy" for n in range(20)]
    back = [paid("a", f"x{n}", "2026-03-01") for n in range(20)] + [paid(f"y{n}", "c", "2026-02-01") for n in range(20)]
    back += [paid(f"x{n}", f"y{m}", "2026-02-15") for n in range(20) for m in range(20)]
    days = pairwise("abdec")
    forth = [paid(x, y, f"2026-03-0{n}") for n, (x, y) in enumerate(days, 1)]
    with seen([*(person(p) for p in (*NAMES, *middle)), *back, *forth]) as view:
        found = paths(view, eid("a"), eid("c"), projection="money")
        assert [along(row) for row in rows_of(found)] == [tuple(map(eid, "abdec"))]


def test_a_step_has_the_currency_of_its_record_which_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    payments = [paid("a", "b", amount="5", currency="EUR"), paid("b", "c", amount="4"), paid("c", "d", currency="USD")]
    with seen([*(person(p) for p in NAMES), *payments]) as view:
        found = paths(view, eid("a"), eid("d"), projection="money")
        said = [(step["amount"], step["currency"]) for step in rows_of(found)[0]["steps"]]
        assert said == [("5", "EUR"), ("4", ""), ("", "USD")]
        assert Finding.from_dict(found.to_dict()) == found
        monkeypatch.setattr(type(view._backend), "records_by_key", None)
        Telling(view, found).tell()
        lines = capsys.readouterr().out.splitlines()
        told = [next(line for line in lines if each.key() in line) for each in payments]
        assert ["EUR" in line for line in told] == [True, False, False]
        assert "USD" not in "".join(told)


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
    assert followed(*back).measured["limit_reached"] is False
    assert rows_of(followed(*back)) == ()
    assert rows_of(followed(*back, *forth))[0]["length"] == 4
    assert followed(*back, *forth).limit == ""
    monkeypatch.setattr(following, "_MOST_PAYMENTS", 3)
    found = followed(*back, *forth)
    assert rows_of(found) == ()
    assert (found.measured["limit_reached"], found.measured["steps_searched"]) == (True, 3)
    assert "more than 3 steps" in found.limit
    assert no_path_text(found).startswith("No path was found within the limit. Too many payments")
    assert "nothing in this view" in no_path_text(followed(*back[:1]))
    told = needs_text([Need("AAA", None, limited=True), Need("BBB", None)], 2)
    assert told == (
        "It vanishes without the files of BBB. Within the limit of the search, none was found without the files of AAA."
    )
    monkeypatch.setattr(following, "_MOST_PAYMENTS", 1)
    assert followed(*back, *forth).measured["steps_searched"] == 1
