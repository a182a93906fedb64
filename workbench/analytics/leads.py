"""Leads: the pairs that most likely lack a tie, what each rests on, and what it would be without one agency."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from workbench.analytics.chances import GONE, NOTHING_TO_SAY, RECORDED, Chance
from workbench.analytics.engines.network import Float64
from workbench.analytics.lacking import Asked, Lacking, lacking
from workbench.analytics.links.features import Pairs
from workbench.analytics.links.learning import interval
from workbench.analytics.without_agency import agencies_to_drop
from workbench.model.numbers import Place
from workbench.store.columns import Int64
from workbench.view.access import forget
from workbench.view.asking import question
from workbench.view.view import View

_DIGITS = 6
_LEAST = 10.0**-_DIGITS  # nothing is less likely, or surer
_MOST_PATHS = 5  # of three steps, that are shown where nobody is between

Without = tuple[tuple[str, Chance], ...]


class Lead(NamedTuple):
    """A pair of nodes of the projection with its probability, the interval of that, and who is between."""

    a: Place
    b: Place
    probability: float
    low: float
    high: float
    contacts: tuple[Place, ...]


@dataclass(frozen=True)
class Leads:
    """The first leads, of how many candidates, and how many others are equal to the last."""

    leads: tuple[Lead, ...]
    candidates: int
    equals: int


def first_leads(found: Lacking, limit: int) -> Leads:
    """The likeliest pairs; none if there is nothing to say."""
    best = found.learnt.best(limit, found.tied)
    if best is None:
        return Leads((), 0, 0)
    return Leads(tuple(leads_of(found, best.pairs)), best.candidates, best.equals)


def leads_of(found: Lacking, pairs: Pairs) -> Iterator[Lead]:
    """The leads that some pairs of the network are."""
    trained = found.learnt.trained
    if trained is None:
        return
    said, (low, high) = found.probability(pairs), interval(trained, trained.standings(pairs))
    for n, (a, b) in enumerate(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)):
        one, other = (Place(int(found.nodes[each])) for each in (a, b))
        between = tuple(Place(int(found.nodes[each])) for each in shared_contacts(found, a, b))
        likely, least, most = (_told(float(each[n])) for each in (said, low, high))
        yield Lead(one, other, likely, least, most, between)


def _told(probability: float) -> float:
    """A probability as it is told: never 0, and never 1."""
    return min(max(round(probability, _DIGITS), _LEAST), 1 - _LEAST)


def shared_contacts(found: Lacking, a: int, b: int) -> list[int]:
    """The network's nodes that both are tied to."""
    mine, yours = (_around(found, each) for each in (a, b))
    both: list[int] = np.intersect1d(mine, yours).tolist()
    return both


def _around(found: Lacking, node: int) -> Int64:
    edges = found.network.structure
    return np.asarray(edges.indices[edges.indptr[node] : edges.indptr[node + 1]], np.int64)


def rows_of(found: Lacking, lead: Lead) -> set[int]:
    """The ties of the snapshot that a lead rests on: those to shared contacts, and to what else both have in common.

    Where nobody is between: those of the first paths of three steps; where there is none, those of both to anybody.
    """
    between = set[int]().union(*(found.projected.rows_between(*step) for step in _steps(found, lead)))
    return between.union(*(rows for _, _, rows in in_common_of(found, lead)))


def in_common_of(found: Lacking, lead: Lead) -> Iterator[tuple[str, Place, tuple[int, ...]]]:
    """What the two have in common that makes no tie: the kind, the thing, and the ties by which they came to it."""
    a, b = (int(np.searchsorted(found.nodes, end)) for end in (lead.a, lead.b))
    for name, each in found.circumstances.items():
        for thing, rows in each.shared(a, b):
            yield name, thing, rows


def _steps(found: Lacking, lead: Lead) -> list[tuple[Place, Place]]:
    if lead.contacts:
        return [(end, contact) for contact in lead.contacts for end in (lead.a, lead.b)]
    paths = paths_of_three(found, lead)
    if paths:
        return [step for x, y in paths for step in ((lead.a, x), (x, y), (y, lead.b))]
    ends = ((end, int(np.searchsorted(found.nodes, end))) for end in (lead.a, lead.b))
    return [(end, Place(int(found.nodes[each]))) for end, node in ends for each in _around(found, node)]


def paths_of_three(found: Lacking, lead: Lead) -> list[tuple[Place, Place]]:
    """The two between, on the first paths of three steps from one to the other."""
    a, b = (int(np.searchsorted(found.nodes, end)) for end in (lead.a, lead.b))
    yours, paths = _around(found, b), list[tuple[Place, Place]]()
    for x in _around(found, a).tolist():
        for y in np.intersect1d(_around(found, x), yours).tolist():
            paths.append((Place(int(found.nodes[x])), Place(int(found.nodes[y]))))
    return paths[:_MOST_PATHS]


@question
def without_agencies(view: View, asked: Asked, found: Lacking, leads: Sequence[Lead]) -> list[Without]:
    """For each lead, what is said of it in the view without each of the agencies."""
    agencies = agencies_to_drop(found.projected) if leads else ()
    told: list[list[tuple[str, Chance]]] = [[] for _ in leads]
    for agency in agencies:
        other = view.within([each for each in agencies if each != agency])
        for each, said in zip(told, probabilities(found, lacking(other, asked), leads), strict=True):
            each.append((agency, said))
        forget(other)
    return [tuple(each) for each in told]


def probabilities(found: Lacking, other: Lacking, leads: Sequence[Lead]) -> list[Chance]:
    """What is said of leads in another view of the same store. Of who is several there the best pair counts."""
    if not leads or other.learnt.trained is None or other.learnt.silent:
        return [NOTHING_TO_SAY for _ in leads]
    here = {place: node for node, place in enumerate(other.nodes.tolist())}
    union, own = found.projected.snapshot, other.projected.snapshot
    present = own.present
    of, at = union.places(present), own.places(present)
    several = [[here[x] for x in np.unique(at[of == end]).tolist() if x in here] for lead in leads for end in lead[:2]]
    return [_best_of(other, a, b) for a, b in zip(several[::2], several[1::2], strict=True)]


def _best_of(other: Lacking, a: Sequence[int], b: Sequence[int]) -> Chance:
    pairs = np.array([sorted((x, y)) for x in a for y in b if x != y], np.int64).reshape(-1, 2)
    if not len(pairs):
        return GONE
    low, high = pairs.T
    if np.isin(low * other.network.n + high, other.tied).any():
        return RECORDED
    said: Float64 = other.probability(Pairs.of(other.network, low, high))
    return _told(float(said.max()))
