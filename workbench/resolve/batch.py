"""Judgements by the batch: all in one publication, or none."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.errors import NotFound
from workbench.model.ids import judgement_id
from workbench.resolve.joining import joining
from workbench.resolve.judgements import basis, grounds_of_each, judged_at, mistakes_in, refuse_against
from workbench.resolve.stated import Mistakes, Stated, stated
from workbench.store.types import Judgement, overridden
from workbench.view.asking import writing
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a batch: the judgements made, how many rows stood already, and the revision, if any."""

    made: tuple[Judgement, ...]
    unchanged: int
    revision: str


@writing
def judge_all(store: GraphStore, view: View, rows: Sequence[Mapping[str, Any]], by: str | None = None) -> Judged:
    """Judge the pairs in rows, in the viewer's name, in one publication: all of them, or none.

    A row has `a`, `b`, `verdict` and `why`, and may have `evidence` (keys of records), `override`, and `line`, its
    line in a file. Each is judged as by `judge`, on what stood before the batch; a row that repeats what stands (the
    same verdict on the same two by the same person) changes nothing. A `same` is refused too against a `different` in
    any row, and against one that it meets by way of the rows before it. UsageError tells every mistake with its row or
    line; NotFound if an unknown entity or record is the only one.
    """
    with store.lease():  # nobody else judges between the check and the write
        now = store.view(view.viewer, purpose=view.purpose)
        mistakes = Mistakes()
        batch = _Batch(now, by or view.viewer.name, mistakes)
        made, unchanged = batch.judged(stated(rows, mistakes))
        mistakes.refuse()
        token = store.add_judgements(made) if made else ""
    return Judged(tuple(made), unchanged, token)


class _Batch:
    """Rows against what stands in a view, and against one another."""

    def __init__(self, now: View, who: str, mistakes: Mistakes) -> None:
        self._now, self._who, self._mistakes = now, who, mistakes
        self._known: Mapping[str, Sequence[str]] = {}  # all referents of each entity in the rows
        self._places: dict[str, str] = {}  # of the rows, by the ids of what they become

    def judged(self, rows: Sequence[Stated]) -> tuple[list[Judgement], int]:
        """The judgements to store, and how many rows stood already; mistakes are noted."""
        self._check(rows)
        at = judged_at()
        return self._settled([(row, self._judgement(row, at)) for row in self._mistakes.without(rows)])

    def _check(self, rows: Sequence[Stated]) -> None:
        self._known = members_of(self._now, sorted({end for row in rows for end in (row.a, row.b)}))
        for row in rows:
            unknown = (NotFound("entity", end) for end in (row.a, row.b) if end not in self._known)
            for mistake in (*mistakes_in(row.a, row.b, row.verdict, row.why), *unknown):
                self._mistakes.add(row.number, row.place, mistake)

    def _judgement(self, row: Stated, at: str) -> Judgement:
        """What a row says; what that rests on is looked up only where it is not said already."""
        said = (row.a, row.b, row.verdict, self._who, row.why, at)
        made = Judgement(judgement_id(*said), *said, row.evidence)
        self._places[made.id] = row.place
        return made

    def _settled(self, judgements: Sequence[tuple[Stated, Judgement]]) -> tuple[list[Judgement], int]:
        """Those to store, in order, with what they override; and how many rows say what stands, or a row before."""
        known = self._now.judgements()
        outweighed = overridden(known)
        standing = [each for each in known if each.id not in outweighed]
        said = {_what(each) for each in standing if each.by == self._who}
        sides = _Sides(self._known, standing, [each for _, each in judgements])
        found = self._grounds([row for row, each in judgements if not (row.evidence or _what(each) in said)])
        made = list[Judgement]()
        for row, each in judgements:
            against = sides.between(each) if each.verdict == "same" else []
            if _what(each) in said and not against:
                continue
            said.add(_what(each))
            with self._mistakes.of(row.number, row.place):
                each = replace(each, evidence=found.get(row.number) or basis(self._now, row.a, row.b, row.evidence))
            with self._mistakes.of(row.number, row.place):
                refuse_against(against, self._who, row.override, self._places)
                made.append(self._overriding(each, against, sides, made) if against else each)
                if each.verdict == "same":
                    sides.unite(each)
        return made, len(judgements) - len(made)

    def _grounds(self, rows: Sequence[Stated]) -> Mapping[int, tuple[str, ...]]:
        """What rows without evidence rest on, by their numbers: looked up for all at once."""
        if not rows:
            return {}
        grounds = grounds_of_each(self._now, [row.a for row in rows], [row.b for row in rows])
        return {row.number: each for row, each in zip(rows, grounds, strict=True)}

    def _overriding(
        self, judgement: Judgement, against: Sequence[Judgement], sides: "_Sides", before: Sequence[Judgement]
    ) -> Judgement:
        """A `same` that overrides: it rests too on what it overrides, and on all that makes this concern the two."""
        beside = sides.beside(judgement)
        one = {end for members in members_of(self._now, beside).values() for end in members}
        united = (each for each in before if each.verdict == "same" and each.a in one)
        keys = {*judgement.evidence, *joining(self._now, beside)}.union(
            *(each.evidence for each in (*against, *united))
        )
        return replace(judgement, evidence=tuple(sorted(keys)), overrides=tuple(sorted(each.id for each in against)))


