"""Long runs of one character or two: no expression of ours takes time that grows with their square."""

import re
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ingest import adapters
from tests.ingest.examples import EXAMPLES
from tests.ingest.families import each_family
from tests.ingest.fed import check
from tests.within import within

_LONG = 300_000  # its square takes minutes
_MOST_S = 120
_RUNS = (" ", "\t", "1", "0", "1 ", "a ", ", ", "A.", "-", '\\"', "(", "<")
_PLACES = 5  # and as many ends of lines
_NAMES = frozenset({"take", "matches", "trailer"})


@each_family
def test_an_adapter_reads_long_runs(adapter: str) -> None:
    within(_MOST_S, _read, adapter)


def _read(adapter: str) -> None:
    example = EXAMPLES[adapter]
    content = example.file(example.units)
    ends = [each.start() for each in islice(re.finditer(rb"\r?\n", content), _PLACES)]
    places = [*ends, *(len(content) * n // (_PLACES + 1) for n in range(1, _PLACES + 1))]
    for run in _RUNS:
        long = (run * (_LONG // len(run))).encode()
        for at, place in enumerate(places):
            check(adapter, content[:place] + long + b"x"[: at % 2] + content[place:])


def test_the_expressions_of_our_mappings_read_long_runs() -> None:
    """They are tried in the process that writes; those of somebody's manifest are tried in one with limits."""
    found = {each for path in _mappings() for each in _expressions(tomllib.loads(path.read_text("utf-8")))}
    assert len(found) > 20
    within(_MOST_S, _search, sorted(found))


def _search(expressions: list[str]) -> None:
    compiled = [re.compile(each) for each in expressions]
    for run in _RUNS:
        for begin, end in (("", ""), ("A", "!"), ("1,", "\n!"), ("P ", "x")):
            text = begin + run * (_LONG // len(run)) + end
            for each in compiled:
                next(each.finditer(text), None)


def _mappings() -> Iterator[Path]:
    return Path(adapters.__path__[0]).glob("*.toml")


def _expressions(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        split = said.get("split")
        yield from [split["pattern"]] if isinstance(split, dict) else []
        yield from (each for name, each in said.items() if name in _NAMES and isinstance(each, str))
        for each in said.values():
            yield from _expressions(each)
    elif isinstance(said, list):
        for each in said:
            yield from _expressions(each)
