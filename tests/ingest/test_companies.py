"""Who controls companies: Companies House, and GLEIF in XML and JSON."""

import json
from typing import Any

import pytest

from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.said import Said

SELF = "/company/01234567/persons-with-significant-control/individual/1"


def control(kind: str = "individual-person-with-significant-control", **said: Any) -> dict[str, Any]:
    return {"company_number": "1234567", "data": {"kind": kind, "etag": "x", "links": {"self": SELF}, **said}}


def read(*units: dict[str, Any]) -> Said:
    return Said("psc", "\n".join(map(json.dumps, units)))


def test_a_person_with_ranges_of_shares() -> None:
    said = read(
        control(
            name="Mr Joe Q Bloggs",
            name_elements={"title": "Mr", "forename": "Joe", "middle_name": "Q", "surname": "Bloggs"},
            date_of_birth={"year": 1955, "month": 4},
            nationality="British,Irish",
            country_of_residence="Wales",
            natures_of_control=[
                "ownership-of-shares-25-to-50-percent",
                "ownership-of-shares-75-to-100-percent-as-trust",
                "voting-rights-50-to-75-percent",
                "right-to-appoint-and-remove-directors-as-firm",
                "significant-influence-or-control",
            ],
            notified_on="2016-04-06",
            ceased_on="2016-10-11",
            address={"premises": "1", "address_line_1": "High St", "locality": "Cardiff", "postal_code": "CF1"},
            identity_verification_details={"x": "y"},
        )
    )
    person = said.one("person").values()
    assert person["name"] == ["Joe Q Bloggs"]
    assert person["birthDate"] == ["1955-04"]
    assert person["nationality"] == ["gb", "ie"]
    assert person["notes"] == ["name: Mr Joe Q Bloggs", "identity_verification_details.x: y"]
    assert [each.values()["percentage"] for each in said.of("ownership")] == [["25-50"], ["75-100"]]
    assert said.values("ownership", "role") == ["trust"]
    assert said.values("control", "description") == ["percent: 50-75"]
    assert said.values("control", "role") == ["firm"]
    assert len(said.of("control")) == 3
    for name in ("ownership", "control"):
        assert set(said.values(name, "startDate") + said.values(name, "endDate")) == {"2016-04-06", "2016-10-11"}
    assert said.ends("ownership")[0] == {"owner": SELF, "asset": "company:01234567"}
    assert said.values("address", "full") == ["1, High St, Cardiff, CF1"]
    assert said.values("at", "residenceType") == ["correspondence address"]


def test_companies_and_other_legal_persons() -> None:
    identification = {
        "registration_number": "8910",
        "country_registered": "France",
        "legal_form": "SA",
        "place": "Paris",
    }
    said = read(
        control("corporate-entity-person-with-significant-control", name="Foo SA", identification=identification)
    )
    assert said.one("controlling company").values() == {
        "name": ["Foo SA"],
        "registrationNumber": ["8910"],
        "jurisdiction": ["fr"],
        "legalForm": ["SA"],
        "notes": ["identification.place: Paris"],
    }
    assert said.values("control", "controlType") == ["not said"]
    assert read(control("legal-person-person-with-significant-control", name="X")).one("controlling organization")


def test_who_is_secret_has_no_name() -> None:
    said = read(control("super-secure-person-with-significant-control", description="super-secure"))
    assert said.one("secret person").values() == {"description": ["super-secure"]}
    assert said.ends("control") == [{"controller": SELF, "controlled": "company:01234567"}]


def test_a_statement_that_nobody_controls_is_kept() -> None:
    text = "no-individual-or-entity-with-signficant-control"
    said = read(control("persons-with-significant-control-statement", statement=text, notified_on="2016-07-12"))
    note = said.one("statement")
    assert note.values() == {"name": [text], "description": [text, "persons-with-significant-control-statement"]} | {
        "createdAt": ["2016-07-12"]
    }
    assert said.ends("statement") == [{"entity": "company:01234567"}]
    assert [each.schema for each in said.records] == ["Company", "Note"]
    exempt = read(control("exemptions", exemptions={"x": {"items": [{"exempt_from": "2016-01-01"}]}}))
    assert exempt.values("statement", "notes") == ["exemptions.x.items.exempt_from: 2016-01-01"]


def test_an_overseas_entity_is_not_of_the_register_s_country() -> None:
    said = read({**control("individual-beneficial-owner"), "company_number": "oe000001"})
    assert said.one("company").values() == {"registrationNumber": ["OE000001"]}
    assert read(control()).one("company").values() == {"registrationNumber": ["01234567"], "jurisdiction": ["gb"]}


