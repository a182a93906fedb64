"""A copy of what one viewer sees, read through his view: a dead store of his own, only to read.

All numbers in it are given anew, in the order in which the view tells things, and its only revision is the one that
the view shows: nothing in it depends on what is hidden. Log of loads, quarantine and documents stay behind.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from workbench.access.viewer import Viewer
from workbench.errors import StoreError, UsageError
from workbench.model.claims import NORMALISER
from workbench.model.ids import entity_id
from workbench.model.numbers import ClassNumber, RevisionNumber
from workbench.model.ontology import ontology
from workbench.store.copying import Tell, ordinary, spoil
from workbench.store.digest import content_digest
from workbench.store.dump_rows import (
    AnyRow,
    ClassRow,
    CommonRow,
    DatasetRow,
    EntityRow,
    FileRow,
    JudgementRow,
    RecordRow,
    RevisionRow,
)
from workbench.store.loading import without_collecting
from workbench.store.moving import Incoming, Progress, Stamp
from workbench.store.records_known import LIVE
from workbench.store.types import Judgement, Scope, SourcedRecord
from workbench.view.asking import asking_of
from workbench.view.store import GraphStore
from workbench.view.view import View

_AT_ONCE = 10_000
_ONLY = 1  # the number of its only revision


K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Extract:
    """What a copy for a viewer holds; the digest of what he sees at each end."""

    viewer: str
    purpose: str
    revision: str
    parts: Mapping[str, int]
    newest: Mapping[str, str]


def copy_for_viewer(
    source: GraphStore, target: GraphStore, viewer: Viewer, purpose: str | None = None, tell: Tell = lambda *_: None
) -> Extract:
    """Copy what a viewer sees for a purpose, at the newest revision, into an empty store that is his.

    UsageError for a target that holds something else; StoreError if access changed meanwhile: then nothing is shown.
    What an interrupted run left is thrown away.
    """
    ordinary(source.backend)
    if source.url == target.url:
        raise UsageError(f"{source.url} would be copied into itself: name two stores", "target")
    view = source.view(viewer, purpose=purpose)
    stamp = Stamp("", 1 if view.revision else 0, view.revision, 0, NORMALISER, 0, 0, 0, 0)
    with target.backend.incoming(target.patience) as incoming:
        _begin(source, target, incoming, stamp)
        copy = _Copy(incoming, Progress.at_start(source.url, stamp))
        with _asked(view, target, copy), view.at_one_access():
            _write(source, view, copy, tell)
            there = content_digest(
                target.backend, Scope(tuple(map(ClassNumber, copy.classes.values())), RevisionNumber(stamp.published))
            )
            newest = {"from": view.digest(), "to": there}
        if newest["from"] != newest["to"]:
            raise StoreError(f"the copy of {source.url} is not what the viewer sees: run it again")
        incoming.finish(stamp, (viewer.name, view.purpose))
    return Extract(viewer.name, view.purpose, view.revision, dict(copy.counts), newest)


@contextmanager
def _asked(view: View, target: GraphStore, copy: "_Copy") -> Iterator[None]:
    """One question of all that is copied."""
    with asking_of(view).about(view.viewer.name, view.purpose, "copy", {"to": target.url}) as answered:
        yield
        answered.count = copy.counts["records"]


def _begin(source: GraphStore, target: GraphStore, incoming: Incoming, stamp: Stamp) -> None:
    """Throw away what an interrupted run left, and say that this one is not finished."""
    kept, _ = target.backend.outgoing().status()
    if kept and not Progress.read(kept).spoilt:
        raise UsageError(f"{target.url} is an unfinished copy of a whole store: finish that, or name another store")
    if kept:
        incoming.clear()
    elif not incoming.is_empty():
        raise UsageError(f"{target.url} holds something already: name a store that is empty, or new")
    spoil(incoming, Progress.at_start(source.url, stamp))


class _Numbers(dict[K, int]):
    """Numbers from 1, in the order in which they are asked for."""

    def number(self, key: K) -> int:
        """The number of a key, the next one if it is new."""
        return self.setdefault(key, len(self) + 1)


class _Copy:
    """What a copy holds so far, by the numbers that it has there."""

    def __init__(self, incoming: Incoming, progress: Progress) -> None:
        self._incoming = incoming
        self._kept = progress.as_spoilt().written()  # one that is interrupted is not gone on with
        self.classes = _Numbers[tuple[str, str, tuple[int, ...]]]()
        self.datasets = _Numbers[tuple[str, str]]()
        self.files = _Numbers[tuple[str, str, str, str, str]]()
        self.entities = _Numbers[tuple[str, str, str]]()
        self.counts = Counter[str]()

    def put(self, part: str, rows: Sequence[AnyRow]) -> None:
        """Write rows of a part."""
        if rows:
            self._incoming.put(part, rows, self._kept)
            self.counts[part] += len(rows)

    def class_of(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        """The number of a class."""
        return self.classes.number((agency, marking, tuple(sorted(set(members)))))

    def put_named(self) -> None:
        """Write the classes, datasets, files and entities that are new."""
        new = self.counts
        self.put("classes", [ClassRow(n, *of) for of, n in islice(self.classes.items(), new["classes"], None)])
        self.put("datasets", [DatasetRow(n, *of) for of, n in islice(self.datasets.items(), new["datasets"], None)])
        self.put("files", [_file(n, *of) for of, n in islice(self.files.items(), new["files"], None)])
        self.put("entities", [self._entity(n, of) for of, n in islice(self.entities.items(), new["entities"], None)])

    def _entity(self, number: int, of: tuple[str, str, str]) -> EntityRow:
        agency, name, source_id = of
        return EntityRow(number, entity_id(*of), self.datasets[agency, name], source_id)

    def group(self, view: View) -> None:
        """Note the canonical id of each entity in the view."""
        self._incoming.group(_canonical(view, [entity_id(*of) for of in self.entities]))

    def record(self, each: SourcedRecord, number: int) -> RecordRow:
        """The row of a record."""
        record, from_ = each.record, each.provenance
        agency, name = record.dataset.agency, record.dataset.name
        named = [role.ref for role in record.roles]
        if not ontology().is_relationship(record.schema):
            named.append(record.source_id)
        for ref in named:
            self.entities.number((agency, name, ref))
        return RecordRow(
            rid=number,
            key=each.key,
            did=self.datasets.number((agency, name)),
            source_id=record.source_id,
            part=record.part,
            vis=(vis := self.class_of(agency, str(record.marking))),
            asked=vis,
            rev_from=_ONLY,
            rev_to=LIVE,
            fid=self.files.number((from_.file, from_.path, from_.adapter, from_.loaded_by, from_.loaded_at)),
            locator=record.locator,
            delivered=from_.delivered,
            said=from_.delivered,
            body=record.content(),
        )


def _write(source: GraphStore, view: View, copy: _Copy, tell: Tell) -> None:
    """Write all that a view tells into its copy."""
    keys = view.keys()
    for start in range(0, len(keys), _AT_ONCE):
        with without_collecting():
            found = view.records(keys[start : start + _AT_ONCE])
            rows = [copy.record(each, start + n) for n, each in enumerate(found, 1)]
        copy.put_named()
        copy.put("records", rows)
        tell("records", start + len(rows), len(keys))
    judgements, commons = _judgements(source, view, copy), _commons(view, copy)
    copy.put_named()
    copy.put("judgements", judgements)
    copy.put("commons", commons)
    copy.group(view)
    if view.revision:
        classes = tuple(copy.classes.values()) or (copy.class_of(*_last_shown(source, view)),)
        copy.put_named()
        _, at = view.history()[-1]
        copy.put("revisions", [RevisionRow(_ONLY, view.revision, "copy", at, classes)])


def _last_shown(source: GraphStore, view: View) -> tuple[str, str]:
    """Agency and marking of what a view that shows nothing now showed last: its revision is seen by who saw that."""
    for token, _ in reversed(view.history()):
        older = source.view(view.viewer, purpose=view.purpose, revision=token)
        for each in older.records(older.keys()[:1]):
            return each.record.dataset.agency, str(each.record.marking)
        for entry in older.listed_common():
            return entry.agency, entry.marking
    return "", ""


def _judgements(source: GraphStore, view: View, copy: _Copy) -> list[JudgementRow]:
    """Judgements, each seen by who sees all of its evidence."""
    found = view.judgements()
    classes = {key: copy.class_of(*of) for key, of in _marked(source, view, found).items()}
    return [
        JudgementRow(
            *(each.id, each.a, each.b, each.verdict, each.by, each.why, each.at, each.evidence, each.overrides),
            copy.class_of("", "", [classes[key] for key in each.evidence if key in classes]),
            _ONLY,
            LIVE,
        )
        for each in found
    ]


def _marked(source: GraphStore, view: View, judgements: Sequence[Judgement]) -> dict[str, tuple[str, str]]:
    """Agency and marking of all evidence, in order; of what stands no more, as an older revision shows it.

    What never stood has its marking only.
    """
    keys = sorted({key for each in judgements for key in each.evidence})
    found = dict[str, tuple[str, str]]()
    before = (token for token, _ in reversed(view.history()[:-1]))
    for older in chain([view], (source.view(view.viewer, purpose=view.purpose, revision=each) for each in before)):
        missing = [key for key in keys if key not in found]
        if not missing:
            break
        for each in older.records(missing):
            found[each.key] = each.record.dataset.agency, str(each.record.marking)
    missing = [key for key in keys if key not in found]
    found.update((key, ("", str(marking))) for key, marking in view.markings_of(missing).items())
    return {key: found[key] for key in keys if key in found}


def _commons(view: View, copy: _Copy) -> list[CommonRow]:
    """Listed common values; one that is listed twice began earlier the second time, as their key has it."""
    listed, rows = Counter[tuple[str, str, int]](), list[CommonRow]()
    for each in view.listed_common():
        vis = copy.class_of(each.agency, each.marking)
        begun = _ONLY - listed[each.kind, each.value, vis]
        listed[each.kind, each.value, vis] += 1
        rows.append(CommonRow(each.kind, each.value, each.agency, each.marking, each.why, vis, begun, LIVE))
    return rows


def _file(number: int, id_: str, path: str, adapter: str, by: str, at: str) -> FileRow:
    """A file, without its hash and the agency that loaded it: no view tells them."""
    return FileRow(number, id_, path, "", adapter, "", by, at, "")


def _canonical(view: View, entities: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The canonical id of each entity, by its number in the copy."""
    yield from enumerate(view.snapshot().canonical_of(entities), 1)
