"""Projections: a view as nodes and edges. These two words are used nowhere else.

Nodes are positions in the view's snapshot, which is ordered by canonical id. Edges are pairs of
nodes, without duplicates. `projections.toml` defines what makes an edge; edges are computed on whole
arrays, and `edges.evidence` gives the ties of the snapshot behind any edge.
"""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from workbench.analytics.forms import FORMS, Derivation, Edges, Source
from workbench.analytics.outsiders import outsiders
from workbench.analytics.sources import Float64, Said, said_by
from workbench.analytics.weights import COUNTED, TIES, leg_weight, weighed
from workbench.errors import NotFound, UsageError
from workbench.model.numbers import Place
from workbench.resolve.common import CommonValue, common_values
from workbench.store.assembly import each_once
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.adjacency import Csr
from workbench.view.asking import question
from workbench.view.patterns import TieIndex
from workbench.view.snapshot import Snapshot
from workbench.view.view import View


class Ends(NamedTuple):
    """The ends of edges."""

    a: Int32
    b: Int32


@dataclass(frozen=True)
class Bare:
    """The edges of a projection alone, between some of the positions from 0 to `size`."""

    size: int
    directed: bool
    edges: Ends

    @cached_property
    def nodes(self) -> Int32:
        """The positions of all nodes with an edge, in order."""
        return each_once(np.concatenate([self.edges.a, self.edges.b]))

    @property
    def adjacency(self) -> csr_array:
        """The edges as a matrix over positions, in both directions if undirected; neighbours are in order."""
        a, b = self.edges
        ends = (a, b) if self.directed else (np.concatenate([a, b]), np.concatenate([b, a]))
        return csr_array((np.ones(len(ends[0]), np.float64), ends), shape=(self.size, self.size))


@dataclass(frozen=True)
class Projection:
    """A view as a graph; edges are between positions `a`, `b` in the snapshot, with a < b if undirected."""

    name: str
    form: str
    snapshot: Snapshot
    edges: Edges
    set_aside: tuple[CommonValue, ...]
    read: Callable[[Int64, str], Said]  # what some records say, kept in the view under a name

    @cached_property
    def said(self) -> Said:
        """The source and the weight of each record behind an edge; the records are read once in a view."""
        records = self.records(self.edges.rows).astype(np.int64)
        return self.read(records, sha256(records.tobytes()).hexdigest())

    @cached_property
    def weights(self) -> Float64:
        """The weight of each edge, over 0 and up to 1: see `workbench.analytics.weights`."""
        record = self.snapshot.record.astype(np.int64)
        return weighed(self.edges.reasons(), self.said, record, len(self.edges.a))

    def weight_of(self, way: Derivation) -> float:
        """The weight of one derivation: that of its weakest leg."""
        return min(map(self._weight_of_leg, way.legs))

    def _weight_of_leg(self, rows: tuple[int, ...]) -> float:
        records = self.snapshot.record[list(rows)].astype(np.int64)
        return leg_weight(self.said, self.said.places(records))

    def weights_as(self, ties_as: str) -> Float64 | None:
        """The weight of each edge, or None if ties are to be counted; UsageError unless `ties_as` is one of `TIES`."""
        if ties_as not in TIES:
            raise UsageError(f"ties are {' or '.join(TIES)}: not {ties_as!r}", "ties_as")
        return None if ties_as == COUNTED else self.weights

    @property
    def directed(self) -> bool:
        """Whether edges lead from a to b only."""
        return self.form == "flow"

    @property
    def shows_each_tie(self) -> bool:
        """Whether each reason for an edge is a tie of its own."""
        return self.form != "shared"

    @cached_property
    def _bare(self) -> Bare:
        return Bare(len(self.snapshot.nodes), self.directed, Ends(self.edges.a, self.edges.b))

    @property
    def nodes(self) -> Int32:
        """The positions of all nodes with an edge, in order."""
        return self._bare.nodes

    @cached_property
    def adjacency(self) -> csr_array:
        """The edges as a matrix over positions, in both directions if undirected; neighbours are in order."""
        return self._bare.adjacency

    @property
    def neighbours(self) -> Csr:
        """The adjacency in the form for walks; ties are indices of the matrix's entries."""
        adjacency = self.adjacency
        return Csr(adjacency.indptr, adjacency.indices, np.arange(len(adjacency.indices), dtype=np.int32))

    def node(self, entity: str) -> Place:
        """The node for an entity; NotFound if it is not in the view, UsageError if it is not in the projection."""
        position = self.snapshot.position(entity)
        if position < 0:
            raise NotFound("entity", entity, "entity")
        node = Place(int(self.edges.place[position]))
        if node < 0:
            schema = self.snapshot.schemata[position]
            raise UsageError(f"{entity} ({schema}) is not in the projection {self.name!r}: try `all`", "projection")
        return node

    def rows_between(self, a: Place, b: Place) -> set[int]:
        """The ties of the snapshot behind the edges between two nodes, in either direction."""
        ends = ((a, b), (b, a)) if self.directed else ((a, b),)
        return {row for x, y in ends for way in self.edges.evidence(x, y) for row in way.rows}

    def keys(self, rows: Iterable[int]) -> tuple[str, ...]:
        """The keys of the records behind some ties of the snapshot, sorted."""
        return self.snapshot.keys(_array(rows))

    def records(self, rows: Iterable[int]) -> Int32:
        """The numbers of the records behind some ties of the snapshot, in order."""
        return each_once(self.snapshot.record[_array(rows)])


