"""What an agency says, in the plan: one `Saying` for each record in its rows."""

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
        """Whether it is a relationship, and not about one entity."""
        return not self.source

    def fills(self, role: str) -> str:
        """The source id that fills a role; "" if none does."""
        return next((ref for name, ref in self.roles if name == role), "")


class Listener(Protocol):
    """Receives everything that agencies say."""

    def said(self, record: Saying) -> None:
        """Receive a record."""

    def described(self, agency: str, source: str, key: str, kind: str) -> None:
        """Receive an agency's entity: its source id, and its true key and kind."""


class Ledger:
    """Keeps everything that is said in the plot."""

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
    """Counts what is said in the background."""

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
        """Count an entity before resolution, and what it really is once until it is forgotten."""
        self.schemata[_SCHEMATA[kind]] += 1
        if key not in self._keys:
            self._keys.add(key)
            self.real[kind] += 1

    def forget(self) -> None:
        """Forget what was described: nobody will describe it again."""
        self._keys.clear()
