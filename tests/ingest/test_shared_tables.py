"""Real tables that nobody prepared: from a suggested manifest to records, through the command line."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.ingest.desk import Desk
from tests.ingest.test_cli import call

pytestmark = pytest.mark.data

# For each file the units that its suggested manifest accepts as it was proposed, and of each record.
TABLES = {
    "cdr/cider/mobilemoney.csv": (10_000, {"source": 10_000, "target": 5_968, "transfer": 10_000}),
    "cdr/cider/antennas.csv": (297, {"place": 297}),
    "cdr/cider/towers.csv": (100, {"place": 100}),
    "cdr/cider/subscribers.csv": (1_000, {"party": 1_000}),
    "senzing/demo/customers.csv": (120, {"company": 12 - 6, "person": 114}),
    "anpr/brechtvdv_example.csv": (33, {"vehicle": 33, "place": 33, "read": 33}),
    "amlsim/sample_outputs/accounts.csv": (30, {"account": 30, "holder": 30, "holding": 30}),
    "amlsim/sample_outputs/tx.csv": (45, {"source": 45, "target": 45, "transfer": 45}),
    "amlsim/sample_outputs/cash_tx.csv": (88, {"source": 88, "transfer": 88}),
    "sanctions/ofac_csv/sdn.csv": (7_379, {"party": 7_379}),
    "sanctions/ofac_csv/add.csv": (11_696, {"party": 11_696}),
    "sanctions/ofac_csv/alt.csv": (9_682, {"party": 9_682}),
    "covert/caviar/CAVIAR_FULL.edges.csv": (205, {"source": 205, "target": 205, "link": 205}),
    "covert/infinito_locale/edges.csv": (1_569, {"source": 1_569, "target": 1_569, "link": 1_569}),
    "covert/infinito_locale/nodes.csv": (146, {"person": 146}),
}


@pytest.fixture
def folder(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("WORKBENCH_VIEWERS", raising=False)
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)
    return desk.folder


def suggested(capsys: pytest.CaptureFixture[str], path: Path, folder: Path) -> Path:
    """The suggested manifest of a file, with its proposals taken as answers."""
    manifest = folder / "m.toml"
    adapter = () if path.suffix != ".csv" else ("--adapter", "csv")
    assert call(capsys, "suggest", path, "-o", manifest, *adapter)[0] == 0
    manifest.write_text(re.sub(r"(?ms)^questions = \[.*?^\]\n", "", manifest.read_text()))
    return manifest


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_that_nobody_prepared(
    folder: Path, shared_data: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    units, records = TABLES[name]
    manifest = suggested(capsys, shared_data / name, folder)
    code, report, _ = call(capsys, "load", shared_data / name, "--manifest", manifest, "--json")
    (entry,) = report["files"]
    assert (entry["read"], entry["accepted"], entry["records"]) == (units, units, records)
    assert code == 0
    _, again, _ = call(capsys, "load", shared_data / name, "--manifest", manifest, "--json")
    assert (again["revision"], again["files"][0]["unchanged"]) == (None, units)


def test_open_questions_refuse_a_load(folder: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, manifest = shared_data / "cdr/cider/mobilemoney.csv", folder / "m.toml"
    assert call(capsys, "suggest", path, "-o", manifest)[0] == 0
    code, _, err = call(capsys, "load", path, "--manifest", manifest)
    assert code == 2
    assert "open question: timestamp: of which time zone" in err
    numbers = {row["caller_id"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    assert not any(number in manifest.read_text() for number in numbers)


def test_money_is_what_the_file_says(
    desk: Desk, folder: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data / "cdr/cider/mobilemoney.csv"
    manifest = suggested(capsys, path, folder)
    assert call(capsys, "load", path, "--manifest", manifest, "--json")[0] == 0
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    said = Counter(row["txn_type"] for row in rows if row["recipient_id"])  # the others tie nobody to anybody
    found = Counter(
        value.original
        for each in desk.records()
        if each.record.schema == "Transfer"
        for value in each.record.properties["transferType"]
    )
    assert found == said
    assert found["p2p"] == 3_925


def test_the_royal_family(desk: Desk, folder: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared_data / "ftm/aleph/royal-family.vis"
    code, report, err = call(capsys, "load", path, "--dataset", "chart", "--json")
    (entry,) = report["files"]
    chart = json.loads(path.read_text("utf-8"))["layout"]
    assert (code, entry["read"], entry["accepted"]) == (0, 7, len(chart["entities"]))
    assert entry["reasons"] == {
        "not read: groups of vertices": len(chart["groupings"]),
        "not read: places of vertices": len(chart["vertices"]),
    }
    stats = desk.view().stats()
    assert (stats.entities, stats.relationships) == ({"Person": 3}, {"Family": 3, "Succession": 1})
    assert "read as vis" in err
    assert call(capsys, "load", path, "--dataset", "chart", "--json")[1]["revision"] is None


def test_formats_of_real_files_are_told(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {
        "ftm/yente/zala/entities.ftm.json": "ftm",
        "ftm/nomenklatura/donations.ijson": "ftm",
        "ftm/aleph/royal-family.vis": "vis",
        "pole/pole-data-importer.zip": "neo4j-csv",
        "senzing/demo/customers.jsonl": "jsonl",
        "senzing/demo/customers.csv": "csv",
        "aml_tx/ibm_aml_layout_adversarial.csv": "aml-tx",
        "amlsim/sample_outputs/tx.csv": "amlsim",
        "anpr/brechtvdv_example.csv": "anpr",
        "i2/anxwritter_northstar.anx": "anx",
        "bods/v0.4/examples_main/fermcat.json": "bods",
        "case_uco/call_log.json": "case-uco",
        "networks/igraph_dl/edgelist1.dl": "dl",
        "wanted/fbi_wanted_api.json": "fbi-wanted",
        "networks/gexf/LesMiserables.gexf": "gexf",
        "gleif/lei-data.xml": "gleif",
        "gleif/rr-data.json": "gleif",
        "goaml/vyttah/golden/STR.xml": "goaml",
        "networks/graphml/quakers-network.graphml": "graphml",
        "iso20022/moov/FI_camt_053_sample.xml": "iso20022",
        "iso20022/moov/musterfile_pain.001_Nov2020.xml": "iso20022",
        "misp/pymisp/existing_event.json": "misp",
        "misp/pymisp/mainly_objects_1.json": "misp",
        "mt940/betterplace_sepa_mt9401.sta": "mt940",
        "mt940/jejik_abnamro.sta": "mt940",
        "sanctions/ofac_csv/sdn.csv": "ofac-csv",
        "networks/igraph_pajek/pajek_arcslist.net": "pajek",
        "companies_house_psc/psc_individual.json": "psc",
        "networks/ucinet_csv/morselli_caviar.csv": "square-csv",
        "stix/oasis/apt1.json": "stix",
        "sanctions/un/UN_consolidated.xml": "un-xml",
        "vcard/John_Doe_ANDROID.vcf": "vcard",
    }
    code, answer, _ = call(capsys, "detect", *(shared_data / name for name in told), "--json")
    assert code == 0
    found = [[(look["adapter"], look["certainty"]) for look in each["looks"]] for each in answer["files"]]
    assert found == [[(adapter, "sure")] for adapter in told.values()]
    page = shared_data / "sanctions/negative/sdn_s3_error_page.xml"
    code, answer, _ = call(capsys, "detect", page, "--json")
    assert (code, answer["files"][0]["looks"]) == (1, [])
    assert "an error of a server" in answer["files"][0]["said"]
