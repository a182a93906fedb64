"""What happens by chance: one stream of numbers for a seed, the same in every version of Python."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws from one stream; all is made of `random.random()`, whose numbers do not change between versions."""

    def __init__(self, seed: int, stream: str) -> None:
        self.random = random.Random(f"{seed}:{stream}")
        self.draw = self.random.random

    def happens(self, share: float) -> bool:
        """Whether something happens that does in this share of cases."""
        return self.draw() < share

    def below(self, limit: int) -> int:
        """A whole number from 0, less than a limit."""
        return int(self.draw() * limit)

    def one(self, some: Sequence[T]) -> T:
        """One of some, all alike."""
        return some[int(self.draw() * len(some))]

    def by(self, shares: Mapping[T, float]) -> T:
        """One of some by their shares, which need not add up to 1."""
        left = self.draw() * sum(shares.values())
        *others, last = shares
        for each in others:
            left -= shares[each]
            if left < 0:
                return each
        return last

    def rank(self, tail: float, flat: float) -> int:
        """A rank from 0 whose frequency falls as (rank + flat) to the power of -(tail + 1)."""
        return int(min(flat * ((1 - self.draw()) ** (-1 / tail) - 1), 1 << 60))
