"""The results of checks on a store."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.errors import WorkbenchError
from workbench.model.claims import NORMALISER, of_normaliser
from workbench.store.scores import normaliser_of

State = Literal["ok", "warning", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check: its name, its state, what was found, and what to do if it is not well."""

    name: str
    state: State
    found: str
    todo: str = ""


Looking = Callable[[], Iterator[Check]]


def looked(name: str, look: Looking) -> Iterator[Check]:
    """The results of `look`; if it raises, one result more that says why."""
    try:
        yield from look()
    except WorkbenchError as error:
        yield Check(name, "failed", *halves(str(error)))


def normal_forms(normaliser: int, models: Iterable[str]) -> Check:
    """Whether identifiers, keys of names, and what pairs were compared by, are as this workbench makes them.

    `normaliser` is the store's number, 0 for none; `models` are those that pairs are scored by.
    """
    numbers = [normaliser or NORMALISER, *map(normaliser_of, models)]
    ours, others = of_normaliser(NORMALISER), sorted({*numbers} - {NORMALISER})
    if not others:
        return Check("normal forms", "ok", f"those of {ours}")
    made = " and ".join(map(of_normaliser, others))
    todo = "run `workbench resolve`, which makes them again: until then some names in other scripts are not found"
    return Check("normal forms", "warning", f"made by {made}, and this workbench has {ours}", todo)


def halves(message: str) -> tuple[str, str]:
    """Split an error message into what is wrong and what to do, at its last colon outside brackets.

    >>> halves("neo4j://host:7687: the server failed (no: thing): see its log")
    ('neo4j://host:7687: the server failed (no: thing)', 'see its log')
    """
    plain = re.sub(r"\(.*\)", lambda inside: " " * len(inside[0]), message)
    found, colon, _ = plain.rpartition(": ")
    return (message[: len(found)], message[len(found) + len(colon) :]) if colon else (message, "")


def size(octets: int) -> str:
    """A number of bytes for people.

    >>> size(2_500_000), size(12)
    ('2.5 MB', '0.0 MB')
    """
    return f"{octets / 1e9:.1f} GB" if octets >= 1e9 else f"{octets / 1e6:.1f} MB"
