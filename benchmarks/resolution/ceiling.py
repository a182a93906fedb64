"""The best that an honest joiner could reach on registers, told from their truth and without asking any.

An honest joiner never joins on a name alone. Two records of one person can be joined if both give one of these, and it
agrees; or if a chain of such records of that person leads from one to the other:

- a birth date. It agrees with an equal one. A right one also agrees with one in which one digit is wrong, or day and
  month are exchanged; with its year alone; and with the first of January of its year. Two wrong ones do not agree,
  unless both say the year alone (or its first of January), nor do a year and a date whose year is wrong;
- the same phone, e-mail or document, exactly; one that was mistyped agrees with none;
- the same house. A town alone agrees with nothing.

Names and sex do not count. Precision is taken to be 1. So it is a ceiling: all of it can be reached only by whoever
tells namesakes, twins and families apart.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from networkx.utils import UnionFind

from benchmarks.resolution.registers import Row, said, truth
from benchmarks.resolution.scoring import Score, cluster_score
from workbench.scenario.registers.agencies import PERSONS

_ALIKE = ({"t"}, {"t", "d"}, {"t", "s"}, {"t", "e"}, {"t", "y", "f"}, {"d", "y", "f"}, {"s", "y", "f"})
# Birth dates of one person by how they are said: the pairs of letters that agree.
BIRTHS = frozenset((a, b) for alike in _ALIKE for a in alike for b in alike if a != b or a in "tyf")
FIELDS = ("birth", "phone", "email", "document", "address")
Letters = tuple[str, ...]
_NOTHING = frozenset("-xc")


def ceiling(folder: Path, kind: str = PERSONS) -> Score:
    """The best score on the registers of persons or companies in a folder; of a company the number is its document."""
    return ceiling_of(truth(folder, kind), {record: letters(row) for record, row in said(folder, kind)})


def letters(row: Row) -> Letters:
    """How a record says each of `FIELDS`."""
    return tuple(row[field] for field in FIELDS)


def ceiling_of(who: Mapping[str, str], how: Mapping[str, Letters]) -> Score:
    """The best score, by the entity of each record and by what each says and how."""
    records = defaultdict[str, list[str]](list)
    for record, entity in who.items():
        records[entity].append(record)
    found = dict(pair for some in records.values() for pair in _joinable(some, how))
    return cluster_score(found, who)


def _joinable(records: list[str], how: Mapping[str, Letters]) -> Iterator[tuple[str, str]]:
    """The records of one person, each with one that stands for all that it can be joined with."""
    joined = UnionFind(records)
    for one, other in combinations(records, 2):
        if agree(how[one], how[other]):
            joined.union(one, other)
    return ((record, joined[record]) for record in records)


def agree(one: Letters, other: Letters) -> bool:
    """Whether two records of one person agree on something beside the name."""
    (birth, *ours), (other_birth, *theirs) = one, other
    return (birth, other_birth) in BIRTHS or any(
        a == b and a not in _NOTHING for a, b in zip(ours, theirs, strict=True)
    )
