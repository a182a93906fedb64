"""Ids: one for each thing, whatever separators its name holds."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.model.ids import entity_id, judgement_id, record_digest, record_key, source_number

PARTS = st.text(alphabet="ab 1:\x1f", max_size=4)


@given(st.tuples(PARTS, PARTS, PARTS), st.tuples(PARTS, PARTS, PARTS))
def test_entity_ids_are_equal_exactly_where_names_are(a: tuple[str, str, str], b: tuple[str, str, str]) -> None:
    assert (entity_id(*a) == entity_id(*b)) == (a == b)
    assert len(entity_id(*a)) == 20
    assert set(entity_id(*a)) <= set("0123456789abcdef")


@given(st.tuples(*[PARTS] * 5), st.tuples(*[PARTS] * 5))
def test_keys_are_equal_exactly_where_all_parts_are(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert (record_key(*a) == record_key(*b)) == (a == b)
    assert len(record_key(*a)) == 32


@given(
    st.tuples(PARTS, PARTS, PARTS.filter(bool), PARTS), st.tuples(PARTS, PARTS, PARTS.filter(bool), PARTS), PARTS, PARTS
)
def test_the_first_half_of_a_key_is_what_it_speaks_of(
    a: tuple[str, ...], b: tuple[str, ...], one: str, other: str
) -> None:
    same = source_number(record_digest(*a, one)) == source_number(record_digest(*b, other))
    assert same == (a == b)


@given(st.lists(PARTS, max_size=4), st.lists(PARTS, max_size=4))
def test_judgements_are_told_apart(a: list[str], b: list[str]) -> None:
    assert (judgement_id(*a) == judgement_id(*b)) == (a == b)
