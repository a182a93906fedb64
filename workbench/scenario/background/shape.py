"""The shape of a background: what varies from seed to seed."""

import random
from dataclasses import asdict, dataclass
from typing import Any, Literal

Structure = Literal["communities", "none"]

_LEAST_AND_MOST = {
    "tail": (2.1, 2.7),
    "community_tail": (1.6, 2.6),
    "between_communities": (0.05, 0.35),
    "living_abroad": (0.03, 0.15),
    "known_to_several": (0.04, 0.16),
    "contacts": (2.2, 3.6),
    "repeats": (1.4, 3.6),
    "given_names_tail": (2.3, 2.7),
    "family_names_tail": (1.5, 1.75),
}
# What says where ends are drawn; without structure nothing does.
_OF_STRUCTURE = ("tail", "community_tail", "between_communities")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a background is made.

    - `tail`, `community_tail`: exponents of the power laws of how active people are, and of the sizes of communities;
    - `between_communities`: the share of ties whose ends are drawn from everywhere, and not within a community;
    - `living_abroad`: the share of people whose home is not where their community's is;
    - `known_to_several`: the share of people whom two agencies know or more;
    - `contacts`, `repeats`: how many others a phone calls, and how many calls such a pair has, on average;
    - `given_names_tail`, `family_names_tail`: exponents of the power laws of how frequent names are.
    """

    structure: Structure
    tail: float
    community_tail: float
    between_communities: float
    living_abroad: float
    known_to_several: float
    contacts: float
    repeats: float
    given_names_tail: float
    family_names_tail: float

    @property
    def has_communities(self) -> bool:
        """Whether ends are drawn within communities, by how active people are."""
        return self.structure == "communities"

    def told(self) -> dict[str, Any]:
        """What the truth file says of it."""
        all_of_it = asdict(self)
        return {name: all_of_it[name] for name in all_of_it if self.has_communities or name not in _OF_STRUCTURE}


def shape_of(seed: int, structure: Structure) -> Shape:
    """The shape that a seed gives."""
    rng = random.Random(f"{seed}:shape")
    drawn = {name: round(rng.uniform(*limits), 3) for name, limits in _LEAST_AND_MOST.items()}
    return Shape(structure, **drawn)
