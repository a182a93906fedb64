"""Which tests run on Neo4j follows from what they use."""

from pathlib import Path

import pytest

from tests.selection import depends_on_store

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("path", "depends"),
    [
        ("store/test_walking.py", True),  # asks a server
        ("faults/test_reading.py", True),  # by a helper
        ("store/test_identity.py", True),  # by its package's fixtures
        ("test_primitives.py", True),  # takes a backend apart
        ("analytics/test_paths.py", False),
        ("model/test_marking.py", False),  # needs no store
    ],
)
def test_who_imports_a_backend_depends_on_it(request: pytest.FixtureRequest, path: str, depends: bool) -> None:
    module = pytest.Module.from_parent(request.session, path=HERE / path)
    assert depends_on_store(module) == depends


def test_a_marked_test_depends_on_it(request: pytest.FixtureRequest) -> None:
    module = pytest.Module.from_parent(request.session, path=HERE / "analytics" / "test_paths.py")
    module.add_marker(pytest.mark.each_store(reason="it says so"))
    assert depends_on_store(module)
