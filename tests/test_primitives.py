"""If any primitive of a backend fails, every command that uses it ends with a message and an exit code."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import ingest
from tests.analytics.friends import GROUPS, SIZE, pairs_of_friends
from tests.app.case import NUMBER, id_of, load, record
from tests.programs import GIVEN, PROGRAMS, RAW, UGLY, filled
from workbench.access.viewer import local_viewer
from workbench.analytics import communities, predict
from workbench.analytics.kept import keep
from workbench.commands.console import run
from workbench.commands.main import cli
from workbench.endings import FAILED
from workbench.resolve import add_common, judge
from workbench.store.backend import Backend
from workbench.store.file_lease import FileLease
from workbench.store.moving import Incoming, Outgoing
from workbench.store.sqlite.backend import SqliteBackend
from workbench.store.sqlite.copying import SqliteIncoming, SqliteOutgoing
from workbench.store.sqlite.writer import SqliteWriter
from workbench.store.writing import Writer
from workbench.view.store import open_store

pytestmark = pytest.mark.sqlite_only(reason="the primitives of a file are made to fail")

HIDDEN = "what-nobody-may-read"
Primitive = tuple[type, str]
OF = {SqliteBackend: Backend, SqliteWriter: Writer, SqliteOutgoing: Outgoing, SqliteIncoming: Incoming}
PRIMITIVES: list[Primitive] = [
    *((kind, name) for kind, contract in OF.items() for name in sorted(contract.__abstractmethods__)),
    (FileLease, "_begin"),
]
# Commands that look at a store without a backend, would go on serving, or load what `ingest load` does, for a minute;
# and two that do what `leads reject` does, which takes a second each time.
BESIDE = {"doctor", "serve", "demo", "leads accept", "leads park"}
# What gives back files and locks does so all the same.
GIVING_BACK = {"close", "abort"}
COMMANDS = [(program, each) for program in GIVEN for each in GIVEN[program] if each not in BESIDE]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A store with something for each command, and the argument for each that takes no entity."""
    folder = tmp_path_factory.mktemp("prepared")
    path, broken = folder / "store.db", folder / "broken.ftm.json"
    broken.write_text('{"id": "x", "schema": "Person", "properties": {"name": ["X"]}}\n{"id": \n')
    with closing(open_store(f"sqlite:///{path}")) as store:
        people = [
            record("NKP", "Person", each, name=f"{each} a", passportNumber=f"XK{each}4471129")
            for each in ("a", "b", "c")
        ]
        pairs = [{"person": f"f{a}", "associate": f"f{b}"} for a, b in pairs_of_friends()]
        friends = [record("NKP", "Person", f"f{n}", name=f"Friend {n}") for n in range(GROUPS * SIZE)]
        friends += [record("NKP", "Associate", roles=each) for each in pairs]
        load(store, "NKP", [*people, record("NKP", "Family", roles={"person": "a", "relative": "b"}), *friends])
        ingest.load(
            store, [broken], adapter="ftm", agency="NKP", dataset="desk", viewer=local_viewer(("NKP",)), by="test"
        )
        view = store.view(local_viewer(("NKP",)))
        judgement = judge(store, view, id_of("NKP", "a"), id_of("NKP", "c"), "different", "they are two")
        add_common(store, view, "phone", NUMBER, "a taxi's")
        view = store.view(local_viewer(("NKP",)))
        (unit,) = view.quarantine()
        keep(store, view, communities(view), "groups")
        (lead,) = predict(view, limit=1).results
        about = {"undo": judgement.id, "withdraw": view.loads()[0].id, "remark": "NKP/desk"}
    about |= {f"findings {each}": "groups" for each in ("again", "compare", "drop", "show")}
    about |= {"leads reject": lead.a, "b": lead.b}
    return path, {**about, "quarantine show": unit.id, "quarantine discard": unit.id}


@pytest.mark.parametrize(("program", "command"), COMMANDS)
def test_a_primitive_that_fails_is_told(
    program: str,
    command: str,
    prepared: tuple[Path, dict[str, str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path, about = prepared
    other = about["b"] if command == "leads reject" else id_of("NKP", "b")
    meant = {"a": about.get(command, id_of("NKP", "a")), "b": other}
    if command == "common add":
        meant[NUMBER] = "+31687654321"
    given = [meant.get(each, each) for each in GIVEN[program][command]]

    def ends() -> tuple[int, str]:
        for each in tmp_path.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        shutil.copy(path, tmp_path / "store.db")
        code = run(
            PROGRAMS[program], [*command.split(), *filled(given, f"sqlite:///{tmp_path / 'store.db'}", tmp_path)]
        )
        told = capsys.readouterr()
        return code, told.out + told.err

    with pytest.MonkeyPatch.context() as patch:
        asked = watched(patch)
        code, told = ends()
        assert code in (0, 1), told
    assert asked, "the command asks nothing of its backend"
    for kind, name in asked:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kind, name, failing(name, getattr(kind, name)))
            code, told = ends()
        assert code == FAILED, f"{kind.__name__}.{name}: {code} {told}"
        assert "the workbench failed (ZeroDivisionError at test_primitives.py" in told
        assert "Traceback" not in told
        assert HIDDEN not in told


def watched(patch: pytest.MonkeyPatch) -> list[Primitive]:
    """Notes which primitives are asked, each once."""
    asked: list[Primitive] = []

    def noting(primitive: Primitive, original: Any) -> Any:
        def note(*arguments: Any, **named: Any) -> Any:
            if primitive not in asked:
                asked.append(primitive)
            return original(*arguments, **named)

        return note

    for kind, name in PRIMITIVES:
        patch.setattr(kind, name, noting((kind, name), getattr(kind, name)))
    return asked


def failing(name: str, original: Any) -> Any:
    def fail(*arguments: Any, **named: Any) -> Any:
        if name in GIVING_BACK:
            original(*arguments, **named)
        raise ZeroDivisionError(HIDDEN)

    return fail


@pytest.fixture
def url(prepared: tuple[Path, dict[str, str]], tmp_path: Path) -> str:
    """A copy of the store."""
    shutil.copy(prepared[0], tmp_path / "copy.db")
    return f"sqlite:///{tmp_path / 'copy.db'}"


@pytest.mark.parametrize(("program", "command"), [(program, each) for program in GIVEN for each in GIVEN[program]])
def test_what_nobody_foresaw_is_told_and_tells_nothing(
    program: str,
    command: str,
    url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError(HIDDEN)

    monkeypatch.setattr(SqliteBackend, "_db", property(fail))
    monkeypatch.setattr("workbench.store.sqlite.doctor._opened", fail)
    arguments = [*command.split(), *filled(GIVEN[program][command], url, tmp_path)]
    assert run(PROGRAMS[program], arguments) == FAILED
    told = capsys.readouterr()
    assert "error: the workbench failed (ZeroDivisionError at test_primitives.py" in told.err
    assert HIDDEN not in told.out + told.err
    assert "Traceback" not in told.err
    if command != "serve":
        assert run(PROGRAMS[program], [*arguments, "--json"]) == FAILED
        assert json.loads(capsys.readouterr().out)["error"]["kind"] == "ZeroDivisionError"


def test_a_traceback_is_told_to_who_asks_for_it(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Any) -> Any:
        raise ZeroDivisionError(UGLY)

    monkeypatch.setattr(SqliteBackend, "_db", property(fail))
    monkeypatch.setenv("WORKBENCH_TRACEBACK", "1")
    assert run(cli, ["stats", "--store", url]) == FAILED
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert not RAW.search(told)
