"""Who some entities are in a view, with the reason for each join: in ids and keys of records."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from workbench.model.asked import one_text, texts
from workbench.model.numbers import RecordNumber
from workbench.store.columns import Int32, Int64
from workbench.store.types import Judgement, overridden
from workbench.view.access import answer
from workbench.view.joins import SetAside
from workbench.view.part import Joined, Part
from workbench.view.view import View


class Aside(NamedTuple):
    """An identifier that too many hold to identify anybody: how many, and which of the entities asked about."""

    kind: str
    value: str
    n: int
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """Who some entities are: all referents of each, the canonical one first, and what joins or fails to join them.

    `refused` has the joins that a veto or a judgement left out, each with the reason.
    """

    clusters: Mapping[str, tuple[str, ...]]
    joins: tuple[Joined, ...]
    refused: tuple[tuple[Joined, str], ...]
    set_aside: tuple[Aside, ...]


@answer
def who_is(view: View, entities: Sequence[str]) -> Who:
    """Who some entities are; NotFound for one that is not in this view."""
    wanted = texts(entities, "entities")
    part = view._of(wanted)
    clusters = {each: tuple(part.members(each, "entities")) for each in wanted}
    members = part.columns.indices_of(sorted({each for cluster in clusters.values() for each in cluster}))
    return _who(view, part, clusters, members)


@answer
def members_of(view: View, entities: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """All referents of some entities, the canonical one first; those that are not in this view are left out."""
    wanted = texts(entities, "entities")
    part = view._of(wanted)
    numbers = zip(wanted, part.columns.indices_of(wanted).tolist(), strict=True)
    return {each: tuple(part.referents(number)) for each, number in numbers if number >= 0}


@answer
def judgements_about(view: View, entities: Sequence[str]) -> tuple[Judgement, ...]:
    """The judgements of this view about some of its referents, ordered by id."""
    wanted, parts = set(texts(entities, "entities")), view._parts()
    if parts is None:
        return tuple(each for each in view.judgements() if not wanted.isdisjoint((each.a, each.b)))
    return tuple(parts.judgements(wanted))


@answer
def judgements_of(view: View, entity: str) -> tuple[Judgement, ...]:
    """The judgements of this view about any referent of an entity, ordered by id; NotFound if it has no such entity."""
    return judgements_about(view, view._of([one_text(entity, "entity")]).members(entity))


@answer
def different_between(view: View, some: Sequence[str], others: Sequence[str]) -> list[Judgement]:
    """The judgements that keep one of some referents apart from one of others: no other overrides them."""
    ours, theirs = set(texts(some, "some")), set(texts(others, "others"))
    return [each for each in standing_differences(view, sorted(ours)) if is_between(each.a, each.b, ours, theirs)]


@answer
def standing_differences(view: View, entities: Sequence[str]) -> list[Judgement]:
    """The judgements `different` about some referents, ordered by id: no other overrides them."""
    wanted, parts = set(texts(entities, "entities")), view._parts()
    known = parts.judgements(wanted) if parts else view.judgements()
    said = [each for each in known if each.verdict == "different" and not wanted.isdisjoint((each.a, each.b))]
    outweighed = parts.outweighed({each.id for each in said}) if parts else overridden(known)
    return [each for each in said if each.id not in outweighed]


def is_between(a: str, b: str, some: Collection[str], others: Collection[str]) -> bool:
    """Whether one of two ids is among some, and the other among others."""
    return (a in some and b in others) or (a in others and b in some)


@answer
def everyone(view: View) -> Who:
    """All joins of the view, those that were refused, and the identifiers that join nobody; without clusters."""
    part = view._all()
    return _who(view, part, {}, np.flatnonzero(part.columns.present).astype(np.int32))


@answer
def left_out(view: View) -> tuple[tuple[Joined, str], ...]:
    """All joins of the view that a veto, a judgement or a doubt left out, each with the reason."""
    part = view._all()
    refused = [each for some in part.identity.refused for each in some]
    told = part.told([join for join, _ in refused], partial(view._keys_of, part.numbers))
    return tuple((join, why) for join, (_, why) in zip(told, refused, strict=True))


def _who(view: View, part: Part, clusters: Mapping[str, tuple[str, ...]], members: Int32) -> Who:
    among = np.zeros(len(part.columns.ids), dtype=bool)
    among[members] = True
    standing, refused = part.identity.standing, part.identity.refused
    left_out = [each for some in refused for each in some.where(among[some.joins.a] | among[some.joins.b])]
    joins = [*standing.where(among[standing.a]), *(join for join, _ in left_out)]
    told = part.told(joins, partial(view._keys_of, part.numbers))
    n = len(joins) - len(left_out)
    return Who(
        clusters,
        tuple(told[:n]),
        tuple((join, why) for join, (_, why) in zip(told[n:], left_out, strict=True)),
        tuple(_aside(part, each, held) for each in part.identity.set_aside if (held := _held(each, among))),
    )


def _held(aside: SetAside, among: np.ndarray) -> list[int]:
    return [holder for holder in aside.holders if among[holder]]


def _aside(part: Part, aside: SetAside, held: Iterable[int]) -> Aside:
    return Aside(aside.kind, aside.value, len(aside.holders), tuple(part.columns.ids_of(np.array(sorted(held)))))


@answer
def records_about(view: View, entity: str) -> tuple[str, ...]:
    """The keys of the records about one referent, in order; NotFound if it is not in this view."""
    part, parts = view._of([one_text(entity, "entity")]), view._parts()
    number = part.number(entity)
    if parts is None:
        return _keys(view, view.snapshot().records_about(view.snapshot().mask([number])))
    about = parts.lookups.about(part.numbers.entities[[number]])
    return tuple(sorted(parts.keys_of(about.record.tolist()).values()))


@answer
def records_naming(view: View, entity: str) -> tuple[str, ...]:
    """The keys of the records that give one referent a role, in order; NotFound if it is not in this view."""
    part, parts = view._of([one_text(entity, "entity")]), view._parts()
    number = part.number(entity)
    if parts is None:
        return _keys(view, view.snapshot().records_naming(view.snapshot().mask([number])))
    ties = parts.lookups.ties(part.numbers.entities[[number]], None)
    return tuple(sorted(parts.keys_of(np.unique(ties.record).tolist()).values()))


@answer
def records_of_each(view: View, entities: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """For each of some referents the keys of the records about it, in order; for a stub, of those that give it a role.

    NotFound for one that is not in this view.
    """
    wanted = texts(entities, "entities")
    part, parts = view._of(wanted), view._parts()
    places = [part.number(each, "entities") for each in wanted]
    numbers: Int64 = part.numbers.entities[places] if parts else np.array(places, dtype=np.int64)
    about = parts.lookups.about(np.unique(numbers)) if parts else view._columns().about
    found = _by_entity(numbers, about.entity, about.record)
    stubs = np.array(sorted(set(numbers.tolist()) - found.keys()), dtype=np.int64)
    if len(stubs):
        ties = parts.lookups.ties(stubs, None) if parts else view._columns().ties
        ends, records = np.concatenate([ties.a, ties.b]), np.concatenate([ties.record, ties.record])
        found |= _by_entity(stubs, ends, records)
    every = sorted({record for records in found.values() for record in records})
    keys = parts.keys_of(every) if parts else view.snapshot().keys_of(every)
    return {
        each: tuple(sorted({keys[record] for record in found.get(number, ())}))
        for each, number in zip(wanted, numbers.tolist(), strict=True)
    }


def _by_entity(wanted: Int64, entities: np.ndarray, records: np.ndarray) -> dict[int, list[RecordNumber]]:
    """The records beside each of some entities."""
    found, rows = defaultdict[int, list[RecordNumber]](list), np.isin(entities, wanted)
    for entity, record in zip(entities[rows].tolist(), records[rows].tolist(), strict=True):
        found[entity].append(record)
    return dict(found)


def _keys(view: View, records: np.ndarray) -> tuple[str, ...]:
    return tuple(sorted(view.snapshot().keys_of(np.unique(records).tolist()).values()))
