"""Statements of beneficial ownership: histories, interests through others, nobody named, older versions."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from ingest.quarantine import replay
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.said import Said, ids
from tests.stores import leased

Statement = dict[str, Any]


def statement(own: str, record: str, kind: str = "entity", day: str = "2020-01-01", **said: Any) -> Statement:
    status = said.pop("status", "new")
    usual = {"statementId": own, "recordId": record, "recordType": kind, "recordStatus": status, "statementDate": day}
    details = {
        "isComponent": False,
        **({"entityType": {"type": "registeredEntity"}} if kind == "entity" else {}),
        **said,
    }
    return {**usual, "recordDetails": details}


def owning(own: str = "s9", *interests: Statement, subject: Any = "co", party: Any = "p", **said: Any) -> Statement:
    return statement(
        own, "rel", "relationship", subject=subject, interestedParty=party, interests=list(interests), **said
    )


def read(*statements: Statement) -> Said:
    return Said("bods", json.dumps(statements))


def test_only_the_newest_statement_of_a_record_counts() -> None:
    series = [
        statement("s1", "co", name="Old"),
        statement("s2", "co", day="2021-01-01", status="updated", name="Acme"),
        statement("s3", "co", day="2020-06-01", status="updated", name="Middle"),
        statement("s4", "other", name="Other"),
    ]
    for order in permutations(series):
        said = read(*order)
        assert sorted(said.values("company", "name")) == ["Acme", "Other"]
        assert len(said.all) == 4
        assert len(said.of("company")) == 2


def test_records_without_a_status_are_histories_too() -> None:
    bare = [statement("s1", "co", name="Old"), statement("s2", "co", day="2021-01-01", name="Acme")]
    for each in bare:
        del each["recordStatus"]
    assert read(*bare).values("company", "name") == ["Acme"]


def test_a_closed_record_is_of_the_past_and_keeps_its_end() -> None:
    interest = {"type": "shareholding", "startDate": "2019-09-11", "endDate": "2021-04-03", "share": {"exact": 50}}
    said = read(owning("s1", {**interest, "endDate": None}), owning("s2", interest, status="closed", day="2021-05-01"))
    (ownership,) = said.of("ownership")
    assert ownership.values()["status"] == ["closed"]
    assert ownership.values()["endDate"] == ["2021-04-03"]


@pytest.mark.parametrize(
    ("share", "percentage"),
    [
        ({"exact": 50}, ["50"]),
        ({"exact": 33.50}, ["33.5"]),
        ({"minimum": 25, "maximum": 50}, ["25-50"]),
        ({"minimum": 100, "maximum": 100}, ["100"]),
        ({"exclusiveMinimum": 25, "maximum": 50}, ["25-50"]),
        ({"minimum": 25, "exclusiveMinimum": True}, ["at least 25"]),
        ({"maximum": 10}, ["at most 10"]),
        ({}, []),
    ],
)
def test_shares(share: dict[str, Any], percentage: list[str]) -> None:
    assert read(owning("s", {"type": "shareholding", "share": share})).values("ownership", "percentage") == percentage


def test_kinds_of_interests() -> None:
    said = read(
        owning(
            "s",
            {"type": "shareholding", "beneficialOwnershipOrControl": True, "directOrIndirect": "direct"},
            {"type": "boardMember", "beneficialOwnershipOrControl": True},
            {"type": "votingRights", "share": {"minimum": 25, "maximum": 50}, "details": "by pact"},
            {"directOrIndirect": "unknown"},
        )
    )
    assert said.one("ownership").values()["role"] == ["beneficial owner"]
    assert said.one("ownership").values()["ownershipType"] == ["shareholding", "direct"]
    assert said.ends("ownership") == [{"owner": "p", "asset": "co"}]
    assert said.ends("directorship") == [{"director": "p", "organization": "co"}]
    assert said.values("directorship", "role") == ["boardMember", "beneficial owner"]
    assert said.ends("control") == [{"controller": "p", "controlled": "co"}] * 2
    assert "percent: 25-50" in said.values("control", "description")
    assert said.values("control", "summary") == ["by pact"]
    assert set(ids(said.records)) == {"rel"}


def test_a_relationship_without_interests_is_one_of_an_unknown_kind() -> None:
    assert read(owning()).ends("control") == [{"controller": "p", "controlled": "co"}]


def test_an_interest_through_others_is_no_second_share() -> None:
    interest = {"type": "shareholding", "directOrIndirect": "indirect", "beneficialOwnershipOrControl": True}
    said = read(owning("s", {**interest, "share": {"exact": 30}}, componentRecords=["a", "b"]))
    assert said.of("ownership") == []
    link = said.one("through others")
    assert link.values()["role"] == ["shareholding, indirect, through others", "beneficial owner"]
    assert "percent: 30" in link.values()["description"]
    assert "interests.statement.componentRecords: a" in link.values()["description"]
    alone = read(owning("s", {**interest, "share": {"exact": 30}}))
    assert alone.values("ownership", "percentage") == ["30"]


def test_nobody_named_is_knowledge_and_no_tie() -> None:
    said = read(owning("s", {"type": "shareholding"}, party={"reason": "noBeneficialOwners", "description": "why"}))
    note = said.one("unspecified")
    assert note.values()["description"] == ["noBeneficialOwners", "why"]
    assert "told.interests.type: shareholding" in note.values()["notes"]
    assert said.ends("unspecified") == [{"entity": "co"}]
    assert said.records == [note]


def test_people_and_their_names() -> None:
    said = read(
        statement(
            "s",
            "p",
            "person",
            personType="knownPerson",
            names=[
                {"type": "legal", "fullName": "Ann Doe", "familyName": "Doe", "givenName": "Ann"},
                {"type": "former", "fullName": "Ann Dough", "familyName": "Dough"},
                {"type": "transliteration", "fullName": "Анна Доу"},
            ],
            identifiers=[
                {"id": "7700225VH", "scheme": "IRL-TAXID", "schemeName": "Ireland PPS"},
                {"id": "12", "scheme": "LV-ID", "uri": "https://a.example"},
            ],
            nationalities=[{"code": "LV", "name": "Latvia"}],
            birthDate="1965-11",
            politicalExposure={"status": "isPep", "details": [{"reason": "minister"}]},
        )
    )
    person = said.one("person").values()
    assert person["birthDate"] == ["1965-11"]
    assert person["topics"] == ["role.pep"]
    assert "recordDetails.politicalExposure.details.reason: minister" in person["notes"]
    assert said.values("name", "name") == ["Ann Doe"]
    assert said.values("former name", "previousName") == ["Ann Dough"]
    assert said.values("former name", "notes") == ["former: Dough"]
    assert said.values("other name", "alias") == ["Анна Доу"]
    assert said.values("tax number", "taxNumber") == ["7700225VH"]
    assert said.values("tax number", "notes") == ["Ireland PPS IRL-TAXID: 7700225VH"]
    assert said.one("id number").values()["jurisdiction"] == ["lv"]


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("registeredEntity", "Company"),
        ("state", "PublicBody"),
        ("stateBody", "PublicBody"),
        ("arrangement", "LegalEntity"),
        ("anonymousEntity", "LegalEntity"),
    ],
)
def test_kinds_of_entities(kind: str, schema: str) -> None:
    details = {"entityType": {"type": kind}, "unspecifiedEntityDetails": {"reason": "unknown"}}
    (entity,) = (each for each in read(statement("s", "e", **details)).records)
    assert (entity.schema, entity.values()["description"]) == (schema, ["unknown"])


def test_an_id_that_stands_twice_and_a_wrong_party_go_into_quarantine(desk: Desk) -> None:
    twice = [statement("s1", "co", name="A"), statement("s1", "co", name="B"), owning("s2", party="rel")]
    report = desk.load(desk.write("b.json", json.dumps(twice)), adapter="bods")
    assert totals(report) == {"read": 3, "accepted": 1, "quarantined": 2}
    assert reasons(report) == {"statement id stands twice": 1, "wrong interested party": 1}
    assert [each.caption for each in desk.view().search("A").entities] == ["A"]


@pytest.mark.parametrize("lined", [False, True])
def test_a_repaired_statement_is_of_its_history(desk: Desk, tmp_path: Path, lined: bool) -> None:
    """Whatever could not be read, and whatever comes of it, all is as in a file without mistakes."""
    right = [
        statement("s1", "co", name="Old"),
        statement("s2", "co", day="2021-01-01", status="updated", name="Acme"),
        statement("s3", "p", "person", names=[{"fullName": "Ann"}]),
        owning("s4", {"type": "shareholding"}),
        {**owning("s5", {"type": "boardMember"}), "recordId": "rel2"},
    ]
    texts = [json.dumps(each) for each in right]
    wrong = [text.replace("{", '{"x": NaN, ', 1) for text in texts[:2]] + [
        texts[2],
        texts[3].replace('"s4"', '"s3"'),
        texts[4].replace('"interestedParty": "p"', '"interestedParty": "rel"'),
    ]

    def file(units: list[str]) -> str:
        return "\n".join(units) if lined else f"[{', '.join(units)}]"

    desk.load(desk.write("b.json", file(wrong)), adapter="bods", dataset="d", delivered="2026-01-01")
    waiting = sorted(desk.view().quarantine(), key=lambda unit: int(unit.locator.rpartition(":")[2]))
    found = ["not JSON", "not JSON", "statement id stands twice", "wrong interested party"]
    assert [unit.reason for unit in waiting] == found
    replay(desk.store, desk.view(), by="tester")
    assert len(desk.view().quarantine()) == len(waiting)
    for unit in waiting:
        fixed = texts[int(unit.locator.rpartition(":")[2]) - 1]
        replay(desk.store, desk.view(), [unit.id], by="tester", raw=fixed.encode())
    assert desk.view().quarantine() == ()
    with leased(tmp_path / "other") as url:
        clean = Desk(tmp_path / "other", url)
        clean.load(clean.write("b.json", file(texts)), adapter="bods", dataset="d", delivered="2026-01-01")
        assert clean.view().digest() == desk.view().digest()
        clean.store.close()


def older(own: str, kind: str, **said: Any) -> Statement:
    return {"statementID": own, "statementType": f"{kind}Statement", **said}


def test_older_versions_have_the_same_meaning() -> None:
    said = read(
        older("e1", "entity", entityType="registeredEntity", name="Old", incorporatedInJurisdiction={"code": "LV"}),
        older("e2", "entity", entityType="registeredEntity", name="Acme", replacesStatements=["e1"]),
        older("e3", "entity", entityType="registeredEntity", name="Acme Ltd", replacesStatements=["e2"]),
        older("p1", "person", personType="knownPerson", names=[{"type": "individual", "fullName": "Ann"}])
        | {"addresses": [{"type": "service", "address": "Riga", "country": "LV"}]},
        older(
            "o1",
            "ownershipOrControl",
            subject={"describedByEntityStatement": "e2"},
            interestedParty={"describedByPersonStatement": "p1"},
            interests=[
                {"type": "voting-rights", "interestLevel": "direct", "share": {"minimum": 25, "exclusiveMinimum": True}}
            ],
            publicationDetails={"bodsVersion": "0.2"},
        ),
        older(
            "o2",
            "ownershipOrControl",
            subject={"describedByEntityStatement": "e3"},
            interestedParty={"unspecified": {"reason": "unknown", "description": "x"}},
        ),
    )
    assert (ids(said.of("company")), said.values("company", "name")) == (["e1"], ["Acme Ltd"])
    assert said.values("name", "name") == ["Ann"]
    assert said.values("address", "country") == ["lv"]
    assert said.ends("control") == [{"controller": "p1", "controlled": "e1"}]
    assert said.values("control", "controlType") == ["votingRights", "direct"]
    assert said.values("unspecified", "description") == ["unknown", "x"]
    assert said.ends("unspecified") == [{"entity": "e1"}]


def test_what_is_no_statement_is_told(desk: Desk) -> None:
    report = desk.load(desk.write("b.json", '[{"a": 1}, {"statementType": "x", "statementID": "y"}]'), adapter="bods")
    assert reasons(report) == {"no statement": 2}
