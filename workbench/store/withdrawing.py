"""Withdraw one load: decide again what would stand without it, and publish the difference.

If the load had replaced earlier readings of its files, these count again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from workbench.errors import NotFound, UsageError
from workbench.store.accounts import (
    Accounts,
    Brought,
    Delivered,
    Entry,
    Judged,
    Logged,
    Released,
    Unit,
    Whole,
    unpacked,
)
from workbench.store.evidence import Evidence
from workbench.store.readings import Runs, all_readings, sayings_of, wholes_of
from workbench.store.replacing import ReplacingWriter
from workbench.store.restating import Counted, Restated, difference_of, ground_of, restated
from workbench.store.types import FileReport, Withdrawn, marking_of_unit

# The adapter in the log's entry for a withdrawal.
WITHDRAWAL = "withdrawal"


@dataclass(slots=True)
class TakenBack:
    """What a store changes in its accounts when it publishes a withdrawal.

    - `deliveries`: the deliveries that no other load brought.
    - `units`: units that stay in quarantine as an earlier load brought them, with their original bytes.
    """

    load: str
    why: str
    deliveries: list[tuple[int, str, str]] = field(default_factory=list)
    units: list[tuple[Unit, bytes]] = field(default_factory=list)


class WithdrawingWriter(ReplacingWriter):
    """A writer that can withdraw a load."""

    _taken_back: TakenBack | None = None

    def withdraw_load(self, load: str, why: str) -> Withdrawn:
        """Withdraw a load and publish that; see `Writer`."""
        accounts = self._accounts()
        entry = _entry(accounts, load)
        said = [unpacked(each) for each in accounts.of(load)]
        if not said:
            raise UsageError(_no_account(entry), "load")
        if _only_took_out(said):
            raise UsageError(
                f"load {load} only took units out of quarantine, and a discard can't be undone: load the file again",
                "load",
            )
        counted, more = _without(accounts, load)
        ground = ground_of(accounts, [*said, *more])
        if accounts.files_without(sorted({each.file for each in ground.kept.values()})):
            raise UsageError(_no_account(entry), "load")
        self._decide_again(ground, counted)
        difference = difference_of(ground, self._rev)
        self._restated = _restated(counted, [*said, *more])
        self._taken_back = TakenBack(load, why, _deliveries(counted, said))
        self._write_all(accounts, ground, difference)
        self._restated.said, self._restated.gone = difference.said, difference.gone
        self._taken_back.units = _units_again(accounts, load)
        for unit, _ in self._taken_back.units:
            self._note_unit(entry.agency, marking_of_unit(entry.agency, json.loads(unit.context)))
        self._about |= {(ground.datasets.get(did) or accounts.datasets().get(did), vis) for did, vis in entry.about}
        self._unsaid = {each for entry in said if isinstance(entry, Judged) for each in entry.judgements}
        self._noted, self._kind = True, WITHDRAWAL
        files = [FileReport(f"load {load}", "", reasons={f"withdrawn: {why}": 1})]
        token = self.publish(dataset=entry.dataset, adapter=WITHDRAWAL, files=files)
        lost = sum(each.units for each in said if isinstance(each, Released))
        ended, begun = {each.key for each in difference.ended}, {each.key for each, _ in difference.begun}
        return Withdrawn(load, token, len(ended - begun), len(begun - ended), len(difference.marks), lost)

    def _evidence(self, files: Sequence[FileReport]) -> Evidence:
        """The evidence of the log's entry; a withdrawal has no units of its own."""
        return super()._evidence(() if self._taken_back else files)


def _entry(accounts: Accounts, load: str) -> Logged:
    """The log's entry of a load that may be withdrawn; UsageError or NotFound otherwise."""
    for entry in accounts.loads():
        if entry.id == load:
            if entry.withdrawn:
                raise UsageError(f"load {load} has already been withdrawn: see the log of loads", "load")
            if entry.adapter == WITHDRAWAL:
                raise UsageError(f"{load} is a withdrawal: load the files again instead", "load")
            return entry
    raise NotFound("load", load, "load")


def _no_account(entry: Logged) -> str:
    return (
        f"load {entry.id} can't be withdrawn: it, or another load of the same records, is from a version of the"
        " workbench that kept no accounts of loads; nothing was changed. Load a newer delivery"
    )


def _only_took_out(said: Sequence[Entry]) -> bool:
    """Whether a load only took units out of quarantine."""
    return all(isinstance(each, Released) for each in said) and any(
        isinstance(each, Released) and each.units for each in said
    )


def _without(accounts: Accounts, load: str) -> tuple[Counted, list[Entry]]:
    """What counts without a load, and entries of others some of which count, or do not, only because of it."""
    readings = all_readings(accounts, accounts.loads())
    now, then = Runs(readings.values()), Runs(of for each, of in readings.items() if each != load)
    read = {each.of for each in readings[load].readings}
    files, loads = now.numbers(read) | then.numbers(read), now.replaced_loads() ^ then.replaced_loads()
    more: list[Entry] = [*sayings_of(accounts, files, readings), *wholes_of(accounts, loads - {load})]
    return Counted(accounts, then, without=load), more


def _restated(counted: Counted, said: Sequence[Entry]) -> Restated:
    """The newest other complete delivery of each part that these entries declare complete."""
    return restated({(each.did, each.prefix) for each in said if isinstance(each, Whole)}, counted.beside())


def _deliveries(counted: Counted, said: Sequence[Entry]) -> list[tuple[int, str, str]]:
    """Deliveries that only this load brought."""
    deliveries = {each for each in said if isinstance(each, Delivered)}
    others = (each for each in counted.beside() if isinstance(each, Delivered)) if deliveries else ()
    return sorted(deliveries.difference(others))


def _units_again(accounts: Accounts, load: str) -> list[tuple[Unit, bytes]]:
    """Units in quarantine that this load was the last to bring, as the newest other load brought them."""
    order = {waiting.id: n for n, waiting in enumerate(accounts.loads())}
    said = dict[str, dict[str, Unit]]()
    units: list[tuple[Unit, bytes]] = []
    for waiting in accounts.waiting(load):
        *_, before, last = sorted(waiting.loads, key=lambda of: order.get(of, -1))
        if last != load:
            continue
        if before not in said:
            said[before] = _brought(accounts, before)
        unit = said[before].get(waiting.id)
        if unit is None or unit.came != sha256(waiting.came).hexdigest():
            raise UsageError(
                f"load {load} can't be withdrawn: the store did not keep unit {waiting.id} in quarantine as another"
                " load brought it; nothing was changed. Replay or discard that unit first",
                "load",
            )
        units.append((waiting.read_alike(unit), waiting.came))
    return units


def _brought(accounts: Accounts, load: str) -> dict[str, Unit]:
    """The units that a load left in quarantine, by id."""
    entries = [each for each in map(unpacked, accounts.of(load)) if isinstance(each, Brought)]
    return {unit.id: unit for entry in entries for unit in (Unit(*said) for said in entry.units)}
