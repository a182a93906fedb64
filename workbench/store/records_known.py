"""What a store already knows about the records of a batch."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.model.record import key_of_gone
from workbench.store.decided import Decided
from workbench.store.rows import Row

# `rev_to` of a record that stands: a number that fits in four bytes.
LIVE = (1 << 31) - 1

# `rev_to` of a late record: an older delivery came after a newer one, so it never stood.
NEVER = 0


class Standing(NamedTuple):
    """A record in the store; `vis` is its class with this load's changes, `said` the newest delivery that said it.

    `asked` is the class that its deliveries ask for; it differs from `vis` if a person decided.
    """

    rid: int
    key: bytes
    source_id: str
    part: str
    vis: int
    asked: int
    said: str
    rev_to: int


# Records by the first half of their keys.
BySource = dict[int, list[Standing]]

# The only record with its key, if it stands: (number, class, class that its deliveries ask for, newest delivery that
# said it).
Alone = tuple[int, int, int, str]


class Found(NamedTuple):
    """What a store knows about some rows: little where they only repeat a record, everything where they may differ."""

    alone: Sequence[Alone | None]  # for each row, the only record with its key, if it stands
    others: BySource  # all records for the rows that have None there


@dataclass(slots=True)
class Known:
    """What a store knows about the rows of a batch.

    Very many records may have one source id: so those of a key have an index, and what holds for a name is found once.
    """

    by_source: BySource
    decided: Mapping[bytes, Decided]  # people's decisions, by subject
    _places: dict[bytes, list[int]] = field(default_factory=dict)  # of records among those of their source, by key
    # By `Row.name`:
    _newer: dict[tuple[int, str, str], str] = field(default_factory=dict)
    _late: dict[tuple[int, str, str], list[Standing]] = field(default_factory=dict)

    def learn(self, more: BySource) -> None:
        """Add records for sources that are not known yet: changes noted for a known source are kept."""
        for source, found in more.items():
            if source in self.by_source:
                continue
            self.by_source[source] = [*found]
            for place, each in enumerate(found):
                self._places.setdefault(each.key, []).append(place)

    def meets(self, row: Row) -> bool:
        """Whether anything is known for a row's source id and part, or its key."""
        return row.source in self.by_source

    def of_key(self, row: Row) -> list[Standing]:
        """The records with a row's key; at most one of them stands."""
        return [self.by_source[row.source][place] for place in self._places.get(row.key, ())]

    def standing(self, row: Row, rev: int) -> Standing | None:
        """The record with a row's key that stands, or that the load of this revision ended."""
        found = [each for each in self.of_key(row) if each.rev_to in (LIVE, rev)]
        return found[0] if len(found) == 1 else max(found, key=lambda each: each.rev_to, default=None)

    def rivals(self, row: Row) -> list[Standing]:
        """The records that stand for the same source id and part, whatever they say."""
        return [each for each in self._of_name(row) if each.rev_to == LIVE]

    def newer(self, row: Row, delivered: str, without: Collection[int] = ()) -> str:
        """The newest delivery after this one that speaks of a row's subject, "" if there is none.

        Records of some numbers do not count. For all rows of a batch these are the same, and so is the delivery.
        """
        known = self._newer.get(row.name)
        if known is None:
            said = (each.said for each in self.rivals(row) if each.said > delivered and each.rid not in without)
            known = self._newer[row.name] = max([self.gone_after(row, delivered, without), *said])
        return known

    def gone_after(self, row: Row, delivered: str, without: Collection[int] = ()) -> str:
        """The newest delivery after this one that says that a row's subject is gone; "" if there is none."""
        late = self._late.get(row.name)
        if late is None:
            late = self._late[row.name] = [each for each in self._of_name(row) if each.rev_to == NEVER]
        later = [each for each in late if each.said > delivered and each.rid not in without]
        key = key_of_gone(row.record.dataset, row.record.source_id, row.record.part) if later else b""
        return max((each.said for each in later if each.key == key), default="")

    def remark(self, row: Row, vis: int, asked: int) -> list[Standing]:
        """Mark the records with a row's key; returns those whose classes were different."""
        wrong = [each for each in self.of_key(row) if (each.vis, each.asked) != (vis, asked)]
        if wrong:
            self._note(row, lambda each: each._replace(vis=vis, asked=asked))
        return wrong

    def reopen(self, row: Row, rid: int) -> None:
        """Note that a record with a row's key stands again."""
        self._newer.pop(row.name, None)
        self._note(row, lambda each: each._replace(rev_to=LIVE) if each.rid == rid else each)

    def _of_name(self, row: Row) -> list[Standing]:
        """The records with a row's source id and part; none for a row without one."""
        named = row.record.source_id, row.record.part
        found = self.by_source.get(row.source, ()) if row.record.source_id else ()
        return [each for each in found if (each.source_id, each.part) == named]

    def _note(self, row: Row, change: Callable[[Standing], Standing]) -> None:
        found = self.by_source[row.source]
        for place in self._places.get(row.key, ()):
            found[place] = change(found[place])


class Complete:
    """Complete deliveries: an older delivery can't add records to what a newer complete one contains."""

    def __init__(self, known: Iterable[tuple[int, str, str]]) -> None:
        """Start from the (dataset number, prefix of parts, date) of those that the store knows."""
        self._known: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for did, prefix, delivered in known:
            self._known[did].append((prefix, delivered))

    def note(self, did: int, prefix: str, delivered: str) -> bool:
        """Note a complete delivery; returns whether it was new."""
        if any(known == prefix and date >= delivered for known, date in self._known[did]):
            return False
        self._known[did].append((prefix, delivered))
        return True

    def any_newer(self, delivered: str) -> bool:
        """Whether any delivery, of whatever, is newer than this one and complete."""
        return any(date > delivered for known in self._known.values() for _, date in known)

    def newer(self, did: int, part: str, delivered: str) -> str:
        """The newest delivery that is newer than this one and complete for a dataset's part; "" if there is none."""
        dates = (date for prefix, date in self._known.get(did, ()) if part.startswith(prefix))
        return max((date for date in dates if date > delivered), default="")
