"""The five agencies that keep registers (`agencies.toml`): what columns they have, and how they write what is in them.

Fields: source (the id), given, father, family, particle and surname (of the family name), whole (the name in one),
original (in the letters of home), before (an earlier name), birth, sex, phone, email, document and issuer (a passport's
number and country, or those of a company in its register), street, town, address (both).
"""

import csv
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from workbench.scenario.registers.calling import Called, Clerk
from workbench.scenario.registers.people import PARTICLES
from workbench.scenario.registers.spelling import unaccented_capitals

PERSONS, COMPANIES = "persons", "companies"
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency; `columns` tells for each of its tables which column has which field."""

    code: str
    country: str
    clerk: Clerk
    delivered: date
    encoding: str
    delimiter: str
    day: str
    sexes: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]

    def table(self, name: str, file: TextIO) -> Callable[[Fields], None]:
        """Begin a table; returns what writes a row of fields, of which those that are missing are empty."""
        put, fields = (
            csv.writer(file, delimiter=self.delimiter, lineterminator="\n").writerow,
            self.columns[name].values(),
        )
        put(self.columns[name])
        return lambda row: put([row.get(field, "") for field in fields])

    def written_day(self, birth: str) -> str:
        """A birth date, ISO 8601 or a year, as the agency writes it."""
        return date.fromisoformat(birth).strftime(self.day) if len(birth) > 4 else birth

    def named(self, name: Called) -> Fields:
        """A name in the fields of the agency."""
        particle = next((each for each in _LONG if name.family.startswith(f"{each} ")), "")
        given, father, family = name.given, name.father, name.family
        whole = f"{given} {family}"
        if self.code == "KFIU":
            whole, father = unaccented_capitals(f"{family} {given}"), unaccented_capitals(father)
        elif self.code == "RJP":
            whole = f"{given} {family.upper()}"
        surname = family.removeprefix(particle).strip()
        split = {"particle": particle, "surname": surname, "whole": whole.strip()}
        return {"given": given, "father": father, "family": family, **split}


_LONG = sorted(PARTICLES, key=len, reverse=True)


def _agency(code: str, told: Mapping[str, Any]) -> Agency:
    male, female = told["sexes"]
    return Agency(
        code,
        told["country"],
        Clerk(told["language"], told.get("arabic", 0.0)),
        told["delivered"],
        told.get("encoding", "utf-8"),
        told.get("delimiter", ","),
        told["day"],
        {"male": male, "female": female, "": ""},
        {name: told[name] for name in (PERSONS, COMPANIES)},
    )


def agencies() -> tuple[Agency, ...]:
    """All five, in the order in which their registers are loaded."""
    text = Path(__file__).with_name("agencies.toml").read_text("utf-8")
    return tuple(_agency(code, told) for code, told in tomllib.loads(text).items())
