"""Every kind of entity has an icon of Lucide, as one path, which comes with its licence."""

import re
from importlib.metadata import files, metadata

import pytest

from workbench.errors import UsageError
from workbench.export import icons
from workbench.export.appearance import GROUP, look
from workbench.export.icons import icon
from workbench.model.ontology import ontology

KINDS = [*(each.name for each in ontology().concrete() if not each.edge), GROUP, "Thing", "no such schema"]
_LETTERS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_TOKEN = re.compile(r"[a-zA-Z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")


def numbers_of(letter: str, text: str) -> list[str]:
    """The numbers after a letter; the two flags of an arc may stand without a space."""
    if letter != "a":
        return _TOKEN.findall(text)
    number, gap = r"[-+]?(?:\d+\.?\d*|\.\d+)", r"[\s,]*"
    arc = re.compile(gap.join([f"({number})"] * 3 + ["([01])"] * 2 + [f"({number})"] * 2) + gap)
    assert re.fullmatch(f"(?:{arc.pattern})+", text.strip()), text
    return [each for found in arc.findall(text) for each in found]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_an_icon_that_is_a_path(kind: str) -> None:
    path = icon(look(kind).icon)
    assert path.startswith("M")
    assert re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9eE\s,.+-]+", path)
    for letter, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        given, each = numbers_of(letter.lower(), text), _LETTERS[letter.lower()]
        assert (len(given) % each == 0 and given) if each else not given, f"{letter}{text}"


def test_kinds_look_different() -> None:
    looks = {kind: look(kind) for kind in ("Person", "Company", "Phone", "Vehicle", "BankAccount", "Address", "Event")}
    assert len({each.icon for each in looks.values()}) == len(looks)


def test_parts_are_joined_where_each_begins() -> None:
    """A small m that begins a part of its own is meant from the corner, not from where the part before it ended."""
    assert icons._path({"d": "m7 16.5-4.74-2.85"}) == "M0 0m7 16.5-4.74-2.85"
    assert not re.search(r"(?<!M0 0)(?<=[^A-Za-z])m", icon(look(GROUP).icon).replace("z m", "z")), "of several parts"


def test_there_is_no_other_icon() -> None:
    with pytest.raises(UsageError, match="no icon 'no-such'"):
        icon("no-such")


def test_its_licence_comes_with_it() -> None:
    texts = [each.read_text("utf-8") for each in files("lucide") or () if "LICENSE" in each.name.upper()]
    assert any("Lucide" in text and "ISC" in text for text in texts) or "ISC" in str(metadata("lucide"))
