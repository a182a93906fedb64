"""What an agency's record says of a person: each field only now and then, and not always as it is."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.scenario.registers.agencies import Agency, Fields
from workbench.scenario.registers.calling import Called, called, written
from workbench.scenario.registers.dates import stated
from workbench.scenario.registers.dice import Dice
from workbench.scenario.registers.people import Citizen
from workbench.scenario.registers.places import Place
from workbench.scenario.registers.slips import mistyped, script_of, slipped
from workbench.scenario.registers.spelling import LANGUAGES, LATIN, heard, official

# How many records give a field.
PHONE, EMAIL, DOCUMENT, ADDRESS, SEX = 0.45, 0.2, 0.3, 0.8, 0.9
# Which of a person's own values a record gives: today's, an older one, or what the household shares.
_PHONES = {"1": 0.8, "2": 0.1, "h": 0.1}
_EMAILS = {"1": 0.82, "2": 0.1, "h": 0.08}
_DOCUMENTS = {"1": 0.86, "2": 0.14}
_PLACES = {"1": 0.82, "2": 0.1, "c": 0.08}
MISTYPED, WRONG_SEX, SLIP = 0.03, 0.003, 0.08
# How many records give the father's name, where people have it in their papers.
FATHER = {"bg": 0.75, "ua": 0.6, "cy": 0.5}
_BEFORE, _ORIGINAL = 0.4, {("RJP", "ma"): 0.3, ("HZF", "zh"): 0.5}
_ORIGINAL_ELSEWHERE = {"HZF": 0.06}
_CODES = {"nl": "+31", "bg": "+359", "cy": "+357", "ma": "+212", "de": "+49"}


class Noise(NamedTuple):
    """What is said and how, a letter for each field: "-" where nothing is.

    name: see `calling.Called`; birth: see `dates.stated`; sex: t right, x wrong; phone, email, document: 1 today's,
    2 an older one, h the household's, x mistyped; address: 1 today's, 2 an older one, c today's town alone.
    """

    name: str
    birth: str
    sex: str
    phone: str
    email: str
    document: str
    address: str


def say(person: Citizen, agency: Agency, source: str, dice: Dice) -> tuple[Fields, Noise]:
    """One record of an agency about a person."""
    name = called(person, agency.clerk, dice)
    if not dice.happens(FATHER.get(person.culture, 0)):
        name = Called(name.given, "", name.family, name.noise)
    birth, how_birth = stated(person.born, dice)
    sex, how_sex = _sex(person, dice)
    phone, how_phone = value(PHONE, _PHONES, (*person.phones, person.home.phone), dice)
    email, how_email = value(EMAIL, _EMAILS, (*person.emails, person.home.email), dice)
    document, how_document = value(DOCUMENT, _DOCUMENTS, person.documents, dice)
    street, town, how_place = address(person.home.places, agency, dice)
    fields = agency.named(name) | {
        "source": source,
        "before": _before(person, agency, name, dice),
        "original": _original(person, agency, name, dice),
        "birth": agency.written_day(birth),
        "sex": agency.sexes[sex],
        "phone": phone_text(phone, agency.country, dice),
        "email": email,
        "document": document_text(document, dice),
        "issuer": person.citizenship if document else "",
        "street": street,
        "town": town,
        "address": ", ".join(filter(None, (street, town))),
    }
    return fields, Noise(name.noise or "-", how_birth, how_sex, how_phone, how_email, how_document, how_place)


def _sex(person: Citizen, dice: Dice) -> tuple[str, str]:
    if not dice.happens(SEX):
        return "", "-"
    if dice.happens(WRONG_SEX):
        return ("male" if person.sex == "female" else "female"), "x"
    return person.sex, "t"


def value(given: float, shares: Mapping[str, float], values: tuple[str, ...], dice: Dice) -> tuple[str, str]:
    """One of the values of a field, and which; now and then mistyped. `given` is how many records give the field."""
    if not dice.happens(given):
        return "", "-"
    which = dice.by(shares)
    found = values["12h".index(which)]
    if dice.happens(MISTYPED):
        wrong = mistyped(found, dice)
        if wrong != found:
            return wrong, "x"
    return found, which


def phone_text(number: str, country: str, dice: Dice) -> str:
    """A number in E.164 form as somebody in a country writes it."""
    if not number:
        return ""
    code = _CODES[country]
    if number.startswith(code) and dice.happens(0.7):
        whole = ("" if country == "cy" else "0") + number.removeprefix(code)
        return dice.one((whole, f"{whole[:4]} {whole[4:]}", f"{whole[:3]}-{whole[3:]}"))
    return dice.one((number, "00" + number[1:], f"{number[:4]} {number[4:]}"))


def document_text(number: str, dice: Dice) -> str:
    """A document's number, now and then with a space or in small letters."""
    if not number or not dice.happens(0.1):
        return number
    return number.lower() if dice.happens(0.4) else f"{number[:2]} {number[2:]}"


def address(places: tuple[Place, Place], agency: Agency, dice: Dice) -> tuple[str, str, str]:
    """Street and town of today's place or of an earlier one, as an agency writes them, and which."""
    if not dice.happens(ADDRESS):
        return "", "", "-"
    which = dice.by(_PLACES)
    place = places[which == "2"]
    town = in_script(place.town, place, agency, dice)
    if which == "c":
        return "", town, "c"
    street = in_script(place.street, place, agency, dice)
    if dice.happens(SLIP):
        street = slipped(street, dice)
    return f"{street} {place.house}", town, which


def in_script(text: str, place: Place, agency: Agency, dice: Dice) -> str:
    """A street or town as an agency writes it: as it is where it can, else as heard."""
    language, by = LANGUAGES[place.country], agency.clerk.language
    latin = by in LATIN
    if language == by or (latin and script_of(text) == "latin"):
        return text
    if latin and dice.happens(0.6):
        return official(text, language, dice)
    return heard(text, language, by, dice)


def _before(person: Citizen, agency: Agency, name: Called, dice: Dice) -> str:
    """What a woman was called who has another name now, in the register that has a column for it."""
    if not person.married or "m" in name.noise or agency.code != "HZF" or not dice.happens(_BEFORE):
        return ""
    return f"{name.given} {written(person.family, person, agency.clerk, 'passport', dice)}"


def _original(person: Citizen, agency: Agency, name: Called, dice: Dice) -> str:
    """The name in the letters of home, beside that in the agency's own, where it has a column for it."""
    share = _ORIGINAL.get((agency.code, person.culture), _ORIGINAL_ELSEWHERE.get(agency.code, 0))
    if "l" in name.noise or not dice.happens(share) or script_of(person.family) == "latin":
        return ""
    given, family = (text.split("/")[0] for text in (person.given[0], person.family))
    return f"{family}{given}" if person.culture == "zh" else f"{given} {family}"
