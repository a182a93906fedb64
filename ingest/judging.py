"""Read a file of judgements: a table, as an editor or a spreadsheet writes it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.account import Account
from ingest.adapters.delimited import Table
from ingest.shapes import Row
from ingest.specs import Written
from workbench.errors import InputError
from workbench.resolve.stated import COLUMNS, MORE

# A reason may have several lines.
_BREAKS = 100
_OPTIONAL = tuple(name for name in MORE if name != "line")
_TRUTHS = {"true": True, "false": False, "": False}


def judgements_in(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of judgements, for `Session.judge_all`, each with its line.

    It is UTF-8, with `,`, `;` or a tab between its columns a, b, verdict and why, and perhaps evidence (keys of records
    with spaces between) and override. FileRefused or InputError, with all lines, if it can't be read.
    """
    with path.open("rb") as file:
        head = file.readline(1_000)
    table = Table(
        path, Written(delimiter=max(",;\t", key=lambda each: head.count(each.encode())), line_breaks=_BREAKS), Account()
    )
    missing = [name for name in COLUMNS if name not in table.names]
    unknown = sorted(name for name in table.names if name not in (*COLUMNS, *_OPTIONAL))
    if missing or unknown or len({*table.names}) < len(table.names):
        columns = f"{', '.join(COLUMNS)}, and perhaps {' and '.join(_OPTIONAL)}"
        raise InputError(f"{path.name} line 1: its columns are {', '.join(map(repr, table.names))}: give {columns}")
    return list(_rows(path.name, table))


def _rows(name: str, table: Table) -> Iterator[dict[str, Any]]:
    wrong = []
    for each in table.rows(table.names):
        line = each.locator.rpartition(":")[2]
        if not isinstance(each, Row):
            wrong.append(f"line {line}: {each.message}")
        elif any(cell.strip() for cell in each.fields):
            yield _row(int(line), dict(zip(table.names, map(str.strip, each.fields), strict=True)))
    if wrong:
        raise InputError(f"{name} can't be read, so nothing is judged: {'; '.join(wrong)}")


def _row(line: int, cells: dict[str, str]) -> dict[str, Any]:
    """A row for `judge_all`. A spreadsheet may write a word at the start of a cell large, and a truth too."""
    override = cells.get("override", "")
    return {
        **{name: cells[name] for name in COLUMNS},
        "verdict": cells["verdict"].lower(),
        "evidence": tuple(cells.get("evidence", "").split()),
        "override": _TRUTHS.get(override.lower(), override),
        "line": line,
    }
