"""The grammar of expressions, including calls of the listed functions only."""

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
_COMBINING = frozenset({*_JOINING, "-", "*", "/", "%", "^"})  # only those in _JOINING make a value longer
_OPERATORS = frozenset({*_COMBINING, "=", "<>", "<", ">", "<=", ">="})
_LOGICAL = frozenset({"AND", "OR", "XOR", "IN", "CONTAINS"})
_SUBQUERIES = frozenset({"EXISTS", "COUNT", "COLLECT"})

_SEARCHING = frozenset({"CONTAINS", "STARTS", "ENDS"})
_ESCAPED = re.compile(r"\\.", re.DOTALL)

_HIGHEST = 60  # a server's stack of 1 MB overflows between 150 and 200
_MOST_TEXTS = 64
_MOST_IN_LOOP = 8
_MOST_SEARCHED = 16  # number of joined texts searched, times number of joined texts searched for
_MOST_VALUES = 1_000
_LONGEST_TEXT = 1_000
_MOST_SUBQUERIES = 16
_DEEPEST_SUBQUERY = 4  # each level doubles the time of planning


class _Source(NamedTuple):
    """The list that a loop goes through."""

    name: str  # of each item
    size: Size  # of the list


class Expressions(Patterns):
    """Reads expressions, which may contain subqueries."""

    _in_loop = False  # inside what is evaluated for each item of a list
    _item_of_loop = ""  # the variable for the item
    _subqueries = 0  # count in the whole query
    _depth_of_subquery = 0
    _highest = 0  # greatest height of an expression in this query or subquery
    _returned = ONE  # the size of a value of the last RETURN or WITH

    def __init__(self, found: list[Token], given: Mapping[str, Size]) -> None:
        super().__init__(found)
        self._given = given  # the sizes of parameters
        self._names = dict[str, Size]()  # the largest size of any variable with this name

    @abstractmethod
    def query(self) -> None:
        """Read a query."""

    def expression(self) -> Size:
        """Read operands with operators between them; the server decides on precedence."""
        at = self.now.at
        with self.deeper():
            size = self._chain()
        if size.height > _HIGHEST:
            raise refused(f"an expression has more than {_HIGHEST} nested steps; split it with WITH", at)
        most = _MOST_IN_LOOP if self._in_loop else _MOST_TEXTS
        if size.text > most:
            raise refused(f"a text or list joined of more than {most} others could grow without limit; join fewer", at)
        if size.tree > _MOST_VALUES:
            raise refused(f"a value made of more than {_MOST_VALUES} others could grow without limit; use fewer", at)
        self._highest = max(self._highest, size.height)
        return size

    def _chain(self) -> Size:
        links, size = 0, self._operand()
        height, truth = size.height, False
        searched: Size | None = None
        while operator := self._operator():
            at, operand = self.now.at, self._operand()
            links, height = links + 1, max(height, operand.height)
            if operator in _JOINING:
                size = size.joined(operand)
            elif operator in _COMBINING:
                size = size.either(operand)
            else:
                searched, size, truth = size if operator in _SEARCHING else None, operand, True
            if searched is not None:
                self._check_search(searched, size, at)
        return Size(height=height + links) if truth else Size(size.text, size.tree, size.many, height + links)

    def _check_search(self, searched: Size, wanted: Size, at: int) -> None:
        """Refuse to search a long text for a long one: the time is the product of their lengths."""
        if searched.text * wanted.text > _MOST_SEARCHED:
            raise refused("a text joined of so many others can't be searched; search the parts", at)

    def _operator(self) -> str:
        """Read an operator; "" if there is none."""
        if self.is_mark(self.now, "=~"):
            raise refused("regular expressions can't be stopped in time; use CONTAINS or STARTS WITH", self.now.at)
        operator = self.now.upper or self.now.text
        if self.skip(*_OPERATORS) or self.skip_word(*_LOGICAL):
            return operator
        if self.skip_word("STARTS", "ENDS"):
            self.take_word("WITH")
            return operator
        return ""

    def _operand(self) -> Size:
        before = 0
        while self.skip_word("NOT") or self.skip("+", "-"):
            before += 1
        size = self._value()
        while (more := self._followed(size)) is not None:
            size = more
        return size.higher(before)

    def _followed(self, value: Size) -> Size | None:
        """Read what follows a value: a property, an index or slice, labels, IS [NOT] NULL; None if nothing does."""
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
        """Read an index or slice of a list."""
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
            raise refused(f"this text has more than {_LONGEST_TEXT} characters; pass it as a parameter", self.now.at)
        self.step()
        return ONE

    def _of_words(self) -> Size:
        """Read a value that begins with a word."""
        if self.now.upper == "CASE":
            return self._case()
        if self.now.upper in _SUBQUERIES and self.is_mark(self.ahead(), "{"):
            return self._subquery()
        if (dots := self._dots_of_call()) is not None:
            return self._call(dots)
        size = self._named()
        return self._map_of_properties(size) if self.is_mark(self.now, "{") else size

    def _named(self) -> Size:
        """Read a variable."""
        name = self.name()
        size = self._names.get(name, ONE)
        return size if name == self._item_of_loop else self._once_in_loop(name, size, self.ahead(-2))

    def _once_in_loop(self, name: str, size: Size, before: Token) -> Size:
        """Refuse a list variable inside a loop where it would be gone through for each item of the loop's list."""
        if not self._in_loop or not size.many:
            return size
        # a fixed list of texts is looked up by hash; any other list is searched item by item
        if (
            before.upper == "IN"
            and (size.many, size.tree) == (1, 1)
            and not self.is_mark(self.now, *_COMBINING, "[", ".")
        ):
            return size
        raise refused(
            f"in a loop, the list {name} would be read for each item of another list, which can't be stopped in time;"
            " use UNWIND",
            before.at,
        )

    def _call_it(self, name: str, size: Size) -> None:
        """Note the size of a variable; several parts of a query may use the same name."""
        self._names[name] = self._names.get(name, ONE).either(Size(size.text, size.tree, size.many))

    def _in_brackets(self) -> Size:
        if self._is_path():
            self._path()
            return ONE
        self.take("(")
        size = self.expression()
        self.take(")")
        return size.higher()

    def _is_path(self, by: int = 0) -> bool:
        """Whether brackets begin a path (a node and a relationship), and not an expression followed by minus."""
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
        """Read a list, a list comprehension, or a pattern comprehension."""
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
        """Read `name IN list`, the start of a loop; None if something else comes."""
        if self.now.kind not in ("word", "quoted") or self.ahead().upper != "IN":
            return None
        name = self.name()
        self.step()
        given = self.is_mark(self.now, "$")
        size = self.expression()
        return _Source(name, size.either(Size(many=1)) if given else size)

    def _made(self, loop: bool, source: _Source | None) -> Size | None:
        """Read the WHERE and | of a list or pattern comprehension; None if neither comes."""
        if self.now.upper != "WHERE" and not self.is_mark(self.now, "|"):
            return None
        if loop and self._in_loop:
            raise refused("a loop inside a loop can't be stopped in time; use UNWIND", self.now.at)
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
        """Read `{name: expression, …}`."""
        self.take("{")
        entries = [] if self.is_mark(self.now, "}") else self.each(self._entry)
        self.take("}")
        return beside(entries).higher()

    def _entry(self) -> Size:
        self.any_name()
        self.take(":")
        return self.expression()

    def _map_of_properties(self, of: Size) -> Size:
        """Read `{.name, .*, other: expression, variable}` after a variable."""
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
        sizes = list[Size]()
        if self.now.upper != "WHEN":
            sizes.append(self.expression())
        while self.skip_word("WHEN"):
            sizes += self.each(self.expression)
            self.take_word("THEN")
            sizes.append(self.expression())
        if self.skip_word("ELSE"):
            sizes.append(self.expression())
        self.take_word("END")
        return either(sizes).higher()

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
        size = self._returned.collected() if kind == "COLLECT" else ONE
        return Size(size.text, size.tree, size.many, height + 1)

    def _count_subquery(self) -> None:
        self._subqueries += 1
        self._depth_of_subquery += 1
        if self._subqueries > _MOST_SUBQUERIES:
            raise refused(f"more than {_MOST_SUBQUERIES} subqueries take too long to plan", self.now.at)
        if self._depth_of_subquery > _DEEPEST_SUBQUERY:
            raise refused(f"subqueries more than {_DEEPEST_SUBQUERY} deep take too long to plan", self.now.at)

    def _dots_of_call(self) -> int | None:
        """The number of dots in the name of the function called here; None if there is no call."""
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
            raise refused("collect is not allowed in a loop; collect before the loop, with WITH", at)
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
        source, sizes = self._source(), list[Size]()
        more = source is None or self.skip(",")
        if more and not self.skip("*") and not self.is_mark(self.now, ")"):
            sizes = self.each(self.expression)
        made = self._made(loop=True, source=source)
        self.take(")")
        return sizes if made is None else [made]

    def _replace(self) -> Size:
        """Read the arguments of replace, `(text, 'from', 'to')`, whose result can't be longer than the text."""
        self.take("(")
        size = self.expression()
        at, wanted = self.now.at, [self._text_after_comma(), self._text_after_comma()]
        self.take(")")
        if wanted[1] > wanted[0]:
            raise refused(
                "replace may not make a text longer here: its third text must not be longer than its second", at
            )
        return size.higher()

    def _text_after_comma(self) -> int:
        """Read a comma and a text; returns the text's length."""
        self.take(",")
        text = self.now
        if text.kind != "text":
            raise refused("the second and third arguments of replace must be texts in quotes", text.at)
        self._literal()
        return len(_ESCAPED.sub("x", text.text[1:-1]).encode("utf-16-le"))
