"""List values as common, and take them off the list."""

from dataclasses import replace

from workbench.access.policy import may_read, refuse_to_lock_out
from workbench.errors import AccessDenied, NotFound, UsageError
from workbench.model.marking import Level, parse_marking
from workbench.resolve.common import kinds
from workbench.store.types import CommonEntry
from workbench.view.asking import writing
from workbench.view.store import GraphStore
from workbench.view.view import View


@writing
def add_common(
    store: GraphStore,
    view: View,
    kind: str,
    value: str,
    why: str,
    marking: str | None = None,
    agency: str | None = None,
) -> CommonEntry:
    """List a value as common: a number, an IBAN, an address as written, a date, or an entity's id.

    The entry belongs to the viewer's agency; name it if he acts for several. The default marking is
    SECRET, or the viewer's own level if that is lower, for that agency alone. UsageError if he could not see the
    entry himself, and so not take it off.
    """
    _check_kind(kind)
    if not (value.strip() and why.strip()):
        raise UsageError("a common value needs the value and a reason", "why" if value.strip() else "value")
    owner = _owner(view, agency)
    given = parse_marking(marking or min(Level.SECRET, view.viewer.clearance).name, owner)
    refuse_to_lock_out(given, owner)
    if not may_read(view.viewer, view.purpose, given):
        raise UsageError(f"{view.viewer.name} may not read {given}, so could not take the value off again", "marking")
    entry = CommonEntry(kind, value.strip(), owner, str(given), why)
    with store.lease():  # nobody else lists it between the check and the write
        listed = store.view(view.viewer, purpose=view.purpose).listed_common()
        if any(replace(each, why=why) == entry for each in listed):
            raise UsageError(f"{kind} {value} is already listed", "value")
        store.add_common(entry)
    return entry


@writing
def remove_common(store: GraphStore, view: View, kind: str, value: str) -> CommonEntry:
    """Take a value off the list of the viewer's agency; NotFound if he sees no such entry."""
    _check_kind(kind)
    with store.lease():
        listed = store.view(view.viewer, purpose=view.purpose).listed_common()
        entries = [entry for entry in listed if (entry.kind, entry.value) == (kind, value.strip())]
        if not entries:
            raise NotFound("common value", f"{kind} {value}", "value")
        own = [entry for entry in entries if entry.agency in view.viewer.agencies]
        if not own:
            agency = entries[0].agency
            raise AccessDenied(f"{kind} {value} was listed by {agency}: only its viewers can take it off", "value")
        for entry in own:
            store.remove_common(entry)
    return own[0]


def _check_kind(kind: str) -> None:
    if kind not in kinds():
        raise UsageError(f"no kind {kind!r}: one of {', '.join(kinds())}", "kind")


def _owner(view: View, agency: str | None) -> str:
    agencies = sorted(view.viewer.agencies)
    if agency is None and len(agencies) == 1:
        return agencies[0]
    if agency is None:
        raise UsageError(f"{view.viewer.name} acts for several agencies: name one of {', '.join(agencies)}", "agency")
    if agency not in agencies:
        raise AccessDenied(f"{view.viewer.name} does not act for {agency}", "agency")
    return agency
