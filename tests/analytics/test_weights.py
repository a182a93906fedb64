"""What ties weigh: by hand on the sample case, by plain Python on drawn cases, and the laws of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import AGENCIES, eid, person, seen, thing, tie
from tests.analytics.conftest import Saltmarsh
from tests.stores import examples
from workbench.access.viewer import Viewer
from workbench.analytics import networkx_graph, sources
from workbench.analytics.projection import Projection, positions_of
from workbench.analytics.sources import Weights, _tells, weights, weights_of
from workbench.analytics.weighing import Weighing, weight
from workbench.errors import InputError, NotFound, UsageError
from workbench.model.grade import parse_grade
from workbench.model.marking import parse_marking
from workbench.model.record import Record, Value
from workbench.view.view import View

TABLE = Path(sources.__file__).with_name("weights.toml")
PROJECTIONS = ("persons", "money", "all")
SAYING = "he keeps the passports in a blue toolbox behind the boiler"
_FEW = settings(max_examples=examples(60))


def graded(record: Record, grade: str, scheme: str = "admiralty") -> Record:
    return replace(record, grade=parse_grade(scheme, grade) if grade else None)


def saying(record: Record, text: str, date: str = "", source: str = "") -> Record:
    """A record with a text, a date and somebody whom it names as its source."""
    said = {"summary": text, "date": date, "publisher": source}
    return replace(
        record,
        properties={**record.properties, **{name: (Value(each, each),) for name, each in said.items() if each}},
    )


def family(a: str, b: str, agency: str = "AAA", grade: str = "B2", ordinal: int = 0) -> Record:
    """Two persons of AAA are relatives; another agency tells it of its own two, who have the same passports."""
    return replace(graded(tie("Family", agency, person=a, relative=b), grade), ordinal=ordinal)


def persons(*agencies: str) -> list[Record]:
    """Four persons, whom each agency knows by the same passports."""
    return [
        person(each, agency, passportNumber=f"NX123456{n}", passportCountry="nl")
        for agency in agencies
        for n, each in enumerate("abcd")
    ]


def between(view: View, a: str = "a", b: str = "b", projection: str = "persons") -> Weighing:
    return weight(view, eid(a), eid(b), projection)


# -- by hand ---------------------------------------------------------------------------------------


def test_the_sample_case_by_hand(saltmarsh: Saltmarsh) -> None:
    """Admiralty B2 weighs .75, B2 in the common scale; 4x4 A1 is A2: .85; X4 is F6: .30."""
    view = saltmarsh.view()
    ids = saltmarsh.ids(view)
    call = weight(view, ids["recruiter"], ids["broker"])
    assert [leg.weight for leg in call.reasons[0]] == [0.75, 0.30, 0.30]
    assert (call.weight, call.sources) == (0.30, ("NKP", "RJP"))
    assert [each.counts for each in call.reasons[0][1].said] == [True, False, False]  # three calls, one source
    account = weight(view, ids["broker"], ids["account-broker"], "all")
    assert account.weight == 1 - (1 - 0.75) * (1 - 0.85)  # NKP and KFIU say it, each by itself
    assert account.sources == ("KFIU", "NKP")
    own = saltmarsh.view("NKP")
    named = saltmarsh.id_in(own)
    assert weight(own, named("broker@NKP"), named("account-broker@NKP"), "all").weight == 0.75


def test_the_circular_report_is_of_one_source(saltmarsh: Saltmarsh) -> None:
    view, planted = saltmarsh.view(), saltmarsh.truth["planted"]["circular_report"]
    found = positions_of(view, "all", False)
    keys = found.snapshot.keys_of(found.said.records)
    numbers = {r.key: r.record.source_id for r in view.records(list(keys.values())) if r.record.schema == "Report"}
    told = {}
    for place, number in enumerate(found.said.records.tolist()):
        if keys[number] in numbers:
            told[numbers[keys[number]]] = (found.said.names[found.said.source[place]], found.said.weight[place])
    once = {told[each] for each in (planted["origin"], *planted["echoes"])}
    assert once == {("NKP: BRON-22", 0.50)}  # C3, although the echoes are graded B2
    assert told["R002"] == ("NKP: BRON-17", 0.50)
    assert told["R001"] == ("NKP: WAARNEMING", 0.75)
    repeats = found.said.repeats[found.said.repeats >= 0]
    assert [numbers[keys[found.said.records[each]]] for each in repeats] == [planted["origin"]] * 2


def test_every_weight_of_the_sample_case_is_that_of_its_reasons(saltmarsh: Saltmarsh) -> None:
    view = saltmarsh.view()
    for projection in PROJECTIONS:
        found = positions_of(view, projection, False)
        check_by_evidence(found)
        assert len(found.weights)


# -- by plain Python -------------------------------------------------------------------------------


def check_by_evidence(found: Projection) -> None:
    """Against the evidence of each edge: the same legs; and the weight of the weakest set of legs bounds it."""
    reasons, said = found.edges.reasons(), voices(found)
    rows = defaultdict[int, set[int]](set)
    for leg, row in zip(reasons.leg.tolist(), reasons.row.tolist(), strict=True):
        rows[leg].add(row)
    legs = defaultdict[int, list[list[frozenset[int]]]](list)
    for place, edge in enumerate(reasons.edge.tolist()):
        legs[edge].append([frozenset(rows[int(cut[place])]) for cut in reasons.cuts])
    for edge, (a, b) in enumerate(zip(found.edges.a.tolist(), found.edges.b.tolist(), strict=True)):
        evidence = [[frozenset(leg) for leg in way.legs] for way in found.edges.evidence(a, b)]
        assert sorted(map(told, evidence)) == sorted(map(told, legs[edge]))
        cuts = [worth([each[place] for each in legs[edge]], said) for place in range(len(reasons.cuts))]
        assert found.weights[edge] == pytest.approx(min(cuts), abs=1e-9)
        if len(evidence) <= 6:
            assert found.weights[edge] >= min(worth(cut, said) for cut in product(*evidence)) - 1e-9
        assert max(min(worth([leg], said) for leg in way) for way in evidence) - 1e-9 <= found.weights[edge] <= 1


def told(legs: Iterable[Iterable[int]]) -> list[list[int]]:
    return sorted(map(sorted, {*map(frozenset, legs)}))


def voices(found: Projection) -> Mapping[int, tuple[int, float]]:
    """The source and the weight of the record of each row."""
    places = found.said.places(found.snapshot.record[found.edges.rows].astype(np.int64))
    pairs = zip(found.said.source[places].tolist(), found.said.weight[places].tolist(), strict=True)
    return dict(zip(found.edges.rows.tolist(), pairs, strict=True))


def worth(legs: Iterable[Iterable[int]], said: Mapping[int, tuple[int, float]]) -> float:
    """What several legs weigh, of which one must be right: each source once."""
    best = defaultdict[int, float](float)
    for leg in legs:
        for row in leg:
            source, weighs = said[row]
            best[source] = max(best[source], weighs)
    wrong = 1.0
    for weighs in best.values():
        wrong *= 1 - weighs
    return 1 - wrong


GRADES = st.sampled_from(["A1", "B2", "C3", "E5", "F6", ""])
WHO, WHAT = st.sampled_from("abcd"), st.sampled_from("stu")


@st.composite
def ties(draw: st.DrawFn) -> list[Record]:
    """Relatives, holders, calls and payments of two agencies, with grades."""
    made = list[Record]()
    for number in range(draw(st.integers(1, 9))):
        agency, grade = draw(st.sampled_from(("AAA", "BBB"))), draw(GRADES)
        kind = draw(st.sampled_from(("Family", "Holding", "Holding", "Call", "Residence", "Payment")))
        x, y = draw(st.sampled_from(("ab", "ac", "bc", "cd"))), draw(st.sampled_from(("st", "su")))
        roles = {
            "Family": {"person": x[0], "relative": x[1]},
            "Holding": {"holder": draw(WHO), "held": draw(st.sampled_from("stuv"))},
            "Call": {"caller": y[0], "receiver": y[1]},
            "Residence": {"resident": draw(WHO), "place": "h"},
            "Payment": {"payer": x[0], "beneficiary": x[1], "payerAccount": "v", "beneficiaryAccount": "w"},
        }[kind]
        made.append(replace(graded(tie(kind, agency, **roles), grade), ordinal=number))
    return made


def things(*agencies: str) -> list[Record]:
    return [
        *persons(*agencies),
        *(
            thing("Phone", each, agency, number=f"+3161234567{n}")
            for agency in agencies
            for n, each in enumerate("stu")
        ),
        *(thing("BankAccount", each, agency, iban=f"XX0{n}") for agency in agencies for n, each in enumerate("vw")),
        *(thing("Address", "h", agency, full="Quay 1") for agency in agencies),
    ]


@_FEW
@given(ties())
def test_weights_are_those_of_plain_python(made: list[Record]) -> None:
    with seen([*things("AAA", "BBB"), *made]) as view:
        for projection in PROJECTIONS:
            found = positions_of(view, projection, False)
            check_by_evidence(found)
            assert ((found.weights > 0) & (found.weights <= 1)).all()


# -- laws ------------------------------------------------------------------------------------------


def weights_in(view: View, projection: str) -> dict[frozenset[str], float]:
    found = positions_of(view, projection, False)
    ends = [found.snapshot.ids_at(each) for each in (found.edges.a, found.edges.b)]
    return {frozenset(pair): w for *pair, w in zip(*ends, found.weights.tolist(), strict=True)}


@_FEW
@given(ties(), GRADES, st.sampled_from("ac"), st.sampled_from("stv"))
def test_another_source_never_lowers_a_weight(made: list[Record], grade: str, who: str, what: str) -> None:
    world = things("AAA", "BBB", "CCC")
    more = [graded(tie("Holding", "CCC", holder=who, held=what), grade), family("a", "b", "CCC", grade)]
    for projection in ("persons", "all"):
        with seen([*world, *made]) as view:
            before = weights_in(view, projection)
        with seen([*world, *made, *more]) as view:
            after = weights_in(view, projection)
        assert all(after[pair] >= weighs for pair, weighs in before.items())
        assert before.keys() <= after.keys()


@_FEW
@given(ties(), GRADES, st.sampled_from("ABE"), st.booleans())
def test_what_comes_back_never_raises_a_weight(made: list[Record], first: str, reliability: str, is_cut: bool) -> None:
    """Another agency tells the same later, as its own, or as of a source of its own, however it grades that."""
    origin = saying(family("a", "b", "AAA", first), SAYING, "2026-01-01")
    text = f"Information received: reportedly {SAYING}"
    echo = saying(family("a", "b", "CCC", f"{reliability}1"), text, "2026-02", "somebody" if is_cut else "")
    for projection in ("persons", "all"):
        with seen([*things("AAA", "BBB", "CCC"), *made, origin]) as view:
            before = weights_in(view, projection)
        with seen([*things("AAA", "BBB", "CCC"), *made, origin, echo]) as view:
            assert weights_in(view, projection) == before


@_FEW
@given(ties(), ties())
def test_hidden_records_change_no_weight(made: list[Record], hidden: list[Record]) -> None:
    marked = [replace(each, marking=parse_marking("SECRET//REL DDD"), part="hidden") for each in hidden]
    low = Viewer(name="low", agencies=frozenset(AGENCIES[:3]), level="SECRET")
    with seen([*things("AAA", "BBB"), *made], low) as view:
        before = [weights_in(view, projection) for projection in PROJECTIONS]
    with seen([*things("AAA", "BBB"), *made, *marked], low) as view:
        assert [weights_in(view, projection) for projection in PROJECTIONS] == before


# -- sources ---------------------------------------------------------------------------------------


def test_records_of_one_source_count_once_and_by_the_best() -> None:
    with seen(
        [*persons("AAA"), *(family("a", "b", grade=g, ordinal=n) for n, g in enumerate(("C3", "A1", "B2")))]
    ) as view:
        found = between(view)
        assert found.weight == found.reasons[0][0].weight == weights().of(parse_grade("admiralty", "A1"))
        assert [each.counts for each in found.reasons[0][0].said] == [True, False, False]
        assert found.to_dict()["reasons"][0][0]["said"][0]["grade"] == "A1 (admiralty)"


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [
        ("", "", ("AAA", "BBB")),
        ("the registry", "", ("BBB", "the registry")),
        ("the registry", "the registry", ("the registry",)),
    ],
)
def test_one_source_under_two_agencies_counts_once(first: str, second: str, named: tuple[str, ...]) -> None:
    records = [saying(family("a", "b", agency), "", "", said) for agency, said in (("AAA", first), ("BBB", second))]
    with seen([*persons("AAA", "BBB"), *records]) as view:
        found = between(view)
        assert found.sources == named
        assert found.weight == (0.75 if len(named) == 1 else 1 - 0.25**2)
        assert [leg.weight for leg in found.reasons[0]] == [found.weight]


def test_who_said_it_first_is_the_source_of_what_came_later() -> None:
    said = [("AAA", "C3", "2026-01-05"), ("BBB", "A1", "2026-03"), ("CCC", "A1", "")]
    records = [saying(family("a", "b", agency, grade), SAYING, date) for agency, grade, date in said]
    with seen([*persons("AAA", "BBB", "CCC"), *records]) as view:
        found = between(view)
        assert (found.weight, found.sources) == (0.50, ("AAA",))
        origin = records[0].key()
        assert sorted(each.repeats for each in found.reasons[0][0].said) == ["", origin, origin]


def test_a_digest_of_two_reports_does_not_make_them_one() -> None:
    """It repeats the earlier of the two; the other stays a source of its own."""
    other = "the tall man was paid by the short one in the back of a bakery near the station"
    records = [
        saying(family("a", "b", "AAA", "C3"), SAYING, "2026-01-05"),
        saying(family("a", "b", "BBB", "A1"), other, "2026-01-07"),
        saying(family("a", "b", "CCC", "A1"), f"{SAYING}, and {other}", "2026-02-01"),
    ]
    with seen([*persons("AAA", "BBB", "CCC"), *records]) as view:
        found = between(view)
        assert found.sources == ("AAA", "BBB")
        assert found.weight == pytest.approx(1 - 0.5 * 0.05)
        assert sorted(each.repeats for each in found.reasons[0][0].said) == ["", "", records[0].key()]


def test_what_repeats_a_repetition_is_of_the_first_source() -> None:
    more = "he left by the side door at nine and took the last ferry home alone"
    texts = [SAYING, f"{SAYING}; {more}", more]
    records = [
        saying(family("a", "b", agency, "C3"), text, f"2026-01-0{n}")
        for n, (agency, text) in enumerate(zip(("AAA", "BBB", "CCC"), texts, strict=True), 1)
    ]
    with seen([*persons("AAA", "BBB", "CCC"), *records]) as view:
        assert between(view).sources == ("AAA",)


def test_only_what_may_say_whose_or_what_is_read() -> None:
    table = weights()
    names = (*table.within_agency, *table.everywhere, *table.texts)
    told = [json.dumps({name: ["x"]}, separators=(",", ":")) for name in ("name", *names)]
    assert [_tells(content, table) for content in told] == [False, *[True] * len(names)]


def test_few_words_in_common_are_no_repetition() -> None:
    texts = ["seen with him at the harbour in March", "seen with him at the harbour in winter, by another"]
    records = [
        saying(family("a", "b", agency), text, "2026-01") for agency, text in zip(("AAA", "BBB"), texts, strict=True)
    ]
    with seen([*persons("AAA", "BBB"), *records]) as view:
        assert between(view).sources == ("AAA", "BBB")


def test_a_chain_is_as_good_as_its_weakest_leg() -> None:
    records = [
        graded(tie("Holding", holder="a", held="s"), "A1"),
        graded(tie("Call", caller="s", receiver="t"), "C3"),
        graded(tie("Holding", holder="b", held="t"), "B2"),
    ]
    with seen([*things("AAA"), *records]) as view:
        found = between(view)
        assert [leg.weight for leg in found.reasons[0]] == [0.95, 0.50, 0.75]
        assert found.weight == 0.50
        with pytest.raises(UsageError, match="no tie between these two"):
            between(view, "a", "a")
        with pytest.raises(NotFound):
            between(view, "a", "nobody")


# -- where weights are shown -----------------------------------------------------------------------


def test_graphs_have_the_weights(saltmarsh: Saltmarsh) -> None:
    view = saltmarsh.view()
    for projection in PROJECTIONS:
        found = positions_of(view, projection, False)
        graph = networkx_graph(view, projection)
        assert found.weights_as("counted") is None
        assert found.weights_as("weighted") is found.weights
        ends = zip(found.edges.a.tolist(), found.edges.b.tolist(), found.weights.tolist(), strict=True)
        for a, b, weighs in ends:
            told = graph.get_edge_data(found.snapshot.id_at(a), found.snapshot.id_at(b))
            if projection == "persons":
                assert told["weight"] == weighs
        assert all(0 < each <= 1 for *_, each in graph.edges(data="weight"))
    assert isinstance(graph, nx.MultiDiGraph)
    with pytest.raises(UsageError, match="ties are counted or weighted"):
        found.weights_as("guessed")


def test_the_table_is_checked() -> None:
    text = TABLE.read_text("utf-8")
    assert isinstance(weights_of(text), Weights)
    for old, new, why in (
        ("ungraded = 0.40", "ungraded = 0.0", "the weight of ungraded is 0.0"),
        ("[0.95,", "[1.5,", "the weight of A1 is 1.5"),
        ("[0.95, 0.85, 0.70, 0.45, 0.20, 0.50]", "[0.95]", "needs six weights"),
    ):
        with pytest.raises(InputError, match=why):
            weights_of(text.replace(old, new))


def test_a_better_grade_never_weighs_less() -> None:
    table = weights().grades
    for reliable, less in zip("ABCD", "BCDE", strict=True):
        assert all(table[reliable + n] >= table[less + n] for n in "123456")
    for reliable in "ABCDEF":
        assert all(table[reliable + n] >= table[reliable + m] for n, m in zip("1234", "2345", strict=True))
