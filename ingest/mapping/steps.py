"""Compile the steps of a value: what is done with the text of a cell before it is cleaned."""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial, reduce
from typing import Any, NamedTuple

from ingest.shapes import BadUnit, writable
from ingest.specs.values import SplitAt, Steps

_DEFAULT = "*"

_Step = Callable[[str], list[str]]


class Stepped(NamedTuple):
    """A text made of a cell, and the text in the cell that it was made of; None if `map` does not know that."""

    text: str | None
    original: str


def stepped(spec: Steps) -> Callable[[str], list[Stepped]] | None:
    """A function from the text of a cell to the texts that are made of it; None if the text stays as it is."""
    some = list(_steps(spec))
    if not some and spec.map is None:
        return None
    mapped = _mapped(spec.map) if spec.map is not None else None

    def made(text: str) -> list[Stepped]:
        texts = [each.strip() for each in reduce(_all, some, [text])]
        found = [Stepped(mapped(each) if mapped else each, each) for each in texts if each]
        return [each for each in found if each.text != ""]

    return made


def is_one(spec: Steps) -> bool:
    """Whether the steps make at most one text of a cell."""
    return spec.item is not None or (spec.list is None and spec.split is None and spec.take is None)


def _all(texts: list[str], step: _Step) -> list[str]:
    return [made for text in texts for made in step(text)]


def _steps(spec: Steps) -> list[_Step]:
    several: list[_Step] = []
    if spec.list:
        several.append(_listed)
    if spec.split:
        several.append(_split(spec.split))
    if spec.item is not None:
        several = [partial(_item, several, spec.item)]
    if spec.take:
        several.append(re.compile(spec.take).findall)
    if spec.strip:
        strip = spec.strip
        several.append(lambda text: [text.strip().strip(strip)])
    return several


def _split(at: str | SplitAt) -> _Step:
    if isinstance(at, str):
        return lambda text: text.split(at)
    pattern = re.compile(at.pattern)
    return lambda text: [piece or "" for piece in pattern.split(text)]


def _item(before: list[_Step], place: int, text: str) -> list[str]:
    """The text at a place among several, from 1, or from the end."""
    texts = reduce(_all, before, [text])
    at = place - 1 if place > 0 else place
    return [texts[at]] if -len(texts) <= at < len(texts) else []


def _listed(text: str) -> list[str]:
    """The texts in a list as JSON writes it; BadUnit for anything else."""
    if not text.strip():
        return []
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise BadUnit(
            "no list", f"{text[:50]!r} is no list as JSON writes it: repair it, or leave `list` out"
        ) from error
    if not isinstance(found, list):
        raise BadUnit("no list", f"{text[:50]!r} is no list: put it in brackets, or leave `list` out")
    return [_as_text(each) for each in found if each is not None]


def _as_text(each: Any) -> str:
    if isinstance(each, dict | list):
        raise BadUnit("no list", "a list in a cell has a list or an object in it: write texts")
    return writable("a list", str(each).lower() if isinstance(each, bool) else str(each))


def _mapped(table: Mapping[str, str]) -> Callable[[str], str | None]:
    """A function from a text to what a table says of it: as written, or else in any case; None if it says nothing."""
    folded: dict[str, str | None] = {}
    for text, means in table.items():
        key = text.strip().casefold()
        folded[key] = means if folded.get(key, means) == means else None
    exact = {text.strip(): means for text, means in table.items()}
    default = table.get(_DEFAULT)

    def find(text: str) -> str | None:
        found = exact.get(text, folded.get(text.casefold()))
        if found is None:
            return text if default == _DEFAULT else default
        return found

    return find
