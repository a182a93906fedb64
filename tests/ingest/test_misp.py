"""MISP: wherever events are, what objects are about, what is deleted, and markings that are never weaker."""

import json
from typing import Any

import pytest

from ingest.shapes import Reject
from tests.ingest.reading import Outcome, read_text, records, values
from tests.ingest.test_cdr import of, roles
from workbench.model.record import Basis, Record

ATTRIBUTE = {
    "uuid": "a",
    "type": "email-src",
    "category": "Network activity",
    "value": "ann@example.org",
    "to_ids": True,
}
ATTRIBUTE |= {"timestamp": "1772370000", "distribution": "5", "deleted": False}


def event(**said: Any) -> dict[str, Any]:
    return {"uuid": "e", "info": "A case", "date": "2026-03-01", "published": True, "timestamp": "1772370000", **said}


def outcomes(document: Any) -> list[Outcome]:
    return read_text("misp", json.dumps(document), 'marking = "RESTRICTED//REL LOCAL,KFIU"\n')


def read(document: Any) -> list[Record]:
    return records(outcomes(document))


def thing(name: str, *attributes: tuple[str, str], **said: Any) -> dict[str, Any]:
    listed = [{"object_relation": relation, "value": value, "type": "text"} for relation, value in attributes]
    return {"uuid": "o", "name": name, "meta-category": "misc", "Attribute": listed, **said}


@pytest.mark.parametrize("around", ["Event", "bare", "list", "bare list", "response", "one response"])
def test_an_event_may_stand_anywhere(around: str) -> None:
    whole = event(Attribute=[ATTRIBUTE], Object=[thing("file", ("filename", "x.exe"))])
    found = read(
        {
            "Event": {"Event": whole},
            "bare": whole,
            "list": [{"Event": whole}],
            "bare list": [whole],
            "response": {"response": [{"Event": whole}]},
            "one response": {"response": {"Event": whole}},
        }[around]
    )
    (report,), (mailbox,), (item,) = of(found, "Report"), of(found, "EmailAddress"), of(found, "Item")
    assert (values(report)["title"], values(report)["modifiedAt"]) == (["A case"], ["2026-03-01T13:00:00"])
    assert (values(mailbox)["mailbox"], values(item)["name"]) == (["ann@example.org"], ["x.exe"])
    assert "object.to_ids: true" in values(mailbox)["notes"]
    documented = [roles(each) for each in of(found, "Documentation")]
    assert documented == [{"document": ["e"], "entity": ["a"]}, {"document": ["e"], "entity": ["o"]}]


def test_a_search_gives_attributes_with_their_events() -> None:
    found = read(
        {"response": {"Attribute": [{**ATTRIBUTE, "Event": {"uuid": "e9", "info": "Other", "distribution": "0"}}]}}
    )
    assert roles(of(found, "Documentation")[0])["document"] == ["e9"]
    assert {str(each.marking) for each in found} == {"SECRET//REL LOCAL//HC MISP-ORGANISATION-ONLY"}


@pytest.mark.parametrize(
    ("of_event", "of_attribute", "marking"),
    [
        ({}, {}, "RESTRICTED//REL KFIU,LOCAL"),
        ({"distribution": "3", "Tag": [{"name": "tlp:white"}, {"name": "osint"}]}, {}, "RESTRICTED//REL KFIU,LOCAL"),
        (
            {"Tag": [{"name": "tlp:green"}]},
            {"Tag": [{"name": "PAP:AMBER"}]},
            "RESTRICTED//REL KFIU,LOCAL//HC PAP-AMBER,TLP-GREEN",
        ),
        ({"distribution": "3"}, {"Tag": [{"name": "tlp:red"}]}, "SECRET//REL LOCAL//HC TLP-RED"),
        ({"distribution": "1"}, {"distribution": "3"}, "SECRET//REL LOCAL//HC MISP-COMMUNITY-ONLY"),
        ({"distribution": "3"}, {"distribution": "4"}, "SECRET//REL LOCAL//HC MISP-SHARING-GROUP"),
        ({"Tag": [{"name": None}]}, {"marks": ["x"]}, "SECRET//REL LOCAL//HC UNKNOWN-MARKING"),
        ({"distribution": True}, {}, "SECRET//REL LOCAL//HC UNKNOWN-MARKING"),
        ({"distribution": "7"}, {}, "SECRET//REL LOCAL//HC UNKNOWN-MARKING"),
        ({"Tag": [{"name": "tlp:ex:chr"}]}, {}, "SECRET//REL LOCAL//HC UNKNOWN-MARKING"),
    ],
)
def test_tags_and_distribution_make_markings_stricter(
    of_event: dict[str, Any], of_attribute: dict[str, Any], marking: str
) -> None:
    found = read({"Event": event(Attribute=[{**ATTRIBUTE, **of_attribute}], **of_event)})
    assert str(of(found, "EmailAddress")[0].marking) == marking
    late = {"Attribute": [{**ATTRIBUTE, **of_attribute}], **event(**of_event)}
    assert str(of(read({"Event": late}), "EmailAddress")[0].marking) == marking


def test_an_attribute_with_a_marking_of_its_own_is_a_record_of_its_own() -> None:
    person = thing("person", ("last-name", "Lee"), ("phone-number", "+31612345678"))
    person["Attribute"][1]["Tag"] = [{"name": "tlp:red"}]
    found = read({"Event": event(Object=[person])})
    open_one, secret = of(found, "Person")
    assert (open_one.source_id, secret.source_id) == ("o", "o")
    assert len(of(found, "Documentation")) == 1
    assert ("phone" in open_one.properties, values(secret)["phone"]) == (False, ["+31612345678"])
    assert ([*open_one.marking.handling], [*secret.marking.handling]) == ([], ["TLP-RED"])


