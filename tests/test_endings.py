"""Every exception of a command becomes an exit code and a message, with nothing unsafe for a terminal."""

import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from tests.app.case import load, record
from tests.programs import GIVEN, PROGRAMS, RAW, STORELESS, UGLY, commands_of, filled
from tests.stores import fresh_url
from workbench.commands.console import run
from workbench.commands.ingest import cli as ingest_cli
from workbench.commands.main import cli
from workbench.endings import CUT_OFF, FAILED, STOPPED, WRONG_USE, ending_of
from workbench.view.store import open_store


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, each in commands_of(group).items():
        if isinstance(each, click.Group):
            yield from commands(each, f"{before}{name} ")
        else:
            yield f"{before}{name}"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with a name that is unsafe for a terminal."""
    found = fresh_url(tmp_path)
    with closing(open_store(found)) as store:
        load(store, "NKP", [record("NKP", "Person", "a", name=UGLY), record("NKP", "Person", "b", name="Bea")])
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_is_tried(program: str) -> None:
    assert set(commands(PROGRAMS[program])) == set(GIVEN[program]) | STORELESS[program]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), STOPPED),
        (EOFError(), FAILED),
        (MemoryError(), FAILED),
        (RecursionError(), FAILED),
        (PermissionError(13, "Permission denied", "x"), FAILED),
        (BrokenPipeError(32, "Broken pipe"), CUT_OFF),
        (SystemExit(1), FAILED),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), FAILED),
    ],
)
def test_each_kind_has_its_code(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    @click.group()
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error

    assert run(group, ["fail"]) == code
    assert capsys.readouterr().err.count("\n") == (0 if code == CUT_OFF else 1)
    assert ending_of(error).code == code


# -- as processes ---------------------------------------------------------------------------------


def process(
    arguments: list[str], module: str = "workbench.commands.main", **how: Any
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", module, *arguments], text=True, timeout=120, check=False, **how)


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize(
    "command", [["schemata"], ["stats", "--store", "URL"], ["export", "--format", "ftm", "--store", "URL"]]
)
def test_a_full_stdout_is_told(url: str, command: list[str], options: list[str]) -> None:
    if "export" in command and options:
        return
    with Path("/dev/full").open("w") as full:
        asked = [url if each == "URL" else each for each in command]
        ended = process([*asked, *options], stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == FAILED
    assert re.fullmatch(r"error: .*No space left on device.*\n", ended.stderr)


def test_a_load_whose_report_cant_be_written_says_that_it_stands(url: str, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        arguments = ["load", *filled(["FILE", "--adapter", "ftm"], url, tmp_path)]
        ended = process(arguments, "workbench.commands.ingest", stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == FAILED
    assert "the command's work is kept" in ended.stderr


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        (">&-", ["stats", "--store", "URL"], FAILED),
        (">&-", ["clusters", "--store", "URL"], FAILED),
        (">&-", ["stats", "--store", "URL", "--as", "nobody"], WRONG_USE),
        ("2>&-", ["stats", "--store", "URL", "--as", "nobody"], WRONG_USE),
        ("2>&-", ["stats", "--store", "URL"], 0),
        ("2>&-", ["nothing"], WRONG_USE),
        (">&- 2>&- <&-", ["stats", "--store", "URL"], FAILED),
    ],
)
def test_a_closed_stream_changes_no_code(url: str, closed: str, arguments: list[str], code: int) -> None:
    command = shlex.join(
        [sys.executable, "-m", "workbench.commands.main", *(url if each == "URL" else each for each in arguments)]
    )
    ended = subprocess.run(["bash", "-c", f"{command} {closed}"], capture_output=True, text=True, check=False)
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr
    assert not ended.stderr or ended.stderr.startswith("error: ")


def test_clusters_send_no_control_sequence_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "=1+1.json"
    path.write_text(json.dumps({"id": "\x1b[31mX\x9b", "schema": "Person", "properties": {"name": ["A"]}}) + "\n")
    store = f"sqlite:///{tmp_path / 's.db'}"
    assert (
        process(
            ["load", str(path), "--adapter", "ftm", "--dataset", "d", "--store", store], "workbench.commands.ingest"
        ).returncode
        == 0
    )
    told = process(["clusters", "--store", store], stdout=subprocess.PIPE).stdout
    assert told.isascii()
    assert "\x1b" not in told
    assert "\\x1b[31mX\\x9b" in told


def test_a_reader_that_goes_is_no_error(url: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = process(["schemata"], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (CUT_OFF, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["communities", "--seed", "-1"],
        ["communities", "--seed", str(10**30)],
        ["scenario", "--seed", "-1", "--out", "x"],
        ["search", "a", "--limit", "-1"],
        ["paths", "a", "b", "-k", "0"],
        ["neighbours", "a", "--hops", "-1"],
        ["serve", "--port", "-1"],
    ],
)
def test_a_number_that_cant_be_is_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, arguments) == 2
    assert "range" in capsys.readouterr().err


# -- a store that is broken -------------------------------------------------------------------------


@pytest.mark.sqlite_only(reason="about pages of a file")
def test_an_overwritten_page_is_told_by_every_command(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size, pages = (db.execute(f"PRAGMA {each}").fetchone()[0] for each in ("page_size", "page_count"))
    with path.open("r+b") as file:
        for page in range(1, pages):
            file.seek(page * size)
            file.write(b"\xee" * size)
    for program, known in GIVEN.items():
        for command, given in known.items():
            arguments = [*command.split(), *filled(given, url, tmp_path)]
            assert run(PROGRAMS[program], arguments) == FAILED, command
            said = capsys.readouterr()
            assert "Traceback" not in said.err
            assert "malformed" in said.err + said.out


@pytest.mark.sqlite_only(reason="about a file beside the store")
def test_a_lease_that_cant_be_opened_is_told(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lease = tmp_path / "store.db.writer"
    lease.unlink()
    lease.mkdir()
    for program, command in (("ingest", "load"), ("workbench", "remark"), ("workbench", "copy")):
        given = GIVEN[program][command] if command != "copy" else ["--from", "STORE", "--to", url]
        key = [] if command != "remark" else ["--as", "local"]
        assert run(PROGRAMS[program], [command, *filled(given, url, tmp_path), *key]) in (2, FAILED)
        assert "Traceback" not in capsys.readouterr().err
    assert run(ingest_cli, ["load", *filled(["FILE", "--adapter", "ftm"], url, tmp_path)]) == FAILED
    assert "the writer's lease" in capsys.readouterr().err
    assert run(cli, ["doctor", "--store", url]) == FAILED
    assert "can't be read" in capsys.readouterr().out.replace("\n", " ")


def test_only_the_console_prints() -> None:
    """And exports, whose lines are data, and a second process, which hands over what it found."""
    root = Path(__file__).parent.parent
    prints = re.compile(r"click\.echo|click\.secho|sys\.stdout|\bprint\(")
    found = {
        str(each.relative_to(root))
        for package in ("workbench", "ingest")
        for each in (root / package).rglob("*.py")
        if prints.search(each.read_text("utf-8"))
    }
    assert found == {
        "workbench/commands/console.py",
        "workbench/export/writing.py",
        "workbench/resolve/scoring/comparing.py",
    }


# -- terminals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [["show", "ID"], ["search", "red"], ["neighbours", "ID"], ["key-players"], ["communities"], ["judgements"],
     ["common", "list"], ["resolve"], ["stats"], ["show", UGLY], ["search", UGLY], ["--as", UGLY, "stats"],
     ["stats", "--as", UGLY], ["stats", "--purpose", UGLY], ["schemata", UGLY], [UGLY], ["stats", f"--{UGLY}"],
     ["remark", UGLY, "--marking", UGLY], ["undo", UGLY], ["stats", "--revision", UGLY], ["stats", "--store", UGLY],
     ["doctor", "--store", f"sqlite:///{UGLY}"], ["export", "--format", UGLY]],
)  # fmt: skip
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_nothing_raw_reaches_a_terminal(
    url: str, asked: list[str], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_store(url)) as store:
        from workbench import settings

        view = store.view(settings.viewer_for(store, url, None))
        (found,) = view.search("red").entities
    stored = [] if "--store" in asked or asked[0].startswith(("-", "\x1b", "schemata")) else ["--store", url]
    code = run(cli, [*(found.id if each == "ID" else each for each in asked), *stored, *options])
    told = capsys.readouterr()
    assert not RAW.search(told.out + told.err), repr(told)
    if asked in (["show", "ID"], ["search", "red"]):
        assert code == 0
        assert "[bold]" in told.out


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_file_says_nothing_to_a_terminal(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = fresh_url(tmp_path)
    name = UGLY.replace("/", "")
    table = tmp_path / f"{name}.csv"
    table.write_text(f"id,{name}\n1,{name}\n2\n", "utf-8", newline="")
    manifest = tmp_path / "m.toml"
    manifest.write_text(
        'adapter = "csv"\nagency = "NKP"\ndataset = "d"\n[[files]]\npattern = "*.csv"\n[[files.records]]\n'
        'name = "person"\nschema = "Person"\nid = "{id}"\n[files.records.properties]\nname = "lacking"\n'
    )
    for arguments in (
        ["load", str(table), "--manifest", str(manifest)],
        ["load", str(table), "--adapter", "ftm"],
        ["load", str(tmp_path / f"none{name}"), "--adapter", "ftm"],
        ["load", str(table), "--manifest", str(tmp_path / f"none{name}")],
        ["quarantine", "list"],
        ["quarantine", "show", name],
        ["batch", str(tmp_path / f"none{name}")],
    ):
        run(ingest_cli, [*arguments, "--store", url, *options])
        told = capsys.readouterr()
        assert not RAW.search(told.out + told.err), repr(told)
        assert told.out + told.err


def test_a_dashboard_of_a_mistyped_store_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["serve", "--store", f"sqlite:///{tmp_path}/typo/x.db"]) == WRONG_USE
    assert f"no folder {tmp_path}/typo to make one in" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
