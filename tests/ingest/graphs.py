"""Read a graph of any format, and look at its entities and relationships."""

import io
import tomllib
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.manifest import ManifestSpec, settle
from ingest.mapping import read
from ingest.shapes import Left, Reject
from ingest.units import units
from workbench.model.record import Record


class Memory:
    """A file that is not one."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content

    def open(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.content)


class Tie(NamedTuple):
    """A relationship: its schema, and the source ids of its two ends."""

    schema: str
    start: str
    end: str


@dataclass
class Graph:
    """What a file gives: entities by source id, relationships in order, and the rest."""

    entities: dict[str, Record] = field(default_factory=dict)
    relationships: list[Record] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    def names(self) -> dict[str, list[str]]:
        """The names of the entities."""
        return {each: values(record).get("name", []) for each, record in self.entities.items()}

    def ties(self) -> list[Tie]:
        """The relationships with their ends."""
        return [Tie(each.schema, *(role.ref for role in each.roles)) for each in self.relationships]

    def reasons(self) -> list[tuple[str, str]]:
        """The place and reason of each reject."""
        return [(each.locator.rpartition(":")[2], each.reason) for each in self.rejects]


def values(record: Record) -> dict[str, list[str]]:
    """The values of a record, as its source gave them."""
    return {name: [value.original for value in found] for name, found in record.properties.items()}


def graph(adapter: str, content: str | bytes, manifest: str = "", name: str = "g") -> Graph:
    """Read a file without a store; the second count must agree, and places must be unlike."""
    raw = content.encode() if isinstance(content, str) else content
    settled = settle(ManifestSpec.model_validate(tomllib.loads(manifest)), "m.toml").within("d")
    account, found = Account(), Graph()
    outcomes = list(units(read(ADAPTERS[adapter], Memory(name, raw), settled, account)))
    for outcome in outcomes:
        if isinstance(outcome, Reject):
            found.rejects.append(outcome)
        elif isinstance(outcome, Left):
            found.left.append(outcome.locator)
        else:
            for record in outcome:
                if record.roles:
                    found.relationships.append(record)
                else:
                    assert record.source_id not in found.entities
                    found.entities[record.source_id] = record
    counted = ADAPTERS[adapter].count(io.BytesIO(raw), settled.written(name))
    assert counted.units == len(outcomes)
    assert len({_place(each) for each in outcomes}) == len(outcomes)
    found.skipped = dict(account.skipped)
    return found


def _place(outcome: list[Record] | Reject | Left) -> str:
    return outcome[0].locator if isinstance(outcome, list) else outcome.locator
