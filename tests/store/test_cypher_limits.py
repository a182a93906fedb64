"""The error for a query that was ended by its time limit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from neo4j.exceptions import Neo4jError

from workbench.access.audit import NoLedger
from workbench.errors import StoreError
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.cypher import run_cypher


class Row:
    """Whose copy it is."""

    def values(self) -> list[str]:
        return ["ann", "investigation"]


class Ended:
    """A copy that says after a while that a query was ended."""

    def __init__(self, code: str, after: float) -> None:
        self._code, self._after = code, after

    @contextmanager
    def reading(self, seconds: float, at_once: int) -> Iterator["Ended"]:
        yield self

    def run(self, query: str, parameters: dict[str, Any] | None = None) -> list[Row]:
        if parameters is None:
            return [Row()]
        time.sleep(self._after)
        raise Neo4jError._hydrate_neo4j(code=self._code, message="ended")


def ask(code: str, after: float) -> None:
    run_cypher(cast("Database", Ended(code, after)), "RETURN 1", audit=NoLedger(), seconds=0.05)


@pytest.mark.parametrize(
    "code",
    [
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
        "Neo.ClientError.Transaction.LockClientStopped",
        "Neo.TransientError.Transaction.LockClientStopped",
        "Neo.ClientError.Transaction.TransactionTerminated",
        "Neo.TransientError.Transaction.Terminated",
        "Neo.TransientError.Transaction.Interrupted",
    ],
)
def test_what_ends_a_query_after_its_time_is_the_limit(code: str) -> None:
    with pytest.raises(StoreError, match=r"^the query was stopped after [0-9.]+ s: narrow it"):
        ask(code, after=0.06)


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("Neo.TransientError.Transaction.LockClientStopped", 0.0),
        ("Neo.TransientError.General.DatabaseUnavailable", 0.06),
    ],
)
def test_what_else_ends_a_query_is_not(code: str, after: float) -> None:
    with pytest.raises(Neo4jError, match="ended"):
        ask(code, after)
