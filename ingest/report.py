"""Reports of loads: counts for each file, which add up, and messages for people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.account import Account, Unforeseen
from workbench.store.types import FileReport

if TYPE_CHECKING:  # large, and only loads that score need it
    from workbench.resolve.scoring import Scoring

# The reason counted for a unit of which only the marking is new.
REMARKED = "re-marked"
# The reason counted for an accepted unit that is overtaken in part by a newer delivery.
PARTLY_LATE = "late in part"
# The reason counted for a record that keeps a person's marking, which differs from its file's.
OTHERWISE = "marked otherwise by a person"
# The reason counted for a unit by which its source withdrew what it had said.
GONE = "withdrawn by its source"
# The reason counted for a record that an earlier load made of the same file under another manifest.
REPLACED = "withdrawn, read otherwise before"

# The reason counted for a file that says how many units there are, and has another number of them.
DIFFERS = "another number of units than it says"

# Reasons name columns and schemata, so a hostile file can have a different one for each unit.
_MOST_REASONS = 100
OTHERS = "other reasons"
_MOST_MESSAGES = 20
_MOST_VALUES = 20


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The report of a load. `revision` is its token, None if nothing changed or it was a dry run.

    `scored`: what was scored with it, if that was asked for; scores may change where no record did.
    Late units do not make a load unclean: older deliveries are loaded for their history.
    """

    files: tuple[FileReport, ...]
    revision: str | None
    seconds: float
    messages: tuple[str, ...] = ()
    unforeseen: tuple[tuple[str, Unforeseen], ...] = ()  # (path of the file, value): the most frequent of each file
    scored: "Scoring | None" = None

    @property
    def clean(self) -> bool:
        """Whether nothing was quarantined or refused, and the manifest mentions all values."""
        return not (self.unforeseen or any(each.quarantined or each.refused for each in self.files))

    def to_dict(self) -> dict[str, Any]:
        """The report as the command line prints it."""
        files = [
            {
                "path": each.path,
                "sha256": each.sha256,
                "read": each.read,
                "accepted": each.accepted,
                "unchanged": each.unchanged,
                "late": each.late,
                "quarantined": each.quarantined,
                "refused": each.refused,
                "left": each.left,
                "reasons": dict(each.reasons),
                "records": dict(each.records),
            }
            for each in self.files
        ]
        unforeseen = [{"path": path, **value._asdict()} for path, value in self.unforeseen]
        scored = {"scored": asdict(self.scored)} if self.scored else {}
        told = {"files": files, "unforeseen": unforeseen, "revision": self.revision, "seconds": self.seconds}
        return {**told, **scored}


@dataclass(slots=True)
class Tally:
    """Counts the units of one file."""

    path: str
    sha256: str = ""
    number: int = 0  # the store's number of the file
    pattern: str = ""  # the pattern of the manifest's [[files]] entry for it
    dataset: str = ""
    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    unsaid: int = 0  # number of messages that were only counted
    account: Account = field(default_factory=Account)
    overtaken_by: str = ""  # the newest delivery that overtook part of it

    def because(self, reason: str, n: int = 1) -> None:
        """Count a reason."""
        known = reason in self.reasons or len(self.reasons) < _MOST_REASONS
        self.reasons[reason if known else OTHERS] += n

    def say(self, message: str) -> None:
        """Keep a message; only count it if there are many already."""
        if len(self.messages) < _MOST_MESSAGES:
            self.messages.append(message)
        else:
            self.unsaid += 1

    def settle(self) -> None:
        """Count what the adapter reported beside units, after all are read."""
        for column, n in sorted(self.account.breaks.items()):
            self.because(f"line breaks in cells: {column}", n)
        for what, n in sorted(self.account.skipped.items()):
            self.because(f"not read: {what or 'more of other kinds'}", n)
        if self.differs:
            self.because(DIFFERS)

    def refuse(self, reason: str, message: str) -> None:
        """Refuse the whole file: it counts as one unit, whatever is in it."""
        self.read, self.outcomes = 1, Counter(refused=1)
        self.reasons = Counter({reason: 1})
        self.messages, self.unsaid = [message], 0
        self.account = Account()

    def told(self) -> list[str]:
        """The messages, the number of those left out, and how much of the file is late."""
        told = [*self.messages, *self._unforeseen()]
        if self.unsaid:
            told.append(f"{self.path}: {self.unsaid} more messages like these")
        return [*told, *self._announced(), *self._late()]

    @property
    def differs(self) -> bool:
        """Whether the file says how many units there are, and has another number of them."""
        return self.account.announced not in (None, self.read)

    def _announced(self) -> Iterator[str]:
        """A message if the file has another number of units than it says."""
        if self.differs:
            says = f"it says there are {self.account.announced} units, and it has {self.read}"
            yield f"{self.path}: {says}: is it a part? Fetch the others too"

    def _late(self) -> Iterator[str]:
        """Messages on how much of the file is late: whole units, and parts of units."""
        whole, partly = self.outcomes["late"], self.reasons[PARTLY_LATE]
        newer = f"a newer delivery ({self.overtaken_by}) has spoken of"
        if whole:
            yield f"{self.path}: {whole} late: {newer} them; they are kept as history and not shown"
        if partly:
            yield f"{self.path}: {partly} late in part: {newer} some of their records, which are kept and not shown"

    def unforeseen(self) -> list[Unforeseen]:
        """The most frequent values that the manifest does not mention."""
        return self.account.unforeseen()[:_MOST_VALUES]

    def _unforeseen(self) -> Iterator[str]:
        """Messages about values that the manifest does not mention."""
        for column, value, n, like in self.unforeseen():
            more = f"; it differs from {like!r} by case or space only" if like else ""
            said = repr(value) if value else "empty"
            yield f"{self.path}: {column} is {said} in {n} units, which nothing foresaw{more}"
        others = len(self.account.left) - len(self.unforeseen())
        if others > 0:
            at_least = "at least " if self.account.more_left else ""
            yield f"{self.path}: {at_least}{others} more values that nothing foresaw"

    @property
    def whole(self) -> bool:
        """Whether everything in the file was read."""
        return not (self.outcomes["quarantined"] or self.outcomes["refused"])

    def report(self) -> FileReport:
        """The counts so far."""
        outcomes = self.outcomes
        return FileReport(
            path=self.path,
            sha256=self.sha256,
            read=self.read,
            accepted=outcomes["accepted"],
            unchanged=outcomes["unchanged"],
            late=outcomes["late"],
            quarantined=outcomes["quarantined"],
            refused=outcomes["refused"],
            reasons=dict(sorted(self.reasons.items())),
            left=outcomes["left"],
            records=self.account.records(),
        )


def report_of(tallies: Sequence[Tally], revision: str | None, seconds: float) -> LoadReport:
    """Make the report of a load of these files."""
    messages = tuple(message for tally in tallies for message in tally.told())
    unforeseen = tuple((tally.path, each) for tally in tallies for each in tally.unforeseen())
    files = tuple(tally.report() for tally in tallies)
    return LoadReport(files, revision, round(seconds, 3), messages, unforeseen)
