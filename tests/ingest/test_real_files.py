"""Real files load through the command line with known counts, and loading them again changes nothing."""

import csv
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.formats import ADAPTERS
from ingest.manifest import settle
from ingest.mapping import read as mapped
from ingest.shapes import Reject
from tests.ingest.desk import Desk
from tests.ingest.loads import load, reasons, totals
from tests.stores import leased
from workbench.model.record import Record

pytestmark = pytest.mark.data
Report = dict[str, Any]
EACH_STORE = pytest.mark.each_store(reason="real files, as each store takes them")

LINKS = {
    "OCCURRED_AT": 28_762,
    "INVESTIGATED_BY": 28_762,
    "LOCATION_IN_AREA": 14_904,
    "HAS_POSTCODE": 14_904,
    "POSTCODE_IN_AREA": 14_196,
    "INVOLVED_IN": 985,
    "KNOWS": 586,
    "CALLER": 534,
    "CALLED": 534,
    "CURRENT_ADDRESS": 368,
    "HAS_PHONE": 328,
    "HAS_EMAIL": 328,
    "KNOWS_SN": 241,
    "FAMILY_REL": 155,
    "KNOWS_PHONE": 118,
    "KNOWS_LW": 80,
    "PARTY_TO": 55,
}
NODES = {
    "Crime": 28_762,
    "Location": 14_904,
    "PostCode": 14_196,
    "Officer": 1_000,
    "Vehicle": 1_000,
    "PhoneCall": 534,
    "Person": 369,
    "Phone": 328,
    "Email": 328,
    "Area": 93,
    "Object": 7,
}


@pytest.fixture(scope="module")
def pole(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, list[Report]]]:
    """POLE, loaded twice without a manifest."""
    folder = tmp_path_factory.mktemp("pole")
    with leased(folder) as url:
        desk = Desk(folder, url)
        path = shared_data / "pole/pole-data-importer.zip"
        yield desk, [load(url, path, "--adapter", "neo4j-csv")[1] for _ in range(2)]
        desk.store.close()


def test_every_member_of_pole_has_its_entry(pole: tuple[Desk, list[Report]], shared_data: Path) -> None:
    first = pole[1][0]
    archive = shared_data / "pole/pole-data-importer.zip"
    expected = {f"{archive}!crime-investigation.nodes.{name}.csv": n for name, n in NODES.items()}
    expected |= {f"{archive}!crime-investigation.relationships.{name}.csv": n for name, n in LINKS.items()}
    assert {each["path"]: each["read"] for each in first["files"]} == expected
    assert {each["path"]: each["accepted"] for each in first["files"]} == expected
    assert totals(first) == {"read": 167_361, "accepted": 167_361}
    assert reasons(first) == {"phone not cleaned: number": 328}


def test_pole_again_is_unchanged(pole: tuple[Desk, list[Report]]) -> None:
    first, second = pole[1]
    assert totals(second) == {"read": 167_361, "unchanged": 167_361}
    assert first["revision"] is not None
    assert second["revision"] is None


def test_pole_is_a_graph_of_entities_and_relationships(pole: tuple[Desk, list[Report]]) -> None:
    stats = pole[0].view().stats()
    assert sum(stats.entities.values()) == 61_521
    assert sum(stats.relationships.values()) == 105_840
    assert stats.entities["Offence"] == 28_762
    assert stats.entities["Area"] == 14_196 + 93
    assert stats.relationships["Involvement"] == 28_762 + 985 + 534 + 534 + 55
    assert stats.relationships["Associate"] == 586 + 241 + 118 + 80
    assert (stats.ties, stats.stubs) == (105_840, 0)


def test_links_of_pole_have_their_type_and_run_as_there(shared_data: Path) -> None:
    given, drawn = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    with zipfile.ZipFile(shared_data / "pole/pole-data-importer.zip") as archive:
        for name in LINKS:
            member = zipfile.Path(archive, f"crime-investigation.relationships.{name}.csv")
            with member.open(encoding="utf-8", newline="") as lines:
                given.update((row[":START_ID"], row[":TYPE"], row[":END_ID"]) for row in csv.DictReader(lines))
            drawn.update(map(_drawn, mapped(ADAPTERS["neo4j-csv"], member, settle(None, "-").within("d"))))
    assert Counter(kind for _, kind, _ in given.elements()) == LINKS
    assert drawn == given


