"""Adapter `stix`: threat intelligence in bundles of STIX 2.0 and 2.1, lists of their objects, or one of these alone.

Each object is a unit. Of several versions of one in a file the newest counts. The others are left, and so are
definitions of markings, which show in what they mark. What a `*_ref` or `*_refs` names is tied, also if it is not in
the bundle: `created_by`, `sample`. Objects in observed data of STIX 2.0 have the id of those data and their own key as
theirs.

- `threat-actor`: `LegalEntity`, and `intrusion-set`: `Organization`. That they exist, and who is behind what, is what
  somebody thinks: such records are assessments. Identities, places, observed things and reports are facts.
- `campaign`, `incident`, `observed-data`: `Incident`; `report`, `grouping`, `note`, `opinion`: `Report` that mentions.
- `relationship`: `UnknownLink`, named by its type; `sighting`: `Observation` of something at somebody.
- `indicator`: `Indicator`; `malware`, `tool`, `attack-pattern`, observed things and all others: `Item`.

An object that is revoked says so in its `keywords`, or `status`; a revoked relationship ends when it was revoked.
`confidence` has no scale that grades know: it stays text, as do extensions and properties of one's own.

Markings make the marking of the load stricter, never weaker. TLP says how far something may go: what is red or amber
stays with the loading agency. A statement is kept as text, with a handling code. A marking that nothing defines keeps
all others away. A granular marking makes a record of its own of what it marks; in a relationship it counts for all.
"""

import json
from array import array
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

import numpy as np

from ingest.account import Account
from ingest.adapters import json_document
from ingest.adapters.json_units import Found, Kind, first_unit, json_units
from ingest.adapters.stix_markings import Mark, mark_of
from ingest.adapters.stix_objects import objects_in
from ingest.adapters.texts import begins_list
from ingest.shapes import TEXT, BadUnit, Branch, Frame, Left, Readable, Reject, Row
from ingest.specs import Written

_WHAT = "a bundle of STIX"
# Where a unit that is read again finds the definitions of the markings in its bundle.
_DEFINITIONS = "definitions of markings"
_ENCODINGS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject | Left]:
    """Yield the parts of each object, or its reject; FileRefused if it is no JSON document."""
    bundle = _Bundle()
    kind = Kind(_WHAT, [()] if begins_list(path) or _is_alone(path) else [("objects",)])
    for at, item in enumerate(json_document.rows(path, kind, bundle.look)):
        if at == 0 and bundle.has_versions():
            for found in json_units(path, kind):
                bundle.look_again(found)
        if isinstance(item, Row):
            yield bundle.row(item, account)
        elif isinstance(item, Frame):
            yield bundle.framed(item)
        else:
            yield item


def _is_alone(path: Readable) -> bool:
    """Whether a document is an object itself: it says its type before any of its `objects`, and that is no bundle."""
    found = first_unit(path, Kind(_WHAT, [("type",), ("objects",)]))
    if found is None or found.way != ("type",) or isinstance(found.tree, BadUnit):
        return False
    said, is_object = found.tree.get(TEXT), found.raw.lstrip(b"\0").startswith(b"{")  # which may have such a key itself
    return isinstance(said, str) and said not in ("", "bundle") and not is_object


class _Bundle:
    """What has to be known of a bundle before its objects are read: definitions of markings, the newest versions."""

    def __init__(self) -> None:
        self._definitions: dict[str, dict[str, Any]] = {}
        self._marks: dict[str, Mark] = {}
        self._ids = array("Q")
        self._several: frozenset[int] | None = None
        self._newest: dict[str, str] = {}
        self._frame = Frame(b"", b"")

    def look(self, found: Found) -> None:
        """See a unit before the first is read."""
        for tree in _each(found.tree):
            if tree.get("type") == "marking-definition":
                self._define(tree)
            if version := _version(tree):
                self._ids.append(_short(version[0]))

    def has_versions(self) -> bool:
        """Whether there may be several versions of an object."""
        ids, times = np.unique(np.frombuffer(self._ids, np.uint64), return_counts=True)
        self._several = frozenset(ids[times > 1].tolist())
        return bool(self._several)

    def look_again(self, found: Found) -> None:
        """See a unit of which there may be several versions."""
        for tree in _each(found.tree):
            if (version := _version(tree)) and _short(version[0]) in (self._several or ()):
                source_id, modified = version
                self._newest[source_id] = max(self._newest.get(source_id, ""), modified)

    def framed(self, frame: Frame) -> Frame:
        """The bytes around units, with the definitions of markings."""
        mark = next((each for each in _ENCODINGS if frame.before.startswith(each)), b"")
        known = json.dumps([*self._definitions.values()])
        before = f'{{"{_DEFINITIONS}": {known}, "objects": ['
        encoding = _ENCODINGS.get(mark, "utf-8")
        self._frame = Frame(mark + before.encode(encoding), "]}".encode(encoding))
        return self._frame

    def row(self, row: Row, account: Account) -> Row | Reject | Left:
        """A row whose `object` are the parts of an object; it is left if a newer version is in the file."""
        fields: Any = row.fields
        for each in _each(fields.get("^root", {}).get(_DEFINITIONS)):
            self._define(each)
        tree = {name: branch for name, branch in fields.items() if not name.startswith("^")}
        version = _version(tree)
        if version is not None and version[1] < self._newest.get(version[0], ""):
            account.skip("older version of an object")
            return Left(row.locator)
        if tree.get("type") == "marking-definition":
            account.skip("definition of a marking")
            return Left(row.locator)
        try:
            every: list[Branch] = [*objects_in(tree, self._marks)]
        except BadUnit as bad:
            return Reject(row.locator, bad.reason, str(bad), row.raw, *self._frame.around)
        return row._replace(fields={"object": every})

    def _define(self, tree: dict[str, Any]) -> None:
        source_id = tree.get("id")
        if isinstance(source_id, str) and source_id not in self._marks:
            self._definitions[source_id], self._marks[source_id] = tree, mark_of(tree)


def _each(tree: Any) -> Iterator[dict[str, Any]]:
    """An object; those of a list, or of a bundle."""
    if isinstance(tree, list):
        for item in tree:
            yield from _each(item)
    elif isinstance(tree, dict) and tree.get("type") == "bundle":
        yield from _each(tree.get("objects"))
    elif isinstance(tree, dict):
        yield tree


def _version(tree: Mapping[str, Any]) -> tuple[str, str] | None:
    """The id of an object, and when it was modified, in a form that can be compared."""
    source_id, modified = tree.get("id"), tree.get("modified")
    if not isinstance(source_id, str) or not isinstance(modified, str):
        return None
    return source_id, modified.rstrip("Zz")


def _short(source_id: str) -> int:
    return int.from_bytes(blake2b(source_id.encode("utf-8", "replace"), digest_size=8).digest())
