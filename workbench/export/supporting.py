"""The records that a drawing rests on: they decide who may see it, and how it is marked."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from workbench.resolve.joining import joining
from workbench.store.types import SourcedRecord
from workbench.view.access import answer
from workbench.view.asking import question
from workbench.view.behind import records_behind
from workbench.view.view import View
from workbench.view.who import members_of

# With at least this many records, going through the columns is faster than reading the records.
_MANY = 2_000
_AT_ONCE = 2_000


@answer
def supporting(view: View, entities: Iterable[str], records: Iterable[str] = ()) -> tuple[str, ...]:
    """The keys of the records that a drawing of these entities rests on, sorted.

    These are the records about the entities, the relationships among them, `records` (the records
    that put the entities there, such as those of a path), and the records that join the referents of
    any entity that is drawn or that `records` mention.
    """
    drawn, brought = sorted(set(entities)), sorted(set(records))
    on_the_way = members_of(view, sorted({*drawn, *_on_the_way(view, brought)}))
    return tuple(sorted({*brought, *records_behind(view, drawn), *joining(view, list(on_the_way))}))


@question
def one_of_each(view: View, records: Iterable[str]) -> tuple[str, ...]:
    """One key for each combination of agency and marking among these records, and all keys not visible here, sorted.

    Until a record is re-marked, whoever may see the records returned may see all of `records`.
    """
    wanted = sorted(set(records))
    first, unseen = dict[object, str](), set(wanted)
    for each in _read(view, wanted):
        first.setdefault((each.record.dataset.agency, each.record.marking), each.key)
        unseen.discard(each.key)
    return tuple(sorted({*first.values(), *unseen}))


def _on_the_way(view: View, records: list[str]) -> Iterable[str]:
    """The ids of the entities that some records are about or tie."""
    if len(records) < _MANY:
        return _tied_by(_read(view, records))
    snapshot = view.snapshot()
    told = snapshot.told_of(np.array(sorted(snapshot.numbered(records).values()), dtype=np.int64))
    return snapshot.ids_of(told)


def _tied_by(records: Iterable[SourcedRecord]) -> Iterator[str]:
    """The ids of the entities that some records are about or tie."""
    for each in records:
        yield each.record.entity
        yield from (each.record.referent(role.ref) for role in each.record.roles)


def _read(view: View, keys: Sequence[str]) -> Iterator[SourcedRecord]:
    """Records by key, some at a time, in order."""
    for start in range(0, len(keys), _AT_ONCE):
        yield from view.records(keys[start : start + _AT_ONCE])
