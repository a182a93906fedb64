"""The benchmark of ingest: its files are what their adapters read, and a small run of all of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from stdnum import iban, lei

from benchmarks.ingest.formats import FORMS, HALF, JSON, XML
from benchmarks.ingest.invented import Invented
from benchmarks.ingest.invented import lei as lei_of
from benchmarks.ingest.parts import measured
from ingest.formats import ADAPTERS

ROOT = Path(__file__).resolve().parents[2]
UNITS = 200


def test_every_adapter_is_measured() -> None:
    assert sorted(FORMS) == sorted(ADAPTERS), "add a Form to one of benchmarks/ingest/*.py"
    assert set(FORMS) > {*HALF, *XML, *JSON}


def test_numbers_have_their_check_digits() -> None:
    invented = Invented(UNITS)
    assert all(iban.is_valid(invented.iban()) for _ in range(50))
    assert all(lei.is_valid(lei_of(number)) for number in range(50))


@pytest.mark.parametrize("adapter", sorted(FORMS))
def test_a_file_has_the_units_that_were_asked_for(adapter: str, tmp_path: Path) -> None:
    form = FORMS[adapter]
    file, manifest = tmp_path / form.name, tmp_path / "m.toml"
    form.write(file, UNITS)
    manifest.write_text(form.manifest or f'adapter = "{adapter}"\n', "utf-8")
    found = measured(adapter, file, manifest, tmp_path)
    assert found["units"] == {"square-csv": 20 + 190}.get(adapter, UNITS)  # a matrix has nodes, and cells for all pairs
    assert found["rejects"] == 0
    assert found["records"] >= UNITS
    parts = {"read_s", "ftm_s", "store_s", *(["plain_s"] if form.plain else [])}
    assert {name for name in found if name.endswith("_s")} == parts


def test_a_run_prints_its_rows() -> None:
    command = [sys.executable, "-m", "benchmarks.ingest", "--sizes", "100,200", "--adapters", "csv,stix", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=300)
    rows = json.loads(done.stdout)["rows"]
    assert {row["where"] for row in rows} == {"100", "200"}
    assert [row["bound"] for row in rows if row["what"] == "stix: more than it, of FollowTheMoney"] == ["<= 2"] * 2
    assert [row["what"] for row in rows if row["what"].startswith("csv: memory")] == ["csv: memory, of that before"]
    assert all(row["value"] > 0 for row in rows if "more than" not in row["what"])
