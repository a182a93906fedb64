"""Re-mark records, for the agency that owns them."""

from collections.abc import Iterable, Sequence

from workbench.access.policy import refuse_to_lock_out
from workbench.errors import AccessDenied, NotFound, UsageError
from workbench.model.asked import texts
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset
from workbench.view.asking import writing
from workbench.view.store import GraphStore
from workbench.view.view import View


@writing
def remark(store: GraphStore, view: View, targets: Sequence[str], marking: str) -> int:
    """Re-mark records: all of a dataset ("KFIU/transfers"), or those with these keys; returns how many changed.

    The marking applies at every revision, and to everything said, now or later, under the same dataset, source id
    and part (`GraphStore.remark`); records with a new source id keep the marking of their delivery. A dataset
    without an agency is one of the viewer's own agencies; UsageError if several have one with that name. AccessDenied
    for anybody but a viewer of the owning agency; NotFound for a target that is unknown or hidden. A marking without
    REL is releasable to the owning agency alone; one whose REL leaves it out is refused. All changes become visible
    in one step.
    """
    with store.lease():  # no load adds more of them between the check and the write
        return _remarked(store, store.view(view.viewer, purpose=view.purpose), targets, marking)


def _remarked(store: GraphStore, now: View, targets: Sequence[str], marking: str) -> int:
    records: dict[str, set[str]] = {}
    for target in texts(targets, "targets"):
        for agency, key in _records(store, now, target):
            records.setdefault(agency, set()).add(key)
    for agency in sorted(records):
        if agency not in now.viewer.agencies:
            raise AccessDenied(f"only {agency} may re-mark records of {agency}: ask it", "targets")
    given = {agency: parse_marking(marking, agency) for agency in sorted(records)}
    for agency in given:
        refuse_to_lock_out(given[agency], agency)
    parts = [(sorted(records[agency]), given[agency]) for agency in given]
    return store.remark_together(parts, now)


def _records(store: GraphStore, now: View, target: str) -> Iterable[tuple[str, str]]:
    """The (agency, key) of each record that a target names."""
    known = list(_of_key(store, now, target)) if _is_key(target) else []
    known = known or sorted(set(_of_dataset(store, now, target)))
    agencies = sorted({agency for agency, _ in known})
    if len(agencies) > 1:
        named = f"name {agencies[0]}/{target} or another"
        raise UsageError(f"several of your agencies have a dataset {target}: {named}", "targets")
    if not known:
        raise NotFound("dataset or record", target, "targets")
    return known


def _of_key(store: GraphStore, now: View, key: str) -> Iterable[tuple[str, str]]:
    """The record with a key, from the newest revision at which the viewer sees it."""
    for token, _ in reversed(now.history()):
        for each in store.view(now.viewer, purpose=now.purpose, revision=token).records([key]):
            yield each.record.dataset.agency, each.key
            return


def _is_key(target: str) -> bool:
    return len(target) == 32 and set(target) <= set("0123456789abcdef")


def _of_dataset(store: GraphStore, now: View, name: str) -> Iterable[tuple[str, str]]:
    """The records of a dataset that the viewer sees at any revision: old ones are re-marked too."""
    for token, _ in now.history():
        snapshot = store.view(now.viewer, purpose=now.purpose, revision=token).snapshot()
        for number, dataset in enumerate(snapshot.datasets):
            if name in _names(dataset, now):
                keys = snapshot.keys_of(snapshot.records_of_dataset(number).tolist())
                yield from ((dataset.agency, key) for key in keys.values())


def _names(dataset: Dataset, now: View) -> tuple[str, ...]:
    """The names of a dataset: with its agency, and for the viewer's own agencies also without."""
    return (str(dataset), dataset.name) if dataset.agency in now.viewer.agencies else (str(dataset),)
