"""The cast of a plot, and the stage on which four agencies watch it."""

import random
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from workbench.scenario.names import CULTURES, Name, names
from workbench.scenario.numbers import Numbers
from workbench.scenario.offices.kition import Kition
from workbench.scenario.offices.noordkust import Noordkust
from workbench.scenario.offices.office import Office
from workbench.scenario.offices.rif import Rif
from workbench.scenario.offices.trakia import Trakia
from workbench.scenario.world import Account, Address, Company, Incident, Person, Phone, Vehicle


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each a plot has; the numbers here are Saltmarsh's."""

    victims: int = 28
    witnesses: int = 6
    players: int = 8
    callers: int = 40
    payers: int = 22
    at_agent: int = 11
    greenhouses: int = 3
    lodgings: int = 5
    football_days: int = 30
    contact_calls: int = 3
    calls: int = 2
    transfers: int = 11
    withdrawals: int = 6
    reports: int = 12
    incidents: int = 12
    bystanders: int = 3
    victim_phones: int = 6
    officers: int = 4
    lawyers: int = 2
    supervisors: int = 3
    vans: int = 3
    trucks: int = 8
    controls: int = 3
    cases: int = 3
    chains: int = 5
    suspicions: int = 4
    cameras: int = 2


class Cast:
    """Everybody and everything in a plot, each under its key."""

    def __init__(self, seed: int, numbers: Numbers) -> None:
        self.rng = random.Random(f"{seed}:plot")
        self.numbers = numbers
        self._names = {culture: names(culture, self.rng) for culture in CULTURES}
        self.persons: dict[str, Person] = {}
        self.companies: dict[str, Company] = {}
        self.vehicles: dict[str, Vehicle] = {}
        self.phones: dict[str, Phone] = {}
        self.accounts: dict[str, Account] = {}
        self.addresses: dict[str, Address] = {}
        self.incidents: dict[str, Incident] = {}

    def person(
        self, key: str, part: str, culture: str, *, name: Name | None = None, born: date | None = None
    ) -> Person:
        """Somebody new."""
        found = Person(
            key=key,
            part=part,
            name=name or next(self._names[culture]),
            born=born or self.birthday(self.rng.randrange(1965, 2003)),
            country=culture,
            passport=self.numbers.next("passport", culture),
        )
        self.persons[key] = found
        return found

    def birthday(self, year: int) -> date:
        """A day of a year, and never New Year's Day."""
        return date(year, 1, 2) + timedelta(days=self.rng.randrange(360))

    def company(self, key: str, name: str, country: str) -> Company:
        """A new company."""
        self.companies[key] = Company(key, name, country, self.numbers.next("company", country))
        return self.companies[key]

    def vehicle(self, key: str, country: str, model: str) -> Vehicle:
        """A new vehicle."""
        self.vehicles[key] = Vehicle(key, self.numbers.next("plate", country), country, model)
        return self.vehicles[key]

    def phone(self, key: str, country: str) -> Phone:
        """A new number."""
        self.phones[key] = Phone(f"phone-{key}", self.numbers.next("phone", country))
        return self.phones[key]

    def account(self, key: str, country: str) -> Account:
        """A new account."""
        self.accounts[key] = Account(f"account-{key}", self.numbers.next("iban", country))
        return self.accounts[key]

    def address(self, key: str, street: str, city: str, country: str) -> Address:
        """A new address."""
        self.addresses[key] = Address(key, street, city, country)
        return self.addresses[key]

    def incident(self, key: str, kind: str, day: date, text: str, case: str = "") -> Incident:
        """A new incident."""
        self.incidents[key] = Incident(key, kind, day, text, case)
        return self.incidents[key]

    def some(self, *keys: str) -> list[Person]:
        """Those of some persons who are in this plot; a small one has not everybody."""
        return [self.persons[key] for key in keys if key in self.persons]

    def group(self, prefix: str) -> list[Person]:
        """All persons whose keys are this and a number, in order."""
        return [person for key, person in self.persons.items() if key.rpartition("-")[0] == prefix]


@dataclass(frozen=True, slots=True)
class Stage:
    """A plot's cast, size and the four agencies that watch."""

    cast: Cast
    size: Size
    nkp: Noordkust
    trc: Trakia
    kfiu: Kition
    rjp: Rif

    @property
    def offices(self) -> tuple[Office, ...]:
        """The four agencies."""
        return self.nkp, self.trc, self.kfiu, self.rjp

    def at(self, day: date) -> datetime:
        """A moment by daylight of a day."""
        rng = self.cast.rng
        return datetime(day.year, day.month, day.day, rng.randrange(8, 20), rng.randrange(60))  # noqa: DTZ001 - local time, as files have it

    def between(self, first: date, last: date) -> date:
        """A day from the first to the last, both included."""
        return first + timedelta(days=self.cast.rng.randrange((last - first).days + 1))

    def seconds(self) -> int:
        """How long a call lasts."""
        return self.cast.rng.randrange(20, 600)


SALTMARSH = Size()
SMALLEST = Size(
    victims=2,
    witnesses=1,
    players=0,
    callers=0,
    payers=0,
    at_agent=0,
    greenhouses=0,
    lodgings=1,
    football_days=0,
    contact_calls=1,
    calls=1,
    transfers=2,
    withdrawals=1,
    reports=0,
    incidents=1,
    bystanders=0,
    victim_phones=0,
    officers=1,
    lawyers=1,
    supervisors=0,
    vans=1,
    trucks=1,
    controls=0,
    cases=1,
    chains=2,
    suspicions=0,
    cameras=0,
)

# With fewer than these there is no common value, or no team, and then there are none at all.
_LEAST = {"callers": 22, "payers": 18, "at_agent": 9, "players": 5, "football_days": 10}


def between_sizes(part: float) -> Size:
    """A size between the smallest (0) and Saltmarsh (1)."""
    values = {}
    for field in fields(Size):
        low, high = getattr(SMALLEST, field.name), getattr(SALTMARSH, field.name)
        many = round(low + (high - low) * part)
        values[field.name] = many if many >= _LEAST.get(field.name, 0) else 0
    return Size(**values)
