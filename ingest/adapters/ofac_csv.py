"""Adapter `ofac-csv`: the lists of the US Office of Foreign Assets Control in their old form, tables without headers.

A file has entries (`sdn.csv`, `cons_prim.csv`: 12 cells), addresses (`add.csv`: 6), other names (`alt.csv`: 5) or
remarks that were too long (`sdn_comments.csv`: 2); the cells tell which, under `^`. All join by `ent_num`. `-0-` is no
value, and a line that begins with the sign SUB ends the data.

Remarks are pieces of text, `DOB 12 Jan 1961; Linked To: X.`. `remarks` is the whole text, and what is in its pieces
stands under names of its own (`dob`, `documents`; see `ofac_remarks.py`). A remark that is cut off at 1,000 characters
goes on in the file of remarks, in the middle of a piece. Both halves of that piece stay in the text alone. `linked` are
the names after `Linked To`, with the number of the entry of this file that has the name, if exactly one has it. The
list refers to its entries by name: a name that two have, or that stands in another file, is left as a name.
"""

import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ingest.account import Account
from ingest.adapters.delimited import Form, RawRow, cells_of, form_of, raw_rows
from ingest.adapters.numbers_of import Sorted, digest, only
from ingest.adapters.ofac_remarks import LINK, pieces_of, said_in
from ingest.shapes import BadUnit, Branch, Frame, Readable, Reject, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_ENTRY = (
    *("ent_num", "name", "type", "program", "title", "call_sign"),
    *("vessel_type", "tonnage", "grt", "flag", "owner", "remarks"),
)
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "entry": _ENTRY,
    "address": ("ent_num", "add_num", "address", "city", "country", "remarks"),
    "alias": ("ent_num", "alt_num", "alt_type", "name", "remarks"),
    "comment": ("ent_num", "remarks"),
}
_KINDS = {len(columns): kind for kind, columns in _COLUMNS.items()}
_NULL = "-0-"
_SUB = re.compile("\x1a")
_LOOKED_AT = 20

# Lines before a unit that was taken out of its file: what the file told about it.
_TOLD = "# "
_LINKED = re.compile(r"Linked To: ([^;\"\x00-\x1f]+?)\.?(?=[;\"\x00-\x1f]|$)")
_START = re.compile(r'\s*(\d+)\s*,\s*"([^"]*)"')


class _Around(NamedTuple):
    """What a file tells about its rows: their kind, and the entries by the digests of their names, sorted."""

    kind: str
    names: Sorted
    numbers: Sorted
    said: Mapping[str, str]

    def entry(self, name: str) -> str:
        """The number of the only entry with this name; "" if there is none, or more."""
        return self.said.get(name) or only(self.names, self.numbers, name)


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each row by its kind, or its reject; FileRefused for a file of another width."""
    form = replace(form_of(path, written), delimiter=",", skip=0, trailer=_SUB)
    around, before = _around(path, form), None
    for row in raw_rows(path, form, account):
        if row.text.startswith(_TOLD):
            account.others += row.lines
            continue
        frame = Frame(_told(row, around, form), b"")
        if frame != before:
            before = frame
            yield frame
        yield _unit(path, row, form, around, account)


def _around(path: Readable, form: Form) -> _Around:
    """Go through a file once, for its kind and the names of its entries."""
    kind, said, looked_at = "", dict[str, str](), 0
    names, numbers = array("Q"), array("Q")
    for row in raw_rows(path, form, Account()):
        if row.text.startswith(_TOLD):
            kind = _learn(row.text.removeprefix(_TOLD).rstrip("\r\n"), said) or kind
            continue
        looked_at += 1
        if not kind and looked_at <= _LOOKED_AT:
            kind = _kind(row, form)
        start = _START.match(row.text)
        if start and len(start[1]) < 19:
            names.append(digest(start[2].strip()))
            numbers.append(int(start[1]))
    if not kind and looked_at:
        widths = ", ".join(str(each) for each in sorted(_KINDS))
        message = f"{path.name} has no row with a number and {widths} cells: is it a list of OFAC, in the CSV form?"
        raise FileRefused("not this format", message, 1)
    by_name = np.argsort(np.frombuffer(names, np.uint64), kind="stable")
    return _Around(kind, np.frombuffer(names, np.uint64)[by_name], np.frombuffer(numbers, np.uint64)[by_name], said)


def _learn(text: str, said: dict[str, str]) -> str:
    """Note what a line before a unit tells: an entry's name and number, or else the kind of row, which is returned."""
    if not text.startswith(LINK):
        return text if text in _COLUMNS else ""
    name, _, number = text.removeprefix(LINK).rpartition(" = ")
    said[name] = number
    return ""


def _kind(row: RawRow, form: Form) -> str:
    try:
        cells = cells_of(row, form)
    except BadUnit:
        return ""
    return _KINDS.get(len(cells), "") if cells[0].strip().isdecimal() else ""


def _told(row: RawRow, around: _Around, form: Form) -> bytes:
    """The lines to put before a row so that it is read alone as it is in its file."""
    names = dict.fromkeys(text for name in _LINKED.findall(row.text) for text in (name, f"{name}."))
    links = [f"{LINK}{name} = {number}" for name in names if (number := around.entry(name))]
    return form.mark + form.raw("".join(f"{_TOLD}{line}\n" for line in [around.kind, *links]))


def _unit(path: Readable, row: RawRow, form: Form, around: _Around, account: Account) -> Row | Reject:
    locator, raw = f"{path.name}:{row.line}", form.raw(row.text)
    try:
        fields = _fields(row, form, around)
    except BadUnit as bad:
        account.kept += row.lines - 1
        return Reject(locator, bad.reason, str(bad), raw, _told(row, around, form))
    return Row(fields, locator, raw, row.lines)


def _fields(row: RawRow, form: Form, around: _Around) -> dict[str, Branch]:
    cells, columns = cells_of(row, form), _COLUMNS[around.kind]
    if len(cells) != len(columns):
        message = f"{len(cells)} cells where {len(columns)} belong: is a comma missing, or one without quotes?"
        raise BadUnit("ragged row", message)
    if row.lines > 1:
        raise BadUnit("line break in a cell", "a cell has a line break: was a quote lost? Repair the row")
    if not cells[0].strip().isdecimal():
        message = f"{cells[0][:50]!r} is no number of an entry: repair the first cell"
        raise BadUnit("no number of an entry", message)
    fields: dict[str, Branch] = {"^": around.kind}
    texts = (text.strip() for text in cells)
    fields |= {name: text for name, text in zip(columns, texts, strict=True) if text and text != _NULL}
    return fields | _said(str(fields.get("remarks", "")), around)


def _said(remarks: str, around: _Around) -> dict[str, Branch]:
    """What a remark says, and whom it links."""
    if not remarks:
        return {}
    pieces = pieces_of(remarks, is_rest=around.kind == "comment")
    names = [each.removeprefix(LINK) for each in pieces if each.startswith(LINK)]
    linked: list[Branch] = [_link(name, around) for name in dict.fromkeys(names)]
    return {**said_in(pieces), "linked": linked}


def _link(name: str, around: _Around) -> dict[str, Branch]:
    number = around.entry(name) or around.entry(name.removesuffix("."))
    return {"name": name, "ent_num": number} if number else {"name": name}
