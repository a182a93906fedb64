"""The ties of a background: how many there are of each kind, and who is at their ends."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.scenario.background.chance import Chance, Real, Whole
from workbench.scenario.background.drawing import Drawing, Side, side, structureless
from workbench.scenario.background.population import (
    KFIU,
    NKP,
    RJP,
    TRC,
    Population,
    Some,
    called,
    otherwise,
    population,
)
from workbench.scenario.background.shape import Shape

# With fewer records than this there is no background.
LEAST_RECORDS = 250
_PER_PERSON = 12


@dataclass(frozen=True, slots=True)
class Shared:
    """Which common values a plot has; the background has ties to them, too."""

    dispatcher: bool
    exchange: bool
    agent: bool


@dataclass(frozen=True, slots=True)
class Links:
    """Ties of one kind, by the numbers of what is at both ends; the first ends ascend, if they are `sorted`."""

    a: Whole
    b: Whole

    def __len__(self) -> int:
        return len(self.a)

    def sorted(self) -> "Links":
        """The same in the order of the first ends."""
        order = np.argsort(self.a, kind="stable")
        return Links(self.a[order], self.b[order])


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts of persons and companies; `company` is -1 or the company's number, and `holder` the person's or -1."""

    some: Some
    holder: Whole
    company: Whole

    def __len__(self) -> int:
        return len(self.holder)


