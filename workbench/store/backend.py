"""The contract of a kind of store: a few primitives, on which views and everything else are built.

A backend is read only through views: `scope` is what a view may see, and every answer is filtered by it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.assembly import used_of
from workbench.store.columns import Base, Columns, Int64
from workbench.store.dump_rows import DocumentRow
from workbench.store.facet_values import FacetValues
from workbench.store.leasing import PATIENCE, Leases
from workbench.store.lookups import Lookups
from workbench.store.moving import Incoming, Outgoing, every
from workbench.store.scores import Facets, Scores
from workbench.store.search import Query
from workbench.store.steps import RecordTies, Shape, Steps
from workbench.store.transaction import Transaction
from workbench.store.types import Moment, Scope, SourcedRecord, VisibilityClass
from workbench.store.writing import Writer

T = TypeVar("T")


class Walks(ABC):
    """Walking along ties in the backend itself, for backends that do so faster than a snapshot can be taken."""

    @abstractmethod
    def shapes(self) -> Mapping[int, Shape]:
        """The shapes of ties by number."""

    @abstractmethod
    def ties_at(self, scope: Scope, entities: Sequence[Int64], shapes: Mapping[int, Shape]) -> Steps:
        """The steps from entities, by the store's numbers, along ties of these shapes; one query for each array."""

    @abstractmethod
    def said_of(self, scope: Scope, records: Sequence[int]) -> Mapping[int, RecordTies]:
        """The key, day and ties of records, by their numbers."""


class Backend(ABC):
    """One store of one kind. `url` is shown to people and holds no password.

    The caller of a method that writes for people holds the lease; each such write is one publication.
    """

    url: str
    leases: Leases[Any]
    walks: Walks | None = None

    @abstractmethod
    def close(self) -> None:
        """Close files and connections; the next call opens them again."""

    # -- what views read ------------------------------------------------------------------

    @abstractmethod
    def moment(self, revision: int) -> Moment:
        """Changes whenever access to standing records may have changed, or the revision with this number."""

    @abstractmethod
    def classes(self) -> Sequence[VisibilityClass]:
        """All classes of visibility, in order of their numbers."""

    @abstractmethod
    def published(self) -> int:
        """The number of the newest publication; 0 before the first."""

    @abstractmethod
    def publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        """The (number, token, time) of each publication that changed content of these classes, in order."""

    @abstractmethod
    def base(self, revision: int) -> Base:
        """The base columns of a revision, with the keys of its records; cached."""

    def columns(self, revision: int) -> Columns:
        """The base columns of a revision."""
        return self.base(revision).columns

    @abstractmethod
    def records_by_key(self, scope: Scope, keys: Sequence[str]) -> Sequence[SourcedRecord]:
        """Records by key, ordered by key."""

    @abstractmethod
    def markings_by_key(self, scope: Scope, keys: Sequence[str]) -> Mapping[str, Marking]:
        """The markings of records, by key, including records that ended before the revision."""

    @abstractmethod
    def records_about(self, scope: Scope, entities: Sequence[str]) -> Sequence[SourcedRecord]:
        """Records about these entities, ordered by key."""

    def kinds(self, scope: Scope) -> frozenset[tuple[int, str]]:
        """The class of visibility and the schema of every record; of those that are alike, once."""
        columns = self.columns(scope.revision)
        n, rows = len(columns.names), (columns.about, columns.ties)
        most = max(int(each.vis.max(initial=0)) for each in rows) + 1
        used = used_of(most * n, *(each.vis.astype(np.int64) * n + each.schema for each in rows))
        found = (divmod(each, n) for each in np.flatnonzero(used).tolist())
        return frozenset((vis, columns.names[schema]) for vis, schema in found if vis in scope.allowed)

    @abstractmethod
    def keys(self, scope: Scope) -> Iterator[tuple[str, str, str]]:
        """The (key, marking, agency) of every record, ordered by key."""

    @abstractmethod
    def keys_of(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        """The keys of these records, by number."""

    @abstractmethod
    def bodies(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        """The content of these records, by number, as `Record.content` returned it."""

    @abstractmethod
    def entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        """Dataset and source id behind entity ids that a view has already shown."""

    def documents(self, kind: str, name: str | None = None) -> Sequence[DocumentRow]:
        """All versions of the documents of a kind, of one name or all, in the order in which they are copied."""
        rows = every(self.outgoing(), DocumentRow)
        return [row for row in rows if row.kind == kind and name in (None, row.name)]

    @abstractmethod
    def find(self, scope: Scope, query: Query) -> Mapping[int, int]:
        """The entities with an indexed text that matches, or with a similar name: number -> rank (see `search`)."""

    @abstractmethod
    def scores(self, revision: int) -> Scores:
        """The scores of pairs that stand at a revision, of all classes; cached."""

    @abstractmethod
    def facets(self, scope: Scope) -> Facets:
        """The facets of a scope, as they stand there, for those who score pairs; ordered by number. Views show none."""

    @abstractmethod
    def forms(self, scope: Scope) -> Iterator[Mapping[int, str]]:
        """The forms of these facets, by number, some of them at a time."""

    @abstractmethod
    def forms_of(self, scope: Scope, entities: Sequence[int]) -> Mapping[int, str]:
        """The forms of those of these facets that are of some entities, by number."""

    @abstractmethod
    def shared(self, revision: int) -> FacetValues:
        """The values that facets of a revision, of all classes, hold under so many names that they are common; cached.

        Others may be among them that facets of other revisions hold. In order of values and facets.
        """

    @abstractmethod
    def holding(self, scope: Scope, values: Sequence[int]) -> FacetValues:
        """Some values, as facets of a scope hold them, in order of values and facets."""

    @abstractmethod
    def held_by(self, scope: Scope, facets: Sequence[int]) -> FacetValues:
        """The values of some facets of a scope, given by number, in order of values and facets."""

    def lookups(self, scope: Scope) -> Lookups | None:
        """Indexed questions in a scope; None if the backend has none, so that all is answered from base columns."""
        return None

    # -- what loads and people write --------------------------------------------------------

    @abstractmethod
    def refuse_writing(self) -> None:
        """StoreMismatch if a newer workbench has opened the store meanwhile, StoreError if it is a copy."""

    @abstractmethod
    def writer(self, *, agency: str, by: str, at: str, patience: float = PATIENCE) -> Writer:
        """Begin a load at a time (ISO, UTC); StoreBusy if the lease is not free within `patience` seconds."""

    @abstractmethod
    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do the work of a person's write, in one transaction of the only writer."""

    @abstractmethod
    def inside(self, tx: Transaction) -> "Backend":
        """The store as a transaction of its only writer leaves it, to be read before that is committed."""

    def find_by_values(self) -> None:
        """Let facets be found by their values, if they are not; StoreBusy if somebody else has the lease it takes."""
        return

    @abstractmethod
    def recompute_claims(self) -> int:
        """Recompute all claims; returns the number of records that have any."""

    @abstractmethod
    def demo_mark(self) -> str:
        """The mark that the demo puts on a store it made; "" in any other store and in copies."""

    @abstractmethod
    def mark_as_demo(self, mark: str) -> None:
        """Put the demo's mark on the store."""

    # -- moving -----------------------------------------------------------------------------

    @abstractmethod
    def outgoing(self) -> Outgoing:
        """Everything in the store, as the source of a copy."""

    @abstractmethod
    def incoming(self, patience: float = PATIENCE) -> Incoming:
        """The store as the target of a copy; StoreBusy as for a load."""
