"""When the things of a background happened, and how many of them at once are numbers of Python."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import numpy as np

from workbench.scenario.background.chance import Chance, Whole
from workbench.scenario.background.network import Links

_FIRST_DAY, _DAYS = datetime(2026, 1, 3), 95  # noqa: DTZ001 - local time, as files have it
_MORNING, _HOURS = 7, 13
_AT_ONCE = 100_000


def numbers_of(numbers: Whole) -> Iterator[int]:
    """The numbers of an array, of which only some at once are Python's."""
    for start in range(0, len(numbers), _AT_ONCE):
        yield from numbers[start : start + _AT_ONCE].tolist()


def by_first(links: Links, many: int) -> Callable[[int], list[int]]:
    """For ties in the order of their first ends, which are less than `many`: the other ends of one."""
    starts, ends = np.searchsorted(links.a, np.arange(many + 1)).tolist(), links.b.tolist()
    return lambda number: ends[starts[number] : starts[number + 1]]


class Clock:
    """Days of a case, and moments by daylight; each stream has as many as are asked for."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def days(self, stream: str, many: int) -> Iterator[date]:
        """Days from the third."""
        for day in numbers_of(self._chance.below(f"{stream}:day", many, _DAYS)):
            yield (_FIRST_DAY + timedelta(days=day)).date()

    def times(self, stream: str, many: int) -> Iterator[datetime]:
        """Moments of such days."""
        for minute in numbers_of(self._chance.below(f"{stream}:time", many, _DAYS * _HOURS * 60)):
            day, rest = divmod(minute, _HOURS * 60)
            yield _FIRST_DAY + timedelta(days=day, hours=_MORNING, minutes=rest)

    def whole(self, stream: str, many: int, least: int, most: int) -> Iterator[int]:
        """Numbers from the least up to, and without, the most."""
        for number in numbers_of(self._chance.below(stream, many, most - least)):
            yield least + number
