"""The example adapter in CONTRIBUTING.md passes the tests for every adapter."""

import inspect
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ingest.adapters import ADAPTERS, Adapter
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


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> str:
    """The adapter, registered with the entry that stands beside it."""
    code, entry = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), flags=re.M | re.S)
    module = ModuleType("cards")
    monkeypatch.setitem(sys.modules, "cards", module)
    exec(compile(code, str(PAGE), "exec"), vars(module))  # noqa: S102 - our own page
    names = {"Adapter": Adapter, "cards": module, "count_cards": module.count_cards}
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
