"""Entities and relationships that a person draws by hand: records with grade, marking and author, like any other.

Each drawing is a load of one record into the dataset `by-hand` of an agency, as an assessment. The ends of a
relationship are entities of other datasets, and roles name none of those: so the dataset gets a stub for each end,
which the author judges to be the same. The record and its judgements are published, and withdrawn, as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from ingest.hand_ends import Ground, ends_of, grounds_of
from ingest.hand_values import (
    Given,
    agency_of,
    grade_of,
    marking_of,
    properties_of,
    reason_of,
    refuse_unseen,
    schema_of,
)
from workbench.errors import UsageError, naming
from workbench.model.ids import judgement_id
from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.record import BY_HAND, Basis, Dataset, Record, Role
from workbench.resolve.judgements import contradicted, judged_at, refuse_against
from workbench.store.transaction import Transaction
from workbench.store.types import FileReport, Judgement
from workbench.store.writing import Writer
from workbench.view.answers import Entity
from workbench.view.asking import writing
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of

_ENDS = ("a", "b")


@dataclass(frozen=True, slots=True)
class DrawnByHand:
    """What was drawn by hand: the load's id, the record's key and marking, and what it is in the author's view.

    `entity` is the id of an entity drawn, "" for a relationship; `ends` are the two ends of a relationship. `revision`
    is the token; None if the same person had drawn exactly the same before, and then all is as it was.
    """

    load: str
    key: str
    marking: str
    entity: str
    ends: tuple[str, ...]
    revision: str | None


class _Drawing(NamedTuple):
    """A record to draw, without its source id and roles, and the grounds of its ends, the source's first."""

    record: Record
    why: str
    grounds: Sequence[Ground]


class _Same(NamedTuple):
    """An end that is a stub: the parameter that names it, the referent that it is judged to be, and on which record."""

    field: str
    referent: str
    stub: str
    ground: str


class _Joined(NamedTuple):
    """The record as it is stored, and what its author judges of its ends."""

    record: Record
    judged: Sequence[_Same]


@writing
def draw_entity(
    store: GraphStore,
    view: View,
    schema: str,
    values: Given,
    *,
    grade: str | None,
    why: str,
    by: str,
    marking: str | None = None,
    agency: str | None = None,
) -> DrawnByHand:
    """Draw an entity by hand for an agency, by default the viewer's only one, as a load of one record.

    `values` has texts by property, `grade` a scheme and a value (`admiralty B2`) or None, `why` the reason, which is
    kept among the record's values. `marking` is by default that of loads.

    AccessDenied if the viewer may not load for the agency. InputError for an unknown schema; UsageError for a wrong
    property, value, grade or marking.
    """
    with store.lease():
        now = store.view(view.viewer, purpose=view.purpose)
        of = agency_of(now.viewer, agency)
        drawn = _record(schema, values, grade, why, of, marking_of(marking, of), tie=False)
        return _drawn(store, now, by, _Drawing(drawn, reason_of(why), ()))


@writing
def draw_relationship(
    store: GraphStore,
    view: View,
    schema: str,
    a: str,
    b: str,
    values: Given,
    *,
    grade: str | None,
    why: str,
    by: str,
    marking: str | None = None,
    agency: str | None = None,
) -> DrawnByHand:
    """Draw a relationship by hand between two entities of the view, of any agencies; `a` has the source's role.

    Beside what `draw_entity` refuses: NotFound for an entity that is not in the view; UsageError for one that does not
    fit its role, for a marking that tells of an end to who may see nothing of it, and if a visible judgement
    `different` keeps an end apart from its stub.
    """
    with store.lease():
        now = store.view(view.viewer, purpose=view.purpose)
        of = agency_of(now.viewer, agency)
        wanted = marking_of(marking, of)
        drawn = _record(schema, values, grade, why, of, wanted, tie=True)
        ends: tuple[Entity, Entity] = ends_of(now, ontology().schemata[drawn.schema], a, b)
        grounds, least = grounds_of(now, list(zip(_ENDS, ends, strict=True)), of, wanted, marking is not None)
        return _drawn(store, now, by, _Drawing(replace(drawn, marking=least), reason_of(why), grounds))


def _record(name: str, values: Given, grade: str | None, why: str, agency: str, marking: Marking, tie: bool) -> Record:
    """The record of what is drawn, as far as it is known before the store is asked."""
    schema = schema_of(name, tie)
    return Record(
        schema=schema.name,
        dataset=Dataset(agency, BY_HAND),
        source_id="",
        properties=properties_of(schema, values, reason_of(why)),
        marking=marking,
        basis=Basis.ASSESSMENT,
        grade=grade_of(grade),
        locator="drawn by hand",
    )


