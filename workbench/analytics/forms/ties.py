"""Every tie as an edge."""

from functools import partial

import numpy as np

from workbench.analytics.forms.edges import Derivation, Edges, Index, Source
from workbench.analytics.forms.reasons import of_ties
from workbench.model.numbers import Place
from workbench.store.assembly import each_once
from workbench.view.patterns import Pairs, Pattern, joined, pair_codes, pairs_of


def ties_form(source: Source) -> Edges:
    """Every tie as an edge, without ties of entities that are set aside or left out."""
    snapshot = source.snapshot
    n = len(snapshot.nodes)
    off = source.set_aside | source.left_out
    off_rows = off[snapshot.a] | off[snapshot.b]
    off_rows[source.ties.find(Pattern(*each) for each in source.table.get("no_ties", ())).row] = True
    rows = np.flatnonzero(~off_rows)
    pairs = Pairs(snapshot.a[rows], snapshot.b[rows], rows)
    index = Index(joined([pairs, pairs.turned()]), n)

    def evidence(x: Place, y: Place) -> list[Derivation]:
        return [Derivation(((row,),), 0) for row in index.rows(x, y)]

    a, b = pairs_of(each_once(pair_codes(np.minimum(pairs.x, pairs.y), np.maximum(pairs.x, pairs.y), n)), n)
    place = np.where(source.left_out, -1, np.arange(n)).astype(np.int32)
    return Edges(a, b, rows, evidence, place, partial(of_ties, pairs, a, b, n))
