"""What a store holds beside records: judgements, common values, documents, the log of loads, quarantine.

There are few of each. A backend returns them as neutral rows; this module decides which of them a scope sees.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from workbench.errors import as_written
from workbench.model.numbers import ClassNumber
from workbench.store.backend import Backend
from workbench.store.dump_rows import CommonRow, DocumentRow, JudgementRow, LoadRow, QuarantineRow, RevisionRow
from workbench.store.moving import every
from workbench.store.types import (
    CommonEntry,
    Document,
    FileReport,
    Judgement,
    LoadEntry,
    Quarantined,
    Scope,
    withdrawal_of,
)

R = TypeVar("R", bound=tuple[Any, ...])
S = TypeVar("S", JudgementRow, CommonRow)


def judgements(backend: Backend, scope: Scope) -> list[Judgement]:
    """Judgements, ordered by id; each names only those overridden ones that are visible too."""
    rows = sorted(_standing(every(backend.outgoing(), JudgementRow), scope), key=lambda row: row.jid)
    shown = {row.jid for row in rows}
    return [Judgement(*row[:7], row.evidence, tuple(each for each in row.overrides if each in shown)) for row in rows]


def commons(backend: Backend, scope: Scope) -> list[CommonEntry]:
    """Listed common values, ordered by kind and value."""
    rows = _standing(every(backend.outgoing(), CommonRow), scope)
    return [CommonEntry(*each) for each in sorted(row[:5] for row in rows)]


def _standing(rows: Iterable[S], scope: Scope) -> Iterator[S]:
    """The rows that stand at the scope's revision and are in its classes."""
    allowed, revision = frozenset(scope.allowed), scope.revision
    return (row for row in rows if row.vis in allowed and row.rev_from <= revision and row.rev_to > revision)


def agencies(backend: Backend) -> frozenset[str]:
    """The agencies of all loads."""
    return frozenset(row.agency for row in _finished(backend, LoadRow))


def documents(backend: Backend, scope: Scope, kind: str, name: str | None = None) -> list[Document]:
    """The newest visible version of each document of a kind, of one name or all, ordered by name and author.

    Only visible versions are counted: a gap would reveal a hidden one.
    """
    versions = defaultdict[tuple[str, str], list[DocumentRow]](list)
    for row in _visible(backend, scope, kind, name):
        versions[row.name, row.by].append(row)
    return [_document(rows) for _, rows in sorted(versions.items())]


def rests_on(backend: Backend, scope: Scope, document: Document) -> frozenset[int]:
    """The classes that a visible document rests on, today; empty for one that rests on records by their keys."""
    same = [row for row in _visible(backend, scope, document.kind, document.name) if row.by == document.by]
    if not same:
        return frozenset()
    own, members = max(same, key=lambda row: row.version).own, {each.vis: each.members for each in backend.classes()}
    return frozenset(base for part in members[ClassNumber(own)] for base in members[part])


def _visible(backend: Backend, scope: Scope, kind: str, name: str | None) -> list[DocumentRow]:
    """The visible versions of documents; none in an unfinished copy."""
    allowed, (unfinished, _) = frozenset(scope.allowed), backend.outgoing().status()
    return [] if unfinished else [row for row in backend.documents(kind, name) if row.vis in allowed]


def grounds(backend: Backend, scope: Scope) -> frozenset[int]:
    """The classes of all that a scope shows: of its records, judgements and listed common values, and of its token.

    For a conjunction, the classes that are in it.
    """
    outgoing, allowed = backend.outgoing(), frozenset(scope.allowed)
    shown = {vis for vis, _ in backend.kinds(scope)}
    shown.update(row.vis for row in _standing(every(outgoing, JudgementRow), scope))
    shown.update(row.vis for row in _standing(every(outgoing, CommonRow), scope))
    touched = (allowed.intersection(row.classes) for row in every(outgoing, RevisionRow) if row.rev <= scope.revision)
    shown.update(next(filter(None, reversed([*touched])), ()))
    members: dict[int, Sequence[int]] = {each.vis: each.members for each in backend.classes()}
    return frozenset(base for vis in shown for base in (members[vis] or (vis,)))


def _document(versions: Sequence[DocumentRow]) -> Document:
    newest = max(versions, key=lambda row: row.version)
    with as_written("a document"):
        return Document(newest.kind, newest.name, len(versions), newest.by, newest.at, json.loads(newest.body))


def loads(backend: Backend, agencies: Collection[str], allowed: Collection[int]) -> list[LoadEntry]:
    """The loads of these agencies whose evidence is not empty and is all in these classes; oldest first."""
    seen = frozenset(allowed)
    rows = (row for row in _finished(backend, LoadRow) if row.agency in agencies)
    return [_load(row) for row in rows if row.classes and seen.issuperset(row.classes)]


def _load(row: LoadRow) -> LoadEntry:
    with as_written("the log of loads"):
        reports = tuple(FileReport(**each) for each in json.loads(row.files))
        return LoadEntry(*row[1:8], row.token, reports, withdrawal_of(row.withdrawn))


def quarantined(backend: Backend, agencies: Collection[str]) -> list[Quarantined]:
    """The units in quarantine of these agencies, ordered by path and place."""
    rows = (row for row in _finished(backend, QuarantineRow) if row.agency in agencies)
    ordered = sorted(rows, key=lambda row: (row.path, row.locator, row.qid))
    with as_written("a unit in quarantine"):
        return [Quarantined(*row[:8], bytes(row.raw), json.loads(row.context)) for row in ordered]


def _finished(backend: Backend, kind: type[R]) -> list[R]:
    """All rows of a kind; none for an unfinished copy."""
    outgoing = backend.outgoing()
    unfinished, _ = outgoing.status()
    return [] if unfinished else every(outgoing, kind, outgoing.stamp())
