"""Background: cells of people who have nothing to do with the plot, as many as are asked for.

A cell is small and tied to nothing but common values, so that nobody in it lies between more
than a few others, and only one cell is ever in memory.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise

from workbench.scenario.names import CULTURES, names
from workbench.scenario.numbers import Numbers
from workbench.scenario.offices.kition import Payment
from workbench.scenario.offices.noordkust import Noordkust
from workbench.scenario.stage import Stage
from workbench.scenario.world import Account, Address, Company, Person, Phone, Thing, Vehicle

_FIRST_DAY = date(2026, 1, 3)
_DAYS = 95
# The most records that a cell has.
MOST_IN_A_CELL = 130
# Ties between persons in each agency's file: the crew, the hauliers and whom they take along, the circle, the family.
TIES_IN_A_CELL = {"KFIU": 3, "NKP": 6, "RJP": 6, "TRC": 6}
_CREW, _HAULIERS, _CIRCLE, _FAMILY = 4, 3, 3, 4


class Background:
    """Cells one after another on the stage of a plot."""

    def __init__(self, stage: Stage, seed: int, numbers: Numbers) -> None:
        self._stage, self._numbers, self._seed = stage, numbers, seed
        rng = random.Random(f"{seed}:background")
        self._names = {culture: names(culture, rng) for culture in CULTURES}
        self.rng = rng
        self.number = 0

    def kept(self) -> list[Thing]:
        """The things that cells share with the plot: common values, and a truck and a camera used by `fill`."""
        cast = self._stage.cast
        found = [cast.phones.get("dispatcher"), cast.accounts.get("exchange"), cast.addresses.get("agent-address")]
        return [cast.vehicles["truck-1"], cast.addresses["camera-east"], *(each for each in found if each)]

    def cell(self) -> None:
        """Play one more cell."""
        self.number += 1
        self.rng = random.Random(f"{self._seed}:cell:{self.number}")
        crew = self._crew()
        hauler = self._hauliers()
        self._abroad(crew[0], hauler)
        self._circle(crew[1])
        self._family()

    def fill(self, records: int) -> None:
        """Add this many records: a truck that passes a camera again and again."""
        truck, camera = self._stage.cast.vehicles["truck-1"], self._stage.cast.addresses["camera-east"]
        start = datetime(2026, 1, 4, 0, 0)  # noqa: DTZ001 - local time, as files have it
        for number in range(records):
            self._stage.trc.read(truck, camera, start + timedelta(minutes=97 * number))

    # -- the parts of a cell ----------------------------------------------------------------------

    def _crew(self) -> list[Person]:
        """Four who work together in the Low Countries."""
        nkp = self._stage.nkp
        people = list(self._people("crew", "nl", _CREW))
        phones = [Phone(self._key("phone", n), self._numbers.next("phone", "nl")) for n in range(_CREW)]
        home = Address(self._key("home"), f"Kanaalstraat {self.number}", "Noordkust", "nl")
        nkp.address(home)
        for person, phone in zip(people, phones, strict=True):
            nkp.person(person)
            nkp.phone(phone, person)
        for person in people[:2]:
            nkp.resides(person, home, "woning", self._day())
        self._crew_calls(nkp, phones)
        return people

    def _crew_calls(self, nkp: Noordkust, phones: list[Phone]) -> None:
        again = [tuple(self.rng.sample(phones, 2)) for _ in range(2)]
        for a, b in [*combinations(phones, 2), *again]:
            nkp.call(a, b, self._time(), self.rng.randrange(20, 600))
        dispatcher = self._stage.cast.phones.get("dispatcher")
        if dispatcher:
            nkp.call(phones[0], dispatcher, self._time(), 60)

    def _hauliers(self) -> Vehicle:
        """Three who share a truck in Bulgaria."""
        trc = self._stage.trc
        truck = Vehicle(self._key("truck"), self._numbers.next("plate", "bg"), "bg", "MAN TGX")
        camera = Address(self._key("camera"), f"път {self.number}", "Хасково", "bg")
        trc.vehicle(truck)
        trc.address(camera)
        for person in self._people("haulier", "bg", _HAULIERS):
            trc.person(person)
            for _ in range(3):
                trc.crossing(person, truck, "ГКПП Солник-изток", self._time())
        for _ in range(3):
            trc.read(truck, camera, self._time())
        return truck

    def _abroad(self, person: Person, truck: Vehicle) -> None:
        """One of the crew is known to the customs too, by his passport."""
        self._stage.trc.person(person)
        self._stage.trc.crossing(person, truck, "ГКПП Солник-запад", self._time())

    def _circle(self, person: Person) -> None:
        """Three with a company in Cyprus, and one of the crew who pays them."""
        kfiu, cast = self._stage.kfiu, self._stage.cast
        people = [person, *self._people("circle", "cy", _CIRCLE)]
        company = Company(
            self._key("company"), f"Samphire Ventures {self.number} Ltd", "cy", self._numbers.next("company", "cy")
        )
        kfiu.company(company)
        accounts = []
        for n, holder in enumerate(people):
            kfiu.person(holder)
            accounts.append(Account(self._key("account", n), self._numbers.next("iban", "cy")))
            kfiu.account(accounts[-1], holder, self._day())
        for director in people[1:3]:
            kfiu.directs(director, company, self._day())
        for a, b in pairwise(accounts):
            for _ in range(2):
                kfiu.pay(Payment(self._day(), float(self.rng.randrange(100, 5_000)), "έμβασμα", source=a, target=b))
        if "exchange" in cast.accounts:
            paid = float(self.rng.randrange(100, 3_000))
            kfiu.pay(Payment(self._day(), paid, "συνάλλαγμα", source=accounts[3], target=cast.accounts["exchange"]))
        if "agent-address" in cast.addresses:
            kfiu.seat(company, cast.addresses["agent-address"], self._day())

    def _family(self) -> None:
        """Four of one household in Morocco."""
        rjp = self._stage.rjp
        home = Address(self._key("house"), f"rue {self.number}", "Nador", "ma")
        rjp.address(home)
        lines = []
        for n, person in enumerate(self._people("family", "ma", _FAMILY)):
            rjp.person(person)
            lines.append(Phone(self._key("line", n), self._numbers.next("phone", "ma")))
            rjp.line(lines[-1], person)
            rjp.resides(person, home, self._day())
        for _ in range(8):
            a, b = self.rng.sample(lines, 2)
            rjp.call(a, b, self._time(), self.rng.randrange(20, 600))

    # -- small things --------------------------------------------------------------------------------

    def _people(self, kind: str, culture: str, many: int) -> Iterator[Person]:
        for n in range(many):
            born = date(self.rng.randrange(1950, 2005), 1, 2) + timedelta(days=self.rng.randrange(360))
            passport = self._numbers.next("passport", culture)
            yield Person(self._key(kind, n), "background", next(self._names[culture]), born, culture, passport)

    def _key(self, kind: str, n: int = 0) -> str:
        return f"cell-{self.number}-{kind}-{n}"

    def _day(self) -> date:
        return _FIRST_DAY + timedelta(days=self.rng.randrange(_DAYS))

    def _time(self) -> datetime:
        day = self._day()
        return datetime(day.year, day.month, day.day, self.rng.randrange(7, 20), self.rng.randrange(60))  # noqa: DTZ001 - local time, as files have it
