"""The grammar of queries that only read: it refuses everything that it does not know.

It knows MATCH with all path patterns, UNWIND, WITH, RETURN and UNION, and every expression, but only the listed
functions. It may accept a query that the server refuses (an aggregation in the wrong place), but none that writes:
there is no rule for writing, and the words that begin a write are refused wherever they stand. A query runs as it was
written, or not at all.

The server checks its clock between rows and steps of paths, but not inside one expression. So the grammar leaves out
whatever could run without limit there: a loop over a list inside another, `range` except in `UNWIND range(…) AS`,
`reduce`, regular expressions, and paths by SHORTEST. It computes a bound for the size of each value (`sizes`) and
limits it. Nor does the server check its clock while it plans, so the length and depth of a query are limited, and the
number of things that are slow to plan.
"""

from collections.abc import Callable, Mapping
from typing import Any

from workbench.store.neo4j.cypher.expressions import Expressions
from workbench.store.neo4j.cypher.parameters import sizes_of
from workbench.store.neo4j.cypher.sizes import ONE, Size, either
from workbench.store.neo4j.cypher.tokens import refused, tokens

_MOST_TOKENS = 1_000
_MOST_XOR = 8  # each doubles the time of planning


def check(query: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Accept a query that only reads; UsageError, with the position, for any other."""
    read = tokens(query)
    if len(read) > _MOST_TOKENS:
        raise refused("it is too long; pass lists as parameters, or split the query", read[_MOST_TOKENS].at)
    xors = [token for token in read if token.upper == "XOR"]
    if len(xors) > _MOST_XOR:
        raise refused(f"more than {_MOST_XOR} XOR take too long to plan", xors[_MOST_XOR].at)
    reader = Query(read, sizes_of(parameters or {}))
    reader.query()
    reader.skip(";")
    if reader.now.kind != "end":
        raise reader.unexpected()


class Query(Expressions):
    """Reads clauses."""

    def query(self) -> None:
        """Read clauses, or several queries with UNION between them."""
        self._clauses()
        while self.skip_word("UNION"):
            before = self._returned
            self.skip_word("ALL", "DISTINCT")
            self._clauses()
            self._returned = before.either(self._returned)

    def _clauses(self) -> None:
        clauses: dict[str, Callable[[], None]] = {
            "OPTIONAL": self._optional,
            "MATCH": self._patterns,
            "UNWIND": self._unwind,
            "WITH": self._with,
            "RETURN": self._projection,
        }
        if self.now.upper not in clauses:
            raise self.unexpected("MATCH, OPTIONAL MATCH, UNWIND, WITH or RETURN")
        while (clause := clauses.get(self.now.upper)) is not None:
            self.step()
            clause()

    def _optional(self) -> None:
        self.take_word("MATCH")
        self._patterns()

    def _unwind(self) -> None:
        if self.now.upper == "RANGE" and self.is_mark(self.ahead(), "("):
            self.step()
            self._arguments()
            items = ONE
        else:
            items = self.expression().item()
        self.take_word("AS")
        self._call_it(self.name(), items)

    def _with(self) -> None:
        self._projection()
        self._where()

    def _projection(self) -> None:
        self.skip_word("DISTINCT")
        sizes = list(self._names.values()) if self.skip("*") else [self._item()]
        while self.skip(","):
            sizes.append(self._item())
        if self.skip_word("ORDER"):
            self.take_word("BY")
            self.each(self._sorted)
        if self.skip_word("SKIP", "OFFSET"):
            self.expression()
        if self.skip_word("LIMIT"):
            self.expression()
        self._returned = either(sizes)

    def _item(self) -> Size:
        size = self.expression()
        if self.skip_word("AS"):
            self._call_it(self.name(), size)
        return size

    def _sorted(self) -> None:
        self.expression()
        self.skip_word("ASC", "ASCENDING", "DESC", "DESCENDING")
