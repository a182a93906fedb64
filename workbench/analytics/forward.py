"""Paths along which something flows forward in time: fewest steps first, then earliest arrival.

Each flow happens at some moment of a span: within its day or month if no time is given, at any time
if no date is. A path is possible if such moments can be chosen in non-decreasing order. Arriving
earlier is never worse, so the search needs only the earliest arrival for each number of steps
(Wu et al. 2014), and it is exact. Further paths are found by Yen's algorithm (1971).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import accumulate
from typing import NamedTuple

from workbench.model.numbers import Place

Span = tuple[str, str]
AT_ANY_TIME: Span = ("", "~")


def span_of(date: str) -> Span:
    """The first and the last moment that a date can mean, as comparable texts; all time for ""."""
    return date, date + "~"


class Crossing:
    """A step from one node to another, possible in any of several spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        by_last = sorted(spans, key=lambda span: span[1])
        self._lasts = [last for _, last in by_last]
        self._earliest = list(accumulate((first for first, _ in reversed(by_last)), min))[::-1]
        by_first = sorted(by_last)
        self._firsts = [first for first, _ in by_first]
        self._latest = list(accumulate((last for _, last in by_first), max))

    def arrival(self, reached: str) -> str | None:
        """The earliest arrival for something that is there from `reached` on; None if all spans have passed."""
        place = bisect_left(self._lasts, reached)
        return max(reached, self._earliest[place]) if place < len(self._lasts) else None

    def departure(self, due: str) -> str | None:
        """The latest moment of departure to arrive by `due`; None if all spans are later."""
        place = bisect_right(self._firsts, due)
        return min(due, self._latest[place - 1]) if place else None


Network = Mapping[Place, Mapping[Place, Crossing]]


class Way(NamedTuple):
    """A path: its nodes from start to end, and the earliest arrival; better paths sort first."""

    steps: int
    arrival: str
    nodes: tuple[Place, ...]


def ways(network: Network, start: Place, end: Place, k: int) -> list[Way]:
    """The k best simple paths; fewer only if there are no more."""
    best: list[Way] = []
    waiting = {each for each in (_best(network, (start,), "", end, frozenset()),) if each}
    while waiting and len(best) < k:
        best.append(min(waiting))
        waiting.discard(best[-1])
        waiting |= set(_others(network, best, end))
    return best


def _others(network: Network, paths: Sequence[Way], end: Place) -> Iterable[Way]:
    """For each node of the last path found, the best path that leaves it there for a next node not yet taken."""
    nodes = paths[-1].nodes
    reached: str | None = ""
    for place in range(len(nodes) - 1):
        root = nodes[: place + 1]
        taken = frozenset(each.nodes[place + 1] for each in paths if each.nodes[: place + 1] == root)
        best = None if reached is None else _best(network, root, reached, end, taken)
        if best:
            yield best
        reached = None if reached is None else network[root[-1]][nodes[place + 1]].arrival(reached)


def _best(network: Network, root: tuple[Place, ...], reached: str, end: Place, taken: Set[Place]) -> Way | None:
    """The best path that begins with `root`, whose end is reached at `reached`, and does not go on to `taken`."""
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
    """By the number of steps from the root's last node: the nodes reached earlier than with fewer steps, and when."""
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
    """By the number of steps: the nodes that can be on a best path, and the latest moment to be there."""
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
    """After each of several crossings, the latest moment that does not delay the arrival; they must be passable."""
    now = ""
    for crossing in crossings:
        now = crossing.arrival(now) or now
    due = [now]
    for crossing in reversed(crossings[1:]):
        due.append(crossing.departure(due[-1]) or "")
    return due[::-1]
