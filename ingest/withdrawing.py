"""Withdraw a load, as if it had never been."""

from workbench.access.policy import refuse_loading
from workbench.errors import NotFound, UsageError, naming
from workbench.store.types import LoadEntry, Withdrawn
from workbench.view.asking import writing
from workbench.view.store import GraphStore
from workbench.view.view import View


@writing
def withdraw(store: GraphStore, view: View, load: str, *, by: str, why: str) -> Withdrawn:
    """Withdraw a load by its id in the log, as one publication; the log records who, when and why.

    NotFound for a load that the viewer does not see; AccessDenied if he may not load for its agency; UsageError
    without a reason, and for a load that can't be withdrawn (see `Writer.withdraw_load`).
    """
    if not why.strip():
        raise UsageError("give the reason for withdrawing the load", "why")
    with naming("load", known_as="agency"):
        refuse_loading(view.viewer, _told(view, load).agency)
    with store.lease():
        entry = _told(store.view(view.viewer, purpose=view.purpose), load)  # others may have written meanwhile
        with store.writer(agency=entry.agency, by=by) as writer:
            return writer.withdraw_load(load, why)


def _told(view: View, load: str) -> LoadEntry:
    """The log's entry of a load; NotFound if the viewer does not see it."""
    for entry in view.loads():
        if entry.id == load:
            return entry
    raise NotFound("load", load, "load")
