"""Groups of persons most of whom know each other: a network that tells which ties it lacks."""

import numpy as np

from tests.analytics.cases import AGENCIES, OPEN_TO_ALL, person, tie
from workbench.model.record import Record

GROUPS, SIZE = 8, 6


def pairs_of_friends(seed: int = 0, groups: int = GROUPS, size: int = SIZE) -> list[tuple[int, int]]:
    """Who knows whom: four of five pairs of a group, and one of a hundred others."""
    rng, n = np.random.default_rng(seed), groups * size
    every = ((a, b) for a in range(n) for b in range(a + 1, n))
    return [(a, b) for a, b in every if rng.random() < (0.8 if a // size == b // size else 0.01)]


def friends(seed: int = 0, marking: str = OPEN_TO_ALL, agencies: int = 1) -> list[Record]:
    """Persons f0, f1 ... and who knows whom, told by one agency after the other.

    Each agency has all persons; those of several are joined by the number of a passport.
    """
    names = AGENCIES[:agencies]
    known = [person(f"f{n}", name, passportNumber=f"P{n:07}", nationality="nl") for name in names for n in _everybody()]
    tied = [
        tie(
            "Associate",
            names[n % agencies],
            person=f"f{a}",
            associate=f"f{b}",
            marking=marking,
            date=f"2026-0{1 + n % 8}-11",
        )
        for n, (a, b) in enumerate(pairs_of_friends(seed))
    ]
    return [*known, *tied]


def _everybody() -> range:
    return range(GROUPS * SIZE)
