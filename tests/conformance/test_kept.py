"""After a store is closed and opened again, every part of it is as it was written."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.conformance.oracle.draw import worlds
from tests.conformance.oracle.operations import Operation
from tests.conformance.test_against_oracle import replay
from tests.stores import examples, fresh_url
from workbench.store.dump_rows import PARTS
from workbench.view.store import GraphStore, open_store

_SOME = settings(suppress_health_check=[*HealthCheck], max_examples=examples(30))


def whole(store: GraphStore) -> Iterator[object]:
    """A store's stamp and all its rows."""
    outgoing = store.backend.outgoing()
    stamp = outgoing.stamp()
    yield stamp
    yield list(store.backend.classes())
    for part in PARTS:
        yield part, [tuple(row) for rows, _ in outgoing.batches(part, 0, stamp) for row in rows]


@_SOME
@given(operations=worlds())
def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path, operations: list[Operation]) -> None:
    url = fresh_url(tmp_path)
    with closing(open_store(url)) as store:
        replay(store, operations)
        before = list(whole(store))
    with closing(open_store(url)) as again:
        assert list(whole(again)) == before
