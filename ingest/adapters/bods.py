"""Adapter `bods`: statements of the Beneficial Ownership Data Standard 0.1 to 0.4, a list of them or one a line.

Older versions are brought into the shape of 0.4 (`bods_older.py`). All statements about one record are one history, of
which the newest counts: the others are left out. In 0.4 it is the newest by `statementDate` and place; in older ones a
statement replaces those it names, and is known by the id of the first. References within an older file follow that.

A statement whose id an earlier one of its file has goes into quarantine, and so does one with a relationship where a
person or an entity belongs: the standard has no such statements. `bods_history.py` keeps 16 bytes for each statement.

In a relationship, each interest has what the statement tells beside it under `statement`. An interest through other
interests, which the statement names in `componentRecords`, is `through`: those are in the file too, and it is no other
share beside theirs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.account import Account
from ingest.adapters.bods_history import History, Told, told_of
from ingest.adapters.bods_older import as_newest
from ingest.adapters.json_document import rows
from ingest.adapters.json_objects import OBJECT, lines, parsed
from ingest.adapters.json_records import is_lines
from ingest.adapters.json_units import Kind
from ingest.shapes import BadUnit, Branch, Frame, Readable, Reject, Row, Tree
from ingest.specs import Written

_WHAT = "a list of statements of beneficial ownership"
_LIST = Kind(_WHAT, [()])
# How a statement that was taken out of its file is kept: beside what the file told about it.
_ALONE = Kind(_WHAT, [("statements",)])
_SIGN = b'{"around": '


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each statement, or its reject; FileRefused if it is no JSON."""
    history = _history(path)
    before: Frame | None = None
    for item in _items(path):
        if isinstance(item, Frame):
            continue
        told = history.told(item.fields) if isinstance(item, Row) else told_of(item.raw, history)
        frame = Frame(_SIGN + told.as_bytes() + b', "statements": [', b"]}")
        if frame != before:
            before = frame
            yield frame
        yield _unit(item, told, frame)


def _history(path: Readable) -> History:
    """Go through a file once, or once more if statements follow others without saying so."""
    history = History()
    for item in _items(path):
        if isinstance(item, Row):
            history.learn_what_was_around(item.fields)
            history.note(item.fields)
        elif isinstance(item, Reject):
            history.note_unread(item.raw)
    if history.settle():
        for item in _items(path):
            if not isinstance(item, Frame):
                history.note_again(item.fields if isinstance(item, Row) else {})
    history.begin()
    return history


def _items(path: Readable) -> Iterator[Frame | Row | Reject]:
    """The statements of a file, in the shape of the newest version."""
    for item in _by_line(path) if is_lines(path) else rows(path, _ALONE if _is_alone(path) else _LIST):
        if not isinstance(item, Row):
            yield item
            continue
        try:
            yield item._replace(fields=as_newest(item.fields))
        except BadUnit as bad:
            yield Reject(item.locator, bad.reason, str(bad), item.raw)


def _is_alone(path: Readable) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_SIGN)) == _SIGN


def _by_line(path: Readable) -> Iterator[Row | Reject]:
    for locator, line in lines(path, OBJECT):
        try:
            yield Row(parsed(line, OBJECT), locator, line)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)


def _unit(item: Row | Reject, told: Told, frame: Frame) -> Row | Reject:
    if isinstance(item, Reject):
        return Reject(item.locator, item.reason, item.message, item.raw, *frame.around)
    wrong = told.wrong()
    if wrong:
        return Reject(item.locator, *wrong, item.raw, *frame.around)
    return item._replace(fields=_said(item.fields, told))


def _said(fields: Any, told: Told) -> Tree:
    """The fields of a statement, with the ids under which records are known."""
    found: dict[str, Branch] = {name: each for name, each in fields.items() if not name.startswith("^")}
    details = found.get("recordDetails")
    if found.get("recordType") == "relationship" and isinstance(details, Mapping):
        found = _relationship(found, dict(details), told.roots)
    return {**found, "recordId": told.record, "history": "old" if told.is_old else "new"}


def _relationship(
    statement: dict[str, Branch], details: dict[str, Branch], roots: Mapping[str, str]
) -> dict[str, Branch]:
    """A relationship, each interest with what the statement tells beside it; or, of nobody named, what is said."""
    statement.pop("recordDetails")
    ends: dict[str, Branch] = {name: details.pop(name, None) for name in ("subject", "interestedParty")}
    ends = {name: roots.get(each, each) if isinstance(each, str) else each for name, each in ends.items()}
    kept: dict[str, Branch] = {
        name: statement.pop(name) for name in ("recordId", "recordType", "recordStatus") if name in statement
    }
    unnamed = next((each for each in ends.values() if not isinstance(each, str)), None)
    if not all(isinstance(each, str) and each for each in ends.values()):
        named = {name: each for name, each in ends.items() if isinstance(each, str) and each}
        told = unnamed if isinstance(unnamed, Mapping) else {}
        return {**kept, **named, **statement, "recordType": "unspecified", "unspecified": told, "told": details}
    interests = [each for each in _listed(details.pop("interests", None)) if isinstance(each, Mapping)]
    is_through = bool(_listed(details.get("componentRecords")))
    beside: dict[str, Branch] = {**statement, **details}
    made: list[Branch] = [_interest(each, beside, is_through) for each in interests or [{}]]
    return {**kept, **ends, "interests": made}


def _interest(said: Tree, beside: Tree, is_through: bool) -> Branch:
    share = said.get("share")
    found: dict[str, Branch] = {name: each for name, each in said.items() if name != "share"}
    if isinstance(share, Mapping):
        found |= {"percentage": _percentage(share)} if _percentage(share) else {"share": share}
    return {**found, "through": "others" if is_through else "", "statement": beside}


def _percentage(share: Tree) -> str:
    """A share of percent: "50", or a range, "25-50", "more than 25", "less than 50"."""
    exact, least, most = (str(share[each]) if share.get(each) else "" for each in ("exact", "minimum", "maximum"))
    above, below = (share.get(each) for each in ("exclusiveMinimum", "exclusiveMaximum"))
    least = least or (str(above) if isinstance(above, str) else "")
    most = most or (str(below) if isinstance(below, str) else "")
    if exact:
        return exact
    if least and most:
        return least if least == most else f"{least}-{most}"
    return f"at least {least}" if least else f"at most {most}" if most else ""


def _listed(branch: Branch) -> list[Branch]:
    return branch if isinstance(branch, list) else [] if branch is None or branch == "" else [branch]
