"""Lists of people and companies that nobody here wrote: known counts, and again unchanged, through the command line."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse as parse_xml

import pytest

from tests.ingest.desk import Desk
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.store.types import SourcedRecord

pytestmark = pytest.mark.data

Load = Callable[..., dict[str, int]]


@pytest.fixture
def load(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Load:
    """Loads files into a dataset twice, and returns the sums of the first time; the second changes nothing."""
    monkeypatch.delenv("WORKBENCH_VIEWERS", raising=False)
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)

    def once(adapter: str, paths: tuple[Path, ...]) -> tuple[Any, Counter[str]]:
        said = ["load", *map(str, paths), "--adapter", adapter, "--dataset", "d", "--delivered", "2026-01-01", "--json"]
        assert run(cli, said) in (0, 1)
        report = json.loads(capsys.readouterr().out)
        sums = Counter[str]()
        for file in report["files"]:
            counts = {name: file[name] for name in _OUTCOMES}
            assert file["read"] == sum(counts.values())
            sums.update({"read": file["read"], **counts})
        return report, sums

    def twice(adapter: str, *paths: Path) -> dict[str, int]:
        _, first = once(adapter, paths)
        report, again = once(adapter, paths)
        assert report["revision"] is None
        assert again["unchanged"] == first["accepted"] + first["unchanged"]
        assert all(again[name] == first[name] for name in ("read", "quarantined", "refused", "left"))
        return {name: n for name, n in first.items() if n}

    return twice


_OUTCOMES = ("accepted", "unchanged", "late", "quarantined", "refused", "left")


def all_named(desk: Desk) -> dict[str, list[SourcedRecord]]:
    """The records in the store by the names of the mapping's records."""
    found: dict[str, list[SourcedRecord]] = {}
    for each in desk.records():
        found.setdefault(each.record.part.rpartition(":")[2], []).append(each)
    return found


def named(desk: Desk, name: str) -> list[SourcedRecord]:
    """The records in the store that a record of the mapping made."""
    return all_named(desk).get(name, [])


def values(found: list[SourcedRecord], prop: str) -> list[str]:
    return [v.value for each in found for v in each.record.properties.get(prop, ()) if v.value is not None]


