"""What any store derives from a record: key, content, ties, claims and texts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from workbench.model.claims import Claim, claims_of
from workbench.model.ids import source_number
from workbench.model.ontology import TIMES, ontology
from workbench.model.record import Record, Role, Value, said_in
from workbench.model.text import fold, romanise, words
from workbench.store.columns import NO_DAY
from workbench.store.decided import subject
from workbench.store.types import tie_pairs

_INDEXED_TYPES = frozenset({"name", "identifier", "phone", "email", "address"})
_INDEXED_TEXTS = frozenset({"bodyText"})
_NAMES = frozenset({"firstName", "middleName", "lastName"})  # beside properties whose type is a name
_SHORT = 2
_SHORT_WORDS = re.compile(rf"\b\w{{1,{_SHORT}}}\b", re.ASCII)


class Row(NamedTuple):
    """A record with its content and key; the rest is derived only if the record turns out to be new."""

    record: Record
    content: str
    key: bytes
    source: int  # the first half of the key
    is_relationship: bool

    @property
    def subject(self) -> bytes:
        """The name under which a decision on its marking is stored."""
        return subject(self.key, self.record.source_id)

    @property
    def name(self) -> tuple[int, str, str]:
        """What all records with its source id and part have in common."""
        return self.source, self.record.source_id, self.record.part


def row_of(record: Record) -> Row:
    """Compute the row of a record."""
    content, key = record.said()
    return Row(record, content, key, source_number(key), _shape(record.schema)[0])


_NO_DAY = int(NO_DAY)
_DAY = len("2026-03-31")


@cache
def _shape(schema: str) -> tuple[bool, str, str]:
    """Whether a schema is a relationship, and its source and target roles."""
    known = ontology()
    return known.is_relationship(schema), *known.ends(schema)


def first_day(record: Record) -> int:
    """The ordinal of the first day that the record's date can mean; NO_DAY without a date."""
    for prop in TIMES:
        days = [value for value, _ in record.properties.get(prop, ()) if value is not None]
        if days:
            return _ordinal(min(days)[:_DAY])
    return _NO_DAY


@lru_cache(maxsize=65536)
def _ordinal(day: str) -> int:
    parts = [int(part) for part in day.split("-")]
    if not 1 <= parts[0] <= 9999:
        return _NO_DAY
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1).toordinal()


def pairs_and_day(row: Row) -> tuple[list[tuple[Role, Role]], int]:
    """The ties of a record, as pairs of roles with source ids, and their day; NO_DAY if there is no tie."""
    record = row.record
    if not record.roles:
        return [], _NO_DAY
    relationship, source, target = _shape(record.schema)
    pairs = tie_pairs(source, target, None if relationship else record.source_id, record.roles)
    return pairs, first_day(record) if pairs else _NO_DAY


def claims(row: Row) -> list[Claim]:
    """The claims of an entity's record; a relationship has none."""
    return [] if row.is_relationship else list(claims_of(row.record))


class Texts(NamedTuple):
    """Folded texts by which the entity of a record can be found, each once and in order: names, and all others."""

    names: Sequence[str]
    others: Sequence[str]

    @property
    def both(self) -> list[str]:
        """All of them, in order."""
        return sorted([*self.names, *self.others])


NO_TEXTS = Texts((), ())


def texts(row: Row) -> Texts:
    """The texts by which the entity of a record can be found; a relationship has none."""
    return NO_TEXTS if row.is_relationship else _texts(row.record.schema, row.record.properties)


def texts_in(content: str) -> Texts:
    """The texts of a record about an entity, from its content."""
    return _texts(*said_in(content))


def _texts(schema: str, properties: Mapping[str, tuple[Value, ...]]) -> Texts:
    names, others = set[str](), set[str]()
    wanted = _indexed(schema)
    for prop, values in properties.items():
        is_name = wanted.get(prop)
        if is_name is not None:
            into = names if is_name else others
            for value, original in values:
                into.add(fold(original))
                if value is not None and value != original:
                    into.add(fold(value))
    names.discard("")
    others.discard("")
    return Texts(sorted(names), sorted(others - names))


@cache
def _indexed(schema: str) -> dict[str, bool]:
    """The properties whose texts are searched, and whether they are names."""
    kind = ontology().schemata[schema]
    props = kind.properties.values()
    names = {p.name for p in props if p.type == "name"} | _NAMES
    by_type = {p.name for p in props if p.type in _INDEXED_TYPES or p.name in _INDEXED_TEXTS}
    return {prop: prop in names for prop in by_type | set(kind.caption)}


def short_tokens(text: str) -> set[str]:
    """The tokens of one or two characters, too short for trigrams, in a text and its romanised form."""
    if text.isascii():
        return set(_SHORT_WORDS.findall(text))
    return {token for form in {text, romanise(text)} for token in _short(form)}


def _short(text: str) -> Iterable[str]:
    for word in words(text):
        if len(word) <= _SHORT:
            yield word
        elif not word.isascii() and any(_is_ideograph(letter) for letter in word):
            yield from word
            yield from (word[i : i + _SHORT] for i in range(len(word) - 1))


def _is_ideograph(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" or letter >= "\U00020000"
