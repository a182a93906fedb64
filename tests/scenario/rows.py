"""What a row of an agency's file says, and how the readers of rows are found.

It imports nothing of the workbench: it is what the truth is held against.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = dict[str, str]


@dataclass
class Tied:
    """A row that ties: who fills which role, and what else it says."""

    agency: str
    file: str
    line: int
    schema: str
    roles: dict[str, str]
    day: str = ""
    code: str = ""
    capacity: str = ""
    amount: float = 0.0
    grade: str = ""
    number: str = ""


@dataclass
class Known:
    """A row that describes: an entity, and the numbers by which it can be known elsewhere."""

    agency: str
    file: str
    line: int
    schema: str
    id: str
    number: str = ""
    code: str = ""
    born: str = ""
    roles: dict[str, str] = field(default_factory=dict)


Told = Known | Tied
Made = tuple[type[Known] | type[Tied], str, dict[str, Any]]
Reader = Callable[[Row], Iterator[Made]]
READERS: dict[tuple[str, str], Reader] = {}


def reads(agency: str, base: str) -> Callable[[Reader], Reader]:
    """Names the file that a function reads the rows of."""

    def register(reader: Reader) -> Reader:
        READERS[agency, base] = reader
        return reader

    return register


def describes(schema: str, ident: str, number: str = "", code: str = "", born: str = "", **roles: str) -> Made:
    filled = {role: ref for role, ref in roles.items() if ref}
    return Known, schema, {"id": ident, "number": number, "code": code, "born": born, "roles": filled}


def ties(schema: str, roles: dict[str, str], **more: Any) -> Made:
    return Tied, schema, {"roles": {role: ref for role, ref in roles.items() if ref}, **more}


def day(text: str, form: str) -> str:
    return datetime.strptime(text, form).date().isoformat() if text else ""  # noqa: DTZ007 - a day, of no zone


def nl_phone(text: str) -> str:
    return "phone:" + ("+31" + text[1:] if text.startswith("0") else text)


def iban(text: str) -> str:
    return f"iban:{text}" if text else ""


def passport(number: str, country: str) -> str:
    return f"{country} {number}" if number else ""