def _drawn(record: Record | Reject) -> tuple[str, str, str]:
    """Start, type and end of a link's tie."""
    assert isinstance(record, Record)
    a, b = record.roles
    kind, forward = record.arrow(a.name, b.name)
    return (a.ref, kind, b.ref) if forward else (b.ref, kind, a.ref)


def test_homonyms_of_pole_stay_apart(pole: tuple[Desk, list[Report]]) -> None:
    view = pole[0].view()
    for name in ("Anne Rice", "Andrea George"):
        found = [hit for hit in view.search(name).entities if hit.caption == name]
        assert len({hit.id for hit in found}) == 2
    assert view.stats().canonical == 61_521


@EACH_STORE
def test_zala(desk: Desk, shared_data: Path) -> None:
    report = load(desk.url, shared_data / "ftm/yente/zala/entities.ftm.json", "--adapter", "ftm")[1]
    assert totals(report) == {"read": 91, "accepted": 91}
    stats = desk.view().stats()
    assert stats.entities == {"Sanction": 41, "Company": 11, "Address": 11, "Person": 6, "Passport": 1}
    assert stats.relationships == {"Ownership": 14, "Family": 4, "Directorship": 3}
    assert stats.stubs == 16


@EACH_STORE
def test_donations(desk: Desk, shared_data: Path) -> None:
    report = load(desk.url, shared_data / "ftm/nomenklatura/donations.ijson", "--adapter", "ftm")[1]
    assert totals(report) == {"read": 474, "accepted": 474}
    stats = desk.view().stats()
    assert stats.entities == {"Address": 89, "Company": 56, "Person": 22, "Organization": 17}
    assert stats.relationships == {"Payment": 290}
    assert stats.stubs == 0


