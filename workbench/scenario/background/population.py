"""Who and what there is in a background: people and things, where they belong, and which agencies know them.

All of it is the same with and without structure: structure is in the ties.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.scenario.background.chance import Chance, Real, Whole
from workbench.scenario.background.shape import Shape

AGENCIES = ("KFIU", "NKP", "RJP", "TRC")
KFIU, NKP, RJP, TRC = 1, 2, 4, 8
# The culture of those who have their home with an agency.
CULTURES = {KFIU: "cy", NKP: "nl", RJP: "ma", TRC: "bg"}
# How many of a hundred people have their home with each agency.
_HOMES = (22, 34, 22, 22)
_LEAST_COMMUNITY = 3
_MOST_OF_ALL = 8  # the largest community is an eighth of the people, or smaller
# The most active of n people is so many times as active as the least: n to this power. And the heaviest things:
_HEAVIEST = 0.7
_MOST_AT_HOME, _MOST_IN_COMPANY, _MOST_IN_VEHICLE = 300, 30, 60
_MORE_UNEQUAL = 0.3  # than people: what is taken from their exponent
# How much a person's being active shows in being called, and in other ties.
_CALLED, _OTHERWISE = 0.4, 0.5


@dataclass(frozen=True, slots=True)
class Some:
    """People or things in the order of their communities: who knows each, and its weight as an end of ties."""

    community: Whole
    known: Whole
    weight: Real

    def __len__(self) -> int:
        return len(self.community)

    def at(self, agency: int) -> Whole:
        """The numbers of those whom an agency knows."""
        return np.flatnonzero(self.known & agency)

    def sightings(self) -> int:
        """How often they are described: once in the files of each agency."""
        return sum(len(self.at(agency)) for agency in (KFIU, NKP, RJP, TRC))


@dataclass(frozen=True, slots=True)
class Population:
    """People, and what they have.

    Everybody has a phone, which all who know him know. Noordkust's call records have all numbers.
    """

    people: Some
    home: Whole
    companies: Some
    vehicles: Some
    homes: Some
    seats: Some
    cameras: Some

    @property
    def phones(self) -> Some:
        """The phone of each person, under the person's number."""
        return Some(self.people.community, self.people.known | NKP, self.people.weight)

    def described(self) -> int:
        """The number of records that describe entities and say whose they are."""
        people, many = self.people, len(self.companies.at(KFIU))
        accounts, strange = len(people.at(KFIU)) + many, len(people) - len(people.at(NKP))
        again = len(self.vehicles.at(TRC))  # in the customs' plate reads, too
        some = (people, self.companies, self.vehicles, self.homes, self.seats, self.cameras)
        return sum(each.sightings() for each in some) + 2 * (people.sightings() + accounts) + strange + again


def population(seed: int, many: int, shape: Shape) -> Population:
    """Exactly `many` people, and things in proportion."""
    chance = Chance(seed)
    community = _communities(chance, many, shape)
    home = _homes(chance, community, shape)
    active = chance.heavy("active", many, shape.tail, max(8.0, many**_HEAVIEST))
    people = Some(community, _known(chance, home, shape), active)
    return _with_things(chance, people, home, shape)


def _communities(chance: Chance, many: int, shape: Shape) -> Whole:
    """The community of each person, as numbers that ascend."""
    most = max(_LEAST_COMMUNITY, many // _MOST_OF_ALL)
    drawn = chance.heavy("communities", many // _LEAST_COMMUNITY + 1, shape.community_tail, most / _LEAST_COMMUNITY)
    ends = np.cumsum(np.asarray(drawn * _LEAST_COMMUNITY, np.int64))
    return np.searchsorted(ends, np.arange(many), side="right")


def _homes(chance: Chance, community: Whole, shape: Shape) -> Whole:
    """The agency at home of each person: his community's, or another if he lives abroad, as the first of none does."""
    limits = np.cumsum(_HOMES)
    of = np.searchsorted(limits, chance.below("home", community[-1] + 1, 100), side="right")
    of[:4] = np.arange(4)[: len(of)]
    anywhere = np.searchsorted(limits, chance.below("abroad:where", len(community), 100), side="right")
    first = np.searchsorted(community, community) == np.arange(len(community))
    abroad = (chance.parts("abroad", len(community)) < shape.living_abroad) & ~first
    return np.asarray(1 << np.where(abroad, anywhere, of[community]), np.int64)


def _known(chance: Chance, home: Whole, shape: Shape) -> Whole:
    """The agencies that know each person: the one at home, for some another, and for some of these one more."""
    known, more = home, np.full(len(home), True)
    for which in ("second", "third"):
        more = more & (chance.parts(which, len(home)) < shape.known_to_several)
        turned = home << (1 + chance.below(f"{which}:which", len(home), 3))
        known = np.where(more, known | np.where(turned > TRC, turned >> 4, turned), known)
    return known


def _with_things(chance: Chance, people: Some, home: Whole, shape: Shape) -> Population:
    def things(name: str, tail: float, most: float, *shares: tuple[int, float]) -> Some:
        return _things(chance, name, people, shares, tail, most)

    also = 2 * shape.known_to_several
    companies = things("companies", shape.tail, _MOST_IN_COMPANY, (KFIU, 0.5), (NKP, 0.15), (TRC, 0.1))
    vehicles = things("vehicles", shape.tail - _MORE_UNEQUAL, _MOST_IN_VEHICLE, (TRC, 1.0), (NKP, 0.1))
    return Population(
        people,
        home,
        _known_also(chance, "companies:also", companies, KFIU, NKP, also),
        _known_also(chance, "vehicles:also", vehicles, TRC, NKP, also),
        things("homes", shape.tail - _MORE_UNEQUAL, _MOST_AT_HOME, (NKP, 0.75), (RJP, 0.75)),
        things("seats", shape.tail - _MORE_UNEQUAL, _MOST_AT_HOME, (KFIU, 0.15)),
        things("cameras", shape.tail, _MOST_AT_HOME, (TRC, 0.03)),
    )


def _things(
    chance: Chance, name: str, people: Some, shares: Sequence[tuple[int, float]], tail: float, most: float
) -> Some:
    """Things of one kind, so many of each agency for each person it knows; they belong where people do."""
    communities, known = [], []
    for agency, share in shares:
        there = people.community[people.at(agency)]
        many = max(1, int(share * len(there)))
        communities.append(there[np.arange(many) * len(there) // many])
        known.append(np.full(many, agency))
    order = np.argsort(np.concatenate(communities), kind="stable")
    weight = chance.heavy(name, len(order), tail, most)
    return Some(np.concatenate(communities)[order], np.concatenate(known)[order], weight)


def _known_also(chance: Chance, name: str, things: Some, agency: int, other: int, share: float) -> Some:
    """Things of which a share of one agency's are known to another too."""
    both = (things.known == agency) & (chance.parts(name, len(things)) < share)
    return Some(things.community, np.where(both, agency | other, things.known), things.weight)


def called(people: Some) -> Real:
    """How likely each is to be called."""
    return np.asarray(people.weight**_CALLED)


def otherwise(people: Some) -> Real:
    """How likely each is to be an end of a tie that is no call, payment or crossing."""
    return np.asarray(people.weight**_OTHERWISE)
