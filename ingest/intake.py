"""Take in the units of one file, in batches, counting each once."""

import gc
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import NotRequired, TypedDict

from ingest.again import last_part, mark, retell, told, whose
from ingest.formats import ADAPTERS, Adapter
from ingest.keeping import reading
from ingest.manifest import Manifest
from ingest.ordinals import Ordinals
from ingest.report import GONE, OTHERWISE, PARTLY_LATE, REMARKED, Tally
from ingest.shapes import Left, Reject
from ingest.units import remarks
from workbench.model.ids import quarantine_id
from workbench.model.marking import Marking
from workbench.model.record import Record
from workbench.store.types import Quarantined
from workbench.store.writing import Outcome, Twin, Whose, Writer

_BATCH = 10_000
_MOST_RUNS = 1_000  # the most runs of units of one size that are noted for a later load
_YOUNG = 1  # the generation of objects up to which a batch's garbage is

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """A load as ordered: how to read, who loads, and where to report progress.

    `undated` if no date of delivery was given.
    """

    adapter: str
    manifest: Manifest
    delivered: str
    by: str
    progress: Progress | None = None
    allow_empty: bool = False
    undated: bool = False

    @property
    def reader(self) -> Adapter:
        """The adapter of this order."""
        return ADAPTERS[self.adapter]

    @property
    def adapter_version(self) -> str:
        """The name and version of the adapter."""
        return f"{self.adapter} {self.reader.version}"

    def is_known(self, writer: Writer, sha256: str, name: str) -> bool:
        """Whether an earlier load read a file with this name and hash; `Intake.say_again` may repeat it."""
        known = mark(self.adapter_version, self.manifest, sha256, name)
        return writer.knows(writer.sealed(known), self.manifest.source)

    def reading(self, name: str) -> str:
        """How files with this name are read; see `ingest.keeping`."""
        return reading(self.adapter, self.reader.version, self.manifest.written(name))


def _of_twin(path: str, twin: Twin) -> str:
    return (
        f"{path}: the same content as {twin.path}, which was read otherwise before: both readings stand, as a file of"
        " another name is another. If it is the same file, take that load back"
    )


def marking_of(reject: Reject, adapter: Adapter, manifest: Manifest, name: str) -> Marking:
    """The marking of a unit of a file of this name: its own, or the strictest that it could have."""
    if reject.marking is not None:
        return reject.marking
    texts, columns = reject.texts, manifest.marking_columns(name)
    if texts is None and columns and adapter.texts_of is not None:
        texts = adapter.texts_of(reject, manifest.written(name), columns)
    return manifest.strictest(name, texts)


class UnitContext(TypedDict):
    """What is stored with a unit in quarantine so that it can be read again, and its marking and its load's."""

    name: str
    file: str  # the file's id
    of: str  # the file's id among all its readings; see `Whose`
    header: str  # base64
    footer: NotRequired[str]  # base64
    delivered: str
    marking: str
    default: str
    fields: NotRequired[str]  # what was read of it, if anything; see `ingest.keeping`
    reading: NotRequired[str]  # how it was read


