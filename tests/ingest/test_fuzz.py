"""Some seconds of fuzzing for each adapter, from its examples and from what was found before."""

import sys

import pytest

from ingest.formats import ADAPTERS
from tests.ingest.fuzz_all import fuzzed

_SECONDS = 5


@pytest.mark.skipif(sys.platform != "linux", reason="Atheris is there for Linux")
@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_no_bytes_crash_an_adapter_or_are_lost(name: str) -> None:
    done = fuzzed(name, _SECONDS)
    assert done.found == ""
    assert done.inputs > 0
