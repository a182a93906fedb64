"""CASE and UCO: prefixes that vary, objects in objects, facets, calls, accounts and what else refers to what."""

import json
from typing import Any

import pytest

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.shapes import Reject, Row
from ingest.specs import Written
from tests.ingest.reading import read_text, records, values
from tests.ingest.test_adapters import Memory
from tests.ingest.test_cdr import of, roles
from workbench.model.record import Record

UCO = "https://ontology.unifiedcyberontology.org/uco/"
TIME = {"@type": "xsd:dateTime", "@value": "2026-03-01T14:00:00.25+02:00"}


def call(core: str, observable: str) -> dict[str, Any]:
    facet = {
        "@type": f"{observable}CallFacet",
        f"{observable}startTime": TIME,
        f"{observable}duration": {"@type": "xsd:integer", "@value": "75"},
        f"{observable}from": {"@id": "kb:a"},
        f"{observable}to": [{"@id": "kb:b"}, {"@id": "http://example.org/kb/c"}],
        f"{observable}application": {"@id": "kb:app"},
    }
    return {"@id": "kb:1", "@type": f"{observable}Call", f"{core}hasFacet": [facet]}


def read(document: Any) -> list[Record]:
    return records(read_text("case-uco", json.dumps(document), ""))


CONTEXT = {"kb": "http://example.org/kb/"}
SPELLINGS = [("uco-core:", "uco-observable:"), ("core:", "observable:"), ("", ""), (f"{UCO}core/", f"{UCO}observable/")]


@pytest.mark.parametrize(("core", "observable"), SPELLINGS)
@pytest.mark.parametrize("around", ["graph", "bundle", "list", "nested", "late"])
def test_a_call_is_one_however_its_names_are_written(core: str, observable: str, around: str) -> None:
    unit = call(core, observable)
    bundle = {"@id": "kb:z", "@type": f"{core}Bundle", f"{core}object": [unit]}
    found = read(
        {
            "graph": {"@context": CONTEXT, "@graph": [unit]},
            "late": {"@graph": [unit], "@context": ["https://example.org/c", CONTEXT]},
            "bundle": {"@context": CONTEXT, **bundle},
            "list": [{"@context": CONTEXT, **unit}],
            "nested": {"@context": CONTEXT, "@graph": [bundle]},
        }[around]
    )
    (made,) = of(found, "Call")
    assert made.source_id == "http://example.org/kb/1"
    ends = {"caller": ["a"], "receiver": ["b", "c"]}
    assert roles(made) == {name: [f"http://example.org/kb/{each}" for each in some] for name, some in ends.items()}
    assert (values(made)["date"], values(made)["duration"]) == (["2026-03-01T12:00:00"], ["75"])
    (tie,) = [each for each in of(found, "UnknownLink") if each.tie_type == "APPLICATION"]
    assert roles(tie) == {"subject": ["http://example.org/kb/1"], "object": ["http://example.org/kb/app"]}


def test_words_of_json_ld_may_have_other_names() -> None:
    context = {"id": "@id", "type": "@type", "n": {"@id": "urn:n/"}, "@base": "http://example.org/"}
    (person,) = read({"@context": context, "@graph": [{"id": "n:1", "type": "Person", "name": "Ann"}]})
    assert (person.schema, person.source_id, values(person)["name"]) == ("Person", "urn:n/1", ["Ann"])
    (person,) = read({"@context": context, "@graph": [{"id": "1", "type": "Person", "name": {"@value": "Ann"}}]})
    assert person.source_id == "http://example.org/1"


def test_what_an_object_has_inside_stands_for_itself() -> None:
    owner = {"@id": "_:p", "@type": "identity:Person", "core:name": "Ann"}
    facet = {"@type": "observable:AccountFacet", "observable:owner": owner, "observable:accountIdentifier": "7"}
    found = read({"@graph": [{"@id": "urn:a", "@type": "observable:DigitalAccount", "core:hasFacet": facet}]})
    (person,), (holding,) = of(found, "Person"), of(found, "Holding")
    assert person.source_id == "t#_:p"
    assert roles(holding) == {"holder": ["t#_:p"], "held": ["urn:a"]}
    assert values(of(found, "UserAccount")[0])["username"] == ["7"]


def test_a_contact_has_what_the_phone_book_says() -> None:
    number = {"@id": "urn:n", "@type": "ContactPhone", "contactPhoneNumber": {"@id": "urn:phone"}, "scope": "home"}
    facet = {"@type": "ContactFacet", "displayName": "Mum", "contactPhone": [number], "emailAddress": {"@id": "urn:m"}}
    found = read({"@graph": [{"@id": "urn:c", "@type": "Contact", "hasFacet": [facet]}]})
    (contact,) = of(found, "LegalEntity")
    assert (values(contact)["name"], values(contact)["notes"][-1]) == (
        ["Mum"],
        "object.ContactFacet.contactPhone.scope: home",
    )
    assert [roles(each)["held"] for each in of(found, "Holding")] == [["urn:phone"], ["urn:m"]]


def test_older_documents_have_bundles_of_properties() -> None:
    bundle = [{"@type": "Device", "model": "X"}, {"@type": "MobileDevice", "IMEI": "490154203237518"}]
    (device,) = read({"@context": {}, "content": [{"@id": "d", "@type": "Trace", "propertyBundle": bundle}]})
    assert device.schema == "Device"
    assert (values(device)["model"], values(device)["imei"]) == (["X"], ["490154203237518"])


def test_what_no_schema_is_for_is_kept_as_text() -> None:
    unit = {"@id": "urn:r", "@type": "case:ProvenanceRecord", "core:description": "Copy", "case:exhibitNumber": "7"}
    found = read({"@graph": [{**unit, "core:object": [{"@id": "urn:x"}, {"@id": "urn:y"}]}]})
    item = of(found, "Item")[0]
    assert (values(item)["itemType"], values(item)["description"]) == (["ProvenanceRecord"], ["Copy"])
    assert "object.exhibitNumber: 7" in values(item)["notes"]
    assert [roles(each)["object"] for each in of(found, "UnknownLink")] == [["urn:x"], ["urn:y"]]


def test_names_that_the_mapping_uses_are_kept_apart() -> None:
    said = {"core:type": "x", "core:refs": ["y"], "core:to": {"@value": "z"}, "core:kind": "call"}
    (item,) = read({"@graph": [{"@id": "urn:1", "@type": "uco:File", **said}]})
    assert item.schema == "Item"
    assert [f"object.{name} (said)" for name in ("type", "refs", "to", "kind")] == [
        each.partition(":")[0] for each in values(item)["notes"]
    ]


def test_nesting_without_end_is_rejected() -> None:
    deep: Any = {"@id": "urn:0"}
    for number in range(400):
        deep = {"@id": f"urn:{number}", "@type": "x", "source": deep}
    text = json.dumps({"@graph": [deep, {"@id": "urn:p", "@type": "Person"}]})
    items = list(ADAPTERS["case-uco"].read(Memory("t", text.encode()), Written(), Account()))
    (first, second) = [each for each in items if isinstance(each, Row | Reject)]
    assert isinstance(second, Row)
    assert isinstance(first, Row) or first.reason == "nested too deeply"
