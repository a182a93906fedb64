"""Files of phones, plates and threat reports that nobody here wrote: known counts, and again unchanged."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.desk import Desk
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.store.types import SourcedRecord

pytestmark = pytest.mark.data

MONEY = """
adapter = "csv"
dataset = "cider"
[[files]]
pattern = "mobilemoney.csv"
[[files.records]]
name = "from"
schema = "Phone"
id = "phone:{caller_id}"
properties = { number = "caller_id" }
[[files.records]]
name = "to"
schema = "Phone"
id = "phone:{recipient_id}"
when = "recipient_id"
properties = { number = "recipient_id" }
[[files.records]]
name = "transfer"
schema = "Transfer"
[files.records.properties]
transferType = "txn_type"
date = { column = "timestamp", format = "%Y-%m-%d %H:%M:%S" }
amount = "amount"
description = [
    { template = "sender's balance: {sender_balance_before} to {sender_balance_after}" },
    { template = "recipient's balance: {recipient_balance_before} to {recipient_balance_after}" },
]
[files.records.roles]
payerAccount = "from"
beneficiaryAccount = "to"
[[files]]
pattern = "subscribers.csv"
[[files.records]]
name = "subscriber"
schema = "Phone"
id = "phone:{subscriber_id}"
properties = { number = "subscriber_id" }
[[files]]
pattern = "towers.csv"
[[files.records]]
name = "tower"
schema = "Address"
id = "tower:{tower_id}"
properties = { name = "tower_id", latitude = "latitude", longitude = "longitude" }
[[files]]
pattern = "antennas.csv"
[[files.records]]
name = "antenna"
schema = "Address"
id = "antenna:{antenna_id}"
properties = { name = "antenna_id", latitude = "latitude", longitude = "longitude" }
[[files.records]]
name = "stands at"
schema = "UnknownLink"
type = "STANDS_AT"
id = "antenna:{antenna_id}"
properties = { role = { value = "antenna of" } }
roles = { subject = "antenna", object = { id = "tower:{tower_id}" } }
"""


class Loaded:
    """Files that were loaded twice on the command line."""

    def __init__(self, desk: Desk, capsys: pytest.CaptureFixture[str], *said: str | Path) -> None:
        command = ["load", *map(str, said), "--store", desk.url, "--json"]
        reports: list[dict[str, Any]] = []
        for _ in range(2):
            assert run(cli, command) == 0, capsys.readouterr().err
            reports.append(json.loads(capsys.readouterr().out))
        self.first, self.second = reports
        self.records = desk.records()

    def total(self, which: str = "first") -> dict[str, int]:
        """The sums of the outcomes that are not 0, which add up."""
        files = getattr(self, which)["files"]
        names = ("read", "accepted", "unchanged", "late", "left", "quarantined", "refused")
        found = {name: sum(each.get(name, 0) for each in files) for name in names}
        assert found.pop("read") == sum(found.values())
        return {name: n for name, n in found.items() if n}

    def schemata(self) -> Counter[str]:
        """How many different entities or relationships there are of each schema, by their own ids."""
        return Counter(each.record.schema for each in self.records)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def of(records: tuple[SourcedRecord, ...], schema: str) -> list[Any]:
    return [each.record for each in records if each.record.schema == schema]


def test_mobile_money_is_what_it_is(desk: Desk, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared_data / "cdr/cider"
    files = [folder / f"{name}.csv" for name in ("mobilemoney", "subscribers", "towers", "antennas")]
    found = Loaded(desk, capsys, *files, "--manifest", desk.write("m.toml", MONEY))
    units = {path.name: len(table(path)) for path in files}
    assert {Path(each["path"]).name: each["read"] for each in found.first["files"]} == units
    assert units["mobilemoney.csv"] == 10_000
    assert found.total() == {"accepted": sum(units.values())}
    assert found.total("second") == {"unchanged": sum(units.values())}
    rows = table(files[0])
    kinds = Counter((row["txn_type"], bool(row["recipient_id"])) for row in rows)
    assert desk.view().stats().relationships == {"Transfer": 10_000, "UnknownLink": units["antennas.csv"]}
    paid = (each.properties["transferType"][0].value for each in of(found.records, "Transfer"))
    assert Counter(paid) == {kind: n for (kind, is_paid), n in kinds.items() if is_paid}
    assert kinds["p2p", True] == 3_925
    assert sum(n for (_, is_paid), n in kinds.items() if not is_paid) == 4_032
    assert len(of(found.records, "Address")) == 100 + units["antennas.csv"]


def test_reads_of_two_cameras(desk: Desk, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared_data / "anpr/brechtvdv_example.csv"
    found = Loaded(desk, capsys, path, "--adapter", "anpr")
    rows = table(path)
    assert (found.total(), found.total("second")) == ({"accepted": 33}, {"unchanged": 33})
    stats = desk.view().stats()
    assert stats.relationships == {"Observation": 33}
    assert stats.entities == {"Vehicle": len({row["Plate"] for row in rows}), "Address": 2}
    reads = of(found.records, "Observation")
    assert Counter(dict(each.roles)["observed"] for each in reads) == Counter(f"plate:{row['Plate']}" for row in rows)


def graph(path: Path) -> dict[str, list[str]]:
    """The types of each object in a graph of JSON-LD, without prefixes, by id."""
    found: dict[str, list[str]] = {}
    for each in json.loads(path.read_text("utf-8"))["@graph"]:
        types = each["@type"] if isinstance(each["@type"], list) else [each["@type"]]
        found[each["@id"].replace("kb:", "http://example.org/kb/")] = [name.rpartition(":")[2] for name in types]
    return found


CASES = {
    "call_log": (15, {"Call": 4, "Phone": 4}),
    "sms_and_contacts": (13, {"Call": 1, "Phone": 3, "EmailAddress": 1}),
    "accounts": (14, {"UserAccount": 3, "Person": 1, "Organization": 2}),
    "cell_site": (18, {"Address": 4, "Device": 2, "Phone": 1}),
}


@pytest.mark.parametrize("name", CASES)
def test_objects_of_case(desk: Desk, shared_data: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = shared_data / f"case_uco/{name}.json"
    found, (units, expected), there = Loaded(desk, capsys, path, "--adapter", "case-uco"), CASES[name], graph(path)
    assert len(there) == units
    assert (found.total(), found.total("second")) == ({"accepted": units}, {"unchanged": units})
    stats = desk.view().stats()
    assert {schema: {**stats.entities, **stats.relationships}[schema] for schema in expected} == expected
    kinds = Counter(found.first["files"][0]["records"])
    said = sum(1 for types in there.values() if types[0].endswith("Relationship"))
    assert kinds["has"] + kinds["relationship"] == said
    assert said == {"call_log": 0, "sms_and_contacts": 3, "accounts": 5, "cell_site": 5}[name]
    assert sum(stats.entities.values()) >= units - said - expected.get("Call", 0)


BUNDLES = {
    "oasis/apt1": (46, 30),
    "oasis/poisonivy": (65, 90),
    "oasis_docs/sighting-of-observed-data": (7, 1),
    "oasis_docs/using-granular-markings": (3, 1),
}


@pytest.mark.parametrize("name", BUNDLES)
def test_bundles_of_stix(desk: Desk, shared_data: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = shared_data / f"stix/{name}.json"
    found, (entities, relationships) = Loaded(desk, capsys, path, "--adapter", "stix"), BUNDLES[name]
    objects = json.loads(path.read_text("utf-8"))["objects"]
    assert len(objects) == entities + relationships
    assert (found.total(), found.total("second")) == ({"accepted": len(objects)}, {"unchanged": len(objects)})
    view = desk.view()
    assert sum(view.stats().entities.values()) == entities
    kinds = Counter(found.first["files"][0]["records"])
    assert kinds["relationship"] + kinds["sighting"] == relationships
    said = {
        ref for each in objects for key, refs in each.items() if key.endswith(("_ref", "_refs")) for ref in _list(refs)
    }
    tied = {ref for each in found.records for _, ref in each.record.roles}
    assert {ref for ref in said if not ref.startswith("marking-definition")} <= tied


def _list(refs: Any) -> list[str]:
    return refs if isinstance(refs, list) else [refs]


@pytest.mark.parametrize(("name", "counts"), [("existing_event", (9, 49, 20)), ("mainly_objects_1", (0, 17, 10))])
def test_events_of_misp(
    desk: Desk, shared_data: Path, capsys: pytest.CaptureFixture[str], name: str, counts: tuple[int, int, int]
) -> None:
    path = shared_data / f"misp/pymisp/{name}.json"
    event = json.loads(path.read_text("utf-8"))
    event = event.get("Event", event)
    attributes, objects = event.get("Attribute", []), event["Object"]
    references = [ref for each in objects for ref in each.get("ObjectReference", [])]
    assert (len(attributes), len(objects), len(references)) == counts
    found = Loaded(desk, capsys, path, "--adapter", "misp")
    units = 1 + len(attributes) + len(objects)
    assert (found.total(), found.total("second")) == ({"accepted": units}, {"unchanged": units})
    ids = {each.record.source_id for each in found.records}
    assert {each["uuid"] for each in (*attributes, *objects, *references, event)} <= ids
    tied = {ref for each in found.records for _, ref in each.record.roles}
    assert {each["referenced_uuid"] for each in references} <= tied
    documents = [dict(each.roles) for each in of(found.records, "Documentation")]
    assert {each["entity"] for each in documents} == {each["uuid"] for each in (*attributes, *objects)}
