"""Describe an entity from the records about it: schema, caption, and each value with its source."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, NamedTuple

from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.record import Dataset, Value
from workbench.store.backend import Backend
from workbench.store.types import Scope, SourcedRecord
from workbench.view.answers import Hit, Reason, Referent, Summary, ToldApart, ValueLine
from workbench.view.part import Joined, Part

# Entity id -> (dataset, source id).
Known = Mapping[str, tuple[Dataset, str]]

# Of which country something or somebody is: not where a person was born, nor who issued a document.
_COUNTRIES = frozenset({"country", "mainCountry", "jurisdiction", "nationality", "citizenship"})


def first_source_id(members: Sequence[str], known: Known) -> str:
    """The first source id of an entity, to show when it has no caption."""
    return min(known[member][1] for member in members)


def referents(members: Sequence[str], known: Known) -> tuple[Referent, ...]:
    """The referents of an entity, in the order given."""
    return tuple(Referent(i, known[i][0].agency, known[i][0].name, known[i][1]) for i in members)


def reasons(joins: Iterable[Joined]) -> tuple[Reason, ...]:
    """Why the referents of an entity are the same, ordered by rule, value and ends."""
    return tuple(Reason("same", *join) for join in sorted(joins, key=lambda each: each[:4]))


def describe(records: Sequence[SourcedRecord]) -> tuple[str, str]:
    """The schema and the caption of an entity, from the records about it."""
    known = ontology()
    schema = known.narrowest(each.record.schema for each in records)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in records:
        for prop, values in each.record.properties.items():
            counts[prop].update(_shown(values))
    return schema, known.caption(schema, {prop: commonest_first(found) for prop, found in counts.items()})


def _shown(values: Iterable[Value]) -> Iterable[str]:
    return (each.value if each.value is not None else each.original for each in values)


def commonest_first(counts: Mapping[str, int]) -> list[str]:
    """Texts, those that are said most often first, equals in alphabetical order."""
    return sorted(counts, key=lambda text: (-counts[text], text))


class Described(NamedTuple):
    """What the summary of an entity is made of: its referents, the canonical one first, and the records about them."""

    members: Sequence[str]
    known: Known
    records: Sequence[SourcedRecord]


def described(backend: Backend, scope: Scope, part: Part, entities: Sequence[str]) -> list[Described]:
    """What the summaries of some entities are made of, in the order given; NotFound if one is not in the part."""
    clusters = [part.members(entity, "entities") for entity in entities]
    members = [member for cluster in clusters for member in cluster]
    records: dict[str, list[SourcedRecord]] = defaultdict(list)
    for each in backend.records_about(scope, members):
        records[each.record.entity].append(each)
    known = backend.entities(members)
    return [Described(cluster, known, [r for m in cluster for r in records[m]]) for cluster in clusters]


def summary(of: Described) -> Summary:
    """An entity in one line."""
    schema, caption = describe(of.records)
    datasets = tuple(sorted({str(of.known[member][0]) for member in of.members}))
    caption = caption or first_source_id(of.members, of.known)
    return Summary(of.members[0], schema, caption, datasets, not of.records)


def told_apart(of: Described) -> ToldApart:
    """An entity with what tells it from others of its name."""
    return ToldApart(**_told(of))


def hit(of: Described, similar: bool) -> Hit:
    """An entity as the hit of a search."""
    return Hit(**_told(of), similar=similar)


def _told(of: Described) -> dict[str, Any]:
    """The fields of `ToldApart`."""
    line, births, numbers, countries = summary(of), Counter[str](), Counter[str](), Counter[str]()
    for each in of.records:
        given = _numbers(each.record.schema)
        for prop, values in each.record.properties.items():
            if prop == "birthDate":
                births.update(_shown(values))
            elif prop in given:
                numbers.update(_shown(values))
            elif prop in _COUNTRIES:
                countries.update(_shown(values))
    return {
        **{each.name: getattr(line, each.name) for each in fields(line)},
        "births": tuple(commonest_first(births)),
        "numbers": tuple(commonest_first(numbers)),
        "countries": tuple(commonest_first(countries)),
        "agencies": tuple(sorted({of.known[member][0].agency for member in of.members})),
        "records": len(of.records),
    }


@cache
def _numbers(schema: str) -> frozenset[str]:
    """The properties by whose numbers things of a schema are told apart; a phone is no number of its holder."""
    kind = ontology().schemata[schema]
    types = {"identifier"} if "LegalEntity" in kind.names else {"identifier", "phone"}
    return frozenset(prop.name for prop in kind.properties.values() if prop.type in types)


@lru_cache(maxsize=4096)
def _marking_text(marking: Marking) -> str:
    return str(marking)


def lines(sourced: SourcedRecord) -> Iterable[ValueLine]:
    """Every value of a record, with its source."""
    record = sourced.record
    grade = str(record.grade) if record.grade else ""
    for prop, values in record.properties.items():
        for value in values:
            yield ValueLine(
                prop,
                value.value,
                value.original,
                str(record.dataset),
                record.dataset.agency,
                grade,
                _marking_text(record.marking),
                record.locator,
                sourced.key,
            )


def line_order(line: ValueLine) -> tuple[str, ...]:
    """The sort key of an entity's lines."""
    return (line.property, line.value or "", line.original, line.dataset, line.record)
