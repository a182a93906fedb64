"""The files of a load that come next: they are asked for while those before them are taken."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ingest.ahead import Ahead
from ingest.deliveries import dataset_named_by
from ingest.intake import Order
from ingest.manifest import Manifest
from ingest.parts import parted
from ingest.sources import Source
from workbench.errors import FileRefused
from workbench.store.writing import Writer


class Coming:
    """Opens the paths of a load in their order, and has as many files read ahead as may be read at once."""

    def __init__(self, writer: Writer, order: Order, paths: Iterable[Path], ahead: Ahead) -> None:
        self._writer, self._order, self._ahead = writer, order, ahead
        self._paths = deque(paths)  # those that were not opened yet
        self._asked = set[str]()

    def opened(self) -> Sequence[Source]:
        """The sources at the next path; FileRefused if there is nothing that can be read."""
        path = self._paths.popleft()
        for each in islice(self._paths, self._ahead.workers):
            self._ahead.expect_look(each, self._order.reader, self._order.manifest)
        return self._ahead.opened(path, self._order.reader, self._order.manifest)

    def ask(self, manifest: Manifest, rest: Sequence[Source]) -> None:
        """Have the next files read: of the rest of what is at this path, and of the paths after it."""
        if not self._ahead.runs:
            return
        useful = ((each, source) for each, source in self._following(manifest, rest) if not source.useless)
        for each, source in islice(useful, self._ahead.workers):
            if source.path not in self._asked:
                self._asked.add(source.path)
                self._expect(each, source)

    def _following(self, manifest: Manifest, rest: Sequence[Source]) -> Iterator[tuple[Manifest, Source]]:
        yield from ((manifest, source) for source in rest)
        with suppress(FileRefused):  # it is refused when its turn comes
            for path in self._paths:
                sources = self._ahead.known(path, self._order.reader, self._order.manifest)
                if sources is None:
                    return
                its = self._order.manifest
                its = its if its.dataset else its.within(dataset_named_by(path))
                yield from ((its, source) for source in parted(self._order, sources))

    def _expect(self, manifest: Manifest, source: Source) -> None:
        """Have a file read, unless it may be known."""
        with suppress(FileRefused):
            sha256, order = source.sha256(), replace(self._order, manifest=manifest)
            if not order.is_known(self._writer, sha256, source.name):
                self._ahead.expect(order.reader, manifest, source, sha256)