@pytest.mark.parametrize("count", [1, 2])
def test_the_totals_are_no_unit_of_anybody(desk: Desk, count: int) -> None:
    totals_line = {
        "data": {
            "kind": "totals#persons-of-significant-control-snapshot",
            "persons_of_significant_control_count": count,
            "statements_count": 0,
            "exemptions_count": 0,
        }
    }
    path = desk.write("s.txt", "\n".join(map(json.dumps, [control(), totals_line])))
    report = desk.load(path, adapter="psc")
    assert totals(report) == {"read": 2, "accepted": 1}
    assert [each.left for each in report.files] == [1]
    assert bool(report.messages) == (count == 2)


def test_an_unknown_kind_is_told(desk: Desk) -> None:
    report = desk.load(desk.write("s.json", json.dumps(control("new-kind"))), adapter="psc")
    assert reasons(report) == {"unknown kind": 1}


def test_documents_and_lists_of_the_interface() -> None:
    own = control(name="Joe")["data"]
    assert Said("psc", json.dumps(own, indent=1)).ends("control") == [
        {"controller": SELF, "controlled": "company:01234567"}
    ]
    listed = Said("psc", json.dumps({"items": [own, own], "total_results": 2}))
    assert len(listed.of("person")) == 2


LEI = {
    "LEI": "5493001KJTIIGC8Y1R12",
    "Entity": {
        "LegalName": "Acme",
        "OtherEntityNames": [
            {"type": "PREVIOUS_LEGAL_NAME", "OtherEntityName": "Old Acme"},
            {"type": "TRADING_OR_OPERATING_NAME", "OtherEntityName": "ACME!"},
        ],
        "LegalAddress": {"FirstAddressLine": "C/O X", "AdditionalAddressLine": ["Suite 4", "Floor 2"], "City": "Riga"}
        | {"Country": "LV"},
        "RegistrationAuthority": {"RegistrationAuthorityID": "RA1", "RegistrationAuthorityEntityID": "77"},
        "LegalJurisdiction": "US-DE",
        "EntityCategory": "GENERAL",
        "EntityStatus": "INACTIVE",
        "EntityExpirationDate": "2020-01-31T00:00:00+01:00",
        "SuccessorEntity": {"SuccessorLEI": "969500WU8KVE8U3TL824"},
    },
    "Registration": {"RegistrationStatus": "RETIRED", "ManagingLOU": "M1"},
}


