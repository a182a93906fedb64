"""What the account of the real input says beside counts, through the command line: labels, ties, traps."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.ingest.desk import Desk
from tests.ingest.loads import load, totals
from workbench.model.record import Basis, Record

pytestmark = pytest.mark.data

SENZING = """
adapter = "jsonl"
dataset = "senzing"
[[files]]
pattern = "*.jsonl"
ignore = ["FEATURES", "AMOUNT", "CATEGORY", "STATUS", "DATE"]
[files.values]
share = { column = "FEATURES.REL_POINTER_ROLE", take = 'Owns (\\d+)%' }
[[files.records]]
name = "person"
schema = "Person"
id = "{DATA_SOURCE}/{RECORD_ID}"
when = { column = "FEATURES.RECORD_TYPE", equals = ["PERSON"] }
properties = { birthDate = { column = "FEATURES.DATE_OF_BIRTH", format = FORMATS, first_year = 1925 } }
[[files.records]]
name = "organisation"
schema = "Organization"
id = "{DATA_SOURCE}/{RECORD_ID}"
when = { column = "FEATURES.RECORD_TYPE", equals = ["ORGANIZATION"] }
[[files.records]]
name = "owner"
schema = "Ownership"
when = "share"
roles = { owner = ["person", "organisation"], asset = { id = "REFERENCE/{FEATURES.REL_POINTER_KEY}" } }
properties = { percentage = "share" }
[[files.records]]
name = "other"
schema = "UnknownLink"
when = ["FEATURES.REL_POINTER_ROLE", { not = "share" }]
roles = { subject = ["person", "organisation"], object = { id = "REFERENCE/{FEATURES.REL_POINTER_KEY}" } }
properties = { role = "FEATURES.REL_POINTER_ROLE" }
"""
FORMATS = ["%m/%d/%y", "%m/%d/%Y", "%Y-%m-%d", "%d-%b-%y", "%y/%d/%m", "%Y/%d/%m", "%d/%m/%Y", "%d/%m/%y", "%b %d %Y"]
KEY = """
adapter = "csv"
dataset = "key"
[[files]]
pattern = "*_key.csv"
ignore = IGNORED
[[files.records]]
name = "record"
schema = "LegalEntity"
id = "{DATA_SOURCE}/{RECORD_ID}"
[[files.records]]
name = "cluster"
schema = "Item"
id = "cluster:{CLUSTER_ID}"
[[files.records]]
name = "tie"
schema = "UnknownLink"
roles = { subject = "record", object = "cluster" }
"""
PAIRS = """
adapter = "csv"
dataset = "pairs"
[[files]]
pattern = "cases.csv"
ignore = ["case_group", "schema", "quality", "category", "notes"]
[[files.records]]
name = "one"
schema = "LegalEntity"
id = "one:{name1}"
properties = { name = "name1" }
[[files.records]]
name = "other"
schema = "LegalEntity"
id = "other:{name2}"
properties = { name = "name2" }
[[files.records]]
name = "pair"
schema = "UnknownLink"
roles = { subject = "one", object = "other" }
properties = { role = { column = "is_match", map = { true = "same", false = "not the same" } } }
"""
SPELLINGS = """
adapter = "csv"
dataset = "spellings"
[[files]]
pattern = "putin_names.txt"
header = false
delimiter = "|"
columns = ["name"]
[[files.records]]
name = "spelling"
schema = "Person"
id = "{name}"
properties = { name = "name" }
"""


def loaded(desk: Desk, adapter: str, *paths: Path) -> list[Record]:
    """The records that clean files of a format make."""
    code, _ = load(desk.url, *paths, "--adapter", adapter, "--dataset", "d")
    assert code == 0
    return [each.record for each in desk.records()]


def of(found: list[Record], schema: str) -> list[Record]:
    return [each for each in found if each.schema == schema]


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# -- Follow the Money --------------------------------------------------------------------


def references(entities: list[Any]) -> list[str]:
    """What the entities of a file refer to, by the names of the properties that do so in it."""
    return [ref for each in entities for name in REFERRING for ref in each["properties"].get(name, ())]


REFERRING = (
    *("addressEntity", "asset", "director", "entity", "holder", "organization", "owner", "payer", "beneficiary"),
    *("person", "relative"),
)


@pytest.mark.parametrize(
    ("name", "all_", "dangling"),
    [("ftm/yente/zala/entities.ftm.json", 111, 16), ("ftm/nomenklatura/donations.ijson", 683, 0)],
)
def test_references_and_what_they_lead_to(desk: Desk, shared_data: Path, name: str, all_: int, dangling: int) -> None:
    entities = lines(shared_data / name)
    said = references(entities)
    missing = set(said) - {each["id"] for each in entities}
    assert (len(said), len(missing)) == (all_, dangling)
    load(desk.url, shared_data / name, "--adapter", "ftm")
    assert desk.view().stats().stubs == dangling


def test_names_of_zala_in_all_scripts(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "ftm/yente/zala/entities.ftm.json"
    entities = {each["id"]: each["properties"] for each in lines(path)}
    kinds = ("name", "alias", "weakAlias", "previousName")
    foreign = {
        (key, kind, text)
        for key, properties in entities.items()
        for kind in kinds
        for text in properties.get(kind, ())
        if re.search(r"[^\x00-\u024f]", text)
    }
    several = {
        (key, name) for key, properties in entities.items() for name, texts in properties.items() if len(texts) > 1
    }
    assert (len(foreign), len(several)) == (108, 171)
    found = {each.source_id: each for each in loaded(desk, "ftm", path)}
    assert {(k, kind, text) for k, kind, text in foreign if text in originals(found[k], kind)} == foreign
    kept = {(key, name) for key, name in several if name in found[key].properties}
    assert all(len(found[key].properties[name]) == len(set(entities[key][name])) for key, name in kept)
    assert {name for _, name in several - kept} <= set(REFERRING)


def originals(record: Record, name: str) -> list[str]:
    return [value.original or value.value or "" for value in record.properties.get(name, ())]


# -- Senzing and names -------------------------------------------------------------------


def test_ties_of_senzing_and_the_shares_in_their_roles(desk: Desk, shared_data: Path) -> None:
    paths = sorted((shared_data / "senzing/demo").glob("*.jsonl"))
    manifest = desk.write("m.toml", SENZING.replace("FORMATS", json.dumps(FORMATS)))
    code, report = load(desk.url, *paths, "--manifest", manifest)
    assert (code, totals(report)) == (0, {"read": 159, "accepted": 159})
    stats = desk.view().stats()
    assert stats.entities == {"Person": 147, "Organization": 12}
    assert stats.relationships == {"Ownership": 5, "UnknownLink": 9}
    found = [each.record for each in desk.records()]
    shares = Counter(each.values()["percentage"][0] for each in of(found, "Ownership"))
    assert shares == {"40": 1, "50": 2, "60": 1, "100": 1}
    roles = Counter(each.values()["role"][0] for each in of(found, "UnknownLink"))
    assert roles == {"Principal": 5, "Global Parent": 3, "President": 1}
    born = {each.source_id: each.values().get("birthDate") for each in of(found, "Person")}
    assert (born["CUSTOMERS/1001"], born["CUSTOMERS/1002"]) == (["1978-12-11"], ["1978-11-12"])  # swapped, kept apart


@pytest.mark.parametrize(("name", "clusters", "pairs"), [("actual", 85, 108), ("alternate", 84, 110)])
def test_keys_of_senzing(desk: Desk, shared_data: Path, name: str, clusters: int, pairs: int) -> None:
    ignored = '["TEST_GROUP"]' if name == "actual" else "[]"
    path = shared_data / f"senzing/demo/{name}_truthset_key.csv"
    code, report = load(desk.url, path, "--manifest", desk.write("m.toml", KEY.replace("IGNORED", ignored)))
    assert (code, totals(report)) == (0, {"read": 159, "accepted": 159})
    assert desk.view().stats().entities == {"LegalEntity": 159, "Item": clusters}
    sizes = Counter(dict(each.record.roles)["object"] for each in desk.records() if each.record.roles)
    assert sum(n * (n - 1) // 2 for n in sizes.values()) == pairs


def test_labelled_pairs_of_names(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "er/nomenklatura/cases.csv"
    code, report = load(desk.url, path, "--manifest", desk.write("m.toml", PAIRS))
    assert (code, totals(report)) == (0, {"read": 826, "accepted": 826})
    found = [each.record for each in desk.records()]
    assert Counter(each.values()["role"][0] for each in of(found, "UnknownLink")) == {"same": 425, "not the same": 401}
    with path.open(encoding="utf-8", newline="") as rows:
        names = {name for row in csv.DictReader(rows) for name in (row["name1"], row["name2"])}
    assert {text for each in of(found, "LegalEntity") for text in originals(each, "name")} == names


def test_spellings_of_one_name(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "er/nomenklatura/putin_names.txt"
    code, report = load(desk.url, path, "--manifest", desk.write("m.toml", SPELLINGS))
    assert (code, totals(report)) == (0, {"read": 81, "accepted": 81})
    assert sorted(each.record.source_id for each in desk.records()) == sorted(path.read_text("utf-8").splitlines())


# -- lists, charts, threats, cards ----------------------------------------------------------


def test_documents_and_wallets_in_remarks_of_ofac(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "sanctions/ofac_csv/sdn.csv"
    found = loaded(desk, "ofac-csv", path)
    with path.open(encoding="utf-8", newline="") as rows:
        remarks = [row[11] for row in csv.reader(rows) if len(row) > 1]
    wanted = {
        re.sub(r"^Digital Currency Address - ", "wallet:", piece.rstrip("."))
        for text in remarks
        for piece in text.split("; ")
        if re.match(r"Digital Currency Address - \w+ \w+\.?$", piece)
    }
    assert {each.source_id for each in found if each.source_id.startswith("wallet:")} == wanted
    assert wanted
    passports = {
        number for text in remarks for number in re.findall(r"(?:^|; )Passport ([\w-]+) \([\w ,.'-]+\)[;.]", text)
    }
    assert passports <= {text for each in of(found, "Passport") for text in originals(each, "number")}
    assert len(passports) > 500


def test_several_birth_dates_of_one_person(desk: Desk, shared_data: Path) -> None:
    path = shared_data / "sanctions/un/UN_consolidated.xml"
    dates = [each.findall("INDIVIDUAL_DATE_OF_BIRTH") for each in ET.parse(path).iter("INDIVIDUAL")]  # noqa: S314 - known
    several = sum(len({said for each in some if (said := day(each))}) > 1 for some in dates)
    persons = of(loaded(desk, "un-xml", path), "Person")
    assert sum(len(each.properties.get("birthDate", ())) > 1 for each in persons) == several > 50


def day(each: ET.Element) -> str:
    return "".join((each.findtext(name) or "").strip() for name in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR"))


def test_strengths_and_attributes_of_northstar(desk: Desk, shared_data: Path) -> None:
    found = loaded(desk, "anx", shared_data / "i2/anxwritter_northstar.anx")
    links = [each for each in found if each.roles]
    strengths = Counter(text for each in links for text in originals(each, "description") if "strength" in text)
    assert strengths == {"strength: Confirmed": 6, "strength: Probable": 1, "strength: Possible": 1}
    assert Counter(each.basis for each in links) == {Basis.FACT: 6, Basis.ASSESSMENT: 2}
    content = (shared_data / "i2/anxwritter_northstar.anx").read_text("utf-16")
    attributes = re.findall(r"<Attribute [^>]*Value=\"([^\"]*)\"", content)
    told = [text.rpartition(": ")[2] for each in found for name in each.properties for text in originals(each, name)]
    assert len(attributes) == 14
    assert set(attributes) <= set(told)


def test_a_granular_marking_marks_what_it_names(desk: Desk, shared_data: Path) -> None:
    found = loaded(desk, "stix", shared_data / "stix/oasis_docs/using-granular-markings.json")
    parts = {
        str(each.marking).partition("HC ")[2]: set(each.properties)
        for each in found
        if each.source_id.startswith("indicator--") and not each.roles
    }
    assert parts.pop("") == {"createdAt", "modifiedAt", "patternType", "startDate"}
    assert parts == {
        "TLP-RED": {"description"},
        "TLP-AMBER": {"indicatorType"},
        "TLP-GREEN": {"indicatorType", "name", "pattern"},
    }


def test_quoted_printable_of_cards(desk: Desk, shared_data: Path) -> None:
    found = of(loaded(desk, "vcard", shared_data / "vcard/John_Doe_ANDROID.vcf"), "Person")
    texts = {text for each in found for text in originals(each, "name")}
    assert "Ñ Ñ Ñ Ñ" in texts
    assert not [each for each in texts if "=C3" in each]


def test_an_account_is_that_of_its_bank(desk: Desk, shared_data: Path) -> None:
    """Both columns of accounts are called Account: each stands with the bank before it."""
    path = shared_data / "aml_tx/ibm_aml_layout_adversarial.csv"
    load(desk.url, path, "--adapter", "aml-tx", "--dataset", "d")
    with path.open(encoding="utf-8", newline="") as rows:
        wanted = Counter((f"{row[1]}:{row[2]}", f"{row[3]}:{row[4]}") for row in [*csv.reader(rows)][1:4])
    ways = [dict(each.record.roles) for each in desk.records() if each.record.schema == "Transfer"]
    found = Counter((each["payerAccount"][8:], each["beneficiaryAccount"][8:]) for each in ways)
    assert found == wanted


def test_how_far_parts_of_an_event_of_misp_may_go(desk: Desk, shared_data: Path) -> None:
    """What is only for one's own organisation has a handling code. No file here names a sharing group."""
    path = shared_data / "misp/pymisp/existing_event.json"
    own = {each["uuid"] for each in clusters(json.loads(path.read_text("utf-8"))) if each.get("distribution") == "0"}
    found = loaded(desk, "misp", path)
    assert {each.source_id for each in found if "MISP-ORGANISATION-ONLY" in str(each.marking)} == own
    assert own


def clusters(value: Any) -> list[dict[str, Any]]:
    """The clusters of galaxies in a JSON value, wherever they stand."""
    if isinstance(value, list):
        return [found for each in value for found in clusters(each)]
    if not isinstance(value, dict):
        return []
    return [*value.get("GalaxyCluster", []), *(found for each in value.values() for found in clusters(each))]
