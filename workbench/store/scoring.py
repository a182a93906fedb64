"""Publish what was scored: facets, pairs and the model, in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import NamedTuple

import numpy as np

from workbench.store.backend import Backend
from workbench.store.columns import Bool
from workbench.store.dump_rows import ClassRow, FacetRow, ModelRow, PairRow, SecretRow
from workbench.store.moving import every
from workbench.store.records_known import LIVE
from workbench.store.scores import Facets, end
from workbench.store.scores_shown import Ends, ends, show_alone, shown_to
from workbench.store.transaction import Transaction

_AT_ONCE = 100_000  # pairs whose rows are made
# An entity and a class of records, by number.
Key = tuple[int, int]


class ScoredPair(NamedTuple):
    """Two facets and their weights, as in `PairRow`."""

    one: Key
    other: Key
    kind: int
    weights: bytes
    blocked: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What a run made.

    - `allowed`: the classes that it saw.
    - `facets`: the kind and the forms of those that were compared with all others.
    - `pairs`: all pairs with an entity of one of those.
    - `is_whole`: whether everything was compared, so that what it did not make ends.
    - `model`: the new model, as it is kept; None if the standing one was used.
    """

    allowed: tuple[int, ...]
    facets: Mapping[Key, tuple[int, str]]
    pairs: Sequence[ScoredPair]
    is_whole: bool
    model: str | None


def standing_model(backend: Backend) -> str:
    """The model by which the store's pairs are scored, as it is kept; "" if none were."""
    return next((row.body for row in every(backend.outgoing(), ModelRow) if row.rev_to == LIVE), "")


def secret_of(backend: Backend) -> str:
    """The store's secret, the key of its hashes."""
    return every(backend.outgoing(), SecretRow)[0].secret


def not_compared_with_older(backend: Backend, facets: Facets) -> Bool:
    """A mask of those of some facets that were not compared with all older ones.

    Facets are numbered as they are made. The scope of one has the classes that were seen by the runs that compared it:
    with all that was older then. So what two facets say together is known if the newer one's scope has the class of the
    older one; that of the older one says nothing of a facet that was not there yet.
    """
    members: dict[int, frozenset[int]] = {each.vis: frozenset(each.members) for each in backend.classes()}
    classes, of = np.unique(facets.vis, return_inverse=True)
    oldest = np.full(len(classes), np.iinfo(np.int64).max)
    np.minimum.at(oldest, of, facets.number)
    apart = np.zeros(len(facets), dtype=bool)
    for scope in np.unique(facets.scope).tolist():
        unseen = [number for vis, number in zip(classes.tolist(), oldest, strict=True) if vis not in members[scope]]
        apart |= (facets.scope == scope) & (facets.number > min(unseen, default=np.iinfo(np.int64).max))
    return apart


def put_scores(tx: Transaction, revision: int, made: Made) -> set[int]:
    """Let the scores stand that a run made, from a revision on; returns the classes of what changed."""
    members = {row.vis: frozenset(row.members) for row in tx.rows(ClassRow)}
    seen = {vis for vis in made.allowed if not members[vis]}  # facets are of these alone
    scope = tx.class_number("", "", seen)
    touched = _put_model(tx, revision, made.model, made.facets) if made.model is not None else set[int]()
    standing = {(row.eid, row.vis): row for row in _standing(tx, made)}
    gone = [row for key, row in standing.items() if made.is_whole and key not in made.facets]
    changed = [row for key, row in standing.items() if key in made.facets and _differs(row, made.facets[key])]
    end(tx, revision, [*gone, *changed])
    numbers, kept, fresh = count(tx.last_facet() + 1), list[FacetRow](), list[FacetRow]()
    wider = cache(lambda known: tx.class_number("", "", members[known] | seen))
    for key, (kind, forms) in sorted(made.facets.items()):
        row = standing.get(key)
        if row is None or _differs(row, made.facets[key]):
            fresh.append(FacetRow(next(numbers), *key[:1], kind, key[1], scope, forms, revision, LIVE))
        elif not members[row.scope] >= seen:
            kept.append(row._replace(scope=wider(row.scope)))
    tx.put(FacetRow, [*kept, *fresh])
    now = {key: row.fid for key, row in standing.items()} | {(row.eid, row.vis): row.fid for row in fresh}
    return touched | {row.vis for row in (*gone, *changed, *fresh)} | _put_pairs(tx, revision, made, now)


