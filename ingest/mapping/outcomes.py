"""The one way from what an adapter hands on to records: a unit's records, its reject, or that it is left."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from ingest.account import Account
from ingest.keeping import kept
from ingest.shapes import BadUnit, Header, Item, Left, Reject
from workbench.model.marking import Marking
from workbench.model.record import Record


class Mapper(Protocol):
    """Makes records of the units under one header, or of those without one."""

    def records(self, unit: Any) -> list[Record]:
        """The records of a unit, none where it is left; BadUnit says why there can be none."""

    def asked(self, unit: Any) -> Marking | None:
        """The marking that a unit asks for that has no records; None where that can't be read."""


# Called at each header, or at the first unit where there is none; FileRefused where header and manifest do not agree.
Begin = Callable[[Header | None], Mapper]


def outcomes_of(items: Iterable[Item], begin: Begin, account: Account) -> Iterator[Record | Reject | Left]:
    """What becomes of each unit of a file."""
    mapper: Mapper | None = None
    header: Header | None = None
    for item in items:
        if isinstance(item, Reject):
            yield item
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
            before, marking = header.raw if header else b"", mapper.asked(item)
            yield Reject(item.locator, bad.reason, str(bad), item.raw, before, marking, kept(header, item))
        else:
            if item.breaks:
                account.breaks.update(item.breaks)
            if records:
                yield from records
            else:
                yield Left(item.locator)
