"""A phone, mailbox or address that many hold, or that is listed, joins nobody by a score."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.analytics.cases import AGENCIES, EVERYBODY, eid, load, person, store_of, thing, tie
from tests.resolve.test_scoring import joined
from workbench.access.viewer import Viewer
from workbench.model.record import Record, Value
from workbench.resolve import add_common, remove_common
from workbench.resolve.explain import explain
from workbench.resolve.scoring import score
from workbench.store import facet_values
from workbench.view.proposing import may_also_be
from workbench.view.store import GraphStore
from workbench.view.who import members_of

NUMBER, MAIL, STREET = "+31612345678", "shelter@example.org", "Havenstraat 1, 3011 Rotterdam"
SAID = {"phone": NUMBER, "email": MAIL, "address": STREET}
BORN = "1971-03-14"
ALONE = Viewer(name="alone", agencies=frozenset(["AAA"]), level="SECRET")
OF_BBB = "SECRET//REL BBB"


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_values, "LIMIT", 3)


def two(kind: str, **more: str) -> list[Record]:
    """Two records of people who share a value, and whom that joins, unless it is common."""
    beside = {"birthDate": BORN} if kind != "address" else {}
    one, other = ("Fenmina Noorvenrade",) * 2 if kind == "address" else ("Xarbulon Qwistle", "Tjitske Grombaz")
    return [
        person("0", "AAA", name=one, **beside, **{kind: SAID[kind]}, **more),
        person("1", "BBB", name=other, **beside, **{kind: SAID[kind]}, **more),
    ]


def others(kind: str, many: int, marking: str = "OPEN//REL " + ",".join(AGENCIES)) -> list[Record]:
    """More who have the value, and are like nobody."""
    names, chance = ("Bulgrim Tarkovel", "Zendaku Mirhofen", "Osgard Pellwyn", "Quintza Ulbrok"), Random(many)  # noqa: S311 - draws examples
    said = {kind: SAID[kind], "marking": marking}
    return [
        person(f"o{n}", "BBB", name=names[n], birthDate=f"{1930 + 9 * n}-0{n + 1}-{chance.randint(10, 28)}", **said)
        for n in range(many)
    ]


def scored(store: GraphStore) -> list[list[str]]:
    """Who is one, after all was scored; a part of the view tells the same."""
    score(store, store.view(EVERYBODY))
    return told(store)


def told(store: GraphStore, viewer: Viewer = EVERYBODY) -> list[list[str]]:
    """Who is one in a view; a part of the view tells the same."""
    whole, in_parts = store.view(viewer), store.view(viewer)
    found = joined(whole)
    assert members_of(in_parts, [eid("0")]) == members_of(whole, [eid("0")])
    assert may_also_be(in_parts, eid("0")) == may_also_be(whole, eid("0"))
    return found


@pytest.mark.parametrize("kind", SAID)
def test_a_value_that_many_hold_joins_nobody(tmp_path: Path, kind: str) -> None:
    assert scored(store_of(tmp_path / "few", [*two(kind), *others(kind, 1)])) == [["0", "1"]]
    names = 4 - len({each.properties["name"] for each in two(kind)})
    assert scored(store_of(tmp_path / "many", [*two(kind), *others(kind, names)])) == []


@pytest.mark.parametrize("document", [{"passportNumber": "NX1234567"}, {"idNumber": "000000000"}])
@pytest.mark.parametrize("many", [4, 12])
def test_a_document_of_more_than_three_joins_nobody(tmp_path: Path, document: dict[str, str], many: int) -> None:
    names = ("Bulgrim", "Zendaku", "Osgard", "Quintza")
    people = [person(str(n), name=f"{names[n % 4]} {names[n // 4]}sen", **document) for n in range(many)]
    assert scored(store_of(tmp_path, people)) == []


def test_one_person_who_is_known_to_many_is_one_holder(tmp_path: Path) -> None:
    names = ("Fenmina Noorvenrade", "NOORVENRADE, Fenmina", "Фенмина Ноорвенраде")
    said = {"phone": NUMBER, "idNumber": "771234567"}
    people = [person(str(n), AGENCIES[n % 4], name=names[n % 3], **said) for n in range(9)]
    assert scored(store_of(tmp_path, people)) == [[str(n) for n in range(9)]]


@pytest.mark.parametrize("kind", SAID)
def test_a_listed_value_joins_nobody(tmp_path: Path, kind: str) -> None:
    store = store_of(tmp_path, two(kind))
    assert scored(store) == [["0", "1"]]
    written = {"phone": "+31 6 1234 5678", "email": "SHELTER@example.org", "address": "Rotterdam 3011, Havenstraat 1"}
    add_common(store, store.view(EVERYBODY), kind, written[kind], "a shelter", agency="AAA")
    assert told(store) == []
    remove_common(store, store.view(EVERYBODY), kind, written[kind])
    assert told(store) == [["0", "1"]]


@pytest.mark.parametrize(
    ("kind", "schema", "held_by", "says"),
    [
        ("phone", "Phone", "Holding", {"number": NUMBER}),
        ("email", "EmailAddress", "Holding", {"mailbox": MAIL}),
        ("address", "Address", "Residence", {"street": "Havenstraat 1", "postalCode": "3011", "city": "Rotterdam"}),
    ],
)
def test_a_value_is_listed_by_the_id_of_what_has_it(
    tmp_path: Path, kind: str, schema: str, held_by: str, says: dict[str, str]
) -> None:
    roles = {"Holding": ("holder", "held"), "Residence": ("resident", "place")}[held_by]
    people = [
        person(
            *(each.source_id, each.dataset.agency),
            **{name: values[0].original for name, values in each.properties.items() if name != kind},
        )
        for each in two(kind)
    ]
    things = [
        record
        for each in people
        for record in (
            thing(schema, "thing", each.dataset.agency, **says),
            tie(held_by, each.dataset.agency, **dict(zip(roles, (each.source_id, "thing"), strict=True))),
        )
    ]
    store = store_of(tmp_path, [*people, *things])
    assert scored(store) == [["0", "1"]] or (kind != "address" and ["0", "1"] in told(store))
    add_common(store, store.view(EVERYBODY), kind, eid("thing"), "a shelter", agency="AAA")
    assert ["0", "1"] not in told(store)


def test_a_value_that_is_not_common_counts_beside_one_that_is(tmp_path: Path) -> None:
    more = [
        person("0", "AAA", name="Xarbulon Qwistle", birthDate=BORN, phone="+31687654321"),
        person("1", "BBB", name="Tjitske Grombaz", birthDate=BORN, phone="+31687654321"),
    ]
    records = [*two("phone"), *others("phone", 3), *more]
    both: dict[str, Record] = {}
    for each in records:
        known = both.get(each.entity)
        values = {} if known is None else known.properties
        joint = {name: tuple(dict.fromkeys((*values.get(name, ()), *said))) for name, said in each.properties.items()}
        both[each.entity] = Record(each.schema, each.dataset, each.source_id, joint, each.marking)
    store = store_of(tmp_path, both.values())
    assert scored(store) == [["0", "1"]]
    add_common(store, store.view(EVERYBODY), "phone", "+31687654321", "a shelter, too", agency="AAA")
    assert told(store) == []


def test_the_holders_are_those_that_a_viewer_sees(tmp_path: Path) -> None:
    store = store_of(tmp_path, [*two("phone"), *others("phone", 3, OF_BBB)])
    assert scored(store) == []
    assert told(store, ALONE) == [["0", "1"]]
    add_common(store, store.view(EVERYBODY), "phone", NUMBER, "a shelter", OF_BBB, agency="BBB")
    assert told(store, ALONE) == [["0", "1"]]


def test_what_comes_later_makes_a_value_common(tmp_path: Path) -> None:
    store = store_of(tmp_path, two("phone"))
    assert scored(store) == [["0", "1"]]
    before = store.view(EVERYBODY).revision
    load(store, "BBB", others("phone", 2), "2026-02-01")
    assert told(store) == [["0", "1"]]
    score(store, store.view(EVERYBODY), new=True)
    assert told(store) == []
    assert joined(store.view(EVERYBODY, revision=before)) == [["0", "1"]]


def test_an_explanation_says_what_was_set_aside(tmp_path: Path) -> None:
    named = {"name": "Fenmina Noorvenrade"}
    records = [person(str(n), AGENCIES[n], **named, birthDate=BORN, phone=NUMBER) for n in range(2)]
    store = store_of(tmp_path, [*records, *others("phone", 4)])
    assert scored(store) == [["0", "1"]]
    (join,) = explain(store.view(EVERYBODY), eid("0"), eid("1", "BBB"))
    assert join.value.endswith("birth date +13.8, phone set aside as common")


# -- addresses: the building is common, however it is written --------------------------------------------

CENTRE = "Havenstraat 1, 3011 AB Rotterdam"
SPELT = (CENTRE, "Havenstr. 1, 3011 AB Rotterdam", "HAVENSTRAAT 1 ROTTERDAM 3011AB", "1 Havenstraat, Rotterdam, 3011")
HOME, HOME_SPELT = "Dorpsweg 7, 9712 Groningen", "Dorpswegg 7, 9712 Groningen"


def namesakes(*addresses: Sequence[str], **more: str) -> list[Record]:
    """Two of one name that is not rare, each with some addresses."""
    return [_with(person(str(n), AGENCIES[n], name="Mohamed Alaoui", **more), *addresses[n]) for n in range(2)]


def residents(*addresses: str) -> list[Record]:
    """A resident of each, like nobody."""
    every = [*others("phone", 4), *(_renamed(each) for each in others("phone", 4))]
    return [_with(each, address) for each, address in zip(every, addresses, strict=False)]


def _with(record: Record, *addresses: str) -> Record:
    said = {name: values for name, values in record.properties.items() if name != "phone"}
    return replace(record, properties={**said, "address": tuple(Value(each, each) for each in addresses)})


def _renamed(record: Record) -> Record:
    name = record.properties["name"][0].original[::-1].title()
    return replace(record, source_id=f"{record.source_id}b", properties={"name": (Value(name, name),)})


@pytest.mark.parametrize(
    ("centre", "mine"),
    [
        ([CENTRE] * 4, [CENTRE]),
        (SPELT, [CENTRE]),
        ([f"Havenstraat 1, kamer {n}, 3011 AB Rotterdam" for n in range(20, 24)], [CENTRE]),
        ([CENTRE] * 4, [CENTRE, HOME]),
    ],
    ids=["one spelling", "many spellings", "rooms", "with a home of one's own"],
)
def test_who_lives_where_many_do_is_not_joined_by_it(tmp_path: Path, centre: list[str], mine: list[str]) -> None:
    two_of_them = namesakes(mine, [SPELT[1]])
    assert scored(store_of(tmp_path / "few", two_of_them)) == [["0", "1"]]
    assert scored(store_of(tmp_path / "many", [*two_of_them, *residents(*centre)])) == []


def test_a_home_of_ones_own_counts_beside_a_common_address(tmp_path: Path) -> None:
    records = namesakes([CENTRE, HOME], [CENTRE, HOME_SPELT])
    assert scored(store_of(tmp_path, [*records, *residents(*[CENTRE] * 4)])) == [["0", "1"]]


def test_a_town_is_not_common_because_an_address_in_it_is(tmp_path: Path) -> None:
    named = {"name": "Xarbulon Qwistlemar Vogondrel"}
    records = [_with(person("0", **named), CENTRE), person("1", "BBB", **named, address="3011 Rotterdam")]
    assert scored(store_of(tmp_path / "few", records)) == [["0", "1"]]
    assert scored(store_of(tmp_path / "many", [*records, *residents(*[CENTRE] * 4)])) == [["0", "1"]]


@pytest.mark.parametrize("room", ["", "kamer 12, "])
@pytest.mark.parametrize("written", [CENTRE, "Havenstraat 1, Rotterdam"])
def test_a_building_is_listed(tmp_path: Path, room: str, written: str) -> None:
    store = store_of(tmp_path, namesakes([f"Havenstraat 1, {room}3011 AB Rotterdam"], [SPELT[1]]))
    assert scored(store) == [["0", "1"]]
    add_common(store, store.view(EVERYBODY), "address", written, "a shelter", agency="AAA")
    assert told(store) == []


def test_a_phone_is_listed_by_the_id_of_a_firm_that_has_it(tmp_path: Path) -> None:
    store = store_of(tmp_path, [*two("phone"), person("firm", "AAA", "Company", name="Shelter Ltd", phone=NUMBER)])
    assert scored(store) == [["0", "1"]]
    add_common(store, store.view(EVERYBODY), "phone", eid("firm"), "a shelter", agency="AAA")
    assert told(store) == []


def test_a_phone_is_listed_in_the_digits_of_any_script(tmp_path: Path) -> None:
    store = store_of(tmp_path, two("phone"))
    assert scored(store) == [["0", "1"]]
    arabic = "".join(chr(0x0660 + int(each)) for each in NUMBER[1:])
    add_common(store, store.view(EVERYBODY), "phone", f"+{arabic}", "a shelter", agency="AAA")
    assert told(store) == []
