"""Markings: who may see a record, and what may be done with it.

As text: `LEVEL//REL A,B//COMP X,Y//HC H1,H2//PRIVILEGED`; the parts after the level are
optional. Without REL only the loading agency may see it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from workbench.errors import InputError


class Level(IntEnum):
    """Levels of secrecy, lowest first."""

    OPEN = 0
    RESTRICTED = 1
    CONFIDENTIAL = 2
    SECRET = 3


_NAME = re.compile(r"[A-Z0-9][A-Z0-9_-]*")
_PARTS = ("REL", "COMP", "HC")


@dataclass(frozen=True, slots=True)
class Marking:
    """Level, releasable-to agencies, compartments, handling codes, privilege.

    A reader needs the level, any one of the agencies, and all of the compartments. Handling
    codes restrict what may be done with a record, not who reads it. Privileged records (lawyer,
    doctor, journalist) are in no view except one for the purpose `privilege-review`.
    """

    level: Level
    releasable: frozenset[str]
    compartments: frozenset[str] = frozenset()
    handling: frozenset[str] = frozenset()
    privileged: bool = False

    def __str__(self) -> str:
        parts = [self.level.name]
        named = zip(_PARTS, (self.releasable, self.compartments, self.handling), strict=True)
        parts += [f"{name} {','.join(sorted(codes))}" for name, codes in named if codes]
        if self.privileged:
            parts.append("PRIVILEGED")
        return "//".join(parts)


def parse_marking(text: str, agency: str = "") -> Marking:
    """Read a marking; without REL it is releasable to `agency`. InputError if it can't be read.

    >>> str(parse_marking("secret//HC H1", agency="NKP"))
    'SECRET//REL NKP//HC H1'
    """
    return _parse(text.strip().upper(), agency)


@lru_cache(maxsize=4096)
def _parse(text: str, agency: str) -> Marking:
    level, *parts = (part.strip() for part in text.split("//"))
    if level not in Level.__members__:
        raise InputError(f"no level {level!r} in marking {text!r}: one of {', '.join(Level.__members__)}", "marking")
    codes: dict[str, frozenset[str]] = {}
    privileged = False
    for part in parts:
        name, _, listed = part.partition(" ")
        if name == "PRIVILEGED" and not listed:
            privileged = True
        elif name in _PARTS and name not in codes:
            codes[name] = _codes(listed, text)
        else:
            raise InputError(
                f"part {part!r} of marking {text!r} is none of REL, COMP, HC, PRIVILEGED, or is repeated", "marking"
            )
    releasable = codes.get("REL") or frozenset([agency] if agency else [])
    return Marking(Level[level], releasable, codes.get("COMP", frozenset()), codes.get("HC", frozenset()), privileged)


def _codes(listed: str, text: str) -> frozenset[str]:
    codes = [code.strip() for code in listed.split(",")]
    for code in codes:
        if not _NAME.fullmatch(code):
            raise InputError(f"code {code!r} in marking {text!r}: letters, digits, - and _ only, none empty", "marking")
    return frozenset(codes)


def both_markings(a: Marking, b: Marking, agency: str) -> Marking:
    """The marking that demands what both demand; releasable to `agency` if they have no agency in common."""
    return Marking(
        max(a.level, b.level),
        (a.releasable & b.releasable) or frozenset({agency}),
        a.compartments | b.compartments,
        a.handling | b.handling,
        a.privileged or b.privileged,
    )


def is_weaker(a: Marking, b: Marking) -> bool:
    """Whether `a` permits some reader or some use that `b` forbids.

    >>> is_weaker(parse_marking("OPEN//REL A"), parse_marking("SECRET//REL A"))
    True
    """
    return (
        a.level < b.level
        or not a.releasable <= b.releasable
        or not a.compartments >= b.compartments
        or not a.handling >= b.handling
        or (b.privileged and not a.privileged)
    )


def union_of_handling(markings: Iterable[Marking]) -> tuple[str, ...]:
    """The handling codes of anything derived from records with these markings, sorted."""
    return tuple(sorted({code for marking in markings for code in marking.handling}))


def strictest(markings: Iterable[Marking], releasable: frozenset[str]) -> Marking:
    """For some agencies, the marking that demands the level, compartments and handling codes of all of these."""
    every = list(markings)
    return Marking(
        level=max((each.level for each in every), default=Level.OPEN),
        releasable=releasable,
        compartments=frozenset[str]().union(*(each.compartments for each in every)),
        handling=frozenset[str]().union(*(each.handling for each in every)),
    )
