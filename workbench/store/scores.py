"""Scores of pairs of facets: as arrays for views, and what a load or a new marking does to them.

A facet is what the records of one class say about an entity. It stands until a record of its class says something else
about that entity, or until pairs are scored by another model; its pairs end with it. When records are re-marked, the
facets of both classes are deleted at all revisions: they were made of what another class says now.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import ArrayLike, NDArray

from workbench.errors import as_written
from workbench.store.columns import Bool, Int16, Int32, Int64, Rows, all_rows
from workbench.store.dump_rows import FacetRow, PairRow
from workbench.store.records_known import LIVE
from workbench.store.transaction import Transaction

# What is compared, in the order of weights.
COMPARISONS = ("name", "birth", "document", "phone", "email", "address")
# Weights are in hundredths of a bit; 0 where a comparison can't be made.
HUNDREDTHS = 100
# What names say that have a word in common, as those of twins may: where the others begin alike, and where not.
BEGIN_ALIKE, OTHER_GIVEN = 290, -650
# From so much on two entities are looked at by a view, in hundredths of a bit.
FLOOR = 840
PERSON, ORGANISATION = 0, 1
# The kinds of revisions that have nothing but scores, and of loads that were scored with them.
SCORING, WITH_SCORES = "scores", "load with scores"
# What a facet says of things: who is tied to one of these has its number or address.
HELD = ("Address", "EmailAddress", "Phone")

Int8 = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Pairs(Rows):
    """Pairs of facets, by the numbers of their entities, in order of those and of kinds.

    `one` and `other` are the numbers of the facets, in order: either may be that of `a`. `weights` has a column for
    each comparison; `aside` has a bit for each that a view has set aside, as its value is common.
    """

    one: Int64
    other: Int64
    a: Int32
    b: Int32
    kind: Int8
    vis: Int32
    blocked: Bool
    weights: Int16
    aside: Int8


@dataclass(frozen=True, slots=True)
class Facets(Rows):
    """Facets that stand, without their forms; see `FacetRow`."""

    number: Int64
    entity: Int32
    kind: Int8
    vis: Int32
    scope: Int32


# How many facets stand, by kind and class.
Tally = Mapping[tuple[int, int], int]


class Counted(NamedTuple):
    """How many facets stand at a revision, and what of its model views use, as JSON; "" without a model."""

    facets: Tally
    model: str


def facets_seen(tally: Tally, allowed: Collection[int]) -> Counter[int]:
    """How many facets of some classes there are, by kind."""
    found, classes = Counter[int](), frozenset(allowed)
    for (kind, vis), n in tally.items():
        found[kind] += n * (vis in classes)
    return found


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a revision: standing pairs, how many facets there are, and what of the model views use, as JSON."""

    pairs: Pairs
    facets: Tally
    model: str


@as_written("the model of scores")
def model_for_views(body: str) -> str:
    """What of a model views use: everything but the frequencies that it was trained on."""
    return orjson.dumps(orjson.loads(body)["views"], option=orjson.OPT_SORT_KEYS).decode()


@as_written("the model of scores")
def normaliser_of(body: str) -> int:
    """The number of the normaliser that made the forms of a model's facets; 0 if it does not say."""
    return int(orjson.loads(body).get("normaliser", 0))


def _no(kind: Any) -> NDArray[Any]:
    return np.zeros(0, dtype=kind)


NO_PAIRS = Pairs(
    *(_no(np.int64), _no(np.int64), _no(np.int32), _no(np.int32), _no(np.int8), _no(np.int32), _no(bool)),
    weights=np.zeros((0, len(COMPARISONS)), dtype=np.int16),
    aside=_no(np.int8),
)
NO_SCORES = Scores(NO_PAIRS, {}, "")


def facets_in(columns: Sequence[ArrayLike]) -> Facets:
    """Facets from columns of number, entity, kind, vis and scope, in the order of their numbers."""
    number, *rest = columns
    kinds = (np.int32, np.int8, np.int32, np.int32)
    found = Facets(np.array(number, dtype=np.int64), *map(np.array, rest, kinds))
    return found.at(np.argsort(found.number))


def pairs_of(rows: Sequence[tuple[int, int, int, int, int, int, bytes, int]]) -> Pairs:
    """Pairs from rows of (fa, fb, a, b, kind, vis, weights, blocked), in order."""
    *numbers, weights, blocked = zip(*rows, strict=True) if rows else ((),) * 8
    return in_order([pairs_in((*numbers, blocked), weights)])


@as_written("a pair of facets")
def pairs_in(numbers: Sequence[Sequence[int]], weights: Iterable[bytes]) -> Pairs:
    """Pairs, in no order, from columns: of fa, fb, a, b, kind, vis and blocked, and of weights."""
    fa, fb, a, b, kind, vis, blocked = np.array(numbers, dtype=np.int64)
    return Pairs(
        fa,
        fb,
        np.minimum(a, b).astype(np.int32),
        np.maximum(a, b).astype(np.int32),
        kind.astype(np.int8),
        vis.astype(np.int32),
        blocked.astype(bool),
        weights_in(weights, len(a)),
        np.zeros(len(a), dtype=np.int8),
    )


def weights_in(weights: Iterable[bytes], n: int) -> Int16:
    """The weights of n pairs as they are kept, a column for each comparison; ValueError if they are not so many."""
    return np.frombuffer(b"".join(weights), dtype="<i2").reshape(n, len(COMPARISONS)).astype(np.int16)


def highest(weights: Int16, starts: Int64) -> Int16:
    """The highest weight of each comparison, where it could be made, among the pairs from each start to the next."""
    lowest = np.iinfo(np.int16).min
    found = np.maximum.reduceat(np.where(weights == 0, lowest, weights), starts, axis=0)
    return np.where(found == lowest, 0, found).astype(np.int16)


def in_order(parts: Sequence[Pairs]) -> Pairs:
    """All pairs, in the order of a, b and kind."""
    found = all_rows(parts)
    return found.at(np.lexsort((found.kind, found.b, found.a)))


def end_touched(tx: Transaction, revision: int) -> None:
    """End the facets about which a load says something new, from its revision on."""
    if tx.has_facets():
        found = _of(tx, frozenset(tx.said_at(revision)))
        end(tx, revision, [each for each in found if each.rev_to == LIVE])


def _of(tx: Transaction, said: Set[tuple[int, int]]) -> list[FacetRow]:
    """The facets of some entities and classes, standing or not."""
    found = tx.facets_of(sorted({entity for entity, _ in said}))
    return [each for each in found if (each.eid, each.vis) in said]


def end(tx: Transaction, revision: int, facets: Iterable[FacetRow]) -> None:
    """End standing facets and their pairs, from a revision on."""
    ended = [each._replace(rev_to=revision) for each in facets]
    pairs = tx.pairs_of([each.fid for each in ended]) if ended else ()
    tx.put(FacetRow, ended)
    tx.put(PairRow, [each._replace(rev_to=revision) for each in pairs if each.rev_to == LIVE])


@contextmanager
def forgetting(tx: Transaction, records: Collection[int]) -> Iterator[None]:
    """Delete the facets of which these records say something, at all revisions.

    That is what they say before the block, in which their classes change, and after it.
    """
    if not tx.has_facets():
        yield
        return
    before = frozenset(tx.said_by(records))
    yield
    said = before.union(tx.said_by(records))
    tx.drop_facets([each.fid for each in _of(tx, said)])
