"""Operations on a store as data, so that they can be repeated, filtered and reordered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tests.conformance.oracle.stand_in import score
from workbench.access.viewer import Viewer
from workbench.model.marking import Marking
from workbench.model.record import Dataset, Record
from workbench.store.types import CommonEntry, Document, FileReport, Judgement, Quarantined
from workbench.store.writing import Whose
from workbench.view.store import GraphStore


@dataclass(frozen=True)
class Delivery:
    """Records of one file, in the batches in which they are put.

    `manner`: how the file was read; "" for what has no reading. A file is known by its path.
    """

    path: str
    delivered: str
    batches: tuple[tuple[Record, ...], ...]
    manner: str = ""

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple(record for batch in self.batches for record in batch)


@dataclass(frozen=True)
class Load:
    agency: str
    deliveries: tuple[Delivery, ...]
    complete: tuple[tuple[Dataset, str, str], ...] = ()  # dataset, prefix of the part, delivered
    quarantined: tuple[Quarantined, ...] = ()
    files: tuple[FileReport, ...] = ()
    published: bool = True  # False: taken back before it was published


@dataclass(frozen=True)
class Judge:
    judgement: Judgement


@dataclass(frozen=True)
class Undo:
    judgement: str


@dataclass(frozen=True)
class ListCommon:
    entry: CommonEntry


@dataclass(frozen=True)
class UnlistCommon:
    entry: CommonEntry


@dataclass(frozen=True)
class Remark:
    keys: tuple[str, ...]
    marking: Marking


@dataclass(frozen=True)
class Save:
    document: Document
    agency: str
    marking: Marking
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Score all pairs, as one who sees everything."""

    viewer: Viewer


Operation = Load | Judge | Undo | ListCommon | UnlistCommon | Remark | Save | Score

AT = "2026-01-01T00:00:00+00:00"


def perform(store: GraphStore, operation: Operation) -> str | None:
    """Do the operation; returns the token of its publication, None if it made none."""
    match operation:
        case Load():
            return _load(store, operation)[0]
        case Judge(judgement):
            return store.add_judgement(judgement)
        case Undo(judgement):
            return store.withdraw_judgement(judgement)
        case ListCommon(entry):
            return store.add_common(entry)
        case UnlistCommon(entry):
            return store.remove_common(entry)
        case Remark(keys, marking):
            store.remark(keys, marking)
        case Save(document, agency, marking, evidence):
            store.save_document(document, agency, marking, evidence)
        case Score(viewer):
            root = root_of(viewer)
            return score(store, store.view(root, purpose=root.purposes[0])) or None
    return None


def outcomes(store: GraphStore, load: Load) -> tuple[str | None, list[str]]:
    """Do a load; returns its token, and the outcome of each record."""
    return _load(store, load)


def _load(store: GraphStore, load: Load) -> tuple[str | None, list[str]]:
    found: list[str] = []
    with store.writer(agency=load.agency, by="clerk", at=AT) as writer:
        for each in load.deliveries:
            file = writer.file(each.path, f"hash of {each.path}", "csv")
            if each.manner:
                how = Whose(each.path, each.path, each.manner)
                writer.begin_reading(file, f"hash of {each.path}", each.path, how, each.delivered)
            for batch in each.batches:
                found += writer.put(batch, file, each.delivered)
            if each.manner:
                writer.note_reading(file)
        for dataset, prefix, delivered in load.complete:
            writer.withdraw_absent(dataset, prefix, delivered)
        writer.replace_earlier()
        writer.quarantine(load.quarantined)
        if not load.published:
            return None, found
        token = writer.publish(dataset="d", adapter="csv", files=load.files)
    return token, found


def root_of(viewer: Viewer) -> Viewer:
    """A viewer who sees everything; he exists only in tests.

    He acts for all agencies in the tests' markings, reads privileged records, and may load for the same agencies as
    the given viewer.
    """
    return Viewer(
        name=viewer.name,
        agencies=frozenset("ABC"),
        level="SECRET",
        compartments=frozenset({"X", "Y"}),
        purposes=("privilege-review",),
        loads=viewer.loads,
    )


def in_one_batch(load: Load) -> Load:
    """The same load with each delivery in one batch."""
    return replace(load, deliveries=tuple(replace(d, batches=(d.records,)) for d in load.deliveries))


def one_by_one(load: Load) -> Load:
    """The same load with each record in its own batch."""
    return replace(load, deliveries=tuple(replace(d, batches=tuple((r,) for r in d.records)) for d in load.deliveries))


def keys_in(operations: Iterable[Operation]) -> list[str]:
    """Keys of all records that these loads bring, sorted."""
    loads = (each for each in operations if isinstance(each, Load))
    return sorted({record.key() for load in loads for each in load.deliveries for record in each.records})
