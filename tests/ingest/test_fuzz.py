"""Some seconds of fuzzing for each adapter, from its examples and from what was found before."""

import sys

import pytest

from ingest.formats import ADAPTERS
from tests.ingest.fed import check, seeds
from tests.ingest.fuzz_all import Fuzzed, fuzzed

_SECONDS = 5


@pytest.fixture(scope="module")
def done(request: pytest.FixtureRequest) -> dict[str, Fuzzed]:
    """How each adapter was fuzzed that this run asks about."""
    asking = [each for each in request.session.items if "done" in getattr(each, "fixturenames", ())]
    asked = {each.callspec.params["name"] for each in asking if each.path == request.path}
    return fuzzed(sorted(asked), _SECONDS)


@pytest.mark.skipif(sys.platform != "linux", reason="Atheris is there for Linux")
@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_no_bytes_crash_an_adapter_or_are_lost(name: str, done: dict[str, Fuzzed]) -> None:
    assert done[name].found == ""
    assert done[name].inputs > 0


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_examples_and_what_was_found_before_are_read(name: str) -> None:
    for content in seeds(name):
        check(name, content)
