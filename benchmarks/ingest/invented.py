"""Invented values that repeat as real ones do: some names are common, days come back, one phone calls often."""

from collections.abc import Sequence
from itertools import product
from random import Random

_SYLLABLES = ("ba", "de", "ki", "lo", "mu", "na", "re", "sa", "ti", "vo")
_GIVEN = [f"{a}{b}n".title() for a, b in product(_SYLLABLES, repeat=2)]
_SURNAMES = [f"{a}{b}{c}r".title() for a, b, c in product(_SYLLABLES, repeat=3)]
_TOWNS = [f"{a}{b}dam".title() for a, b in product(_SYLLABLES, repeat=2)]
_COUNTRIES = ("nl", "de", "be", "fr", "gb", "es", "it", "pl", "ua", "bg")
_RARE = 3  # how rare most of what can be drawn is
_THINGS = 20  # records for each different phone, account, or plate


class Invented:
    """Draws values for so many units, the same each time."""

    def __init__(self, units: int) -> None:
        self._rng = Random(7)
        self._most = max(units // _THINGS, 10)

    def number(self, most: int) -> int:
        """A number from 0, of which small ones are common."""
        return int(most * self._rng.random() ** _RARE)

    def one_of(self, texts: Sequence[str]) -> str:
        """One of some texts, of which the first are common."""
        return texts[self.number(len(texts))]

    def given(self) -> str:
        """A given name."""
        return self.one_of(_GIVEN)

    def surname(self) -> str:
        """A surname."""
        return self.one_of(_SURNAMES)

    def name(self) -> str:
        """A whole name."""
        return f"{self.given()} {self.surname()}"

    def town(self) -> str:
        """A town."""
        return self.one_of(_TOWNS)

    def country(self) -> str:
        """A country's code."""
        return self.one_of(_COUNTRIES)

    def born(self) -> str:
        """A birth date."""
        return f"{1950 + self.number(50)}-{1 + self.number(12):02}-{1 + self.number(28):02}"

    def day(self) -> str:
        """A day of one year."""
        return f"2025-{1 + self.number(12):02}-{1 + self.number(28):02}"

    def moment(self) -> str:
        """A moment of that year."""
        random = self._rng.random()
        seconds = int(random * 86_400)
        return f"{self.day()}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    def phone(self) -> str:
        """A mobile number."""
        return f"+316{20_000_000 + self.number(self._most):08}"

    def thing(self) -> int:
        """The number of an account, a company, or a plate."""
        return self.number(self._most)

    def iban(self) -> str:
        """An account, with its check digits."""
        account = f"ABNA{self.thing():010}"
        digits = "".join(str(int(each, 36)) for each in f"{account}NL00")
        return f"NL{98 - int(digits) % 97:02}{account}"

    def amount(self) -> str:
        """An amount of money."""
        return f"{1 + self.number(5_000)}.{self.number(100):02}"


def lei(number: int) -> str:
    """The identifier of a legal entity, with its check digits."""
    text = f"5493{number:014}"
    return f"{text}{98 - int(text + '00') % 97:02}"


def checked(text: str) -> str:
    """A text of a travel document with its check digit."""
    values = (0 if each == "<" else int(each, 36) for each in text)
    return f"{text}{sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10}"
