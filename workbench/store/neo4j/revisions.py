"""Revisions: which are published, which classes each changed, and changes of marking."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.store.evidence import followed
from workbench.store.loading import Mark
from workbench.store.neo4j import ties
from workbench.store.neo4j.connection import rows
from workbench.store.neo4j.interning import Terms
from workbench.store.records_known import LIVE
from workbench.store.types import new_epoch

_PUBLISH: LiteralString = """
MERGE (r:Revision {rev: $rev}) SET r.token = $token, r.kind = $kind, r.at = $at, r.classes = $classes
WITH r MATCH (s:Store {name: 'workbench'}) SET s.published = $rev
"""
_NEW_EPOCH: LiteralString = "MATCH (s:Store {name: 'workbench'}) SET s.epoch = $epoch"
_NEW_EPOCH_OF_ALL: LiteralString = "MATCH (c:VisibilityClass) SET c.epoch = $epoch"
# A class may be new: it is written with what is here, and later than this.
_NEW_EPOCHS: LiteralString = "UNWIND $epochs AS e MERGE (c:VisibilityClass {vis: e[0]}) SET c.epoch = e[1]"

_TOUCHED: tuple[LiteralString, ...] = (
    "MATCH (r:Record) WHERE r.rev_to > r.rev_from RETURN DISTINCT r.rev_from, r.vis",
    "MATCH (r:Record) WHERE r.rev_to > r.rev_from AND r.rev_to < $live RETURN DISTINCT r.rev_to, r.vis",
    "MATCH (j:Judgement) RETURN j.rev_from, j.vis",
    "MATCH (j:Judgement) WHERE j.rev_to < $live RETURN j.rev_to, j.vis",
    "MATCH (c:CommonValue) RETURN c.rev_from, c.vis",
    "MATCH (c:CommonValue) WHERE c.rev_to < $live RETURN c.rev_to, c.vis",
)
_REVISIONS: LiteralString = "MATCH (r:Revision) RETURN r.rev"
_SET_TOUCHED: LiteralString = "UNWIND $touched AS t MATCH (r:Revision {rev: t[0]}) SET r.classes = t[1]"

_SET_VIS: LiteralString = """
UNWIND $rids AS rid MATCH (r:Record {rid: rid}) SET r.vis = $vis, r.marking = $marking
"""
_SET_ASKED: LiteralString = "UNWIND $marks AS m MATCH (r:Record {rid: m[0]}) SET r.asked = m[1]"
_VIS_OF: LiteralString = "UNWIND $rids AS rid MATCH (r:Record {rid: rid}) RETURN rid, r.vis"
_MOVES: LiteralString = """
UNWIND $marks AS m MATCH (r:Record {rid: m[0]}) RETURN DISTINCT r.did, r.vis, m[1]
"""
_LOGGED: LiteralString = "MATCH (l:LoadEntry) RETURN l.lid, coalesce(l.datasets, []), coalesce(l.classes, [])"
_SET_LOGGED: LiteralString = """
UNWIND $logged AS each MATCH (l:LoadEntry {lid: each[0]}) SET l.datasets = each[1], l.classes = each[2]
"""
_JUDGED: LiteralString = "MATCH (j:Judgement) RETURN j.jid, j.evidence, j.vis"
_SET_JUDGED: LiteralString = """
MATCH (j:Judgement {jid: $jid}) SET j.vis = $vis
WITH j MATCH (a:Entity {id: j.a})-[r:SAME|DIFFERENT|UNSURE]->(b:Entity {id: j.b}) WHERE r.jid = $jid SET r.vis = $vis
"""
_SAVED: LiteralString = "MATCH (d:SavedDocument) RETURN d.kind, d.name, d.by, d.version, d.evidence, d.own, d.vis"
_SET_SAVED: LiteralString = """
MATCH (d:SavedDocument {kind: $kind, name: $name, by: $by, version: $version}) SET d.vis = $vis
"""
_CLASSES_OF: LiteralString = """
UNWIND $keys AS key OPTIONAL MATCH (r:Record {key: key}) RETURN key, collect(DISTINCT r.vis)
"""


def publish_revision(tx: ManagedTransaction, rev: int, token: str, kind: str, at: str, touched: Iterable[int]) -> None:
    """Make a revision visible to those who see one of the classes that it touched."""
    rows(tx, _PUBLISH, rev=rev, token=token, kind=kind, at=at, classes=sorted(set(touched)))


def _refresh_revision_classes(tx: ManagedTransaction) -> None:
    """Say anew which classes each revision touched, because records changed class."""
    classes: dict[int, set[int]] = {rev: set() for (rev,) in rows(tx, _REVISIONS)}
    for statement in _TOUCHED:
        for rev, vis in rows(tx, statement, live=LIVE):
            if rev in classes:
                classes[rev].add(vis)
    rows(tx, _SET_TOUCHED, touched=[(rev, sorted(found)) for rev, found in sorted(classes.items())])


def mark_records(tx: ManagedTransaction, terms: Terms, marks: Mapping[int, Mark], first_new: int = LIVE) -> list[int]:
    """Give records, by number, a class and the one that their deliveries ask for; which of them changed class.

    No load that is in the log was about those numbered from `first_new` on.
    """
    rows(tx, _SET_ASKED, marks=[(rid, None if asked == vis else asked) for rid, (vis, asked) in sorted(marks.items())])
    now = dict[int, int](rows(tx, _VIS_OF, rids=sorted(marks)))
    moved = {rid: vis for rid, (vis, _) in sorted(marks.items()) if now[rid] != vis}
    if moved:
        touched = {each for rid, vis in moved.items() for each in (vis, now[rid])}
        _set_vis(tx, terms, moved, first_new)
        touched |= _refresh_conjunctions(tx, terms)
        _refresh_revision_classes(tx)
        begin_epoch(tx, touched)
    return list(moved)


def begin_epoch(tx: ManagedTransaction, classes: Collection[int] | None = None) -> None:
    """Say that what is in these classes (all, without any) is not what it was."""
    rows(tx, _NEW_EPOCH, epoch=new_epoch())
    if classes is None:
        rows(tx, _NEW_EPOCH_OF_ALL, epoch=new_epoch())
    else:
        rows(tx, _NEW_EPOCHS, epochs=[(vis, new_epoch()) for vis in sorted(classes)])


def _set_vis(tx: ManagedTransaction, terms: Terms, marks: Mapping[int, int], first_new: int) -> None:
    """Put records, with all that stands on them, into other classes."""
    _follow(tx, [mark for mark in marks.items() if mark[0] < first_new])
    by_class: dict[int, list[int]] = defaultdict(list)
    for rid, vis in marks.items():
        by_class[vis].append(rid)
    for vis, rids in sorted(by_class.items()):
        rows(tx, _SET_VIS, rids=rids, vis=vis, marking=str(terms.marking(vis)))
        ties.mark(tx, ties.drawn(tx, terms.shapes, rids), vis)


def _follow(tx: ManagedTransaction, marks: Sequence[tuple[int, int]]) -> None:
    """Let entries of the log rest on the classes that records get."""
    moves = {(did, old, new) for did, old, new in rows(tx, _MOVES, marks=marks)}
    if moves:
        logged = [(lid, *followed((datasets, classes), moves)) for lid, datasets, classes in rows(tx, _LOGGED)]
        rows(tx, _SET_LOGGED, logged=logged)


def _refresh_conjunctions(tx: ManagedTransaction, terms: Terms) -> set[int]:
    """Put judgements and documents into the classes that their evidence has now; those that they left and entered."""
    moved = set[int]()
    for jid, evidence, vis in rows(tx, _JUDGED):
        now = conjunction(tx, terms, evidence, ())
        if now != vis:
            rows(tx, _SET_JUDGED, jid=jid, vis=now)
            moved |= {now, vis}
    for kind, name, by, version, evidence, own, vis in rows(tx, _SAVED):
        now = conjunction(tx, terms, evidence, (own,))
        if now != vis:
            rows(tx, _SET_SAVED, kind=kind, name=name, by=by, version=version, vis=now)
            moved |= {now, vis}
    return moved


def conjunction(tx: ManagedTransaction, terms: Terms, keys: Sequence[str], classes: Iterable[int]) -> int:
    """The class of what rests on all of these records, and on these classes.

    What rests on a record that is not here rests on nothing, and is seen by nobody.
    """
    members = set(classes)
    for _, found in rows(tx, _CLASSES_OF, keys=list(keys)):
        if not found:
            return terms.vis("", "", ())
        members.update(found)
    return terms.vis("", "", members)