@dataclass(slots=True)
class Intake:
    """Takes in the units of one file. `waiting` has the ids of the agency's units in quarantine.

    `of` says of which file units from quarantine are, as their context told; "" for those of older versions.
    """

    writer: Writer
    order: Order
    manifest: Manifest
    tally: Tally
    name: str
    waiting: frozenset[str] = frozenset()
    ordinals: Ordinals = field(default_factory=Ordinals)
    of: str = ""
    _file: int = 0
    _whose: Whose = field(init=False)
    _mark: str = ""
    _records: list[Record] = field(default_factory=list)
    _sizes: list[int] = field(default_factory=list)
    _runs: list[tuple[int, int]] = field(default_factory=list)  # the sizes of all batches; see `Writer.note_read`
    _said: set[tuple[str, str]] = field(default_factory=set)  # ids and parts of the batch, if anything in it is gone
    _gone: set[tuple[str, str]] = field(default_factory=set)
    _rejects: list[Quarantined] = field(default_factory=list)
    _released: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        order, sha256 = self.order, self.tally.sha256
        how = whose(order.adapter_version, self.manifest, sha256, self.name, self.writer.sealed)
        self._whose = how if sha256 else Whose(self.of, "", how.manner, whole=False)
        self._file = self.writer.file(self.tally.path, sha256 or self.of, order.adapter_version)
        self.tally.number = self._file
        twin = self.writer.begin_reading(self._file, sha256, last_part(self.name), self._whose, order.delivered)
        if twin is not None:
            self.tally.say(_of_twin(self.tally.path, twin))
        self._mark = self.writer.sealed(mark(order.adapter_version, self.manifest, sha256, self.name))

    def take(self, unit: list[Record] | Reject | Left, again: Quarantined | None = None) -> None:
        """Count a unit and add it to the batch; `again` is the unit in quarantine if it is being replayed."""
        self.tally.read += 1
        if isinstance(unit, Reject):
            self._reject(unit, again)
        elif isinstance(unit, Left):
            self.tally.outcomes["left"] += 1
            self._release(unit.locator, again)
        else:
            self._accept(unit, again)
        if len(self._records) >= _BATCH or len(self._rejects) >= _BATCH:
            self.flush()

    def say_again(self) -> bool:
        """Say what an earlier load read of this file, instead of reading it, if that changes nothing.

        The report is the same as if it had been read. A file with units in quarantine is read: they may leave it.
        """
        if self.writer.waiting_files() & {"", self._id_of("")}:
            return False
        known = self.writer.say_again(self._file, self._mark, self.manifest.source, self.order.delivered)
        if known is not None:
            retell(self.tally, known.told, known.late)
            self.tally.overtaken_by, self._runs = self.writer.overtaken_by, [*known.sizes]
            if self.order.progress:
                self.order.progress(self.tally.path, self.tally.read)
        return known is not None

    def note_reading(self) -> None:
        """Note that this file, or units of it, count as they were read now; not if nothing of it could be read."""
        if self._whose.of and (not self.tally.read or self.tally.outcomes["quarantined"] < self.tally.read):
            self.writer.note_reading(self._file)

    def note_read(self) -> None:
        """Note what was read of this file for a later load, if its report can be told again."""
        self.note_reading()
        known = told(self.tally)
        if known is not None:
            sizes = self._runs if len(self._runs) <= _MOST_RUNS else ()
            self.writer.note_read(self._file, self._mark, known, sizes)

    def flush(self) -> None:
        """Write the batch."""
        records = self.ordinals.numbered(self._records)
        outcomes = self.writer.put(records, self._file, self.order.delivered)
        self.tally.overtaken_by = max(self.tally.overtaken_by, self.writer.overtaken_by)
        self._count_all(outcomes)
        if self._gone:
            ended = sum(each.gone and done == "accepted" for each, done in zip(records, outcomes, strict=True))
            if ended:
                self.tally.because(GONE, ended)
        self._runs += ((size, len([*some])) for size, some in groupby(self._sizes))
        if self._rejects:
            self.writer.quarantine(self._rejects)
        if self._released:
            self.writer.release(self._released)
        for kept in (self._records, self._sizes, self._said, self._gone, self._rejects, self._released):
            kept.clear()
        gc.collect(_YOUNG)
        if self.order.progress:
            self.order.progress(self.tally.path, self.tally.read)

    def finish(self) -> None:
        """Write the last batch; if units went into quarantine, store the numbering of equal units for their replay."""
        self.flush()
        if not self.tally.read:
            self.tally.say(f"{self.tally.path} has no {self.order.reader.units}: was it delivered whole?")
        self.tell()
        if self.tally.outcomes["quarantined"]:
            self.writer.keep_numbering(self._id_of(""), self.ordinals.kept())

    def tell(self) -> None:
        """Count what the adapter reported beside units, and records whose marking a person decided."""
        self.tally.settle()
        if otherwise := self.writer.marked_otherwise(self._file):
            self.tally.because(OTHERWISE, otherwise)

    def _id_of(self, locator: str) -> str:
        """The id in quarantine of the unit at a locator; of the whole file for ""."""
        source, place = self.manifest.source, locator.rpartition(":")[2]
        known = quarantine_id(source.agency, source.name, self.tally.sha256, self.name, self.tally.pattern, place)
        return self.writer.sealed(known)

    def _accept(self, unit: list[Record], again: Quarantined | None) -> None:
        if self._gone or any(record.gone for record in unit):
            self._keep_apart(unit)
        self._records += unit
        self._sizes.append(len(unit))
        for record in unit:
            for remark in remarks(record):
                self.tally.because(remark)
        self._release(unit[0].locator, again)

    def _keep_apart(self, unit: list[Record]) -> None:
        """Write the batch first if it and this unit say of one thing both what it is and that it is gone.

        So the order of a file's units counts.
        """
        if not self._gone:
            self._said = {(each.source_id, each.part) for each in self._records}
        said = {(each.source_id, each.part) for each in unit if not each.gone}
        gone = {(each.source_id, each.part) for each in unit if each.gone}
        if gone & self._said or said & self._gone:
            self.flush()
        self._said |= said
        self._gone |= gone

    def _release(self, locator: str, again: Quarantined | None) -> None:
        """Take a unit out of quarantine if it is there."""
        if again:
            self._released.append(again.id)
        elif self.waiting and (known := self._id_of(locator)) in self.waiting:
            self._released.append(known)

    def _count_all(self, outcomes: Sequence[Outcome]) -> None:
        """Count one outcome for each unit of the batch, whose records have these."""
        kinds = set(outcomes)
        if kinds in ({"accepted"}, {"unchanged"}):  # nearly always
            self.tally.outcomes.update({kind: len(self._sizes) for kind in kinds})
            return
        each = iter(outcomes)
        for size in self._sizes:
            self._count(islice(each, size))

    def _count(self, outcomes: Iterable[Outcome]) -> None:
        """Count one outcome for a unit: accepted if any of its records changed anything, else late if any is late.

        An accepted unit may be late in part, which is counted as a reason.
        """
        kinds = set(outcomes)
        changed = kinds & {"accepted", "remarked"}
        self.tally.outcomes["accepted" if changed or not kinds else "late" if "late" in kinds else "unchanged"] += 1
        if changed and "late" in kinds:
            self.tally.because(PARTLY_LATE)
        if "remarked" in kinds:
            self.tally.because(REMARKED)

    def _reject(self, reject: Reject, again: Quarantined | None) -> None:
        self.tally.outcomes["quarantined"] += 1
        self.tally.because(reject.reason)
        self.tally.say(f"{reject.locator}: {reject.message}")
        if again:
            self._rejects.append(replace(again, reason=reject.reason, message=reject.message))
        else:
            self._rejects.append(self._quarantined(reject))

    def _quarantined(self, reject: Reject) -> Quarantined:
        source = self.manifest.source
        context = UnitContext(
            name=self.name,
            file=self._id_of(""),
            of=self._whose.of,
            header=b64encode(reject.header).decode("ascii"),
            delivered=self.order.delivered,
            marking=str(marking_of(reject, self.order.reader, self.manifest, self.name)),
            default=str(self.manifest.marking),
        )
        if reject.footer:
            context["footer"] = b64encode(reject.footer).decode("ascii")
        if reject.fields:
            context["fields"], context["reading"] = reject.fields, self.order.reading(self.name)
        return Quarantined(
            id=self._id_of(reject.locator),
            agency=source.agency,
            dataset=source.name,
            adapter=self.order.adapter,
            path=self.tally.path,
            locator=reject.locator,
            reason=reject.reason,
            message=reject.message,
            raw=reject.raw,
            context=dict(context),
        )
