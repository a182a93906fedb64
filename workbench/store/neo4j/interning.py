"""Numbers for datasets, visibility classes and shapes of ties.

Only the holder of the lease assigns numbers, so no second query is needed; each is written in the
transaction that first uses it. The shapes are also the registered list of a store's relationship types.
"""

from collections.abc import Callable, Iterable
from typing import Any, LiteralString, TypeVar

from neo4j import ManagedTransaction

from workbench.model.marking import Marking, parse_marking
from workbench.model.ontology import ontology
from workbench.model.record import Dataset, Record
from workbench.store.neo4j.connection import LONGEST, Database, rows
from workbench.store.neo4j.lease import Lease
from workbench.store.steps import Shape

# A server never forgets a relationship type: sources may add this many, other ties get types of the ontology.
_MOST_TYPES = 1_000

_CLASSES: LiteralString = "MATCH (c:VisibilityClass) RETURN c.vis, c.agency, c.marking, c.members ORDER BY c.vis"
_ADD_CLASS: LiteralString = """
MERGE (c:VisibilityClass {vis: $vis}) SET c.agency = $agency, c.marking = $marking, c.members = $members
"""
_DATASETS: LiteralString = "MATCH (d:Dataset) RETURN d.did, d.agency, d.name"
_ADD_DATASET: LiteralString = "MERGE (d:Dataset {did: $did}) SET d.agency = $agency, d.name = $name"
_SHAPES: LiteralString = """
MATCH (s:Shape) RETURN s.shape, s.schema, s.role_a, s.role_b, s.type, s.forward ORDER BY s.shape
"""
_ADD_SHAPE: LiteralString = """
MERGE (s:Shape {shape: $shape})
SET s.schema = $schema, s.role_a = $role_a, s.role_b = $role_b, s.type = $type, s.forward = $forward
"""


T = TypeVar("T")
Written = tuple[LiteralString, dict[str, Any]]


def shapes(database: Database) -> dict[int, Shape]:
    """All shapes by number."""
    return {number: Shape(*rest) for number, *rest in database.read(_SHAPES)}


def datasets(database: Database) -> dict[int, Dataset]:
    """All datasets by number."""
    return {did: Dataset(agency, name) for did, agency, name in database.read(_DATASETS)}


def write(tx: ManagedTransaction, new: Iterable[Written]) -> None:
    """Write newly assigned numbers."""
    for statement, parameters in new:
        rows(tx, statement, **parameters)


class Terms:
    """The numbers that one writer knows and assigns."""

    def __init__(self, database: Database) -> None:
        self._new: list[Written] = []
        self._of_step: list[Written] = []  # kept, as a step may be repeated
        self._datasets = {each: did for did, each in datasets(database).items()}
        self._known = frozenset(self._datasets)
        self._classes: dict[tuple[str, str, tuple[int, ...]], int] = {}
        self._markings: dict[int, Marking] = {}
        for vis, agency, marking, members in database.read(_CLASSES):
            self._keep(vis, agency, marking, tuple(members))
        self.shapes = shapes(database)
        self._shapes = {each: number for number, each in self.shapes.items()}
        self._drawn: dict[tuple[str, str, str, str, object], int] = {}

    def step(self, lease: Lease, work: Callable[[ManagedTransaction], T], limit: float = LONGEST) -> T:
        """Do the work as a step of the lease, and write new numbers in the same transaction."""
        self._of_step = self.new()

        def with_terms(tx: ManagedTransaction) -> T:
            result = work(tx)
            self.write_new(tx)
            return result

        return lease.step(with_terms, limit=limit)

    def write_new(self, tx: ManagedTransaction) -> None:
        """Write, in a step, all numbers that are new in it: those that its work assigned too."""
        self._of_step.extend(self.new())
        write(tx, self._of_step)

    def new(self) -> list[Written]:
        """Take the numbers that are not written yet; the caller must write them."""
        new, self._new = self._new, []
        return new

    def dataset(self, dataset: Dataset) -> int:
        """The number of a dataset."""
        did = self._datasets.get(dataset)
        if did is None:
            did = max(self._datasets.values(), default=0) + 1
            self._new.append((_ADD_DATASET, {"did": did, "agency": dataset.agency, "name": dataset.name}))
            self._datasets[dataset] = did
        return did

    def is_new(self, dataset: Dataset) -> bool:
        """Whether the store did not know a dataset before this writer."""
        return dataset not in self._known

    def vis(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        """The number of a class: a marking of an agency, or a conjunction of classes."""
        of = (agency, marking, tuple(sorted(set(members))))
        vis = self._classes.get(of)
        if vis is None:
            vis = max(self._classes.values(), default=0) + 1
            row = {"vis": vis, "agency": agency, "marking": marking, "members": list(of[2])}
            self._new.append((_ADD_CLASS, row))
            self._keep(vis, *of)
        return vis

    def _keep(self, vis: int, agency: str, marking: str, members: tuple[int, ...]) -> None:
        self._classes[agency, marking, members] = vis
        if marking:
            self._markings[vis] = parse_marking(marking)

    def marking(self, vis: int) -> Marking:
        """The marking of a class that is not a conjunction."""
        return self._markings[vis]

    def shape(self, record: Record, a: str, b: str) -> int:
        """The number of the shape of a record's tie between two of its roles.

        A pair of equal roles is not a tie, and the graph does not draw it.
        """
        said = (record.schema, a, b, record.tie_type, record.tie_ends)
        number = self._drawn.get(said)
        if number is None:
            number = self._drawn[said] = self._number(self._shape(record, a, b))
        return number

    def _shape(self, record: Record, a: str, b: str) -> Shape:
        if a == b:
            return Shape(record.schema, a, b)
        arrow = record.arrow(a, b)
        types = {each.type for each in self._shapes}
        if arrow.type not in types and len(types) >= _MOST_TYPES:
            arrow = ontology().arrow(record.schema, a, b)
        return Shape(record.schema, a, b, arrow.type, arrow.forward)

    def _number(self, shape: Shape) -> int:
        number = self._shapes.get(shape)
        if number is None:
            number = max(self._shapes.values(), default=0) + 1
            self._new.append((_ADD_SHAPE, {"shape": number, **shape._asdict()}))
            self._shapes[shape], self.shapes[number] = number, shape
        return number
