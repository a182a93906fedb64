"""Clusters to check: so many referents in one, or so few of them joined to one another, that they may not be one.

A wrong join makes a cluster large. A chain of them makes it loose, as each referent is joined to the next and few to
any other. Only persons and organisations count: things that a number makes one (phones, accounts) may be as many as
they like. What a view says of this follows from its own joins. It changes nothing: people look.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from workbench.model.asked import one_text, whole
from workbench.store.columns import Bool, Columns, Int64, Rows
from workbench.view.access import answer, once
from workbench.view.adjacency import ranges
from workbench.view.answers import ToldApart
from workbench.view.describing import told_apart
from workbench.view.joining import smallest_joined
from workbench.view.joins import IBAN_HOLDER, IDENTIFIER, OF_THINGS, Joins, entities_of
from workbench.view.part import Part
from workbench.view.view import View

# A cluster of more referents is large.
LARGE = 20
# One of so many referents or more is loosely joined if fewer of its pairs are joined, in percent.
SEVERAL, LOOSE = 5, 40
_PEOPLE = "LegalEntity"
# What a table of clusters to check shows.
COLUMNS = ("referents", "pairs joined", "looks", "entity", "id")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a cluster is joined: `joined` of all `pairs` of its referents are, directly; `looks`: what is wrong with it.

    An identifier joins every two of its holders. A pair that several rules join counts once.
    """

    referents: int
    pairs: int
    joined: int
    looks: str

    @property
    def why(self) -> str:
        """Why it should be checked."""
        return f"{self.looks} ({self.referents:,} referents, {self.joined:,} of their {self.pairs:,} pairs joined)"


@dataclass(frozen=True, slots=True)
class ToCheck:
    """An entity whose referents may not be one, with the shape of its cluster."""

    entity: ToldApart
    shape: Shape

    def to_row(self) -> dict[str, object]:
        """The row that shows it in a table."""
        shape, joined = self.shape, f"{self.shape.joined:,} of {self.shape.pairs:,}"
        return dict(
            zip(COLUMNS, (shape.referents, joined, shape.looks, self.entity.lines, self.entity.id), strict=True)
        )


@dataclass(frozen=True, slots=True)
class ClustersToCheck:
    """The clusters of a view to check, the largest first, and how many there are in all."""

    clusters: tuple[ToCheck, ...]
    total: int

    @property
    def rows_told(self) -> tuple[ToCheck, ...]:
        """The clusters, to be counted in the trace."""
        return self.clusters


@answer
def clusters_to_check(view: View, limit: int = 50) -> ClustersToCheck:
    """The clusters of a view that are large or loosely joined, the largest first; at most `limit`.

    Large is one of more than 20 referents; loosely joined is one of five or more, of whose pairs less than 40 % are
    joined. Only clusters of persons or organisations.
    """
    limit, part = whole(limit, "limit"), view._all()
    found = once(view, "to check", partial(_to_check, part, np.arange(len(part.columns.ids))))
    shown = found.at(np.arange(min(limit, len(found))))
    entities = map(told_apart, view._described(part, part.columns.ids_of(shown.canonical)))
    return ClustersToCheck(tuple(map(ToCheck, entities, shown.told())), len(found))


@answer
def to_check(view: View, entity: str) -> Shape | None:
    """The shape of an entity's cluster, if it should be checked; NotFound if the entity is not in this view."""
    part = view._of([one_text(entity, "entity")])
    if len(part.identity.cluster(part.number(entity))) < SEVERAL:
        return None
    found = _to_check(part, np.array([part.canonical(entity)]))
    return next(iter(found.told()), None)


