"""Re-mark records, and all that rests on them: judgements, documents, the log of loads, revisions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from workbench.model.marking import Marking
from workbench.store.decided import Classes, Mark, Sees, decide, subjects
from workbench.store.dump_rows import (
    ClassRow,
    CommonRow,
    DocumentRow,
    JudgementRow,
    LoadRow,
    RemarkedRow,
    RevisionRow,
)
from workbench.store.evidence import followed
from workbench.store.records_known import LIVE
from workbench.store.scores import SCORING, WITH_SCORES, forgetting
from workbench.store.transaction import Transaction

_HALF = 8  # bytes in the first half of a key, which identifies dataset, source id and part
_AT_ONCE = 2_000


def conjunction(tx: Transaction, keys: Sequence[str], classes: Iterable[int] = ()) -> int:
    """The class of something that rests on all of these records, and on these classes.

    If one of the records is missing, the class is one that nobody sees.
    """
    known, members = tx.classes_of(keys), set(classes)
    if not all(known.get(key) for key in keys):
        return tx.class_number("", "", ())
    return tx.class_number("", "", members.union(*known.values()))


def remark(tx: Transaction, keys: Sequence[str], marking: Marking, sees: Sees) -> int:
    """Re-mark the subjects of these records, as a person who sees some classes; returns how many of those changed."""
    classes = Classes(tx.marking_of, lambda agency, marking: tx.class_number(agency, str(marking)))
    marks, seen = dict[int, Mark](), set[int]()
    wanted = set(map(bytes.fromhex, keys))
    sources = iter(sorted({key[:_HALF] for key in wanted}))
    while some := list(islice(sources, _AT_ONCE)):
        about, kept = subjects(tx.of_sources(some), wanted), list[RemarkedRow]()
        before = tx.decided([subject.name for subject in about])
        for subject in about:
            decided = decide(classes.number(subject.agency, marking), subject.records, before.get(subject.name), sees)
            kept.append(RemarkedRow(subject.name.hex(), *decided))
            marks |= classes.marked(subject, decided)
            seen.update(record.rid for record in subject.records if sees(record.vis))
        tx.put(RemarkedRow, kept)
    return len(seen.intersection(mark_records(tx, marks)))


def mark_records(tx: Transaction, marks: Mapping[int, Mark], first_new: int = LIVE) -> list[int]:
    """Set, by record number, the class and the class that deliveries ask for; returns the records that changed class.

    Records numbered from `first_new` on are new: no load in the log touched them.
    """
    tx.ask(marks)
    placed = tx.placed(sorted(marks))
    moved = {rid: vis for rid, (vis, _) in sorted(marks.items()) if placed[rid][1] != vis}
    if moved:
        moves = {(*placed[rid], vis) for rid, vis in moved.items() if rid < first_new}
        _follow_in_log(tx, moves)
        touched = {each for rid, vis in moved.items() for each in (vis, placed[rid][1])}
        with forgetting(tx, moved):
            tx.move(moved)
        touched.update(_follow_evidence(tx, {(old, new) for _, old, new in moves}))
        _refresh_revisions(tx)
        tx.begin_epoch(touched)
    return list(moved)


def _follow_in_log(tx: Transaction, moves: set[tuple[int, int, int]]) -> None:
    """Add the records' new classes to the evidence of log entries."""
    changed = list[LoadRow]()
    for row in tx.rows(LoadRow) if moves else ():
        datasets, classes = map(tuple, followed((list(row.datasets), list(row.classes)), moves))
        if (datasets, classes) != (tuple(row.datasets), tuple(row.classes)):
            changed.append(row._replace(datasets=datasets, classes=classes))
    tx.put(LoadRow, changed)


def _follow_evidence(tx: Transaction, moves: Collection[tuple[int, int]]) -> Iterator[int]:
    """Recompute the classes of judgements and documents from their evidence; yields classes left and entered.

    A move is (old class, new class) of some records.
    """
    for judgement in tx.rows(JudgementRow):
        vis = conjunction(tx, judgement.evidence)
        if vis != judgement.vis:
            tx.put(JudgementRow, [judgement._replace(vis=vis)])
            yield from (vis, judgement.vis)
    members = {each.vis: frozenset(each.members) for each in tx.rows(ClassRow)}
    for document in tx.rows(DocumentRow):
        own = _own_after(tx, document.own, members, moves)
        vis = conjunction(tx, document.evidence, (own,))
        if (own, vis) != (document.own, document.vis):
            tx.put(DocumentRow, [document._replace(own=own, vis=vis)])
            yield from (vis, document.vis)


def _own_after(
    tx: Transaction, own: int, members: Mapping[int, frozenset[int]], moves: Collection[tuple[int, int]]
) -> int:
    """A document's own class after these moves: if it rests on classes, also on those that records of them went to.

    Then it is a conjunction of its agency's marking and of the conjunction of those classes.
    """
    grown = set[int]()
    for part in members[own]:
        entered = {new for old, new in moves if old in members[part]}
        grown.add(tx.class_number("", "", members[part] | entered) if entered else part)
    return tx.class_number("", "", grown) if grown != members[own] else own


def _refresh_revisions(tx: Transaction) -> None:
    """Recompute which classes each revision touched, after records changed class.

    One with scores keeps those that it had: its facets may have been deleted, and its token stays known to whom it was.
    """
    revisions = {each.rev: each for each in tx.rows(RevisionRow) if each.kind != SCORING}
    touched = {rev: {*each.classes} if each.kind == WITH_SCORES else set[int]() for rev, each in revisions.items()}
    for begun, ended, vis in (
        *((row.rev_from, row.rev_to, row.vis) for row in tx.rows(JudgementRow)),
        *((row.rev_from, row.rev_to, row.vis) for row in tx.rows(CommonRow)),
        *tx.spans(),
    ):
        for rev in (begun, ended):
            touched.get(rev, set()).add(vis)
    tx.put(RevisionRow, [each._replace(classes=tuple(sorted(touched[rev]))) for rev, each in revisions.items()])
