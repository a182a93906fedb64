"""Which joins stand where something keeps entities apart, compared with trying every pair; on drawn columns."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.oracle import settling as oracle
from tests.stores import examples
from workbench.model.numbers import EntityNumber, RecordNumber
from workbench.model.record import Dataset
from workbench.store.assembly import claims_in_order
from workbench.store.columns import About, Columns, Int64, Ties
from workbench.store.scores import COMPARISONS, ORGANISATION, PERSON
from workbench.view.apart import kept_apart
from workbench.view.births import Births
from workbench.view.conflicts import conflicted
from workbench.view.joining import smallest_joined
from workbench.view.joins import IBAN_HOLDER, IDENTIFIER, JUDGEMENT, Join, Joins, identifier_joins
from workbench.view.scored import Best, Model
from workbench.view.settling import settle
from workbench.view.traits import Telling

DATASETS = (Dataset("B", "one"), Dataset("A", "one"), Dataset("A", "two"))
NAMES = ("sex", "passport", "Person", "id", "birth", "phone", "Company", "plate")
BIRTHS = ("1980", "1980-06-15", "1980-06", "1980-06-25", "1982-06-16", "1983-01", "1990-06-15", "1981-12-31T10:00")
SAID = {
    "sex": (("male", "female"), ("",)),
    "birth": (BIRTHS, ("",)),
    "passport": (("P1", "P2", "P3"), ("", "nl", "bg")),
    "id": (("P1", "7", "8"), ("nl",)),
    "phone": (("+31",), ("",)),
    "plate": (("AB12", "P1"), ("", "nl", "bg")),
}
# Of each comparison, in hundredths of a bit: of these some tie in the sum, and some say that two are surely one.
OUTCOMES = (
    (1200, 1400, 0, 0, 0, 0),
    (1200, 0, 0, 0, 0, 1400),
    (1200, 0, 1400, 0, 0, 0),
    (300, 1300, 0, 1000, 0, 0),
    (1201, 0, 0, 0, 0, 500),
    (1200, 0, 0, 0, 501, 0),
    (900, -300, 1000, 0, 0, 500),
    (1500, 700, 0, 0, 0, 0),
    (1500, 0, 0, 700, 0, 0),
    (300, 1300, 0, 0, 0, 650),
)
Drawn = tuple[Columns, Joins, dict[tuple[EntityNumber, EntityNumber], str]]


def columns_of(n: int, about: Iterable[tuple[int, str]], claims: Iterable[tuple[str, str, str, int]]) -> Columns:
    """Columns of n entities: what records are about, and claims of a kind, a value, an issuer and an entity."""
    abouts, said = sorted(set(about)), sorted(set(claims))
    texts = [text for _, value, scope, _ in said for text in (value, scope)]
    kind = np.array([NAMES.index(name) for name, *_ in said], dtype=np.int16)
    entity = np.array([each for *_, each in said], dtype=np.int32)
    record, none = np.arange(len(said)), np.zeros(0, dtype=np.int32)
    values, in_order = claims_in_order(kind, texts, entity, record, np.zeros(len(said), dtype=np.int32))
    schema = np.array([NAMES.index(name) for _, name in abouts], dtype=np.int16)
    subjects = np.array([each for each, _ in abouts], dtype=np.int32)
    return Columns(
        ids=np.array([f"{each:06}" for each in range(n)], dtype="S6"),
        number=np.arange(n),
        records=record,
        dataset=np.arange(n) % len(DATASETS),
        datasets=DATASETS,
        names=NAMES,
        values=values,
        about=About(subjects, schema, np.zeros_like(subjects), np.zeros_like(subjects)),
        ties=Ties(*(none.astype(kind) for kind in ("i4", "i4", "i2", "i2", "i2", "i4", "i4", "i4"))),
        claims=in_order,
        present=np.ones(n, dtype=bool),
    )


@st.composite
def columns(draw: st.DrawFn) -> Columns:
    n, claims = draw(st.integers(2, 7)), list[tuple[str, str, str, int]]()
    told = draw(st.sets(st.sampled_from(sorted(SAID)), min_size=1))
    for kind in sorted(told):
        said = st.tuples(*map(st.sampled_from, SAID[kind]), st.integers(0, n - 1))
        claims += [(kind, *each) for each in draw(st.lists(said, min_size=2, max_size=n + 2))]
    about = st.tuples(st.integers(0, n - 1), st.sampled_from(("Person", "Person", "Person", "Company")))
    return columns_of(n, draw(st.lists(about, max_size=n)), claims)


def scores(pairs: Iterable[tuple[tuple[int, int], int, tuple[int, ...]]]) -> Best:
    """Scores of two entities each for a kind, in order, each once."""
    said = sorted({(pair, kind): (*sorted(pair), kind, weights) for pair, kind, weights in pairs}.values())
    rows = [np.array([each[at] for each in said], dtype=kind) for at, kind in enumerate(("i4", "i4", "i1"))]
    weights = np.array([each[3] for each in said], dtype=np.int16).reshape(-1, len(COMPARISONS))
    return Best(*rows, weights, np.zeros(len(said), dtype=np.int8))


@st.composite
def cases(draw: st.DrawFn) -> Drawn:
    """Columns, joins between their entities, and judgements that keep some apart."""
    said = draw(columns())
    number = st.integers(0, len(said.ids) - 1)
    pair = st.tuples(number, number).map(lambda each: (min(each), max(each))).filter(lambda each: each[0] != each[1])
    kind = st.sampled_from((PERSON, PERSON, PERSON, ORGANISATION))
    scored = draw(st.lists(st.tuples(pair, kind, st.sampled_from(OUTCOMES)), max_size=3 * len(said.ids)))
    more = []
    for place, (a, b) in enumerate(draw(st.lists(pair, max_size=3))):
        more.append(Join(0, JUDGEMENT, f"{(7 * place) % 5}", EntityNumber(b), EntityNumber(a), ()))
    for a, b in draw(st.lists(pair, max_size=3)):
        records = (RecordNumber(a), RecordNumber(b))
        more.append(Join(IDENTIFIER, IBAN_HOLDER, "P1", EntityNumber(a), EntityNumber(b), records))
    apart = {(EntityNumber(a), EntityNumber(b)): f"judgement {a}" for a, b in draw(st.lists(pair, max_size=1))}
    identifiers, _ = identifier_joins(said)
    return said, identifiers.with_scores(scores(scored)).with_more(sorted(set(more))), apart


@settings(max_examples=examples(1_000))
@given(case=cases(), slips=st.booleans())
def test_joins_stand_and_are_refused_as_if_every_pair_were_tried(case: Drawn, slips: bool) -> None:
    said, joins, apart = case
    model, labels = Model(slips), smallest_joined(len(said.ids), joins.a, joins.b)
    kept, refused = oracle.settled(said, labels, joins, np.ones(len(labels), dtype=bool), apart, model)
    standing, left_out = settle(labels, joins, np.ones(len(labels), dtype=bool), Telling.of(said), apart, model)
    assert Counter(standing) == Counter(kept)
    assert Counter(left_out) == Counter(refused)
    assert len(left_out) == len(refused)
    half = labels % 2 == 0
    standing, left_out = settle(labels, joins, half, Telling.of(said), apart, model)
    in_doubt = half[labels[standing.a]]
    assert Counter(standing.where(in_doubt)) == Counter(each for each in kept if half[labels[each.a]])
    assert Counter(standing.where(~in_doubt)) == Counter(joins.where(~half[labels[joins.a]]))
    assert Counter(left_out) == Counter(each for each in refused if half[labels[each[0].a]])


@settings(max_examples=examples(400))
@given(case=cases(), slips=st.booleans())
def test_all_that_is_refused_is_in_doubt_and_because_of_what_tells(case: Drawn, slips: bool) -> None:
    said, joins, apart = case
    labels = smallest_joined(len(said.ids), joins.a, joins.b)
    doubtful, telling = conflicted(said, labels, joins, apart)
    _, refused = oracle.settled(said, labels, joins, ~doubtful, apart, Model(slips))
    assert not refused
    _, refused = oracle.settled(said, labels, joins, doubtful, apart, Model(slips))
    _, left_out = settle(labels, joins, doubtful, telling, apart, Model(slips))
    assert Counter(left_out) == Counter(refused)


@settings(max_examples=examples(400))
@given(said=columns(), slips=st.booleans(), data=st.data())
def test_who_is_kept_apart_and_why_follows_from_the_two(said: Columns, slips: bool, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(said.ids) - 1), min_size=2, max_size=12))
    group = np.sort(data.draw(st.lists(st.integers(0, 2), min_size=len(places), max_size=len(places))))
    entities: Int64 = np.array(sorted(range(len(said.ids)), key=lambda each: (each * 5) % 7), dtype=np.int64)
    kept = kept_apart(
        Telling.of(said).traits_of(entities.astype(np.int32), Model(slips)).of_each(np.array(places)), group
    )
    traits = oracle.traits_of(said, map(EntityNumber, range(len(said.ids))), Model(slips))
    expected = {
        (a, b): why
        for a, b in combinations(range(len(places)), 2)
        if group[a] == group[b]
        and (why := oracle.veto(traits[EntityNumber(entities[places[a]])], traits[EntityNumber(entities[places[b]])]))
    }
    found = [
        (a, b) for a, b in combinations(range(len(places)), 2) if group[a] == group[b] and kept.foes[a] & kept.own[b]
    ]
    assert dict(zip(found, kept.why(found), strict=True)) == expected
    assert all(bool(kept.foes[a] & kept.own[b]) == bool(kept.foes[b] & kept.own[a]) for a, b in found)


def test_of_two_scores_of_one_weight_that_stands_which_comes_first_in_words() -> None:
    """Each has two fields beside the name, so one of them is right: whose birth date agrees, and not a phone."""
    said = columns_of(3, [], [("sex", "male", "", 0), ("sex", "female", "", 2)])
    scored = scores([((0, 1), PERSON, (1200, 0, 0, 700, 0, 800)), ((1, 2), PERSON, (1200, 700, 0, 800, 0, 0))])
    joins, labels = identifier_joins(said)[0].with_scores(scored), np.zeros(3, dtype=np.int32)
    standing, left_out = settle(labels, joins, np.ones(3, dtype=bool), Telling.of(said), {}, Model())
    assert [(each.a, each.b) for each in standing] == [(1, 2)]
    assert [(each.a, each.b, why) for each, why in left_out] == [(0, 1, "different sex")]


def test_the_first_reason_is_told() -> None:
    about = [(0, "Person"), (3, "Company")]
    claims = [("sex", "male", "", 0), ("sex", "female", "", 3), ("birth", "1980", "", 0), ("birth", "1990", "", 3)]
    for kind in ("id", "passport"):
        claims += [(kind, "P1", "nl", 0), (kind, "P2", "nl", 3)]
    found = list[str]()
    while claims:
        traits = Telling.of(columns_of(4, about, claims)).traits_of(np.array([0, 3], dtype=np.int32), Model())
        found += kept_apart(traits, np.zeros(2, dtype=np.int64)).why([(0, 1)])
        about, claims = [], claims[2:] if not about else claims
    document = "two different documents of one kind ({}) and country from one agency"
    assert found == [
        "a person and an organisation",
        "different sex",
        "birth dates more than two years apart",
        document.format("id"),
        document.format("passport"),
    ]


@pytest.mark.parametrize("one", [*BIRTHS, "2000-02", "2000-12", "1999-12-31"])
def test_a_birth_date_is_compared_by_its_days(one: str) -> None:
    said = columns_of(2, [], [("birth", one, "", 0), *(("birth", other, "", 1) for other in BIRTHS)])
    value = said.claims.value.astype(np.int64)
    births = Births.of(said.values, value)
    assert [*zip(*(each.tolist() for each in births.spans(value)), strict=True)] == [
        oracle.days(said.values[each]) for each in value
    ]
    for other in value:
        mine = said.values.find(one)
        both = [(*oracle.days(text), text) for text in (one, said.values[other])]
        assert births.may_be_one_day(np.array([mine]), np.array([other])).tolist() == [oracle.may_be_one_day(*both)]
