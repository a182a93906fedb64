"""Bounds for the size of a value, computed from the text of a query alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds for a value, counted in literals, parameters and values of the graph.

    A query can make a value grow by + and by repeating its name, which can be counted in the text, and by collecting
    rows, between which the server checks its clock and its memory.
    """

    text: int = 1  # number of texts joined into one text in it
    tree: int = 1  # number of values in it, for each collected row
    many: int = 0  # nesting depth of lists of collected rows
    height: int = 0  # nesting depth of the expression

    def beside(self, other: "Size") -> "Size":
        """The size of a value that holds both."""
        return replace(self.either(other), tree=self.tree + other.tree)

    def either(self, other: "Size") -> "Size":
        """The size of a value that is one of the two."""
        return Size(
            max(self.text, other.text),
            max(self.tree, other.tree),
            max(self.many, other.many),
            max(self.height, other.height),
        )

    def joined(self, other: "Size") -> "Size":
        """The size of the two joined by +."""
        return replace(self.beside(other), text=self.text + other.text)

    def collected(self) -> "Size":
        """The size of a list that collects such a value from each row."""
        return replace(self, many=self.many + 1)

    def listed(self) -> "Size":
        """The size of a literal list of such values."""
        return self.collected() if self.many else self

    def item(self) -> "Size":
        """The size of one item of it."""
        return replace(self, many=max(self.many - 1, 0))

    def made_to(self, each: "Size") -> "Size":
        """The size of a list made from it with `each` for every item."""
        return replace(self.either(each.listed()), tree=self.tree * each.tree)

    def higher(self, by: int = 1) -> "Size":
        """The size after `by` more nested steps."""
        return replace(self, height=self.height + by)

    def small(self) -> "Size":
        """The size of a number or truth value computed from it."""
        return Size(height=self.height)


ONE = Size()


def beside(sizes: Iterable[Size]) -> Size:
    """The size of a value that holds all of these and is one value itself."""
    return reduce(Size.beside, sizes, ONE)


def either(sizes: Iterable[Size]) -> Size:
    """The size of a value that is one of these."""
    return reduce(Size.either, sizes, ONE)
