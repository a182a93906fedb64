"""The grammar of expressions, but for calls of functions that are on no list."""

import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

from workbench.store.neo4j.cypher.calls import size_of_call
from workbench.store.neo4j.cypher.patterns import Patterns
from workbench.store.neo4j.cypher.sizes import ONE, Size, beside, either
from workbench.store.neo4j.cypher.tokens import Token, refused
from workbench.store.neo4j.cypher.words import FUNCTIONS

_JOINING = frozenset({"+", "||"})
_COMBINING = frozenset({*_JOINING, "-", "*", "/", "%", "^"})  # all but the first make nothing longer
_OPERATORS = frozenset({*_COMBINING, "=", "<>", "<", ">", "<=", ">="})
_LOGICAL = frozenset({"AND", "OR", "XOR", "IN", "CONTAINS"})
_SUBQUERIES = frozenset({"EXISTS", "COUNT", "COLLECT"})

_SEARCHING = frozenset({"CONTAINS", "STARTS", "ENDS"})
_ESCAPED = re.compile(r"\\.", re.DOTALL)

_HIGHEST = 60  # a stack of 1 MB, which servers have, overflows between 150 and 200
_MOST_TEXTS = 64
_MOST_IN_LOOP = 8
_MOST_SEARCHED = 16  # texts that are searched, times texts that are searched for
_MOST_VALUES = 1_000
_LONGEST_TEXT = 1_000
_MOST_SUBQUERIES = 16
_DEEPEST_SUBQUERY = 4  # planning takes twice as long for each level


class _Source(NamedTuple):
    """What a loop goes over."""

    name: str  # of each item
    size: Size  # of the list


