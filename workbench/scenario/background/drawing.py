"""How the ends of ties are drawn: by weight, within a community or from everywhere."""

from dataclasses import dataclass

import numpy as np

from workbench.scenario.background.chance import Chance, Real, Whole

# A weight is a whole number, in sixteenths, so that sums are the same on every machine.
_GRAIN = 16


@dataclass(frozen=True, slots=True)
class Side:
    """Those who can be an end of a tie, in the order of their communities, and the sums of their weights up to each."""

    community: Whole
    sums: Whole

    def __len__(self) -> int:
        return len(self.community)

    def pick(self, first: Whole, last: Whole, chance: Real) -> Whole:
        """One of those from `first` up to, and without, `last`, by weight."""
        low, high = self.sums[first], self.sums[last]
        at = low + np.asarray(chance * (high - low), np.int64)
        return np.searchsorted(self.sums, at, side="right") - 1

    def weights(self) -> Whole:
        """The weight of each."""
        return np.diff(self.sums)


def side(community: Whole, weights: Real) -> Side:
    """A side of members with communities, which ascend, and weights of 1 and more."""
    whole = np.maximum(np.rint(weights * _GRAIN), 1).astype(np.int64)
    return Side(community, np.concatenate((np.zeros(1, np.int64), np.cumsum(whole))))


def structureless(members: Side) -> Side:
    """The same members in one community, all alike."""
    many = len(members)
    return Side(np.zeros(many, np.int64), np.arange(many + 1, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws ends; `between` is the share of ties that a community does not confine."""

    chance: Chance
    between: float

    def sources(self, stream: str, many: int, members: Side) -> Whole:
        """The ends that ties begin at, by weight."""
        zeros = np.zeros(many, np.int64)
        return members.pick(zeros, zeros + len(members), self.chance.parts(f"{stream}:from", many))

    def targets(self, stream: str, sources: Side, at: Whole, targets: Side) -> Whole:
        """The other end of each tie.

        A community confines nobody who has more ties than it has members: the more he has, the more of them leave it.
        """
        ours = sources.community[at]
        first = np.searchsorted(targets.community, ours, side="left")
        last = np.searchsorted(targets.community, ours, side="right")
        expected = sources.weights()[at] * (len(at) / sources.sums[-1])
        stays = (1 - self.between) * np.minimum(1, (last - first) / np.maximum(expected, 1))
        inside = (self.chance.parts(f"{stream}:stays", len(at)) < stays) & (last > first)
        first, last = np.where(inside, first, 0), np.where(inside, last, len(targets))
        return targets.pick(first, last, self.chance.parts(f"{stream}:to", len(at)))

    def links(self, stream: str, many: int, sources: Side, targets: Side) -> tuple[Whole, Whole]:
        """Ties from one side to another."""
        at = self.sources(stream, many, sources)
        return at, self.targets(stream, sources, at, targets)

    def pairs(self, stream: str, many: int, sources: Side, targets: Side) -> tuple[Whole, Whole]:
        """Ties between different ones of the same members, who are weighed in two ways."""
        a, b = self.links(stream, many, sources, targets)
        return a, np.where(a == b, (b + 1) % len(targets), b)
