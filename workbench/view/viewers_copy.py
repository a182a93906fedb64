"""A copy of what one viewer sees, read through his view: a read-only store for him alone.

Nothing in it depends on what is hidden: all numbers are new, in the order of the view's answers, and its only
revision is the one that the view shows. The log of loads, the quarantine and documents are not copied.
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
_ONLY = 1  # the number of the copy's only revision


K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Extract:
    """Report of a copy for a viewer: rows by part, and the digest at each end (`from` and `to`) in `newest`."""

    viewer: str
    purpose: str
    revision: str
    parts: Mapping[str, int]
    newest: Mapping[str, str]


def copy_for_viewer(
    source: GraphStore, target: GraphStore, viewer: Viewer, purpose: str | None = None, tell: Tell = lambda *_: None
) -> Extract:
    """Copy what a viewer sees for a purpose, at the newest revision, into an empty store for him.

    The remains of an interrupted copy are deleted first. UsageError if the target holds anything else.
    StoreError if markings changed meanwhile: then the copy shows nothing.
    """
    ordinary(source.backend)
    if source.url == target.url:
        raise UsageError(f"{source.url} would be copied into itself: name two stores", "target")
    view = source.view(viewer, purpose=purpose)
    stamp = Stamp("", 1 if view.revision else 0, view.revision, 0, NORMALISER, 0, 0, 0, 0)
    tell = asking_of(source).apart(asking_of(target).apart(tell))
    written = asking_of(target).writing(viewer.name, view.purpose, "copy_for_viewer", {"source": source.url})
    with written, target.backend.incoming(target.patience) as incoming:
        _begin(source, target, incoming, stamp)
        copy = _Copy(incoming, Progress.at_start(source.url, stamp))
        with _asked(view, target, copy), view.at_one_access():
            _write(source, view, copy, tell)
            there = content_digest(
                target.backend, Scope(tuple(map(ClassNumber, copy.classes.values())), RevisionNumber(stamp.published))
            )
            newest = {"from": view.digest(), "to": there}
        if newest["from"] != newest["to"]:
            raise StoreError(f"the copy of {source.url} differs from what the viewer sees: run it again")
        incoming.finish(stamp, (viewer.name, view.purpose))
    return Extract(viewer.name, view.purpose, view.revision, dict(copy.counts), newest)


@contextmanager
def _asked(view: View, target: GraphStore, copy: "_Copy") -> Iterator[None]:
    """Make the whole copy one question, with one trace."""
    with asking_of(view).about(view.viewer.name, view.purpose, "copy_for_viewer", {"target": target.url}) as answered:
        yield
        answered.count = copy.counts["records"]


def _begin(source: GraphStore, target: GraphStore, incoming: Incoming, stamp: Stamp) -> None:
    """Delete the remains of an interrupted copy, and mark the target as an unfinished one."""
    kept, _ = target.backend.outgoing().status()
    if kept and not Progress.read(kept).spoilt:
        raise UsageError(f"{target.url} is an unfinished copy of a whole store: finish that, or name another store")
    if kept:
        incoming.clear()
    elif not incoming.is_empty():
        raise UsageError(f"{target.url} is not empty: name an empty or a new store")
    spoil(incoming, Progress.at_start(source.url, stamp))


class _Numbers(dict[K, int]):
    """Gives each key a number, from 1, in the order of first use."""

    def number(self, key: K) -> int:
        """The number of a key; a new key gets the next one."""
        return self.setdefault(key, len(self) + 1)


class _Copy:
    """A copy in progress: the numbers it has given so far, and the counts of its rows."""

    def __init__(self, incoming: Incoming, progress: Progress) -> None:
        self._incoming = incoming
        self._kept = progress.as_spoilt().written()  # an interrupted copy is not continued
        self.classes = _Numbers[tuple[str, str, tuple[int, ...]]]()
        self.datasets = _Numbers[tuple[str, str]]()
        self.files = _Numbers[tuple[str, str, str, str, str]]()
        self.entities = _Numbers[tuple[str, str, str]]()
        self.counts = Counter[str]()

    def put(self, part: str, rows: Sequence[AnyRow]) -> None:
        """Write rows of a part and count them."""
        if rows:
            self._incoming.put(part, rows, self._kept)
            self.counts[part] += len(rows)

    def class_of(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        """The number of a class of visibility."""
        return self.classes.number((agency, marking, tuple(sorted(set(members)))))

    def put_named(self) -> None:
        """Write the classes, datasets, files and entities numbered since the last call."""
        new = self.counts
        self.put("classes", [ClassRow(n, *of) for of, n in islice(self.classes.items(), new["classes"], None)])
        self.put("datasets", [DatasetRow(n, *of) for of, n in islice(self.datasets.items(), new["datasets"], None)])
        self.put("files", [_file(n, *of) for of, n in islice(self.files.items(), new["files"], None)])
        self.put("entities", [self._entity(n, of) for of, n in islice(self.entities.items(), new["entities"], None)])

    def _entity(self, number: int, of: tuple[str, str, str]) -> EntityRow:
        agency, name, source_id = of
        return EntityRow(number, entity_id(*of), self.datasets[agency, name], source_id)

    def group(self, view: View) -> None:
        """Write the canonical id, in the view, of each entity."""
        self._incoming.group(_canonical(view, [entity_id(*of) for of in self.entities]))

    def record(self, sourced: SourcedRecord, number: int) -> RecordRow:
        """The row of a record."""
        record, from_ = sourced.record, sourced.provenance
        agency, name = record.dataset.agency, record.dataset.name
        named = [role.ref for role in record.roles]
        if not ontology().is_relationship(record.schema):
            named.append(record.source_id)
        for ref in named:
            self.entities.number((agency, name, ref))
        return RecordRow(
            rid=number,
            key=sourced.key,
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
    """Write everything in a view into its copy."""
    keys = view.keys()
    for start in range(0, len(keys), _AT_ONCE):
        with without_collecting():
            records = view.records(keys[start : start + _AT_ONCE])
            rows = [copy.record(each, start + n) for n, each in enumerate(records, 1)]
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
    """For a view that is empty now: agency and marking of something it last showed, as the class of its revision."""
    for token, _ in reversed(view.history()):
        older = source.view(view.viewer, purpose=view.purpose, revision=token)
        for each in older.records(older.keys()[:1]):
            return each.record.dataset.agency, str(each.record.marking)
        for entry in older.listed_common():
            return entry.agency, entry.marking
    return "", ""


def _judgements(source: GraphStore, view: View, copy: _Copy) -> list[JudgementRow]:
    """The rows of judgements, each visible to those who see all of its evidence."""
    judgements = view.judgements()
    classes = {key: copy.class_of(*of) for key, of in _marked(source, view, judgements).items()}
    return [
        JudgementRow(
            *(each.id, each.a, each.b, each.verdict, each.by, each.why, each.at, each.evidence, each.overrides),
            copy.class_of("", "", [classes[key] for key in each.evidence if key in classes]),
            _ONLY,
            LIVE,
        )
        for each in judgements
    ]


def _marked(source: GraphStore, view: View, judgements: Sequence[Judgement]) -> dict[str, tuple[str, str]]:
    """The agency and marking of each record in evidence, by key, in order.

    A record that was superseded is looked up in an older revision; if none shows it, only its marking is known.
    """
    keys = sorted({key for each in judgements for key in each.evidence})
    marked = dict[str, tuple[str, str]]()
    before = (token for token, _ in reversed(view.history()[:-1]))
    for older in chain([view], (source.view(view.viewer, purpose=view.purpose, revision=each) for each in before)):
        missing = [key for key in keys if key not in marked]
        if not missing:
            break
        for each in older.records(missing):
            marked[each.key] = each.record.dataset.agency, str(each.record.marking)
    missing = [key for key in keys if key not in marked]
    marked.update((key, ("", str(marking))) for key, marking in view.markings_of(missing).items())
    return {key: marked[key] for key in keys if key in marked}


def _commons(view: View, copy: _Copy) -> list[CommonRow]:
    """The rows of listed common values; `begun` differs for a value listed twice, since it is part of the key."""
    listed, rows = Counter[tuple[str, str, int]](), list[CommonRow]()
    for entry in view.listed_common():
        vis = copy.class_of(entry.agency, entry.marking)
        begun = _ONLY - listed[entry.kind, entry.value, vis]
        listed[entry.kind, entry.value, vis] += 1
        rows.append(CommonRow(entry.kind, entry.value, entry.agency, entry.marking, entry.why, vis, begun, LIVE))
    return rows


def _file(number: int, id_: str, path: str, adapter: str, by: str, at: str) -> FileRow:
    """The row of a file, without its hash and loading agency, which no view shows."""
    return FileRow(number, id_, path, "", adapter, "", by, at, "")


def _canonical(view: View, entities: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The canonical id of each entity, by its number in the copy."""
    yield from enumerate(view.snapshot().canonical_of(entities), 1)
