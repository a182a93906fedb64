"""The list of the UN Security Council, and notices of the FBI: dates that are none, and who is no suspect."""

import json
from typing import Any

import pytest

from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.said import Said

LISTED = "<REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER><FIRST_NAME>JANE</FIRST_NAME><SECOND_NAME>DOE</SECOND_NAME>"


def read(inner: str, unit: str = "INDIVIDUAL") -> Said:
    return Said("un-xml", f"<CONSOLIDATED_LIST><{unit}>{LISTED}{inner}</{unit}></CONSOLIDATED_LIST>")


def born(inner: str) -> str:
    return f"<INDIVIDUAL_DATE_OF_BIRTH>{inner}</INDIVIDUAL_DATE_OF_BIRTH>"


def test_only_an_exact_birth_date_is_one() -> None:
    said = read(
        born("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1963-04-02</DATE>")
        + born("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1964</YEAR>")
        + born("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1970</YEAR><NOTE>in spring</NOTE>")
        + born("<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1958</FROM_YEAR><TO_YEAR>1960</TO_YEAR>")
        + born("<TYPE_OF_DATE/>")
    )
    assert said.values("person", "birthDate") == ["1963-04-02", "1964"]
    assert said.kept("person", "birthDate") == ["approximately 1970", "between 1958 and 1960"]
    assert said.values("person", "notes") == ["in spring"]


def test_names_by_quality_and_empty_stubs() -> None:
    alias = "<INDIVIDUAL_ALIAS><QUALITY>{}</QUALITY><ALIAS_NAME>{}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    pairs = [("Good", "A"), ("Low", "B"), ("", ""), ("", "C"), ("Good", "D")]
    said = read("".join(alias.format(*each) for each in pairs))
    assert said.values("alias", "alias") == ["A", "C", "D"]
    assert said.values("weak alias", "weakAlias") == ["B"]
    assert said.values("person", "name") == ["JANE DOE"]
    former = "<ENTITY_ALIAS><QUALITY>{}</QUALITY><ALIAS_NAME>{}</ALIAS_NAME></ENTITY_ALIAS>"
    said = read(former.format("a.k.a.", "A") + former.format("f.k.a.", "B"), "ENTITY")
    assert (said.values("organization alias", "alias"), said.values("former name", "previousName")) == (["A"], ["B"])


def test_documents_places_and_addresses() -> None:
    said = read(
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>A1</NUMBER>"
        "<ISSUING_COUNTRY>Egypt</ISSUING_COUNTRY><DATE_OF_ISSUE>2003-06-01</DATE_OF_ISSUE><NOTE>expired</NOTE>"
        "</INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT/>"
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><NUMBER>9 8</NUMBER>"
        "</INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT><NOTE>lost papers</NOTE></INDIVIDUAL_DOCUMENT>"
        "<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Riga</CITY><COUNTRY>Latvia</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>"
        "<INDIVIDUAL_PLACE_OF_BIRTH><COUNTRY/></INDIVIDUAL_PLACE_OF_BIRTH>"
        "<INDIVIDUAL_ADDRESS><COUNTRY>Latvia</COUNTRY><NOTE>as of 2016</NOTE></INDIVIDUAL_ADDRESS>"
    )
    assert said.one("passport").values() == {
        "type": ["Passport"],
        "number": ["A1"],
        "country": ["eg"],
        "startDate": ["2003-06-01"],
        "description": ["INDIVIDUAL_DOCUMENT.NOTE: expired"],
    }
    assert said.ends("passport") == [{"holder": "QDi.001"}]
    assert said.values("id number", "idNumber") == ["9 8"]
    assert said.values("document without a number", "description") == ["INDIVIDUAL_DOCUMENT.NOTE: lost papers"]
    assert said.values("birth place", "birthPlace") == ["Riga, Latvia"]
    assert said.values("address", "country") == ["lv"]
    assert said.ends("at") == [{"resident": "QDi.001", "place": "QDi.001:address:1"}]


def test_what_the_listing_says() -> None:
    said = read(
        "<UN_LIST_TYPE>X</UN_LIST_TYPE><LISTED_ON>2015-04-07-04:00</LISTED_ON><DELISTED_ON>2016-01-02</DELISTED_ON>"
        "<COMMENTS1>a &amp; b</COMMENTS1><LAST_DAY_UPDATED><VALUE>2015-01-01</VALUE></LAST_DAY_UPDATED><NEW>x</NEW>"
    )
    listing = said.one("listing")
    assert listing.values() == {
        "unscId": ["QDi.001"],
        "program": ["X"],
        "authority": ["UN Security Council"],
        "listingDate": ["2015-04-07"],
        "endDate": ["2016-01-02"],
    }
    assert said.values("person", "notes") == ["a & b", "NEW: x"]
    assert said.values("person", "topics") == ["sanction"]


