"""The grammar of patterns: nodes, relationships, repeated paths, and shortest paths."""

from abc import ABC, abstractmethod

from workbench.store.neo4j.cypher.cursor import Cursor
from workbench.store.neo4j.cypher.sizes import Size
from workbench.store.neo4j.cypher.tokens import refused

_MOST_NODES = 16
_MOST_LABELS = 20  # time of planning grows with the cube of the labels joined by &: 32 took 5 s

_NOT_CHOSEN = (
    "the server can't stop SHORTEST, ANY or ALL before a path in time;"
    " use shortestPath((a)-[*..8]-(b)) or allShortestPaths((a)-[*..8]-(b))"
)


class Patterns(Cursor, ABC):
    """Reads patterns, which may contain expressions."""

    _nodes = 0  # count in the whole query
    _labels_read = 0  # count in the whole query, including each !

    @abstractmethod
    def expression(self) -> Size:
        """Read an expression; returns the bound of its size."""

    @abstractmethod
    def map_literal(self) -> Size:
        """Read the properties of a pattern; returns the bound of their size."""

    def _patterns(self) -> None:
        """Read patterns and their WHERE."""
        self.each(self._pattern)
        self._where()

    def _where(self) -> None:
        if self.skip_word("WHERE"):
            self.expression()

    def _pattern(self) -> None:
        """Read a path with its name and its selector."""
        self._path_name()
        if self.now.upper in ("SHORTESTPATH", "ALLSHORTESTPATHS"):
            self.step()
            self.take("(")
            self._path()
            self.take(")")
            return
        if self.now.upper in ("ALL", "ANY", "SHORTEST"):
            raise refused(_NOT_CHOSEN, self.now.at)
        self._path()

    def _path_name(self) -> bool:
        """Read `p =` before a path; returns whether it is there."""
        if not self.is_mark(self.ahead(), "="):
            return False
        self.name()
        self.step()
        return True

    def _how_many(self) -> None:
        if self.skip("$"):
            self.parameter()
        elif self.now.kind == "number":
            self.step()

    def _path(self) -> None:
        """Read nodes, relationships and paths in brackets."""
        with self.deeper():
            self._part_in_brackets()
            while True:
                if self.is_mark(self.now, "-", "<"):
                    self._relationship()
                    self._quantifier()
                elif not self.is_mark(self.now, "("):
                    break
                self._part_in_brackets()

    def _part_in_brackets(self) -> None:
        """Read a node, or a path in brackets with its quantifier."""
        self.take("(")
        if self._path_name() or self.is_mark(self.now, "("):
            self._path()
            self._where()
            self.take(")")
            self._quantifier()
            return
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise refused(f"more than {_MOST_NODES} nodes take too long to plan; split the query", self.now.at)
        self._variable_and_labels()
        self._properties_and_where()
        self.take(")")

    def _relationship(self) -> None:
        self.skip("<")
        self.take("-")
        if self.skip("["):
            self._variable_and_labels()
            if self.skip("*"):
                self._bounds("..")
            self._properties_and_where()
            self.take("]")
        self.take("-")
        self.skip(">")

    def _variable_and_labels(self) -> None:
        if self.now.kind in ("word", "quoted") and self.now.upper != "WHERE":
            self.name()
        if self.is_mark(self.now, ":"):
            self._labels()

    def _properties_and_where(self) -> None:
        if self.is_mark(self.now, "{"):
            self.map_literal()
        elif self.skip("$"):
            self.parameter()
        self._where()

    def _quantifier(self) -> None:
        """Read +, *, {3}, {1,3}, {,3} or {1,}, if there is one."""
        if self.skip("+", "*"):
            return
        if self.skip("{"):
            self._bounds(",")
            self.take("}")

    def _bounds(self, between: str) -> None:
        self._how_many()
        if self.skip(between):
            self._how_many()

    def _labels(self) -> None:
        """Read `:A:B`, `:A|B&!C`, `:(A|B)` or `:%`."""
        self.take(":")
        self._label()
        while self.skip(":", "&") or (self._goes_on_with_or() and self.skip("|")):
            self.skip(":")
            self._label()

    def _label(self) -> None:
        self._count_label()
        while self.skip("!"):
            self._count_label()
        if self.skip("%"):
            return
        if self.skip("("):
            with self.deeper():
                self._label()
                while self.skip("|", "&", ":"):
                    self._label()
            self.take(")")
            return
        self.any_name()

    def _count_label(self) -> None:
        self._labels_read += 1
        if self._labels_read > _MOST_LABELS:
            raise refused(f"more than {_MOST_LABELS} labels, types and ! take too long to plan", self.now.at)

    def _goes_on_with_or(self) -> bool:
        """Whether `|` joins labels here; in a list it can begin the listed expression."""
        after, then = self.ahead(), self.ahead(2)
        return self.is_mark(after, ":", "!", "%") or (
            after.kind in ("word", "quoted") and not self.is_mark(then, "(", "{", ".", "[")
        )
