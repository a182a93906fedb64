"""Grades: a source's evaluation of its own reliability and of the information, kept verbatim.

A grade is never averaged and never called a confidence. `grades.toml` maps each scheme to one
scale (reliability A-F, credibility 1-6), so that grades of several schemes can be filtered
together; `Grade.lossy` tells where the mapping loses information.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from workbench.errors import InputError


@cache
def _schemes() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("grades.toml").read_text("utf-8"))


def scheme_names() -> tuple[str, ...]:
    """The grading schemes that can be read."""
    return tuple(sorted(_schemes()))


@dataclass(frozen=True, slots=True)
class Grade:
    """A source's own evaluation: its scheme, its text as given, and the mapped value."""

    scheme: str
    text: str
    reliability: str
    credibility: str
    lossy: bool

    @property
    def mapped(self) -> str:
        """Reliability and credibility on the common scale, such as "B3"."""
        return self.reliability + self.credibility

    @property
    def unknown(self) -> bool:
        """Whether the source or the information could not be judged."""
        return self.reliability == "F" or self.credibility == "6"

    def __str__(self) -> str:
        return f"{self.text} ({self.scheme})"


@lru_cache(maxsize=4096)
def parse_grade(scheme: str, text: str) -> Grade:
    """Read a grade; InputError if the scheme or the code is unknown.

    >>> parse_grade("4x4", "B2").mapped
    'B3'
    """
    table = _schemes().get(scheme)
    if table is None:
        raise InputError(f"no grading scheme {scheme!r}: one of {', '.join(scheme_names())}")
    match = re.fullmatch(table["pattern"], text.strip().upper())
    if match is None:
        raise InputError(f"{text!r} is not a grade of {scheme}, whose grades match {table['pattern']}")
    source, information = match[1], match[2]
    lossy = bool({source, information} & set(table["lossy"]))
    return Grade(scheme, text, table["source"][source], table["information"][information], lossy)


def weakest(grades: Iterable[Grade | None]) -> Grade | None:
    """The weakest grade in a chain of records; None if any record has no grade.

    A grade that says "unknown" is weakest: nobody has vouched for the record. Then lower reliability
    counts, then lower credibility.
    """
    chain = list(grades)
    if not chain or any(grade is None for grade in chain):
        return None
    return max((g for g in chain if g), key=lambda g: (g.unknown, g.reliability, g.credibility, g.scheme, g.text))
