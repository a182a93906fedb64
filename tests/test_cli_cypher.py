"""The command `workbench cypher`."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.store.viewers_copy import viewers_copy
from workbench.commands.console import run
from workbench.commands.main import cli

_ENDLESS = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN sum(a * b)"
ON_A_SERVER = pytest.mark.neo4j_only(reason="asks a real server")
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The copy of a viewer."""
    with viewers_copy(tmp_path_factory.mktemp("copy")) as found:
        yield found


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which queries are logged."""
    path = tmp_path / "kept" / "queries.jsonl"
    monkeypatch.setenv("WORKBENCH_CYPHER_LOG", str(path))
    return path


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command; its exit code, and what it printed."""

    def ask(*arguments: str) -> tuple[int, str, str]:
        code = run(cli, ["cypher", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return ask


def test_another_kind_of_store_says_what_to_do(command: Command, tmp_path: Path) -> None:
    code, out, err = command("RETURN 1", "--store", f"sqlite:///{tmp_path / 'x.db'}", "--json")
    assert code == 2
    assert json.loads(out)["error"]["kind"] == "UsageError"
    assert "workbench copy --as VIEWER" in err


@ON_A_SERVER
def test_the_command_prints_one_object(command: Command, url: str) -> None:
    arguments = ("--store", url, "--json", "--param", "n=41", "--param", "t=0 1", "--param", 'l=["a"]')
    code, out, _ = command("RETURN $n + 1 AS n, $t AS t, $l AS l", *arguments)
    found = json.loads(out)
    assert (code, found["columns"], found["rows"]) == (0, ["n", "t", "l"], [[42, "0 1", ["a"]]])
    assert found["truncated"] is False
    assert found["seconds"] >= 0


@ON_A_SERVER
def test_the_command_prints_a_table(command: Command, url: str) -> None:
    query = "MATCH (n:Person) RETURN n.name AS name, labels(n) AS labels ORDER BY name"
    code, out, err = command(query, "--store", url, "--limit", "2")
    assert code == 0
    assert "2 rows" in out
    assert "Ann" in out
    assert '["Person"]' in out
    assert "Cas" not in out
    assert "more than 2 rows" in err


@ON_A_SERVER
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("CREATE (n)",), 2, "CREATE is not allowed"),
        (("RETURN nobody",), 2, "not defined"),
        (("RETURN 1", "--viewer", "bob"), 2, "another viewer"),
        (("RETURN 1", "--param", "x"), 2, "--param name=value"),
        ((_ENDLESS, "--seconds", "0.5"), 3, "stopped after"),
    ],
)
def test_the_command_tells_errors(command: Command, url: str, arguments: tuple[str, ...], code: int, says: str) -> None:
    found, out, err = command(*arguments, "--store", url, "--json")
    assert found == code
    assert says in json.loads(out)["error"]["message"]
    assert says in err


@ON_A_SERVER
def test_every_query_is_logged_the_refused_ones_too(command: Command, url: str, log: Path) -> None:
    queries = ["RETURN 1 AS n", "CREATE (n)", "RETURN 'Петров'", "RETURN '\udcff'"]
    for query in queries:
        command(query, "--store", url)
    command("RETURN 2", "--store", url, "--viewer", "bob", "--purpose", "\udcff")
    lines = [json.loads(line) for line in log.read_text("ascii").splitlines()]
    assert [line["asked"]["query"] for line in lines] == [*queries[:3], r"RETURN '\udcff'", "RETURN 2"]
    assert {(line["viewer"], line["purpose"], line["what"]) for line in lines[:4]} == {
        ("ann", "investigation", "cypher")
    }
    assert (lines[4]["viewer"], lines[4]["purpose"]) == ("bob", "\udcff")
    assert all(datetime.fromisoformat(line["at"]).utcoffset() == timedelta(0) for line in lines)
    assert log.stat().st_mode & 0o777 == 0o600


@ON_A_SERVER
def test_what_cant_be_logged_is_not_asked(command: Command, url: str, log: Path) -> None:
    log.mkdir(parents=True)
    code, out, err = command("RETURN 1", "--store", url)
    assert (code, out) == (3, "")
    assert f"nothing was done, because {log} can't be written" in err