def notice(**said: Any) -> dict[str, Any]:
    usual = {"uid": "1", "title": "JANE DOUGH - RIGA, LATVIA", "sex": "Female", "person_classification": "Main"}
    return {**usual, "poster_classification": "default", "subjects": ["Counterintelligence"], **said}


def of_notice(**said: Any) -> Said:
    return Said("fbi-wanted", json.dumps({"total": 1, "items": [notice(**said)]}))


@pytest.mark.parametrize(
    ("said", "capacity"),
    [
        ({}, ["suspect"]),
        ({"person_classification": "Victim"}, ["victim"]),
        ({"person_classification": "Victim", "poster_classification": "missing"}, ["missing person"]),
        ({"poster_classification": "missing"}, ["missing person"]),
        ({"subjects": ["ViCAP Missing Persons"]}, ["missing person"]),
        ({"subjects": ["ViCAP Unidentified Persons"]}, ["victim"]),
        ({"subjects": ["ViCAP Homicides and Sexual Assaults"]}, ["victim"]),
        ({"subjects": ["Parental Kidnapping Victims"]}, ["victim"]),
        ({"subjects": ["Capitol", "Seeking Information"]}, []),
        ({"poster_classification": "information"}, []),
        ({"subjects": ["Endangered Child Alert Program"]}, []),
        ({"poster_classification": "law-enforcement-assistance"}, []),
        ({"subjects": ["Seeking Information"], "description": "Homicide Victim\r\nPortland"}, ["victim"]),
        ({"person_classification": "Main", "poster_classification": "ten"}, ["suspect"]),
        ({"person_classification": None}, []),
    ],
)
def test_only_who_is_sought_for_a_crime_is_a_suspect(said: dict[str, Any], capacity: list[str]) -> None:
    found = of_notice(**said)
    assert found.values("involved", "capacity") == capacity
    assert found.values("wanted", "topics") == (["wanted"] if capacity == ["suspect"] else [])
    assert "topics" not in found.one("person").values()


def test_a_notice_about_nobody_has_no_person() -> None:
    found = Said("fbi-wanted", json.dumps([{"uid": "1", "title": "HACKING", "sex": None, "aliases": []}]))
    assert [each.schema for each in found.records] == ["Investigation"]


def test_names_dates_and_texts_of_a_notice() -> None:
    found = of_notice(
        dates_of_birth_used=["July 31, 1977", "July 1978", "1979", "between 1970 and 1972", "31 February"],
        aliases=['"Borre"', "Jane Doh"],
        details='<p>Born <b>in&nbsp;Riga</b>.</p><script>x()</script><p>See <a href="https://a.example/1">here</a>.</p>',
        reward_text="up to $10",
        warning_message="ARMED",
        ncic="W1",
        images=[{"original": "https://a.example/o", "large": "https://a.example/l"}],
        publication="2018-10-02T09:10:00",
    )
    assert found.values("person", "name") == ["JANE DOUGH"]
    assert found.values("person", "alias") == ["Borre", "Jane Doh"]
    assert found.values("person", "birthDate") == ["1977-07-31", "1978-07", "1979"]
    assert found.kept("person", "birthDate") == ["between 1970 and 1972", "31 February"]
    assert found.values("notice", "description") == ["Born in Riga.\nSee here (https://a.example/1)."]
    assert found.values("notice", "date") == ["2018-10-02"]
    notes = found.values("notice", "notes")
    assert notes[:2] == ["reward: up to $10", "warning: ARMED"]
    assert "images.original: https://a.example/o" in notes
    assert not [each for each in notes if "/l" in each]


def test_an_unknown_person_keeps_the_whole_title() -> None:
    assert of_notice(title="JANE DOE - RIGA, LATVIA").values("person", "name") == ["JANE DOE - RIGA, LATVIA"]


def test_a_page_says_that_there_are_more(desk: Desk) -> None:
    path = desk.write("p.json", json.dumps({"total": 1000, "page": 1, "items": [notice(), notice(uid="2")]}))
    report = desk.load(path, adapter="fbi-wanted")
    assert totals(report) == {"read": 2, "accepted": 2}
    assert reasons(report)["another number of units than it says"] == 1
    (message,) = report.messages
    assert message == f"{path}: it says there are 1000 units, and it has 2: is it a part? Fetch the others too"
    again = desk.load(path, adapter="fbi-wanted")
    assert (totals(again), again.messages, again.revision) == ({"read": 2, "unchanged": 2}, report.messages, None)


@pytest.mark.parametrize("empty", ['{"total": 0, "items": []}', "[]"])
def test_a_page_of_nothing_has_nothing(desk: Desk, empty: str) -> None:
    assert totals(desk.load(desk.write("p.json", empty), adapter="fbi-wanted")) == {}


def test_a_single_notice(desk: Desk) -> None:
    report = desk.load(desk.write("p.json", json.dumps(notice())), adapter="fbi-wanted")
    assert totals(report) == {"read": 1, "accepted": 1}
