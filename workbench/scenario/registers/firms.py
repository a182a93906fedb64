"""Companies in registers: a name, a trade and a legal form, in the languages and with the slips of five agencies."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workbench.scenario.background.naming import family_name
from workbench.scenario.numbers import Numbers
from workbench.scenario.registers.agencies import Agency, Fields
from workbench.scenario.registers.dice import Dice
from workbench.scenario.registers.places import Place, place
from workbench.scenario.registers.saying import Noise, address, document_text, phone_text, value
from workbench.scenario.registers.slips import slipped
from workbench.scenario.registers.spelling import LANGUAGES, LATIN, heard, official, unaccented_capitals

# How many records give a field, and how many are noisy so.
PHONE, EMAIL, NUMBER, COUNTRY = 0.5, 0.25, 0.65, 0.85
SLIP, WITHOUT_FORM, WITHOUT_TRADE, OTHER_FORM, TRANSLATED = 0.08, 0.15, 0.08, 0.2, 0.3
_WHICH = {"1": 0.85, "2": 0.15}
_ARABIC_TOO = 0.25
_SHARES = {"nl": 0.3, "bg": 0.2, "cy": 0.18, "ma": 0.17, "de": 0.15}
_TAIL, _FLAT = 0.62, 60


@dataclass(frozen=True, slots=True)
class Firm:
    """A company; trade and form are places in the tables of its country."""

    key: str
    country: str
    name: str
    trade: int
    form: int
    number: str
    place: Place
    before: Place
    phones: tuple[str, str]
    emails: tuple[str, str]


def firms(seed: int) -> Iterator[Firm]:
    """Endless companies."""
    dice, numbers, count = Dice(seed, "companies"), Numbers(seed), 0
    while True:
        count += 1
        country = dice.by(_SHARES)
        name = family_name(country, dice.rank(_TAIL, _FLAT), seed)
        forms = len(_tables()["forms"][country])
        phones = tuple(numbers.next("company phone", country) for _ in range(2))
        yield Firm(
            f"company-{count}", country, name, dice.below(10), min(dice.below(forms), dice.below(forms)),
            numbers.next("company", country), place(country, dice, seed), place(country, dice, seed),
            (phones[0], phones[1]), (f"info{count}@firma.example", f"office{count}@bureau.example"),
        )  # fmt: skip


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("firms.toml").read_text("utf-8"))


def say_firm(firm: Firm, agency: Agency, source: str, dice: Dice) -> tuple[Fields, Noise]:
    """One record of an agency about a company, and what is said how: as of a person, its number as a document."""
    name, noise = _called(firm, agency, dice)
    phone, how_phone = value(PHONE, _WHICH, firm.phones, dice)
    email, how_email = value(EMAIL, _WHICH, firm.emails, dice)
    number, how_number = value(NUMBER, {"1": 1.0}, (firm.number,), dice)
    street, town, how_place = address((firm.place, firm.before), agency, dice)
    fields = {
        "source": source,
        "whole": name,
        "original": _original(firm, agency, dice),
        "phone": phone_text(phone, agency.country, dice),
        "email": email,
        "document": document_text(number, dice),
        "issuer": firm.country if number or dice.happens(COUNTRY) else "",
        "street": street,
        "town": town,
        "address": ", ".join(filter(None, (street, town))),
    }
    return fields, Noise(noise or "-", "-", "-", how_phone, how_email, how_number, how_place)


def _called(firm: Firm, agency: Agency, dice: Dice) -> tuple[str, str]:
    """The name in a record, and what was done to it: h, t as of persons; f no legal form; r another trade or none."""
    name, noise = _name(firm, agency, dice)
    trade, form = _trade(firm, agency, dice), _form(firm, agency, dice)
    home = firm.country == agency.country
    noise += "" if trade == _trades(firm.country)[firm.trade] or not (home or trade) else "r"
    noise += "" if form else "f"
    whole = f"{form} {name} {trade}" if form in ("ЕТ", "ET") else f"{name} {trade} {form}"
    whole = " ".join(whole.split())
    if dice.happens(SLIP):
        whole, before = slipped(whole, dice), whole
        noise += "t" if whole != before else ""
    return (unaccented_capitals(whole) if agency.code == "KFIU" else whole), noise


def _name(firm: Firm, agency: Agency, dice: Dice) -> tuple[str, str]:
    """The first word, as at home, by the standard of its state or as heard."""
    ways, by, language = firm.name.split("/"), agency.clerk.language, LANGUAGES[firm.country]
    text = ways[min(1, len(ways) - 1)]
    if language == by or (by in LATIN and language in (*LATIN, "moroccan")):
        return text, ""
    if by in LATIN and dice.happens(0.75):
        return official(text, language, dice), ""
    return heard(text, language, by, dice), "h"


def _trades(country: str) -> list[str]:
    found: str = _tables()["trades"][country]
    return found.split()


def _trade(firm: Firm, agency: Agency, dice: Dice) -> str:
    """What the company does: in its own language as the agency's letters have it, in the agency's, or not said."""
    own, by, language = _trades(firm.country)[firm.trade], agency.clerk.language, LANGUAGES[firm.country]
    if dice.happens(WITHOUT_TRADE):
        return ""
    if firm.country == agency.country:
        return own
    if dice.happens(TRANSLATED):
        return _trades(agency.country)[firm.trade]
    if by in LATIN:
        return official(own, language, dice) if language in ("bulgarian", "greek") else own
    return heard(own, language, by, dice)


def _form(firm: Firm, agency: Agency, dice: Dice) -> str:
    """The legal form: of home in one of its ways, in the agency's letters, the like one of its country, or none."""
    if dice.happens(WITHOUT_FORM):
        return ""
    known, by = _tables(), agency.clerk.language
    forms: list[str] = known["forms"][firm.country]
    if firm.country != agency.country:
        if dice.happens(OTHER_FORM):
            forms = known["forms"][agency.country]
        elif by not in LATIN:
            forms = known["abroad"]["cyrillic" if by == "bulgarian" else "greek"].get(firm.country, forms)
        else:
            forms = known["abroad"].get(f"latin_{firm.country}", forms)
    ways = forms[min(firm.form, len(forms) - 1)].split("|")
    return ways[0] if dice.happens(0.5) else dice.one(ways)


def _original(firm: Firm, agency: Agency, dice: Dice) -> str:
    """The Arabic name of a Moroccan company, in the register that has a column for it."""
    if firm.country != "ma" or agency.code != "RJP" or not dice.happens(_ARABIC_TOO):
        return ""
    return f"شركة {firm.name.split('/')[0]} {_trades('arabic')[firm.trade]}"
