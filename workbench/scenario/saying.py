"""What an agency says, as the plan knows it: one `Saying` for each record that its rows hold."""

from collections import Counter
from typing import NamedTuple, Protocol

ALL, PROVIDER_ONLY, PRIVILEGED, PROTECTED = "all", "provider-only", "privileged", "protected"


class Saying(NamedTuple):
    """One record. Entities have a `source` id; `roles` hold source ids of the same agency."""

    agency: str
    file: str
    line: int
    schema: str
    source: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    day: str = ""
    marking: str = ALL
    claims: tuple[str, ...] = ()
    capacity: str = ""
    amount: float = 0.0
    grade: str = ""
    number: str = ""

    @property
    def is_relationship(self) -> bool:
        """Whether it ties entities, instead of describing one."""
        return not self.source

    def fills(self, role: str) -> str:
        """The source id that fills a role; "" if none does."""
        return next((ref for name, ref in self.roles if name == role), "")


class Listener(Protocol):
    """Who takes down what agencies say."""

    def said(self, record: Saying) -> None:
        """Take down a record."""

    def described(self, agency: str, source: str, key: str, kind: str) -> None:
        """Take down that an agency has an entity: its source id, and what it really is."""


class Ledger:
    """All that is said in the plot, kept."""

    def __init__(self) -> None:
        self.records: list[Saying] = []
        self.who: dict[tuple[str, str], str] = {}
        self.kinds: dict[str, str] = {}

    def said(self, record: Saying) -> None:
        """Keep a record."""
        self.records.append(record)

    def described(self, agency: str, source: str, key: str, kind: str) -> None:
        """Keep who is who."""
        self.who[agency, source] = key
        self.kinds[key] = kind


# What the background's entities are called.
_SCHEMATA = {
    "persons": "Person",
    "companies": "Company",
    "vehicles": "Vehicle",
    "phones": "Phone",
    "accounts": "BankAccount",
    "addresses": "Address",
}


class Tally:
    """What is said in the background, counted only."""

    def __init__(self) -> None:
        self.total = 0
        self.records: Counter[str] = Counter()
        self.schemata: Counter[str] = Counter()
        self.relationships: Counter[str] = Counter()
        self.real: Counter[str] = Counter()
        self._keys: set[str] = set()

    def said(self, record: Saying) -> None:
        """Count a record."""
        self.total += 1
        self.records[record.agency] += 1
        if record.is_relationship:
            self.relationships[record.schema] += 1

    def described(self, agency: str, source: str, key: str, kind: str) -> None:
        """Count an entity before resolution, and what it really is once in its cell."""
        self.schemata[_SCHEMATA[kind]] += 1
        if key not in self._keys:
            self._keys.add(key)
            self.real[kind] += 1

    def next_cell(self) -> None:
        """Forget the keys of the last cell: no cell speaks of another's."""
        self._keys.clear()
