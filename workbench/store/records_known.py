"""What a store already knows of the records that a batch brings."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from workbench.store.decided import Decided
from workbench.store.rows import Row

# In `rev_to`: it stands. A number that databases keep in four bytes.
LIVE = (1 << 31) - 1

# In `rev_to`: an older delivery came after a newer one, so that it never stood.
NEVER = 0


class Standing(NamedTuple):
    """A record in the store: its class as this load leaves it, and the newest delivery that said it.

    `asked` is the class that its deliveries ask for: another one where a person decided.
    """

    rid: int
    key: bytes
    source_id: str
    part: str
    vis: int
    asked: int
    said: str
    rev_to: int


# What stands or stood under source ids, or says what a record without one says, by the first half of the key.
BySource = dict[int, list[Standing]]

# A record that stands as the only one with its key: its number, class, the one that its deliveries ask for, and the
# newest delivery that said it.
Alone = tuple[int, int, int, str]


class Found(NamedTuple):
    """What a store holds of some rows: enough to see that nothing is new, and all of it only where something may be."""

    alone: Sequence[Alone | None]  # of each row, the record with its key if that stands and no other has the key
    others: BySource  # what is known of the rows for which there is none


class Known(NamedTuple):
    """What a store knows of the rows of a batch."""

    by_source: BySource
    decided: Mapping[bytes, Decided]  # by what a record speaks of: what a person decided about its marking

    def learn(self, more: BySource) -> None:
        """Know more; what was noted of a source id since it was asked for counts."""
        self.by_source.update({source: found for source, found in more.items() if source not in self.by_source})

    def meets(self, row: Row) -> bool:
        """Whether anything is known under the source id and part of a row, or with its key."""
        return row.source in self.by_source

    def of_key(self, row: Row) -> list[Standing]:
        """The records of a row's key; at most one of them stands."""
        return [each for each in self.by_source.get(row.source, ()) if each.key == row.key]

    def standing(self, row: Row, rev: int) -> Standing | None:
        """The record of a row's key that stands, or that the load of this revision ended."""
        known = self.by_source.get(row.source, ())
        found = [each for each in known if each.key == row.key and each.rev_to in (LIVE, rev)]
        return found[0] if len(found) == 1 else max(found, key=lambda each: each.rev_to, default=None)

    def rivals(self, row: Row) -> list[Standing]:
        """What stands under the same source id and part, whatever it says."""
        named = (row.record.source_id, row.record.part)
        found = self.by_source.get(row.source, ()) if row.record.source_id else ()
        return [each for each in found if each.rev_to == LIVE and (each.source_id, each.part) == named]

    def remark(self, row: Row, vis: int, asked: int) -> list[Standing]:
        """The records of a row's key that are marked otherwise; from now on they are known to be marked so."""
        known = self.by_source.get(row.source, ())
        wrong = [each for each in known if (each.vis, each.asked) != (vis, asked) and each.key == row.key]
        if wrong:
            self._note(row, lambda each: each._replace(vis=vis, asked=asked))
        return wrong

    def reopen(self, row: Row, rid: int) -> None:
        """Know from now on that a record of a row's key stands again."""
        self._note(row, lambda each: each._replace(rev_to=LIVE) if each.rid == rid else each)

    def _note(self, row: Row, change: Callable[[Standing], Standing]) -> None:
        found = self.by_source[row.source]
        self.by_source[row.source] = [change(each) if each.key == row.key else each for each in found]


class Complete:
    """Complete deliveries: what an older one says that is new, the newer one has taken back."""

    def __init__(self, known: Iterable[tuple[int, str, str]]) -> None:
        """From the (dataset's number, prefix of parts, date) of those that the store knows."""
        self._known: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for did, prefix, delivered in known:
            self._known[did].append((prefix, delivered))

    def note(self, did: int, prefix: str, delivered: str) -> bool:
        """Note a complete delivery; whether it was news."""
        if any(known == prefix and date >= delivered for known, date in self._known[did]):
            return False
        self._known[did].append((prefix, delivered))
        return True

    def __bool__(self) -> bool:
        return bool(self._known)

    def newer(self, did: int, part: str, delivered: str) -> str:
        """The newest delivery of the dataset, newer than this one, that was complete for this part; "" without one."""
        dates = (date for prefix, date in self._known.get(did, ()) if part.startswith(prefix))
        return max((date for date in dates if date > delivered), default="")
