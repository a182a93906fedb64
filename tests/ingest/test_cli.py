"""The command line: what it prints where, and its exit codes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.formats import ADAPTERS
from tests.ingest.desk import Desk
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.view.store import GraphStore

LINES = '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n{"id": "b"}\n'


@pytest.fixture
def store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("WORKBENCH_VIEWERS", raising=False)
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)
    return desk.url


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, str]:
    """Exit code, what stdout says (JSON where that was asked for), stderr."""
    code = run(cli, [str(each) for each in arguments])
    out, err = capsys.readouterr()
    return code, json.loads(out) if "--json" in arguments and out else out, err


@pytest.mark.usefixtures("store")
def test_a_load_as_json(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.write("e.json", LINES)
    code, answer, err = call(capsys, "load", path, "--adapter", "ftm", "--agency", "NKP", "--json")
    assert code == 1
    assert set(answer) == {"files", "unforeseen", "revision", "seconds"}
    (entry,) = answer["files"]
    assert len(entry.pop("sha256")) == 64
    assert entry == {
        "path": str(path),
        "read": 2,
        "accepted": 1,
        "unchanged": 0,
        "late": 0,
        "quarantined": 1,
        "refused": 0,
        "left": 0,
        "reasons": {"no schema": 1},
        "records": {},
    }
    assert err == "e.json:2: the entity has no schema: every entity needs one, as text\n"
    code, again, _ = call(capsys, "load", path, "--adapter", "ftm", "--agency", "NKP", "--json")
    assert (code, again["revision"], again["files"][0]["unchanged"]) == (1, None, 1)


@pytest.mark.usefixtures("store")
def test_a_value_that_nothing_foresaw_makes_the_exit_code_1(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = desk.write(
        "m/m.toml",
        """
        adapter = "csv"
        dataset = "d"
        files = [{ pattern = "*", records = [
            { name = "item", schema = "Item", id = "{id}" },
            { name = "person", schema = "Person", id = "{id}", when = { column = "kind", equals = ["person"] } },
        ] }]
        """,
    )
    path = desk.write("t.csv", "id,kind\n1,person\n2,PERSON\n")
    code, answer, err = call(capsys, "load", path, "--manifest", manifest, "--json")
    assert (code, answer["files"][0]["records"]) == (1, {"item": 2, "person": 1})
    assert answer["unforeseen"] == [
        {"path": str(path), "column": "kind", "value": "PERSON", "units": 1, "like": "person"}
    ]
    assert "differs from 'person' by case or space only" in err


@pytest.mark.usefixtures("store")
def test_a_dry_run_needs_what_a_load_needs_and_says_so(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GraphStore, "patience", 0.1)
    path = desk.write("e.json", LINES)
    with desk.store.writer(agency="NKP", by="another"):
        code, answer, _ = call(capsys, "load", path, "--adapter", "ftm", "--dry-run", "--json")
    assert (code, answer["error"]["kind"]) == (3, "StoreBusy")
    _, said, _ = call(capsys, "load", "--help")
    assert "Show what would change: it is written unseen, then undone" in " ".join(said.split())
    assert "change nothing" not in said


@pytest.mark.usefixtures("store")
def test_a_clean_load_and_a_dry_run(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.write("e.json", LINES.splitlines()[0])
    code, answer, err = call(capsys, "load", path, "--adapter", "ftm", "--dry-run", "--json")
    assert (code, answer["files"][0]["accepted"], answer["revision"], err) == (0, 1, None, "")
    assert desk.store.agencies() == frozenset()
    code, answer, _ = call(capsys, "load", path, "--adapter", "ftm", "--json")
    assert (code, answer["files"][0]["accepted"]) == (0, 1)
    code, text, _ = call(capsys, "load", path, "--adapter", "ftm")
    assert code == 0
    assert "nothing changed" in text
    code, text, _ = call(capsys, "load", path, "--adapter", "ftm", "--marking", "OPEN")
    assert code == 0
    assert "no new content, 1 records re-marked at every revision" in text


@pytest.mark.usefixtures("store")
def test_wrong_use_says_why(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.write("e.json", LINES)
    for arguments, message in (
        (("load", path, "--adapter", "pdf"), f"no adapter 'pdf': one of {', '.join(sorted(ADAPTERS))}"),
        (("load", path, "--adapter", "csv"), "wants a manifest"),
        (("load", path, "--adapter", "ftm", "--manifest", desk.folder / "no.toml"), "no.toml"),
        (("load",), "Missing argument"),
        (("quarantine", "show", "0" * 16), "no unit in quarantine"),
        (("quarantine", "list", "--as", "nobody"), "no viewer 'nobody'"),
    ):
        code, out, err = call(capsys, *arguments, "--json")
        assert (code, out["error"]["message"] in err) == (2, True)
        assert message in err


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("adapter", [(), ("--adapter", "ftm")])
def test_a_pattern_that_matches_nothing_is_refused(
    desk: Desk, capsys: pytest.CaptureFixture[str], adapter: tuple[str, ...]
) -> None:
    code, answer, err = call(capsys, "load", desk.folder / "no*.json", *adapter, "--json")
    assert (code, answer["files"][0]["reasons"]) == (1, {"missing file": 1})
    assert "no*.json is not there" in err
    assert "which the content shows" not in err


@pytest.mark.sqlite_only(reason="a file can be missing")
@pytest.mark.parametrize("more", [(), ("--adapter", "ftm"), ("--adapter", "ftm", "--dry-run")])
def test_paths_that_are_not_there_are_all_named_and_nothing_is_made(
    desk: Desk, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    there, store = desk.write("e.json", LINES), desk.folder / "new.db"
    paths = (desk.folder / "no.json", there, desk.folder / "in*.json", desk.folder / "nor.json")
    code, answer, err = call(capsys, "load", *paths, *more, "--store", f"sqlite:///{store}", "--json")
    assert (code, set(answer)) == (2, {"error"})
    assert f"2 paths are not there: check their names: {paths[0]}, {paths[3]}" in err
    assert not store.exists()
    code, _, err = call(capsys, "load", paths[0], *more, "--store", f"sqlite:///{store}")
    assert (code, f"error: {paths[0]} is not there: check its name" in err) == (2, True)


@pytest.mark.sqlite_only(reason="a file can be something else")
def test_a_store_that_is_none_fails(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path = desk.write("other.db", "not a store, whatever its name says\n" * 100)
    code, out, err = call(capsys, "load", path, "--adapter", "ftm", "--store", f"sqlite:///{path}", "--json")
    assert (code, out["error"]["kind"]) == (3, "StoreMismatch")
    assert "other.db" in err


@pytest.mark.usefixtures("store")
def test_quarantine_is_listed_shown_and_replayed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    bad = '{"id": "b", "schema": "Person", "properties": {"shoe": ["42"]}}\n'
    call(capsys, "load", desk.write("e.json", bad), "--adapter", "ftm", "--agency", "NKP")
    code, answer, _ = call(capsys, "quarantine", "list", "--json")
    (unit,) = answer["quarantine"]
    assert (code, unit["agency"], unit["locator"], unit["reason"]) == (0, "NKP", "e.json:1", "unknown property: shoe")
    code, shown, _ = call(capsys, "quarantine", "show", unit["id"], "--json")
    assert (code, shown["raw"]) == (0, bad)
    assert "shoe" in call(capsys, "quarantine", "list")[1] + call(capsys, "quarantine", "show", unit["id"])[1]
    manifest = desk.write("m.toml", 'adapter = "ftm"\n[[files]]\npattern = "*"\nignore = ["shoe"]\n')
    code, _, _ = call(capsys, "quarantine", "replay", "--json")
    assert code == 1
    code, answer, _ = call(capsys, "quarantine", "replay", unit["id"], "--manifest", manifest, "--json")
    assert (code, answer["files"][0]["accepted"]) == (0, 1)
    assert call(capsys, "quarantine", "list", "--json")[1] == {"quarantine": []}


def test_adapters_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, answer, _ = call(capsys, "adapters", "--json")
    assert (code, [each["name"] for each in answer["adapters"]]) == (0, sorted(ADAPTERS))
    assert "FollowTheMoney" in call(capsys, "adapters")[1]


def test_the_program_itself(desk: Desk) -> None:
    path = desk.write("e.json", LINES)
    command = [
        sys.executable,
        "-m",
        "workbench.commands.ingest",
        "load",
        path,
        "--adapter",
        "ftm",
        "--json",
        "--store",
        desk.url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["files"][0]["accepted"] == 1


@pytest.mark.sqlite_only(reason="a file can be missing")
@pytest.mark.usefixtures("store")
def test_reading_and_trying_make_no_store(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    path, store = desk.write("e.json", LINES.splitlines()[0]), desk.folder / "none/store.db"
    elsewhere = ("--store", f"sqlite:///{store}")
    code, _, err = call(capsys, "quarantine", "list", *elsewhere)
    assert (code, "no store at" in err) == (2, True)
    code, answer, _ = call(capsys, "load", path, "--adapter", "ftm", "--dry-run", "--json", *elsewhere)
    assert (code, answer["files"][0]["accepted"], answer["revision"]) == (0, 1, None)
    assert not store.parent.exists()


@pytest.mark.usefixtures("store")
def test_a_unit_is_repaired_or_discarded(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, "load", desk.write("e.json", '{"id": "b"}\n{"id": "c"}\n'), "--adapter", "ftm", "--agency", "NKP")
    one, other = (each["id"] for each in call(capsys, "quarantine", "list", "--json")[1]["quarantine"])
    repaired = desk.write("b.json", '{"id": "b", "schema": "Person"}')
    code, answer, _ = call(capsys, "quarantine", "replay", one, "--raw", repaired, "--json")
    assert (code, answer["files"][0]["accepted"]) == (0, 1)
    assert call(capsys, "quarantine", "discard", other)[0] == 2
    code, answer, _ = call(capsys, "quarantine", "discard", other, "--reason", "a test line", "--json")
    assert (code, [each["id"] for each in answer["discarded"]], answer["reason"]) == (0, [other], "a test line")
    assert call(capsys, "quarantine", "list", "--json")[1] == {"quarantine": []}
