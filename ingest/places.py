"""What the paths of a load mean: files, folders, and patterns such as `in/*.csv`."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from glob import glob, has_magic
from os.path import lexists
from pathlib import Path

from ingest.days import future
from ingest.sources import named
from workbench.errors import UsageError

# 2026-03-31, 20260331, 2026_03_31; a time may follow it: 20260331T220000, 202603312200.
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?=(?:\d{4}|\d{6})?(?!\d))", re.ASCII)


def expanded(paths: Iterable[Path], folder: Path | None = None) -> list[Path]:
    """The paths with every pattern replaced by what it matches, ordered by name; each path once.

    A path that is there is no pattern, whatever signs its name has. A pattern that matches nothing stays as it is: it
    is a file that is missing. Relative paths are those of `folder`. Patterns match no hidden files.
    """
    found: dict[Path, None] = {}
    for path in paths:
        place = folder / path if folder else path
        found.update(dict.fromkeys(_matches(path, folder) or [place] if is_pattern(place) else [place]))
    return list(found)


def is_pattern(path: Path) -> bool:
    """Whether a path is a pattern: it has signs of one, and is not there."""
    with suppress(OSError, ValueError):
        path.lstat()
        return False
    return has_magic(str(path))


def refuse_missing(paths: Iterable[Path]) -> None:
    """UsageError, which names them all, for paths that are not there and no patterns."""
    missing = [named(each) for each in paths if not (lexists(each) or is_pattern(each))]
    if len(missing) == 1:
        raise UsageError(f"{missing[0]} is not there: check its name", "paths")
    if missing:
        raise UsageError(f"{len(missing)} paths are not there: check their names: {', '.join(missing)}", "paths")


def _matches(path: Path, folder: Path | None) -> list[Path]:
    with suppress(ValueError):  # a NUL
        matches = glob(str(path), root_dir=folder, recursive=True)  # noqa: PTH207 - a path's own finds hidden files
        return sorted(folder / each if folder else Path(each) for each in matches)
    return []


def by_change(files: Iterable[Path]) -> list[Path]:
    """Files by the time of their last change, the oldest first; equals by name."""
    return sorted(files, key=lambda each: (_changed(each), each))


def _changed(path: Path) -> int:
    with suppress(OSError, ValueError):
        return path.stat().st_mtime_ns
    return 0


def by_day(files: Sequence[Path]) -> list[tuple[date, list[Path]]]:
    """The files of each day in their names, the oldest day first; ValueError for a name without one."""
    days: dict[date, list[Path]] = {}
    for each in files:
        days.setdefault(day_in(each.name), []).append(each)
    return sorted(days.items())


def day_in(name: str) -> date:
    """The only day that a file's name has, as 2026-03-31 or 20260331; ValueError if there is none or there are more.

    >>> day_in("calls-20260331T2200.csv").isoformat()
    '2026-03-31'
    """
    days = {day for each in _DAY.finditer(name) if (day := _day(each)) is not None}
    if len(days) != 1:
        has = "two days or more" if days else "no day"
        raise ValueError(f"{named(name)} has {has} in its name: name it as calls-2026-03-31.csv")
    (day,) = days
    why = future(day)
    if why is not None:
        raise ValueError(f"{named(name)}: {why}")
    return day


def _day(found: re.Match[str]) -> date | None:
    with suppress(ValueError):
        return date(int(found[1]), int(found[3]), int(found[4]))
    return None


__all__ = ["by_change", "by_day", "day_in", "expanded", "is_pattern", "refuse_missing"]
