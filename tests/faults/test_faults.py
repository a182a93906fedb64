"""Every fault hits a load: a retry with one effect, or a clear error and nothing half-done.

`python -m tests.faults.table --runs 20` lets each of them hit at many points.
"""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.faults.bench import Bench, End, bench_of, run
from tests.faults.case import EVERYBODY, undisturbed
from tests.faults.faults import KINDS, Kind
from tests.faults.proxy import proxy_to
from tests.faults.server import Victim
from workbench.view.store import open_store

pytestmark = pytest.mark.neo4j_only(reason="it breaks a server, and what lies between it and a load")

LATE = 0.7  # when something was written, and nothing was published
_TRIES = 3  # a load may be quicker than the fault


@pytest.fixture(scope="module")
def bench(server: Victim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A server behind a proxy, and deliveries whose outcome without a fault is known."""
    with proxy_to(*server.place) as proxy:
        yield bench_of(server, proxy, undisturbed(tmp_path_factory.mktemp("faults"), server))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.is_of_table], ids=lambda kind: kind.name)
def test_a_fault_does_no_harm(bench: Bench, kind: Kind) -> None:
    ends = (run(bench, kind.happen, LATE) for _ in range(_TRIES))
    assert next((end for end in ends if end is not End.MISSED), End.MISSED) in kind.ends


def test_two_processes_make_the_store_at_once(server: Victim, bench: Bench) -> None:
    server.strip()
    loaders = [bench.case.small.start(server.url) for _ in range(2)]
    told = [each.communicate()[1] for each in loaders]
    assert [each.returncode for each in loaders] == [0, 0], told
    with closing(open_store(server.url)) as store:
        assert store.view(EVERYBODY).digest() == bench.case.before.digest
