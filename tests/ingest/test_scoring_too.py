"""Loads that score what they bring: by option, and in a file of loads."""

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import workbench
from tests.programs import PROGRAMS
from tests.stores import fresh_url
from workbench.commands.console import run
from workbench.resolve.scoring import publishing
from workbench.resolve.scoring.engine import NOTHING

PERSONS = "".join(
    json.dumps({"id": n, "schema": "Person", "properties": {"name": [name]}}) + "\n"
    for n, name in (("1", "Anna Vos"), ("2", "Fenmina Noorvenrade"))
)
BATCH = """
[[loads]]
files = ["persons.json"]
adapter = "ftm"
agency = "NKP"
resolve = true
"""


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(publishing, "weighed", lambda *_: NOTHING)  # no two of them are compared anyway
    (tmp_path / "persons.json").write_text(PERSONS, "utf-8")
    (tmp_path / "loads.toml").write_text(BATCH, "utf-8")
    return fresh_url(tmp_path)


def told(url: str, *words: str) -> Any:
    with redirect_stdout(StringIO()) as said:
        assert run(PROGRAMS["ingest"], [*words, "--store", url, "--json"]) == 0
    return json.loads(said.getvalue())


def test_the_option(url: str, tmp_path: Path) -> None:
    load = ["load", str(tmp_path / "persons.json"), "--adapter", "ftm", "--agency", "NKP"]
    assert "scored" not in told(url, *load, "--dry-run", "--resolve")
    first = told(url, *load, "--resolve")
    assert first["scored"] == {"compared": 2, "pairs": 0, "revision": first["revision"]}
    assert told(url, *load, "--resolve")["scored"] == {"compared": 0, "pairs": 0, "revision": ""}
    assert "scored" not in told(url, *load)
    with workbench.open(url) as case:
        assert case.score(new=True).compared == 0


def test_a_file_of_loads(url: str, tmp_path: Path) -> None:
    (load,) = told(url, "batch", str(tmp_path / "loads.toml"))["loads"]
    assert load["scored"] == {"compared": 2, "pairs": 0, "revision": load["revision"]}


def test_what_was_scored_is_said(url: str, tmp_path: Path) -> None:
    load = ["load", str(tmp_path / "persons.json"), "--adapter", "ftm", "--agency", "NKP", "--resolve"]
    with redirect_stdout(StringIO()) as said:
        assert run(PROGRAMS["ingest"], [*load, "--store", url]) == 0
    assert "compared 2 facets, kept 0 pairs" in said.getvalue()
