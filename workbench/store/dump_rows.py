"""The neutral rows in which the content of a store moves to another kind of store, part by part."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias


class ClassRow(NamedTuple):
    """A class of visibility; `marking` is "" for a conjunction of `members`."""

    vis: int
    agency: str
    marking: str
    members: tuple[int, ...]


class DatasetRow(NamedTuple):
    """A dataset and its number."""

    did: int
    agency: str
    name: str


class RevisionRow(NamedTuple):
    """A publication, and the classes whose content it changed."""

    rev: int
    token: str
    kind: str
    at: str
    classes: tuple[int, ...]


class FileRow(NamedTuple):
    """A file that records come from; its hash is "" in a copy for a viewer."""

    fid: int
    id: str
    path: str
    sha256: str
    adapter: str
    agency: str
    loaded_by: str
    loaded_at: str
    lid: str  # the load that brought it


class LoadRow(NamedTuple):
    """An entry of the log of loads; `files` is JSON. It rests on the pairs of `datasets` and `classes`.

    `withdrawn` is JSON, "" if the load was not withdrawn.
    """

    seq: int
    lid: str
    agency: str
    dataset: str
    adapter: str
    by: str
    at: str
    delivered: str
    token: str | None
    files: str
    datasets: tuple[int, ...]
    classes: tuple[int, ...]
    withdrawn: str


class AccountRow(NamedTuple):
    """An entry of a load's account."""

    lid: str
    n: int
    body: bytes


class QuarantineRow(NamedTuple):
    """A unit in quarantine; `context` is JSON, `loads` those that brought it."""

    qid: str
    agency: str
    dataset: str
    adapter: str
    path: str
    locator: str
    reason: str
    message: str
    raw: bytes
    context: str
    loads: tuple[str, ...]


class SecretRow(NamedTuple):
    """The store's secret, the key for the ids of units in quarantine."""

    secret: str


class NumberingRow(NamedTuple):
    """The numbering of a file's equal units."""

    file: str
    kept: bytes


class RemarkedRow(NamedTuple):
    """A person's decision on the marking of a subject: see `Decided`."""

    subject: str
    given: tuple[int, ...]
    known: tuple[int, ...]


class CompleteRow(NamedTuple):
    """A delivery that was complete for a part of a dataset."""

    did: int
    prefix: str
    delivered: str
    rev: int
    lid: str  # the load that brought it


class DeliveryRow(NamedTuple):
    """A delivery of a dataset: its date, and the hash of its content."""

    did: int
    delivered: str
    content: str


class DocumentRow(NamedTuple):
    """One version of a document; `body` is JSON."""

    kind: str
    name: str
    by: str
    version: int
    at: str
    body: str
    evidence: tuple[str, ...]
    own: int
    vis: int


class EntityRow(NamedTuple):
    """An entity: a dataset's source id, and its number."""

    eid: int
    id: str
    did: int
    source_id: str


class JudgementRow(NamedTuple):
    """A judgement, which stands from `rev_from` until before `rev_to`."""

    jid: str
    a: str
    b: str
    verdict: str
    by: str
    why: str
    at: str
    evidence: tuple[str, ...]
    overrides: tuple[str, ...]
    vis: int
    rev_from: int
    rev_to: int


class CommonRow(NamedTuple):
    """A listed common value, which stands from `rev_from` until before `rev_to`."""

    kind: str
    value: str
    agency: str
    marking: str
    why: str
    vis: int
    rev_from: int
    rev_to: int


class ModelRow(NamedTuple):
    """What pairs are scored by, from `rev_from` until before `rev_to`; `body` is JSON."""

    mid: int
    body: str
    rev_from: int
    rev_to: int


class FacetRow(NamedTuple):
    """What the records of one class say about an entity, as it was compared.

    `kind` is 0 for a person, 1 for an organisation. `scope` is the conjunction of the classes that were compared with
    each other when it was made; `forms` its normal forms as JSON.
    """

    fid: int
    eid: int
    kind: int
    vis: int
    scope: int
    forms: str
    rev_from: int
    rev_to: int


class PairRow(NamedTuple):
    """Two facets `fa` < `fb` of entities `a` and `b`, and the weight of each comparison in hundredths of a bit.

    `vis` is the conjunction of their classes. `weights` are 16-bit numbers, least first. `blocked` says whether a
    blocking rule found these two, and not only others of the same entities.
    """

    fa: int
    fb: int
    a: int
    b: int
    kind: int
    vis: int
    weights: bytes
    blocked: int
    rev_from: int
    rev_to: int


class RecordRow(NamedTuple):
    """A record with its history; `said` is the newest delivery that said it, `body` its content.

    `asked` is the class that its deliveries ask for; it differs from `vis` if a person decided.
    """

    rid: int
    key: str
    did: int
    source_id: str
    part: str
    vis: int
    asked: int
    rev_from: int
    rev_to: int
    fid: int
    locator: str
    delivered: str
    said: str
    body: str


AnyRow: TypeAlias = tuple[Any, ...]
Batch: TypeAlias = tuple[Sequence[AnyRow], int]  # (rows, position after them)

# All parts, in the order in which they are copied.
PARTS: Mapping[str, type[AnyRow]] = {
    "classes": ClassRow,
    "datasets": DatasetRow,
    "revisions": RevisionRow,
    "files": FileRow,
    "loads": LoadRow,
    "secret": SecretRow,
    "accounts": AccountRow,
    "quarantine": QuarantineRow,
    "numbering": NumberingRow,
    "remarked": RemarkedRow,
    "complete": CompleteRow,
    "deliveries": DeliveryRow,
    "documents": DocumentRow,
    "entities": EntityRow,
    "judgements": JudgementRow,
    "commons": CommonRow,
    "models": ModelRow,
    "facets": FacetRow,
    "pairs": PairRow,
    "records": RecordRow,
}


def part_of(kind: type[AnyRow]) -> str:
    """The name of the part that has rows of this type."""
    return next(name for name, each in PARTS.items() if each is kind)


# Parts that can be read as they were at a publication, whatever was loaded since.
WITH_HISTORY = frozenset({"entities", "judgements", "commons", "models", "facets", "pairs", "records"})
