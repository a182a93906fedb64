"""A small graph that says that it is the copy of a viewer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import driver
from tests.stores import leased

_GRAPH = """
CREATE (a:Person {name: 'Ann', born: date('1990-01-02'), at: point({x: 1, y: 2})})
CREATE (b:Person {name: 'Bo'}) CREATE (c:Person:Member {name: 'Cas'}) CREATE (d:Car {name: 'Dee'})
CREATE (a)-[:KNOWS {since: 2}]->(b), (b)-[:KNOWS {since: 3}]->(c), (c)-[:OWNS]->(d)
"""
STORE = "MERGE (s:Store {name: 'workbench'}) SET s += $properties"
COPY = {"copy_of_viewer": "ann", "copy_purpose": "investigation"}


@contextmanager
def viewers_copy(folder: Path) -> Iterator[str]:
    """The URL of such a copy, until the context ends."""
    with leased(folder, kind="neo4j") as found, driver(found) as writing:
        writing.execute_query(_GRAPH)
        writing.execute_query(STORE + ", s.copied_at = datetime()", properties=COPY)
        yield found
