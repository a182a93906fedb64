"""Who is who: the persons of a plot, in an order that is part of the seed."""

from datetime import date

from workbench.scenario.names import ivan_petrov, mohamed_alaoui
from workbench.scenario.stage import Cast, Size

_ALAOUI_YEAR = 1991
# Numbers, from 1, of victims and witnesses whose papers say New Year's Day.
_JANUARY_VICTIMS = range(1, 10)
_JANUARY_WITNESSES = range(1, 4)
ALAOUI_VICTIM = 21


def cast_everybody(cast: Cast, size: Size) -> None:
    """Bring every person of the plot into being."""
    _core(cast)
    _victims(cast, size)
    for number in range(1, size.witnesses + 1):
        born = date(1990 + number, 1, 1) if number in _JANUARY_WITNESSES else None
        cast.person(f"witness-{number}", "witness", "ma", born=born)
    for key, culture in (("officer-1", "nl"), ("officer-2", "nl"), ("officer-3", "cy"), ("officer-4", "ma")):
        cast.person(key, "officer", culture)
    for key in ("lawyer-1", "lawyer-2"):
        cast.person(key, "lawyer", "nl")
    _others(cast, size)


def _core(cast: Cast) -> None:
    born = cast.birthday(_ALAOUI_YEAR)
    cast.person("recruiter", "core", "ma", name=mohamed_alaoui(), born=born)
    cast.person("broker", "core", "cy")
    cast.person("landlord", "core", "nl")
    for key in ("driver", "driver-two", "cashier"):
        cast.person(key, "core", "bg")
    for key in ("manager", "foreman", "guard"):
        cast.person(key, "core", "nl")
    cast.person("nominee", "core", "cy")
    cast.person("forger", "core", "ma")


def _victims(cast: Cast, size: Size) -> None:
    for number in range(1, size.victims + 1):
        culture = "bg" if 11 <= number <= 16 else "nl" if number == 17 else "cy" if number == 18 else "ma"
        born = date(1985 + number, 1, 1) if number in _JANUARY_VICTIMS else None
        key = f"victim-{number:02d}"
        if number == ALAOUI_VICTIM:
            born = cast.birthday(_ALAOUI_YEAR)
            cast.person(key, "victim", culture, name=mohamed_alaoui(), born=born)
        else:
            cast.person(key, "victim", culture, born=born)


def _others(cast: Cast, size: Size) -> None:
    for key in ("brother", "clerk"):
        cast.person(key, "other", "ma")
    for key in ("contact-1", "contact-2", "contact-3"):
        cast.person(key, "other", "nl")
    for key in ("haulier", "driver-three", "mechanic"):
        cast.person(key, "other", "bg")
    for number in range(1, 4):
        born = date(1979, 1, 1) if number == 1 else None
        cast.person(f"trucker-{number}", "other", "bg", born=born)
    cast.person("petrov-father", "other", "bg", name=ivan_petrov(), born=cast.birthday(1964))
    cast.person("petrov-son", "other", "bg", name=ivan_petrov(), born=cast.birthday(1989))
    for key in ("assistant", "supervisor-1", "supervisor-2", "supervisor-3", "bookkeeper"):
        born = date(1983, 1, 1) if key == "supervisor-3" else None
        cast.person(key, "other", "nl", born=born)
    for key in ("accountant", "agent", *(f"holder-{number}" for number in range(1, 14))):
        cast.person(key, "other", "cy")
    if size.bystanders:
        for key in ("supplier", "housemate-1", "housemate-2"):
            cast.person(key, "other", "nl")
    if size.callers:
        cast.person("dispatcher", "other", "nl")
    for number in range(1, size.players + 1):
        cast.person(f"player-{number:02d}", "other", "nl")
