"""Taking one load back: what would stand without it is decided again, and the difference is published.

Decided again is what the load was about, from the accounts of all loads but this one and those that were withdrawn
before, in their order. What persons decided about markings is no part of a load and stays.
"""

import json
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from workbench.errors import NotFound, StoreError, UsageError
from workbench.model.record import Dataset, from_content
from workbench.store.accounts import (
    Accounts,
    Brought,
    Delivered,
    Entry,
    Kept,
    Logged,
    Released,
    Saying,
    Unit,
    Whole,
    unpacked,
)
from workbench.store.evidence import Evidence
from workbench.store.load_writer import LoadWriter
from workbench.store.loading import Changes, Mark
from workbench.store.records_known import LIVE, Complete, Standing
from workbench.store.rows import Row, row_of
from workbench.store.shadow import Ground, Origin, Shadow
from workbench.store.types import FileReport, Withdrawn, marking_of_unit

# What stands in the log of loads as the adapter of an entry that takes back another.
WITHDRAWAL = "withdrawal"

_AT_ONCE = 5_000


@dataclass(slots=True)
class TakenBack:
    """What a store changes about loads when it publishes that one is taken back.

    `said` are the newest deliveries of records that go on standing or begin again; `complete` the deliveries that are
    complete without it, of the datasets and `parts` that it declared so itself; `deliveries` are those that no other
    load brought. `units` stay in quarantine as an earlier load had brought them, with their bytes as they came.
    """

    load: str
    why: str
    said: dict[int, str] = field(default_factory=dict)
    parts: list[tuple[int, str]] = field(default_factory=list)
    complete: list[tuple[int, str, str]] = field(default_factory=list)
    deliveries: list[tuple[int, str, str]] = field(default_factory=list)
    units: list[tuple[Unit, bytes]] = field(default_factory=list)


@dataclass(slots=True)
class _Difference:
    """What stands and would not without the load, and what does not and would."""

    ended: list[Kept] = field(default_factory=list)
    begun: list[tuple[Standing, Origin]] = field(default_factory=list)
    marks: dict[int, Mark] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)


