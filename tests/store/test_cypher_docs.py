"""docs/cypher.md: its commands answer something on the sample case."""

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.stores import leased, viewers_in
from workbench.access.viewer import Viewer
from workbench.commands.console import run
from workbench.commands.demo import build_demo
from workbench.commands.main import cli
from workbench.store.neo4j.cypher import check
from workbench.view.store import open_store
from workbench.view.viewers_copy import copy_for_viewer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cypher.md"
COMMANDS = re.findall(r"^workbench (cypher .*)$", PAGE.read_text("utf-8"), flags=re.M)
JOINT = Viewer(name="joint", agencies=frozenset({"NKP", "TRC", "KFIU", "RJP"}), level="SECRET")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Saltmarsh, as the joint viewer's copy."""
    folder = tmp_path_factory.mktemp("saltmarsh")
    case = f"sqlite:///{folder / 'case.db'}"
    with leased(folder, "copy", kind="neo4j") as copied, viewers_in(folder):
        build_demo(case)
        with closing(open_store(case)) as store, closing(open_store(copied)) as target:
            copy_for_viewer(store, target, JOINT)
        yield copied


def test_the_page_has_commands_whose_queries_are_let_through() -> None:
    assert len(COMMANDS) == 2
    for command in COMMANDS:
        check(shlex.split(command)[1])


@pytest.mark.neo4j_only(reason="asks a real server")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_answers(command: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [url if each == "neo4j://HOST:PORT" else each for each in shlex.split(command)]
    code = run(cli, [*arguments, *([] if "--json" in arguments else ["--json"])])
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert code == 0
    assert len(rows) >= 2
    assert all(value not in (None, "", 0) for row in rows for value in row)
