"""What an i2 chart says once for all its items: grades, strengths, types, and classes of attributes."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from ingest.adapters.elements import attribute, elements
from ingest.adapters.numbers import count_of
from ingest.shapes import Said, Tree

# A code at the start of a grade's text: "A", "B - Usually reliable", "1: Known to be true".
_CODE = re.compile(r"\s*([A-FXPC1-6])(?![^\W_])")
# Texts of entries that grade nothing.
_UNGRADED = frozenset({"", "-", "none", "unknown", "not graded", "ungraded"})
# The codes of sources, of information and of handling in each scheme.
SCHEMES: Mapping[str, tuple[str, str, str]] = {
    "admiralty": ("ABCDEF", "123456", ""),
    "4x4": ("ABCX", "1234", ""),
    "5x5x5": ("ABCDE", "12345", "12345"),
    "3x5x2": ("123", "ABCDE", "CP"),
}
_NEEDS_THIRD = "3x5x2"
_LISTS = ("GradeOne", "GradeTwo", "GradeThree")

_FIRM = frozenset({"confirmed", "default", "verified", "certain", "known"})
_WEAK = frozenset(
    {"unconfirmed", "tentative", "probable", "possible", "suspected", "alleged", "likely", "unverified", "assumed"}
)
_SOLID = "DotStyleSolid"


class Chart(NamedTuple):
    """The lists of a chart, by the ids of their entries or by name."""

    grades: tuple[list[str], list[str], list[str]]
    strengths: Mapping[str, str]  # the style of the line, by name
    names: Mapping[str, str]  # of everything that has an id
    scheme: str

    def name(self, tree: Tree, name: str, reference: str) -> str:
        """What an element calls something: by name, or by the id of its entry."""
        return attribute(tree, name) or self.names.get(attribute(tree, reference), "")

    def grades_of(self, tree: Tree) -> list[str]:
        """The texts of the three grades of an item or card, "" for one that it lacks."""
        if not any(name.startswith("@Grade") for name in tree):
            return [""] * len(_LISTS)
        return [self._grade(tree, number, name) for number, name in enumerate(_LISTS)]

    def _grade(self, tree: Tree, number: int, name: str) -> str:
        named = self.name(tree, name, f"{name}Reference")
        index = count_of(attribute(tree, f"{name}Index"))
        if named or index is None:
            return "" if named.lower() in _UNGRADED else named
        texts = self.grades[number]
        found = texts[index] if index < len(texts) else f"number {index}" if texts or index else ""
        return "" if found.lower() in _UNGRADED else found

    def said(self, grades: list[str], strength: str) -> Said:
        """The grade in a scheme, if the chart's lists are those of one, and the basis that a strength stands for."""
        codes = [_code(text) for text in grades]
        graded = bool(self.scheme and codes[0] and codes[1] and (codes[2] or self.scheme != _NEEDS_THIRD))
        third = codes[2] if self.scheme == _NEEDS_THIRD else ""
        value = f"{codes[0]}{codes[1]}{third}" if graded else ""
        return Said(self.scheme if graded else "", value, self._basis(strength))

    def _basis(self, strength: str) -> Literal["", "assessment"]:
        """A link that is not confirmed is an assessment: by the name of its strength, else by its line."""
        word = strength.lower()
        is_weak = word in _WEAK or (word not in _FIRM and self.strengths.get(strength, _SOLID) != _SOLID)
        return "assessment" if strength and is_weak else ""


def chart_of(tree: Tree) -> Chart:
    """Read the lists of a chart."""
    names = dict[str, str]()
    for group, name in (
        *(("EntityTypeCollection", "EntityType"), ("LinkTypeCollection", "LinkType")),
        *(("AttributeClassCollection", "AttributeClass"), ("StrengthCollection", "Strength")),
        ("DatabasePropertyTypeCollection", "DatabasePropertyType"),
    ):
        for each in (each for found in elements(tree, group) for each in elements(found, name)):
            names[attribute(each, "Id")] = attribute(each, "Name")
    strengths = {
        attribute(each, "Name"): attribute(each, "DotStyle")
        for group in elements(tree, "StrengthCollection")
        for each in elements(group, "Strength")
    }
    one, two, three = ([*_strings(tree, name, names)] for name in _LISTS)
    names.pop("", None)  # of entries without an id, which nothing refers to
    return Chart((one, two, three), strengths, names, _scheme(one, two, three))


def _strings(tree: Tree, name: str, names: dict[str, str]) -> list[str]:
    """The texts of a list of the chart, whose ids are noted."""
    found = list[str]()
    for group in (each for grade in elements(tree, name) for each in elements(grade, "StringCollection")):
        for each in elements(group, "String"):
            found.append(attribute(each, "Text"))
            names[attribute(each, "Id")] = found[-1]
    return found


def _scheme(one: list[str], two: list[str], three: list[str]) -> str:
    """The only scheme whose codes those of the lists are; "" if there is none."""
    codes = [_codes(texts) for texts in (one, two, three)]
    if codes[0] is None or codes[1] is None:
        return ""
    for scheme, (source, information, handling) in SCHEMES.items():
        if codes[:2] == [frozenset(source), frozenset(information)]:
            return scheme if scheme != _NEEDS_THIRD or codes[2] == frozenset(handling) else ""
    return ""


def _codes(texts: list[str]) -> frozenset[str] | None:
    """The codes of a list; None if one of its entries has none and grades all the same."""
    found = {_code(text) for text in texts if text.strip().lower() not in _UNGRADED}
    return None if "" in found else frozenset(found)


def _code(text: str) -> str:
    match = _CODE.match(text)
    return match[1] if match else ""
