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
    contacts or more if all contacts of both were drawn at random (hypergeometric), times the number of all of its kind
    in the view.
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
    taken = {each: found for each in others if len(found := _taken(each, mine, days, last)) >= _FEWEST} if last else {}
    reach, size = _reach(view, list(taken)), view.stats().entities.get(schema, 1)
    every = (
        Successor(each, len(found), len(mine), min(found.values()), _chance(len(found), len(mine), reach[each], size))
        for each, found in taken.items()
    )
    return Succession(last, len(mine), len(others), tuple(sorted(every, key=lambda each: (-each.taken, each.since))))


def _days(lines: Sequence[Line]) -> Mapping[tuple[str, str], list[str]]:
    """The days on which each two were in contact, in order, in both directions."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        days = [each.day[:_DAY] for each in line.said if len(each.day) >= _DAY]
        found[line.a, line.b] += days
        found[line.b, line.a] += days
    return {pair: sorted(days) for pair, days in found.items() if days}


def _taken(
    other: str, mine: Mapping[str, list[str]], days: Mapping[tuple[str, str], list[str]], last: str
) -> dict[str, str]:
    """The contacts that another met after the last day for the first time, each with that day."""
    first = {each: days[other, each][0] for each in mine if days.get((other, each))}
    return {each: day for each, day in first.items() if day > last}


@question
def _reach(view: View, entities: Sequence[str]) -> Mapping[str, int]:
    """With how many others each entity has any tie."""
    found: dict[str, set[str]] = {each: set() for each in entities}
    for each in around(view, list(entities)):
        found[each.entity].add(each.neighbour)
    return {each: len(near) for each, near in found.items()}


def _chance(taken: int, mine: int, theirs: int, size: int) -> float:
    """The chance that so many of theirs are among mine, for any one of `size`."""
    return min(1.0, float(hypergeom.sf(taken - 1, max(size, mine, theirs), mine, theirs)) * size)


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
