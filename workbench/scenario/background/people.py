"""The people of a background on the stage, each with everything that ties him to things."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np

from workbench.scenario.background.clock import Clock, by_first
from workbench.scenario.background.naming import Naming
from workbench.scenario.background.network import Network
from workbench.scenario.background.population import CULTURES, KFIU, NKP, RJP, TRC
from workbench.scenario.background.things import Things, place
from workbench.scenario.numbers import Numbers
from workbench.scenario.stage import Stage
from workbench.scenario.world import Account, Company, Person, Phone

_OLDEST, _YEARS, _DAYS = 1950, 55, 360
_POSTS = ("ГКПП Солник-изток", "ГКПП Солник-запад")


class People:
    """Tells them, and keeps phones, by the numbers of persons, and accounts, by their own."""

    def __init__(self, stage: Stage, numbers: Numbers, network: Network, naming: Naming, clock: Clock) -> None:
        self._stage, self._numbers, self._network, self._naming = stage, numbers, network, naming
        self._clock = clock
        self.phones: list[Phone] = []
        self.accounts: list[Account] = []

    def tell(self, things: Things, forget: Callable[[], None]) -> None:
        """Tell everybody, and forget each person afterwards."""
        here, stage = self._network.population, self._stage
        known = here.people.known.tolist()
        self.accounts = [self._account(number) for number in range(len(self._network.accounts))]
        opened = self._accounts_of_people()
        ties = _Ties(stage, self._network, things, self._clock)
        for number, person in enumerate(self._persons()):
            self._describe(number, person, known[number])
            if known[number] & KFIU:
                stage.kfiu.account(self.accounts[opened[number]], person, next(ties.days))
            ties.tell(number, person)
            for office in stage.offices:
                office.forget(person)
            forget()
        self._accounts_of_companies(things.companies, ties.days)
        forget()

    def _persons(self) -> Iterator[Person]:
        homes = self._network.population.home.tolist()
        years, days = (
            self._clock.whole(*each) for each in (("born", len(homes), 0, _YEARS), ("day", len(homes), 0, _DAYS))
        )
        for number, home in enumerate(homes):
            culture = CULTURES[home]
            born = date(_OLDEST + next(years), 1, 2) + timedelta(days=next(days))
            name, passport = self._naming.person(number, culture), self._numbers.next("passport", culture)
            yield Person(f"background-{number}", "background", name, born, culture, passport)

    def _describe(self, number: int, person: Person, known: int) -> None:
        """Tell a person and his phone to those who know him; Noordkust knows everybody's number."""
        nkp, trc, kfiu, rjp = self._stage.nkp, self._stage.trc, self._stage.kfiu, self._stage.rjp
        phone = Phone(f"background-phone-{number}", self._numbers.next("phone", person.country))
        if known & NKP:
            nkp.person(person)
        nkp.phone(phone, person if known & NKP else None)
        if known & KFIU:
            kfiu.person(person, phone=phone)
            kfiu.forget(phone)
        if known & TRC:
            trc.person(person)
            trc.phone(phone, person)
            trc.forget(phone)
        if known & RJP:
            rjp.person(person)
            rjp.line(phone, person)
        self.phones.append(phone)

    # -- accounts -----------------------------------------------------------------------------------

    def _account(self, number: int) -> Account:
        return Account(f"background-account-{number}", self._numbers.next("iban", "cy"))

    def _accounts_of_people(self) -> list[int]:
        """For each person the number of his account, or 0."""
        holder = self._network.accounts.holder
        found = np.zeros(len(self._network.population.people), np.int64)
        found[holder[holder >= 0]] = np.flatnonzero(holder >= 0)
        return found.tolist()

    def _accounts_of_companies(self, companies: list[Company], days: Iterator[date]) -> None:
        for number, company in enumerate(self._network.accounts.company.tolist()):
            if company >= 0:
                self._stage.kfiu.account(self.accounts[number], companies[company], next(days))


class _Ties:
    """Tells what ties one person after another to things."""

    def __init__(self, stage: Stage, network: Network, things: Things, clock: Clock) -> None:
        many = len(network.population.people)
        self._stage, self._things = stage, things
        self._lodges, self._lives = (by_first(network.lives[each], many) for each in (NKP, RJP))
        self._directs, self._works = by_first(network.directs, many), by_first(network.works, many)
        self._uses, self._crosses = by_first(network.uses, many), by_first(network.crosses, many)
        self.days = clock.days("since", len(network.accounts) + sum(network.many[each] for each in _DATED))
        self._times = clock.times("crosses", len(network.crosses))
        self._posts = clock.whole("posts", len(network.crosses), 0, len(_POSTS))

    def tell(self, number: int, person: Person) -> None:
        """Tell all ties of a person."""
        stage, companies, vehicles = self._stage, self._things.companies, self._things.vehicles
        for home in self._lodges(number):
            stage.nkp.resides(person, place(home, NKP), "woning", next(self.days))
        for home in self._lives(number):
            stage.rjp.resides(person, place(home, RJP), next(self.days))
        for company in self._directs(number):
            stage.kfiu.directs(person, companies[company], next(self.days))
        for company in self._works(number):
            stage.nkp.works(person, companies[company], next(self.days))
        for vehicle in self._uses(number):
            stage.nkp.uses(person, vehicles[vehicle], next(self.days))
        for vehicle in self._crosses(number):
            stage.trc.crossing(person, vehicles[vehicle], _POSTS[next(self._posts)], next(self._times))


_DATED = ("lives", "directs", "works", "uses")
