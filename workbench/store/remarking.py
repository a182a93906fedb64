"""Records that get another marking, and what rests on them: judgements, documents, the log of loads, revisions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from workbench.model.marking import Marking
from workbench.store.decided import Classes, Mark, Sees, decide, subjects
from workbench.store.dump_rows import CommonRow, DocumentRow, JudgementRow, LoadRow, RemarkedRow, RevisionRow
from workbench.store.evidence import followed
from workbench.store.records_known import LIVE
from workbench.store.transaction import Transaction

_HALF = 8  # octets of a key that dataset, source id and part decide
_AT_ONCE = 2_000


def conjunction(tx: Transaction, keys: Sequence[str], classes: Iterable[int] = ()) -> int:
    """The class of what rests on all of these records, and on these classes.

    What rests on a record that is not here rests on nothing, and is seen by nobody.
    """
    found, members = tx.classes_of(keys), set(classes)
    if not all(found.get(key) for key in keys):
        return tx.class_number("", "", ())
    return tx.class_number("", "", members.union(*found.values()))


def remark(tx: Transaction, keys: Sequence[str], marking: Marking, sees: Sees) -> int:
    """Give a marking to all that these records speak of, as one that sees some classes; how many of those changed."""
    classes = Classes(tx.marking_of, lambda agency, marking: tx.class_number(agency, str(marking)))
    marks, seen = dict[int, Mark](), set[int]()
    wanted = set(map(bytes.fromhex, keys))
    sources = iter(sorted({key[:_HALF] for key in wanted}))
    while some := list(islice(sources, _AT_ONCE)):
        about, kept = subjects(tx.of_sources(some), wanted), list[RemarkedRow]()
        before = tx.decided([each.name for each in about])
        for each in about:
            decided = decide(classes.number(each.agency, marking), each.records, before.get(each.name), sees)
            kept.append(RemarkedRow(each.name.hex(), *decided))
            marks |= classes.marked(each, decided)
            seen.update(record.rid for record in each.records if sees(record.vis))
        tx.put(RemarkedRow, kept)
    return len(seen.intersection(mark_records(tx, marks)))


def mark_records(tx: Transaction, marks: Mapping[int, Mark], first_new: int = LIVE) -> list[int]:
    """Give records, by number, a class and the one that their deliveries ask for; which of them changed class.

    No load that is in the log was about those numbered from `first_new` on.
    """
    tx.ask(marks)
    placed = tx.placed(sorted(marks))
    moved = {rid: vis for rid, (vis, _) in sorted(marks.items()) if placed[rid][1] != vis}
    if moved:
        _follow_in_log(tx, {(*placed[rid], vis) for rid, vis in moved.items() if rid < first_new})
        tx.move(moved)
        touched = {each for rid, vis in moved.items() for each in (vis, placed[rid][1])}
        touched.update(_follow_evidence(tx))
        _refresh_revisions(tx)
        tx.begin_epoch(touched)
    return list(moved)


def _follow_in_log(tx: Transaction, moves: set[tuple[int, int, int]]) -> None:
    """Let entries of the log rest on the classes that records get."""
    changed = list[LoadRow]()
    for row in tx.rows(LoadRow) if moves else ():
        datasets, classes = map(tuple, followed((list(row.datasets), list(row.classes)), moves))
        if (datasets, classes) != (tuple(row.datasets), tuple(row.classes)):
            changed.append(row._replace(datasets=datasets, classes=classes))
    tx.put(LoadRow, changed)


def _follow_evidence(tx: Transaction) -> Iterator[int]:
    """Put judgements and documents into the classes that their evidence has now; those that they left and entered."""
    for judgement in tx.rows(JudgementRow):
        vis = conjunction(tx, judgement.evidence)
        if vis != judgement.vis:
            tx.put(JudgementRow, [judgement._replace(vis=vis)])
            yield from (vis, judgement.vis)
    for document in tx.rows(DocumentRow):
        vis = conjunction(tx, document.evidence, (document.own,))
        if vis != document.vis:
            tx.put(DocumentRow, [document._replace(vis=vis)])
            yield from (vis, document.vis)


def _refresh_revisions(tx: Transaction) -> None:
    """Say anew which classes each revision touched, because records changed class."""
    revisions = {each.rev: each for each in tx.rows(RevisionRow)}
    touched: dict[int, set[int]] = {rev: set() for rev in revisions}
    for begun, ended, vis in (
        *((row.rev_from, row.rev_to, row.vis) for row in tx.rows(JudgementRow)),
        *((row.rev_from, row.rev_to, row.vis) for row in tx.rows(CommonRow)),
        *tx.spans(),
    ):
        for rev in (begun, ended):
            touched.get(rev, set()).add(vis)
    tx.put(RevisionRow, [each._replace(classes=tuple(sorted(touched[rev]))) for rev, each in revisions.items()])
