"""The people of the registers, household by household: what is true of them, whoever knows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.scenario.background.naming import family_name, given_name
from workbench.scenario.names import pool
from workbench.scenario.numbers import Numbers
from workbench.scenario.registers.dice import Dice
from workbench.scenario.registers.places import Place, place

CULTURES = {"nl": 0.24, "bg": 0.18, "cy": 0.15, "ma": 0.18, "de": 0.11, "ua": 0.1, "zh": 0.04}
COUNTRIES = ("nl", "bg", "cy", "ma", "de")
CITIZENS = {"zh": "cn"}
_ABROAD = {"nl": 0.4, "de": 0.35, "cy": 0.15, "ma": 0.05, "bg": 0.05}
_LIVING_ABROAD = 0.3
# What women of a culture do with their family name when they marry: take his, join both, or keep theirs.
_MARRIED = {"ma": (0.05, 0.05), "zh": (0.0, 0.0), "cy": (0.4, 0.2)}
_MARRIED_ELSEWHERE = (0.6, 0.2)
_GIVEN, _FAMILY = (1.5, 30), (0.62, 60)
_ADULT = date(2008, 1, 1)


@dataclass(frozen=True, slots=True)
class Home:
    """What a household shares: country, the place where it lives and one where it did, a phone and a mailbox."""

    country: str
    places: tuple[Place, Place]
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person, whose names are as their pools have them; of phones, e-mails and documents the first is today's.

    `married` is the husband's family name of a woman who took it, or joins it to hers (`joins`); "" otherwise.
    """

    key: str
    culture: str
    sex: str
    given: tuple[str, ...]
    father: str
    family: str
    married: str
    joins: bool
    born: date
    home: Home
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def citizenship(self) -> str:
        """The country that issued the documents."""
        return CITIZENS.get(self.culture, self.culture)


class People:
    """Endless people, in households."""

    def __init__(self, seed: int) -> None:
        self._seed, self._numbers, self._dice = seed, Numbers(seed), Dice(seed, "people")
        self._count = 0

    def __iter__(self) -> Iterator[Citizen]:
        while True:
            yield from self._household()

    def _household(self) -> list[Citizen]:
        dice = self._dice
        culture = dice.by(CULTURES)
        home = self._home(culture)
        family, born = self._family(culture), self._born(1935, 60)
        head = self._person(culture, "male" if dice.happens(0.6) else "female", family, "", born, home)
        if dice.happens(0.4):
            return [head]
        spouse = self._spouse(head, family, home)
        members = [each for each in (head, spouse) if dice.happens(0.8)]
        father = head if head.sex == "male" else spouse
        return members + self._children(father, home)

    def _home(self, culture: str) -> Home:
        dice = self._dice
        native = culture in COUNTRIES and not dice.happens(_LIVING_ABROAD)
        country = culture if native else dice.by(_ABROAD)
        here, before = place(country, dice, self._seed), place(country, dice, self._seed)
        return Home(country, (here, before), self._numbers.next("phone", country), f"home{self._count}@familie.example")

    def _spouse(self, head: Citizen, family: str, home: Home) -> Citizen:
        born = head.born + timedelta(days=self._dice.below(3650) - 1825)
        sex = "female" if head.sex == "male" else "male"
        own = self._family(head.culture)
        return self._person(head.culture, sex, own, family if sex == "female" else "", born, home)

    def _children(self, father: Citizen, home: Home) -> list[Citizen]:
        """The children who are in some register: now and then twins, and a son who has his father's given name."""
        dice = self._dice
        born = father.born + timedelta(days=8000 + dice.below(4000))
        found: list[Citizen] = []
        for _ in range(dice.by({0: 0.45, 1: 0.3, 2: 0.2, 3: 0.05})):
            twins = dice.happens(0.04)
            for _ in range(1 + twins):
                sex = "male" if dice.happens(0.5) else "female"
                child = self._person(father.culture, sex, father.family, "", born, home, father.given[0])
                found.append(child)
            born += timedelta(days=500 + dice.below(1200))
        return [each for each in found if each.born < _ADULT]

    def _person(
        self, culture: str, sex: str, family: str, husband: str, born: date, home: Home, father: str = ""
    ) -> Citizen:
        dice, married, joins = self._dice, "", False
        if husband:
            taken, joined = _MARRIED.get(culture, _MARRIED_ELSEWHERE)
            chance = dice.draw()
            married, joins = husband if chance < taken + joined else "", taken <= chance < taken + joined
        given = [self._given(culture, sex)]
        if father and sex == "male" and dice.happens(0.04):
            given = [father]
        elif culture not in ("zh", "ma") and dice.happens(0.12):
            given.append(self._given(culture, sex))
        father = father or self._given(culture, "male")
        self._count += 1
        key = f"person-{self._count}"
        phones = tuple(self._numbers.next("phone", home.country) for _ in range(2))
        emails = tuple(f"{self._mailbox(number)}@{dice.one(_HOSTS)}" for number in range(2))
        citizenship = CITIZENS.get(culture, culture)
        documents = tuple(self._numbers.next("passport", citizenship) for _ in range(2))
        return Citizen(
            key, culture, sex, tuple(given), father, family, married, joins, born, home, phones, emails, documents
        )

    def _given(self, culture: str, sex: str) -> str:
        while True:
            found, of = given_name(culture, self._dice.rank(*_GIVEN), self._seed)
            if of == sex:
                return found

    def _family(self, culture: str) -> str:
        dice, rank = self._dice, self._dice.rank(*_FAMILY)
        found = family_name(culture, rank % len(pool("zh", "last")) if culture == "zh" else rank, self._seed)
        if culture == "nl" and dice.happens(0.22):
            return f"{dice.one(PARTICLES)} {found}"
        return found

    def _born(self, first: int, years: int) -> date:
        return date(first + self._dice.below(years), 1, 2) + timedelta(days=self._dice.below(363))

    def _mailbox(self, number: int) -> str:
        """A mailbox that nobody else has, and that tells no name."""
        return f"{self._dice.one(_WORDS)}{self._dice.one(_WORDS)}{self._count * 2 + number}"


PARTICLES = ("van", "de", "van der", "van den", "ten", "van de", "ter")
_HOSTS = ("post.example", "mail.example", "brief.example", "netz.example")
_WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "iris", "jade", "kelp", "lark", "maple",
    "nova", "opal", "pine", "quill", "reed", "sage", "tern",
)  # fmt: skip
