"""Which tests run on Neo4j follows from what they use."""

from pathlib import Path

import pytest

from tests.selection import NEO4J, Waiting, depends_on_store, may_run_by_day, waiting, waits
from tests.stores import SQLITE

HERE = Path(__file__).parent
ROOT = HERE.parent


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


@pytest.mark.parametrize(
    ("path", "kind", "runs"),
    [
        ("store/test_walking.py", SQLITE, True),
        ("store/test_waiting.py", NEO4J, True),
        ("laws/test_laws.py", NEO4J, True),  # marked
        ("analytics/test_paths.py", NEO4J, False),
        ("store/test_many_of_one_id.py", SQLITE, False),  # listed
        ("faults/test_reading.py", NEO4J, False),  # with its folder
    ],
)
def test_files_without_tests_of_the_day_are_told_unread(path: str, kind: str, runs: bool) -> None:
    assert may_run_by_day(HERE / path, kind) == runs


@pytest.mark.parametrize(("n", "is_waiting"), [(0, False), (1, True), (2, True), (3, False)])
def test_of_the_cases_of_a_marked_test_every_third_runs_by_day(
    request: pytest.FixtureRequest, n: int, is_waiting: bool
) -> None:
    """Also if a list has several parameters: all have the number of the case, here n."""
    assert request.node.callspec.indices == {"n": n, "is_waiting": n}
    assert not waits(request.node, NEO4J)
    request.node.add_marker(pytest.mark.fewer_cases(reason="they are alike", kind=NEO4J))
    assert waits(request.node, NEO4J) == is_waiting
    assert not waits(request.node, SQLITE)


def test_what_waits_for_the_night_is_there(request: pytest.FixtureRequest) -> None:
    """Each name in the list is that of a test, so that none waits by a name that it no longer has."""
    for each in waiting():
        assert each.reason
        for name in each.tests:
            file, _, test = name.partition("::")
            assert (ROOT / file).exists(), f"{name}: there is no such file"
            text = (ROOT / file).read_text("utf-8") if test else ""
            assert not test or f"def {test.partition('[')[0]}(" in text, f"{name}: there is no such test"


@pytest.mark.parametrize(
    ("name", "is_named"),
    [
        ("tests/a.py::test_one", True),
        ("tests/a.py::test_one[x]", True),
        ("tests/a.py::test_two[x]", True),
        ("tests/a.py::test_two[y]", False),
        ("tests/b.py::test_any", True),
        ("tests/c.py::test_one", False),
        ("tests/d/e.py::test_one", True),
    ],
)
def test_files_tests_and_cases_are_named(name: str, is_named: bool) -> None:
    some = Waiting(reason="r", tests=("tests/a.py::test_one", "tests/a.py::test_two[x]", "tests/b.py", "tests/d/"))
    assert some.names(name) == is_named
