"""A Neo4j database for a benchmark alone, empty before and after."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import GraphDatabase

from workbench.errors import UsageError
from workbench.settings import login
from workbench.store.neo4j.connection import address_of

_COUNT = "MATCH (n) RETURN count(n)"
_EMPTY = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"


@contextmanager
def emptied(url: str) -> Iterator[None]:
    """Use an empty database, and empty it at the end; UsageError if it is not empty."""
    address = address_of(url, login())
    with (
        GraphDatabase.driver(address.server, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database) as session,
    ):
        if session.run(_COUNT).single(strict=True)[0]:
            raise UsageError(f"{address.shown} is not empty: a benchmark needs a database of its own")
        try:
            yield
        finally:
            session.run(_EMPTY).consume()
