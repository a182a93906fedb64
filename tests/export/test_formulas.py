"""No cell of an exported table is a formula to a spreadsheet, and each can be read back as it was."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.analytics.cases import person, seen
from workbench.export import export_view
from workbench.export.tables import FILES, safe, unquoted

SIGNS = "=+-@"
HIDDEN = (
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\xa0",
    "\u2003",
    "\u3000",
    "\u200b",
    "\u2060",
    "\ufeff",
    "\xad",
    "\u202e",
    "\0",
    "\x1b",
    "\u034f",
    "\u115f",
    "\u2800",
    "\u3164",
    "\ufe0f",
)
FORMS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "⁼", "⁺", "⁻")
_TEXTS = some.lists(
    some.sampled_from([*HIDDEN, *FORMS, "'", "＇", "a", "1", "\u0338", "¨", "²"]) | some.text(max_size=2)
).map("".join)


def as_a_spreadsheet_reads(cell: str) -> str:
    """Its first sign, after what may be folded is folded and what may be stripped is stripped."""
    for text in (cell, unicodedata.normalize("NFKC", cell)):
        for sign in text:
            if not (sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp")):
                if sign in SIGNS:
                    return sign
                break
    return ""


@given(_TEXTS)
def test_no_text_is_a_formula_unless_quoted(text: str) -> None:
    cell = safe(text)
    assert cell.startswith("'") or not as_a_spreadsheet_reads(cell)
    assert not cell.startswith(("\t", "\r", "\n", "\0"))


@given(_TEXTS)
def test_every_text_can_be_read_back(text: str) -> None:
    assert unquoted(safe(text)) == text


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("sign", FORMS)
def test_each_way_to_begin_a_formula_is_quoted(hidden: str, sign: str) -> None:
    text = f"{hidden}{sign}cmd|' /C calc'!A0"
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["Nico = 1", "'t Hooft", "王明", "1-2", "a@b.nl", "", "²", "(+31)"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


def test_the_tables_hold_no_formula(tmp_path: Path) -> None:
    names = ["＝1+1", " =1+1", "\n=1+1", 'x",=1+1', "x,=1+1", "\u200b@SUM(A1)"]
    with seen([person(f"p{n}", name=name) for n, name in enumerate(names)]) as view:
        export_view(view, "csv", tmp_path / "out")
    assert {each.name for each in (tmp_path / "out").iterdir()} == set(FILES)
    for each in FILES[1:]:
        with (tmp_path / "out" / each).open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                assert all(cell.startswith("'") or not as_a_spreadsheet_reads(cell) for cell in row)
