"""Adapter `misp`: events of MISP as it exports them: alone, under `Event`, in a list, or in a `response`.

Units are the head of an event, which is found by its `info`, each attribute and each object. Objects are known by their
template, and their attributes by what they are in it. An attribute in an object is no unit of its own.

- an event: `Report`. What is in it is documented by it, and who wrote it is an `Organization`. Clusters of galaxies are
  mentioned: threat actors as `Organization`, all others as `Item`. They are assessments.
- attributes of mailboxes, telephones, bank accounts, wallets and names become those; all others are `Item`.
- objects `person`, `interpol-notice`, `bank-account`, `phone-number` and `vehicle` become `Person`, `BankAccount`,
  `Phone` and `Vehicle`; all others, such as `file`, are `Item`, with their attributes as text. An `interpol-notice`
  makes nobody a suspect: its colour is kept in `keywords`.
- references of objects: `UnknownLink`, named by the kind of relationship.

What is deleted says so in its `keywords`, and its event no longer documents it; a deleted reference ends when that was.
Files in attributes (`data`) are not kept: that there was one is.

Markings make the marking of the load stricter, never weaker. Tags of TLP and PAP count, and so does the distribution:
what is not for all communities stays with the loading agency. An attribute in an object with markings of its own
becomes a record of its own.
"""

from collections.abc import Iterator
from typing import Any

from ingest.account import Account
from ingest.adapters.json_document import row_of
from ingest.adapters.json_units import Found, Kind, json_units
from ingest.adapters.misp_parts import attribute_parts, event_parts, object_parts
from ingest.shapes import TEXT, BadUnit, Branch, Frame, Readable, Reject, Row
from ingest.specs import Written

_WHAT = "an event of MISP"
# Where events are, and what of them are units.
AROUND = ((), ("Event",), ("response", "Event"), ("response",))
PARTS = ("info", "Attribute", "Object")


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each event, attribute and object, or its reject; FileRefused if it is no JSON document."""
    frame: Frame | None = None
    kind = Kind(_WHAT, [(*around, part) for around in AROUND for part in PARTS])
    for found in json_units(path, kind):
        if found.frame is not frame:
            frame = found.frame
            yield frame
        row = row_of(path, found)
        yield _mapped(row, found) if isinstance(row, Row) else row


def _mapped(row: Row, found: Found) -> Row | Reject:
    """A row whose `object` are the parts of a unit that have the same marking."""
    tree: Any = found.tree
    event: Any = found.parents.get("^Event") or found.parents.get("^response") or found.parents.get("^root") or {}
    if found.way[-1] == "info":
        made = event_parts(event, tree.get(TEXT))
    elif found.way[-1] == "Attribute":
        made = attribute_parts(tree, _event(tree, event))
    else:
        made = object_parts(tree, _event(tree, event))
    try:
        every: list[Branch] = [*made]
    except BadUnit as bad:
        return Reject(row.locator, bad.reason, str(bad), row.raw, *found.frame.around)
    return row._replace(fields={"object": every})


def _event(tree: dict[str, Any], around: dict[str, Any]) -> dict[str, Any]:
    """The event of an attribute or object: what is around it, or what it says itself in the answer to a search."""
    own = tree.get("Event")
    return own if isinstance(own, dict) else around
