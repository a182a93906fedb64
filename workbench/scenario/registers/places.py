"""Where people live: a house in a street of an invented town, in the language of its country."""

from typing import NamedTuple

from workbench.scenario.background.naming import family_name
from workbench.scenario.registers.dice import Dice

_STREETS, _HOUSES = 400, 180
_FORMS = {"nl": "{}straat", "bg": "ул. {}", "cy": "Οδός {}", "ma": "rue {}", "de": "{}straße"}
_TOWNS = {
    "nl": "Noordermonde Vlasdam Kruishaven Oosterloo Waddenburg Molenveen Zuidschans Grachtdijk",
    "bg": "Солник Каменград Речица Върбово Златоморе Тополовец Бялоград Езерище",
    "cy": "Αλμύρα Κίτιον Πευκούπολη Λιμανάκι Ροδόβουνο Ασπρόπετρα Μελισσοχώρι Φαναρόπολη",
    "ma": "Rifouane Tazmourt Bahrsala Aïnrachid Jbelhamra Ouedzitoun Ksarnour Marsalil",
    "de": "Harzfurt Lindenrode Oberklamm Steinwede Eichhagen Rosenthal Flussau Nebelstadt",
}


class Place(NamedTuple):
    """A house, its street and its town in the language of its country."""

    street: str
    house: int
    town: str
    country: str


def place(country: str, dice: Dice, seed: int) -> Place:
    """A place in a country."""
    text = family_name(country, dice.below(_STREETS), seed).split("/")
    town = dice.one(_TOWNS[country].split())
    return Place(_FORMS[country].format(text[min(1, len(text) - 1)]), 1 + dice.below(_HOUSES), town, country)
