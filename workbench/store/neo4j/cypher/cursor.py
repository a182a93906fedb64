"""A position in a query's tokens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from workbench.errors import UsageError
from workbench.store.neo4j.cypher.tokens import Token, refused
from workbench.store.neo4j.cypher.words import KEYWORDS

T = TypeVar("T")

DEEPEST = 40


class Cursor:
    """Reads the tokens of a query in order, without going back."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._index = 0
        self._depth = 0

    @property
    def now(self) -> Token:
        """The next token."""
        return self._tokens[self._index]

    def ahead(self, by: int = 1) -> Token:
        """The token `by` places after the next one, or the end."""
        return self._tokens[min(self._index + by, len(self._tokens) - 1)]

    def step(self) -> None:
        """Skip the next token."""
        self._index += 1

    def skip(self, *texts: str) -> bool:
        """Skip the next token if it is one of these marks; returns whether it was."""
        if self.is_mark(self.now, *texts):
            self.step()
            return True
        return False

    def skip_word(self, *words: str) -> bool:
        """Skip the next token if it is one of these keywords; returns whether it was."""
        if self.now.upper in words:
            self.step()
            return True
        return False

    def take(self, text: str) -> None:
        """Skip this mark; UsageError if something else comes next."""
        if not self.skip(text):
            raise self.unexpected(text)

    def take_word(self, word: str) -> None:
        """Skip this keyword; UsageError if something else comes next."""
        if not self.skip_word(word):
            raise self.unexpected(word)

    def unexpected(self, wanted: str = "") -> UsageError:
        """The error for an unexpected next token."""
        found = self.now.text or "its end"
        return refused(
            f"{found} is not understood here{f', where {wanted} is expected' if wanted else ''}", self.now.at
        )

    def is_mark(self, token: Token, *texts: str) -> bool:
        """Whether a token is one of these marks."""
        return token.kind == "mark" and token.text in texts

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Enter one more level of nesting; UsageError if there are too many."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise refused("it is nested too deeply; take it apart with WITH", self.now.at)
        yield
        self._depth -= 1

    def name(self) -> str:
        """Read the name of a variable, without backticks."""
        if self.now.kind not in ("word", "quoted") or self.now.upper in KEYWORDS:
            raise self.unexpected("a name")
        return self._stepped_over()

    def any_name(self) -> str:
        """Read the name of a property, label, type or parameter, which may be any word that is not refused."""
        if self.now.kind not in ("word", "quoted"):
            raise self.unexpected("a name")
        return self._stepped_over()

    def _stepped_over(self) -> str:
        """Read the next token, without backticks."""
        token = self.now
        self.step()
        return token.text[1:-1].replace("``", "`") if token.kind == "quoted" else token.text

    def parameter(self) -> str:
        """Read the name or number of a parameter, after its $."""
        if self.now.kind == "number" and self.now.text.isdecimal():
            return self._stepped_over()
        return self.any_name()

    def each(self, rule: Callable[[], T]) -> list[T]:
        """Apply a rule, and again after each comma; returns the results."""
        results = [rule()]
        while self.skip(","):
            results.append(rule())
        return results
