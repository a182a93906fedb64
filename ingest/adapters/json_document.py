"""Adapter `json`: a JSON document whose units are the values at a path of keys, or the items of its list.

Without `units` in the manifest the units are the items of the list that the document is, or the document itself.
"""

from collections.abc import Callable, Iterator

from ingest.account import Account
from ingest.adapters.json_units import Found, Kind, json_units
from ingest.shapes import BadUnit, Frame, Readable, Reject, Row
from ingest.specs import Written

_WHAT = "a JSON document"


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each unit, or its reject; FileRefused if it is no JSON document."""
    ways = written.units or ("",)
    return rows(path, Kind(_WHAT, [tuple(way.split(".")) if way else () for way in ways]))


def rows(path: Readable, kind: Kind, look: Callable[[Found], None] = lambda _: None) -> Iterator[Frame | Row | Reject]:
    """Yield each unit of a kind of document with what stands around it, or its reject.

    `look` is shown all of them first; see `json_units`.
    """
    frame: Frame | None = None
    for found in json_units(path, kind, look):
        if found.frame is not frame:
            frame = found.frame
            yield frame
        yield row_of(path, found)


def row_of(path: Readable, found: Found) -> Row | Reject:
    """A unit with what stands around it, or its reject."""
    locator = f"{path.name}:{found.number}"
    if isinstance(found.tree, BadUnit):
        return Reject(locator, found.tree.reason, str(found.tree), found.raw, *found.frame.around)
    return Row({**found.tree, **found.parents}, locator, found.raw)
