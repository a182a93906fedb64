"""Birth dates in a view: whether two may be one day (design §7)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.store.assembly import each_once
from workbench.store.columns import Bool, Int64
from workbench.store.texts import SortedTexts

TWO_YEARS = 731
_WHOLE = len("2026-11-29")
_MONTH = len("2026-11")
# The ordinal of 1970-01-01, from which numpy counts.
_EPOCH = 719_163


@dataclass(frozen=True, slots=True)
class Births:
    """Some birth dates: the number of each among the texts, in order, its first and last day as ordinals, its letters.

    A date may be only a year or a month. `is_whole` says whether it is a day and nothing more.
    """

    number: Int64
    first: Int64
    last: Int64
    letters: NDArray[np.uint8]
    is_whole: Bool

    @classmethod
    def of(cls, texts: SortedTexts, numbers: Int64) -> "Births":
        """The dates with these numbers, each once; as FollowTheMoney writes dates."""
        number = each_once(numbers)
        size = texts.end[number] - texts.begin[number]
        within = np.arange(_WHOLE) < size[:, None]
        at = np.where(within, texts.begin[number][:, None] + np.arange(_WHOLE), 0)
        letters = np.where(within, texts.octets[at], ord("0")).astype(np.uint8)
        first, last = _days(letters - np.uint8(ord("0")), size)
        return cls(number, first, last, letters, size == _WHOLE)

    def spans(self, numbers: Int64) -> tuple[Int64, Int64]:
        """The first and the last day of dates by their numbers."""
        at = np.searchsorted(self.number, numbers)
        return self.first[at], self.last[at]

    def may_be_one_day(self, some: Int64, others: Int64) -> Bool:
        """Whether two dates each, by their numbers, are at most two years apart, or whole and differ in one digit."""
        x, y = np.searchsorted(self.number, some), np.searchsorted(self.number, others)
        between = np.maximum(self.first[x] - self.last[y], self.first[y] - self.last[x])
        whole = self.is_whole[x] & self.is_whole[y]
        one_digit = (self.letters[x] != self.letters[y]).sum(axis=1) == 1
        return np.asarray((between <= TWO_YEARS) | (whole & one_digit))


def _days(digits: NDArray[np.uint8], size: Int64) -> tuple[Int64, Int64]:
    """The first and last day, as ordinals, of dates by their digits and how long they are."""
    d = digits.T.astype(np.int64)
    year = 1000 * d[0] + 100 * d[1] + 10 * d[2] + d[3]
    month, day = (np.maximum(10 * d[at] + d[at + 1], 1) for at in (5, 8))
    months = (year - 1970) * 12 + month - 1
    first, after = (_ordinal(months + each) for each in (0, np.where(size < _MONTH, 12, 1)))
    is_day = size >= _WHOLE
    return np.where(is_day, first + day - 1, first), np.where(is_day, first + day, after) - 1


def _ordinal(months: Int64) -> Int64:
    """The ordinal of the first day of months, counted from 1970-01."""
    days: Int64 = months.astype("M8[M]").astype("M8[D]").astype(np.int64) + _EPOCH
    return days