class WithdrawingWriter(LoadWriter):
    """A writer that can take back a load."""

    _taken_back: TakenBack | None = None

    @abstractmethod
    def _accounts(self) -> Accounts:
        """What the store keeps of its loads."""

    @abstractmethod
    def _write(self, changes: Changes) -> None:
        """Write what was decided, in a transaction."""

    def withdraw_load(self, load: str, why: str) -> Withdrawn:
        """Take back a load and publish that; see `Writer`."""
        accounts = self._accounts()
        entry = _entry(accounts, load)
        said = [unpacked(each) for each in accounts.of(load)]
        if not said:
            raise UsageError(_no_account(entry))
        if _only_took_out(said):
            raise UsageError(
                f"load {load} only took units out of quarantine, and a discard can't be taken back: load the file again"
            )
        ground = _ground(accounts, said)
        if accounts.files_without(sorted({each.file for each in ground.kept.values()})):
            raise UsageError(_no_account(entry))
        self._decide_again(accounts, load, ground)
        found = _difference(ground)
        self._taken_back = _taken_back(accounts, load, why, said)
        self._write_all(accounts, ground, found)
        self._taken_back.said = found.said
        self._taken_back.units = _units_again(accounts, load)
        for unit, _ in self._taken_back.units:
            self._note_unit(entry.agency, marking_of_unit(entry.agency, json.loads(unit.context)))
        self._about |= {(ground.datasets.get(did) or accounts.datasets().get(did), vis) for did, vis in entry.about}
        self._noted = True
        files = [FileReport(f"load {load}", "", reasons={f"withdrawn: {why}": 1})]
        token = self.publish(dataset=entry.dataset, adapter=WITHDRAWAL, files=files)
        lost = sum(each.units for each in said if isinstance(each, Released))
        ended, begun = {each.key for each in found.ended}, {each.key for each, _ in found.begun}
        return Withdrawn(load, token, len(ended - begun), len(begun - ended), len(found.marks), lost)

    def _decide_again(self, accounts: Accounts, load: str, ground: Ground) -> None:
        """Let the ground be as all loads but this one would have left it."""
        for rev, each in enumerate(accounts.loads(), 1):
            if each.id != load and not each.withdrawn:
                shadow = Shadow(self, ground, rev)
                for entry in accounts.of(each.id):
                    shadow.again(unpacked(entry))

    def _write_all(self, accounts: Accounts, ground: Ground, found: _Difference) -> None:
        """Write the difference, some records at a time."""
        ended = [each.rid for each in found.ended]
        for each in found.ended:
            self._changed[each.vis] += 1
            self._about.add((ground.datasets[each.did], each.vis))
        for standing, origin in found.begun:
            self._changed[standing.vis] += 1
            self._about.add((ground.datasets[ground.kept[origin.record].did], standing.vis))
        for start in range(0, len(ended), _AT_ONCE):
            self._write(Changes(0, "", set(), closed=ended[start : start + _AT_ONCE]))
        if found.marks:
            self._write(Changes(0, "", set(), marks=found.marks))
        first = self._first
        for changes, said in self._begun(accounts, ground, found.begun):
            self._write(changes)
            found.said |= {rid: date for rid, date in enumerate(said, first) if date > changes.delivered}
            first += len(said)

    def _begun(
        self, accounts: Accounts, ground: Ground, begun: Sequence[tuple[Standing, Origin]]
    ) -> Iterator[tuple[Changes, list[str]]]:
        """The records that stand again, by the batches that brought them, and the newest deliveries that said each."""
        batches = defaultdict[tuple[int, str], list[tuple[Standing, Origin]]](list)
        for each in begun:
            batches[each[1].file, each[1].delivered].append(each)
        for (file, delivered), found in sorted(batches.items()):
            for start in range(0, len(found), _AT_ONCE):
                some = found[start : start + _AT_ONCE]
                said = accounts.contents([origin.record for _, origin in some])
                fresh = [self._row(ground, each, origin, *said[origin.record]) for each, origin in some]
                marks = [(each.vis, each.asked) for each, _ in some]
                changes = Changes(file, delivered, {row.source for row in fresh}, fresh=fresh, fresh_marks=marks)
                yield changes, [each.said for each, _ in some]

    def _evidence(self, files: Sequence[FileReport]) -> Evidence:
        """What an entry of the log rests on; that of a withdrawal tells of no units of its own."""
        return super()._evidence(() if self._taken_back else files)

    def _row(self, ground: Ground, standing: Standing, origin: Origin, body: str, locator: str) -> Row:
        """A record as the load that says it brought it. Where that load met it, its place in the file is not kept."""
        kept = ground.kept[origin.record]
        place = locator if kept.file == origin.file else "place not kept"
        marking = self._marking_of(standing.vis)
        row = row_of(from_content(body, ground.datasets[kept.did], kept.source_id, marking, kept.part, place))
        if row.key != kept.key:
            raise StoreError(
                f"record {kept.key.hex()} is damaged: its content does not give its key; nothing was changed"
            )
        return row


def _entry(accounts: Accounts, load: str) -> Logged:
    """A load that may be taken back."""
    for each in accounts.loads():
        if each.id == load:
            if each.withdrawn:
                raise UsageError(f"load {load} was withdrawn already: see the log of loads")
            if each.adapter == WITHDRAWAL:
                raise UsageError(f"{load} is a withdrawal: load the files again instead")
            return each
    raise NotFound("load", load)


def _no_account(entry: Logged) -> str:
    return (
        f"load {entry.id} can't be taken back: this store keeps accounts of its loads only since a later version of the"
        " workbench, and it, or another load of the same records, is older; nothing was changed. Load a newer delivery"
    )


def _only_took_out(said: Sequence[Entry]) -> bool:
    """Whether a load did nothing but take units out of quarantine."""
    return all(isinstance(each, Released) for each in said) and any(
        isinstance(each, Released) and each.units for each in said
    )


