"""Mapping: records of what adapters read, by a manifest, once for all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from ingest.account import Account
from ingest.adapters import Adapter
from ingest.manifest import Manifest
from ingest.mapping.entities import begin_entities
from ingest.mapping.graph import begin_graph
from ingest.mapping.outcomes import Begin, outcomes_of
from ingest.mapping.rows import begin_rows
from ingest.shapes import Item, Left, Readable, Reject
from workbench.model.record import Record

_BEGIN: Mapping[Literal["rows", "graph", "entities"], Callable[[str, Manifest, Account, Path | None], Begin]] = {
    "rows": begin_rows,
    "graph": begin_graph,
    "entities": begin_entities,
}


def read(
    adapter: Adapter, path: Readable, manifest: Manifest, account: Account | None = None
) -> Iterator[Record | Reject | Left]:
    """The records of each unit of a file, its reject, or that it is left; FileRefused where it can't be read at all."""
    account = account or Account()
    items = adapter.read(path, manifest.written(path.name), account)
    yield from mapped(adapter, path.name, items, manifest, account)


def mapped(
    adapter: Adapter, name: str, items: Iterable[Item], manifest: Manifest, account: Account
) -> Iterator[Record | Reject | Left]:
    """The same of what an adapter read of a file of this name; FileRefused before the first is taken, if it can be told
    by then."""
    begin = _BEGIN[adapter.gives](name, manifest, account, adapter.defaults)
    yield from outcomes_of(items, begin, account)
