"""Ways along which something flows: never back in time, fewest steps first, then earliest arrival.

What flows does so at some moment of a span: of its day or month where no time is said, of all time
where no date is. A way can be where such moments do not fall back. To be somewhere earlier is never
worse; so that for each number of steps the earliest arrival is all that has to be known (Wu et al.
2014), and the search is exact. Others than the first way are found by Yen's algorithm (1971).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import accumulate
from typing import NamedTuple

from workbench.model.numbers import Place

Span = tuple[str, str]
AT_ANY_TIME: Span = ("", "~")


def span_of(date: str) -> Span:
    """The first and the last moment that a date can mean, as texts that compare; of none, all time."""
    return date, date + "~"


class Crossing:
    """From one end to another, by any of several spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        by_last = sorted(spans, key=lambda span: span[1])
        self._lasts = [last for _, last in by_last]
        self._earliest = list(accumulate((first for first, _ in reversed(by_last)), min))[::-1]
        by_first = sorted(by_last)
        self._firsts = [first for first, _ in by_first]
        self._latest = list(accumulate((last for _, last in by_first), max))

    def arrival(self, reached: str) -> str | None:
        """The earliest moment of arrival for who is there at `reached`; None if all have gone."""
        place = bisect_left(self._lasts, reached)
        return max(reached, self._earliest[place]) if place < len(self._lasts) else None

    def departure(self, due: str) -> str | None:
        """The latest moment at which to be there to have arrived at `due`; None if all are later."""
        place = bisect_right(self._firsts, due)
        return min(due, self._latest[place - 1]) if place else None


Network = Mapping[Place, Mapping[Place, Crossing]]


class Way(NamedTuple):
    """Nodes from start to end, and when one can be there at the earliest; ways compare as they are wanted."""

    steps: int
    arrival: str
    nodes: tuple[Place, ...]


def ways(network: Network, start: Place, end: Place, k: int) -> list[Way]:
    """The k best ways through different nodes, each at most once; fewer only if there are no more."""
    found: list[Way] = []
    waiting = {each for each in (_best(network, (start,), "", end, frozenset()),) if each}
    while waiting and len(found) < k:
        found.append(min(waiting))
        waiting.discard(found[-1])
        waiting |= set(_others(network, found, end))
    return found


def _others(network: Network, found: Sequence[Way], end: Place) -> Iterable[Way]:
    """The best way that leaves the last one found at each of its nodes, to where none that was found goes on."""
    nodes = found[-1].nodes
    reached: str | None = ""
    for place in range(len(nodes) - 1):
        root = nodes[: place + 1]
        taken = frozenset(each.nodes[place + 1] for each in found if each.nodes[: place + 1] == root)
        best = None if reached is None else _best(network, root, reached, end, taken)
        if best:
            yield best
        reached = None if reached is None else network[root[-1]][nodes[place + 1]].arrival(reached)


def _best(network: Network, root: tuple[Place, ...], reached: str, end: Place, taken: Set[Place]) -> Way | None:
    """The best way that begins with `root`, where one is at `reached`, and goes on to none of `taken`."""
    labels = _labels(network, root, reached, end, taken)
    if end not in labels[-1]:
        return None
    due = _due(network, labels, end)
    nodes, now = [root[-1]], reached
    for late in due[1:]:
        beside = network[nodes[-1]]
        for node in sorted(late.keys() & beside.keys()):
            there = beside[node].arrival(now)
            if there is not None and there <= late[node]:
                nodes.append(node)
                now = there
                break
    whole = (*root[:-1], *nodes)
    return Way(len(whole) - 1, now, whole)


def _labels(
    network: Network, root: tuple[Place, ...], reached: str, end: Place, taken: Set[Place]
) -> list[dict[Place, str]]:
    """By the number of steps from the root's last node, who is reached earlier than by fewer."""
    labels = [{root[-1]: reached}]
    known: dict[Place, str] = dict.fromkeys(root, "")
    while labels[-1] and end not in labels[-1]:
        fresh: dict[Place, str] = {}
        for node, now in labels[-1].items():
            for other, crossing in network.get(node, {}).items():
                there = None if len(labels) == 1 and other in taken else crossing.arrival(now)
                if there is not None and (other not in known or there < known[other]):
                    fresh[other] = known[other] = there
        labels.append(fresh)
    return labels


def _due(network: Network, labels: Sequence[Mapping[Place, str]], end: Place) -> list[dict[Place, str]]:
    """By the number of steps, who can be on a best way, and the latest moment to be there."""
    due = [{end: labels[-1][end]}]
    for here in reversed(labels[:-1]):
        late: dict[Place, str] = {}
        for node, now in here.items():
            beside = network.get(node, {})
            times = [beside[other].departure(last) for other, last in due[-1].items() if other in beside]
            latest = max((time for time in times if time is not None), default=None)
            if latest is not None and latest >= now:
                late[node] = latest
        due.append(late)
    return due[::-1]


def dues(crossings: Sequence[Crossing]) -> list[str]:
    """After each of several crossings, the latest moment that costs no time at the end; they must be passable."""
    now = ""
    for each in crossings:
        now = each.arrival(now) or now
    due = [now]
    for each in reversed(crossings[1:]):
        due.append(each.departure(due[-1]) or "")
    return due[::-1]
