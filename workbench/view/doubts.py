"""What a score can and can't decide where something keeps entities apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from workbench.model.numbers import EntityNumber
from workbench.store.scores import COMPARISONS, HUNDREDTHS
from workbench.view.joining import smallest_joined
from workbench.view.joins import SCORE, Join
from workbench.view.scored import Best
from workbench.view.traits import Apart, Traits, why_apart

# Of two that are kept apart, a third belongs to the one whose score is higher by so many bits; else to neither.
_MORE, _AGREES = 3.0, 5.0
# What a name, a number and a birth date say at least where they are the same, in bits.
_NAMED, _NUMBER, _DAY, _ADDRESS = 3.0, 10.0, 13.0, 6.5
# From so many bits on, other numbers of one document and all, it is a renewed one.
_RENEWED = 22.0
_WHY = "it fits two that are kept apart"


def with_confirmed(traits: Mapping[EntityNumber, Traits], scored: Best) -> dict[EntityNumber, Traits]:
    """The traits, where entities that are surely one have the birth dates, sexes or documents of all of them.

    A birth date yields to one document and one name; a sex to one name, birth date, and anything else; a document
    to one name, birth date, and phone, e-mail or address: a clerk mistakes one field, and a passport is renewed, more
    often than two people have all the others in common.
    """
    bits = {name: scored.weights[:, n] / HUNDREDTHS for n, name in enumerate(COMPARISONS)}
    named, numbered, mailed = bits["name"] >= _NAMED, bits["document"] >= _NUMBER, bits["email"] >= _NUMBER
    born = named & (bits["birth"] >= _DAY)
    near = mailed | (bits["phone"] >= _NUMBER) | (bits["address"] >= _ADDRESS)
    births = _together(traits, scored.take(named & numbered))
    sexes = _together(traits, scored.take(born & (numbered | near)))
    papers = _together(traits, scored.take((born & near) | (named & (scored.total >= _RENEWED * HUNDREDTHS))))
    found = dict(traits)
    for entity in births.keys() | sexes.keys() | papers.keys():
        found[entity] = traits[entity]._replace(
            births=tuple(sorted({birth for other in births.get(entity, [entity]) for birth in traits[other].births})),
            sex=frozenset(sex for other in sexes.get(entity, [entity]) for sex in traits[other].sex),
            documents=_all_documents([traits[other] for other in papers.get(entity, [entity])]),
        )
    return found


def _all_documents(some: Iterable[Traits]) -> dict[tuple[str, str, str], frozenset[str]]:
    """The documents of several entities that are one."""
    documents: dict[tuple[str, str, str], frozenset[str]] = {}
    for each in some:
        for kind, numbers in each.documents.items():
            documents[kind] = documents.get(kind, frozenset()) | numbers
    return documents


def _together(traits: Mapping[EntityNumber, Traits], same: Best) -> Mapping[EntityNumber, list[EntityNumber]]:
    """All entities that are one with each, itself included, if there are others."""
    entities = np.array(sorted(traits), dtype=np.int64)
    a, b = (np.searchsorted(entities, each) for each in (same.a, same.b))
    smallest = smallest_joined(len(entities), a.astype(np.int32), b.astype(np.int32))
    members: dict[int, list[EntityNumber]] = defaultdict(list)
    for entity, group in zip(entities.tolist(), smallest.tolist(), strict=True):
        members[group].append(entity)
    return {entity: group for group in members.values() if len(group) > 1 for entity in group}


def undecided(
    joins: Sequence[Join], scored: Best, traits: Mapping[EntityNumber, Traits], apart: Apart
) -> list[tuple[Join, str]]:
    """The scores of an entity that fits two which are kept apart, neither much better than the other.

    Only those with one field beside the name: with more, the better one is right.
    """
    others = np.delete(scored.weights, COMPARISONS.index("name"), axis=1)
    thin = scored.take((others >= _AGREES * HUNDREDTHS).sum(axis=1) < 2)
    is_thin = set(zip(thin.a.tolist(), thin.b.tolist(), strict=True))
    beside: dict[EntityNumber, dict[EntityNumber, int]] = defaultdict(dict)
    are_apart = cache(lambda a, b: bool(why_apart(a, b, traits, apart)))
    scores = [join for join in joins if join.strength == SCORE and not are_apart(join.a, join.b)]
    for join in scores:
        beside[join.a][join.b] = beside[join.b][join.a] = join.weight

    def is_undecided(one: EntityNumber, between: EntityNumber, weight: int) -> bool:
        return any(
            weight < other + _MORE * HUNDREDTHS and are_apart(min(one, rival), max(one, rival))
            for rival, other in beside[between].items()
            if rival != one
        )

    return [
        (join, _WHY)
        for join in scores
        if (join.a, join.b) in is_thin
        and (is_undecided(join.a, join.b, join.weight) or is_undecided(join.b, join.a, join.weight))
    ]