def _differs(row: FacetRow, made: tuple[int, str]) -> bool:
    return (row.kind, row.forms) != made


def _put_model(tx: Transaction, revision: int, model: str, facets: Collection[Key]) -> set[int]:
    """Let another model stand: all facets and pairs that were scored by the one before end.

    It is not kept if nothing was scored by either: then nothing is published, and the next revision would bring it.
    """
    ended = [row for row in tx.rows(FacetRow) if row.rev_to == LIVE]
    if not ended and not facets:
        return set()
    models = tx.rows(ModelRow)
    tx.put(ModelRow, [row._replace(rev_to=revision) for row in models if row.rev_to == LIVE])
    tx.put(ModelRow, [ModelRow(max((row.mid for row in models), default=0) + 1, model, revision, LIVE)])
    end(tx, revision, ended)
    return {row.vis for row in ended}


def _standing(tx: Transaction, made: Made) -> Iterable[FacetRow]:
    """The standing facets that the run saw: all, or those of entities that it compared or paired."""
    if made.is_whole:
        found: Sequence[FacetRow] = tx.rows(FacetRow)
    else:
        entities = {entity for entity, _ in made.facets}
        entities |= {entity for pair in made.pairs for entity, _ in (pair.one, pair.other)}
        found = tx.facets_of(sorted(entities))
    return (row for row in found if row.rev_to == LIVE and row.vis in made.allowed)


def _put_pairs(tx: Transaction, revision: int, made: Made, numbers: Mapping[Key, int]) -> set[int]:
    """Put the pairs that do not stand so; returns the classes of those who are shown something by them.

    What two facets weigh follows from them and the model. So a pair that is not made again stays: whoever made it saw
    more facets of the same entities, and for who sees less, a view leaves it out.
    """
    standing = [row for row in tx.pairs_of({numbers[key] for key in made.facets}) if row.rev_to == LIVE]
    before = {(row.fa, row.fb): row[2:8] for row in standing}
    touched, weak = set[int](), list[PairRow]()
    for start in range(0, len(made.pairs), _AT_ONCE):
        every = (_row(tx, pair, numbers, revision) for pair in made.pairs[start : start + _AT_ONCE])
        rows = [row for row in every if before.get((row.fa, row.fb)) != row[2:8]]
        tx.put(PairRow, rows)
        for row, shows in zip(rows, show_alone(rows).tolist(), strict=True):
            if shows:
                touched.add(row.vis)
            else:
                weak.append(row)
    return touched | _shown_together(tx, weak, {number: vis for (_, vis), number in numbers.items()})


def _shown_together(tx: Transaction, weak: Sequence[PairRow], mine: Mapping[int, int]) -> set[int]:
    """The classes of those to whom new pairs show something beside others of the same entities.

    `mine` has the class of each facet that the run saw, by number.
    """
    if not weak:
        return set()
    facets = tx.facets_of(sorted({entity for row in weak for entity in (row.a, row.b)}))
    vis = {**{each.fid: each.vis for each in facets}, **mine}
    new = {(row.fa, row.fb): row for row in weak}
    standing = {(row.fa, row.fb): row for row in tx.pairs_of([each.fid for each in facets]) if row.rev_to == LIVE}
    every, wanted = defaultdict[Ends, list[PairRow]](list), {ends(row) for row in weak}
    for row in (standing | new).values():
        if ends(row) in wanted:
            every[ends(row)].append(row)
    found = {classes for rows in every.values() for classes in shown_to(new, rows, vis)}
    return {min(each) if len(each) == 1 else tx.class_number("", "", each) for each in found}


def _row(tx: Transaction, pair: ScoredPair, numbers: Mapping[Key, int], revision: int) -> PairRow:
    (fa, one), (fb, other) = sorted((numbers[key], key) for key in (pair.one, pair.other))
    vis = one[1] if one[1] == other[1] else tx.class_number("", "", {one[1], other[1]})
    return PairRow(fa, fb, one[0], other[0], pair.kind, vis, pair.weights, int(pair.blocked), revision, LIVE)
