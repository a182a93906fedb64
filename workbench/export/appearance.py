"""The look of entities, on the canvas and in exports: an icon, a shape and a colour, so that none is the only sign."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workbench.model.ontology import ontology
from workbench.model.record import Record

_LABEL = 40
_NONE, GROUP = "Thing", "Group"  # the looks of what has no schema of its own, and of entities shown as one

# Vermilion is reserved for paths, and purple lines for leads.
PATH_COLOUR = "#d55e00"
LEAD_COLOUR = "#cc79a7"


@dataclass(frozen=True, slots=True)
class Appearance:
    """The name of an icon, a shape of vis-network, a character to show it in text, and a colour."""

    icon: str
    shape: str
    sign: str
    colour: str


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("appearance.toml").read_text("utf-8"))


@cache
def look(schema: str) -> Appearance:
    """The look of a schema's entities: its own, or that of the nearest schema above it which has one."""
    table, known = _table(), ontology().schemata
    above = known[schema].names if schema in known else ()
    name = next((each for each in (schema, *_nearest(above)) if each in table["looks"]), _NONE)
    said = table["looks"][name]
    return Appearance(said["icon"], said["shape"], table["shapes"][said["shape"]], table["colours"][said["colour"]])


def _nearest(names: Iterable[str]) -> list[str]:
    """Names of schemata, those with most schemata above them first."""
    known = ontology().schemata
    return sorted(names, key=lambda each: (-len(known[each].names), each))


def label_of(schema: str) -> str:
    """The label of a schema; its name if the ontology has none."""
    known = ontology().schemata.get(schema)
    return known.label if known is not None else schema


def called(schema: str, record: Record) -> tuple[str, ...]:
    """What a relationship record calls itself: "suspect", "Has email"; its texts are as they were given."""
    known, values = ontology().schemata[schema], record.values()
    names = [prop for prop in known.edge_caption if known.properties[prop].type == "string"]
    return tuple(in_words(text) for prop in names for text in values.get(prop, ()))


def in_words(name: str) -> str:
    """The name of a type in words, if it is one of a program.

    >>> in_words("HAS_EMAIL"), in_words("hired by")
    ('Has email', 'hired by')
    """
    return name.replace("_", " ").capitalize() if "_" in name or (name.isupper() and len(name) > 4) else name


def relationship_label(schema: str, records: Iterable[Record]) -> str:
    """The label of a relationship, with what its records call it, if they agree: "Involvement: suspect"."""
    return label_from(schema, [called(schema, each) for each in records])


def label_from(schema: str, said: Iterable[tuple[str, ...]]) -> str:
    """As `relationship_label`, from what each record calls itself."""
    every, label = list(said), label_of(schema)
    labels = {text for texts in every for text in texts}
    if len(labels) != 1 or not all(every):
        return label
    text = labels.pop()
    text = text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"
    return text if ontology().is_a(schema, "UnknownLink") else f"{label}: {text}"
