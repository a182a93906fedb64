"""Make records, for all mappings."""

from collections.abc import Mapping

from ingest.manifest import Handling
from ingest.units import tied
from workbench.model.record import Dataset, Record, Role, Value


def made(
    schema: str,
    dataset: Dataset,
    source_id: str,
    properties: Mapping[str, tuple[Value, ...]],
    roles: tuple[Role, ...],
    handled: Handling,
    locator: str,
    tie_type: str = "",
    tie_ends: tuple[str, str] | None = None,
) -> Record:
    """Make a record; BadUnit for a relationship that ties nobody or too many."""
    return tied(
        Record(
            schema=schema,
            dataset=dataset,
            source_id=source_id,
            properties=properties,
            marking=handled.marking,
            roles=roles,
            basis=handled.basis,
            grade=handled.grade,
            part=handled.part,
            locator=locator,
            tie_type=tie_type,
            tie_ends=tie_ends,
        )
    )
