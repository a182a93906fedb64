"""Whom walks over several ties start at: persons who reach about as many entities in every store.

Answers of three hops differ a thousandfold from one person to the next. Times for each entity can be compared only
between answers of about the same size.
"""

import json
import random
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

HOPS = 3
REACHED = 500  # entities within HOPS ties of whom a walk starts at
_TRIED = 200
_OTHERS = 6


@dataclass(frozen=True)
class Start:
    """Where a walk starts: the number of an entity, and some of those that are exactly HOPS ties away."""

    entity: int
    others: tuple[int, ...]


def starts(db: sqlite3.Connection, persons: Sequence[int], seed: int) -> Iterator[Start]:
    """Those of some persons, drawn by a seed, who reach as many entities as is aimed at, the nearest to it first.

    Markings and identity are left out: this is about the size of an answer, not about the answer.
    """
    chance = random.Random(seed)
    drawn = chance.sample(persons, min(len(persons), _TRIED))
    reached = [(_rings(db, each), each) for each in drawn]
    for rings, entity in sorted(reached, key=lambda each: (abs(sum(map(len, each[0])) - REACHED), each[1])):
        if rings[-1]:
            last = sorted(rings[-1])
            yield Start(entity, tuple(chance.sample(last, min(len(last), _OTHERS))))


def _rings(db: sqlite3.Connection, entity: int) -> list[set[int]]:
    """The entities that are 0, 1, … HOPS ties away; the last ring is empty if they are more than enough by then."""
    rings = [{entity}]
    for _ in range(HOPS):
        fresh = _next_to(db, rings[-1]) if len(rings[-1]) <= REACHED else set()
        rings.append(fresh.difference(*rings))
    return rings


def _next_to(db: sqlite3.Connection, entities: Collection[int]) -> set[int]:
    given = json.dumps(sorted(entities))
    return {number for (number,) in islice(db.execute(_NEXT, (given, given)), 20 * REACHED)}


_NEXT = """
SELECT t.b FROM json_each(?) j CROSS JOIN tie t ON t.a = j.value
UNION SELECT t.a FROM json_each(?) j CROSS JOIN tie t ON t.b = j.value
"""
