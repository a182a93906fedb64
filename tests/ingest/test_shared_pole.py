"""What a naive reader gets wrong in POLE, through the command line: few rows, as they stand in its tables."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from tests.ingest.desk import Desk
from tests.ingest.loads import load, totals
from workbench.model.record import Record

pytestmark = pytest.mark.data


def loaded(
    desk: Desk, data: Path, name: str, keep: str | None = None
) -> tuple[list[dict[str, str]], dict[str, Record]]:
    """The rows of a table of POLE, of crimes those of one type, and the records that they make, by their ids."""
    with zipfile.ZipFile(data / "pole/pole-data-importer.zip") as archive:
        content = archive.read(f"crime-investigation.nodes.{name}.csv").decode()
    rows = [row for row in csv.DictReader(io.StringIO(content)) if keep is None or row["type"] == keep]
    path = desk.folder / f"crime-investigation.nodes.{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    code, report = load(desk.url, path, "--adapter", "neo4j-csv")
    assert (code, totals(report)) == (0, {"read": len(rows), "accepted": len(rows)})
    return rows, {each.record.source_id: each.record for each in desk.records()}


def test_a_crime_without_a_type_has_two_ids(desk: Desk, shared_data: Path) -> None:
    """`:ID` is its id in the graph, `id` its own number; its day stands before its month."""
    (row,), found = loaded(desk, shared_data, "Crime", "")
    crime = found[row[":ID"]]
    day, month, year = row["date"].split("/")
    assert crime.values()["recordId"] == [row["id"]]
    assert crime.values()["date"] == [f"{year}-{month}-{day}"]
    assert "category" not in crime.properties


def test_a_call_is_an_entity(desk: Desk, shared_data: Path) -> None:
    rows, found = loaded(desk, shared_data, "PhoneCall")
    assert len(rows) == len(found) == 534
    assert {each.schema for each in found.values()} == {"Incident"}
    for row in rows:
        day, month, year = row["call_date"].split("/")
        assert found[row[":ID"]].values()["date"] == [f"{year}-{month}-{day}T{row['call_time']}"]