@dataclass(frozen=True)
class Network:
    """A background of exactly `records` records."""

    seed: int
    records: int
    shape: Shape
    shared: Shared
    population: Population

    @property
    def communities(self) -> int:
        """How many groups the ends of ties are drawn in: one, if there is no structure."""
        return int(self.population.people.community[-1]) + 1 if self.shape.has_communities else 1

    # -- how many ties ------------------------------------------------------------------------------

    @cached_property
    def many(self) -> dict[str, int]:
        """The number of ties of each kind that does not depend on where they end; calls are the rest."""
        here = self.population
        people, companies, vehicles = here.people, here.companies, here.vehicles
        kition, noordkust, trakia = (len(people.at(agency)) for agency in (KFIU, NKP, TRC))
        accounts = kition + len(companies.at(KFIU))
        return {
            "lives": noordkust + len(people.at(RJP)),
            "sits": len(companies.at(KFIU)),
            "directs": max(1, kition // 2),
            "works": max(1, noordkust * 3 // 10),
            "uses": max(1, noordkust // 8),
            "crosses": trakia * 3 // 2,
            "owns": max(1, len(vehicles.at(TRC)) * 2 // 5),
            "read": len(vehicles.at(TRC)) * 18 // 10,
            "pays": accounts * 2,
            "calls a taxi": (noordkust // 25 + 1) * self.shared.dispatcher,
            "changes money": (accounts // 25 + 1) * self.shared.exchange,
            "sits at the agent's": (len(companies.at(KFIU)) // 12 + 1) * self.shared.agent,
        }

    @property
    def calls(self) -> int:
        """The number of records of calls between phones of the background."""
        return self.records - self.population.described() - sum(self.many.values())

    # -- who is at their ends -----------------------------------------------------------------------

    def _side(self, some: Some, numbers: Whole, weight: Real) -> Side:
        members = side(some.community[numbers], weight[numbers])
        return members if self.shape.has_communities else structureless(members)

    @property
    def _drawing(self) -> Drawing:
        return Drawing(Chance(self.seed), self.shape.between_communities)

    def _links(self, kind: str, sources: Some, weight: Real, targets: Some, agency: int) -> Links:
        """Ties of an agency from those it knows to those it knows."""
        a, b = sources.at(agency), targets.at(agency)
        ends = self._side(sources, a, weight), self._side(targets, b, targets.weight)
        at, to = self._drawing.links(kind, self.many[kind], *ends)
        return Links(a[at], b[to])

    def _each(self, kind: str, sources: Some, a: Whole, targets: Some, agency: int) -> Links:
        """One tie of each of some."""
        b, at = targets.at(agency), np.arange(len(a))
        ends = self._side(sources, a, np.ones(len(sources))), self._side(targets, b, targets.weight)
        return Links(a, b[self._drawing.targets(kind, ends[0], at, ends[1])])

    @cached_property
    def lives(self) -> dict[int, Links]:
        """Where people live, by the police force that knows it."""
        people, homes = self.population.people, self.population.homes
        return {each: self._each(f"lives:{each}", people, people.at(each), homes, each) for each in (NKP, RJP)}

    @cached_property
    def sits(self) -> Links:
        """Where companies of Cyprus have their seats."""
        companies = self.population.companies
        return self._each("sits", companies, companies.at(KFIU), self.population.seats, KFIU)

    @cached_property
    def directs(self) -> Links:
        """Who directs a company of Cyprus."""
        people = self.population.people
        return self._links("directs", people, otherwise(people), self.population.companies, KFIU).sorted()

    @cached_property
    def works(self) -> Links:
        """Who works for a company that Noordkust knows."""
        people = self.population.people
        return self._links("works", people, otherwise(people), self.population.companies, NKP).sorted()

    @cached_property
    def uses(self) -> Links:
        """Who was found to use a vehicle."""
        people = self.population.people
        return self._links("uses", people, otherwise(people), self.population.vehicles, NKP).sorted()

    @cached_property
    def crosses(self) -> Links:
        """Who crossed a border in which vehicle."""
        people = self.population.people
        return self._links("crosses", people, people.weight, self.population.vehicles, TRC).sorted()

    @cached_property
    def owns(self) -> Links:
        """Vehicles, and the hauliers who own them."""
        vehicles = self.population.vehicles
        owned = vehicles.at(TRC)[np.arange(self.many["owns"]) * 5 // 2]
        return self._each("owns", vehicles, owned, self.population.companies, TRC)

    @cached_property
    def read(self) -> Links:
        """Vehicles, and the cameras that read them: each at least once."""
        vehicles, cameras = self.population.vehicles, self.population.cameras
        once, more = vehicles.at(TRC), self.many["read"] - len(vehicles.at(TRC))
        members = self._side(vehicles, once, vehicles.weight)
        again = once[self._drawing.sources("read", more, members)] if more else once[:0]
        return self._each("read", vehicles, np.sort(np.concatenate((once, again))), cameras, TRC)

    @cached_property
    def accounts(self) -> Accounts:
        """Kition's accounts: one of each person and each company."""
        here = self.population
        people, companies = here.people.at(KFIU), here.companies.at(KFIU)
        community = np.concatenate((here.people.community[people], here.companies.community[companies]))
        weight = np.concatenate((here.people.weight[people], 2 * here.companies.weight[companies]))
        order = np.argsort(community, kind="stable")
        none = np.full(len(order), -1)
        holder, company = none.copy(), none
        holder[: len(people)], company[len(people) :] = people, companies
        some = Some(community[order], np.full(len(order), KFIU), weight[order])
        return Accounts(some, holder[order], company[order])

    @cached_property
    def pays(self) -> Links:
        """Payments from account to account."""
        return self._again("pays", self.accounts.some, KFIU, self.many["pays"])

    @cached_property
    def called(self) -> dict[int, Links]:
        """Calls by the police force that has them, from phone to phone."""
        phones = self.population.phones
        many = {RJP: self.calls // 10, NKP: self.calls - self.calls // 10}
        return {agency: self._again(f"calls:{agency}", phones, agency, many[agency]) for agency in (NKP, RJP)}

    def _again(self, kind: str, some: Some, agency: int, records: int) -> Links:
        """Exactly so many records between pairs, a pair's together: most pairs have few, some have many."""
        numbers, mean = some.at(agency), self.shape.repeats
        pairs = int(records / mean * 1.2) + 10
        sides = self._side(some, numbers, _busy(some, numbers)), self._side(some, numbers, called(some))
        a, b = self._drawing.pairs(kind, pairs, *sides)
        missed = self._drawing.chance.parts(f"{kind}:times", pairs)
        times = 1 + np.asarray(np.log(1 - missed) / np.log(1 - 1 / mean), np.int64)
        times[-1] = max(times[-1], records - int(times[:-1].sum()))
        last = int(np.searchsorted(np.cumsum(times), records)) + 1
        return Links(*(numbers[np.repeat(ends[:last], times[:last])[:records]] for ends in (a, b)))

    @property
    def sharers(self) -> dict[str, int]:
        """How many of the background have a tie to each common value of the plot, by its kind."""
        many = self.many
        agent, exchange, taxi = many["sits at the agent's"], many["changes money"], many["calls a taxi"]
        return {"Address": agent, "BankAccount": exchange, "Phone": taxi}

    @cached_property
    def taxis(self) -> Whole:
        """Whose phones call the plot's dispatcher: evenly chosen."""
        return _evenly(self.population.people.at(NKP), self.many["calls a taxi"])

    @cached_property
    def changes(self) -> Whole:
        """Accounts that pay the plot's exchange."""
        return _evenly(np.arange(len(self.accounts)), self.many["changes money"])

    @cached_property
    def at_agent(self) -> Whole:
        """Companies that sit at the address of the plot's formation agent."""
        return _evenly(self.population.companies.at(KFIU), self.many["sits at the agent's"])


def _busy(some: Some, numbers: Whole) -> Real:
    """How much each calls or pays: mostly by how active it is, partly alike, so that few do not at all."""
    return np.asarray(some.weight + some.weight[numbers].mean() / 3)


def _evenly(numbers: Whole, many: int) -> Whole:
    return numbers[np.arange(many) * len(numbers) // max(many, 1)]


def plan(records: int, seed: int, shape: Shape, shared: Shared) -> Network | None:
    """The network for exactly so many records; None if they are too few for one."""
    if records < LEAST_RECORDS:
        return None
    first = _of(records // _PER_PERSON, records, seed, shape, shared)
    fixed, people = records - first.calls, len(first.population.people)
    found = _of(int(records * people / (fixed + people * shape.contacts * shape.repeats)), records, seed, shape, shared)
    while found.calls < 0:
        found = _of(len(found.population.people) * 9 // 10, records, seed, shape, shared)
    return found


def _of(people: int, records: int, seed: int, shape: Shape, shared: Shared) -> Network:
    return Network(seed, records, shape, shared, population(seed, people, shape))
