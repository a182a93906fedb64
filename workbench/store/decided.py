"""What a person decided about the marking of records, and what deliveries may do to it.

A decision is kept by what a record speaks of: its dataset, source id and part, or its key where it has no source id.
A delivery may tighten it, never loosen it (`docs/decisions/0014-a-remark-outlives-loads.md`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import reduce
from typing import NamedTuple

from workbench.model.marking import Marking, both_markings, is_weaker

# Whether the one who decides sees a class.
Sees = Callable[[int], bool]


# The class of a record, and the one that its deliveries ask for: another one where a person decided.
Mark = tuple[int, int]


class Decided(NamedTuple):
    """Classes that a person gave, all of which bind, and those that deliveries had asked for when he decided.

    `known` is empty where that was not kept: then what he gave counts whatever deliveries ask for.
    """

    given: tuple[int, ...]
    known: tuple[int, ...]


class Marked(NamedTuple):
    """A record, its class, and the class that its deliveries ask for."""

    rid: int
    vis: int
    asked: int


class Subject(NamedTuple):
    """What records speak of: by what a decision about it is kept, whose it is, and the records."""

    name: bytes
    agency: str
    records: list[Marked]


class Classes(NamedTuple):
    """The classes of an agency's records: the marking of one by its number, and the number of one by its marking."""

    marking: Callable[[int], Marking]
    number: Callable[[str, Marking], int]

    def under(self, decided: Decided, asked: int, agency: str) -> int:
        """The class of a record whose deliveries ask for one: they bind in what nobody had asked for before."""
        given = reduce(lambda a, b: both_markings(a, b, agency), map(self.marking, decided.given))
        wanted = self.marking(asked)
        if decided.known and all(is_weaker(self.marking(each), wanted) for each in decided.known):
            given = both_markings(given, wanted, agency)
        return self.number(agency, given)

    def marked(self, of: Subject, decided: Decided) -> dict[int, tuple[int, int]]:
        """What the records become of which something was decided: class, and the one that deliveries ask for."""
        return {each.rid: (self.under(decided, each.asked, of.agency), each.asked) for each in of.records}


def decide(given: int, records: Sequence[Marked], before: Decided | None, sees: Sees) -> Decided:
    """What is decided by who gives a class to all records of one subject, and sees some of them.

    Of what he does not see he knows nothing: he does not loosen it.
    """
    seen = [each for each in records if sees(each.vis)]
    if before is None:
        return Decided((given,), tuple(sorted({each.asked for each in seen})))
    if not before.known:  # what no delivery has said since is marked as a person wanted it
        seen = [each for each in seen if each.asked != each.vis]
    return Decided((given,), tuple(sorted({*before.known, *(each.asked for each in seen)})))


def subjects(found: Iterable[tuple[bytes, str, str, Marked]], keys: Collection[bytes]) -> list[Subject]:
    """What the records with these keys speak of, from (key, source id, agency, record) of all that may speak of it."""
    known, named = dict[bytes, Subject](), set[bytes]()
    for key, source_id, agency, record in found:
        name = subject(key, source_id)
        known.setdefault(name, Subject(name, agency, [])).records.append(record)
        named.update([name] if key in keys else ())
    return [known[name] for name in sorted(named)]


def subject(key: bytes, source_id: str) -> bytes:
    """What a decision about a record is kept by: the half of its key that dataset, source id and part decide.

    Where the source gives no id, it is the whole key.
    """
    return key[:8] if source_id else key


__all__ = ["Classes", "Decided", "Mark", "Marked", "Sees", "Subject", "decide", "subject", "subjects"]