def ofac(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [[cell.strip() for cell in row] for row in csv.reader(stream)]
    return [["" if cell == "-0-" else cell for cell in row] for row in rows if len(row) > 1]


def whole_pieces(remark: str) -> list[str]:
    """The pieces of a remark that are not cut off at its end."""
    pieces = remark.split("; ")
    return [*pieces[:-1], pieces[-1][:-1]] if remark.endswith(".") else pieces[:-1]


def test_ofac_entries(desk: Desk, shared_data: Path, load: Load) -> None:
    path = shared_data / "sanctions/ofac_csv/sdn.csv"
    assert load("ofac-csv", path) == {"read": 7_379, "accepted": 7_379}
    rows = ofac(path)
    assert Counter(row[2] for row in rows) == {"individual": 3_845, "": 2_994, "vessel": 323, "aircraft": 217}
    stats = desk.view().stats()
    kinds = ("Person", "Organization", "Vessel", "Airplane")
    assert [stats.entities[each] for each in kinds] == [3_845, 2_994, 323, 217]
    linking = [row for row in rows if "Linked To: " in row[11]]
    assert len(linking) == 1_727
    found = all_named(desk)
    links = [each.record for each in found["linked"]]
    said = {(row[0], piece) for row in linking for piece in whole_pieces(row[11]) if piece.startswith("Linked To: ")}
    assert len(links) == len(said)
    assert len({role.ref for each in links for role in each.roles if role.name == "subject"}) == 1_727
    by_name = Counter(row[1] for row in rows)
    entries = {row[1]: row[0] for row in rows if by_name[row[1]] == 1}
    objects = Counter(role.ref for each in links for role in each.roles if role.name == "object")
    assert objects[entries["HIZBALLAH"]] == sum("Linked To: HIZBALLAH;" in f"{row[11][:-1]};" for row in rows)
    circa = [row for row in rows if re.search(r"DOB (circa|[^;]* to |\d{4}-)", row[11])]
    kept = [
        each for each in found["person"] if any(v.value is None for v in each.record.properties.get("birthDate", ()))
    ]
    assert len(kept) == len(circa)


def test_ofac_addresses(desk: Desk, shared_data: Path, load: Load) -> None:
    path = shared_data / "sanctions/ofac_csv/add.csv"
    assert load("ofac-csv", path) == {"read": 11_696, "accepted": 11_696}
    assert len(ofac(path)) == 11_696
    stats = desk.view().stats()
    assert (stats.entities["Address"], stats.relationships["Residence"]) == (11_696, 11_696)


def test_ofac_names(desk: Desk, shared_data: Path, load: Load) -> None:
    path = shared_data / "sanctions/ofac_csv/alt.csv"
    rows = ofac(path)
    assert len(rows) == 9_682
    again = len(rows) - len({(row[0], row[2], row[3]) for row in rows})  # an entry has the same name twice
    assert load("ofac-csv", path) == {"read": 9_682, "accepted": 9_682 - again, "unchanged": again}
    told = values(named(desk, "alias"), "alias") + values(named(desk, "former name"), "previousName")
    assert len(told) == 9_682 - again


def test_ofac_comments_are_kept_with_an_entry_or_without(desk: Desk, shared_data: Path, load: Load) -> None:
    folder = shared_data / "sanctions/ofac_csv"
    assert load("ofac-csv", folder / "sdn_comments.csv") == {"read": 13, "accepted": 13}
    entries = {row[0] for row in ofac(folder / "sdn.csv")}
    comments = {row[0]: row[1] for row in ofac(folder / "sdn_comments.csv")}
    assert len(comments.keys() - entries) == 10
    found = {each.record.source_id: each.record.values()["notes"] for each in named(desk, "comment")}
    assert found == {number: [text] for number, text in comments.items()}


def test_the_list_of_the_un(desk: Desk, shared_data: Path, load: Load) -> None:
    path = shared_data / "sanctions/un/UN_consolidated.xml"
    assert load("un-xml", path) == {"read": 1_003, "accepted": 1_003}
    stats = desk.view().stats()
    assert (stats.entities["Person"], stats.entities["Organization"]) == (730, 273)
    strong, weak = values(named(desk, "alias"), "alias"), values(named(desk, "weak alias"), "weakAlias")
    root = parse_xml(path).getroot()  # noqa: S314 - a file of the test data
    aliases = root.findall(".//INDIVIDUAL_ALIAS")
    said = Counter(
        (each.findtext("QUALITY") or "").strip() for each in aliases if (each.findtext("ALIAS_NAME") or "").strip()
    )
    assert said == {"Good": 1_524, "Low": 615}
    assert sum(not (each.findtext("ALIAS_NAME") or "").strip() for each in aliases) == 169
    assert (len(strong), len(weak)) == (1_524, 615)
    inexact = [
        each
        for each in root.findall(".//INDIVIDUAL_DATE_OF_BIRTH")
        if (each.findtext("TYPE_OF_DATE") or "") in _INEXACT
    ]
    kept = [v for each in named(desk, "person") for v in each.record.properties.get("birthDate", ()) if v.value is None]
    assert len(kept) == len({(id(each), text(each)) for each in inexact if text(each)})
    assert all(v.original.startswith(("between ", "approximately ")) for v in kept)


_INEXACT = ("BETWEEN", "APPROXIMATELY")


def text(each: Any) -> str:
    return "".join((each.findtext(name) or "").strip() for name in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR"))


def test_an_error_page_is_no_list(shared_data: Path, load: Load) -> None:
    page = shared_data / "sanctions/negative/sdn_s3_error_page.xml"
    for adapter in ("un-xml", "ofac-csv", "gleif", "vcard", "bods", "psc", "fbi-wanted"):
        assert load(adapter, page) == {"read": 1, "refused": 1}


def test_notices_of_the_fbi(desk: Desk, shared_data: Path, load: Load) -> None:
    path = shared_data / "wanted/fbi_wanted_api.json"
    assert load("fbi-wanted", path) == {"read": 20, "accepted": 20}
    items = json.loads(path.read_text("utf-8"))["items"]
    victims = [each["uid"] for each in items if each["person_classification"] == "Victim"]
    assert len(victims) == 1
    wanted = {each.record.source_id for each in named(desk, "wanted")}
    missing = {each["uid"] for each in items if each["poster_classification"] == "missing"}
    asked = {each["uid"] for each in items if each["poster_classification"] == "information"}
    assert len(wanted) == 8
    assert not wanted & (missing | asked | set(victims))
    capacities = Counter(values(named(desk, "involved"), "capacity"))
    assert capacities == {"suspect": 8, "missing person": 5, "victim": 3}
    texts = [v for each in desk.records() for found in each.record.properties.values() for v, _ in found if v]
    assert not [each for each in texts if re.search(r"</?(p|a|b|div)\b", each)]


@pytest.mark.parametrize(
    ("name", "cards"),
    [("John_Doe_ANDROID", 6), ("rfc2426-example", 2), ("rfc6350-example", 1), ("John_Doe_GMAIL", 1)],
)
def test_cards(desk: Desk, shared_data: Path, load: Load, name: str, cards: int) -> None:
    path = shared_data / f"vcard/{name}.vcf"
    assert load("vcard", path) == {"read": cards, "accepted": cards}
    assert len(named(desk, "person")) == cards
    numbers = set(re.findall(r"(?im)^TEL[^:\n]*:(?:tel:)?([+\d-]+)", path.read_text("utf-8")))
    assert desk.view().stats().entities.get("Phone", 0) == len(numbers)


def test_a_birthday_without_a_year_is_kept(desk: Desk, shared_data: Path, load: Load) -> None:
    load("vcard", shared_data / "vcard/rfc6350-example.vcf")
    (card,) = named(desk, "person")
    assert [(v.value, v.original) for v in card.record.properties["birthDate"]] == [(None, "--0203")]


def test_statements_of_ownership(desk: Desk, shared_data: Path, load: Load) -> None:
    assert load("bods", shared_data / "bods/v0.4/sample_300_statements.json") == {"read": 300, "accepted": 300}
    stats = desk.view().stats()
    assert stats.entities["Company"] + stats.entities["Person"] == 200
    assert stats.relationships["Ownership"] == 100


def test_a_history_is_folded(desk: Desk, shared_data: Path, load: Load) -> None:
    path = shared_data / "bods/v0.4/examples_main/fermcat.json"
    assert load("bods", path) == {"read": 23, "accepted": 7, "left": 16}
    records = {each["recordId"] for each in json.loads(path.read_text("utf-8"))}
    assert len(records) == 7
    told = {each.record.source_id for each in desk.records()}
    assert {each for each in told if ":address:" not in each} == records
    shares = sorted(values(named(desk, "ownership"), "percentage"))
    assert shares == ["100", "50", "50"]
    assert len(values(named(desk, "ownership"), "endDate")) == 2


def test_an_indirect_interest_is_no_second_one(desk: Desk, shared_data: Path, load: Load) -> None:
    load("bods", shared_data / "bods/v0.4/examples_main/indirect-ownership.json")
    assert values(named(desk, "ownership"), "percentage") == ["60"]
    assert desk.view().stats().relationships == {"Ownership": 1, "Control": 1, "UnknownLink": 1}


@pytest.mark.parametrize(
    ("name", "read", "bad"),
    [
        ("statement_duplicate_statement_id-invalid-2", 4, 1),
        ("statement_relationship_interested_party_entity_or_person-invalid-2", 4, 1),
        ("statement_series-valid-1", 5, 0),
    ],
)
def test_checks_of_statements(shared_data: Path, load: Load, name: str, read: int, bad: int) -> None:
    found = load("bods", shared_data / f"bods/v0.4/checks/{name}.json")
    assert (found["read"], found.get("quarantined", 0)) == (read, bad)


@pytest.mark.parametrize("form", ["xml", "json"])
def test_gleif(desk: Desk, shared_data: Path, load: Load, form: str) -> None:
    folder = shared_data / "gleif"
    assert load("gleif", folder / f"lei-data.{form}") == {"read": 13, "accepted": 13}
    assert desk.view().stats().entities["Company"] == 13
    assert load("gleif", folder / f"rr-data.{form}") == {"read": 10, "accepted": 10}
    assert sum(len(named(desk, each)) for each in ("ownership", "management", "link")) == 10
    assert load("gleif", folder / f"repex-data.{form}") == {"read": 10, "accepted": 10}
    assert len(named(desk, "exception")) == 10
    units = json.loads((folder / "repex-data.json").read_text("utf-8"))
    assert Counter(values(named(desk, "exception"), "description")) == Counter(
        each["ExceptionReason"] for each in units
    )


def test_people_with_significant_control(desk: Desk, shared_data: Path, load: Load) -> None:
    folder = shared_data / "companies_house_psc"
    assert load("psc", *sorted(folder.glob("*.json"))) == {"read": 4, "accepted": 4}
    assert set(values(named(desk, "person"), "birthDate")) == {"1955-10"}
    assert set(values(named(desk, "ownership"), "percentage")) == {"25-50"}
    assert values(named(desk, "ownership"), "endDate") == ["2016-10-11"]
    assert values(named(desk, "statement"), "name") == ["no-individual-or-entity-with-signficant-control"]
    assert values(named(desk, "controlling company"), "name") == ["Foo Bar Limited"]