def as_xml(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(as_xml(name, each) for each in value)
    return f"<{name}>{value if isinstance(value, str) else ''.join(as_xml(*each) for each in value.items())}</{name}>"


def as_golden(value: Any) -> Any:
    """How the golden copy writes JSON."""
    if isinstance(value, list):
        return [as_golden(each) for each in value]
    return {"$": value} if isinstance(value, str) else {key: as_golden(each) for key, each in value.items()}


def entity_forms() -> list[str]:
    names = "".join(
        f'<OtherEntityName type="{each["type"]}">{each["OtherEntityName"]}</OtherEntityName>'
        for each in LEI["Entity"]["OtherEntityNames"]  # type: ignore[index] # a dict by construction
    )
    xml = as_xml("LEIRecord", LEI | {"Entity": {**LEI["Entity"], "OtherEntityNames": names}})  # type: ignore[dict-item]
    golden = as_golden(LEI)
    golden["Entity"]["OtherEntityNames"] = {
        "OtherEntityName": [
            {"@type": each["type"], "$": each["OtherEntityName"]}
            for each in LEI["Entity"]["OtherEntityNames"]  # type: ignore[index] # a dict by construction
        ]
    }
    return [
        json.dumps([LEI]),
        json.dumps(LEI) + "\n" + json.dumps({"LEI": "X", "Entity": {}}),
        json.dumps({"records": [golden]}),
        f"<LEIData><LEIRecords>{xml}</LEIRecords></LEIData>",
    ]


@pytest.mark.parametrize("text", entity_forms(), ids=["list", "lines", "golden", "xml"])
def test_an_entity_is_the_same_in_all_forms(text: str) -> None:
    said = Said("gleif", text)
    assert not said.rejects
    company = said.of("company")[0].values()
    assert company == {
        "name": ["Acme"],
        "leiCode": ["5493001KJTIIGC8Y1R12"],
        "registrationNumber": ["77"],
        "jurisdiction": ["us"],
        "classification": ["GENERAL"],
        "status": ["INACTIVE", "RETIRED"],
        "dissolutionDate": ["2020-01-31"],
        "notes": [
            "Entity.RegistrationAuthority.RegistrationAuthorityID: RA1",
            "Registration.ManagingLOU: M1",
        ],
    }
    assert said.values("former name", "previousName") == ["Old Acme"]
    assert said.values("other name", "alias") == ["ACME!"]
    assert said.values("legal address", "full") == ["C/O X, Suite 4, Floor 2, Riga, LV"]
    assert said.ends("succession") == [{"predecessor": LEI["LEI"], "successor": "969500WU8KVE8U3TL824"}]


def relationship(kind: str, **said: Any) -> Said:
    unit = {
        "Relationship": {
            "StartNode": {"NodeID": "A", "NodeIDType": "LEI"},
            "EndNode": {"NodeID": "B", "NodeIDType": "LEI"},
            "RelationshipType": kind,
            "RelationshipPeriods": [
                {"PeriodType": "ACCOUNTING_PERIOD", "StartDate": "2018-01-01", "EndDate": "2018-12-31"},
                {"PeriodType": "RELATIONSHIP_PERIOD", "StartDate": "2012-11-29T00:00:00.000Z"},
            ],
            "RelationshipStatus": "INACTIVE",
            **said,
        }
    }
    return Said("gleif", json.dumps({"relations": [{"RelationshipRecord": unit}]}))


@pytest.mark.parametrize(
    ("kind", "name", "ends"),
    [
        ("IS_DIRECTLY_CONSOLIDATED_BY", "ownership", {"owner": "B", "asset": "A"}),
        ("IS_ULTIMATELY_CONSOLIDATED_BY", "ownership", {"owner": "B", "asset": "A"}),
        ("IS_INTERNATIONAL_BRANCH_OF", "ownership", {"owner": "B", "asset": "A"}),
        ("IS_FUND-MANAGED_BY", "management", {"controller": "B", "controlled": "A"}),
        ("IS_SUBFUND_OF", "link", {"subject": "A", "object": "B"}),
        ("IS_FEEDER_TO", "link", {"subject": "A", "object": "B"}),
        ("A_NEW_KIND", "link", {"subject": "A", "object": "B"}),
    ],
)
def test_a_relationship_runs_from_who_owns(kind: str, name: str, ends: dict[str, str]) -> None:
    said = relationship(kind)
    assert said.ends(name) == [ends]
    assert len([each for each in said.records if each.schema != "LegalEntity"]) == 1
    assert said.values(name, "startDate") == ["2012-11-29"]
    assert said.values(name, "endDate") == []
    assert said.values(name, "status") == ["INACTIVE"]
    kept = said.values(name, "description")
    assert "Relationship.RelationshipPeriods.ACCOUNTING_PERIOD.EndDate: 2018-12-31" in kept


def test_a_percentage_is_kept_with_every_kind() -> None:
    amount = {"RelationshipQuantifiers": [{"MeasurementMethod": "ACCOUNTING", "QuantifierAmount": "51.5"}]}
    assert relationship("IS_DIRECTLY_CONSOLIDATED_BY", **amount).values("ownership", "percentage") == ["51.5"]
    assert "51.5" in relationship("IS_SUBFUND_OF", **amount).values("link", "description")


@pytest.mark.parametrize(
    "text",
    [
        '[{"LEI": "A", "ExceptionCategory": "DIRECT_PARENT", "ExceptionReason": ["NO_KNOWN_PERSON", "NON_PUBLIC"]}]',
        '{"exceptions": [{"LEI": {"$": "A"}, "ExceptionCategory": {"$": "DIRECT_PARENT"}, "ExceptionReason": '
        '[{"$": "NO_KNOWN_PERSON"}, {"$": "NON_PUBLIC"}]}]}',
        "<ReportingExceptionData><Exception><LEI>A</LEI><ExceptionCategory>DIRECT_PARENT</ExceptionCategory>"
        "<ExceptionReason>NO_KNOWN_PERSON</ExceptionReason><ExceptionReason>NON_PUBLIC</ExceptionReason></Exception>"
        "</ReportingExceptionData>",
    ],
)
def test_why_no_parent_is_named_is_knowledge(text: str) -> None:
    said = Said("gleif", text)
    note = said.one("exception")
    assert note.source_id == "A:DIRECT_PARENT"
    assert note.values() == {"name": ["DIRECT_PARENT"], "description": ["NO_KNOWN_PERSON", "NON_PUBLIC"]}
    assert said.ends("exception") == [{"entity": "A"}]


def test_what_is_no_record_is_told(desk: Desk) -> None:
    report = desk.load(desk.write("x.json", '{"data": [{"type": "lei-records", "attributes": {}}]}'), adapter="gleif")
    assert reasons(report) == {"no record of GLEIF": 1}
    report = desk.load(desk.write("y.xml", "<Error><Code>x</Code></Error>"), adapter="gleif")
    assert totals(report) == {"read": 1, "refused": 1}