OBJECTS = [
    (
        thing(
            "person", ("first-name", "Ann"), ("last-name", "Lee"), ("date-of-birth", "1990-04-03"), ("gender", "Female")
        ),
        "Person",
        {"firstName": ["Ann"], "birthDate": ["1990-04-03"], "gender": ["female"], "name": ["Ann Lee"]},
    ),
    (
        thing(
            "interpol-notice",
            ("forename", "Bo"),
            ("present-family-name", "Ek"),
            ("notice-color", "Yellow"),
            ("sex", "M"),
        ),
        "Person",
        {"name": ["Bo Ek"], "keywords": ["notice: Yellow"], "gender": ["male"]},
    ),
    (
        thing(
            "bank-account",
            ("iban", "NL91ABNA0417164300"),
            ("swift", "ABNANL2A"),
            ("opened", "2020-01-02T00:00:00+00:00"),
        ),
        "BankAccount",
        {"iban": ["NL91ABNA0417164300"], "openingDate": ["2020-01-02"]},
    ),
    (thing("phone-number", ("phone-number", "+31612345678")), "Phone", {"number": ["+31612345678"]}),
    (
        thing("vehicle", ("license-plate-number", "1E5"), ("make", "Opel"), ("model", "Kadett"), ("state", "NL")),
        "Vehicle",
        {"registrationNumber": ["1E5"], "model": ["Opel Kadett"]},
    ),
    (
        thing("domain-ip", ("domain", "e.example"), ("ip", "198.51.100.1")),
        "Item",
        {"name": ["e.example", "198.51.100.1"]},
    ),
]


@pytest.mark.parametrize(("whole", "schema", "expected"), OBJECTS)
def test_objects_are_known_by_their_template(
    whole: dict[str, Any], schema: str, expected: dict[str, list[str]]
) -> None:
    (record,) = of(read({"Event": event(Object=[whole])}), schema)
    assert {name: values(record)[name] for name in expected} == expected


def test_a_role_of_a_person_is_in_the_event() -> None:
    found = read({"Event": event(Object=[thing("person", ("last-name", "Lee"), ("role", "Witness"))])})
    (role,) = of(found, "Involvement")
    assert (roles(role), values(role)["capacity"]) == ({"involved": ["o"], "event": ["e"]}, ["Witness"])


def test_what_is_deleted_says_so_and_is_not_documented() -> None:
    gone = {
        "uuid": "r",
        "referenced_uuid": "a",
        "relationship_type": "drops",
        "deleted": True,
        "timestamp": "1772370000",
    }
    kept = {**gone, "uuid": "s", "deleted": False}
    found = read(
        {
            "Event": event(
                Attribute=[{**ATTRIBUTE, "deleted": "1"}], Object=[thing("file", ObjectReference=[gone, kept])]
            )
        }
    )
    assert values(of(found, "EmailAddress")[0])["keywords"] == ["deleted"]
    assert [roles(each)["entity"] for each in of(found, "Documentation")] == [["o"]]
    ended, current = [each for each in of(found, "UnknownLink") if each.tie_type == "DROPS"]
    assert (values(ended)["status"], values(ended)["endDate"]) == (["deleted"], ["2026-03-01T13:00:00"])
    assert ("status" in values(current), "endDate" in values(current)) == (False, False)


def test_clusters_and_related_events_are_mentioned() -> None:
    clusters = [
        {
            "uuid": "c1",
            "type": "threat-actor",
            "value": "Group",
            "meta": {"synonyms": ["G", "Grp"]},
            "description": "D",
        },
        {"tag_name": 'misp-galaxy:tool="X"', "type": "tool", "value": "X"},
    ]
    whole = event(
        Galaxy=[{"GalaxyCluster": clusters}],
        RelatedEvent=[{"Event": {"uuid": "e2", "info": "Other"}}],
        Orgc={"uuid": "org", "name": "CERT"},
    )
    found = read({"Event": whole})
    report = next(each for each in of(found, "Report") if "title" in each.properties)
    assert roles(report)["mentions"] == ["c1", 'misp-galaxy:tool="X"']
    group = next(each for each in of(found, "Organization") if each.source_id == "c1")
    assert (group.basis, values(group)["alias"]) == (Basis.ASSESSMENT, ["G", "Grp"])
    assert {each.tie_type: roles(each)["object"] for each in of(found, "UnknownLink")} == {
        "RELATED_EVENT": ["e2"],
        "WRITTEN_BY": ["org"],
    }


def test_a_file_in_an_attribute_is_told_and_not_kept() -> None:
    found = read({"Event": event(Attribute=[{**ATTRIBUTE, "type": "attachment", "value": "x.doc", "data": "QUJD"}])})
    (item,) = of(found, "Item")
    assert "object.file: there was one in the file" in values(item)["notes"]
    assert "QUJD" not in str(item)


@pytest.mark.parametrize(
    ("whole", "reason"),
    [
        (event(Attribute=[{**ATTRIBUTE, "uuid": None}]), "no uuid"),
        (event(Object=[thing("file", ObjectReference=["x"])]), "no objects: ObjectReference"),
        (event(Galaxy=[{"GalaxyCluster": [{"value": "x"}]}]), "no uuid"),
    ],
)
def test_what_can_not_be_read_is_told(whole: dict[str, Any], reason: str) -> None:
    assert [each.reason for each in outcomes({"Event": whole}) if isinstance(each, Reject)] == [reason]
