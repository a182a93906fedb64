"""Limits of a load: how much must be in a delivery, and how much of it may be bad. Beyond them nothing is loaded."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from ingest.report import LoadReport
from workbench.errors import DeliveryRefused, UsageError
from workbench.store.types import FileReport

_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_TOO_BAD = "max_quarantined"
_COUNTS = ("min_units", "max_units", "min_files", "max_files")
NAMES = (_TOO_BAD, *_COUNTS)


class Most(NamedTuple):
    """The most units that may be quarantined: a number, or a share of all units in percent."""

    number: int | None = None
    percent: Decimal | None = None

    def is_exceeded(self, bad: int, of: int) -> bool:
        """Whether so many bad units of so many are too many."""
        if self.number is not None:
            return bad > self.number
        return self.percent is not None and bad * 100 > self.percent * of

    def __str__(self) -> str:
        return f"{self.number:,}" if self.number is not None else f"{self.percent} %"


class Limits(NamedTuple):
    """The limits of a load; None for each that is not set."""

    max_quarantined: Most | None = None
    min_units: int | None = None
    max_units: int | None = None
    min_files: int | None = None
    max_files: int | None = None

    def beyond(self, files: Sequence[FileReport]) -> tuple[str, str] | None:
        """What is beyond which limit: (in words, the limit's name); None if all is within.

        Files and units that were refused do not count: nothing of them was read.
        """
        read = [each for each in files if not each.refused]
        units, bad = sum(each.read for each in read), sum(each.quarantined for each in read)
        for kind, n in (("file", len(read)), ("unit", units)):
            least, most = getattr(self, f"min_{kind}s"), getattr(self, f"max_{kind}s")
            if least is not None and n < least:
                return f"{n:,} {kind}s were read, and at least {least:,} should be", f"min_{kind}s"
            if most is not None and n > most:
                return f"{n:,} {kind}s were read, and at most {most:,} should be", f"max_{kind}s"
        if self.max_quarantined and self.max_quarantined.is_exceeded(bad, units):
            return f"{bad:,} of {units:,} units can't be read, and at most {self.max_quarantined} may be", _TOO_BAD
        return None


def limits_of(given: Mapping[str, Any]) -> Limits:
    """The limits among the options of a load; UsageError, which names the option, for a wrong one."""
    counts = {name: _count(given.get(name), name) for name in _COUNTS}
    for low, high, kind in (("min_units", "max_units", "units"), ("min_files", "max_files", "files")):
        least, most = counts[low], counts[high]
        if least is not None and most is not None and least > most:
            raise UsageError(f"at least {least:,} and at most {most:,} {kind} can't be: correct one of them", low)
    return Limits(_most(given.get("max_quarantined")), **counts)


def refuse_beyond(given: Mapping[str, Any], report: LoadReport) -> None:
    """DeliveryRefused if what was read in a load is beyond one of its limits."""
    beyond = limits_of(given).beyond(report.files)
    if beyond is not None:
        told, limit = beyond
        advice = "correct the files or the manifest" if limit == _TOO_BAD else "see whether it was delivered whole"
        raise DeliveryRefused(f"{told}, so nothing was changed: {advice}, or set another limit", limit, report)


def _count(given: Any, name: str) -> int | None:
    if given is not None and (isinstance(given, bool) or not isinstance(given, int) or given < 0):
        raise UsageError(f"{name} must be a whole number, 0 or more: not {given!r}", name)
    return given


def _most(given: Any) -> Most | None:
    """A number of units, also as text, or a share such as 5%."""
    if given is None:
        return None
    if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return Most(given)
    text = given.strip() if isinstance(given, str) else ""
    if _NUMBER.fullmatch(text):
        return Most(int(text))
    share = _SHARE.fullmatch(text)
    if share is None or Decimal(share[1]) > 100:
        raise UsageError(
            f"max_quarantined must be a number of units, or a share of them such as 5%: not {given!r}",
            "max_quarantined",
        )
    return Most(percent=Decimal(share[1]))


__all__ = ["NAMES", "Limits", "Most", "limits_of", "refuse_beyond"]
