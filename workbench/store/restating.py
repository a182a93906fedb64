"""Decide again what stands, from the accounts of loads, and write the difference: without a load, or without readings.

The records in question are decided again in memory, from the accounts of all loads that count, in their order.
People's decisions on markings are not part of a load, and stay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from workbench.errors import StoreError
from workbench.model.record import Dataset, from_content
from workbench.store.accounts import Accounts, Entry, Kept, Saying, Whole, unpacked
from workbench.store.loading import Changes, Mark
from workbench.store.readings import Runs, SaidAgain
from workbench.store.records_known import LIVE, NEVER, Complete, Standing
from workbench.store.repeating import RepeatingWriter
from workbench.store.rows import Row, row_of
from workbench.store.shadow import Ground, Origin, Shadow

_AT_ONCE = 5_000
T = TypeVar("T")


@dataclass(slots=True)
class Restated:
    """What a store changes beside records when it publishes that they were decided again.

    - `said`: the newest delivery of each record that goes on standing or stands again.
    - `parts`: the (dataset, prefix) of complete deliveries that do not count any more; `complete`: the newest other
      complete delivery of each.
    - `gone`: the newest delivery that says so of each record that says that something is gone; "" if none does.
    """

    said: dict[int, str] = field(default_factory=dict)
    parts: list[tuple[int, str]] = field(default_factory=list)
    complete: list[tuple[int, str, str]] = field(default_factory=list)
    gone: dict[int, str] = field(default_factory=dict)

    @property
    def alters_dates(self) -> bool:
        """Whether records get other dates: a copy in progress must start over."""
        return bool(self.said or self.gone)


@dataclass(slots=True)
class Difference:
    """The difference between the ground and the store: records to end, to begin (again), and to mark."""

    ended: list[Kept] = field(default_factory=list)
    reopened: list[Kept] = field(default_factory=list)  # those that this load ended
    begun: list[tuple[Standing, Origin]] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    gone: dict[int, str] = field(default_factory=dict)


class Counted:
    """The entries of accounts that count: all of loads that are not withdrawn, without what was replaced."""

    def __init__(self, accounts: Accounts, runs: Runs, without: str = "", own: Sequence[Entry] = ()) -> None:
        """`without` is a load that does not count; `own` are the entries of a load that is not published."""
        self._accounts, self._runs, self._own = accounts, runs, own
        self._gone = runs.replaced_loads()
        self._loads = [each.id for each in accounts.loads() if not each.withdrawn and each.id != without]

    def on(self, ground: Ground) -> Iterator[Iterator[Entry]]:
        """What counts for the records on a ground, load by load, in order."""
        again = SaidAgain(self._runs, chain.from_iterable(self._all()), ground)
        for entries in self._all():
            yield (again.counting(each) if isinstance(each, Saying) else each for each in entries)

    def beside(self) -> Iterator[Entry]:
        """What counts of published loads beside what they said of records."""
        entries = chain.from_iterable(self._of(load) for load in self._loads)
        return (each for each in entries if not isinstance(each, Saying))

    def _all(self) -> Iterator[Iterable[Entry]]:
        yield from map(self._of, self._loads)
        yield self._own

    def _of(self, load: str) -> Iterator[Entry]:
        entries = map(unpacked, self._accounts.of(load))
        return (each for each in entries if not (isinstance(each, Whole) and load in self._gone))


class RestatingWriter(RepeatingWriter):
    """A writer that can decide again what stands."""

    _restated: Restated | None = None

    def _decide_again(self, ground: Ground, counted: Counted) -> None:
        """Repeat on the ground the decisions of all that counts."""
        for rev, entries in enumerate(counted.on(ground), 1):
            shadow = Shadow(self, ground, rev)
            for entry in entries:
                shadow.again(entry)

    def _write_all(self, accounts: Accounts, ground: Ground, difference: Difference) -> None:
        """Write the difference, some records at a time."""
        for kept in (*difference.ended, *difference.reopened):
            self._about.add((ground.datasets[kept.did], kept.vis))
        self._count_closed([(kept.rid, kept.vis) for kept in difference.ended])
        self._count_opened([(kept.rid, kept.vis) for kept in difference.reopened])
        for standing, origin in difference.begun:
            self._changed[standing.vis] += 1
            self._about.add((ground.datasets[ground.kept[origin.record].did], standing.vis))
        for some in some_of([kept.rid for kept in difference.ended]):
            self._write(Changes(0, "", set(), closed=[*some]))
        for some in some_of([kept.rid for kept in difference.reopened]):
            self._write(Changes(0, "", set(), reopened=[*some]))
        if difference.marks:
            self._write(Changes(0, "", set(), marks=difference.marks))
            self._has_marked = True
        for changes, said in self._begun(accounts, ground, difference.begun):
            self._write(changes)
            begun = enumerate(said, self._account.next)
            difference.said |= {rid: date for rid, date in begun if date > changes.delivered}
            self._account.skip(len(said))

    def _begun(
        self, accounts: Accounts, ground: Ground, begun: Sequence[tuple[Standing, Origin]]
    ) -> Iterator[tuple[Changes, list[str]]]:
        """The records that stand again, grouped by the batch that brought them, with the newest delivery of each."""
        batches = defaultdict[tuple[int, str], list[tuple[Standing, Origin]]](list)
        for each in begun:
            batches[each[1].file, each[1].delivered].append(each)
        for (file, delivered), records in sorted(batches.items()):
            for some in some_of(records):
                said = accounts.contents([origin.record for _, origin in some])
                fresh = [self._row(ground, each, origin, *said[origin.record]) for each, origin in some]
                marks = [(each.vis, each.asked) for each, _ in some]
                changes = Changes(file, delivered, {row.source for row in fresh}, fresh=fresh, fresh_marks=marks)
                yield changes, [each.said for each, _ in some]

    def _row(self, ground: Ground, standing: Standing, origin: Origin, body: str, locator: str) -> Row:
        """The row of a record as a load brought it; its locator is not known if that load only repeated the record."""
        kept = ground.kept[origin.record]
        place = locator if self._same_file(kept.file, origin.file) else "place not kept"
        marking = self._marking_of(standing.vis)
        row = row_of(from_content(body, ground.datasets[kept.did], kept.source_id, marking, kept.part, place))
        if row.key != kept.key:
            raise StoreError(
                f"record {kept.key.hex()} is damaged: its content does not match its key; nothing was changed"
            )
        return row

    def _same_file(self, one: int, other: int) -> bool:
        """Whether two numbers are of readings of one file, in which places are the same."""
        return one == other


def some_of(them: Sequence[T]) -> Iterator[Sequence[T]]:
    """Pieces of a sequence, each small enough to ask a store about at once."""
    return (them[start : start + _AT_ONCE] for start in range(0, len(them), _AT_ONCE))


def ground_of(accounts: Accounts, entries: Iterable[Entry], parts: Iterable[tuple[int, str]] = ()) -> Ground:
    """All records that these entries touched, and all in these parts, before any decision is repeated."""
    sources = set[int]()
    for entry in entries:
        if isinstance(entry, Saying):
            sources |= accounts.sources_of(entry.records.tolist())
        elif isinstance(entry, Whole):
            sources |= accounts.sources_under(entry.did, entry.prefix)
    for did, prefix in parts:
        sources |= accounts.sources_under(did, prefix)
    known, kept = accounts.datasets(), dict[int, Kept]()
    for some in some_of(sorted(sources)):
        kept.update((entry.rid, entry) for entry in accounts.kept(some))
    datasets: dict[int, Dataset] = {did: known[did] for did in {entry.did for entry in kept.values()}}
    return Ground(kept, datasets, Complete(accounts.complete_without()))


def difference_of(ground: Ground, rev: int, every_mark: bool = False) -> Difference:
    """The difference between the ground and the store, of which revision `rev` is not published.

    `every_mark`: also the marks of records that are as they should be, since this load may be about to change them.
    """
    difference = Difference()
    wanted = {each.key: each for each in ground.standing()}
    marks = {each.key: (each.vis, each.asked) for same in ground.by_source.values() for each in same}
    ends = {each.key: each.said for same in ground.by_source.values() for each in same if each.rev_to == NEVER}
    for kept in ground.kept.values():
        if ground.is_gone(kept) and ends.get(kept.key, "") != kept.said:
            difference.gone[kept.rid] = ends.get(kept.key, "")
        mark = marks.get(kept.key, (kept.vis, kept.asked))
        if every_mark or mark != (kept.vis, kept.asked):
            difference.marks[kept.rid] = mark
        if kept.rev_to not in (LIVE, rev):
            continue
        stays = wanted.get(kept.key)
        origin = ground.origins[stays.rid] if stays else None
        if stays is None or origin is None or (origin.file, origin.delivered) != (kept.file, kept.delivered):
            difference.ended += [kept] if kept.rev_to == LIVE else []
            continue
        difference.reopened += [kept] if kept.rev_to == rev else []
        del wanted[kept.key]
        if stays.said != kept.said:
            difference.said[kept.rid] = stays.said
    difference.begun = [(each, ground.origins[each.rid]) for each in wanted.values()]
    return difference


def restated(parts: Collection[tuple[int, str]], counted: Iterable[Entry]) -> Restated:
    """What becomes of complete deliveries of these parts: the newest of each that counts."""
    newest: dict[tuple[int, str], str] = {}
    for each in counted if parts else ():
        if isinstance(each, Whole) and (each.did, each.prefix) in parts:
            newest[each.did, each.prefix] = max(newest.get((each.did, each.prefix), ""), each.delivered)
    complete = [(did, prefix, delivered) for (did, prefix), delivered in sorted(newest.items())]
    return Restated(parts=sorted(parts), complete=complete)
