"""Carry people's stricter markings from records of an earlier reading to those that a new one makes of the same unit.

A decision on a marking binds a source id, or a key. A corrected manifest gives other keys, and perhaps other ids. Its
records would come under the file's marking, which is weaker than the one that a person gave to what they replace.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbench.model.marking import Marking, both_markings, is_weaker
from workbench.model.record import Dataset, Record
from workbench.store.accounts import Accounts, Kept
from workbench.store.decided import Classes, Decided, Mark, Marked, Subject, subject
from workbench.store.dump_rows import RemarkedRow
from workbench.store.loading import Changes
from workbench.store.restating import RestatingWriter, some_of
from workbench.store.rows import Row
from workbench.store.transaction import Transaction


class CarryingWriter(RestatingWriter):
    """A writer that carries people's markings from one reading of a file to the next."""

    _agency: str
    _carried: dict[bytes, Decided] | None = None

    def _carry(self, accounts: Accounts, gone: Iterable[Kept], new: Sequence[int]) -> int:
        """Mark new records of a unit at least as strictly as people marked what is gone of it; returns how many units.

        All are of one file.
        """
        stricter = {each.rid: each for each in gone if self._is_tightened(each)}
        units: dict[str, set[int]] = {}
        for rid, place in _places(accounts, [*stricter]):
            units.setdefault(place, set()).add(stricter[rid].vis)
        placed = {rid: place for rid, place in _places(accounts, new if units else ()) if place in units}
        wanted: dict[bytes, set[int]] = {}
        about, rows = dict[bytes, Subject](), list[Row]()
        for some in some_of(sorted(accounts.sources_of([*placed]))):
            for each in accounts.kept(some):
                name = subject(each.key, each.source_id)
                records = about.setdefault(name, Subject(name, self._agency, [])).records
                records.append(Marked(each.rid, each.vis, each.asked))
                wanted.setdefault(name, set()).update(units[placed[each.rid]] if each.rid in placed else ())
                rows.append(_row(each, self._marking_of(each.asked)))
        self._bind([(of, wanted[name]) for name, of in sorted(about.items()) if wanted[name]], self._remarked(rows))
        return len({*placed.values()})

    def _is_tightened(self, kept: Kept) -> bool:
        """Whether a person gave a record a stricter marking, in any respect, than its deliveries ask for."""
        return kept.vis != kept.asked and is_weaker(self._marking_of(kept.asked), self._marking_of(kept.vis))

    def _bind(self, wanted: Sequence[tuple[Subject, set[int]]], before: Mapping[bytes, Decided]) -> None:
        """Decide that subjects are marked at least as strictly as these classes, and as their deliveries ask."""
        classes, marks = Classes(self._marking_of, self._class_number), dict[int, Mark]()
        self._carried = self._carried or {}
        for of, given in wanted:
            asked, known = {each.asked for each in of.records}, before.get(of.name, Decided((), ()))
            both = {self._both(one, other) for one in given for other in asked}
            heard = () if known.given and not known.known else tuple(sorted({*known.known, *asked}))
            self._carried[of.name] = decided = Decided(tuple(sorted(both.union(known.given))), heard)
            marks |= classes.marked(of, decided)
        if marks:
            self._write(Changes(0, "", set(), marks=marks))
            self._has_marked = True

    def _both(self, one: int, other: int) -> int:
        marking = both_markings(self._marking_of(one), self._marking_of(other), self._agency)
        return self._class_number(self._agency, marking)

    def _let_stand(self, tx: Transaction, token: str) -> None:
        super()._let_stand(tx, token)
        tx.put(RemarkedRow, [RemarkedRow(name.hex(), *each) for name, each in sorted((self._carried or {}).items())])


def _row(kept: Kept, marking: Marking) -> Row:
    """The row of a record, as far as decisions on its marking need it."""
    return Row(Record("", Dataset("", ""), kept.source_id, {}, marking), "", kept.key, kept.source, False)


def _places(accounts: Accounts, records: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The place of each record in its file."""
    for some in some_of(records):
        for rid, (_, locator) in sorted(accounts.contents(some).items()):
            yield rid, locator.rpartition(":")[2].partition(" ")[0]
