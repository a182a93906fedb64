"""A batch that a Neo4j takes in several transactions, forgetting what it knew in between, is one batch."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.conformance.oracle.draw import VIEWERS, worlds
from tests.conformance.oracle.operations import Operation
from tests.conformance.test_against_oracle import replay
from tests.stores import SQLITE, fresh_url
from workbench.store.neo4j import insertion, writer
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

pytestmark = pytest.mark.neo4j_only(reason="SQLite takes a batch in one transaction")
_FEW = settings(max_examples=max(1, settings().max_examples // 4), suppress_health_check=[*HealthCheck])


def told(view: View) -> tuple[object, ...]:
    near = [view.neighbours(entity).ties for entity in view.snapshot().ids]
    return view.digest(), replace(view.stats(), revision=""), view.clusters(), len(view.history()), near


@_FEW
@given(operations=worlds())
def test_pieces_make_the_same(
    new_store: Callable[[], GraphStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operations: list[Operation]
) -> None:
    with monkeypatch.context() as small:
        small.setattr(writer, "_AT_ONCE", 1)
        small.setattr(writer, "_ASKED_AT_ONCE", 1)
        small.setattr(writer, "_SOURCES_KEPT", 2)
        small.setattr(insertion, "_ENTITIES_KEPT", 2)
        store = new_store()
        replay(store, operations)
    other = open_store(fresh_url(tmp_path, kind=SQLITE))
    replay(other, operations)
    for viewer in VIEWERS:
        for purpose in viewer.purposes:
            assert told(store.view(viewer, purpose=purpose)) == told(other.view(viewer, purpose=purpose))
    other.close()