class Expressions(Patterns):
    """Reads expressions, in which queries stand."""

    _in_loop = False  # in what is done with each item of a list
    _item_of_loop = ""  # its name
    _subqueries = 0  # of the whole query
    _depth_of_subquery = 0
    _highest = 0  # of the expressions in this query or subquery
    _returned = ONE  # a value of the last RETURN or WITH

    def __init__(self, found: list[Token], given: Mapping[str, Size]) -> None:
        super().__init__(found)
        self._given = given  # the sizes of parameters
        self._names = dict[str, Size]()  # the largest that was called so, wherever

    @abstractmethod
    def query(self) -> None:
        """Go past a query."""

    def expression(self) -> Size:
        """Operands and the operators between them; which of them binds stronger is the server's to say."""
        at = self.now.at
        with self.deeper():
            found = self._chain()
        if found.height > _HIGHEST:
            raise refused(f"more than {_HIGHEST} steps of it rest on each other; take it apart with WITH", at)
        most = _MOST_IN_LOOP if self._in_loop else _MOST_TEXTS
        if found.text > most:
            raise refused(f"a text or list of more than {most} others could grow for ever; join fewer", at)
        if found.tree > _MOST_VALUES:
            raise refused(f"a value of more than {_MOST_VALUES} others could grow for ever; write fewer", at)
        self._highest = max(self._highest, found.height)
        return found

    def _chain(self) -> Size:
        links, found = 0, self._operand()
        height, truth = found.height, False
        searched: Size | None = None
        while operator := self._operator():
            at, operand = self.now.at, self._operand()
            links, height = links + 1, max(height, operand.height)
            if operator in _JOINING:
                found = found.joined(operand)
            elif operator in _COMBINING:
                found = found.either(operand)
            else:
                searched, found, truth = found if operator in _SEARCHING else None, operand, True
            if searched is not None:
                self._check_search(searched, found, at)
        return Size(height=height + links) if truth else Size(found.text, found.tree, found.many, height + links)

    def _check_search(self, searched: Size, wanted: Size, at: int) -> None:
        """Refuse to search in a long text for a long one: it takes as long as both lengths multiplied."""
        if searched.text * wanted.text > _MOST_SEARCHED:
            raise refused("texts that are joined of so many are not searched; search in the parts", at)

    def _operator(self) -> str:
        """The operator that is gone past; empty where none is."""
        if self.is_mark(self.now, "=~"):
            raise refused("no regular expressions, which nothing could stop; use CONTAINS, STARTS WITH", self.now.at)
        found = self.now.upper or self.now.text
        if self.skip(*_OPERATORS) or self.skip_word(*_LOGICAL):
            return found
        if self.skip_word("STARTS", "ENDS"):
            self.take_word("WITH")
            return found
        return ""

    def _operand(self) -> Size:
        before = 0
        while self.skip_word("NOT") or self.skip("+", "-"):
            before += 1
        found = self._value()
        while (more := self._followed(found)) is not None:
            found = more
        return found.higher(before)

    def _followed(self, value: Size) -> Size | None:
        """A value with a property, an item or part of it, a test of labels, IS [NOT] NULL; None where none is."""
        if self.skip("."):
            self.any_name()
            return value.higher()
        if self.is_mark(self.now, ":"):
            self._labels()
            return value.small().higher()
        if self.skip("["):
            return self._part_of(value)
        if self.skip_word("IS"):
            self.skip_word("NOT")
            self.take_word("NULL")
            return value.small().higher()
        return None

    def _part_of(self, value: Size) -> Size:
        """An item of a list, or several."""
        places = [ONE if self.is_mark(self.now, "..") else self.expression()]
        several = self.skip("..")
        if several and not self.is_mark(self.now, "]"):
            places.append(self.expression())
        self.take("]")
        part = value if several else value.item()
        return Size(part.text, part.tree, part.many, max(value.height, *(each.height for each in places), 0) + 1)

    def _value(self) -> Size:
        token = self.now
        if token.kind in ("text", "number"):
            return self._literal()
        if self.skip("$"):
            name = self.parameter()
            return self._once_in_loop(f"${name}", self._given.get(name, ONE), self.ahead(-3))
        if self.is_mark(token, "["):
            return self._list()
        if self.is_mark(token, "{"):
            return self.map_literal()
        if self.is_mark(token, "("):
            return self._in_brackets()
        return self._of_words()

    def _literal(self) -> Size:
        if len(self.now.text) > _LONGEST_TEXT:
            raise refused(f"a text of more than {_LONGEST_TEXT} characters; give it as a parameter", self.now.at)
        self.step()
        return ONE

    def _of_words(self) -> Size:
        """A value that begins with a word."""
        if self.now.upper == "CASE":
            return self._case()
        if self.now.upper in _SUBQUERIES and self.is_mark(self.ahead(), "{"):
            return self._subquery()
        if (dots := self._dots_of_call()) is not None:
            return self._call(dots)
        found = self._named()
        return self._map_of_properties(found) if self.is_mark(self.now, "{") else found

    def _named(self) -> Size:
        """The value of a variable."""
        name = self.name()
        found = self._names.get(name, ONE)
        return found if name == self._item_of_loop else self._once_in_loop(name, found, self.ahead(-2))

    def _once_in_loop(self, name: str, found: Size, before: Token) -> Size:
        """What has such a name, between this token and the next; a list is not gone through for each item of one."""
        if not self._in_loop or not found.many:
            return found
        # the server looks a text up in a list of texts that it has seen before, and anything else item by item
        if (
            before.upper == "IN"
            and (found.many, found.tree) == (1, 1)
            and not self.is_mark(self.now, *_COMBINING, "[", ".")
        ):
            return found
        raise refused(
            f"in a loop, {name} is a list for each item of another, which nothing could stop; use UNWIND", before.at
        )

    def _call_it(self, name: str, size: Size) -> None:
        """Note what is called so; several may be, in several parts of a query."""
        self._names[name] = self._names.get(name, ONE).either(Size(size.text, size.tree, size.many))

    def _in_brackets(self) -> Size:
        if self._is_path():
            self._path()
            return ONE
        self.take("(")
        found = self.expression()
        self.take(")")
        return found.higher()

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

    def _list(self) -> Size:
        """A list, one made from a list, or one made from the paths of a pattern."""
        self.take("[")
        named = 2 if self.is_mark(self.ahead(), "=") else 0
        loop = not self._is_path(named)
        source = self._source()
        items = list[Size]()
        if source is None or self.skip(","):
            items = [] if self.is_mark(self.now, "]", "|") else self.each(self.expression)
        made = self._made(loop, source)
        self.take("]")
        return beside(items).listed().higher() if made is None else made.higher()

    def _source(self) -> _Source | None:
        """`name IN list`, with which a loop begins; None where something else comes."""
        if self.now.kind not in ("word", "quoted") or self.ahead().upper != "IN":
            return None
        name = self.name()
        self.step()
        given = self.is_mark(self.now, "$")
        size = self.expression()
        return _Source(name, size.either(Size(many=1)) if given else size)

    def _made(self, loop: bool, source: _Source | None) -> Size | None:
        """WHERE and | of what is made from a list or from paths; None where neither comes."""
        if self.now.upper != "WHERE" and not self.is_mark(self.now, "|"):
            return None
        if loop and self._in_loop:
            raise refused("no loop over a list in a loop, which nothing could stop; use UNWIND", self.now.at)
        before = self._in_loop, self._item_of_loop
        if loop:
            self._in_loop, self._item_of_loop = True, source.name if source else ""
        if source:
            self._call_it(source.name, Size(source.size.text, 1, source.size.item().many))
        self._where()
        each = self.expression() if self.skip("|") else ONE
        self._in_loop, self._item_of_loop = before
        return source.size.made_to(each) if source else each.collected()

    def map_literal(self) -> Size:
        """`{name: expression, …}`."""
        self.take("{")
        entries = [] if self.is_mark(self.now, "}") else self.each(self._entry)
        self.take("}")
        return beside(entries).higher()

    def _entry(self) -> Size:
        self.any_name()
        self.take(":")
        return self.expression()

    def _map_of_properties(self, of: Size) -> Size:
        """`{.name, .*, other: expression, variable}` after a variable."""
        self.take("{")
        entries = [] if self.is_mark(self.now, "}") else self.each(lambda: self._selected(of))
        self.take("}")
        return beside(entries).higher()

    def _selected(self, of: Size) -> Size:
        if self.skip("."):
            if not self.skip("*"):
                self.any_name()
            return of
        return self._entry() if self.is_mark(self.ahead(), ":") else self._named()

    def _case(self) -> Size:
        self.step()
        found = list[Size]()
        if self.now.upper != "WHEN":
            found.append(self.expression())
        while self.skip_word("WHEN"):
            found += self.each(self.expression)
            self.take_word("THEN")
            found.append(self.expression())
        if self.skip_word("ELSE"):
            found.append(self.expression())
        self.take_word("END")
        return either(found).higher()

    def _subquery(self) -> Size:
        kind, before = self.now.upper, self._highest
        self._count_subquery()
        self.step()
        self.take("{")
        self._highest, self._returned = 0, ONE
        with self.deeper():
            if self.now.upper in ("MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN"):
                self.query()
            else:
                self._patterns()
        self.take("}")
        self._depth_of_subquery -= 1
        height, self._highest = self._highest, max(self._highest, before)
        found = self._returned.collected() if kind == "COLLECT" else ONE
        return Size(found.text, found.tree, found.many, height + 1)

    def _count_subquery(self) -> None:
        self._subqueries += 1
        self._depth_of_subquery += 1
        if self._subqueries > _MOST_SUBQUERIES:
            raise refused(f"more than {_MOST_SUBQUERIES} subqueries take too long to plan", self.now.at)
        if self._depth_of_subquery > _DEEPEST_SUBQUERY:
            raise refused(f"subqueries more than {_DEEPEST_SUBQUERY} deep take too long to plan", self.now.at)

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

    def _call(self, dots: int) -> Size:
        at, name = self.now.at, "".join(self.ahead(by).text for by in range(2 * dots + 1))
        if name.lower() not in FUNCTIONS:
            better = {"range": "; write UNWIND range(…) AS", "reduce": "; use UNWIND, and sum or collect"}
            raise refused(f"the function {name} is not on the list" + better.get(name.lower(), ""), self.now.at)
        if self._in_loop and name.lower() == "collect":
            raise refused("no collect in a loop; collect before it, by WITH", at)
        for _ in range(2 * dots + 1):
            self.step()
        if name.lower() == "replace":
            return self._replace()
        sizes = self._arguments()
        if name.lower() == "split" and len(sizes) > 1:
            self._check_search(sizes[0], sizes[1], at)
        return size_of_call(name.lower(), sizes).higher()

    def _arguments(self) -> list[Size]:
        self.take("(")
        self.skip_word("DISTINCT")
        source, found = self._source(), list[Size]()
        more = source is None or self.skip(",")
        if more and not self.skip("*") and not self.is_mark(self.now, ")"):
            found = self.each(self.expression)
        made = self._made(loop=True, source=source)
        self.take(")")
        return found if made is None else [made]

    def _replace(self) -> Size:
        """`(text, 'what', 'with what')`, where the text does not grow."""
        self.take("(")
        found = self.expression()
        at, wanted = self.now.at, [self._text_after_comma(), self._text_after_comma()]
        self.take(")")
        if wanted[1] > wanted[0]:
            raise refused("replace makes no text longer here: its third text is as long as its second at most", at)
        return found.higher()

    def _text_after_comma(self) -> int:
        """How long a text is that is gone past, after a comma."""
        self.take(",")
        text = self.now
        if text.kind != "text":
            raise refused("replace takes texts in quotes, for what and with what", text.at)
        self._literal()
        return len(_ESCAPED.sub("x", text.text[1:-1]).encode("utf-16-le"))
