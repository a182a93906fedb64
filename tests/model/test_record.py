"""Records: canonical content, and a key that depends on everything said and on nothing else."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.grade import parse_grade
from workbench.model.marking import parse_marking
from workbench.model.record import Basis, Dataset, Record, Role, Value, from_content, properties_of

TEXTS = st.one_of(
    st.sampled_from(("", "a", "A", "0", "null", '["a","b"]', "\x00", "\x1f", "é", "e\u0301")), st.text(max_size=4)
)
VALUES = st.builds(Value, st.none() | TEXTS, TEXTS)
PROPERTIES = st.dictionaries(
    st.sampled_from(("name", "alias", "passportNumber", "birthDate")),
    st.lists(VALUES, max_size=3).map(tuple),
    max_size=3,
)
RECORDS = st.builds(
    Record,
    schema=st.sampled_from(("Person", "Call")),
    dataset=st.builds(Dataset, st.sampled_from(("A", "B", "AB")), st.sampled_from(("", "d", "Bd"))),
    source_id=TEXTS,
    properties=PROPERTIES,
    marking=st.sampled_from((parse_marking("OPEN//REL A"), parse_marking("SECRET//REL A,B"))),
    roles=st.lists(st.builds(Role, st.sampled_from(("caller", "receiver")), TEXTS), max_size=3).map(tuple),
    basis=st.sampled_from(Basis),
    grade=st.sampled_from((None, parse_grade("4x4", "B2"), parse_grade("4x4", "b2"), parse_grade("admiralty", "B2"))),
    part=TEXTS,
    ordinal=st.integers(0, 2),
    locator=TEXTS,
    tie_type=st.sampled_from(("", "RANG", "KNOWS")),
    tie_ends=st.sampled_from((None, ("receiver", "caller"), ("caller", "receiver"))),
)


def said(record: Record) -> Any:
    """A record's content in plain Python: equal if and only if two records say the same."""
    properties = {name: frozenset(values) for name, values in record.properties.items() if values}
    grade = None if record.grade is None else (record.grade.scheme, record.grade.text)
    who = (record.dataset, record.source_id, record.part)
    return (
        who,
        record.schema,
        frozenset(properties.items()),
        frozenset(record.roles),
        record.basis,
        grade,
        record.ordinal,
        record.tie_type and (record.tie_type, record.tie_ends),
    )


@given(RECORDS)
def test_content_reads_back(record: Record) -> None:
    read = from_content(record.content(), record.dataset, record.source_id, record.marking, record.part, record.locator)
    assert said(read) == said(record)
    assert (read.marking, read.locator) == (record.marking, record.locator)
    assert read.content() == record.content()
    assert read.key() == record.key()


@given(RECORDS, st.randoms())
def test_order_and_repetition_do_not_matter(record: Record, rng: random.Random) -> None:
    def shuffled(values: tuple[Any, ...]) -> tuple[Any, ...]:
        several = [*values, *values[:1]]
        rng.shuffle(several)
        return tuple(several)

    names = list(record.properties)
    rng.shuffle(names)
    other = replace(
        record, properties={name: shuffled(record.properties[name]) for name in names}, roles=shuffled(record.roles)
    )
    assert other.content() == record.content()
    assert other.key() == record.key()


@given(RECORDS, RECORDS)
def test_keys_are_equal_exactly_where_records_say_the_same(a: Record, b: Record) -> None:
    assert (a.key() == b.key()) == (said(a) == said(b))


@given(RECORDS)
def test_neither_marking_nor_place_is_in_the_key(record: Record) -> None:
    assert replace(record, marking=parse_marking("SECRET//REL Z"), locator="elsewhere").key() == record.key()


