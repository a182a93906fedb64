"""The answers of a view about entities and the ties between them."""

from dataclasses import dataclass
from typing import Any

from workbench.model.visible import count

_NUMBERS = 2  # of the numbers of an entity that are shown beside its caption


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
class ToldApart(Summary):
    """An entity with what tells it from others of its name; of several values the commonest first.

    - `births`: birth dates. `numbers`: of documents, registrations, plates, accounts and phones.
    - `countries`: those that it is said to be of. `agencies`: those that speak of it.
    - `records`: how many records are about it.
    """

    births: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    records: int = 0

    @property
    def signs(self) -> tuple[str, ...]:
        """What tells it from others, in words, to show beside its caption; of many numbers the commonest."""
        numbers = [each for each in self.numbers if each != self.caption]
        found = (
            f"born {' or '.join(self.births)}" if self.births else "",
            ", ".join(numbers[:_NUMBERS]) + (" …" if len(numbers) > _NUMBERS else ""),
            ", ".join(self.countries),
            ", ".join(self.agencies),
            count(self.records, "record"),
        )
        return tuple(filter(None, found))

    @property
    def lines(self) -> str:
        """Its caption, and on a second line its schema and what tells it from others, to show in a table."""
        return f"{self.caption}\n{' · '.join((self.schema, *self.signs))}"


@dataclass(frozen=True, slots=True)
class Hit(ToldApart):
    """An entity found by a search; `similar` if only a name is similar, and none contains what was asked for."""

    similar: bool = False


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