@dataclass(frozen=True, slots=True)
class _Shapes(Rows):
    """Clusters by their canonical numbers: how many referents each has, and how many pairs of them are joined."""

    canonical: Int64
    referents: Int64
    joined: Int64

    @property
    def pairs(self) -> Int64:
        """How many pairs of its referents each has."""
        return self.referents * (self.referents - 1) // 2

    @property
    def loose(self) -> Bool:
        """Which of them are loosely joined."""
        return np.asarray((self.referents >= SEVERAL) & (100 * self.joined < LOOSE * self.pairs))

    def told(self) -> list[Shape]:
        """Each as a `Shape`."""
        large, loose = (self.referents > LARGE).tolist(), self.loose.tolist()
        said = [" and ".join(("large",) * a + ("loosely joined",) * b) for a, b in zip(large, loose, strict=True)]
        return list(map(Shape, self.referents.tolist(), self.pairs.tolist(), self.joined.tolist(), said))


def _to_check(part: Part, clusters: Int64) -> _Shapes:
    """Those of some clusters, by their canonical numbers, that should be checked, the largest first."""
    canonical, n = part.identity.canonical, len(part.columns.ids)
    sizes = np.bincount(canonical, minlength=n)
    clusters = clusters[sizes[clusters] >= SEVERAL]
    asked = np.zeros(n, dtype=bool)
    asked[clusters] = True
    asked &= np.bincount(canonical[entities_of(part.columns, _PEOPLE)], minlength=n) > 0
    joins = part.identity.standing
    joins = joins.where(asked[canonical[joins.a]])
    asked[canonical[_of_things(part.columns, joins)]] = False
    joins = joins.where(asked[canonical[joins.a]])
    joined = np.bincount(canonical[_pairs(part.columns, joins)], minlength=n)
    clusters = np.flatnonzero(asked)
    shapes = _Shapes(clusters, sizes[clusters], joined[clusters])
    shapes = shapes.take((shapes.referents > LARGE) | shapes.loose)
    return shapes.at(np.lexsort((shapes.canonical, shapes.joined / shapes.pairs, -shapes.referents)))


def _of_things(columns: Columns, joins: Joins) -> Int64:
    """The first entities of the joins by a number of things."""
    things = np.array([name in OF_THINGS for name in columns.names] or [False])
    rows = joins.row_a[things[columns.claims.kind[joins.row_a]]]
    others = [join.a for join in joins.more if join.rule in OF_THINGS]
    found: Int64 = np.concatenate([columns.claims.entity[rows], np.array(others, dtype=np.int64)]).astype(np.int64)
    return found


def _pairs(columns: Columns, joins: Joins) -> Int64:
    """The first of each pair of entities that is joined directly, each pair once."""
    (one, other), n = _holders(columns, joins), len(columns.ids)
    a, b = np.concatenate([joins.a, one]).astype(np.int64), np.concatenate([joins.b, other]).astype(np.int64)
    codes = np.unique(np.minimum(a, b) * n + np.maximum(a, b))
    first, second = np.divmod(codes, n)
    pairs: Int64 = first[first != second]
    return pairs


def _holders(columns: Columns, joins: Joins) -> tuple[Int64, Int64]:
    """Every two holders of each identifier, of which `joins` has a chain."""
    claims, n = columns.claims, len(columns.ids)
    more = [join for join in joins.more if join.strength == IDENTIFIER and join.rule != IBAN_HOLDER]
    numbers: dict[tuple[str, str, str], int] = {}
    others = [numbers.setdefault((join.rule, join.value, join.issuer), len(numbers)) for join in more]
    of_rows = claims.kind[joins.row_a].astype(np.int64) * len(columns.values) + claims.value[joins.row_a]
    distinct, number = np.unique(of_rows, return_inverse=True)
    number = np.concatenate([number, len(distinct) + np.array(others, dtype=np.int64)])
    a = np.concatenate([claims.entity[joins.row_a], np.array([join.a for join in more], dtype=np.int64)])
    b = np.concatenate([claims.entity[joins.row_b], np.array([join.b for join in more], dtype=np.int64)])
    held, place = np.unique(np.concatenate([number * n + a, number * n + b]), return_inverse=True)
    chain = smallest_joined(len(held), *np.split(place.astype(np.int32), 2))
    order = np.argsort(chain, kind="stable")
    ends = np.searchsorted(chain[order], chain[order], side="right")
    other, one = ranges(np.arange(len(order)) + 1, ends)
    entity = held[order] % n if n else held
    return entity[one], entity[other]
