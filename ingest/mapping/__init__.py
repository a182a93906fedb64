"""Mapping: make records, by a manifest, of what any adapter reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from ingest.account import Account
from ingest.formats import Adapter
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
    """Yield for each unit its records, its reject, or that it is left out; FileRefused if the file can't be read."""
    account = account or Account()
    items = adapter.read(path, manifest.written(path.name), account)
    yield from mapped(adapter, path.name, items, manifest, account)


def mapped(
    adapter: Adapter, name: str, items: Iterable[Item], manifest: Manifest, account: Account
) -> Iterator[Record | Reject | Left]:
    """As `read`, for items that an adapter has read; FileRefused, as early as possible, if the manifest is wrong."""
    begin = _BEGIN[adapter.gives](name, manifest, account, adapter.defaults)
    yield from outcomes_of(items, begin, account)
