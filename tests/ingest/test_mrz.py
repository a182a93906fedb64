"""Machine-readable zones: where fields are, check digits, centuries, names and states."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.adapters import mrz_zones
from ingest.adapters.mrz_zones import check_digit
from ingest.shapes import Reject
from tests.ingest.reading import Outcome, read_text, records, values
from workbench.errors import FileRefused
from workbench.model.record import Record

PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
SMALL = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
VISA = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159<<<<<<<<<<<<<<<<"
ALL = {"TD3": PASSPORT, "TD1": CARD, "TD2": SMALL, "MRV-A": VISA}


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mrz_zones, "_today", lambda: date(2026, 6, 1))


def read(text: str) -> list[Outcome]:
    return read_text("mrz", text, "")


def passport(**said: str) -> str:
    """A passport with these parts, and right check digits."""
    part = {"issuer": "UTO", "number": "L898902C3", "nation": "UTO", "birth": "740812", "sex": "F", "expiry": "301231"}
    part = {"names": "ERIKSSON<<ANNA", "personal": "<" * 14, **part, **said}
    number, birth, expiry = (part[name] + check_digit(part[name]) for name in ("number", "birth", "expiry"))
    personal = part["personal"] + ("<" if part["personal"] == "<" * 14 else check_digit(part["personal"]))
    whole = check_digit(number + birth + expiry + personal)
    first = f"P<{part['issuer']:<<3}{part['names']}".ljust(44, "<")
    return f"{first}\n{number}{part['nation']:<<3}{birth}{part['sex']}{expiry}{personal}{whole}\n"


def bearer(text: str) -> Record:
    return next(each for each in records(read(text)) if each.schema == "Person")


@pytest.mark.parametrize("size", ALL)
def test_every_size_says_who_holds_what(size: str) -> None:
    person, document = records(read(ALL[size]))
    assert values(person)["name"] == ["ANNA MARIA ERIKSSON"]
    assert (values(person)["birthDate"], values(person)["gender"]) == (["1974-08-12"], ["female"])
    assert document.schema == ("Passport" if size == "TD3" else "Identification")
    assert document.roles == (("holder", person.source_id),)
    assert values(document)["endDate"] == ["2012-04-15"]
    assert values(document)["number"] == ["D23145890" if size in ("TD1", "TD2") else "L898902C3"]
    assert size in values(document)["summary"]
    assert ("passportNumber" in person.properties, "idNumber" in person.properties) == {
        "TD3": (True, False),
        "MRV-A": (False, False),
    }.get(size, (False, True))


def test_documents_need_no_blank_line_between_them() -> None:
    text = "\n".join([PASSPORT, CARD, SMALL, VISA, PASSPORT.replace("ANNA", "INGA")])
    assert [each.locator for each in records(read(text))][::2] == ["t:1", "t:3", "t:6", "t:8", "t:10"]


@pytest.mark.parametrize("lost", range(2))
def test_a_document_that_lacks_a_line_hides_no_other(lost: int) -> None:
    torn = PASSPORT.split("\n")[lost]
    first, *rest = read("\n".join([torn, SMALL, torn, CARD]))
    assert isinstance(first, Reject)
    assert [type(each) for each in rest] == [Record, Record, Reject, Record, Record]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (PASSPORT.replace("L898902C36", "L898902O36"), "document number"),
        (PASSPORT.replace("7408122F", "7408132F"), "birth date"),
        (PASSPORT.replace("1204159", "1204169"), "expiry date"),
        (PASSPORT.replace("ZE184226B<<<<<1", "ZE184226B<<<<<2"), "personal number"),
        (PASSPORT.replace("<<<<<10", "<<<<<11"), "whole"),
        (CARD.replace("UTOD231458907", "UTOD231458908"), "document number"),
        (CARD.replace("<6\n", "<7\n"), "whole"),
        (SMALL[:-1] + "5", "whole"),
    ],
)
def test_a_wrong_check_digit_is_named(text: str, field: str) -> None:
    (reject,) = read(text)
    assert isinstance(reject, Reject)
    assert reject.reason == f"wrong check digit: {field}"


@given(st.sampled_from(sorted(ALL)), st.data())
def test_a_misread_digit_is_found(size: str, data: st.DataObject) -> None:
    """Every digit that is another one: no two digits that stand in one place have the same weight."""
    lines = ALL[size].split("\n")
    places = [(line, at) for line, text in enumerate(lines) for at, sign in enumerate(text) if sign.isdigit()]
    line, at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([sign for sign in "0123456789" if sign != lines[line][at]]))
    lines[line] = lines[line][:at] + other + lines[line][at + 1 :]
    (reject,) = read("\n".join(lines))
    assert isinstance(reject, Reject)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=10, max_size=20))
def test_a_long_number_goes_on_in_the_optional_data(number: str) -> None:
    digit = check_digit(number)
    first = f"I<UTO{number[:9]}<{number[9:]}{digit}".ljust(30, "<")
    second = "7408122F1204159UTO<<<<<<<<<<<"
    whole = check_digit(first[5:30] + second[:7] + second[8:15] + second[18:29])
    document = records(read(f"{first}\n{second}{whole}\nERIKSSON<<ANNA<<<<<<<<<<<<<<<<\n"))[1]
    assert values(document)["number"] == [number]


@pytest.mark.parametrize(
    ("birth", "expiry", "expected"),
    [
        ("740812", "301231", "1974-08-12"),
        ("260531", "301231", "2026-05-31"),
        ("260602", "301231", "1926-06-02"),
        ("150101", "140101", "1915-01-01"),
        ("850412", "891231", "1985-04-12"),
        ("74<<<<", "301231", "1974"),
        ("7408<<", "301231", "1974-08"),
        ("740800", "301231", "1974-08"),
        ("<<<<<<", "301231", None),
        ("740812", "<<<<<<", "1974-08-12"),
    ],
)
def test_a_birth_is_never_in_the_future_nor_after_the_expiry(birth: str, expiry: str, expected: str | None) -> None:
    found = values(bearer(passport(birth=birth, expiry=expiry)))
    assert found.get("birthDate") == ([expected] if expected else None)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"birth": "741301"}, "no date: birth date"),
        ({"birth": "7A1201"}, "no date: birth date"),
        ({"expiry": "300231"}, "no date: expiry date"),
        ({"names": "<<"}, "no name"),
        ({"sex": "é"}, "no such character"),
        ({"number": "l898902C3"}, "no such character"),
    ],
)
def test_what_no_document_has_is_told(said: dict[str, str], reason: str) -> None:
    (reject,) = read(passport(**said))
    assert isinstance(reject, Reject)
    assert reject.reason == reason


@pytest.mark.parametrize(
    ("code", "country", "words"),
    [
        ("D", ["de"], None),
        ("NLD", ["nl"], None),
        ("GBN", ["gb"], ["British National (Overseas)"]),
        ("RKS", ["xk"], None),
        ("XXA", None, ["stateless"]),
        ("XXB", None, ["refugee under the convention of 1951"]),
    ],
)
def test_states_and_the_stateless(code: str, country: list[str] | None, words: list[str] | None) -> None:
    found = values(bearer(passport(nation=code, issuer="D")))
    assert (found.get("nationality"), found.get("keywords"), found["passportCountry"]) == (country, words, ["de"])


def test_names_are_kept_as_they_are() -> None:
    found = values(bearer(passport(names="VAN<DER<MUELLEN<<BJOERN<O<MALLEY".ljust(39, "A"))))
    assert found["lastName"] == ["VAN DER MUELLEN"]
    assert found["firstName"][0].startswith("BJOERN O MALLEY")
    assert found["notes"] == ["names may be cut off"]
    alone = values(bearer(passport(names="ARKFREITH")))
    assert (alone["name"], "firstName" in alone) == (["ARKFREITH"], False)
    assert values(bearer(passport(sex="X"))).get("gender") is None


def test_other_text_is_refused() -> None:
    with pytest.raises(FileRefused, match="have not 30, 36 or 44 characters"):
        read("Dear Sir,\nthe passport is lost.\n")