def _what(judgement: Judgement) -> tuple[frozenset[str], str]:
    """What a judgement says of which two."""
    return frozenset((judgement.a, judgement.b)), judgement.verdict


class _Sides:
    """Who is one with whom, row by row, and what keeps whom apart: what stands, and all rows.

    An entity counts with all its referents. Where a row tells these apart, each of them counts for itself as well.
    """

    def __init__(
        self, known: Mapping[str, Sequence[str]], standing: Sequence[Judgement], rows: Sequence[Judgement]
    ) -> None:
        canonical = {each: members[0] for members in known.values() for each in members}
        different = [each for each in (*standing, *rows) if each.verdict == "different"]
        apart = [each for each in different if each.a in canonical and each.b in canonical]
        split = {canonical[each.a] for each in apart if canonical[each.a] == canonical[each.b]}
        whole = _Sets(canonical, apart)
        alone = {each: each if first in split else first for each, first in canonical.items()}
        self._sets = (whole, _Sets(alone, apart)) if split else (whole,)

    def between(self, judgement: Judgement) -> list[Judgement]:
        """The judgements `different` between the sides of the two, ordered by id."""
        found = {each for sets in self._sets for each in sets.between(judgement)}
        return sorted(found, key=lambda each: each.id)

    def unite(self, judgement: Judgement) -> None:
        """Make the two one."""
        for sets in self._sets:
            sets.unite(judgement)

    def beside(self, judgement: Judgement) -> list[str]:
        """Entities that stand for all on the sides of the two."""
        return sorted({each for sets in self._sets for each in sets.beside(judgement)})


class _Sets:
    """Entities that count as one, each by the one that stands for it, and what keeps these apart."""

    def __init__(self, node: Mapping[str, str], apart: Sequence[Judgement]) -> None:
        from scipy.cluster.hierarchy import DisjointSet  # large, and only batches need it

        self._node, self._sets = node, DisjointSet(sorted(set(node.values())))
        self._apart = defaultdict[str, list[tuple[str, Judgement]]](list)
        for each in apart:
            a, b = self._ends(each)
            self._apart[a].append((b, each))
            self._apart[b].append((a, each))

    def _ends(self, judgement: Judgement) -> tuple[str, str]:
        return self._node[judgement.a], self._node[judgement.b]

    def between(self, judgement: Judgement) -> Iterator[Judgement]:
        a, b = self._ends(judgement)
        if self._sets.connected(a, b):
            return
        small, large = sorted((a, b), key=self._sets.subset_size)
        for member in self._sets.subset(small):
            yield from (each for other, each in self._apart.get(member, ()) if self._sets.connected(other, large))

    def unite(self, judgement: Judgement) -> None:
        self._sets.merge(*self._ends(judgement))

    def beside(self, judgement: Judgement) -> Iterator[str]:
        for end in self._ends(judgement):
            yield from self._sets.subset(end)