def _array(rows: Iterable[int]) -> Int32:
    return rows.astype(np.int32) if isinstance(rows, np.ndarray) else np.fromiter(rows, dtype=np.int32)


Drawn = Bare | Projection


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("projections.toml").read_text("utf-8"))


def projection_names() -> tuple[str, ...]:
    """The names of all projections, sorted."""
    return tuple(sorted(_tables()))


def has_every_tie(name: str) -> bool:
    """Whether a projection's edges are the view's ties, so that the view itself can walk it."""
    return str(_table(name)["form"]) == "ties"


def circumstances_of(name: str) -> dict[str, Any]:
    """By which ways two nodes of a projection may come to the same thing, by kind; see `projections.toml`."""
    found: dict[str, Any] = _table(name).get("circumstances", {})
    return found


@question
def positions_of(view: View, name: str, count_common: bool) -> Projection:
    """The projection for positions: without outsiders."""
    return _project(view, name, _table(name)["form"], _source(view, name, count_common, outsiders(view), ()))


@question
def learnt_from(view: View, name: str, count_common: bool) -> Projection:
    """The projection for predictions: that for positions, without ties that say where somebody lives."""
    table = _table(name)
    shared = [each for each in table.get("shared", ()) if each not in table.get("homes", ())]
    source, common = _source(view, name, count_common, outsiders(view), ())
    without = replace(source, table={**table, "shared": shared, "no_ties": table.get("homes", ())})
    return _project(view, name, table["form"], (without, common))


@question
def everyone(view: View, name: str, count_common: bool, ends: Sequence[str] = ()) -> Projection:
    """The projection for paths: with outsiders, and with common values among `ends`."""
    nobody = np.zeros(len(view.snapshot().nodes), bool)
    form = _table(name).get("form_of_paths", _table(name)["form"])
    return _project(view, name, form, _source(view, name, count_common, nobody, ends))


def _table(name: str) -> dict[str, Any]:
    if name not in projection_names():
        raise UsageError(f"no projection {name!r}: one of {', '.join(projection_names())}", "projection")
    table: dict[str, Any] = _tables()[name]
    return table


def _project(view: View, name: str, form: str, source_and_common: tuple[Source, tuple[CommonValue, ...]]) -> Projection:
    source, common = source_and_common
    return Projection(name, source.table["form"], source.snapshot, FORMS[form](source), common, partial(said_by, view))


def _source(
    view: View, name: str, count_common: bool, left_out: Bool, ends: Sequence[str]
) -> tuple[Source, tuple[CommonValue, ...]]:
    """The input of a form, and the common values that are set aside."""
    snapshot = view.snapshot()
    common = () if count_common else common_values(view)
    set_aside = np.zeros(len(snapshot.nodes), dtype=bool)
    set_aside[[snapshot.position(value.entity) for value in common if value.entity]] = True
    set_aside[[position for position in map(snapshot.position, ends) if position >= 0]] = False
    return Source(snapshot, TieIndex(snapshot), set_aside, left_out, _table(name)), common
