"""The answers of a view about entities and the ties between them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Referent:
    """One entity behind a canonical id: a dataset's source id."""

    id: str
    agency: str
    dataset: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Summary:
    """An entity in one line."""

    id: str
    schema: str
    caption: str
    datasets: tuple[str, ...]
    stub: bool = False


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value of an entity, with the record that states it."""

    property: str
    value: str | None
    original: str
    dataset: str
    agency: str
    grade: str
    marking: str
    locator: str
    record: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two entities are joined or kept apart: the rule, the value, the records."""

    verdict: str  # "same", "different" or, of a judgement, "unsure"
    rule: str
    value: str
    a: str
    b: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as a view sees it; a stub has no values."""

    id: str
    schema: str
    caption: str
    referents: tuple[Referent, ...]
    joined_by: tuple[Reason, ...]
    values: tuple[ValueLine, ...]
    stub: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """A pair of roles of one record between two canonical entities."""

    record: str
    schema: str
    a: str
    b: str
    role_a: str
    role_b: str
    date: str


@dataclass(frozen=True, slots=True)
class Hit(Summary):
    """An entity found by a search, with what tells it from others of its name; of several values the commonest first.

    - `similar`: whether only a name is similar, and none contains what was asked for.
    - `births`: birth dates. `numbers`: of documents, registrations, plates, accounts and phones.
    - `agencies`: those that speak of it. `records`: how many records are about it.
    """

    similar: bool = False
    births: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    records: int = 0


# Names with the number of answers, the most first.
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """The first entities found by a search, best first, and the total number of matches.

    - `similar`: how many of the total are only similar.
    - `types`, `agencies`: how many answers there are of each, on all pages, as if it were not filtered by that.
    - `advice`: what to tell somebody who asked for too few letters; else "".
    """

    entities: tuple[Hit, ...]
    total: int
    similar: int = 0
    types: Counts = ()
    agencies: Counts = ()
    advice: str = ""

    @property
    def rows_told(self) -> Any:
        """The entities, to be counted in the trace."""
        return self.entities
