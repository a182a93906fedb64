"""What the records of each class say about each entity of a view: what those who score pairs compare.

Numbers of entities and classes are the store's. They go back into the store with the scores, and are shown to nobody.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.model.ontology import ontology
from workbench.model.record import said_in
from workbench.store.columns import Bool, Columns, Int64
from workbench.store.scores import HELD, Facets
from workbench.store.scoring import not_compared_with_older, secret_of, standing_model
from workbench.view.access import answer
from workbench.view.adjacency import ranges
from workbench.view.patterns import Pattern, TieIndex, pair_codes, pairs_of
from workbench.view.snapshot import recorded
from workbench.view.view import View

# What has a holder whom it helps to recognise: the schema of a tie, the role of the holder, that of the thing.
HOLDING = (
    Pattern("Holding", "holder", "held"),
    Pattern("Residence", "resident", "place"),
    Pattern("LegalEntity", "", "addressEntity"),
)
_AT_ONCE = 10_000


class Facet(NamedTuple):
    """An entity and a class of records that say something about it, by the store's numbers."""

    entity: int
    vis: int


class Spoken(NamedTuple):
    """What a record says of a facet: its schema, and the values of its properties, cleaned where they could be."""

    facet: Facet
    schema: str
    values: Mapping[str, Sequence[str]]


class Claimed(NamedTuple):
    """An identifier that a facet claims; see `workbench.model.claims`."""

    facet: Facet
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Before:
    """What was scored before, as far as a view sees it.

    - `allowed`: the classes that it sees.
    - `facets`: those that stand; `apart` is a mask of those that were not compared with all older ones.
    - `model`: as it is kept, "" without any; `secret`: the key of the store's hashes.
    """

    allowed: Sequence[int]
    facets: Facets
    apart: Bool
    model: str
    secret: str


@answer
def scored_before(view: View) -> Before:
    """What was scored before, for those who score pairs again."""
    backend, scope = view._backend, view._scope()
    facets = backend.facets(scope)
    return Before(
        scope.allowed, facets, not_compared_with_older(backend, facets), standing_model(backend), secret_of(backend)
    )


@answer
def forms_before(view: View) -> Iterator[Mapping[int, str]]:
    """The forms of all facets that stand, by number, some at a time, for those who score pairs again."""
    yield from view._backend.forms(view._scope())


@answer
def forms_before_of(view: View, entities: Int64) -> Mapping[int, str]:
    """The forms of the facets of some entities that stand, by number; likewise."""
    return view._backend.forms_of(view._scope(), entities.tolist())


@answer
def model_before(view: View) -> str:
    """The model by which pairs are scored, as it is kept, for those who score pairs again; "" without any."""
    return standing_model(view._backend)


@answer
def facets_of(view: View, schemata: Sequence[str]) -> Int64:
    """All facets of entities that a record of their class says to be of one of some schemata, or what extends them.

    A row for each, of entity and class.
    """
    columns, numbers = view._columns(), view._numbers()
    rows = columns.about.take(_of_schemata(columns, schemata)[columns.about.schema])
    n = len(numbers.classes)
    entity, vis = pairs_of(np.unique(pair_codes(rows.entity, rows.vis, n)), n)
    return np.column_stack([numbers.entities[entity], np.array(numbers.classes, dtype=np.int64)[vis]]).astype(np.int64)


@answer
def spoken(view: View, facets: Collection[Facet]) -> Iterator[Spoken]:
    """What the records about facets say, and of the things that their class ties to them."""
    columns = view._columns()
    wanted = _mask(view, facets)
    about = columns.about.take(wanted.of(columns.about.entity, columns.about.vis))
    places = np.column_stack([about.entity, about.vis, about.record])
    yield from _said(view, places, places[:, 0])
    holder, thing, vis = _held(columns)
    kept = wanted.of(holder, vis)
    yield from _said(view, *_about_things(columns, holder[kept], thing[kept], vis[kept]))


@answer
def claimed(view: View, facets: Collection[Facet]) -> Iterator[Claimed]:
    """The identifiers of facets, and those of things that their class ties to them."""
    columns, wanted = view._columns(), _mask(view, facets)
    claims = columns.claims
    own = claims.take(wanted.of(claims.entity, claims.vis))
    yield from _claims(view, own.entity, own.vis, own.kind, own.value)
    holder, thing, vis = _held(columns)
    kept = wanted.of(holder, vis)
    rows, of = _beside(claims.entity, claims.vis, thing[kept], vis[kept])
    found = claims.at(rows)
    yield from _claims(view, holder[kept][of], found.vis, found.kind, found.value)


