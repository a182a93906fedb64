"""No command prints a password, whatever its arguments and however it ends."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import click
import pytest

from tests.programs import PROGRAMS, commands_of
from tests.stores import fresh_url
from workbench.commands.console import run
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.connection import Database
from workbench.view.store import open_store

SECRET = "Zw4/lf@ch?s#x"  # noqa: S105 - of nobody
SERVED = ("workbench", "serve")


def commands(program: str) -> Iterator[tuple[str, ...]]:
    def below(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
        for name, command in commands_of(group).items():
            if isinstance(command, click.Group):
                yield from below(command, *path, name)
            else:
                yield (*path, name)

    return below(PROGRAMS[program], program)


COMMANDS = [*commands("workbench"), *commands("ingest")]


def command_of(path: tuple[str, ...]) -> tuple[click.Group, click.Command]:
    group = PROGRAMS[path[0]]
    found: click.Command = group
    for name in path[1:]:
        found = commands_of(found)[name]
    return group, found


def arguments(path: tuple[str, ...], url: str, filled: str) -> list[str]:
    """A command's arguments: the store wherever one can be named, and `filled` for all other required ones."""
    given = list(path[1:])
    for parameter in command_of(path)[1].params:
        if isinstance(parameter, click.Argument):
            given.append(filled)
        elif "--store" in parameter.opts:
            given += ["--store", url]
        elif parameter.required or parameter.opts[0] in ("--from", "--to"):
            given += [parameter.opts[0], _value(parameter, filled)]
    if path[-1] == "demo":
        given.append("--no-serve")
    if path == SERVED:
        given += ["--as", "nobody-of-this-name"]
    return given


def _value(parameter: click.Parameter, filled: str) -> str:
    if isinstance(parameter.type, click.Path):
        return "x"  # a file or folder that is made has its name, whatever that is
    return str(parameter.type.choices[0]) if isinstance(parameter.type, click.Choice) else filled


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Database, "patience", 0.01)
    monkeypatch.setenv("WORKBENCH_VIEWERS", str(tmp_path / "viewers.toml"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def nowhere() -> str:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


def parts(secret: str) -> list[str]:
    """Parts of a password that would reveal it."""
    return [secret, secret[:4], secret[-4:], quote(secret, safe="")]


@pytest.mark.sqlite_only(reason="it reaches no store: once is enough")
@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("written", ["as in URLs", "as it is"])
def test_no_command_prints_a_password_of_a_url(
    path: tuple[str, ...], written: str, nowhere: str, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = quote(SECRET, safe="") if written == "as in URLs" else SECRET
    url = f"neo4j://ann:{secret}@{nowhere}"
    group, command = command_of(path)
    options = [each for parameter in command.params for each in parameter.opts]
    for filled in ("x", url):
        for as_json in ((), ("--json",)) if "--json" in options else ((),):
            run(group, [*arguments(path, url, filled), *as_json])
    run(group, [*path[1:], url, url, url])
    run(group, [*path[1:], f"--nosuch={url}"])
    told = "".join(capfd.readouterr())
    assert [each for each in parts(SECRET) if each in told] == []


@pytest.mark.neo4j_only(reason="asks a real server")
@pytest.mark.parametrize("by", ["URL", "environment", "file"])
def test_no_command_prints_the_password_of_a_server(
    by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Database, "patience", 5.0)
    url = fresh_url(tmp_path)
    address = address_of(url)
    if by == "environment":
        monkeypatch.setenv("WORKBENCH_NEO4J_PASSWORD", address.password)
    elif by == "file":
        (tmp_path / "password").write_text(f"{address.password}\n", "utf-8")
        monkeypatch.setenv("WORKBENCH_NEO4J_PASSWORD_FILE", str(tmp_path / "password"))
    open_store(url).close()
    asked = url if by == "URL" else address.shown
    assert (urlsplit(asked).password is None) == (by != "URL")
    for path in COMMANDS:
        if path[-1] != "demo" or by == "URL":
            run(command_of(path)[0], arguments(path, asked, "x"))
    monkeypatch.setenv("WORKBENCH_STORE", asked)
    assert run(command_of(("workbench", "doctor"))[0], ["doctor", "--json"]) == 0
    told = "".join(capfd.readouterr())
    assert address.shown in told
    assert [each for each in parts(address.password)[:1] if each in told] == []


def test_an_argument_that_is_no_text_is_told_without_its_password(capfd: pytest.CaptureFixture[str]) -> None:
    @click.group()
    def group() -> None:
        """A program."""

    @group.command()
    @click.argument("url")
    def ask(url: str) -> None:
        url.encode()

    assert run(group, ["ask", "neo4j://ann:Zw4\udcffch@host"]) == 2
    told = "".join(capfd.readouterr())
    assert "neo4j://host" in told
    assert "is not UTF-8 text" in told
    assert "Zw4" not in told
