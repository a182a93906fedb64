"""What people write, for all kinds of stores: judgements, common values, documents.

Each write is one transaction; the caller holds the writer's lease.
"""

import json
from collections.abc import Iterable, Sequence
from secrets import token_hex

from workbench.errors import NotFound
from workbench.model.marking import Marking
from workbench.store.backend import Backend
from workbench.store.dump_rows import CommonRow, DocumentRow, RevisionRow
from workbench.store.judging import end_judgements, put_judgements
from workbench.store.records_known import LIVE
from workbench.store.remarking import conjunction
from workbench.store.scores import SCORING
from workbench.store.scoring import Made, put_scores
from workbench.store.transaction import Change, Transaction
from workbench.store.types import CommonEntry, Document, Judgement, now


def _publish(backend: Backend, kind: str, change: Change) -> str:
    """Run a change as one publication; returns its token, "" if it touched nothing."""
    token, at = token_hex(8), now()

    def publication(tx: Transaction) -> str:
        rev = tx.published() + 1
        touched = change(tx, rev)
        if not touched:
            return ""
        tx.publish(RevisionRow(rev, token, kind, at, tuple(sorted(touched))))
        return token

    return backend.write(publication)


def add_judgements(backend: Backend, judgements: Sequence[Judgement]) -> str:
    """Store judgements, each visible to those who see all of its evidence; returns the publication's token."""

    return _publish(backend, "judgement", lambda tx, rev: put_judgements(tx, judgements, rev))


def withdraw_judgement(backend: Backend, judgement: str) -> str:
    """Withdraw a judgement from now on; returns the publication's token. NotFound if there is none now."""

    def change(tx: Transaction, rev: int) -> set[int]:
        touched = end_judgements(tx, {judgement}, rev)
        if not touched:
            raise NotFound("judgement", judgement, "judgement")
        return touched

    return _publish(backend, "undo", change)


def add_common(backend: Backend, entry: CommonEntry) -> str:
    """List a value as common from now on; returns the publication's token."""

    def change(tx: Transaction, rev: int) -> set[int]:
        vis = tx.class_number(entry.agency, entry.marking)
        tx.put(CommonRow, [CommonRow(entry.kind, entry.value, entry.agency, entry.marking, entry.why, vis, rev, LIVE)])
        return {vis}

    return _publish(backend, "common", change)


def remove_common(backend: Backend, entry: CommonEntry) -> str:
    """Take a value off the list from now on; returns the publication's token, "" if it was not listed."""

    def change(tx: Transaction, rev: int) -> set[int]:
        vis = tx.class_number(entry.agency, entry.marking)
        of = (entry.kind, entry.value, vis, LIVE)
        listed = [row for row in tx.rows(CommonRow) if (row.kind, row.value, row.vis, row.rev_to) == of]
        tx.put(CommonRow, [row._replace(rev_to=rev) for row in listed])
        return {row.vis for row in listed}

    return _publish(backend, "common", change)


def publish_scores(backend: Backend, made: Made) -> str:
    """Publish what was scored; returns the publication's token, "" if everything was so already."""
    return _publish(backend, SCORING, lambda tx, rev: put_scores(tx, rev, made))


def save_document(
    backend: Backend,
    document: Document,
    agency: str,
    marking: Marking,
    evidence: Sequence[str],
    instead_of: Iterable[str] = (),
) -> None:
    """Store a version of an agency's document, visible to those who may see its marking and all of its evidence.

    Its author's documents of the names `instead_of` are dropped with it: both or neither.
    """

    def change(tx: Transaction) -> None:
        for name in instead_of:
            _drop(tx, document.kind, name, document.by)
        own = tx.class_number(agency, str(marking))
        _put(tx, document, tuple(evidence), own, conjunction(tx, evidence, (own,)))

    backend.write(change)


def save_on_classes(
    backend: Backend, documents: Sequence[Document], agency: str, marking: Marking, classes: Iterable[int]
) -> None:
    """Store versions of an agency's documents, visible to those who may see their marking and all of these classes.

    If a record of one of these classes moves to another, the documents rest on that too: it is not recorded on which
    records of a class they rest.
    """

    def change(tx: Transaction) -> None:
        own = conjunction(tx, (), (tx.class_number(agency, str(marking)), conjunction(tx, (), classes)))
        for each in documents:
            _put(tx, each, (), own, conjunction(tx, (), (own,)))

    backend.write(change)


def drop_document(backend: Backend, kind: str, name: str, by: str) -> None:
    """Store an empty version of a document, for everybody who may see any version of it."""

    backend.write(lambda tx: _drop(tx, kind, name, by))


def _drop(tx: Transaction, kind: str, name: str, by: str) -> None:
    versions = [row for row in tx.rows(DocumentRow) if (row.kind, row.name, row.by) == (kind, name, by)]
    empty, at = Document(kind, name, 0, by, now(), {}), {(row.own, row.evidence): row.vis for row in versions}
    for (own, evidence), vis in at.items():
        _put(tx, empty, evidence, own, vis)


def _put(tx: Transaction, d: Document, evidence: tuple[str, ...], own: int, vis: int) -> None:
    """Write a document as its next version."""
    body, version = json.dumps(d.body, ensure_ascii=False, sort_keys=True), tx.versions(d.kind, d.name, d.by) + 1
    tx.put(DocumentRow, [DocumentRow(d.kind, d.name, d.by, version, d.at, body, evidence, own, vis)])
