"""Commands that only read a store start fast: they import no large library that they do not need."""

import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

import ingest
import workbench
from tests.analytics.cases import person, store_of, tie
from tests.programs import PROGRAMS, commands_of

LARGE = ("followthemoney", "sqlalchemy", "pandas", "scipy", "networkx", "sklearn", "streamlit", "neo4j")
PASSPORT = {"passportNumber": "NX1234567", "passportCountry": "nl"}
RECORDS = [
    person("a", "AAA", **PASSPORT),
    person("b", "BBB", **PASSPORT),  # the same: a view joins them
    person("c", "AAA"),
    tie("Family", "AAA", person="a", relative="c"),
]
OF_INGEST = ("loads",)
CODE = """
import sys
from importlib import import_module
from workbench.commands.console import run
code = run(import_module("workbench.commands." + sys.argv[2]).cli, sys.argv[3:])
print(code, *sorted(set(sys.modules) & set(sys.argv[1].split())))
"""


@pytest.mark.sqlite_only(reason="a server's driver brings its own")
@pytest.mark.parametrize(
    "command",
    [
        *(("search", "Person"), ("show", "{id}"), ("neighbours", "{id}"), ("stats",), ("clusters",)),
        ("clusters-to-check",),
        *(
            ("revisions",),
            ("judgements",),
            ("proposals",),
            ("contradictions",),
            ("common", "list"),
            ("export", "--format", "ftm"),
        ),
        ("loads",),
    ],
)
def test_reading_imports_nothing_large(tmp_path: Path, command: tuple[str, ...]) -> None:
    store_of(tmp_path, RECORDS).close()
    said = [each.format(id=RECORDS[0].entity) for each in command]
    store = ["--store", f"sqlite:///{tmp_path / 'case.db'}"]
    *answer, ended = lines_of(*said, *store, program="ingest" if command[0] in OF_INGEST else "main")
    assert answer
    assert ended == "0"


def test_a_file_that_is_not_read_again_needs_nothing_large(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text('{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n')
    load = ["load", str(file), "--adapter", "ftm", "--dataset", "d", "--store", f"sqlite:///{tmp_path / 'case.db'}"]
    first, again = (lines_of(*load, program="ingest")[-1] for _ in range(2))
    assert (first, again) == ("0 followthemoney sqlalchemy", "0")


@pytest.mark.parametrize("package", [workbench, ingest])
def test_no_module_hides_a_public_name(package: ModuleType) -> None:
    """A module is an attribute of its package once it is imported, before the name that is loaded on use."""
    assert not set(package.__all__) & {each.name for each in iter_modules(package.__path__)}


@pytest.mark.parametrize(("program", "name"), [("main", "workbench"), ("ingest", "ingest")])
def test_the_version_needs_not_even_arrays(program: str, name: str) -> None:
    version, ended = lines_of("--version", large=(*LARGE, "numpy", "pydantic"), program=program)
    assert version.startswith(f"{name}, version ")
    assert ended == "0"


STOPPED_AT = """
import os, signal, sys
from importlib import import_module

_, module, program, *arguments = sys.argv
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell runs in the background ignores it

class Stop:
    def find_spec(self, name, *_):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Stop())
sys.argv[1:] = arguments
import_module("workbench.commands." + program).main()
"""


@pytest.mark.parametrize(
    ("module", "command"),
    [
        *((each, ("main", "--version")) for each in ("click", "workbench.commands.lazy", "workbench.endings")),
        *((each, ("main", "joint-value")) for each in ("workbench.analytics.catalogue", "numpy", "workbench.session")),
        *((each, ("ingest", "--version")) for each in ("click", "workbench.endings", "workbench.commands.lazy")),
        *((each, ("ingest", "load", "x")) for each in ("ingest.pipeline", "pydantic", "workbench.session")),
    ],
)
def test_ctrl_c_while_a_program_is_read_stops_it(module: str, command: tuple[str, ...]) -> None:
    run = [sys.executable, "-c", STOPPED_AT, module, *command]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr in ("", "stopped\n")


def lines_of(*command: str, large: tuple[str, ...] = LARGE, program: str = "main") -> list[str]:
    """A command's output in a separate process; the last line has its exit code and the large imports."""
    run = [sys.executable, "-c", CODE, " ".join(large), program, *command]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("program", sorted(PROGRAMS))
def test_the_list_of_commands_says_what_their_help_begins_with(program: str) -> None:
    group = PROGRAMS[program]
    told = {name: "" if each.hidden else each.get_short_help_str(1_000) for name, each in commands_of(group).items()}
    assert {name: place.does for name, place in group.places.items()} == told


@pytest.mark.parametrize(("program", "name"), [("main", "workbench"), ("ingest", "ingest")])
def test_help_imports_no_command(program: str, name: str) -> None:
    *said, ended = lines_of("--help", large=(*LARGE, "numpy", "pydantic", "rich"), program=program)
    assert ended == "0"
    assert said[0] == f"Usage: {name} [OPTIONS] COMMAND [ARGS]..."
    listed = {name for name, place in PROGRAMS[name].places.items() if place.does}
    assert listed <= {line.split()[0] for line in said if line.startswith("  ")}


def test_an_analysis_imports_no_other(tmp_path: Path) -> None:
    store_of(tmp_path, RECORDS).close()
    store = ["--store", f"sqlite:///{tmp_path / 'case.db'}"]
    assert (
        lines_of(
            "communities", "--json", *store, large=("workbench.analytics.lacking", "workbench.analytics.disruption")
        )[-1]
        == "0"
    )
