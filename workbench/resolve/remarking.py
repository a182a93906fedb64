"""Another marking for records, by the agency that owns them."""

from collections.abc import Iterable, Sequence

from workbench.errors import AccessDenied, NotFound, UsageError
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset
from workbench.view.asking import writing
from workbench.view.store import GraphStore
from workbench.view.view import View


@writing
def remark(store: GraphStore, view: View, targets: Sequence[str], marking: str) -> int:
    """Mark records anew: all of a dataset ("KFIU/transfers") or those with these keys; how many changed.

    It holds at every revision, and for all that is said, now or later, under the same dataset, source id and part
    (`GraphStore.remark`); what comes under a new source id is marked as its delivery says. The name of a dataset alone
    is one of the viewer's own agency; UsageError where several have it. Only a viewer of the owning agency may do it
    (AccessDenied); what is unknown and what is hidden from him is NotFound alike. A marking without REL is for the
    owning agency only. All of it is seen at once, of several agencies too.
    """
    with store.lease():  # no load brings more of them between the look and the word
        return _remarked(store, store.view(view.viewer, purpose=view.purpose), targets, marking)


def _remarked(store: GraphStore, now: View, targets: Sequence[str], marking: str) -> int:
    found: dict[str, set[str]] = {}
    for target in targets:
        for agency, key in _records(store, now, target):
            found.setdefault(agency, set()).add(key)
    for agency in sorted(found):
        if agency not in now.viewer.agencies:
            raise AccessDenied(f"records of {agency} are marked by {agency} only: ask it")
    parts = [(sorted(keys), parse_marking(marking, agency)) for agency, keys in sorted(found.items())]
    return store.remark_together(parts, now)


def _records(store: GraphStore, now: View, target: str) -> Iterable[tuple[str, str]]:
    """(agency, key) of the records that a target names."""
    known = list(_of_key(store, now, target)) if _is_key(target) else []
    known = known or sorted(set(_of_dataset(store, now, target)))
    agencies = sorted({agency for agency, _ in known})
    if len(agencies) > 1:
        raise UsageError(f"several of your agencies have a dataset {target}: name {agencies[0]}/{target} or another")
    if not known:
        raise NotFound("dataset or record", target)
    return known


def _of_key(store: GraphStore, now: View, key: str) -> Iterable[tuple[str, str]]:
    """The record of a key that the viewer sees at any revision, newest first."""
    for token, _ in reversed(now.history()):
        for each in store.view(now.viewer, purpose=now.purpose, revision=token).records([key]):
            yield each.record.dataset.agency, each.key
            return


def _is_key(target: str) -> bool:
    return len(target) == 32 and set(target) <= set("0123456789abcdef")


def _of_dataset(store: GraphStore, now: View, name: str) -> Iterable[tuple[str, str]]:
    """The records of a dataset that the viewer sees at any revision: old ones are marked too."""
    for token, _ in now.history():
        snapshot = store.view(now.viewer, purpose=now.purpose, revision=token).snapshot()
        for number, dataset in enumerate(snapshot.datasets):
            if name in _names(dataset, now):
                keys = snapshot.keys_of(snapshot.records_of_dataset(number).tolist())
                yield from ((dataset.agency, key) for key in keys.values())


def _names(dataset: Dataset, now: View) -> tuple[str, ...]:
    """What a dataset may be called: one of the viewer's own agencies by its name alone too."""
    return (str(dataset), dataset.name) if dataset.agency in now.viewer.agencies else (str(dataset),)
