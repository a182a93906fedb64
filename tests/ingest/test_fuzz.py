"""Some seconds of fuzzing, from examples and from what was found before."""

import sys

import pytest

from ingest.formats import ADAPTERS
from tests.ingest.fed import check, seeds
from tests.ingest.fuzz_all import fuzzed

_SECONDS = 5


_BY_DAY = "csv"
_LATER = pytest.mark.night(reason="by day one adapter is fuzzed, and the others read drawn bytes")


@pytest.mark.skipif(sys.platform != "linux", reason="Atheris is there for Linux")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == _BY_DAY else _LATER) for name in sorted(ADAPTERS)]
)
def test_no_bytes_crash_an_adapter_or_are_lost(name: str) -> None:
    done = fuzzed(name, _SECONDS)
    assert done.found == ""
    assert done.inputs > 0


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_examples_and_what_was_found_before_are_read(name: str) -> None:
    for content in seeds(name):
        check(name, content)
