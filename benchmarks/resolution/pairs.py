"""Labelled pairs of names: how often likeness says rightly whether both are of one, by kind and by pair of scripts."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rigour.text.scripts import text_scripts

from benchmarks.resolution.scoring import worst, wrong
from workbench.model.normal.names import Kind
from workbench.resolve.names import ALIKE, likeness

COLUMNS = frozenset({"schema", "name1", "name2", "is_match"})
_PERSONS = "Person"
# F1 at the default threshold: the best that is known of any comparator, and what is to be reached.
KNOWN = {"all": 0.796, "persons": 0.742}
REACH = {"all": 0.82, "persons": 0.78}


def scripts_of(text: str) -> str:
    """The scripts of a text, as "Arabic+Latin"."""
    return "+".join(sorted(text_scripts(text))) or "none"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, whether they are of one, and how alike they are."""

    one: str
    other: str
    is_person: bool
    is_match: bool
    likeness: float

    @property
    def scripts(self) -> str:
        """The scripts of both, the same whichever comes first."""
        return " and ".join(sorted(map(scripts_of, (self.one, self.other))))


@dataclass(frozen=True, slots=True)
class Counts:
    """What was said of pairs, and what is true of them."""

    right: int
    wrongly_same: int
    wrongly_different: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1 where there is nothing to find and nothing was said."""
        said = 2 * self.right + self.wrongly_same + self.wrongly_different
        return 2 * self.right / said if said else 1.0


def files(folder: Path) -> Iterator[Path]:
    """The tables of labelled pairs under a folder, in order."""
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as lines:
            if set(next(csv.reader(lines), ())) >= COLUMNS:
                yield path


def read(path: Path) -> Iterator[Pair]:
    """The pairs of a table, compared."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            kind = Kind.PERSON if row["schema"] == _PERSONS else Kind.ORGANISATION
            alike = likeness(row["name1"], row["name2"], kind)
            yield Pair(row["name1"], row["name2"], kind is Kind.PERSON, row["is_match"] == "true", alike)


def counts(pairs: Iterable[Pair], threshold: float = ALIKE) -> Counts:
    """What is right and wrong at a threshold."""
    found = Counter((each.likeness >= threshold, each.is_match) for each in pairs)
    return Counts(found[True, True], found[True, False], found[False, True])


def measured(pairs: Sequence[Pair]) -> dict[str, Any]:
    """The numbers of a table, as JSON values: F1 beside what is known and to be reached, and errors by scripts."""
    groups = {"all": pairs, "persons": [each for each in pairs if each.is_person]}
    by_scripts = defaultdict[str, list[Pair]](list)
    for each in pairs:
        by_scripts[each.scripts].append(each)
    errors = {scripts: _wrong(some) for scripts, some in sorted(by_scripts.items())}
    told = {name: _wrong(some) | _beside(name, counts(some).f1) for name, some in groups.items()}
    return {"threshold": ALIKE, **told, "scripts": errors, **worst(errors)}


def _wrong(pairs: Sequence[Pair]) -> dict[str, Any]:
    found = counts(pairs)
    return {"right": found.right, **wrong(found.wrongly_same, found.wrongly_different, len(pairs))}


def _beside(name: str, f1: float) -> dict[str, Any]:
    return {"f1": round(f1, 4), "known": KNOWN[name], "reach": REACH[name], "reached": f1 >= REACH[name]}
