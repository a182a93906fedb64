"""The options of a load, checked: a name or a type that is wrong is refused, and never passed over."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Required, TypedDict

from ingest.intake import Progress
from ingest.limits import limits_of
from ingest.places import expanded
from workbench.access.viewer import Viewer
from workbench.errors import UsageError


class Said(TypedDict, total=False):
    """Options of a load that the user sets.

    - `adapter`: by default the manifest's.
    - `delivered`: a date, or a text such as 2026-03-31; by default today in UTC.
    - `marking`: used if the manifest has none.
    - `allow_empty`: accept a complete delivery without any unit.
    - `resolve`: score what is new to the viewer, and publish it with the load; see `workbench.resolve.scoring`.
    - `max_quarantined`: the most units that may be quarantined, or their share of all, such as "5%".
    - `min_units`, `max_units`, `min_files`, `max_files`: how many must, and may, be in the delivery.
      Beyond any of these limits the load fails, and changes nothing; see `ingest.limits`.
    - `workers`: how many files are read at once, each in a process of its own; by default 1. It changes no result.
    - `progress`: called with the file and the number of units read so far.
    """

    adapter: str | None
    manifest: Path | str | None
    agency: str | None
    dataset: str | None
    delivered: date | str | None
    marking: str | None
    allow_empty: bool
    resolve: bool
    max_quarantined: int | str | None
    min_units: int | None
    max_units: int | None
    min_files: int | None
    max_files: int | None
    workers: int
    progress: Progress | None


class Options(Said, total=False):
    """All options of a load: also `viewer`, whose rights it uses, `by`, who runs it, and `purpose`, for its trace."""

    viewer: Required[Viewer]
    by: Required[str]
    purpose: str | None


Place = str | Path

MOST_WORKERS = 64

_NOTHING = type(None)
_TEXT = ("a text", (str, _NOTHING))
_COUNT = ("a whole number", (int, _NOTHING))
_KINDS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "adapter": _TEXT,
    "manifest": ("the path of a file", (str, Path, _NOTHING)),
    "agency": _TEXT,
    "dataset": _TEXT,
    "delivered": ("a day, such as 2026-03-31", (str, date, _NOTHING)),
    "marking": _TEXT,
    "allow_empty": ("True or False", (bool,)),
    "resolve": ("True or False", (bool,)),
    "max_quarantined": ("a number of units, or a share of them such as 5%", (int, str, _NOTHING)),
    **dict.fromkeys(("min_units", "max_units", "min_files", "max_files"), _COUNT),
    "workers": ("a whole number from 1 to 64", (int,)),
    "viewer": ("a viewer", (Viewer,)),
    "by": ("a text", (str,)),
    "purpose": _TEXT,
}


def check_said(said: Mapping[str, Any]) -> None:
    """UsageError, which names the option, for one that no load has or that is of a wrong type."""
    _check(said, sorted(Said.__annotations__))


def check_options(options: Mapping[str, Any]) -> None:
    """As `check_said`, for all options; also for one that is wanted and missing."""
    _check(options, sorted(Options.__optional_keys__ | Options.__required_keys__))
    for name in sorted(Options.__required_keys__ - options.keys()):
        raise UsageError(f"a load wants {name!r}: give it", name)


def paths_of(given: Place | Iterable[Place]) -> list[Path]:
    """The paths given, one or several, with patterns replaced by what they match; UsageError for anything else."""
    places: list[Any] = [given] if isinstance(given, Place) or not isinstance(given, Iterable) else list(given)
    if not all(isinstance(each, Place) for each in places):
        raise UsageError(f"give a path, or several: not {given!r}", "paths")
    return expanded(Path(each) for each in places)


def _check(given: Mapping[str, Any], known: list[str]) -> None:
    for name, value in given.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f": did you mean {near[0]}?" if near else ":"
            raise UsageError(f"a load has no option {name!r}{meant} It has {', '.join(known)}", name)
        _check_kind(name, value)
    limits_of(given)


def _check_kind(name: str, value: Any) -> None:
    if name == "progress":
        wanted, right = "a function of a file and a number", value is None or callable(value)
    else:
        wanted, kinds = _KINDS[name]
        right = isinstance(value, kinds) and not isinstance(value, datetime)
        if name == "workers":
            right = right and not isinstance(value, bool) and 1 <= value <= MOST_WORKERS
    if not right:
        raise UsageError(f"{name} must be {wanted}: not {value!r}", name)


__all__ = ["Options", "Place", "Said", "check_options", "check_said", "paths_of"]
