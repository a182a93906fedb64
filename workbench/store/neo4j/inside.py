"""A database as one transaction sees it: with what that has written and not committed."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, LiteralString, TypeVar

from neo4j import ManagedTransaction

from workbench.store.neo4j.connection import Database, Parameters, rows

T = TypeVar("T")


class Inside(Database):
    """Reads within a transaction, one query at a time, whichever thread asks."""

    def __init__(self, database: Database, tx: ManagedTransaction) -> None:
        super().__init__(database.address)
        self._tx, self._one = tx, Lock()

    def read(self, query: LiteralString, **parameters: Any) -> list[list[Any]]:
        """The rows of a query."""
        with self._one:
            return rows(self._tx, query, **parameters)

    def row_at_rest(self, query: LiteralString, **parameters: Any) -> list[Any]:
        """As `row`: nobody else writes."""
        return self.row(query, **parameters)

    def row_of_each(self, query: LiteralString, asked: Sequence[Parameters], made: Callable[[list[Any]], T]) -> list[T]:
        """As in `Database`, in order."""
        return [made(self.row(query, **each)) for each in asked]
