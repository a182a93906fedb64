"""The invented world: what really is, whoever knows of it."""

from dataclasses import dataclass
from datetime import date

from workbench.scenario.names import Name


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `part` is core, victim, witness, officer, lawyer or other."""

    key: str
    part: str
    name: Name
    born: date
    country: str
    passport: str

    @property
    def sex(self) -> str:
        """male or female."""
        return self.name.sex


@dataclass(frozen=True, slots=True)
class Company:
    """A company and its number in its country's register."""

    key: str
    name: str
    country: str
    number: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle, by its plate in Latin letters."""

    key: str
    plate: str
    country: str
    model: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164 form."""

    key: str
    number: str


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account."""

    key: str
    iban: str


@dataclass(frozen=True, slots=True)
class Address:
    """A place; `street` and `city` are written in the script of the only agency that knows it."""

    key: str
    street: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened, or a case; written by the only agency that has it."""

    key: str
    kind: str
    day: date
    text: str
    case: str = ""


Thing = Person | Company | Vehicle | Phone | Account | Address | Incident

KINDS: dict[type, str] = {
    Person: "persons",
    Company: "companies",
    Vehicle: "vehicles",
    Phone: "phones",
    Account: "accounts",
    Address: "addresses",
    Incident: "incidents",
}
