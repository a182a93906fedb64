"""The source that a view's walks have."""

from typing import Any

from workbench.store.backend import Walks
from workbench.view.walk_sources import InParts, InSnapshot, InStore
from workbench.view.walking import Source


def source_of(view: Any) -> Source:
    """The source for a walk: the store's lookups, until the whole view is at hand.

    Then it is the store, if it can walk and the snapshot's ties are not made; else the snapshot.
    """
    parts = view._parts()
    if parts is not None:
        return InParts(parts)
    snapshot, walks = view.snapshot(), view._backend.walks
    return in_store(view, walks) if walks and not snapshot.has_ties_at_hand else InSnapshot(snapshot)


def in_store(view: Any, walks: Walks) -> InStore:
    """The store as the source; what it learns on the way is the view's own."""
    access = view._access()
    kept = access.own.get("store")
    if not isinstance(kept, InStore):
        kept = access.own["store"] = InStore(walks, access.scope, view._columns(), view.snapshot(), view._numbers())
    return kept
