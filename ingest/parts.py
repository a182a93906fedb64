"""Files that have several tables, such as the sheets of a workbook: each table is read like a file of its own."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase

from ingest.formats import Adapter
from ingest.intake import Order
from ingest.manifest import SHEET, Manifest, sheet_name
from ingest.sources import Source
from ingest.sources.source import Found
from ingest.sources.steps import Way
from workbench.errors import FileRefused


@contextmanager
def fetched(order: Order, sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    """The sources, with the content of those that only say where it is."""
    fetch = order.reader.fetch
    with ExitStack() as open_:
        if fetch is None:
            yield sources
            return
        found = [
            None
            if each.useless or each.is_packed
            else open_.enter_context(fetch(each, order.manifest.written(each.name)))
            for each in sources
        ]
        yield [
            each if path is None else replace(each, way=Way(path)) for each, path in zip(sources, found, strict=True)
        ]


def parted(order: Order, sources: Sequence[Source]) -> Sequence[Source]:
    """The sources with each table of a file in place of the file, as `book.xlsx#Persons`.

    A file stays as it is if its tables can't be told: reading it says why.
    """
    return [each for source in sources for each in _parts(order, source)]


def _parts(order: Order, source: Source) -> Iterator[Source]:
    known = (source if source.known else with_tables(order.reader, order.manifest, source)).known
    names = known.tables if known else ()
    misses = _misses_one(order.manifest, source.name, names)
    wanted = [name for name in names if _is_wanted(order.manifest, sheet_name(source.name, name), name)]
    if misses or not wanted:
        yield source
        return
    for name in wanted:
        yield replace(source, path=sheet_name(source.path, name), name=sheet_name(source.name, name))


def with_tables(adapter: Adapter, manifest: Manifest, source: Source) -> Source:
    """The source, with the names of its tables if it may have any; without, if they can't be told."""
    known = source.known or Found("", 0)
    if adapter.tables is None or source.useless or known.reason:
        return source
    try:
        names = tuple(adapter.tables(source, manifest.written(source.name)))
    except FileRefused:
        names = ()
    return replace(source, known=known._replace(tables=names))


def _is_wanted(manifest: Manifest, whole: str, name: str) -> bool:
    """Whether a table is read: unless the entry for its file names others."""
    spec = manifest.file(whole)
    return spec is None or spec.sheets is None or SHEET in spec.pattern or any(_is(name, each) for each in spec.sheets)


def _misses_one(manifest: Manifest, whole: str, names: Sequence[str]) -> bool:
    """Whether the entry for a file names a table that it does not have."""
    spec = manifest.file(whole)
    wanted = spec.sheets if spec and spec.sheets else ()
    return any(not any(_is(name, each) for name in names) for each in wanted)


def _is(name: str, wanted: str) -> bool:
    return name == wanted or fnmatchcase(name, wanted)
