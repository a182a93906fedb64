"""The library's messages name no command line option: they name a field, which each surface translates."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import ingest
import workbench
from tests.analytics.cases import filled, person
from tests.programs import PROGRAMS, commands_of
from tests.stores import fresh_url
from workbench.analytics import ANALYSES
from workbench.app.text import said
from workbench.commands.console import run
from workbench.errors import UsageError, WorkbenchError
from workbench.session import Session

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [Path(inspect.getfile(each)).parent for each in (workbench, ingest)]
# A whole command line in backticks is what one types who keeps a store, wherever it was read that this is needed.
COMMAND = re.compile(r"`(?:workbench|ingest) [^`]*`")
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)  # whose variables begin with two dashes too
OPTION = re.compile(r"(?<![\w-])--[a-z]")
# Fields that only functions below the session have, or the tables of a batch.
BELOW = {"by", "pairs", "verdict", "without"}


def library() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(path for room in ROOMS for path in room.rglob("*.py")):
        if "commands" not in path.parts:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def texts_of(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts in a module, without docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, kinds)]
    documented = {each.value for body in bodies for each in body if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented:
            yield node


def options_of(command: click.Command) -> dict[str, str]:
    found = {each.name: each.opts[0] for each in command.params if isinstance(each, click.Option) and each.name}
    for inside in commands_of(command).values():
        found |= options_of(inside)
    return found


def fields() -> Iterator[tuple[str, str]]:
    """(place, field) of each error that is raised with the name of one."""
    errors = {name for name, each in vars(workbench.errors).items() if inspect.isclass(each)}
    places = {name: 2 if name == "NotFound" else 1 for name in errors if name != "FileRefused"}
    for place, tree in library():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors):
                continue
            given = [each.value for each in node.keywords if each.arg == "field"]
            given += node.args[places[node.func.id] :][:1] if node.func.id in places else []
            texts = (each for part in given for each in ast.walk(part) if isinstance(each, ast.Constant))
            yield from ((f"{place}:{node.lineno}", each.value) for each in texts if isinstance(each.value, str))


def test_no_words_of_the_library_name_an_option() -> None:
    told = {
        f"{place}:{node.lineno} {node.value}"
        for place, tree in library()
        for node in texts_of(tree)
        if OPTION.search(STYLE.sub("", COMMAND.sub("", node.value)))
    }
    assert told == set()


def arguments() -> set[str]:
    """The names of all arguments of sessions: of their methods, the analyses, and what opens one."""
    asked = [each for _, each in inspect.getmembers(Session, inspect.isfunction)]
    asked += [each.function for each in ANALYSES.values()]
    return {name for each in (*asked, workbench.open, workbench.begin) for name in inspect.signature(each).parameters}


def test_every_field_is_an_option_of_some_command_or_an_argument() -> None:
    known = {name for group in PROGRAMS.values() for name in options_of(group)}
    found = list(fields())
    assert len(found) > 50
    assert [each for each in found if each[1] not in known | arguments() | BELOW] == []


def test_a_command_names_its_own_option_and_none_that_it_has_not(capsys: pytest.CaptureFixture[str]) -> None:
    @click.group()
    def program() -> None:
        """Two commands that fail alike."""

    def fail(**_: object) -> None:
        raise UsageError("name the viewer", "viewer")

    program.add_command(click.Command("with", callback=fail, params=[click.Option(["--as", "viewer"])]))
    program.add_command(click.Command("without", callback=fail, params=[click.Argument(["viewer"], required=False)]))
    assert [run(program, [name]) for name in ("with", "without")] == [2, 2]
    assert capsys.readouterr().err.splitlines() == ["error: name the viewer (--as)", "error: name the viewer"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["workbench", "copy", "--from", "sqlite:///{folder}/none.db", "--to", "{url}"], "(--from)"),
        (["workbench", "copy", "--from", "none", "--to", "{url}"], "(--from)"),
        (["workbench", "copy", "--from", "{url}", "--to", "none"], "(--to)"),
        (["workbench", "stats", "--store", "sqlite:///{folder}/none.db"], "(--store)"),
        (
            ["workbench", "stats", "--store", "{url}", "--as", "x"],
            "no viewer 'x' among the viewers: check its spelling (--as)",
        ),
        (["workbench", "show", "x", "--store", "{url}"], "no entity 'x' in this view: check its spelling"),
        (["workbench", "paths", "x", "x", "--store", "{url}"], "are the same entity: name two different ones"),
        (
            ["ingest", "load", "{folder}/xls.toml", "--manifest", "{folder}/xls.toml", "--store", "{url}"],
            "(--manifest)",
        ),
        (["ingest", "load", "{folder}/xls.toml", "--adapter", "xls", "--store", "{url}"], "(--adapter)"),
        (["ingest", "batch", "{folder}/none.toml", "--store", "{url}"], "name a file that can be read"),
    ],
)
def test_a_command_says_in_its_own_words_what_is_wrong(
    command: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = fresh_url(tmp_path)
    filled(url, [person("a")]).close()
    (tmp_path / "xls.toml").write_text('adapter = "xls"\n')
    program, *given = (each.format(folder=tmp_path, url=url) for each in command)
    assert run(PROGRAMS[program], given) == 2
    assert capsys.readouterr().err.rstrip().endswith(words)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UsageError("name the agency", "agency"), "name the agency (field Agency)"),
        (UsageError("several purposes", "purpose"), "several purposes (setting WORKBENCH_PURPOSE)"),
        (UsageError("no such kind", "kind"), "no such kind"),
        (WorkbenchError("it failed"), "it failed"),
    ],
)
def test_the_dashboard_has_words_of_its_own(error: WorkbenchError, words: str) -> None:
    assert said(error) == words
