"""Explain why two entities are joined or kept apart: rule, value and records."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.errors import naming
from workbench.resolve.common import common_values
from workbench.store.types import Judgement
from workbench.view.answers import Reason
from workbench.view.asking import question
from workbench.view.checking import clusters_to_check
from workbench.view.joins import IBAN_HOLDER, JUDGEMENT
from workbench.view.part import Joined
from workbench.view.view import View
from workbench.view.who import Who, different_between, everyone, is_between, judgements_about, who_is


@dataclass(frozen=True, slots=True)
class Report:
    """All joins of a view, all refused joins, the values that are set aside, and how many clusters to check."""

    joins: tuple[Reason, ...]
    vetoes: tuple[Reason, ...]
    set_aside: tuple[Mapping[str, Any], ...]
    to_check: int


@question
def explain(view: View, a: str, b: str) -> tuple[Reason, ...]:
    """Why two ids are the same entity, or why they are not; () if no identifier or judgement concerns them.

    If they are the same: the shortest chain of joins between the two referents. If not: each join
    that a veto or judgement refused, each `different`, and each shared value that too many hold.
    In both cases each `unsure` between the two: between their referents, if they are not the same.
    """
    with naming("a", known_as="entity"):
        view.canonical(a)
    with naming("b", known_as="entity"):
        view.canonical(b)
    known = who_is(view, [a, b])
    ours, theirs = known.clusters[a], known.clusters[b]
    judgements = {each.id: each for each in judgements_about(view, sorted({*ours, *theirs}))}
    if ours[0] == theirs[0]:
        chain = told_of([(join, "") for join in chain_between(known.joins, a, b)], judgements)
        return (*chain, *_unsure(judgements.values(), {a}, {b}))
    some, others = set(ours), set(theirs)
    reasons = told_of([each for each in known.refused if is_between(each[0].a, each[0].b, some, others)], judgements)
    reasons += (*map(_said, different_between(view, ours, theirs)), *_unsure(judgements.values(), some, others))
    return tuple(sorted((*reasons, *_too_common(known, ours, theirs)), key=_order))


@question
def report(view: View) -> Report:
    """All joins and refused joins of this view, the values that join nobody, and how many clusters to check."""
    known, judgements = everyone(view), {each.id: each for each in view.judgements()}
    identifiers = [{"value": each.value, "kind": each.kind, "n": each.n} for each in known.set_aside]
    common = [value.to_row() for value in common_values(view)]
    return Report(
        joins=told_of([(join, "") for join in known.joins], judgements),
        vetoes=told_of(known.refused, judgements),
        set_aside=tuple(sorted(identifiers + common, key=lambda row: (row["kind"], -row["n"], row["value"]))),
        to_check=clusters_to_check(view, 1).total,
    )


def chain_between(joins: Iterable[Joined], x: str, y: str) -> list[Joined]:
    """The shortest chain of joins between two referents of an entity, in order."""
    beside: dict[str, list[tuple[str, Joined]]] = defaultdict(list)
    for join in joins:
        beside[join.a].append((join.b, join))
        beside[join.b].append((join.a, join))
    came: dict[str, list[Joined]] = {x: []}
    waiting = deque([x])
    while waiting and y not in came:
        here = waiting.popleft()
        for there, join in sorted(beside[here], key=lambda each: (each[0], each[1].rule, each[1].value)):
            if there not in came:
                came[there] = [*came[here], join]
                waiting.append(there)
    return came[y]


def told_of(joins: Iterable[tuple[Joined, str]], judgements: Mapping[str, Judgement]) -> tuple[Reason, ...]:
    """Joins, each with the reason for its refusal or "", as `Reason`s."""
    reasons = []
    for join, why in joins:
        records = judgements[join.value].evidence if join.rule == JUDGEMENT else join.records
        if why:
            reasons.append(Reason("different", why, f"{join.rule} {join.value}", join.a, join.b, records))
        else:
            reasons.append(Reason("same", join.rule, join.value, join.a, join.b, records))
    return tuple(sorted(reasons, key=_order))


def _said(judgement: Judgement) -> Reason:
    a, b = sorted((judgement.a, judgement.b))
    return Reason(judgement.verdict, JUDGEMENT, judgement.id, a, b, judgement.evidence)


def _unsure(judgements: Iterable[Judgement], some: Collection[str], others: Collection[str]) -> Iterable[Reason]:
    """The judgements `unsure` between some entities and others."""
    found = (each for each in judgements if each.verdict == "unsure" and is_between(each.a, each.b, some, others))
    return sorted(map(_said, found), key=_order)


def _too_common(known: Who, ours: Collection[str], theirs: Collection[str]) -> Iterable[Reason]:
    """Identifiers that both share with so many others that they identify nobody."""
    for aside in known.set_aside:
        x, y = set(ours) & set(aside.holders), set(theirs) & set(aside.holders)
        if x and y:
            a, b = sorted((min(x), min(y)))
            why = "common, joins nobody" if aside.kind == IBAN_HOLDER else f"held by {aside.n}, identifies none"
            yield Reason("different", why, f"{aside.kind} {aside.value}", a, b, ())


def _order(reason: Reason) -> tuple[str, str, str, str]:
    return (reason.rule, reason.value, reason.a, reason.b)
