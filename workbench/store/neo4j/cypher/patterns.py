"""The grammar of patterns: nodes, relationships, paths that repeat, and the shortest of them."""

from abc import ABC, abstractmethod

from workbench.store.neo4j.cypher.cursor import Cursor
from workbench.store.neo4j.cypher.sizes import Size
from workbench.store.neo4j.cypher.tokens import refused

_MOST_NODES = 16
_MOST_LABELS = 32  # those joined by & are planned in the third power of how many they are

_NOT_CHOSEN = (
    "no SHORTEST, ANY or ALL before a path, which the server does not stop in time;"
    " use shortestPath((a)-[*..8]-(b)) or allShortestPaths((a)-[*..8]-(b))"
)


class Patterns(Cursor, ABC):
    """Reads patterns, in which expressions stand."""

    _nodes = 0  # of the whole query
    _labels_read = 0  # of the whole query, with each !

    @abstractmethod
    def expression(self) -> Size:
        """How large the expression can get that is gone past."""

    @abstractmethod
    def map_literal(self) -> Size:
        """How large the properties of a pattern can get that are gone past."""

    def _patterns(self) -> None:
        """Patterns, and what must hold in them."""
        self.each(self._pattern)
        self._where()

    def _where(self) -> None:
        if self.skip_word("WHERE"):
            self.expression()

    def _pattern(self) -> None:
        """A path with its name and how it is chosen."""
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
        """Whether a path has a name: `p =` before it."""
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
        """Nodes, relationships and paths in brackets, one after the other."""
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
        """A node, or a path in brackets that may be repeated."""
        self.take("(")
        if self._path_name() or self.is_mark(self.now, "("):
            self._path()
            self._where()
            self.take(")")
            self._quantifier()
            return
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise refused(f"more than {_MOST_NODES} nodes take too long to plan; ask in several queries", self.now.at)
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
        """+, *, {3}, {1,3}, {,3} or {1,}; or none."""
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
        """`:A:B`, `:A|B&!C`, `:(A|B)`, `:%`."""
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
        """Whether `|` joins labels here; in a list it can begin what is listed."""
        after, then = self.ahead(), self.ahead(2)
        return self.is_mark(after, ":", "!", "%") or (
            after.kind in ("word", "quoted") and not self.is_mark(then, "(", "{", ".", "[")
        )
