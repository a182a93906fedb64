"""Where the parts of a record stand: its texts and its ties."""

import json
import sqlite3

from workbench.model.ids import entity_id
from workbench.model.ontology import ontology
from workbench.model.record import Role
from workbench.store.sqlite.schema import TEXT_BITS
from workbench.store.types import tie_pairs


def text_span(rid: int) -> tuple[int, int]:
    """First and last number that a text of this record can have."""
    return rid << TEXT_BITS, (rid << TEXT_BITS) + (1 << TEXT_BITS) - 1


def tie_ends(connection: sqlite3.Connection, rid: int) -> set[tuple[int, int]]:
    """The entity numbers of both ends of a record's ties, each way."""
    agency, name, source_id, about, body = connection.execute(
        "SELECT d.agency, d.name, r.source_id, r.about, r.body FROM record r JOIN dataset d USING (did) WHERE rid = ?",
        (rid,),
    ).fetchone()
    content = json.loads(body)
    source, target = ontology().ends(content["s"])
    roles = tuple(Role(*role) for role in content.get("r", ()))
    pairs = tie_pairs(source, target, None if about is None else source_id, roles)
    refs = {role.ref for pair in pairs for role in pair}
    numbers = {
        ref: connection.execute("SELECT eid FROM entity WHERE id = ?", (entity_id(agency, name, ref),)).fetchone()[0]
        for ref in refs
    }
    ends = {(numbers[x.ref], numbers[y.ref]) for x, y in pairs}
    return ends | {(b, a) for a, b in ends}
