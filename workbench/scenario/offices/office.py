"""What the four agencies have in common: tables, source ids, and saying what a row holds."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TextIO

from workbench.scenario.saying import Listener, Saying
from workbench.scenario.world import KINDS, Address, Company, Person, Phone, Thing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's name and columns, which are separated by one space."""

    name: str
    columns: str


# Opens a file of an agency for writing: (agency, name of the file) -> text.
Opener = Callable[[str, str], TextIO]


class Office:
    """An agency at work: it writes rows and says what records are in them."""

    code = ""
    sheets: tuple[Sheet, ...] = ()
    delimiter = ","
    day_format = "%Y-%m-%d"
    prefixes: ClassVar[Mapping[type, str]] = {}

    def __init__(self, opener: Opener, listener: Listener) -> None:
        self.listener = listener
        self.lines = {sheet.name: 1 for sheet in self.sheets}
        self._open = {sheet.name: opener(self.code, sheet.name) for sheet in self.sheets}
        self._writers = {
            name: csv.writer(file, delimiter=self.delimiter, lineterminator="\n") for name, file in self._open.items()
        }
        for sheet in self.sheets:
            self._writers[sheet.name].writerow(sheet.columns.split(" "))
        self._numbers = dict.fromkeys(KINDS, 0)
        self._known: dict[str, str] = {}

    def close(self) -> None:
        """Close all files."""
        for file in self._open.values():
            file.close()

    def forget(self, thing: Thing) -> None:
        """Nothing more will be said of something; what is unknown is forgotten already."""
        self._known.pop(thing.key, None)

    # -- ids ----------------------------------------------------------------------------------

    def ref(self, thing: Thing) -> str:
        """The source id of something that this agency has already described."""
        return self._known[thing.key]

    def knows(self, thing: Thing) -> bool:
        """Whether this agency has described it."""
        return thing.key in self._known

    def _numbered(self, thing: Thing) -> str:
        """A new source id such as P00007."""
        self._numbers[type(thing)] += 1
        return f"{self.prefixes[type(thing)]}{self._numbers[type(thing)]:05d}"

    # -- rows ---------------------------------------------------------------------------------

    def _row(self, file: str, *cells: str) -> int:
        """Write a row; the line that it is on."""
        self._writers[file].writerow(cells)
        self.lines[file] += 1
        return self.lines[file]

    def _entity(self, thing: Thing, said: Saying) -> None:
        """Say an entity's record, and who it really is."""
        if thing.key not in self._known:
            self._known[thing.key] = said.source
            self.listener.described(self.code, said.source, thing.key, KINDS[type(thing)])
        self.listener.said(said)

    def _say(self, said: Saying) -> None:
        self.listener.said(said)

    # -- forms --------------------------------------------------------------------------------

    def _day(self, when: date) -> str:
        return when.strftime(self.day_format)

    def _time(self, when: datetime) -> str:
        return when.strftime(self.day_format + " %H:%M")


def passport_claim(person: Person) -> tuple[str, ...]:
    """What a stated passport says of who someone is."""
    return (f"passport {person.country.upper()} {person.passport}",)


def company_claim(company: Company) -> tuple[str, ...]:
    """What a register's number says of which company it is."""
    return (f"company {company.country.upper()} {company.number}",)


def phone_source(phone: Phone) -> str:
    """The source id of a number in every agency's manifest."""
    return f"phone:{phone.number}"


def one_line(address: Address) -> str:
    """An address in one line."""
    return f"{address.street}, {address.city}"
