"""Cards of address books: three versions, folded and encoded lines, cards in cards, days without a year."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.adapters.vcard_lines import parts, unescaped
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.said import Said, ids


def card(*lines: str, version: str = "3.0", end: str = "\r\n") -> str:
    return end.join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"]) + end


def read(*lines: str, version: str = "3.0", said: str = "") -> Said:
    return Said("vcard", card(*lines, version=version), said)


def test_quoted_printable_with_soft_ends_and_a_charset() -> None:
    said = read(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=96=D0=B0=",
        "=D0=BD=D0=B0;;;;",
        "FN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:J=F6rg",
        "TEL;CELL;PREF:123",
        "NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=3Dc",
        version="2.1",
    )
    assert said.values("person", "lastName") == ["Жана"]
    assert said.values("person", "name") == ["Jörg"]
    assert said.values("person", "notes") == ["a\nb=c"]
    assert said.values("phone", "phoneType") == ["cell"]


def test_quoted_printable_that_is_no_text_is_kept_as_it_is_written() -> None:
    said = read("FN:Ann", "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3", version="2.1")
    assert said.values("person", "notes") == ["undecoded: ORG: =C3"]


def test_folded_lines_lose_one_space_and_in_2_1_none() -> None:
    assert read("FN:Ann", "NOTE:a", " b", "\t c").values("person", "notes") == ["ab c"]
    assert read("FN:Ann", "NOTE:a", " b", version="2.1").values("person", "notes") == ["a b"]


def test_escapes_groups_and_labels() -> None:
    said = read(
        "FN:Doe\\, Jane\\; and more\\nhere",
        "N:Doe\\;X;Jane;Mary,Ann;Dr.;",
        "item1.TEL;TYPE=cell:+3712000",
        "item1.X-ABLabel:_$!<Mobile>!$_",
        "item2.X-ABRELATEDNAMES:John",
        "item2.X-ABLabel:_$!<Spouse>!$_",
        "URL:http\\://a.example",
    )
    assert said.values("person", "name") == ["Doe, Jane; and more here"]
    assert said.values("person", "lastName") == ["Doe;X"]
    assert said.values("person", "middleName") == ["Mary", "Ann"]
    assert said.values("person", "website") == ["http://a.example/"]
    assert said.values("holds phone", "role") == ["cell", "mobile"]
    assert said.values("family", "relationship") == ["spouse"]


@pytest.mark.parametrize(
    ("line", "date", "kept"),
    [
        ("BDAY:1980-03-22", ["1980-03-22"], []),
        ("BDAY:19800322", ["1980-03-22"], []),
        ("BDAY:1953-10-15T23:10:00Z", ["1953-10-15"], []),
        ("BDAY:1953-10", ["1953-10"], []),
        ("BDAY:1953", ["1953"], []),
        ("BDAY:--0203", [], ["--0203"]),
        ("BDAY:---03", [], ["---03"]),
        ("BDAY;VALUE=text:circa 1800", [], ["circa 1800"]),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-03", [], ["--02-03"]),
        ("BDAY:2021-02-31", [], ["2021-02-31"]),
        ("BDAY:", [], []),
    ],
)
def test_a_birth_date_is_as_exact_as_the_card(line: str, date: list[str], kept: list[str]) -> None:
    said = read("FN:Ann", line, version="4.0")
    assert (said.values("person", "birthDate"), said.kept("person", "birthDate")) == (date, kept)


def test_version_4_addresses_numbers_and_kinds() -> None:
    said = read(
        "UID:urn:uuid:4fbe",
        "FN:Ann",
        "GENDER:F;she",
        'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+371-2000-0000;ext=102',
        "EMAIL:mailto:ann@a.example",
        'ADR;LABEL="Main St.^nRiga":;;Main St.;Riga;;LV-1;Latvia',
        "IMPP:xmpp:ann@chat.example",
        "ORG:Acme;Sales;North",
        "TITLE:Boss",
        "RELATED;TYPE=friend;VALUE=uri:urn:uuid:77",
        "RELATED;TYPE=co-worker;VALUE=text:Bo",
        version="4.0",
    )
    assert said.one("person").source_id == "4fbe"
    assert said.values("person", "gender") == ["female"]
    assert said.values("person", "notes") == ["GENDER.identity: she"]
    assert said.values("holds phone", "description") == ["extension 102"]
    assert said.values("mailbox", "mailbox") == ["ann@a.example"]
    assert said.one("address").values() == {
        "full": ["Main St., Riga", "Main St., Riga, LV-1, Latvia"],
        "street": ["Main St."],
        "city": ["Riga"],
        "postalCode": ["LV-1"],
        "country": ["lv"],
    }
    assert said.one("account").values() == {"username": ["ann@chat.example"], "service": ["xmpp"]}
    assert said.values("employer", "description") == ["Sales", "North"]
    assert said.values("employment", "role") == ["Boss"]
    assert said.ends("associate") == [
        {"person": "4fbe", "associate": "77"},
        {"person": "4fbe", "associate": "4fbe:related:2"},
    ]


def test_a_card_of_a_firm_is_an_organization() -> None:
    said = read("FN:Acme", "ORG:Acme;Sales", "X-ABShowAs:COMPANY", "TEL:+3712000", "TITLE:x")
    assert said.one("organization").values()["name"] == ["Acme"]
    assert (said.of("person"), said.of("employer")) == ([], [])
    assert said.values("organization", "notes") == ["x"]
    group = read("KIND:group", "FN:Gang", "MEMBER:urn:uuid:5", version="4.0")
    assert group.ends("member") == [{"member": "5", "organization": group.one("organization").source_id}]


@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_a_card_in_a_card_acts_for_its_person(version: str) -> None:
    inner = card("FN:Sue", "TEL:+3713000", version=version, end="\n").strip().split("\n")
    lines = ["AGENT:", *inner] if version == "2.1" else ["AGENT:" + "\\n".join(inner)]
    said = read("UID:a", "FN:Ann", *lines, "TEL:+3712000", version=version)
    assert said.values("person", "name") == ["Ann"]
    assert said.values("agent", "name") == ["Sue"]
    assert said.ends("acts for") == [{"agent": said.one("agent").source_id, "client": "a"}]
    assert len(said.of("phone")) == 1


def test_pictures_are_left_out_and_told() -> None:
    packed, digest = b64encode(b"\xff\xd8" * 40).decode(), sha256(b"\xff\xd8" * 40).hexdigest()
    said = read("FN:Ann", f"PHOTO;ENCODING=b;TYPE=JPEG:{packed[:50]}", f" {packed[50:]}")
    assert said.values("person", "notes") == [f"left_out: PHOTO: 80 bytes, sha256 {digest}"]
    said = read("FN:Ann", f"PHOTO;JPEG;ENCODING=BASE64:{packed[:50]}", packed[50:], "", "TEL:1", version="2.1")
    assert said.values("person", "notes") == [f"left_out: PHOTO: 80 bytes, sha256 {digest}"]
    assert len(said.of("phone")) == 1
    said = read("FN:Ann", f"KEY:data:a/b;base64,{packed}", "PHOTO:https://a.example/p", version="4.0")
    notes = said.values("person", "notes")
    assert notes == [f"left_out: KEY: 80 bytes, sha256 {digest}", "PHOTO: https://a.example/p"]


def test_two_cards_with_one_number_hold_one_phone() -> None:
    text = card("UID:a", "FN:Ann", "TEL:+371 20000000") + card("UID:b", "FN:Bo", "TEL:+37120000000")
    said = Said("vcard", text)
    assert len(set(ids(said.of("phone")))) == 1
    assert [each["holder"] for each in said.ends("holds phone")] == ["a", "b"]


def test_a_card_without_a_uid_is_known_by_its_content() -> None:
    one, other = card("FN:Ann"), card("FN:Bo")
    assert ids(Said("vcard", one + other).of("person")) == list(reversed(ids(Said("vcard", other + one).of("person"))))
    assert ids(read("FN:Ann", "TEL:1").of("person")) != ids(read("FN:Ann", "TEL:2").of("person"))


def test_a_name_is_made_of_its_parts_if_there_is_no_other() -> None:
    assert read("N:Doe;Jane;Mary;Dr.;Jr.").values("person", "name") == ["Dr. Jane Mary Doe Jr."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (card("FN:Ann") + "BEGIN:VCARD\nVERSION:3.0\nFN:Bo\n", {"cut off": 1}),
        ("<html></html>\n", {"not this format": 1}),
        (card("FN:Ann").encode("utf-16").decode("latin-1"), {"wrong encoding": 1}),
        (card("FN:Ann") + "stray\nlines\n\nmore\n", {"text outside a card": 2}),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Ann\n" + card("FN:Bo"), {"card without an end": 1}),
        (card("FN:Ann", version="1.0"), {"unknown version": 1}),
        (card("FN:Ann", "nothing"), {"no property": 1}),
    ],
)
def test_what_is_no_card_is_told(desk: Desk, text: str, expected: dict[str, int]) -> None:
    report = desk.load(desk.write("b.vcf", text.encode("latin-1")), adapter="vcard")
    assert reasons(report) == expected


def test_another_encoding_is_declared(desk: Desk, tmp_path: Path) -> None:
    path = desk.write("b.vcf", card("FN:Jörg").encode("latin-1"))
    assert totals(desk.load(path, adapter="vcard"))["quarantined"] == 1
    manifest = desk.write("m.toml", 'adapter = "vcard"\n[[files]]\npattern = "*"\nencoding = "latin-1"\n')
    assert totals(desk.load(path, manifest=manifest))["accepted"] == 1


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)


@given(TEXTS, TEXTS)
def test_what_is_escaped_comes_back(one: str, other: str) -> None:
    def escaped(text: str) -> str:
        return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")

    found = parts(f"{escaped(one)};{escaped(other)}", ";", "4.0")
    assert [unescaped(each, "4.0") for each in found] == [one, other]
