"""Turn what an adapter yields into outcomes: a unit's records, its reject, or that it is left out."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from ingest.account import Account
from ingest.keeping import kept
from ingest.shapes import BadUnit, Frame, Header, Item, Left, Reject, texts_of
from workbench.model.marking import Marking
from workbench.model.record import Record

_NO_FRAME = Frame(b"", b"")


class Mapper(Protocol):
    """Makes the records of units under one header, or of units without one."""

    def records(self, unit: Any) -> list[Record]:
        """The records of a unit; none if it is left out, BadUnit if it can't have any."""

    def asked(self, unit: Any) -> Marking | None:
        """The marking of a unit that could not be mapped; None if that can't be read."""


# Called at each header, or at the first unit if there is none; FileRefused if header and manifest do not agree.
Begin = Callable[[Header | None], Mapper]


def outcomes_of(items: Iterable[Item], begin: Begin, account: Account) -> Iterator[Record | Reject | Left]:
    """The outcome of each unit of a file."""
    mapper: Mapper | None = None
    header: Header | None = None
    frame = _NO_FRAME
    for item in items:
        if isinstance(item, Reject | Left):
            yield item
            continue
        if isinstance(item, Frame):
            frame = item
            continue
        if isinstance(item, Header):
            header, mapper = item, begin(item)
            continue
        if mapper is None:
            mapper = begin(None)
        try:
            records = mapper.records(item)
        except BadUnit as bad:
            account.kept += item.lines - 1
            before = header.raw if header else frame.before
            said = item.locator, bad.reason, str(bad), item.raw, before, frame.after
            yield Reject(*said, mapper.asked(item), texts_of(item), kept(header, item))
        else:
            if item.breaks:
                account.breaks.update(item.breaks)
            if records:
                yield from records
            else:
                yield Left(item.locator)
