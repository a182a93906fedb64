"""Judgements as rows: those that people make, and those that a load makes with its records."""

from collections.abc import Collection, Sequence

from workbench.store.dump_rows import JudgementRow
from workbench.store.records_known import LIVE
from workbench.store.remarking import conjunction
from workbench.store.transaction import Transaction
from workbench.store.types import Judgement


def put_judgements(tx: Transaction, judgements: Sequence[Judgement], rev: int) -> set[int]:
    """Write judgements that stand from a revision on; returns their classes: each is of all its evidence."""
    rows = [_row(tx, each, rev) for each in judgements]
    tx.put(JudgementRow, rows)
    return {row.vis for row in rows}


def end_judgements(tx: Transaction, ids: Collection[str], rev: int) -> set[int]:
    """End those of these judgements that stand, at a revision; returns their classes."""
    rows = [row for row in tx.rows(JudgementRow) if row.jid in ids and row.rev_to == LIVE] if ids else []
    tx.put(JudgementRow, [row._replace(rev_to=rev) for row in rows])
    return {row.vis for row in rows}


def _row(tx: Transaction, judgement: Judgement, rev: int) -> JudgementRow:
    """The row of a judgement that stands from a revision on."""
    j, overrides = judgement, tuple(sorted(judgement.overrides))
    vis = conjunction(tx, j.evidence)
    return JudgementRow(j.id, j.a, j.b, j.verdict, j.by, j.why, j.at, j.evidence, overrides, vis, rev, LIVE)
