"""The example adapter in CONTRIBUTING.md passes the tests for every adapter."""

import ast
import inspect
import re
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from ingest.formats import ADAPTERS, Adapter
from tests.ingest import test_adapters
from tests.ingest.desk import Desk
from tests.ingest.examples import EXAMPLES, Example

PAGE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
MANIFEST = """
adapter = "cards"
dataset = "d"
[[files]]
pattern = "*"
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}
"""
LAWS = {
    name: law
    for name, law in vars(test_adapters).items()
    if name.startswith("test_") and "adapter" in inspect.signature(law).parameters
}


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.M | re.S)


def test_the_adapter_of_the_page_may_be_an_adapter() -> None:
    """It imports nothing that the import contracts keep from adapters."""
    contracts = tomllib.loads((PAGE.parent / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    kept = [
        each for each in contracts if {"ingest.adapters", "ingest.adapters.*"} & set(each.get("source_modules", ()))
    ]
    forbidden = tuple(name for each in kept for name in each["forbidden_modules"])
    code, count, _ = blocks()
    imported = {node.module or "" for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)}
    assert "ingest.recount" in forbidden
    assert not {name for name in imported if name.startswith(forbidden)}
    assert "ingest.adapters" not in count


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The adapter and its second count, registered with the entry that stands beside them.

    Each is a module that another process finds too.
    """
    code, count, entry = blocks()
    folder, modules = tmp_path / "modules", {}
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    for name, text in {"cards": code, "cards_again": count}.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
        modules[name] = import_module(name)
        del sys.modules[name]
        monkeypatch.setitem(sys.modules, name, modules[name])
    names = {"Adapter": Adapter, "cards": modules["cards"], "count_paragraphs": modules["cards_again"].count_paragraphs}
    registered: dict[str, Adapter] = eval(f"{{{entry}}}", names)  # noqa: S307 - our own page
    monkeypatch.setitem(ADAPTERS, "cards", registered["cards"])
    monkeypatch.setitem(
        EXAMPLES,
        "cards",
        Example(
            name="people.cards",
            manifest=MANIFEST.format(formats='"%Y-%m-%d"'),
            mended=MANIFEST.format(formats='"%d/%m/%Y", "%Y-%m-%d"'),
            good=[b"id:1\nname:Ann\nborn:1990-04-03", "id: 2\nname:Жана\nname:Jana".encode(), b"id:3"],
            unmapped=[b"id:4\nborn: 03/04/1990"],
            unreadable=[b"id:5\nname", b"id:6\nname:\0", b"id:7\xff", b"name:Flo"],
            between=b"\n\n",
            numbered=True,
        ),
    )
    return "cards"


@pytest.mark.parametrize("law", sorted(LAWS))
def test_the_adapter_of_the_page_keeps_to_all_laws(
    cards: str, law: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "adapter": cards,
        "desk": desk,
        "tmp_path": tmp_path,
        "monkeypatch": monkeypatch,
        "how": "bytes given anew",
    }
    LAWS[law](**{name: given[name] for name in inspect.signature(LAWS[law]).parameters if name in given})
