"""What a store tells a view, and keeps of loads and people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import randbits
from typing import Any, NamedTuple

from workbench.model.marking import Marking, parse_marking
from workbench.model.numbers import ClassNumber, RevisionNumber
from workbench.model.record import Record, Role


@dataclass(frozen=True, slots=True)
class Scope:
    """What a store filters by: visibility classes, and the revision of the content."""

    allowed: tuple[ClassNumber, ...]
    revision: RevisionNumber


@dataclass(frozen=True, slots=True)
class VisibilityClass:
    """One class of visibility: a marking of an agency's records, or a conjunction of classes.

    `epoch` is another one whenever something that was there before enters or leaves the class; 0 until then.
    """

    vis: ClassNumber
    agency: str
    marking: Marking | None
    members: tuple[ClassNumber, ...] = ()
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record came from: the file, by a random id of that load, the adapter, who loaded it and when.

    The file's hash is not told: who sees one of its rows could confirm guesses about the others.
    """

    path: str
    file: str
    adapter: str
    loaded_by: str
    loaded_at: str
    delivered: str


@dataclass(frozen=True, slots=True)
class SourcedRecord:
    """A record with its key and provenance."""

    key: str
    record: Record
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Judgement:
    """Same, different or unsure: about whom, by whom, when, why, on which records.

    `overrides` are judgements `different` that this `same` outweighs: they stand, and count again
    where it is taken back or not seen. A view names those of them that it sees.
    """

    id: str
    a: str
    b: str
    verdict: str
    by: str
    why: str
    at: str
    evidence: tuple[str, ...]
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommonEntry:
    """A value that an agency listed as common: it joins nobody and carries nothing."""

    kind: str
    value: str
    agency: str
    marking: str
    why: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the units of one file (or member of a zip); no hash of it where it speaks of some of them only."""

    path: str
    sha256: str
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    late: int = 0  # overtaken by a newer delivery: kept as history, and not shown
    quarantined: int = 0
    refused: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    left: int = 0  # the manifest says that nothing is to be made of them
    records: Mapping[str, int] = field(default_factory=dict)  # units by the records of the manifest that they have


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When a load was taken back, by whom and why."""

    at: str
    by: str
    why: str


def withdrawal_of(kept: str) -> Withdrawal | None:
    """What an entry of the log keeps of its withdrawal, as JSON; None where it was not withdrawn."""
    return Withdrawal(**json.loads(kept)) if kept else None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What taking back a load did: how many records ended, stand again, were re-marked; the revision's token.

    `units` it had taken out of quarantine: they can't come back.
    """

    load: str
    revision: str | None
    ended: int
    restored: int
    remarked: int
    units: int


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """One load as its agency sees it: those who may see all that it was about (see `Writer.publish`)."""

    id: str
    agency: str
    dataset: str
    adapter: str
    by: str
    at: str
    delivered: str
    revision: str | None
    files: tuple[FileReport, ...]
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A unit that could not be read, with its raw bytes and what is needed to read it again."""

    id: str
    agency: str
    dataset: str
    adapter: str
    path: str
    locator: str
    reason: str
    message: str
    raw: bytes
    context: Mapping[str, Any]  # settings of its load, its own marking, and the file's header

    @property
    def marking(self) -> Marking:
        """Its own marking, or the strictest that it could have; SECRET, the agency only, where none is kept."""
        return marking_of_unit(self.agency, self.context)


def marking_of_unit(agency: str, context: Mapping[str, Any]) -> Marking:
    """The marking of a unit that an agency has in quarantine; see `Quarantined.marking`."""
    return parse_marking(context.get("marking", "SECRET"), agency)


@dataclass(frozen=True, slots=True)
class Document:
    """A versioned, marked document kept in the store: a chart, a saved finding."""

    kind: str
    name: str
    version: int
    by: str
    at: str
    body: Mapping[str, Any]


class Moment(NamedTuple):
    """The epoch of access to a store's records, and the token of a revision there; "" if it has none of that number.

    Numbers of revisions and classes come again where a store is put back to an older state; no moment does.
    """

    epoch: int
    token: str


def new_epoch() -> int:
    """An epoch that never was."""
    return randbits(62)


def now() -> str:
    """The time, aware and in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def tie_pairs(source: str, target: str, about: str | None, roles: tuple[Role, ...]) -> list[tuple[Role, Role]]:
    """The ties of a record: pairs of what fills two different roles, each pair once.

    A record about an entity (`about` is its source id) ties that entity, with the role "",
    to each that it refers to. A relationship ties each two of its roles, the source's first
    and the target's last; what it mentions without tying it gives a pair of equal ends.
    """
    if about is not None:
        return [(Role("", about), role) for role in sorted(set(roles)) if role.ref != about]
    if len(roles) == 2:  # most relationships: the same, sooner
        x, y = roles
        if x.name != y.name and x.ref != y.ref:
            return [(y, x) if _place(y, source, target) < _place(x, source, target) else (x, y)]
    ends = sorted(set(roles), key=lambda role: _place(role, source, target))
    pairs = [(x, y) for i, x in enumerate(ends) for y in ends[i + 1 :] if x.name != y.name and x.ref != y.ref]
    tied = {role.ref for pair in pairs for role in pair}
    return pairs + [(role, role) for role in ends if role.ref not in tied]


def _place(role: Role, source: str, target: str) -> tuple[bool, bool, Role]:
    """Where a role stands among the ends of a relationship."""
    return role.name == target, role.name != source, role
