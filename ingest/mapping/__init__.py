"""Mapping: records of what adapters read, by a manifest, once for all of them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from ingest.account import Account
from ingest.adapters import Adapter
from ingest.manifest import Manifest
from ingest.mapping.entities import begin_entities
from ingest.mapping.graph import begin_graph
from ingest.mapping.outcomes import Begin, outcomes
from ingest.mapping.rows import begin_rows
from ingest.shapes import Left, Readable, Reject
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
    begin = _BEGIN[adapter.gives](path.name, manifest, account, adapter.defaults)
    yield from outcomes(adapter.read(path, manifest.written(path.name), account), begin, account)
