"""Copies of whole stores, made by whoever runs them."""

from workbench.store import copying
from workbench.store.copying import Copied, Tell
from workbench.view.asking import asking_of
from workbench.view.store import GraphStore


def copy_store(source: GraphStore, target: GraphStore, tell: Tell = lambda *_: None) -> Copied:
    """Copy a store's newest publication, with all history, into an empty store; see `docs/operations.md`.

    An interrupted copy is continued. UsageError if the target holds something else or the source is empty.
    StoreError if the source changed meanwhile, so that the copy would be a mixture, or if both ends differ
    afterwards: then the copy shows nothing, and the next run starts over. Both stores keep a trace, before it begins.
    """
    asked = {"source": source.url, "target": target.url}
    read, written = asking_of(source), asking_of(target)
    with read.writing("", "", "copy_store", asked), written.writing("", "", "copy_store", asked):
        return copying.copy_store(source.backend, target.backend, read.apart(written.apart(tell)), target.patience)


def check_whole(source: GraphStore) -> None:
    """UsageError for a store that can't be copied whole: a copy, or an empty store."""
    copying.whole(source.backend)


def check_ordinary(source: GraphStore) -> None:
    """UsageError for a store that is an unfinished copy or a copy for a viewer."""
    copying.ordinary(source.backend)
