"""The grammar of queries that only read: what it does not know it refuses.

It knows MATCH with all patterns of paths, UNWIND, WITH, RETURN and UNION, and every expression but calls of
functions that are on no list. It lets more through than the server does (an aggregation where none may be), and
never anything with an effect: there is no rule for it here, and the words that begin such a thing are refused
wherever they stand. Nothing is rewritten: a query is run as it was written, or not at all.

The server looks at its clock between rows and steps of paths, but not inside one expression. What could go on
there for as long as it likes is therefore no part of the grammar: a loop over a list inside a loop over a list,
`range` but for `UNWIND range(…) AS`, `reduce`, regular expressions, and paths by SHORTEST. How large each value can
get is counted while the query is read (`sizes`), and has a bound. Nor does the server look at its clock while it plans:
how long a query is, how deep, and how much of what is planned slowly stands in it, has its bounds.
"""

from collections.abc import Callable, Mapping
from typing import Any

from workbench.store.neo4j.cypher.expressions import Expressions
from workbench.store.neo4j.cypher.parameters import sizes_of
from workbench.store.neo4j.cypher.sizes import ONE, Size, either
from workbench.store.neo4j.cypher.tokens import refused, tokens

_MOST_TOKENS = 1_000
_MOST_XOR = 8  # planning takes twice as long for each


def check(query: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Let a query through that only reads; UsageError, with the place, for anything else."""
    found = tokens(query)
    if len(found) > _MOST_TOKENS:
        raise refused("it is too long; give lists as parameters, or ask in several queries", found[_MOST_TOKENS].at)
    xors = [token for token in found if token.upper == "XOR"]
    if len(xors) > _MOST_XOR:
        raise refused(f"more than {_MOST_XOR} XOR take too long to plan", xors[_MOST_XOR].at)
    reader = Query(found, sizes_of(parameters or {}))
    reader.query()
    reader.skip(";")
    if reader.now.kind != "end":
        raise reader.unexpected()


class Query(Expressions):
    """Reads clauses."""

    def query(self) -> None:
        """Clauses, or several such queries and UNION between them."""
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
        found = list(self._names.values()) if self.skip("*") else [self._item()]
        while self.skip(","):
            found.append(self._item())
        if self.skip_word("ORDER"):
            self.take_word("BY")
            self.each(self._sorted)
        if self.skip_word("SKIP", "OFFSET"):
            self.expression()
        if self.skip_word("LIMIT"):
            self.expression()
        self._returned = either(found)

    def _item(self) -> Size:
        found = self.expression()
        if self.skip_word("AS"):
            self._call_it(self.name(), found)
        return found

    def _sorted(self) -> None:
        self.expression()
        self.skip_word("ASC", "ASCENDING", "DESC", "DESCENDING")