class _Mask(NamedTuple):
    """Which entities and classes are wanted, by the view's numbers."""

    codes: Int64
    classes: int

    def of(self, entity: NDArray[np.integer[Any]], vis: NDArray[np.integer[Any]]) -> Bool:
        """Whether each of these is wanted."""
        return np.isin(pair_codes(entity, vis, self.classes), self.codes)


def _mask(view: View, facets: Collection[Facet]) -> _Mask:
    numbers = view._numbers()
    place = {int(vis): number for number, vis in enumerate(numbers.classes)}
    every = np.array([(each.entity, place.get(each.vis, -1)) for each in facets], dtype=np.int64).reshape(-1, 2)
    entity = numbers.of_entities(every[:, 0]).astype(np.int64)
    here = (entity >= 0) & (every[:, 1] >= 0)
    classes = max(len(numbers.classes), 1)
    return _Mask(pair_codes(entity[here], every[here, 1], classes), classes)


def _of_schemata(columns: Columns, schemata: Sequence[str]) -> Bool:
    known = ontology()
    return np.array(
        [n in known.schemata and any(known.is_a(n, each) for each in schemata) for n in columns.names] or [False]
    )


def _held(columns: Columns) -> tuple[Int64, Int64, Int64]:
    """The (holder, thing, class) of all ties to things that help to recognise their holders."""
    ties = columns.ties
    every = TieIndex(recorded(columns)).find(HOLDING)
    held = every.take(every.x != every.y)
    return held.x.astype(np.int64), held.y.astype(np.int64), ties.vis[held.row].astype(np.int64)


def _about_things(columns: Columns, holder: Int64, thing: Int64, vis: Int64) -> tuple[Int64, Int64]:
    """The (thing, class, record) of the records of one class about things, and the holder of each."""
    about = columns.about.take(_of_schemata(columns, HELD)[columns.about.schema])
    rows, of = _beside(about.entity, about.vis, thing, vis)
    return np.column_stack([about.entity[rows], about.vis[rows], about.record[rows]]), holder[of]


def _beside(
    entity: NDArray[np.integer[Any]], vis: NDArray[np.integer[Any]], thing: Int64, its_vis: Int64
) -> tuple[Int64, Int64]:
    """The rows that are about some things in some classes, and for each the index of the thing."""
    classes = int(max(vis.max(initial=0), its_vis.max(initial=0))) + 1
    codes, wanted = pair_codes(entity, vis, classes), pair_codes(thing, its_vis, classes)
    order = np.argsort(codes, kind="stable")
    rows, of = ranges(*(np.searchsorted(codes[order], wanted, side=side) for side in ("left", "right")))
    return order[rows].astype(np.int64), of.astype(np.int64)


def _said(view: View, rows: Int64, entities: Int64) -> Iterator[Spoken]:
    """What records say: rows of (entity, class, record), and the entity of which each is said."""
    numbers = view._numbers()
    for start in range(0, len(rows), _AT_ONCE):
        some, whose = rows[start : start + _AT_ONCE], entities[start : start + _AT_ONCE]
        theirs = numbers.records[some[:, 2]].tolist()
        bodies = view._backend.bodies(view._scope(), theirs)
        for entity, vis, record in zip(numbers.entities[whose].tolist(), some[:, 1].tolist(), theirs, strict=True):
            schema, said = said_in(bodies[record])
            values = {name: [v.original if v.value is None else v.value for v in of] for name, of in said.items()}
            yield Spoken(Facet(entity, numbers.classes[vis]), schema, values)


def _claims(
    view: View,
    entity: NDArray[np.integer[Any]],
    vis: NDArray[np.integer[Any]],
    kind: NDArray[np.integer[Any]],
    value: NDArray[np.integer[Any]],
) -> Iterator[Claimed]:
    columns, numbers = view._columns(), view._numbers()
    texts = columns.values[value.astype(np.int64)].tolist() if len(value) else []
    rows = zip(numbers.entities[entity].tolist(), vis.tolist(), kind.tolist(), texts, strict=True)
    for holder, of, number, text in rows:
        yield Claimed(Facet(holder, numbers.classes[of]), columns.names[number], text)
