"""How large a value can get, told from a query's words alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds of a value, counted in literals, parameters and values of the graph.

    A query makes a value grow by + and by writing its name again, which can be counted in its words, and by
    collecting rows: between those the server looks at its clock and counts the memory.
    """

    text: int = 1  # of how many texts one text in it is joined
    tree: int = 1  # how many values it holds, for each row that was collected
    many: int = 0  # how deep its lists of collected rows stand in one another
    height: int = 0  # how many steps of an expression rest on each other

    def beside(self, other: "Size") -> "Size":
        """Of what holds both."""
        return replace(self.either(other), tree=self.tree + other.tree)

    def either(self, other: "Size") -> "Size":
        """Of what is one of both."""
        return Size(
            max(self.text, other.text),
            max(self.tree, other.tree),
            max(self.many, other.many),
            max(self.height, other.height),
        )

    def joined(self, other: "Size") -> "Size":
        """Of what + makes of both."""
        return replace(self.beside(other), text=self.text + other.text)

    def collected(self) -> "Size":
        """Of a list of such values, one of each row."""
        return replace(self, many=self.many + 1)

    def listed(self) -> "Size":
        """Of a literal list of such values."""
        return self.collected() if self.many else self

    def item(self) -> "Size":
        """Of one value in it."""
        return replace(self, many=max(self.many - 1, 0))

    def made_to(self, each: "Size") -> "Size":
        """Of the list that is made of it, with `each` for every item."""
        return replace(self.either(each.listed()), tree=self.tree * each.tree)

    def higher(self, by: int = 1) -> "Size":
        """Of it after so many steps more."""
        return replace(self, height=self.height + by)

    def small(self) -> "Size":
        """Of a number or a truth that is told from it."""
        return Size(height=self.height)


ONE = Size()


def beside(sizes: Iterable[Size]) -> Size:
    """Of what holds all of them; it counts as a value itself."""
    return reduce(Size.beside, sizes, ONE)


def either(sizes: Iterable[Size]) -> Size:
    """Of what is one of them."""
    return reduce(Size.either, sizes, ONE)
