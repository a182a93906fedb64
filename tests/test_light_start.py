"""Commands that only read a store start fast: they import no large library that they do not need."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.analytics.cases import person, store_of, tie

LARGE = ("followthemoney", "sqlalchemy", "pandas", "scipy", "networkx", "sklearn", "streamlit", "neo4j")
PASSPORT = {"passportNumber": "NX1234567", "passportCountry": "nl"}
RECORDS = [
    person("a", "AAA", **PASSPORT),
    person("b", "BBB", **PASSPORT),  # the same: a view joins them
    person("c", "AAA"),
    tie("Family", "AAA", person="a", relative="c"),
]
CODE = """
import sys
from workbench.commands.console import run
from workbench.commands.main import cli
code = run(cli, sys.argv[2:])
print(code, *sorted({name.split(".")[0] for name in sys.modules} & set(sys.argv[1].split())))
"""


@pytest.mark.sqlite_only(reason="a server's driver brings its own")
@pytest.mark.parametrize(
    "command",
    [
        *(("search", "Person"), ("show", "{id}"), ("neighbours", "{id}"), ("stats",), ("clusters",)),
        *(("revisions",), ("judgements",), ("resolve",), ("common", "list"), ("export", "--format", "ftm")),
    ],
)
def test_reading_imports_nothing_large(tmp_path: Path, command: tuple[str, ...]) -> None:
    store_of(tmp_path, RECORDS).close()
    said = [each.format(id=RECORDS[0].entity) for each in command]
    store = ["--store", f"sqlite:///{tmp_path / 'case.db'}"]
    *answer, ended = lines_of(*said, *store)
    assert answer
    assert ended == "0"


def test_the_version_needs_not_even_arrays() -> None:
    version, ended = lines_of("--version", large=(*LARGE, "numpy", "pydantic"))
    assert version.startswith("workbench, version ")
    assert ended == "0"


def lines_of(*command: str, large: tuple[str, ...] = LARGE) -> list[str]:
    """A command's output in a separate process; the last line has its exit code and the large imports."""
    run = [sys.executable, "-c", CODE, " ".join(large), *command]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()
