"""People's decisions on markings, and how later deliveries combine with them.

A decision applies to a subject: all records with one dataset, source id and part, or one key if there is no source
id. A delivery may tighten the marking, never loosen it (`docs/decisions/0014-a-remark-outlives-loads.md`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import reduce
from typing import NamedTuple

from workbench.model.marking import Marking, both_markings, is_weaker

# Whether the person who decides sees a class.
Sees = Callable[[int], bool]


# (class of a record, class that its deliveries ask for): they differ if a person decided.
Mark = tuple[int, int]


class Decided(NamedTuple):
    """A decision on a subject: the classes that people gave it, all of which bind (`given`).

    `known` has the classes that deliveries had asked for at that time. If it is empty (not recorded), `given` counts
    whatever deliveries ask for.
    """

    given: tuple[int, ...]
    known: tuple[int, ...]


class Marked(NamedTuple):
    """A record, its class, and the class that its deliveries ask for."""

    rid: int
    vis: int
    asked: int


class Subject(NamedTuple):
    """What a decision applies to: the name it is stored under, the agency, and the records."""

    name: bytes
    agency: str
    records: list[Marked]


class Classes(NamedTuple):
    """Classes of visibility: the marking by number, and the number by agency and marking."""

    marking: Callable[[int], Marking]
    number: Callable[[str, Marking], int]

    def under(self, decided: Decided, asked: int, agency: str) -> int:
        """The class of a record: what people gave, and what deliveries ask for beyond all they asked for before."""
        given = reduce(lambda a, b: both_markings(a, b, agency), map(self.marking, decided.given))
        wanted = self.marking(asked)
        if decided.known and all(is_weaker(self.marking(each), wanted) for each in decided.known):
            given = both_markings(given, wanted, agency)
        return self.number(agency, given)

    def marked(self, of: Subject, decided: Decided) -> dict[int, tuple[int, int]]:
        """For each record of a subject: its class after a decision, and the class that its deliveries ask for."""
        return {each.rid: (self.under(decided, each.asked, of.agency), each.asked) for each in of.records}


def decide(given: int, records: Sequence[Marked], before: Decided | None, sees: Sees) -> Decided:
    """The decision of a person who gives a class to all records of a subject, of which he may see only some.

    What the records that he does not see ask for stays in force: he can't loosen it.
    """
    seen = [each for each in records if sees(each.vis)]
    if before is None:
        return Decided((given,), tuple(sorted({each.asked for each in seen})))
    if not before.known:  # what no delivery has said since is marked as a person wanted it
        seen = [each for each in seen if each.asked != each.vis]
    return Decided((given,), tuple(sorted({*before.known, *(each.asked for each in seen)})))


def subjects(found: Iterable[tuple[bytes, str, str, Marked]], keys: Collection[bytes]) -> list[Subject]:
    """The subjects of the records with these keys; `found` has (key, source id, agency, record) of all candidates."""
    known, named = dict[bytes, Subject](), set[bytes]()
    for key, source_id, agency, record in found:
        name = subject(key, source_id)
        known.setdefault(name, Subject(name, agency, [])).records.append(record)
        named.update([name] if key in keys else ())
    return [known[name] for name in sorted(named)]


def subject(key: bytes, source_id: str) -> bytes:
    """The name that a decision about a record is stored under: the first half of its key.

    That half identifies dataset, source id and part. Without a source id it is the whole key.
    """
    return key[:8] if source_id else key


__all__ = ["Classes", "Decided", "Mark", "Marked", "Sees", "Subject", "decide", "subject", "subjects"]
