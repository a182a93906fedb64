"""A command is one question: whatever it looks up to print its answer, it leaves one trace, before it prints."""

from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest

from tests.laws.command_line import MINE, WHO, Store
from tests.laws.test_command_line import OUT, QUESTIONS, Room
from tests.programs import PROGRAMS, commands_of
from workbench.access.audit import Trace
from workbench.access.viewer import Viewer, read_viewers
from workbench.commands.console import Look
from workbench.errors import WorkbenchError
from workbench.session import Session
from workbench.view.store import open_store

ASKED = [(name, tuple(each)) for name, variants in QUESTIONS.items() for each in variants]


@dataclass
class Ledger:
    """Keeps all traces, each with what had been printed when it was kept."""

    shown: StringIO
    kept: list[tuple[Trace, str]] = field(default_factory=list)

    def keep(self, trace: Trace) -> None:
        self.kept.append((trace, self.shown.getvalue()))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Room(tmp_path_factory.mktemp("traces")).store([MINE]) as (made, _):
        yield made


def traces(store: Store, name: str, arguments: Sequence[str]) -> list[tuple[Trace, str]]:
    """The traces of a command, run as the command line runs it, of a session with a ledger."""
    viewer, command = _viewer(store), _command(name)
    context = command.make_context(name, list(arguments))
    given: dict[str, Any] = dict(context.params)
    as_json = given.pop("as_json")
    for each in ("url", "viewer", "purpose", "revision"):
        given.pop(each, None)
    run: Any = command.callback
    with redirect_stdout(StringIO()) as shown, context.scope():
        ledger = Ledger(shown)
        with Session(open_store(store.url, audit=ledger), lambda: viewer) as case:
            try:
                run.__wrapped__(Look(case, as_json), **given)
            except WorkbenchError:
                assert ledger.kept[-1][0].refused
    return ledger.kept


def _viewer(store: Store) -> Viewer:
    return read_viewers(store.folder / "viewers.toml").viewers[WHO[MINE]]


def _command(name: str) -> click.Command:
    program, *words = name.split()
    command: click.Command = PROGRAMS[program]
    for word in words:
        assert isinstance(command, click.Group)
        command = commands_of(command)[word]
    return command


@pytest.mark.parametrize(("name", "arguments"), ASKED, ids=[" ".join((name, *each)) for name, each in ASKED])
def test_a_command_leaves_one_trace(store: Store, tmp_path: Path, name: str, arguments: tuple[str, ...]) -> None:
    kept = traces(store, name, [each.replace(OUT, str(tmp_path / "out")) for each in arguments])
    assert [each.viewer for each, _ in kept] == [WHO[MINE]]
    ((trace, shown),) = kept
    assert trace.answered is not None
    assert shown == "" or name == "workbench export"  # which writes while it reads