@EACH_STORE
def test_a_payment_with_two_beneficiaries_is_one_record_with_two_ties(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "ftm/yente/parteispenden/entities.ftm.json"
    report = load(desk.url, path, "--adapter", "ftm")[1]
    assert totals(report) == {"read": 475, "accepted": 475}
    entities = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    refs = Counter(name for each in entities for name, values in each["properties"].items() for _ in values)
    stats = desk.view().stats()
    assert stats.relationships == {"Payment": 290}
    assert stats.ties - refs["addressEntity"] == 291


@EACH_STORE
def test_donations_as_a_table_give_the_same_parties(desk: Desk, shared_data: Path) -> None:
    manifest = desk.write(
        "donations.toml",
        """
        adapter = "csv"
        dataset = "donations"
        [[files]]
        pattern = "donations.csv"
        ignore = ["ReportingDate"]
        [[files.records]]
        name = "party"
        schema = "Organization"
        id = "party:{Party}"
        properties = { name = "Party" }
        [[files.records]]
        name = "company"
        schema = "Company"
        id = "donor:{Donor}"
        when = { column = "DonorType", equals = "COMPANY" }
        properties = { name = "Donor", country = "Country" }
        roles = { addressEntity = "address" }
        [[files.records]]
        name = "person"
        schema = "Person"
        id = "donor:{Donor}"
        when = { column = "DonorType", equals = "PERSON" }
        properties = { name = "Donor", country = "Country" }
        roles = { addressEntity = "address" }
        [[files.records]]
        name = "organization"
        schema = "Organization"
        id = "donor:{Donor}"
        when = { column = "DonorType", equals = "ORG" }
        properties = { name = "Donor", country = "Country" }
        roles = { addressEntity = "address" }
        [[files.records]]
        name = "address"
        schema = "Address"
        id = "address:{Street}|{City}|{Country}"
        when = "Street"
        properties = { full = { template = "{Street}, {City}" }, city = "City", street = "Street", country = "Country" }
        [[files.records]]
        name = "donation"
        schema = "Payment"
        id = "{Party}|{Donor}|{DonationDate}|{DonationEUR}"
        properties = { date = "DonationDate", amountEur = "DonationEUR" }
        roles = { payer = ["company", "person", "organization"], beneficiary = "party" }
        """,
    )
    report = load(desk.url, shared_data / "ftm/nomenklatura/donations.csv", "--manifest", manifest)[1]
    assert totals(report) == {"read": 292, "accepted": 290, "unchanged": 2}
    stats = desk.view().stats()
    assert stats.entities["Company"] == 56
    assert stats.entities["Person"] == 22
    assert stats.entities["Organization"] == 17
    assert stats.relationships == {"Payment": 290}


def test_an_error_page_is_refused(desk: Desk, shared_data: Path) -> None:
    page = shared_data / "sanctions/negative/sdn_s3_error_page.xml"
    for adapter in ("ftm", "neo4j-csv"):
        report = load(desk.url, page, "--adapter", adapter)[1]
        assert totals(report) == {"read": 1, "refused": 1}


ADVERSARIAL = """
adapter = "csv"
dataset = "transactions"
[[files]]
pattern = "*.csv"
columns = ["at", "from_bank", "from", "to_bank", "to", "received", "in", "paid", "currency", "form", "label"]
ignore = ["received", "in", "label"]
[[files.records]]
name = "from"
schema = "BankAccount"
id = "{from_bank}/{from}"
properties = { accountNumber = "from" }
[[files.records]]
name = "to"
schema = "BankAccount"
id = "{to_bank}/{to}"
properties = { accountNumber = "to" }
[[files.records]]
name = "transfer"
schema = "Transfer"
roles = { payerAccount = "from", beneficiaryAccount = "to" }
[files.records.properties]
date = { column = "at", format = "%Y/%m/%d %H:%M" }
amount = "paid"
currency = "currency"
transferType = "form"
"""


def test_an_exact_duplicate_is_real(desk: Desk, shared_data: Path) -> None:
    manifest = desk.write("m.toml", ADVERSARIAL)
    path = shared_data / "aml_tx/ibm_aml_layout_adversarial.csv"
    report = load(desk.url, path, "--manifest", manifest)[1]
    # A table is strict: the third row lacks its last cell, the fifth most of them.
    assert totals(report) == {"read": 5, "accepted": 2, "quarantined": 3}
    assert reasons(report) == {"date not as declared: at": 1, "ragged row": 2}
    assert desk.view().stats().relationships == {"Transfer": 2}


SENZING = """
adapter = "jsonl"
dataset = "senzing"
[[files]]
pattern = "*.jsonl"
ignore = ["FEATURES", "AMOUNT", "CATEGORY", "STATUS", "DATE"]
[[files.records]]
name = "person"
schema = "Person"
id = "{DATA_SOURCE}/{RECORD_ID}"
when = { column = "FEATURES.RECORD_TYPE", equals = ["PERSON"] }
[files.records.properties]
firstName = "FEATURES.NAME_FIRST"
lastName = "FEATURES.NAME_LAST"
name = "FEATURES.NAME_FULL"
phone = { column = "FEATURES.PHONE_NUMBER", country = "us" }
[[files.records]]
name = "organisation"
schema = "Organization"
id = "{DATA_SOURCE}/{RECORD_ID}"
when = { column = "FEATURES.RECORD_TYPE", equals = ["ORGANIZATION"] }
properties = { name = "FEATURES.NAME_ORG", phone = { column = "FEATURES.PHONE_NUMBER", country = "us" } }
"""


def test_lists_of_objects_are_read_by_path(desk: Desk, shared_data: Path) -> None:
    paths = sorted((shared_data / "senzing/demo").glob("*.jsonl"))
    report = load(desk.url, *paths, "--manifest", desk.write("m.toml", SENZING))[1]
    assert totals(report) == {"read": 159, "accepted": 159}
    assert desk.view().stats().entities == {"Person": 147, "Organization": 12}
    said = Counter(
        feature["PHONE_NUMBER"]
        for path in paths
        for line in path.read_text("utf-8").splitlines()
        for feature in json.loads(line)["FEATURES"]
        if "PHONE_NUMBER" in feature
    )
    found = Counter(value.original for each in desk.records() for value in each.record.properties.get("phone", ()))
    assert found == said
