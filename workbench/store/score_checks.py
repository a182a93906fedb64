"""Whether facets and pairs are right; and the deletion of those that are not: they can be scored again."""

from collections.abc import Collection

from workbench.store.backend import Backend
from workbench.store.dump_rows import AnyRow, ClassRow, EntityRow, FacetRow, PairRow, part_of
from workbench.store.health import Check
from workbench.store.leasing import PATIENCE
from workbench.store.moving import Outgoing
from workbench.store.scores import COMPARISONS
from workbench.store.transaction import Transaction

_WEIGHTS = 2 * len(COMPARISONS)  # in bytes
_REPAIR = "run `workbench doctor --repair`, which deletes them; `workbench resolve` scores them again"
_PARTS = tuple(map(part_of, (ClassRow, EntityRow, FacetRow, PairRow)))


class ScoreChecks:
    """Looks at the rows of a store in the order of parts, and collects the facets and pairs that are not right."""

    def __init__(self) -> None:
        self._classes: dict[int, frozenset[int]] = {}
        self._entities = set[int]()
        self._facets: dict[int, FacetRow] = {}
        self.n = 0  # pairs
        self.facets: dict[int, int] = {}  # those that are not right, and their classes
        self.pairs: dict[tuple[int, int], int] = {}

    def look(self, row: AnyRow) -> None:
        """Look at a row; those of other kinds say nothing."""
        if isinstance(row, ClassRow):
            self._classes[row.vis] = frozenset(row.members) or frozenset({row.vis})
        elif isinstance(row, EntityRow):
            self._entities.add(row.eid)
        elif isinstance(row, FacetRow):
            self._facets[row.fid] = row._replace(forms="")
            if row.eid not in self._entities or row.vis not in self._classes or row.rev_from >= row.rev_to:
                self.facets[row.fid] = row.vis
        elif isinstance(row, PairRow):
            self.n += 1
            if not self._is_right(row):
                self.pairs[row.fa, row.fb] = row.vis

    def _is_right(self, pair: PairRow) -> bool:
        one, other = self._facets.get(pair.fa), self._facets.get(pair.fb)
        return (
            one is not None
            and other is not None
            and not self.facets.keys() & {pair.fa, pair.fb}
            and pair.fa < pair.fb
            and {(one.eid, one.kind), (other.eid, other.kind)} == {(pair.a, pair.kind), (pair.b, pair.kind)}
            and self._classes.get(pair.vis) == self._classes[one.vis] | self._classes[other.vis]
            and len(pair.weights) == _WEIGHTS
            and max(one.rev_from, other.rev_from) <= pair.rev_from < pair.rev_to <= min(one.rev_to, other.rev_to)
        )

    def check(self, unreadable: Collection[str]) -> Check:
        """The result, if these parts could not be read."""
        if not set(unreadable).isdisjoint(_PARTS):
            return Check("scores", "unknown", "what they rest on can't be read")
        if self.facets or self.pairs:
            found = f"not right: {len(self.facets)} facets, {len(self.pairs)} pairs"
            return Check("scores", "failed", found, _REPAIR)
        return Check("scores", "ok", f"as they were compared: {len(self._facets)} facets, {self.n} pairs")


def looked_at(outgoing: Outgoing) -> ScoreChecks:
    """All facets and pairs of the newest publication, looked at."""
    checks, stamp = ScoreChecks(), outgoing.stamp()
    for part in _PARTS:
        for rows, _ in outgoing.batches(part, 0, stamp):
            for row in rows:
                checks.look(row)
    return checks


def repair_scores(backend: Backend) -> None:
    """Delete the facets and pairs that are not right; StoreBusy while somebody writes, if there are any."""
    found = looked_at(backend.outgoing())
    if not (found.facets or found.pairs):
        return
    with backend.leases.held(PATIENCE):
        backend.refuse_writing()
        wrong = looked_at(backend.outgoing())
        backend.write(lambda tx: _drop(tx, wrong))


def _drop(tx: Transaction, wrong: ScoreChecks) -> None:
    tx.drop_pairs(list(wrong.pairs))
    tx.drop_facets(list(wrong.facets))
    classes = {*wrong.facets.values(), *wrong.pairs.values()}
    tx.begin_epoch(classes & {each.vis for each in tx.rows(ClassRow)})
