"""STIX: versions, what is revoked, references, observed data of 2.0, and markings that are never weaker."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.quarantine import replay
from ingest.shapes import Left, Reject
from tests.ingest.desk import Desk, totals
from tests.ingest.fed import check
from tests.ingest.reading import Outcome, read_text, records, values
from tests.ingest.test_cdr import of, roles
from workbench.model.marking import is_weaker, parse_marking
from workbench.model.record import Basis, Record

RED, GREEN = (
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
)
STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
TIME = "2026-03-01T13:00:00.000Z"
DEFINED = [
    {
        "type": "marking-definition",
        "id": "marking-definition--1",
        "definition_type": "tlp",
        "definition": {"tlp": "amber"},
    },
    {
        "type": "marking-definition",
        "id": "marking-definition--2",
        "definition_type": "statement",
        "definition": {"statement": "No copies"},
    },
    {
        "type": "marking-definition",
        "id": "marking-definition--3",
        "name": "TLP:RED",
        "extensions": {"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": {"tlp_2_0": "red"}},
    },
    {"type": "marking-definition", "id": "marking-definition--4", "definition_type": "iep", "definition": {}},
]


def outcomes(*objects: dict[str, Any], said: str = 'marking = "RESTRICTED//REL LOCAL,KFIU"\n') -> list[Outcome]:
    return read_text("stix", json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}), said)


def read(*objects: dict[str, Any]) -> list[Record]:
    return records([each for each in outcomes(*objects) if not isinstance(each, Left)])


def sdo(kind: str, **said: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"{kind}--1", "spec_version": "2.1", "created": TIME, "modified": TIME, **said}


@pytest.mark.parametrize(
    ("ref", "marking"),
    [
        ([], "RESTRICTED//REL KFIU,LOCAL"),
        (["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"], "RESTRICTED//REL KFIU,LOCAL"),
        ([GREEN], "RESTRICTED//REL KFIU,LOCAL//HC TLP-GREEN"),
        ([RED], "SECRET//REL LOCAL//HC TLP-RED"),
        ([STRICT], "CONFIDENTIAL//REL LOCAL//HC TLP-AMBER-STRICT"),
        (["marking-definition--1"], "CONFIDENTIAL//REL LOCAL//HC TLP-AMBER"),
        (["marking-definition--2"], "RESTRICTED//REL KFIU,LOCAL//HC STATEMENT"),
        (["marking-definition--3"], "SECRET//REL LOCAL//HC TLP-RED"),
        (["marking-definition--4"], "SECRET//REL LOCAL//HC UNKNOWN-MARKING"),
        (["marking-definition--9"], "SECRET//REL LOCAL//HC UNKNOWN-MARKING"),
        ([GREEN, "marking-definition--2"], "RESTRICTED//REL KFIU,LOCAL//HC STATEMENT,TLP-GREEN"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_markings_are_those_of_the_load_and_what_the_source_demands(ref: list[str], marking: str, first: bool) -> None:
    tool = sdo("tool", name="X", object_marking_refs=ref, created_by_ref="identity--1")
    found = read(*DEFINED, tool) if first else read(tool, *DEFINED)
    assert {str(each.marking) for each in found} == {marking}
    assert ("marking: No copies" in str(found[0].properties)) == ("marking-definition--2" in ref)


ALL_REFS = [RED, GREEN, STRICT, *(f"marking-definition--{n}" for n in (1, 2, 3, 4, 9))]
LOADS = ["OPEN//REL LOCAL,KFIU", "RESTRICTED//REL KFIU,LOCAL", "SECRET//REL LOCAL//COMP X//HC H1"]


@settings(max_examples=30)
@given(st.lists(st.sampled_from(ALL_REFS), max_size=3), st.data())
def test_no_marking_is_weaker_than_the_loads_or_than_that_of_the_whole(refs: list[str], data: st.DataObject) -> None:
    names = ["name", "aliases.[0]", "aliases.[7]", "description", "id", "nothing", "external_references.[0].url"]
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(ALL_REFS), st.sampled_from(names)), max_size=3))
    granular = [{"marking_ref": ref, "selectors": [name]} for ref, name in drawn]
    said = {
        "name": "N",
        "aliases": ["A", "B"],
        "description": "D",
        "external_references": [{"url": "http://e.example/"}],
    }
    whole = sdo("tool", **said, object_marking_refs=refs, granular_markings=granular)
    load = data.draw(st.sampled_from(LOADS))
    found = [each for each in outcomes(*DEFINED, whole, said=f'marking = "{load}"\n') if isinstance(each, Record)]
    plain = sdo("tool", **said, object_marking_refs=refs)
    (weakest,) = [e for e in outcomes(*DEFINED, plain, said=f'marking = "{load}"\n') if isinstance(e, Record)]
    assert not is_weaker(weakest.marking, parse_marking(load, "LOCAL"))
    assert not any(is_weaker(each.marking, weakest.marking) for each in found)
    for ref, name in drawn:
        (alone,) = read(*DEFINED, sdo("tool", object_marking_refs=[ref]))
        of_name = [each for each in found if carries(each, name)]
        assert of_name
        assert all(alone.marking.handling <= each.marking.handling for each in of_name)
    together = {(name, v.value) for each in found for name, some in each.properties.items() for v in some}
    texts = {(n, v.value) for n, some in weakest.properties.items() for v in some if "marking: " not in str(v.value)}
    assert {each for each in together if "marking: " not in str(each[1])} == texts


def carries(record: Record, selector: str) -> bool:
    """Whether a record has what a selector is about; all of them have what is of the whole object."""
    wanted = {"name": ("name", "N"), "aliases.[0]": ("alias", "A"), "description": ("description", "D")}
    wanted["external_references.[0].url"] = ("sourceUrl", "http://e.example/")
    if selector not in wanted:
        return True
    name, text = wanted[selector]
    return text in values(record).get(name, [])


def test_parts_of_an_object_stand_side_by_side_and_each_shows_to_whom_it_may(desk: Desk) -> None:
    granular = [
        {"marking_ref": RED, "selectors": ["description"]},
        {"marking_ref": GREEN, "selectors": ["aliases.[1]"]},
    ]
    actor = sdo("threat-actor", name="Group", description="D", aliases=["A", "B"], granular_markings=granular)
    path = desk.write("b.json", json.dumps({"type": "bundle", "objects": [actor]}))
    said = {"adapter": "stix", "agency": "NKP", "marking": "RESTRICTED//REL NKP,KFIU", "delivered": "2026-03-01"}
    assert totals(desk.load(path, **said)) == {"read": 1, "accepted": 1}
    assert desk.load(path, **said).revision is None

    def seen(agency: str) -> dict[str, list[str]]:
        view = desk.view(agency)
        ((entity, _, _),) = view.clusters()
        found: dict[str, list[str]] = {}
        for line in view.entity(entity).values:
            found.setdefault(line.property, []).append(str(line.value))
        return found

    assert (seen("NKP")["description"], sorted(seen("NKP")["alias"])) == (["D"], ["A", "B"])
    assert ("description" in seen("KFIU"), sorted(seen("KFIU")["alias"])) == (False, ["A", "B"])


def test_the_newest_version_counts_and_the_others_are_left() -> None:
    old = sdo("tool", name="Old", modified="2026-03-01T13:00:00Z")
    new = sdo("tool", name="New", modified="2026-03-01T13:00:00.5Z", revoked=True)
    for objects in ([old, new], [new, old]):
        found = outcomes(*objects)
        (record,) = [each for each in found if isinstance(each, Record)]
        assert (values(record)["name"], values(record)["keywords"]) == (["New"], ["revoked"])
        assert sum(isinstance(each, Left) for each in found) == 1


def test_what_is_revoked_does_not_look_current() -> None:
    tie = sdo("relationship", relationship_type="uses", source_ref="tool--1", target_ref="tool--2", revoked=True)
    (link,) = read(tie)
    assert (values(link)["status"], values(link)["endDate"]) == (["revoked"], ["2026-03-01T13:00:00"])
    (link,) = read({**tie, "revoked": False, "stop_time": "2027-01-01T00:00:00Z"})
    assert ("status" in values(link), values(link)["endDate"]) == (False, ["2027-01-01T00:00:00"])
    assert link.tie_type == "USES"


def test_attribution_is_an_assessment_and_an_identity_a_fact() -> None:
    tie = sdo(
        "relationship", relationship_type="attributed-to", source_ref="intrusion-set--1", target_ref="threat-actor--1"
    )
    found = read(
        sdo("intrusion-set", name="S"), sdo("threat-actor", name="T"), sdo("identity", identity_class="individual"), tie
    )
    assert [(each.schema, each.basis) for each in found] == [
        ("Organization", Basis.ASSESSMENT),
        ("LegalEntity", Basis.ASSESSMENT),
        ("Person", Basis.FACT),
        ("UnknownLink", Basis.ASSESSMENT),
    ]
    assert found[-1].tie_type == "ATTRIBUTED_TO"


@pytest.mark.parametrize(
    ("said", "schema"),
    [
        ({"identity_class": "individual"}, "Person"),
        ({"identity_class": "group"}, "Organization"),
        ({"identity_class": "class"}, "Item"),
        ({"identity_class": "unknown"}, "LegalEntity"),
        ({}, "LegalEntity"),
    ],
)
def test_the_class_of_an_identity_decides(said: dict[str, str], schema: str) -> None:
    (record,) = read(sdo("identity", name="N", **said))
    assert record.schema == schema


def test_observed_data_of_2_0_have_their_objects_inside() -> None:
    objects = {
        "0": {"type": "ipv4-addr", "value": "198.51.100.3", "resolves_to_refs": ["1"]},
        "1": {"type": "mac-addr", "value": "d2:fb:49:24:37:18"},
        "2": {"type": "email-message", "is_multipart": False, "from_ref": "3", "to_refs": ["3"], "subject": "Hi"},
        "3": {"type": "email-addr", "value": "ann@example.org"},
    }
    found = read(
        sdo("observed-data", first_observed=TIME, number_observed=5, objects=objects, object_marking_refs=[GREEN])
    )
    event = of(found, "Incident")[0].source_id
    assert [each.source_id for each in of(found, "Item")] == [f"{event}:0", f"{event}:1"]
    assert roles(of(found, "Email")[0]) == {"emitters": [f"{event}:3"], "recipients": [f"{event}:3"]}
    ties = {(each.tie_type, *(ref for _, ref in sorted(each.roles, reverse=True))) for each in of(found, "UnknownLink")}
    assert ties == {
        ("RESOLVES_TO", f"{event}:0", f"{event}:1"),
        *(("OBSERVED", event, f"{event}:{n}") for n in range(4)),
    }
    assert {each.marking.handling for each in found} == {frozenset({"TLP-GREEN"})}


def test_a_sighting_is_of_something_at_somebody() -> None:
    said = {
        "sighting_of_ref": "tool--1",
        "where_sighted_refs": ["identity--1", "identity--2"],
        "observed_data_refs": ["o--1"],
    }
    (seen,) = read(sdo("sighting", first_seen=TIME, count=3, **said))
    assert roles(seen) == {"observed": ["tool--1"], "place": ["identity--1", "identity--2"], "proof": ["o--1"]}


def test_a_report_mentions_and_what_else_is_said_is_kept() -> None:
    said = {"object_refs": ["tool--1", "x--2"], "created_by_ref": "identity--1", "confidence": 85}
    report, tie = read(
        sdo("report", name="R", published=TIME, **said, extensions={"extension-definition--1": {"a": [1]}})
    )
    assert roles(report)["mentions"] == ["tool--1", "x--2"]
    assert (tie.tie_type, roles(tie)["object"]) == ("CREATED_BY", ["identity--1"])
    assert {"object.confidence: 85", "object.extensions.extension-definition--1.a: 1"} <= set(values(report)["notes"])


@pytest.mark.parametrize("as_list", [True, False])
def test_a_unit_in_quarantine_knows_the_markings_of_its_bundle(desk: Desk, as_list: bool) -> None:
    tool = sdo("campaign", name="X", object_marking_refs=["marking-definition--1"], first_seen="soon")
    objects = [tool, *DEFINED]
    path = desk.write("b.json", json.dumps(objects if as_list else {"type": "bundle", "objects": objects}))
    report = desk.load(path, adapter="stix", agency="NKP", dataset="d", marking="OPEN//REL NKP,KFIU")
    assert totals(report) == {"read": 5, "quarantined": 1}
    assert desk.view("KFIU").quarantine() == ()
    (unit,) = desk.view("NKP").quarantine()
    raw = json.dumps({**tool, "first_seen": TIME}).encode()
    replay(desk.store, desk.view("NKP"), [unit.id], by="tester", raw=raw, adapter="stix", dataset="d")
    (line, *_) = desk.view("NKP").records(
        sorted({r.record for e, _, _ in desk.view("NKP").clusters() for r in desk.view("NKP").entity(e).values})
    )
    assert str(line.record.marking) == "CONFIDENTIAL//REL NKP//HC TLP-AMBER"


@pytest.mark.parametrize(
    "said",
    [{"granular_markings": [{"selectors": ["name"]}]}, {"granular_markings": ["x"]}, {"object_marking_refs": [7]}],
)
def test_a_marking_that_can_not_be_read_keeps_all_others_away(said: dict[str, Any]) -> None:
    (record,) = read(sdo("tool", name="N", **said))
    assert str(record.marking) == "SECRET//REL LOCAL//HC UNKNOWN-MARKING"
    (record,) = read(sdo("tool", name="N", granular_markings=[{"lang": "fr", "selectors": ["name"]}]))
    assert str(record.marking) == "RESTRICTED//REL KFIU,LOCAL"


def test_properties_of_ones_own_never_take_the_place_of_markings_or_references() -> None:
    own = {
        "marks": ["TLP:CLEAR"],
        "to": {"x": "1"},
        "refs": "y",
        "kind": "identity individual",
        "object_marking_refs": [RED],
    }
    (record,) = read({**sdo("tool", name="N"), **own})
    assert (record.schema, str(record.marking)) == ("Item", "SECRET//REL LOCAL//HC TLP-RED")
    assert {"object.kind (said): identity individual", "object.refs (said): y"} <= set(values(record)["notes"])


TOOL = sdo("tool", name="N")
SEEN = {"type": "observed-data", "id": "observed-data--1", "objects": {"0": {"type": "file", "name": "x"}}}


@pytest.mark.parametrize(
    ("whole", "schemas"),
    [
        (TOOL, ["Item"]),
        ({name: TOOL[name] for name in ("id", "type", "name")}, ["Item"]),
        ([TOOL], ["Item"]),
        ({"more": False, "objects": [TOOL]}, ["Item"]),
        ({"objects": [TOOL], "type": "bundle", "id": "bundle--1"}, ["Item"]),
        ({"objects": [TOOL], "type": "envelope"}, ["Item"]),
        (SEEN, ["Incident", "Item", "UnknownLink"]),
        ({"type": "bundle", "id": "bundle--1"}, []),
        ({"type": "bundle", "id": "bundle--1", "objects": []}, []),
        ({"type": {"#text": "tool"}, "objects": []}, []),
        ({"type": None, "id": "tool--1"}, []),
        ({"type": [], "objects": [TOOL]}, ["Item"]),
        ({"type": "", "objects": [TOOL]}, ["Item"]),
        ({"objects": [[]], **TOOL}, ["Item"]),
        ({"type": [[], ["bundle"]], "objects": [TOOL]}, ["Item"]),
        ({}, []),
    ],
)
def test_objects_stand_in_a_bundle_in_a_list_under_a_key_or_alone(whole: Any, schemas: list[str]) -> None:
    text = json.dumps(whole)
    assert sorted(each.schema for each in records(read_text("stix", text, ""))) == schemas
    check("stix", text.encode())


@pytest.mark.parametrize("inside", [True, "x", [1], {"a": 1}])
def test_a_bundle_in_a_bundle_that_has_no_objects_is_rejected(inside: Any) -> None:
    (reject,) = outcomes({"type": "bundle", "id": "bundle--2", "objects": inside})
    assert isinstance(reject, Reject)


def test_an_object_that_stood_alone_is_repaired(desk: Desk) -> None:
    campaign = sdo("campaign", name="X", object_marking_refs=[RED])
    path = desk.write("c.json", json.dumps({**campaign, "first_seen": "soon"}))
    assert totals(desk.load(path, agency="NKP", dataset="d")) == {"read": 1, "quarantined": 1}
    (unit,) = desk.view("NKP").quarantine()
    raw = json.dumps({**campaign, "first_seen": TIME}).encode()
    replay(desk.store, desk.view("NKP"), [unit.id], by="tester", raw=raw, adapter="stix", dataset="d")
    assert desk.view("NKP").quarantine() == ()
    assert [str(each.record.marking) for each in desk.records("NKP")] == ["SECRET//REL NKP//HC TLP-RED"]


def test_nesting_without_end_is_rejected() -> None:
    deep: Any = 1
    for _ in range(80):
        deep = {"a": deep}
    (reject,) = outcomes(sdo("tool", extensions=deep))
    assert isinstance(reject, Reject)
    assert reject.reason == "nested too deeply"
