"""Common values, which are counted in the view."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, eid, person, seen, store_of, thing, tie
from workbench.access.viewer import Viewer
from workbench.errors import AccessDenied, NotFound, UsageError
from workbench.model.record import Record
from workbench.resolve import CommonValue, add_common, common_values, remove_common
from workbench.resolve.common import common_of, shared_by
from workbench.view.store import GraphStore

HIDDEN = "SECRET//REL DDD"


def crowd(n: int, schema: str, **roles: str) -> list[Record]:
    """n persons who each fill the role "x" of a relationship with the same other."""
    mine = next(name for name, value in roles.items() if value == "x")
    people = [person(f"x{i}") for i in range(n)]
    return people + [tie(schema, **(roles | {mine: f"x{i}"})) for i in range(n)]


@pytest.mark.parametrize(
    ("schema", "roles", "kind", "what"),
    [
        ("Residence", {"resident": "x", "place": "v"}, "address", thing("Address", "v", full="1 Quay")),
        ("Crossing", {"traveller": "x", "post": "v"}, "address", thing("Address", "v", full="A border post")),
        ("Holding", {"holder": "x", "held": "v"}, "phone", thing("Phone", "v", number="+31612345678")),
        ("Holding", {"holder": "x", "held": "v"}, "account", thing("BankAccount", "v", accountNumber="00123")),
        ("Holding", {"holder": "x", "held": "v"}, "vehicle", thing("Vehicle", "v", registrationNumber="AB123C")),
        ("Holding", {"holder": "x", "held": "v"}, "email", thing("EmailAddress", "v", mailbox="a@b.example")),
        ("Holding", {"holder": "x", "held": "v"}, "device", thing("Device", "v", imei="490154203237518")),
        ("Holding", {"holder": "x", "held": "v"}, "thing", None),
    ],
)
def test_what_more_than_twelve_share_is_common(
    schema: str, roles: dict[str, str], kind: str, what: Record | None
) -> None:
    for n, common in ((12, False), (13, True)):
        with seen(crowd(n, schema, **roles) + ([what] if what else [])) as view:
            found = common_values(view)
            assert [(each.kind, each.n, each.entity) for each in found] == ([(kind, 13, eid("v"))] if common else [])
            assert not any(each.listed for each in found)
            assert [each.shared_by for each in common_of(view, [eid("v")])] == ["more than 12"] * common


def test_how_many_share_a_value_is_told_in_words() -> None:
    rows = {"n": 14}, {"more_than": 12}, {"listed": True}
    assert [*map(shared_by, rows)] == ["14", "more than 12", "so many that it is listed"]


def test_a_number_called_by_more_than_twenty_is_common() -> None:
    for n in (20, 21):
        phones = [thing("Phone", f"t{i}", number=f"+3161234{i:04}") for i in range(n)]
        calls = [tie("Call", caller=f"t{i}", receiver="taxi") for i in range(n)] * 2
        back = [tie("Call", caller="taxi", receiver=f"t{i}") for i in range(n)]
        records = [*phones, thing("Phone", "taxi", number="+31201234567"), *calls, *back]
        with seen(records) as view:
            assert [each.to_row() for each in common_values(view)] == (
                [{"value": "+31201234567", "kind": "phone", "n": 21}] if n == 21 else []
            )


def test_an_account_that_deals_with_more_than_twelve_others_is_common() -> None:
    for paid, payers in ((6, 6), (7, 6)):
        accounts = [thing("BankAccount", f"k{i}", iban=f"NL00X{i:04}") for i in range(paid + payers)]
        records = [*accounts, thing("BankAccount", "house", iban="NL00HOUSE")]
        records += [tie("Transfer", payerAccount="house", beneficiaryAccount=f"k{i}") for i in range(paid)]
        records += [tie("Transfer", payerAccount=f"k{paid + i}", beneficiaryAccount="house") for i in range(payers)]
        with seen(records) as view:
            assert [(each.kind, each.n) for each in common_values(view)] == ([("account", 13)] if paid == 7 else [])


def test_the_same_holder_counts_once_after_resolution() -> None:
    """26 entities that are 13 persons count as 13, which is common; 12 are not enough."""
    known = [{"passportNumber": f"NX00000{i:02}", "passportCountry": "nl"} for i in range(13)]
    for n in (12, 13):
        records = [person(f"x{i}", agency, **known[i]) for agency in ("AAA", "BBB") for i in range(n)]
        records += [thing("Phone", "v", agency, number="+31612345678") for agency in ("AAA", "BBB")]
        records += [tie("Holding", agency, holder=f"x{i}", held="v") for agency in ("AAA", "BBB") for i in range(n)]
        with seen(records) as view:
            assert [each.n for each in common_values(view)] == ([13] if n == 13 else [])


def test_birth_dates_and_the_first_of_january() -> None:
    spread = [person(f"a{i}", birthDate=f"{1980 + i}-01-01") for i in range(13)]
    with seen(spread) as view:
        assert common_values(view) == (CommonValue("birth date", "1 January", 13, "", False),)
    shared = [person(f"a{i}", birthDate="1990-05-04") for i in range(13)] + [person("y", birthDate="1990")]
    with seen(shared) as view:
        assert common_values(view) == (CommonValue("birth date", "1990-05-04", 13, "", False),)
    with seen(spread[:12]) as view:
        assert common_values(view) == ()


def test_hidden_holders_are_not_counted() -> None:
    records = [*crowd(12, "Residence", resident="x", place="v"), thing("Address", "v", full="1 Quay")]
    hidden = [person("y"), tie("Residence", marking=HIDDEN, resident="y", place="v")]
    with seen(records + hidden, Viewer(name="a", agencies=frozenset({"AAA"}), level="SECRET")) as view:
        assert common_values(view) == ()
    with seen(records + hidden) as view:
        assert [each.n for each in common_values(view)] == [13]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    records = [
        person("a", birthDate="1990-05-04"),
        thing("Address", "v", full="Kade  1, Rotterdam"),
        thing("Phone", "t"),
    ]
    records += [thing("Phone", "n", number="+31612345678"), tie("Residence", resident="a", place="v")]
    found = store_of(tmp_path, records)
    yield found
    found.close()


ONE = Viewer(name="anna", agencies=frozenset({"AAA"}), level="SECRET")


@pytest.mark.parametrize(
    ("kind", "value", "entity", "shown", "n"),
    [
        ("address", "kade 1, rotterdam", "v", "Kade  1, Rotterdam", 1),
        ("phone", "+31 6 12345678", "n", "+31612345678", 0),
        ("phone", eid("t"), "t", "Phone t", 0),
        ("birth date", "1990-05-04", "", "1990-05-04", 1),
    ],
)
def test_people_list_values_and_take_them_off(
    store: GraphStore, kind: str, value: str, entity: str, shown: str, n: int
) -> None:
    made = add_common(store, store.view(ONE), kind, value, "known")
    assert (made.agency, made.marking) == ("AAA", "SECRET//REL AAA")
    wanted = CommonValue(kind, shown, n, eid(entity) if entity else "", True)
    assert common_values(store.view(ONE)) == (wanted,)
    assert common_values(store.view(Viewer(name="b", agencies=frozenset({"BBB"}), level="SECRET"))) == ()
    with pytest.raises(UsageError, match="is already listed"):
        add_common(store, store.view(ONE), kind, value, "known")
    assert remove_common(store, store.view(ONE), kind, value) == made
    assert common_values(store.view(ONE)) == ()
    with pytest.raises(NotFound):
        remove_common(store, store.view(ONE), kind, value)


def test_a_value_is_listed_once_whatever_the_reason(store: GraphStore) -> None:
    add_common(store, store.view(ONE), "phone", "+31612345678", "a taxi")
    with pytest.raises(UsageError, match="is already listed"):
        add_common(store, store.view(ONE), "phone", "+31612345678", "another reason")
    add_common(store, store.view(ONE), "phone", "+31612345678", "for all to see", "OPEN//REL AAA,BBB")


def test_what_is_taken_off_is_of_its_kind(store: GraphStore) -> None:
    add_common(store, store.view(ONE), "phone", "+31612345678", "a taxi")
    with pytest.raises(NotFound):
        remove_common(store, store.view(ONE), "account", "+31612345678")
    made = add_common(store, store.view(ONE), "account", "+31612345678", "an account with the same number")
    assert remove_common(store, store.view(ONE), "account", "+31612345678") == made
    assert [each.kind for each in store.view(ONE).listed_common()] == ["phone"]


LISTED = [
    thing("Address", "v", full="1 Quay"),
    thing("Address", "w", full="1 Quay Street"),
    person("p", name="1 Quay"),
    thing("EmailAddress", "m", mailbox="Desk@Firm.example"),
    thing("Vehicle", "c", registrationNumber="NL02ABNA0123456789"),
    thing("BankAccount", "k", iban="NL02ABNA0123456789"),
    *crowd(2, "Residence", resident="x", place="v"),
    *crowd(2, "Residence", resident="x", place="stub"),
    *crowd(3, "Call", caller="x", receiver="stub"),
]


@pytest.mark.parametrize(
    ("kind", "value", "entity", "n"),
    [
        ("address", "1 quay", "v", 2),
        ("address", eid("stub"), "stub", 2),  # as many as live there, not as many as call it
        ("phone", eid("stub"), "stub", 3),
        ("email", "desk@firm.EXAMPLE", "m", 0),
        ("vehicle", "NL02ABNA0123456789", "c", 0),
        ("account", "NL02ABNA0123456789", "k", 0),
    ],
)
def test_a_listed_value_means_what_is_of_its_kind_and_says_just_that(
    tmp_path: Path, kind: str, value: str, entity: str, n: int
) -> None:
    store = store_of(tmp_path, LISTED)
    add_common(store, store.view(ONE), kind, value, "known")
    assert [(each.kind, each.entity, each.n) for each in common_values(store.view(ONE))] == [(kind, eid(entity), n)]
    store.close()


def test_the_most_shared_of_a_kind_come_first() -> None:
    places = [thing("Address", f"v{n}", full=f"{n} Quay") for n in (13, 14, 15)]
    with seen(
        [*places, *(each for n in (14, 13, 15) for each in crowd(n, "Residence", resident="x", place=f"v{n}"))]
    ) as view:
        assert [each.value for each in common_values(view)] == ["15 Quay", "14 Quay", "13 Quay"]


def test_a_list_is_its_agencys(store: GraphStore) -> None:
    add_common(store, store.view(ONE), "address", "Kade 1, Rotterdam", "known", "OPEN//REL AAA,BBB")
    other = Viewer(name="b", agencies=frozenset({"BBB"}), level="SECRET")
    with pytest.raises(AccessDenied, match="AAA"):
        remove_common(store, store.view(other), "address", "Kade 1, Rotterdam")
    with pytest.raises(UsageError, match="name one"):
        add_common(store, store.view(EVERYBODY), "phone", "+31612345678", "known")
    made = add_common(store, store.view(EVERYBODY), "phone", "+31612345678", "known", agency="BBB")
    assert made.agency == "BBB"
    with pytest.raises(AccessDenied):
        add_common(store, store.view(other), "phone", "+31612345678", "known", agency="AAA")


@pytest.mark.parametrize("marking", ["SECRET//REL BBB", "SECRET//REL AAA//COMP GOLF"])
def test_who_lists_a_value_can_take_it_off(store: GraphStore, marking: str) -> None:
    with pytest.raises(UsageError) as refused:
        add_common(store, store.view(ONE), "address", "Kade 1, Rotterdam", "known", marking)
    assert refused.value.field == "marking"
    assert not store.view(EVERYBODY).listed_common()


def test_a_kind_value_and_reason_must_be_given(store: GraphStore) -> None:
    with pytest.raises(UsageError, match="one of account, address, birth date"):
        add_common(store, store.view(ONE), "colour", "red", "known")
    with pytest.raises(UsageError, match="reason"):
        add_common(store, store.view(ONE), "phone", "+31612345678", " ")


@pytest.mark.parametrize(
    ("born", "found"),
    [
        (["1980-05-04"] * 13, [("1980-05-04", 13)]),
        (["1980-05-04"] * 12, []),
        (["1980-05"] * 13, []),
        (["1980"] * 13, []),
        (["1980-01-01"] * 7 + ["1981-01-01"] * 6, [("1 January", 13)]),
        (["1980-01-01"] * 6 + ["1981-01-01"] * 6, []),
        (["1980-01-01"] * 13, [("1980-01-01", 13)]),
        (["1980-02-01"] * 7 + ["1981-02-01"] * 6, []),
    ],
)
def test_a_birth_date_that_more_than_twelve_share_is_common(born: list[str], found: list[tuple[str, int]]) -> None:
    with seen([person(f"x{n}", birthDate=date) for n, date in enumerate(born)]) as view:
        values = common_values(view)
        assert [(value.value, value.n) for value in values] == found
        assert {value.kind for value in values} <= {"birth date"}
        assert not any(value.entity or value.listed for value in values)
