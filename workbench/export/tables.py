"""Tables for people: `entities.csv`, `relationships.csv` and `marking.txt` in a folder.

A spreadsheet treats a cell that begins with = + - or @ as a formula, even after white space and
invisible characters, and in full-width forms. Such cells get an apostrophe in front, so that they are
read as text; `unquoted` removes it.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from workbench.export.marking import marking_of
from workbench.export.writing import write_lines
from workbench.model.ontology import ontology
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.content import Described, entities, relationships, roles
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

_FORMULA = frozenset("=+-@\N{MINUS SIGN}")
_NEVER_FIRST = ("\t", "\r", "\n", "\0")
_IGNORED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# Invisible letters, marks and symbols: Hangul fillers, a joiner, the blank Braille pattern, variation selectors.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
FILES = ("marking.txt", "entities.csv", "relationships.csv")
_SEVERAL = "; "

ENTITY_COLUMNS = ("id", "schema", "caption", "property", "value", "original", "agency", "dataset", "grade", "marking",
                  "locator", "record")  # fmt: skip
RELATIONSHIP_COLUMNS = (
    "record",
    "schema",
    "date",
    "roles",
    "values",
    "agency",
    "dataset",
    "grade",
    "marking",
    "locator",
)


@question
def export(view: View, places: Mapping[str, Path]) -> int:
    """Write the tables of a view to the path given for each of `FILES`; returns the number of entities.

    A row of `entities.csv` is one value and its source; a stub has one row without a value.
    """
    write_lines([marking_of(view.markings())], places["marking.txt"])
    written = _write_entities(view, places["entities.csv"])
    snapshot = view.snapshot()
    rows = (_relationship(snapshot, each) for each in relationships(view))
    _write(places["relationships.csv"], RELATIONSHIP_COLUMNS, rows)
    return written


def safe(cell: str) -> str:
    """A cell that no spreadsheet treats as a formula.

    >>> safe("=1+1"), safe("Nico")
    ("'=1+1", 'Nico')
    """
    return "'" + cell if _is_formula(cell) else cell


def unquoted(cell: str) -> str:
    """Undo `safe`.

    >>> unquoted("'=1+1"), unquoted("'t Hooft")
    ('=1+1', "'t Hooft")
    """
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet might treat a text as a formula, ignoring apostrophes in front."""
    text = cell.lstrip("'")
    if text[:1].isalnum() and text[:1].isascii():  # a faster way for most texts
        return False
    return text.startswith(_NEVER_FIRST) or _first_seen(text) in _FORMULA


def _first_seen(text: str) -> str:
    """The first visible character of a text, in NFKC form; "" if there is none."""
    for sign in text:
        for each in unicodedata.normalize("NFKC", sign):
            if each != "'" and unicodedata.category(each) not in _IGNORED and not _BLANK.match(each):
                return each
    return ""


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(safe, columns))
        writer.writerows([safe(cell) for cell in row] for row in rows)


def _write_entities(view: View, path: Path) -> int:
    written = 0

    def rows() -> Iterable[Sequence[str]]:
        nonlocal written
        for entity in entities(view):
            written += 1
            yield from _lines(entity)

    _write(path, ENTITY_COLUMNS, rows())
    return written


def _lines(entity: Described) -> Iterable[Sequence[str]]:
    summary = entity.summary
    first = (summary.id, summary.schema, summary.caption)
    if summary.stub:
        yield (*first, "", "", "", "", _SEVERAL.join(summary.datasets), "", "", "", "")
    for each in entity.records:
        for prop, values in sorted(each.record.properties.items()):
            for value in values:
                yield (*first, prop, value.value or "", value.original, *_source(each), each.record.locator, each.key)


def _source(each: SourcedRecord) -> tuple[str, str, str, str]:
    record = each.record
    return record.dataset.agency, str(record.dataset), str(record.grade or ""), str(record.marking)


def _relationship(snapshot: Snapshot, each: SourcedRecord) -> Sequence[str]:
    record = each.record
    filled = _SEVERAL.join(f"{role} {entity}" for role, ids in roles(snapshot, each).items() for entity in ids)
    values = _SEVERAL.join(f"{prop} {v.original}" for prop, said in sorted(record.properties.items()) for v in said)
    when = ontology().when(record.values())
    return (each.key, record.schema, when, filled, values, *_source(each), record.locator)
