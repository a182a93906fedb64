"""What changed here? The numbers that took over the contacts of a phone, an account or an address that fell silent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scipy.stats import hypergeom

from workbench.app.drawing import Line, lines_among
from workbench.model.ontology import ontology
from workbench.resolve.common import common_of
from workbench.view.around import around
from workbench.view.asking import question
from workbench.view.view import View

REACHABLE = ("Phone", "Device", "EmailAddress", "UserAccount", "BankAccount", "CryptoWallet")
_FEWEST = 2  # contacts that a successor must have taken over
_MOST = 500  # others that are compared
_DAY = 10  # letters of a whole day


@dataclass(frozen=True, slots=True)
class Successor:
    """One that had contacts of another after that fell silent, and none of these before.

    `taken` of the `contacts` were taken over, from the day `since` on; `chance` is the probability of as many common
    contacts or more if the contacts of both were drawn at random, times the number of all of its kind in the view.
    """

    entity: str
    taken: int
    contacts: int
    since: str
    chance: float


@dataclass(frozen=True, slots=True)
class Succession:
    """When one was last in contact with anybody, and who took over, most contacts first; `compared` were looked at."""

    last: str
    contacts: int
    compared: int
    found: tuple[Successor, ...]


def is_reachable(schema: str) -> bool:
    """Whether an entity of a schema is one that others are reached by or paid to."""
    known = ontology()
    return schema in known.schemata and any(known.is_a(schema, each) for each in REACHABLE)


@question
def succession(view: View, entity: str) -> Succession:
    """Who took over the contacts of an entity, by dated records; common values are no contacts."""
    schema = view.summaries([entity])[0].schema
    near = {each.neighbour for each in around(view, [entity])}
    contacts = sorted(near - {each.entity for each in common_of(view, sorted(near))})
    met = [each for each in around(view, contacts, [entity]) if each.schema == schema and each.neighbour not in near]
    shared: dict[str, set[str]] = defaultdict(set)
    for each in met:
        shared[each.neighbour].add(each.entity)
    ranked = sorted(shared, key=lambda each: (-len(shared[each]), each))[:_MOST]
    others = [each for each in ranked if each not in {x.entity for x in common_of(view, ranked)}]
    days = _days(lines_among(view, [entity, *contacts, *others]))
    mine = {each: days[entity, each] for each in contacts if days.get((entity, each))}
    last = max((each[-1] for each in mine.values()), default="")
    size = view.stats().entities.get(schema, 1)
    found = [_successor(each, mine, days, last, size) for each in others] if last else []
    taken = sorted((each for each in found if each is not None), key=lambda each: (-each.taken, each.since))
    return Succession(last, len(mine), len(others), tuple(taken))


def _days(lines: Sequence[Line]) -> Mapping[tuple[str, str], list[str]]:
    """The days on which each two were in contact, in order, in both directions."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        days = [each.day[:_DAY] for each in line.said if len(each.day) >= _DAY]
        found[line.a, line.b] += days
        found[line.b, line.a] += days
    return {pair: sorted(days) for pair, days in found.items() if days}


def _successor(
    other: str,
    mine: Mapping[str, list[str]],
    days: Mapping[tuple[str, str], list[str]],
    last: str,
    size: int,
) -> Successor | None:
    theirs = {each: days[other, each] for each in mine if days.get((other, each))}
    taken = {each: first[0] for each, first in theirs.items() if first[0] > last}
    if len(taken) < _FEWEST:
        return None
    many = sum(1 for a, _ in days if a == other)
    chance = float(hypergeom.sf(len(taken) - 1, max(size, many), len(mine), many)) * size
    return Successor(other, len(taken), len(mine), min(taken.values()), min(chance, 1.0))


def gap_text(last: str, since: str) -> str:
    """How long after the silence the other began: "5 days later"."""
    days = (date.fromisoformat(since) - date.fromisoformat(last)).days
    return f"{days} day{'' if days == 1 else 's'} later"


def chance_text(chance: float) -> str:
    """The probability of an overlap by chance in words.

    >>> chance_text(0.00004), chance_text(0.2)
    ('less than 1 in 1,000', '0.20')
    """
    return "less than 1 in 1,000" if chance < 0.001 else f"{chance:.2f}"
