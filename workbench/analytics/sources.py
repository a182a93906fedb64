"""Who says what a tie rests on, and how far that is believed: the source and the weight of each record.

`weights.toml` says how. A record that repeats the words of an earlier one is of the source that said them first, under
whichever name it comes back: circular reporting counts once.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.errors import InputError
from workbench.model.grade import Grade
from workbench.model.ontology import ontology
from workbench.model.record import grade_in, properties_of
from workbench.store.columns import Int32, Int64
from workbench.view.access import once
from workbench.view.saying import contents
from workbench.view.view import View

Float64 = NDArray[np.float64]
_AT_ONCE = 20_000
_RELIABILITIES, _CREDIBILITIES = "ABCDEF", "123456"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Weights:
    """The table of weights: of each mapped grade, and how sources and repeated statements are known."""

    grades: Mapping[str, float]
    ungraded: float
    within_agency: tuple[str, ...]
    everywhere: tuple[str, ...]
    texts: tuple[str, ...]
    words: int

    def of(self, grade: Grade | None) -> float:
        """The weight of a record with this grade."""
        return self.ungraded if grade is None else self.grades[grade.mapped]


@cache
def weights() -> Weights:
    """The table beside this module."""
    return weights_of(Path(__file__).with_name("weights.toml").read_text("utf-8"))


def weights_of(text: str) -> Weights:
    """The table of weights in a text; InputError if a grade has no weight over 0 and up to 1.

    >>> weights().of(None)
    0.4
    """
    told = tomllib.loads(text)
    rows = {each: told["grades"].get(each, ()) for each in _RELIABILITIES}
    grades = {a + n: w for a, row in rows.items() for n, w in zip(_CREDIBILITIES, row, strict=False)}
    for name, weight in {"ungraded": told["ungraded"], **grades}.items():
        if not 0 < weight <= 1:
            raise InputError(f"the weight of {name} is {weight}: it must be over 0, and at most 1")
    if len(grades) < len(_RELIABILITIES) * len(_CREDIBILITIES):
        raise InputError("each row of grades, A to F, needs six weights")
    sources, repeated = told["sources"], told["repeated"]
    names = (tuple(sources["within_agency"]), tuple(sources["everywhere"]), tuple(repeated["texts"]))
    return Weights(grades, told["ungraded"], *names, repeated["words"])


class Said(NamedTuple):
    """Of some records, by their numbers in order: weight, source as index of `names`, and whom each repeats.

    `repeats` is the index of the record that said the same first, and -1 for any other.
    """

    records: Int64
    weight: Float64
    source: Int32
    repeats: Int64
    names: tuple[str, ...]

    def places(self, records: Int64) -> Int64:
        """The index of each of these records."""
        return np.searchsorted(self.records, records)


def said_by(view: View, records: Int64, name: str) -> Said:
    """What some records of a view say, in order of their numbers; read once for each name."""
    return once(view, f"said: {name}", lambda: _said(view, records, weights()))


class _Statement(NamedTuple):
    """A record with words that may be repeated: when it was said, and the words."""

    place: int
    day: str
    words: list[str]


def _said(view: View, records: Int64, table: Weights) -> Said:
    agencies = [each.agency for each in view.snapshot().datasets]
    of, weight = view.snapshot().dataset_of_records(records).tolist(), np.empty(len(records))
    sources, statements = list[str](), list[_Statement]()
    with view.at_one_access():
        for place, content in enumerate(_contents(view, records)):
            weight[place] = table.of(grade_in(content))
            properties = properties_of(content) if _tells(content, table) else {}
            sources.append(_source(agencies[of[place]], properties, table))
            statements += _statements(place, properties, table)
    names = sorted(set(sources))
    number = {name: n for n, name in enumerate(names)}
    source = np.array([number[each] for each in sources], np.int32)
    first = _first(statements, weight, table.words)
    repeats = np.full(len(records), -1)
    for place, origin in first.items():
        repeats[place], source[place] = origin, source[origin]
        weight[place] = min(weight[place], weight[origin])
    return Said(records, weight, source, repeats, tuple(names))


def _contents(view: View, records: Int64) -> Iterator[str]:
    for start in range(0, len(records), _AT_ONCE):
        yield from contents(view, records[start : start + _AT_ONCE])


def _tells(content: str, table: Weights) -> bool:
    """Whether a content may have a property that says who says it, or what."""
    return any(f'"{name}":' in content for name in (*table.within_agency, *table.everywhere, *table.texts))


def _source(agency: str, properties: Mapping[str, Sequence[str]], table: Weights) -> str:
    for name in table.within_agency:
        if said := properties.get(name):
            return f"{agency}: {min(said)}"
    for name in table.everywhere:
        if said := properties.get(name):
            return min(said)
    return agency


def _statements(place: int, properties: Mapping[str, Sequence[str]], table: Weights) -> Iterator[_Statement]:
    for name in table.texts:
        for text in properties.get(name, ()):
            words = _WORD.findall(text.casefold())
            if len(words) >= table.words:
                yield _Statement(place, ontology().when(properties), words)


# -- who said it first -----------------------------------------------------------------------------


def _first(statements: Iterable[_Statement], weight: Float64, words: int) -> dict[int, int]:
    """The record that said it first, for each that has as many words in a row of an earlier one.

    Of one day the one that weighs less was first; a record without a day says when nobody knows, and was last. Who
    repeats several repeats the earliest of them; those have nothing to do with each other.
    """
    every = sorted(statements, key=lambda each: (not each.day, each.day, weight[each.place], each.place))
    spoken, origin = dict[tuple[str, ...], int](), dict[int, int]()
    order = {each.place: number for number, each in reversed([*enumerate(every)])}
    for each in every:
        runs = list(zip(*(each.words[n:] for n in range(words)), strict=False))
        earlier = {spoken[some] for some in runs if some in spoken} - {each.place}
        if earlier and each.place not in origin:
            first = min(earlier, key=order.__getitem__)
            origin[each.place] = origin.get(first, first)
        for some in runs:
            spoken.setdefault(some, each.place)
    return origin
