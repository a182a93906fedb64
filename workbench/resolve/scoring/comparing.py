"""Compare the names of many pairs closely: half of them in a second process, where they are many.

The second process knows nothing of the store. It is handed names, hands back outcomes, and ends with this process.
Where none can be had, or it fails, this process compares all.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

import orjson

from workbench.model.normal.names import Kind
from workbench.resolve.names import ALIKE as ALIKE_FROM
from workbench.resolve.names import Likeness, compared
from workbench.resolve.scoring.settings import ALIKE, KIN, PART, UNCLEAR, UNLIKE

# A second process takes some seconds to start.
_WORTH_IT = 60_000
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from workbench.resolve.scoring.comparing import answer
answer(sys.stdin.buffer, sys.stdout.buffer)
"""
_LOG = logging.getLogger(__name__)

Names = Sequence[str]


class Asked(NamedTuple):
    """The names of facets, and the pairs of these that are compared, by their places."""

    names: Sequence[Names]
    one: Sequence[int]
    other: Sequence[int]

    def part(self, begin: int, end: int) -> "Asked":
        """Some of the pairs."""
        return Asked(self.names, self.one[begin:end], self.other[begin:end])


def outcomes(asked: Asked, kind: Kind) -> str:
    """The best outcome of comparing the names of each pair: one character of `settings` each."""
    if len(asked.one) >= _WORTH_IT:
        try:
            return _by_two(asked, kind)
        except OSError as error:
            _LOG.info("no second process to compare in: %s", type(error).__name__)
    return _outcomes(asked, kind)


def answer(asked: BinaryIO, told: BinaryIO) -> None:
    """What the second process does: read pairs, and write their outcomes."""
    kind, *pairs = orjson.loads(asked.read())
    told.write(_outcomes(Asked(*pairs), Kind[kind]).encode())


def _by_two(asked: Asked, kind: Kind) -> str:
    """The outcomes, of the second half by a second process; OSError if it does not tell all of them."""
    n = len(asked.one)
    half = orjson.dumps([kind.name, *asked.part(n // 2, n)])
    with ThreadPoolExecutor(1) as waiting, _second_process() as process:
        told = waiting.submit(process.communicate, half)
        ours, theirs = _outcomes(asked.part(0, n // 2), kind), told.result()[0].decode()
    if len(ours + theirs) != n:
        raise OSError("the second process ended early")
    return ours + theirs


def _outcomes(asked: Asked, kind: Kind) -> str:
    names = asked.names
    return "".join(_best(names[x], names[y], kind) for x, y in zip(asked.one, asked.other, strict=True))


def _best(ours: Names, theirs: Names, kind: Kind) -> str:
    return min((_of_two(compared(one, other, kind)) for one in ours for other in theirs), default=UNLIKE)


def _of_two(likeness: Likeness) -> str:
    if likeness.score >= ALIKE_FROM:
        return ALIKE
    if likeness.is_part:
        return PART
    if likeness.are_kin:
        return KIN
    return UNCLEAR if likeness.begins else UNLIKE


@contextmanager
def _second_process() -> Iterator[subprocess.Popen[bytes]]:
    path = json.dumps([each for each in sys.path if isinstance(each, str)])
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-c", _PROGRAM, path],  # -P: nothing from the working folder
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
