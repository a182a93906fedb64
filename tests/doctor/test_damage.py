"""A damaged file: every command says that it is damaged, and `workbench doctor` where."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.doctor.stores import Doctor, load, person, states
from workbench.commands.console import run
from workbench.commands.ingest import cli as of_ingest
from workbench.commands.main import cli
from workbench.store.sqlite.connection import new_tables

pytestmark = pytest.mark.sqlite_only(reason="damages a file")

with closing(new_tables()) as _made:
    NAMES = [
        (kind, name)
        for kind, name in _made.execute("SELECT type, name FROM sqlite_schema ORDER BY name")
        if not name.startswith(("sqlite_", "text_fts_"))  # SQLite lets nobody drop these
    ]
READING = (
    *(("stats",), ("search", "Ann"), ("digest",), ("clusters",), ("export", "--format", "ftm"), ("resolve",)),
    *(("judgements",), ("revisions",), ("common", "list")),
)
OF_INGEST = (("loads",), ("quarantine", "list"))
ADVICE = (
    "the store seems to be damaged: `workbench doctor --contents` says whether it is, and where;"
    " if so, restore a backup"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "store.db"
    load(f"sqlite:///{path}", *(f"Ann {n}" for n in range(40)))
    return path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "store.db"))


def changed(path: Path, *statements: str) -> str:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)
    return f"sqlite:///{path}"


def told(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[int, str]]:
    """How each command ends: its code, and what it says on stderr."""
    copy = ("copy", "--from", url, "--to", f"sqlite:///{tmp_path / 'copy.db'}")
    asked = [(cli, (*each, "--store", url)) for each in READING]
    asked += [(of_ingest, (*each, "--store", url)) for each in OF_INGEST] + [(cli, copy)]
    ends = {}
    for group, each in asked:
        code = run(group, each)
        ends[" ".join(each[:2])] = code, capsys.readouterr().err
    (tmp_path / "copy.db").unlink(missing_ok=True)
    return ends


@pytest.mark.fewer_cases(reason="tables are told alike; each takes a round of all commands")
@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_what_was_dropped_is_told(
    doctor: Doctor, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, name: str
) -> None:
    url = changed(path, f"DROP {kind} {name}")
    code, checks = doctor(url)
    assert code == 3
    if name != "meta":  # without it nothing else can be told
        assert states(checks, "failed") == ["tables"]
        assert name in checks["tables"]["found"]
    for code, said in told(url, tmp_path, capsys).values():
        assert code in (0, 3)
        assert code == 0 or ADVICE in said


def test_a_column_that_is_not_there_is_told(doctor: Doctor, path: Path) -> None:
    code, checks = doctor(changed(path, "ALTER TABLE common RENAME COLUMN why TO reason"))
    assert (code, checks["tables"]["found"]) == (3, "other columns: common")


def test_a_text_that_is_none_is_told_without_what_it_says(
    doctor: Doctor, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = changed(path, "UPDATE record SET body = CAST(CAST(body AS BLOB) || x'ff' AS TEXT) WHERE rid = 3")
    code, checks = doctor(url, "--contents")
    assert (code, states(checks, "failed")) == (3, ["contents"])
    assert checks["contents"]["found"].endswith(f": {person(1, 'Ann 2').key()}")
    code, said = told(url, tmp_path, capsys)["copy --from"]
    assert code == 3
    assert f"a text in it is not UTF-8: {ADVICE}" in said
    assert "Ann" not in said


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"x"', "{}", '{"s": "Person"}', '{"s": "Persom", "p": {}}', '{"s": "Person", "p": [1]}',
             '{"s": "Person", "p": {"name": [null]}}', '{"s": "Person", "p": {}, "g": ["none", "A1"]}',
             '{"s": "Person", "p": {}, "b": "rumour"}', '{"s": "Person", "p": {}, "r": [["a"]]}']
)  # fmt: skip
def test_a_content_that_is_none_is_told(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE record SET body = ?", (body,))
    ends = told(f"sqlite:///{path}", tmp_path, capsys)
    for command in ("export --format", "copy --from"):
        code, said = ends[command]
        assert (code, said) == (3, f"error: the content of a record can't be what was written: {ADVICE}\n")


@pytest.mark.parametrize("octets", [3, 30, 400])
def test_bytes_that_changed_are_told_as_damage(
    doctor: Doctor, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], octets: int
) -> None:
    before = path.read_bytes()
    for seed in range(8):
        chance, content = random.Random(seed), bytearray(before)  # noqa: S311 - draws damage
        for _ in range(octets):
            content[chance.randrange(100, len(content))] = chance.randrange(256)
        for each in tmp_path.iterdir():
            each.unlink()
        path.write_bytes(content)
        for code, said in told(f"sqlite:///{path}", tmp_path, capsys).values():
            assert "the workbench failed" not in said, seed
            assert code == 0 or ADVICE in said or "differs from" in said, (seed, said)
        code, checks = doctor(f"sqlite:///{path}", "--contents")
        assert {each["state"] for each in checks.values()} <= {"ok", "failed", "warning", "unknown"}
        assert code == 3 or octets < 400
