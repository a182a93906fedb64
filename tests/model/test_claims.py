"""Claims: which values identify which entities, and their issuers."""

import pytest

from workbench.model.claims import Claim, claims_of
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value

OPEN = parse_marking("OPEN//REL A")


def claimed(schema: str, **said: str | list[str]) -> set[Claim]:
    """Claims of a record with these cleaned values, in the dataset A/d."""
    lists = {name: [text] if isinstance(text, str) else text for name, text in said.items()}
    properties = {name: tuple(Value(text, text) for text in texts) for name, texts in lists.items()}
    return set(claims_of(Record(schema, Dataset("A", "d"), "1", properties, OPEN)))


@pytest.mark.parametrize(
    ("schema", "said", "claim"),
    [
        ("Phone", {"number": "+31612345678"}, Claim("phone", "31612345678")),
        ("BankAccount", {"iban": "NL91 ABNA 0417 1643 00"}, Claim("iban", "NL91ABNA0417164300")),
        ("Vehicle", {"registrationNumber": "AB-12-CD"}, Claim("plate", "AB12CD")),
        ("Vehicle", {"registrationNumber": "АВ12СЕ", "country": "bg"}, Claim("plate", "AB12CE", "bg")),
        ("Vehicle", {"vin": "WVWZZZ1JZXW000001"}, Claim("vin", "WVWZZZ1JZXW000001")),
        ("Device", {"imei": "35-209900-176148-1"}, Claim("imei", "352099001761481")),
        ("EmailAddress", {"mailbox": "Ada@Example.org"}, Claim("email", "ada@example.org")),
        ("Person", {"passportNumber": "p 123 4567"}, Claim("passport", "P1234567")),
        ("Person", {"passportNumber": "P1234567", "passportCountry": "bg"}, Claim("passport", "P1234567", "bg")),
        ("Person", {"idNumber": "771234", "country": "nl"}, Claim("id", "771234", "nl")),
        ("Person", {"idNumber": "771234"}, Claim("id", "771234", "A/d")),
        ("Person", {"taxNumber": "771234", "nationality": "nl"}, Claim("tax", "771234", "nl")),
        ("Person", {"birthDate": "1980-05"}, Claim("birth", "1980-05")),
        ("Person", {"gender": "female"}, Claim("sex", "female")),
        ("Company", {"registrationNumber": "HE 10001", "jurisdiction": "cy"}, Claim("registration", "HE10001", "cy")),
        ("Company", {"vatCode": "NL123456789B01"}, Claim("vat", "NL123456789B01")),
    ],
)
def test_what_a_value_claims(schema: str, said: dict[str, str], claim: Claim) -> None:
    assert claim in claimed(schema, **said)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("Person", {"name": "Ivan Petrov", "phone": "+31612345678", "email": "ada@example.org", "address": "Quay 1"}),
        ("Person", {"gender": "other"}),
        ("Person", {"passportNumber": "12-3"}),
        ("Address", {"full": "Quay 1, Rotterdam"}),
        ("Company", {"name": "Shell A"}),
        ("Phone", {"phoneType": "prepaid"}),
    ],
)
def test_what_identifies_nobody(schema: str, said: dict[str, str]) -> None:
    assert claimed(schema, **said) == set()


def test_two_countries_say_no_issuer() -> None:
    assert claimed("Person", passportNumber="P1234567", passportCountry=["bg", "nl"]) == {Claim("passport", "P1234567")}
    assert claimed("Person", idNumber="771234", country=["bg", "nl"]) == {Claim("id", "771234", "A/d")}


def test_a_country_said_twice_is_one_issuer() -> None:
    assert claimed("Person", idNumber="771234", country=["nl", "nl"]) == {Claim("id", "771234", "nl")}


def test_a_value_that_could_not_be_cleaned_claims_nothing() -> None:
    record = Record("Phone", Dataset("A", "d"), "1", {"number": (Value(None, "+316…"),)}, OPEN)
    assert list(claims_of(record)) == []