def _drawn(store: GraphStore, now: View, by: str, drawing: _Drawing) -> DrawnByHand:
    """Store a drawing, unless it stands; the caller holds the lease."""
    agency, marking, at = drawing.record.dataset.agency, drawing.record.marking, judged_at()
    refuse_unseen(now.viewer.of(store.agencies() | {agency}), now.purpose, marking)
    with store.writer(agency=agency, by=by, at=at) as writer:
        joined = _joined(writer, drawing, now.viewer.name)
        standing = _standing(now, joined)
        if standing:
            return standing
        _refuse_apart(now, joined)
        judgements = [_judgement(each, joined.record, drawing.why, now.viewer.name, at) for each in joined.judged]
        file = writer.file(_path(joined.record), _hash(joined.record), BY_HAND)
        (outcome,) = writer.put([joined.record], file, at)
        if outcome == "late":
            raise UsageError(f"a later delivery of {joined.record.dataset} speaks of the same: withdraw it", "agency")
        writer.judge(judgements)
        check = _Check(store, now, joined)
        token = writer.publish(dataset=BY_HAND, adapter=BY_HAND, files=[_report(joined.record, outcome)], also=check)
        return _told(writer.load, joined, check.ends, token)


def _joined(writer: Writer, drawing: _Drawing, author: str) -> _Joined:
    """The record with its source id and roles, and what joins the stubs of its ends to entities.

    The ids are keyed hashes: who sees them without the judgements learns nothing from them. That of the record is of
    its author, values, reason and ends: the same, drawn again with another grade or marking, takes its place.
    """
    record, roles, judged = drawing.record, list[Role](), list[_Same]()
    for name, field, ground in zip(ontology().ends(record.schema), _ENDS, drawing.grounds, strict=False):
        referent = ground.referent
        if (referent.agency, referent.dataset) == (record.dataset.agency, BY_HAND):
            roles.append(Role(name, referent.source_id))
            continue
        roles.append(Role(name, writer.sealed(f"end {referent.id}")))
        judged.append(_Same(field, referent.id, record.referent(roles[-1].ref), ground.record))
    tied = replace(record, roles=tuple(roles))
    said = replace(tied, grade=None).content()
    return _Joined(replace(tied, source_id=writer.sealed(f"drawn {len(author)} {author} {said}")), judged)


def _standing(now: View, joined: _Joined) -> DrawnByHand | None:
    """The same drawing of the same author, if the view has it, with its load, its marking and its judgements."""
    record, path = joined.record, _path(joined.record)
    found = now.records([record.key()])
    loads = [each for each in now.loads() if not each.withdrawn and path in {file.path for file in each.files}]
    if not found or not loads or found[0].record.marking != record.marking:
        return None
    ends = _ends(now, record)
    if not {now.canonical(each.referent) for each in joined.judged} <= set(ends):
        return None
    return _told(loads[-1].id, joined, ends, None)


def _refuse_apart(now: View, joined: _Joined) -> None:
    """UsageError if a visible judgement `different` keeps an end apart from its stub, which earlier drawings made."""
    for field, referent, stub, _ in joined.judged:
        if members_of(now, [stub]):
            with naming(field, known_as="override"):
                refuse_against(contradicted(now, referent, stub), now.viewer.name, override=False)


def _judgement(same: _Same, record: Record, why: str, author: str, at: str) -> Judgement:
    """The judgement that the stub of an end is a referent of it; it rests on the drawing and on the end's ground."""
    said = (same.referent, same.stub, "same", author, f"drawn by hand: {why}", at)
    return Judgement(judgement_id(*said), *said, tuple(sorted({record.key(), same.ground})))


class _Check:
    """Looks, before all is committed, whether the author's view will join each end with its stub; UsageError if not."""

    def __init__(self, store: GraphStore, before: View, joined: _Joined) -> None:
        self._store, self._before, self._joined = store, before, joined
        self.ends: tuple[str, ...] = ()

    def __call__(self, tx: Transaction, revision: int) -> set[int]:
        """Look, and change nothing."""
        store = self._store.inside(tx)
        now = store.view(self._before.viewer.of(store.agencies()), purpose=self._before.purpose)
        for field, referent, stub, _ in self._joined.judged:
            if now.canonical(referent) != now.canonical(stub):
                raise UsageError(f"something keeps {referent} apart from {stub}, its stub: look at their joins", field)
        self.ends = _ends(now, self._joined.record)
        return set()


def _ends(view: View, record: Record) -> tuple[str, ...]:
    """The ends of a relationship in a view."""
    return tuple(view.canonical(record.referent(role.ref)) for role in record.roles)


def _told(load: str, joined: _Joined, ends: tuple[str, ...], token: str | None) -> DrawnByHand:
    record = joined.record
    entity = "" if ends else record.entity
    return DrawnByHand(load, record.key(), str(record.marking), entity, ends, token)


def _path(record: Record) -> str:
    """What stands for the file of a drawing: it has none."""
    return f"{BY_HAND}/{record.source_id}"


def _hash(record: Record) -> str:
    return sha256(record.content().encode()).hexdigest()


def _report(record: Record, outcome: str) -> FileReport:
    again = int(outcome == "unchanged")
    path, said = _path(record), _hash(record)
    return FileReport(path, said, read=1, accepted=1 - again, unchanged=again, records={record.schema: 1})


__all__ = ["DrawnByHand", "draw_entity", "draw_relationship"]
