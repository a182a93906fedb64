"""`workbench doctor` on healthy stores, and on files that are damaged or not stores."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.doctor.stores import Doctor, digest, load, loading, states
from tests.stores import KIND, NEO4J, fresh_url
from workbench.commands.console import run
from workbench.commands.main import cli

ON_A_FILE = pytest.mark.sqlite_only(reason="looks at a file")


def test_a_store_that_is_well(doctor: Doctor, tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann", "Anna")
    code, checks = doctor(url)
    assert code == 0
    assert states(checks, "failed") == states(checks, "warning") == []
    assert checks["writer"]["found"] == "nobody is writing"
    assert states(checks, "unknown") == (["disk"] if KIND == NEO4J else [])


def test_it_changes_nothing_and_tells_nothing_of_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = fresh_url(tmp_path)
    load(url, "Annabella")
    before = digest(url)
    assert run(cli, ["doctor", "--store", url]) == 0
    told = capsys.readouterr().out
    assert "server" in told or "integrity" in told
    assert "Annabella" not in told
    assert "NKP" not in told
    assert digest(url) == before


def test_who_writes_and_what_a_dead_writer_left(doctor: Doctor, tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    with loading(url):
        code, checks = doctor(url)
        assert (code, checks["writer"]["state"]) == (0, "ok")
        assert "is writing (since 20" in checks["writer"]["found"]
    code, checks = doctor(url)
    if KIND == NEO4J:
        assert "left 5 records that nobody sees" in checks["writer"]["found"]
    assert (code, states(checks, "warning")) == (0, ["writer"])
    assert "a load was interrupted before it was published" in checks["writer"]["found"]
    assert "load it again" in checks["writer"]["todo"]
    load(url, "Ann")
    assert doctor(url)[1]["writer"]["found"] == "nobody is writing"


def test_no_store(doctor: Doctor, tmp_path: Path) -> None:
    code, checks = doctor(f"sqlite:///{tmp_path / 'none.db'}")
    assert (code, list(checks)) == (3, ["file"])
    assert not (tmp_path / "none.db").exists()
    assert run(cli, ["doctor", "--store", "neo5j://a:secret@host", "--json"]) == 2


# -- files ------------------------------------------------------------------------------------


@ON_A_FILE
@pytest.mark.parametrize(
    ("change", "name", "state", "said"),
    [
        ("PRAGMA user_version = 999", "version", "failed", "written by a newer workbench"),
        ("PRAGMA user_version = 0", "version", "warning", "schema 0 of"),
        ("PRAGMA application_id = 5", "version", "failed", "not a workbench store"),
        ("INSERT INTO meta VALUES ('copying', '{}')", "copy", "warning", "was not finished"),
        ("INSERT INTO meta VALUES ('copy_of_viewer', 'ann')", "copy", "ok", "made for ann"),
    ],
)
def test_a_file_of_another_kind(doctor: Doctor, tmp_path: Path, change: str, name: str, state: str, said: str) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        db.execute(change)
        db.commit()
    code, checks = doctor(url)
    assert checks[name]["state"] == state
    assert said in checks[name]["found"]
    assert bool(checks[name]["todo"]) == (state != "ok")
    assert code == (3 if state == "failed" else 0)


@ON_A_FILE
def test_repair_makes_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = fresh_url(tmp_path)
    assert run(cli, ["doctor", "--store", url, "--repair"]) == 2
    assert "load something into it first" in capsys.readouterr().err
    assert run(cli, ["doctor", "--store", "neo5j://host", "--repair"]) == 2
    assert list(tmp_path.iterdir()) == []


@ON_A_FILE
def test_a_file_that_is_damaged_or_no_database(doctor: Doctor, tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    file = Path(url.removeprefix("sqlite:///"))
    octets = bytearray(file.read_bytes())
    octets[8192:40960] = bytes(32768)
    file.write_bytes(octets)
    code, checks = doctor(url)
    assert code == 3
    assert states(checks, "failed")[0] in ("file", "integrity")
    file.write_bytes(b"no database at all" * 1000)
    code, checks = doctor(url)
    assert (code, states(checks, "failed")) == (3, ["file"])
    assert "can't be read as a store" in checks["file"]["found"]


@ON_A_FILE
def test_a_log_that_grew(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh_url(tmp_path)
    load(url, "Ann")
    monkeypatch.setattr("workbench.store.sqlite.doctor._LARGE_LOG", -1)
    monkeypatch.setattr("workbench.store.sqlite.doctor._LITTLE_ROOM", 1 << 60)
    code, checks = doctor(url)
    assert (code, states(checks, "warning")) == (0, ["disk", "write-ahead log"])
