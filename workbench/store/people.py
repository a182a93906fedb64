"""What people write, decided here once for all kinds of store: judgements, common values, documents.

All of it runs under the writer's lease, and in one transaction each.
"""

import json
from collections.abc import Callable, Sequence
from secrets import token_hex

from workbench.errors import NotFound
from workbench.model.marking import Marking
from workbench.store.backend import Backend
from workbench.store.dump_rows import CommonRow, DocumentRow, JudgementRow, RevisionRow
from workbench.store.records_known import LIVE
from workbench.store.remarking import conjunction
from workbench.store.transaction import Transaction
from workbench.store.types import CommonEntry, Document, Judgement, now

# Changes something from a revision on, and says which classes it touched.
_Change = Callable[[Transaction, int], set[int]]


def _publish(backend: Backend, kind: str, change: _Change) -> str:
    """Run a change as one publication; its token, "" where it touched nothing."""
    token, at = token_hex(8), now()

    def publication(tx: Transaction) -> str:
        rev = tx.published() + 1
        touched = change(tx, rev)
        if not touched:
            return ""
        tx.publish(RevisionRow(rev, token, kind, at, tuple(sorted(touched))))
        return token

    return backend.write(publication)


def add_judgement(backend: Backend, judgement: Judgement) -> str:
    """Keep a judgement from now on, seen by who sees all of its evidence; the publication's token."""
    j = judgement

    def change(tx: Transaction, rev: int) -> set[int]:
        vis = conjunction(tx, j.evidence)
        overrides = tuple(sorted(j.overrides))
        row = JudgementRow(j.id, j.a, j.b, j.verdict, j.by, j.why, j.at, j.evidence, overrides, vis, rev, LIVE)
        tx.put(JudgementRow, [row])
        return {vis}

    return _publish(backend, "judgement", change)


def withdraw_judgement(backend: Backend, judgement: str) -> str:
    """End a judgement from now on; the publication's token. NotFound for one that does not stand."""

    def change(tx: Transaction, rev: int) -> set[int]:
        for row in tx.rows(JudgementRow):
            if row.jid == judgement and row.rev_to == LIVE:
                tx.put(JudgementRow, [row._replace(rev_to=rev)])
                return {row.vis}
        raise NotFound("judgement", judgement)

    return _publish(backend, "undo", change)


def add_common(backend: Backend, entry: CommonEntry) -> str:
    """List a value as common from now on; the publication's token."""

    def change(tx: Transaction, rev: int) -> set[int]:
        vis = tx.class_number(entry.agency, entry.marking)
        tx.put(CommonRow, [CommonRow(entry.kind, entry.value, entry.agency, entry.marking, entry.why, vis, rev, LIVE)])
        return {vis}

    return _publish(backend, "common", change)


def remove_common(backend: Backend, entry: CommonEntry) -> str:
    """Take a value off the list from now on; the publication's token, "" if it was not on it."""

    def change(tx: Transaction, rev: int) -> set[int]:
        vis = tx.class_number(entry.agency, entry.marking)
        of = (entry.kind, entry.value, vis, LIVE)
        listed = [row for row in tx.rows(CommonRow) if (row.kind, row.value, row.vis, row.rev_to) == of]
        tx.put(CommonRow, [row._replace(rev_to=rev) for row in listed])
        return {row.vis for row in listed}

    return _publish(backend, "common", change)


def save_document(backend: Backend, document: Document, agency: str, marking: Marking, evidence: Sequence[str]) -> None:
    """Keep a new version of a document of an agency, seen by who sees its marking and all of its evidence."""
    body, d = json.dumps(document.body, ensure_ascii=False, sort_keys=True), document

    def change(tx: Transaction) -> None:
        own = tx.class_number(agency, str(marking))
        version = tx.versions(d.kind, d.name, d.by) + 1
        vis = conjunction(tx, evidence, (own,))
        tx.put(DocumentRow, [DocumentRow(d.kind, d.name, d.by, version, d.at, body, tuple(evidence), own, vis)])

    backend.write(change)
