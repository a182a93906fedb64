"""Explain why two entities are joined or kept apart: rule, value and records."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.errors import naming
from workbench.model.numbers import EntityNumber
from workbench.resolve.common import common_values
from workbench.store.types import Judgement
from workbench.view.answers import Reason
from workbench.view.asking import question
from workbench.view.joins import IBAN_HOLDER, Join
from workbench.view.snapshot import Snapshot
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class Report:
    """All joins of a view, all refused joins, and the values that are set aside."""

    joins: tuple[Reason, ...]
    vetoes: tuple[Reason, ...]
    set_aside: tuple[Mapping[str, Any], ...]


@question
def explain(view: View, a: str, b: str) -> tuple[Reason, ...]:
    """Why two ids are the same entity, or why they are not; () if no identifier or judgement concerns them.

    If they are the same: the shortest chain of joins between the two referents. If not: each join
    that a veto or judgement refused, each `different`, and each shared value that too many hold.
    """
    snapshot = view.snapshot()
    with naming("a", known_as="entity"):
        x = snapshot.number(a)
    with naming("b", known_as="entity"):
        y = snapshot.number(b)
    judgements = {each.id: each for each in view.judgements()}
    ours, theirs = (snapshot.identity.cluster(number) for number in (x, y))
    if ours[0] == theirs[0]:
        return _reasons(snapshot, [(join, "") for join in _chain(snapshot, ours, x, y)], judgements)
    between = {(i, j) for i in ours for j in theirs} | {(j, i) for i in ours for j in theirs}
    refused = [(join, why) for join, why in snapshot.identity.refused if (join.a, join.b) in between]
    reasons = _reasons(snapshot, refused, judgements)
    reasons += tuple(_different(snapshot, judgements.values(), between))
    return tuple(sorted((*reasons, *_too_common(snapshot, ours, theirs)), key=_order))


@question
def report(view: View) -> Report:
    """All joins and refused joins of this view, and the values that join nobody."""
    snapshot = view.snapshot()
    judgements = {each.id: each for each in view.judgements()}
    identifiers = [{"value": s.value, "kind": s.kind, "n": len(s.holders)} for s in snapshot.identity.set_aside]
    common = [value.to_row() for value in common_values(view)]
    return Report(
        joins=_reasons(snapshot, [(join, "") for join in snapshot.identity.standing], judgements),
        vetoes=_reasons(snapshot, snapshot.identity.refused, judgements),
        set_aside=tuple(sorted(identifiers + common, key=lambda row: (row["kind"], -row["n"], row["value"]))),
    )


def _chain(snapshot: Snapshot, members: Sequence[EntityNumber], x: EntityNumber, y: EntityNumber) -> list[Join]:
    """The shortest chain of joins between two referents of an entity."""
    standing = snapshot.identity.standing
    beside: dict[EntityNumber, list[tuple[EntityNumber, Join]]] = {member: [] for member in members}
    for join in standing.where(np.isin(standing.a, members)):
        beside[join.a].append((join.b, join))
        beside[join.b].append((join.a, join))
    came: dict[EntityNumber, list[Join]] = {x: []}
    waiting = deque([x])
    while waiting and y not in came:
        here = waiting.popleft()
        for there, join in sorted(beside[here], key=lambda each: (each[0], each[1].rule, each[1].value)):
            if there not in came:
                came[there] = [*came[here], join]
                waiting.append(there)
    return came[y]


def _reasons(
    snapshot: Snapshot, joins: Iterable[tuple[Join, str]], judgements: Mapping[str, Judgement]
) -> tuple[Reason, ...]:
    """Joins, each with the reason for its refusal or "", as `Reason`s with record keys."""
    wanted = list(joins)
    keys = snapshot.keys_of(sorted({number for join, _ in wanted for number in join.records}))
    reasons = []
    for join, why in wanted:
        a, b = sorted((snapshot.id_of(join.a), snapshot.id_of(join.b)))
        records = tuple(sorted({keys[number] for number in join.records}))
        if join.rule == "judgement":
            records = judgements[join.value].evidence
        if why:
            reasons.append(Reason("different", why, f"{join.rule} {join.value}", a, b, records))
        else:
            reasons.append(Reason("same", join.rule, join.value, a, b, records))
    return tuple(sorted(reasons, key=_order))


def _different(
    snapshot: Snapshot, judgements: Iterable[Judgement], between: set[tuple[EntityNumber, EntityNumber]]
) -> Iterable[Reason]:
    outweighed = {each for judgement in judgements for each in judgement.overrides}
    for each in judgements:
        ends = (snapshot.find(each.a), snapshot.find(each.b))
        if each.verdict == "different" and each.id not in outweighed and ends in between:
            a, b = sorted((each.a, each.b))
            yield Reason("different", "judgement", each.id, a, b, each.evidence)


def _too_common(snapshot: Snapshot, ours: Sequence[EntityNumber], theirs: Sequence[EntityNumber]) -> Iterable[Reason]:
    """Identifiers that both share with so many others that they identify nobody."""
    for aside in snapshot.identity.set_aside:
        x, y = set(ours) & set(aside.holders), set(theirs) & set(aside.holders)
        if x and y:
            a, b = sorted((snapshot.id_of(min(x)), snapshot.id_of(min(y))))
            why = (
                "common, joins nobody"
                if aside.kind == IBAN_HOLDER
                else f"held by {len(aside.holders)}, identifies none"
            )
            yield Reason("different", why, f"{aside.kind} {aside.value}", a, b, ())


def _order(reason: Reason) -> tuple[str, str, str, str]:
    return (reason.rule, reason.value, reason.a, reason.b)