BASE = Record(
    "Person",
    Dataset("A", "d"),
    "1",
    {"name": (Value("Nico", "nico"), Value(None, "?"))},
    parse_marking("OPEN//REL A"),
    (Role("addressEntity", "2"),),
    Basis.FACT,
    parse_grade("4x4", "B2"),
    "part",
    0,
)
CHANGES: list[Mapping[str, Any]] = [
    {"schema": "Company"},
    {"dataset": Dataset("B", "d")},
    {"dataset": Dataset("A", "e")},
    {"dataset": Dataset("Ad", "")},
    {"source_id": "2"},
    {"source_id": ""},
    {"part": ""},
    {"source_id": "1part", "part": ""},
    {"ordinal": 1},
    {"tie_type": "KNOWS"},
    {"tie_type": "LIVES_AT"},
    {"tie_type": "KNOWS", "tie_ends": ("person", "associate")},
    {"tie_type": "KNOWS", "tie_ends": ("associate", "person")},
    {"basis": Basis.ASSESSMENT},
    {"grade": None},
    {"grade": parse_grade("4x4", "B3")},
    {"grade": parse_grade("admiralty", "B2")},
    {"roles": ()},
    {"roles": (Role("addressEntity", "3"),)},
    {"roles": (Role("parent", "2"),)},
    {"properties": {}},
    {"properties": {"alias": BASE.properties["name"]}},
    {"properties": {"name": (Value("Nico", "Nico"), Value(None, "?"))}},
    {"properties": {"name": (Value("nico", "nico"), Value(None, "?"))}},
    {"properties": {"name": (Value("Nico", "nico"), Value("?", "?"))}},
    {"properties": {"name": (Value("Nico", "nico"), Value("", "?"))}},
    {"properties": {"name": (Value("Nico", "nico"),)}},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_key_is_sensitive_to_every_field(change: Mapping[str, Any]) -> None:
    others = [BASE, *(replace(BASE, **other) for other in CHANGES if other != change)]
    assert replace(BASE, **change).key() not in {other.key() for other in others}


@given(RECORDS)
def test_cleaned_values_are_read_without_building_the_record(record: Record) -> None:
    found = {name: set(values) for name, values in properties_of(record.content()).items() if values}
    cleaned = {name: {v.value for v in values if v.value is not None} for name, values in record.properties.items()}
    assert found == {name: values for name, values in cleaned.items() if values}


def test_a_record_without_a_type_has_the_content_that_it_always_had() -> None:
    assert BASE.content() == (
        '{"g":["4x4","B2"],"p":{"name":[[null,"?"],["Nico","nico"]]},"r":[["addressEntity","2"]],"s":"Person"}'
    )


def test_a_tie_is_called_what_its_source_calls_it_and_runs_as_there() -> None:
    roles = (Role("involved", "7"), Role("event", "8"), Role("proof", "9"))
    plain = replace(BASE, schema="Involvement", roles=roles)
    own = replace(plain, tie_type="SUSPECT_IN")
    back = replace(plain, tie_type="INVESTIGATED_BY", tie_ends=("event", "involved"))
    assert plain.arrow("involved", "event") == ("INVOLVED_IN", True)
    assert own.arrow("involved", "event") == ("SUSPECT_IN", True)
    assert back.arrow("involved", "event") == ("INVESTIGATED_BY", False)
    assert back.arrow("event", "involved") == ("INVESTIGATED_BY", True)
    for record in (plain, own, back):
        assert record.arrow("involved", "proof") == ("PROOF", True)
        assert record.arrow("proof", "event") == ("EVENT", True)


def test_a_type_of_other_ends_leaves_the_schemas_alone() -> None:
    roles = (Role("payerAccount", "1"), Role("beneficiaryAccount", "2"), Role("payer", "3"))
    record = replace(BASE, schema="Transfer", roles=roles, tie_type="DRAWN_ON", tie_ends=("payer", "payerAccount"))
    assert record.arrow("payerAccount", "payer") == ("DRAWN_ON", False)
    assert record.arrow("payerAccount", "beneficiaryAccount") == ("TRANSFERRED_TO", True)
