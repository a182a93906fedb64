"""The grammar of expressions, but for calls of functions that are on no list."""

from abc import abstractmethod

from workbench.store.neo4j.cypher.patterns import Patterns
from workbench.store.neo4j.cypher.tokens import refused
from workbench.store.neo4j.cypher.words import FUNCTIONS

_OPERATORS = frozenset({"=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "^", "||"})
_LOGICAL = frozenset({"AND", "OR", "XOR", "IN", "CONTAINS"})
_SUBQUERIES = frozenset({"EXISTS", "COUNT", "COLLECT"})


class Expressions(Patterns):
    """Reads expressions, in which queries stand."""

    _in_loop = False  # in what is done with each item of a list

    @abstractmethod
    def query(self) -> None:
        """Go past a query."""

    def expression(self) -> None:
        """Operands and the operators between them; which of them binds stronger is the server's to say."""
        with self.deeper():
            self._operand()
            while self._operator():
                self._operand()

    def _operator(self) -> bool:
        if self.is_mark(self.now, "=~"):
            raise refused("no regular expressions, which nothing could stop; use CONTAINS, STARTS WITH", self.now.at)
        if self.skip(*_OPERATORS) or self.skip_word(*_LOGICAL):
            return True
        if self.skip_word("STARTS", "ENDS"):
            self.take_word("WITH")
            return True
        return False

    def _operand(self) -> None:
        while self.skip_word("NOT") or self.skip("+", "-"):
            pass
        self._value()
        while self._follows_value():
            pass

    def _follows_value(self) -> bool:
        """A property, an item or part of a list, a test of labels, IS [NOT] NULL."""
        if self.skip("."):
            self.any_name()
        elif self.is_mark(self.now, ":"):
            self._labels()
        elif self.skip("["):
            if not self.is_mark(self.now, ".."):
                self.expression()
            if self.skip("..") and not self.is_mark(self.now, "]"):
                self.expression()
            self.take("]")
        elif self.skip_word("IS"):
            self.skip_word("NOT")
            self.take_word("NULL")
        else:
            return False
        return True

    def _value(self) -> None:
        token = self.now
        if token.kind in ("text", "number"):
            self.step()
        elif self.skip("$"):
            self.parameter()
        elif self.is_mark(token, "["):
            self._list()
        elif self.is_mark(token, "{"):
            self.map_literal()
        elif self.is_mark(token, "("):
            self._in_brackets()
        elif token.upper == "CASE":
            self._case()
        elif token.upper in _SUBQUERIES and self.is_mark(self.ahead(), "{"):
            self._subquery()
        elif (dots := self._dots_of_call()) is not None:
            self._call(dots)
        else:
            self.name()
            if self.is_mark(self.now, "{"):
                self._map_of_properties()

    def _in_brackets(self) -> None:
        if self._is_path():
            self._path()
            return
        self.take("(")
        self.expression()
        self.take(")")

    def _is_path(self, by: int = 0) -> bool:
        """Whether brackets and what comes after them are a node and a relationship, not an expression and minus."""
        if not self.is_mark(self.ahead(by), "("):
            return False
        after = self.ahead(by).closes - self._index + 1
        after += self.is_mark(self.ahead(after), "<")
        if not self.is_mark(self.ahead(after), "-"):
            return False
        if self.is_mark(self.ahead(after + 1), "["):
            after = self.ahead(after + 1).closes - self._index
        if not self.is_mark(self.ahead(after + 1), "-"):
            return False
        after += self.is_mark(self.ahead(after + 2), ">")
        return self.is_mark(self.ahead(after + 2), "(")

    def _list(self) -> None:
        """A list, one made from a list, or one made from the paths of a pattern."""
        self.take("[")
        named = 2 if self.is_mark(self.ahead(), "=") else 0
        loop = not self._is_path(named)
        if not self.is_mark(self.now, "]", "|"):
            self.each(self.expression)
        self._made(loop)
        self.take("]")

    def _made(self, loop: bool) -> None:
        """WHERE and | of what is made from a list or from paths."""
        if self.now.upper != "WHERE" and not self.is_mark(self.now, "|"):
            return
        if loop and self._in_loop:
            raise refused("no loop over a list in a loop, which nothing could stop; use UNWIND", self.now.at)
        before, self._in_loop = self._in_loop, self._in_loop or loop
        self._where()
        if self.skip("|"):
            self.expression()
        self._in_loop = before

    def map_literal(self) -> None:
        """`{name: expression, …}`."""
        self.take("{")
        if not self.is_mark(self.now, "}"):
            self.each(self._entry)
        self.take("}")

    def _entry(self) -> None:
        self.any_name()
        self.take(":")
        self.expression()

    def _map_of_properties(self) -> None:
        """`{.name, .*, other: expression, variable}` after a variable."""
        self.take("{")
        if not self.is_mark(self.now, "}"):
            self.each(self._selected)
        self.take("}")

    def _selected(self) -> None:
        if self.skip("."):
            if not self.skip("*"):
                self.any_name()
        elif self.is_mark(self.ahead(), ":"):
            self._entry()
        else:
            self.name()

    def _case(self) -> None:
        self.step()
        if self.now.upper != "WHEN":
            self.expression()
        while self.skip_word("WHEN"):
            self.each(self.expression)
            self.take_word("THEN")
            self.expression()
        if self.skip_word("ELSE"):
            self.expression()
        self.take_word("END")

    def _subquery(self) -> None:
        self.step()
        self.take("{")
        with self.deeper():
            if self.now.upper in ("MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN"):
                self.query()
            else:
                self._patterns()
        self.take("}")

    def _dots_of_call(self) -> int | None:
        """How many dots the name of a function has that is called here; None where none is."""
        by = 0
        while self.ahead(by).kind in ("word", "quoted"):
            if self.is_mark(self.ahead(by + 1), "("):
                return by // 2
            if not self.is_mark(self.ahead(by + 1), "."):
                return None
            by += 2
        return None

    def _call(self, dots: int) -> None:
        name = "".join(self.ahead(by).text for by in range(2 * dots + 1))
        if name.lower() not in FUNCTIONS:
            better = {"range": "; write UNWIND range(…) AS", "reduce": "; use UNWIND, and sum or collect"}
            raise refused(f"the function {name} is not on the list" + better.get(name.lower(), ""), self.now.at)
        for _ in range(2 * dots + 1):
            self.step()
        self._arguments()

    def _arguments(self) -> None:
        self.take("(")
        self.skip_word("DISTINCT")
        if not self.skip("*") and not self.is_mark(self.now, ")"):
            self.each(self.expression)
        self._made(loop=True)
        self.take(")")
