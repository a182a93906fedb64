"""FollowTheMoney's entity JSON: one line for each entity and each relationship.

Ids are canonical. Fields that the format has no property for stand beside the properties, where its
readers keep unknown fields: `referents`, `records`, `agencies`, `grades`, `marking`, and `uncleaned`
values. To read our own schemata (Phone, Call ...), a model must include our YAML: `tests/model/ftm.py`
makes one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.export.marking import marking_of
from workbench.export.writing import write_lines
from workbench.model.ontology import ontology
from workbench.model.visible import json_line
from workbench.store.types import SourcedRecord
from workbench.view.asking import question
from workbench.view.content import Described, entities, relationships, roles
from workbench.view.snapshot import Snapshot
from workbench.view.view import View


@question
def export(view: View, place: Path) -> int:
    """Write a view as entity JSON lines; returns the number of entities, without relationships."""
    written = 0

    def lines() -> Iterator[str]:
        nonlocal written
        snapshot = view.snapshot()
        for entity in entities(view):
            written += 1
            yield _entity(snapshot, entity)
        for each in relationships(view):
            yield _dumps({"id": each.key, "schema": each.record.schema} | _said(snapshot, each.record.schema, [each]))

    write_lines(lines(), place)
    return written


def _entity(snapshot: Snapshot, entity: Described) -> str:
    summary, records = entity.summary, entity.records
    head = {"id": summary.id, "schema": summary.schema, "caption": summary.caption}
    others = sorted({each.record.entity for each in records} - {summary.id})
    return _dumps(head | _said(snapshot, summary.schema, records) | {"referents": others})


def _said(snapshot: Snapshot, schema: str, records: Sequence[SourcedRecord]) -> dict[str, Any]:
    """The values of records, with their sources; `other` has values that the schema has no property for."""
    values: dict[str, set[str]] = defaultdict(set)
    uncleaned: dict[str, set[str]] = defaultdict(set)
    for each in records:
        for prop, said in each.record.properties.items():
            values[prop].update(v.value for v in said if v.value is not None)
            uncleaned[prop].update(v.original for v in said if v.value is None)
        for prop, ids in roles(snapshot, each).items():
            values[prop].update(ids)
        values["publisher"].add(each.record.dataset.agency)
        values["recordId"].add(each.key)
    known = ontology().schemata[schema].properties
    return {
        "properties": _sorted({prop: said for prop, said in values.items() if prop in known}),
        "other": _sorted(
            {prop: said for prop, said in values.items() if prop not in {*known, "publisher", "recordId"}}
        ),
        "uncleaned": _sorted(uncleaned),
        "datasets": sorted({str(each.record.dataset) for each in records}),
        "agencies": sorted({each.record.dataset.agency for each in records}),
        "records": [each.key for each in records],
        "grades": sorted({str(each.record.grade) for each in records if each.record.grade}),
        "marking": marking_of(each.record.marking for each in records),
    }


def _dumps(line: Mapping[str, Any]) -> str:
    return json_line({k: v for k, v in line.items() if v or k == "properties"})


def _sorted(values: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {prop: sorted(said) for prop, said in sorted(values.items()) if said}
