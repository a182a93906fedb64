"""Small cases in a real store, written as one line a record."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.stores import fresh_url, leased
from workbench.access.viewer import Viewer
from workbench.analytics.finding import Finding
from workbench.model.grade import parse_grade
from workbench.model.ids import entity_id
from workbench.model.marking import parse_marking
from workbench.model.ontology import ontology
from workbench.model.record import Dataset, Record, Role, Value
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

AGENCIES = ("AAA", "BBB", "CCC", "DDD")
EVERYBODY = Viewer(name="joint", agencies=frozenset(AGENCIES), level="SECRET")
OPEN_TO_ALL = "OPEN//REL " + ",".join(AGENCIES)


def person(source_id: str, agency: str = "AAA", schema: str = "Person", **values: str) -> Record:
    """A record about a person."""
    return thing(schema, source_id, agency, **({"name": f"Person {source_id}"} | values))


def thing(schema: str, source_id: str, agency: str = "AAA", marking: str = OPEN_TO_ALL, **values: str) -> Record:
    """A record about an entity of a schema."""
    return _record(schema, agency, source_id, values or {"name": f"{schema} {source_id}"}, "", marking)


def tie(schema: str, agency: str = "AAA", grade: str = "", marking: str = OPEN_TO_ALL, **values: str) -> Record:
    """A relationship's record; values of roles are source ids, all others properties."""
    return _record(schema, agency, "", values, grade, marking)


def _record(schema: str, agency: str, source_id: str, values: Mapping[str, str], grade: str, marking: str) -> Record:
    roles = ontology().roles(schema)
    return Record(
        schema=schema,
        dataset=Dataset(agency, "files"),
        source_id=source_id,
        properties={name: (Value(v, v),) for name, v in values.items() if name not in roles},
        roles=tuple(Role(name, v) for name, v in values.items() if name in roles),
        marking=parse_marking(marking, agency),
        grade=parse_grade("4x4", grade) if grade else None,
    )


def store_of(folder: Path, records: Iterable[Record]) -> GraphStore:
    """A new store with these records, a load for each agency, until the test ends."""
    return filled(fresh_url(folder, "case"), records)


def filled(url: str, records: Iterable[Record]) -> GraphStore:
    """The empty store of a URL with these records, a load for each agency."""
    store = open_store(url)
    by_agency: dict[str, list[Record]] = {}
    for each in records:
        by_agency.setdefault(each.dataset.agency, []).append(each)
    for agency, found in sorted(by_agency.items()):
        load(store, agency, found)
    return store


_AT = "2026-01-01T00:00:00+00:00"


def load(store: GraphStore, agency: str, records: list[Record], delivered: str = "2026-01-01", at: str = _AT) -> None:
    """One published load."""
    with store.writer(agency=agency, by="test", at=at) as writer:
        writer.put(records, writer.file("test.csv", "0" * 64, "test"), delivered)
        writer.publish(dataset="files", adapter="test", files=[])


@contextmanager
def seen(records: Iterable[Record], viewer: Viewer = EVERYBODY) -> Iterator[View]:
    """A viewer's view of a new store with these records."""
    with tempfile.TemporaryDirectory() as folder, leased(Path(folder)) as url:
        store = filled(url, records)
        try:
            yield store.view(viewer)
        finally:
            store.close()


def eid(source_id: str, agency: str = "AAA") -> str:
    """The id of an entity of an agency's only dataset."""
    return entity_id(agency, "files", source_id)


def rows_of(finding: Finding[Any]) -> tuple[dict[str, Any], ...]:
    """The rows of a finding as JSON has them."""
    return tuple(row.to_dict() for row in finding.results)
