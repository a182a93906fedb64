"""Types for what a store returns to a view, and stores of loads and people."""

import json
from collections.abc import Iterable, Mapping
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
    """A class of visibility: a marking of an agency's records, or a conjunction of classes.

    `epoch` changes whenever an existing record enters or leaves the class; it is 0 until then.
    """

    vis: ClassNumber
    agency: str
    marking: Marking | None
    members: tuple[ClassNumber, ...] = ()
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record came from: the file, the adapter, who loaded it and when. `file` is a random id.

    The file's hash is not shown: anybody who sees one of its rows could confirm guesses about the others.
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
    """A person's verdict that two entities are the same, different, or that it is unsure.

    `evidence` has keys of records. `overrides` has ids of judgements `different` that this `same`
    overrides: they count again if it is withdrawn or not visible. A view lists those that it sees.
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


def overridden(judgements: Iterable[Judgement]) -> frozenset[str]:
    """Ids of the judgements `different` that these override: they keep nobody apart."""
    return frozenset(each for judgement in judgements for each in judgement.overrides)


@dataclass(frozen=True, slots=True)
class CommonEntry:
    """A value that an agency listed as common: it joins nobody and carries no tie or path."""

    kind: str
    value: str
    agency: str
    marking: str
    why: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the units of one file (or zip member); `sha256` is "" if the report covers only some units."""

    path: str
    sha256: str
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    late: int = 0  # overtaken by a newer delivery: kept as history, and never shown
    quarantined: int = 0
    refused: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    left: int = 0  # skipped, as the manifest says
    records: Mapping[str, int] = field(default_factory=dict)  # number of units for each record of the manifest


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When a load was withdrawn, by whom and why."""

    at: str
    by: str
    why: str


def withdrawal_of(kept: str) -> Withdrawal | None:
    """Parse the withdrawal in an entry of the log, as JSON; None if the load was not withdrawn."""
    return Withdrawal(**json.loads(kept)) if kept else None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What the withdrawal of a load changed: how many records ended, stand again, and were re-marked.

    `revision` is the token. `units` is the number of units that the load had taken out of quarantine; they stay out.
    """

    load: str
    revision: str | None
    ended: int
    restored: int
    remarked: int
    units: int


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """An entry of the log of loads, for viewers of its agency who see all of its evidence (see `Writer.publish`)."""

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
    """A unit in quarantine, with its raw bytes and everything needed to read it again."""

    id: str
    agency: str
    dataset: str
    adapter: str
    path: str
    locator: str
    reason: str
    message: str
    raw: bytes
    context: Mapping[str, Any]  # settings of its load, the unit's marking, and the file's header

    @property
    def marking(self) -> Marking:
        """Its marking, or the strictest that it could have; SECRET for the agency alone if none is stored."""
        return marking_of_unit(self.agency, self.context)


def marking_of_unit(agency: str, context: Mapping[str, Any]) -> Marking:
    """The marking of a unit in an agency's quarantine; see `Quarantined.marking`."""
    return parse_marking(context.get("marking", "SECRET"), agency)


@dataclass(frozen=True, slots=True)
class Document:
    """A versioned, marked document in the store: a chart, a saved finding."""

    kind: str
    name: str
    version: int
    by: str
    at: str
    body: Mapping[str, Any]


class Moment(NamedTuple):
    """The epoch of access to a store's records, and the token of a revision; "" if the store has no such revision.

    If a store is restored to an older state, numbers of revisions and classes are used again; moments never are.
    """

    epoch: int
    token: str


def new_epoch() -> int:
    """A random epoch, different from all earlier ones."""
    return randbits(62)


def now() -> str:
    """The time now, in UTC, as ISO text to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def tie_pairs(source: str, target: str, about: str | None, roles: tuple[Role, ...]) -> list[tuple[Role, Role]]:
    """The ties of a record: pairs of its roles, without duplicates.

    A record about an entity (`about` is its source id) ties that entity, with the role "",
    to each entity it refers to. A relationship ties every two of its roles, with the source first
    and the target last. An entity that is mentioned but tied to nothing gives a pair of equal ends.
    """
    if about is not None:
        return [(Role("", about), role) for role in sorted(set(roles)) if role.ref != about]
    if len(roles) == 2:  # a faster way for most relationships
        x, y = roles
        if x.name != y.name and x.ref != y.ref:
            return [(y, x) if _place(y, source, target) < _place(x, source, target) else (x, y)]
    ends = sorted(set(roles), key=lambda role: _place(role, source, target))
    pairs = [(x, y) for i, x in enumerate(ends) for y in ends[i + 1 :] if x.name != y.name and x.ref != y.ref]
    tied = {role.ref for pair in pairs for role in pair}
    return pairs + [(role, role) for role in ends if role.ref not in tied]


def _place(role: Role, source: str, target: str) -> tuple[bool, bool, Role]:
    """The sort key of a role in a relationship: the source first, the target last."""
    return role.name == target, role.name != source, role
