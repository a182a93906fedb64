"""The persons of a plot. Their order decides what the random generator gives each, so it must not change."""

from datetime import date

from workbench.scenario.names import ivan_petrov, mohamed_alaoui
from workbench.scenario.stage import Cast, Size

_ALAOUI_YEAR = 1991
# Numbers, from 1, of victims and witnesses whose papers say New Year's Day.
_JANUARY_VICTIMS = range(1, 10)
_JANUARY_WITNESSES = range(1, 4)
_ALAOUI_VICTIM = 21
_OFFICERS = ("nl", "nl", "cy", "ma")
# Who sits in each chain behind the accountant, nearest first.
CHAINS = (
    ("nominee", "holder-5", "holder-6"),
    ("holder-1", "holder-8", "holder-9"),
    ("agent", "holder-4", "holder-7"),
    ("holder-2", "holder-10", "holder-11"),
    ("holder-3", "holder-12", "holder-13"),
)

# Known by name only, in two files and two scripts.
NAME_ONLY = {
    "driver-two": ("TRC", "NKP"),
    "driver-three": ("TRC", "NKP"),
    "nominee": ("KFIU", "TRC"),
    "cashier": ("NKP", "KFIU"),
    "brother": ("RJP", "NKP"),
    "supervisor-1": ("NKP", "TRC"),
}


def alaoui_victim(size: Size) -> str:
    """The victim who has the recruiter's name and year of birth."""
    return f"victim-{min(_ALAOUI_VICTIM, size.victims):02d}"


def cast_everybody(cast: Cast, size: Size) -> None:
    """Bring every person of the plot into being."""
    _core(cast)
    _victims(cast, size)
    for number in range(1, size.witnesses + 1):
        born = date(1990 + number, 1, 1) if number in _JANUARY_WITNESSES else None
        cast.person(f"witness-{number}", "witness", "ma", born=born)
    for number, culture in enumerate(_OFFICERS[: size.officers], 1):
        cast.person(f"officer-{number}", "officer", culture)
    for number in range(1, size.lawyers + 1):
        cast.person(f"lawyer-{number}", "lawyer", "nl")
    _of_the_ring(cast, size)
    _of_the_road(cast, size)
    _bystanders(cast, size)


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
        if key == alaoui_victim(size):
            cast.person(key, "victim", "ma", name=mohamed_alaoui(), born=cast.birthday(_ALAOUI_YEAR))
        else:
            cast.person(key, "victim", culture, born=born)


def _of_the_ring(cast: Cast, size: Size) -> None:
    """Those around the core: in Morocco, in the Low Countries, in Cyprus."""
    cast.person("brother", "other", "ma")
    if size.cases > 1:
        cast.person("clerk", "other", "ma")
    for key in ("contact-1", "contact-2", "contact-3", "assistant"):
        cast.person(key, "other", "nl")
    for number in range(1, size.supervisors + 1):
        born = date(1983, 1, 1) if number == 3 else None
        cast.person(f"supervisor-{number}", "other", "nl", born=born)
    cast.person("accountant", "other", "cy")
    for chain in CHAINS[: size.chains]:
        for key in chain:
            if key not in cast.persons:
                cast.person(key, "other", "cy")


def _of_the_road(cast: Cast, size: Size) -> None:
    """Those who drive."""
    if size.vans >= 3:
        cast.person("driver-three", "other", "bg")
        cast.person("haulier", "other", "bg")
    if size.trucks >= 6:
        cast.person("mechanic", "other", "bg")
        for number in range(1, 4):
            cast.person(f"trucker-{number}", "other", "bg", born=date(1979, 1, 1) if number == 1 else None)
    if size.trucks >= 4:
        cast.person("petrov-1", "other", "bg", name=ivan_petrov(), born=cast.birthday(1964))
        cast.person("petrov-2", "other", "bg", name=ivan_petrov(), born=cast.birthday(1989))


def _bystanders(cast: Cast, size: Size) -> None:
    """Those who have nothing to do with it, or nearly."""
    if size.bystanders:
        for key in ("bookkeeper", "supplier", "housemate-1", "housemate-2"):
            cast.person(key, "other", "nl")
    if size.callers:
        cast.person("dispatcher", "other", "nl")
    for number in range(1, size.players + 1):
        cast.person(f"player-{number:02d}", "other", "nl")
