"""The captions of entities in the graph, for people who query a server."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.stores import fresh_url
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.view.copies import copy_store
from workbench.view.store import open_store

_CAPTIONS = "MATCH (e:Entity) RETURN e.caption"


@pytest.mark.neo4j_only(reason="only a server's entities have captions of their own")
def test_an_entity_of_two_names_is_called_the_same_in_a_copy(tmp_path: Path) -> None:
    names = (Value("Zoe", "Zoe"), Value("Ann", "Ann"))
    record = Record("Person", Dataset("A", "d"), "p", {"name": names}, parse_marking("OPEN//REL A"))
    urls = fresh_url(tmp_path, "source"), fresh_url(tmp_path, "target")
    with closing(open_store(urls[0])) as source, closing(open_store(urls[1])) as target:
        with source.writer(agency="A", by="clerk") as writer:
            writer.put([record], writer.file("f.csv", "0", "csv"), "2026-01-01")
            writer.publish(dataset="d", adapter="csv", files=())
        copy_store(source, target)
        asked = [store.backend._database.read(_CAPTIONS) for store in (source, target)]
    assert asked == [[["Ann"]], [["Ann"]]]
