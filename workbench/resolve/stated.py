"""Rows of a batch of judgements as people and files state them, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workbench.errors import UsageError
from workbench.model.asked import one_text, texts

# What a row must have, and what it may have.
COLUMNS, MORE = ("a", "b", "verdict", "why"), ("evidence", "override", "line")


class Stated(NamedTuple):
    """A row of a batch: its number, its place for messages, and what it says of two entities."""

    number: int
    place: str
    a: str
    b: str
    verdict: str
    why: str
    evidence: tuple[str, ...]
    override: bool


@dataclass
class Mistakes:
    """What is wrong in a batch, row by row, to be told at once."""

    _found: list[tuple[int, str, UsageError]] = field(default_factory=list)

    def add(self, number: int, place: str, error: UsageError) -> None:
        """Note an error about a row."""
        self._found.append((number, place, error))

    @contextmanager
    def of(self, number: int, place: str) -> Iterator[None]:
        """Note the error about a row instead of raising it."""
        try:
            yield
        except UsageError as error:
            self.add(number, place, error)

    def without(self, rows: Sequence[Stated]) -> list[Stated]:
        """The rows with which nothing is wrong so far."""
        wrong = {number for number, _, _ in self._found}
        return [row for row in rows if row.number not in wrong]

    def refuse(self) -> None:
        """Raise what was found, in the order of the rows: one error as it is, several as a UsageError."""
        if not self._found:
            return
        self._found.sort(key=lambda each: each[0])
        told = [f"{place}: {error.message}" for _, place, error in self._found]
        if len(told) > 1:
            raise UsageError(f"nothing is judged, for {len(told)} mistakes: {'; '.join(told)}", "rows")
        error = self._found[0][2]
        error.message, error.field = told[0], "rows"
        raise error


def stated(rows: Sequence[Mapping[str, Any]], mistakes: Mistakes) -> list[Stated]:
    """The rows of a batch, without those that are none; UsageError if it is no list of rows."""
    if isinstance(rows, str | Mapping) or not isinstance(rows, Sequence):
        raise UsageError(f"rows must be a list, each with {', '.join(COLUMNS)}: not {type(rows).__name__}", "rows")
    found = []
    for number, row in enumerate(rows, 1):
        if isinstance(row, Mapping):
            place = f"line {row['line']}" if "line" in row else f"row {number}"
            found.append(_stated(number, place, row, mistakes))
        else:
            error = UsageError(f"a row has {', '.join(COLUMNS)}: not {row!r}", "rows")
            mistakes.add(number, f"row {number}", error)
    return found


def _stated(number: int, place: str, row: Mapping[str, Any], mistakes: Mistakes) -> Stated:
    """One row; what is missing in it, or None, is an empty text."""
    given = {name: value for name, value in row.items() if value is not None}
    said, evidence, override = dict.fromkeys(COLUMNS, ""), tuple[str, ...](), given.get("override", False)
    unknown = sorted(str(name) for name in given if name not in (*COLUMNS, *MORE))
    if unknown:
        error = UsageError(f"a row has {', '.join((*COLUMNS, *MORE))}: not {', '.join(unknown)}", "rows")
        mistakes.add(number, place, error)
    for name in COLUMNS:
        with mistakes.of(number, place):
            said[name] = one_text(given.get(name, ""), name)
    with mistakes.of(number, place):
        evidence = texts(given.get("evidence", ()), "evidence")
    if not isinstance(override, bool):
        mistakes.add(number, place, UsageError(f"override must be true or false: not {override!r}", "override"))
    return Stated(number, place, **said, evidence=evidence, override=override is True)
