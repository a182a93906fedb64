"""The first of several columns, roles that are filled under a condition, and what one record keeps of the rest."""

import pytest

from ingest.shapes import Reject
from tests.ingest.reading import read_object, records, values
from workbench.model.record import Role

PERSON = '[[files.records]]\nname = "p"\nschema = "Person"\nid = "p:{id}"\n'
FIRST = f"""
[files.values]
called = {{ first = ["nick", "names"] }}
{PERSON}
properties = {{ name = "called", alias = {{ first = ["x", "names.full"], take = '^[A-Z]+' }} }}
"""
PAID = f"""
{PERSON}
rest = "notes"
rest_of = ["of"]
[[files.records]]
name = "paid"
schema = "Transfer"
rest = "description"
[files.records.roles]
payer = {{ record = "p", when = {{ column = "way", equals = "out" }} }}
beneficiary = [
    {{ record = "p", when = {{ column = "way", equals = "in" }} }},
    {{ id = "{{other}}", when = {{ column = "way", equals = "out" }} }},
]
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"nick": "Bo", "names": "Ann"}, {"name": ["Bo"]}),
        ({"nick": " ", "names": ["", "Ann", "Di"]}, {"name": ["Ann"]}),
        ({"names": [{"full": "ANN Lee"}]}, {"alias": ["ANN"]}),
        ({"nick": []}, {}),
    ],
)
def test_the_first_column_that_is_filled_counts(said: dict[str, object], expected: dict[str, list[str]]) -> None:
    (found,) = records(read_object({"id": "1", **said}, FIRST))
    assert values(found) == expected


@pytest.mark.parametrize(
    ("way", "roles"), [("in", {Role("beneficiary", "p:1")}), ("out", {Role("payer", "p:1"), Role("beneficiary", "x")})]
)
def test_a_role_is_filled_where_its_condition_holds(way: str, roles: set[Role]) -> None:
    _, paid = records(read_object({"id": "1", "way": way, "other": "x"}, PAID))
    assert set(paid.roles) == roles


def test_a_relationship_whose_roles_are_all_left_out_ties_nobody() -> None:
    (found,) = read_object({"id": "1", "way": "lost", "other": "x"}, PAID)
    assert isinstance(found, Reject)
    assert found.reason == "no roles"


def test_one_record_keeps_the_rest_of_one_name_and_the_other_what_is_left() -> None:
    person, paid = records(read_object({"id": "1", "way": "in", "of": {"a": ["1", "2"]}, "offer": "3"}, PAID))
    assert values(person) == {"notes": ["of.a: 1", "of.a: 2"]}
    assert values(paid) == {"description": ["offer: 3"]}
