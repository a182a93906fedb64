"""Copies of stores: of all that is in one, by whoever runs it."""

from workbench.store import copying
from workbench.store.copying import Copied, Tell
from workbench.view.store import GraphStore


def copy_store(source: GraphStore, target: GraphStore, tell: Tell = lambda *_: None) -> Copied:
    """Copy all of a store's newest publication, with its history, into an empty store; see `docs/operations.md`.

    A copy that was interrupted goes on. UsageError for a target that holds something else, and for a source with
    nothing in it; StoreError if the source was changed so that the copy would be a mixture, or the ends differ: then
    nothing is shown, and the next run starts over.
    """
    return copying.copy_store(source.backend, target.backend, tell, target.patience)


def check_whole(source: GraphStore) -> None:
    """UsageError for a store that can't be copied whole: it is a copy itself, or has nothing in it."""
    copying.whole(source.backend)


def check_ordinary(source: GraphStore) -> None:
    """UsageError for a store that is itself a copy, unfinished or for a viewer."""
    copying.ordinary(source.backend)