def _ground(accounts: Accounts, said: Sequence[Entry]) -> Ground:
    """All records of what a load was about, and nothing of how they stand."""
    sources = set[int]()
    for each in said:
        if isinstance(each, Saying):
            sources |= accounts.sources_of(each.records.tolist())
        elif isinstance(each, Whole):
            sources |= accounts.sources_under(each.did, each.prefix)
    known, kept, ordered = accounts.datasets(), dict[int, Kept](), sorted(sources)
    for start in range(0, len(ordered), _AT_ONCE):
        kept.update((each.rid, each) for each in accounts.kept(ordered[start : start + _AT_ONCE]))
    datasets: dict[int, Dataset] = {did: known[did] for did in {each.did for each in kept.values()}}
    return Ground(kept, datasets, Complete(accounts.complete_without()))


def _difference(ground: Ground) -> _Difference:
    """How the ground differs from what the store has."""
    found = _Difference()
    wanted = {each.key: each for each in ground.standing()}
    marks = {each.key: (each.vis, each.asked) for same in ground.by_source.values() for each in same}
    for kept in ground.kept.values():
        mark = marks.get(kept.key, (kept.vis, kept.asked))
        if mark != (kept.vis, kept.asked):
            found.marks[kept.rid] = mark
        if kept.rev_to != LIVE:
            continue
        stays = wanted.get(kept.key)
        origin = ground.origins[stays.rid] if stays else None
        if stays is None or origin is None or (origin.file, origin.delivered) != (kept.file, kept.delivered):
            found.ended.append(kept)
            continue
        del wanted[kept.key]
        if stays.said != kept.said:
            found.said[kept.rid] = stays.said
    found.begun = [(each, ground.origins[each.rid]) for each in wanted.values()]
    return found


def _taken_back(accounts: Accounts, load: str, why: str, said: Sequence[Entry]) -> TakenBack:
    """What only this load told of deliveries, and what others told of those that it declared complete."""
    found = TakenBack(load, why)
    parts = {(each.did, each.prefix) for each in said if isinstance(each, Whole)}
    deliveries = {each for each in said if isinstance(each, Delivered)}
    newest: dict[tuple[int, str], str] = {}
    for entry in _of_others(accounts, load) if parts or deliveries else ():
        if isinstance(entry, Whole) and (entry.did, entry.prefix) in parts:
            newest[entry.did, entry.prefix] = max(newest.get((entry.did, entry.prefix), ""), entry.delivered)
        elif isinstance(entry, Delivered):
            deliveries.discard(entry)
    found.parts, found.deliveries = sorted(parts), sorted(deliveries)
    found.complete = [(did, prefix, delivered) for (did, prefix), delivered in sorted(newest.items())]
    return found


def _units_again(accounts: Accounts, load: str) -> list[tuple[Unit, bytes]]:
    """The units in quarantine that a load brought last, as the newest of the others brought them."""
    order = {each.id: n for n, each in enumerate(accounts.loads())}
    said = dict[str, dict[str, Unit]]()
    found: list[tuple[Unit, bytes]] = []
    for each in accounts.waiting(load):
        *_, before, last = sorted(each.loads, key=lambda of: order.get(of, -1))
        if last != load:
            continue
        if before not in said:
            said[before] = _brought(accounts, before)
        unit = said[before].get(each.id)
        if unit is None or unit.came != sha256(each.came).hexdigest():
            raise UsageError(
                f"load {load} can't be taken back: how another load brought unit {each.id} in quarantine is not kept;"
                " nothing was changed. Replay or discard that unit before"
            )
        found.append((each.read_alike(unit), each.came))
    return found


def _brought(accounts: Accounts, load: str) -> dict[str, Unit]:
    """The units that a load left in quarantine, by their ids."""
    entries = [each for each in map(unpacked, accounts.of(load)) if isinstance(each, Brought)]
    return {unit.id: unit for entry in entries for unit in (Unit(*said) for said in entry.units)}


def _of_others(accounts: Accounts, load: str) -> Iterator[Entry]:
    """The entries of the accounts of all loads that stay."""
    for other in accounts.loads():
        if other.id != load and not other.withdrawn:
            yield from map(unpacked, accounts.of(other.id))
