"""The history of records in a file of ownership statements: which statement is the newest of its record.

Most statements are the only one of their record. So it keeps a number for each statement, and more only for those that
say that they follow another.
"""

import json
import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ingest.adapters.numbers_of import digest
from ingest.shapes import Branch, Tree

_SAID = {
    name: re.compile(rf'"{name}"\s*:\s*"((?:[^"\\]|\\.)*)"'.encode())
    for name in ("statementId", "statementID", "recordId", "recordStatus", "statementDate")
}
_REPLACES = re.compile(rb'"replacesStatements"\s*:\s*\[([^\]]*)\]')
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*+)(?:(")|\\?\Z)')


@dataclass(slots=True)
class _Newest:
    """The newest statement of a record: when it is from and its place; and the ids of all."""

    when: str
    place: int
    ids: set[int]


class Told(NamedTuple):
    """What its file tells about a statement: the id of its record, whether a newer one follows, what else is wrong."""

    record: str
    is_old: bool
    twice: str = ""  # its id, if another statement has that too, before it
    tied: str = ""  # the relationship that stands where a person or an entity belongs
    roots: Mapping[str, str] = {}

    def as_bytes(self) -> bytes:
        """This as JSON, so that the statement can be read alone."""
        named = {"record": self.record, "old": self.is_old, "twice": self.twice, "tied": self.tied}
        said = {name: each for name, each in named.items() if each}
        return json.dumps({**said, **({"roots": self.roots} if self.roots else {})}, sort_keys=True).encode()

    def wrong(self) -> tuple[str, str] | None:
        """The reason and the message for a statement that can't be one; None if it can."""
        if self.twice:
            message = f"an earlier statement has the id {self.twice!r} too: give this one its own, or delete it"
            return "statement id stands twice", message
        if self.tied:
            message = f"{self.tied!r} is a relationship, where a person or an entity belongs: name one of these"
            return "wrong interested party", message
        return None


class History:
    """What a file tells about its statements, after all of them were noted."""

    def __init__(self) -> None:
        self._ids, self._records, self._ties = array("Q"), array("Q"), array("Q")
        self._newest: dict[int, _Newest] = {}  # by record
        self._before: dict[str, str] = {}  # in older versions, by statement: which it replaces
        self._replaced: set[str] = set()
        self._around: dict[str, Any] = {}
        self._seen = set[int]()
        self._place = 0
        self._twice: frozenset[int] = frozenset()
        self._unsaid: set[int] = set()

    def learn_what_was_around(self, fields: Any) -> None:
        """Note what was told about a statement that was taken out of its file."""
        root = fields.get("^root")
        around = root.get("around") if isinstance(root, Mapping) else None
        self._around = dict(around) if isinstance(around, Mapping) else self._around

    def note(self, fields: Any) -> None:
        """Note a statement."""
        replaced = [str(each) for each in _listed(fields.get("replacesStatements"))]
        self._note(
            str(fields.get("statementId") or ""),
            str(fields.get("recordId") or ""),
            _when(fields),
            is_later=str(fields.get("recordStatus") or "new") != "new",
            is_tie=fields.get("recordType") == "relationship",
            replaced=replaced,
        )

    def note_unread(self, raw: bytes) -> None:
        """Note a statement that can't be read, as far as its ids can."""
        said = {name: _found(pattern, raw) for name, pattern in _SAID.items()}
        replaced = [
            each.decode("utf-8", "replace")
            for found in _REPLACES.findall(raw)
            for each, is_whole in _TEXT.findall(found)
            if is_whole
        ]
        own = said["statementId"] or said["statementID"]
        is_later = said["recordStatus"] not in ("", "new")
        record = said["recordId"] or said["statementID"]
        self._note(own, record, said["statementDate"], is_later=is_later, is_tie=False, replaced=replaced)

    def _note(self, own: str, record: str, when: str, *, is_later: bool, is_tie: bool, replaced: Iterable[str]) -> None:
        self._place += 1
        self._ids.append(digest(own) if own else self._place)
        if is_tie and record:
            self._ties.append(digest(record))
        if record and record != own:
            self._records.append(digest(record))
        if is_later and record:
            self._follow(digest(record), own, when)
        for each in replaced:
            self._replaced.add(each)
            self._before.setdefault(own, each)

    def _follow(self, record: int, own: str, when: str) -> None:
        """Note a statement of a record that has several; one whose id stands twice counts once."""
        known, newest = digest(own), self._newest.get(record)
        if newest is None:
            self._newest[record] = _Newest(when, self._place, {known})
        elif known not in newest.ids:
            newest.ids.add(known)
            if (when, self._place) > (newest.when, newest.place):
                newest.when, newest.place = when, self._place

    def settle(self) -> bool:
        """Look for what stands twice. Returns whether statements follow others without saying so: note those again."""
        self._twice = frozenset(_several(self._ids))
        self._unsaid = _several(self._records) - self._newest.keys()
        self._ties = array("Q", np.unique(np.frombuffer(self._ties, np.uint64)).tolist())
        self._records, self._place = array("Q"), 0
        return bool(self._unsaid)

    def note_again(self, fields: Any) -> None:
        """Note which statement is the newest of a record that several are about, without saying so."""
        self._place += 1
        record = digest(str(fields.get("recordId") or ""))
        if record in self._unsaid:
            self._follow(record, str(fields.get("statementId") or ""), _when(fields))

    def begin(self) -> None:
        """Tell about the statements from the first on."""
        self._place = 0

    def told(self, fields: Any) -> Told:
        """What is known of the next statement."""
        own, record = str(fields.get("statementId") or ""), str(fields.get("recordId") or "")
        told = self.told_by_ids(own, record, _when(fields))
        details = fields.get("recordDetails")
        if fields.get("recordType") != "relationship" or not isinstance(details, Mapping):
            return told
        ends = [str(details.get(each)) for each in ("subject", "interestedParty") if isinstance(details.get(each), str)]
        tied = next((each for each in ends if self._is_tie(each)), "")
        roots = {each: root for each in ends if (root := self.root(each)) != each}
        return told._replace(tied=tied, roots=roots)

    def told_by_ids(self, own: str, record: str, when: str) -> Told:
        """What is known of the next statement, by its ids and date."""
        self._place += 1
        known = digest(own) if own else 0
        is_twice = (known in self._twice and known in self._seen) or (own != "" and self._around.get("twice") == own)
        if known in self._twice:
            self._seen.add(known)
        newest = self._newest.get(digest(record)) if record else None
        is_old = own in self._replaced or (newest is not None and (when, self._place) < (newest.when, newest.place))
        is_old = is_old or self._around.get("old") is True
        root = str(self._around.get("record") or "") or self.root(record)
        return Told(root, is_old, own if is_twice else "")

    def _is_tie(self, record: str) -> bool:
        if self._around.get("tied") == record:
            return True
        at = int(np.searchsorted(np.frombuffer(self._ties, np.uint64), np.uint64(digest(record))))
        return at < len(self._ties) and self._ties[at] == digest(record)

    def root(self, statement: str) -> str:
        """The first statement of the history that one belongs to, in older versions."""
        said = self._around.get("roots")
        if isinstance(said, Mapping) and isinstance(said.get(statement), str):
            return str(said[statement])
        seen = {statement}
        while (before := self._before.get(statement)) is not None and before not in seen:
            statement = before
            seen.add(statement)
        return statement


def _several(numbers: "array[int]") -> set[int]:
    """The numbers that stand more than once."""
    found, times = np.unique(np.frombuffer(numbers, np.uint64), return_counts=True)
    return set(found[times > 1].tolist())


def told_of(raw: bytes, history: History) -> Told:
    """What is known of the next statement, which can't be read."""
    said = {name: _found(pattern, raw) for name, pattern in _SAID.items()}
    own = said["statementId"] or said["statementID"]
    return history.told_by_ids(own, said["recordId"] or said["statementID"], said["statementDate"])


def _found(pattern: re.Pattern[bytes], raw: bytes) -> str:
    found = pattern.search(raw)
    return found[1].decode("utf-8", "replace") if found else ""


def _when(fields: Tree) -> str:
    return str(fields.get("statementDate") or "")


def _listed(branch: Branch) -> list[Branch]:
    return branch if isinstance(branch, list) else [] if branch is None else [branch]
