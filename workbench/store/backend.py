"""What a kind of store has to do: few primitives; views, and all that is derived, stand on them.

Nobody reads a backend but through a view: `scope` is what a view may see, and every answer is filtered by it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.columns import Columns, Int64
from workbench.store.leasing import PATIENCE, Leases
from workbench.store.moving import Incoming, Outgoing
from workbench.store.steps import RecordTies, Shape, Steps
from workbench.store.transaction import Transaction
from workbench.store.types import Moment, Scope, SourcedRecord, VisibilityClass
from workbench.store.writing import Writer

T = TypeVar("T")


class Walks(ABC):
    """What a backend can do that walks along ties sooner than a snapshot is taken."""

    @abstractmethod
    def shapes(self) -> Mapping[int, Shape]:
        """The shapes of ties by number."""

    @abstractmethod
    def ties_at(self, scope: Scope, entities: Sequence[Int64], shapes: Mapping[int, Shape]) -> Steps:
        """The steps from entities, by the store's numbers, along ties of these shapes; each part is a question."""

    @abstractmethod
    def said_of(self, scope: Scope, records: Sequence[int]) -> Mapping[int, RecordTies]:
        """What records say, by their numbers."""


class Backend(ABC):
    """One store of one kind. `url` is shown to people: it holds no password.

    What writes for people runs under the lease, which the caller holds; each is one publication.
    """

    url: str
    leases: Leases[Any]
    walks: Walks | None = None

    @abstractmethod
    def close(self) -> None:
        """Give back files and connections; who asks again gets new ones."""

    # -- what views read ------------------------------------------------------------------

    @abstractmethod
    def moment(self, revision: int) -> Moment:
        """Another one whenever access to standing records may have changed, or the revision of this number."""

    @abstractmethod
    def classes(self) -> Sequence[VisibilityClass]:
        """All classes of visibility, in order of their numbers."""

    @abstractmethod
    def published(self) -> int:
        """The number of the newest publication; 0 before the first."""

    @abstractmethod
    def publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        """(number, token, time) of those that changed content of these classes, in order."""

    @abstractmethod
    def columns(self, revision: int) -> Columns:
        """The base columns of a revision, cached."""

    @abstractmethod
    def records_by_key(self, scope: Scope, keys: Sequence[str]) -> Sequence[SourcedRecord]:
        """Records by key, ordered by key."""

    @abstractmethod
    def markings_by_key(self, scope: Scope, keys: Sequence[str]) -> Mapping[str, Marking]:
        """Markings of records by key, those too that stand no more at the revision."""

    @abstractmethod
    def records_about(self, scope: Scope, entities: Sequence[str]) -> Sequence[SourcedRecord]:
        """Records about these entities, ordered by key."""

    @abstractmethod
    def keys(self, scope: Scope) -> Iterator[tuple[str, str, str]]:
        """(key, marking, agency) of every record, ordered by key."""

    @abstractmethod
    def keys_of(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        """Keys of these records."""

    @abstractmethod
    def entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        """Dataset and source id behind entity ids that a view has already shown."""

    @abstractmethod
    def find(self, scope: Scope, forms: Sequence[str]) -> Mapping[int, int]:
        """The rank (`store.search`), by number, of entities with an indexed text that answers one of these forms."""

    # -- what loads and people write --------------------------------------------------------

    @abstractmethod
    def refuse_writing(self) -> None:
        """StoreMismatch if a newer workbench has opened it meanwhile, StoreError for a copy."""

    @abstractmethod
    def writer(self, *, agency: str, by: str, at: str, patience: float = PATIENCE) -> Writer:
        """Begin a load, at a time (ISO, UTC); StoreBusy if the lease can't be had in so many seconds."""

    @abstractmethod
    def write(self, work: Callable[[Transaction], T]) -> T:
        """Do what people write, in one transaction of the only writer."""

    @abstractmethod
    def recompute_claims(self) -> int:
        """Compute all claims again; how many records have any."""

    @abstractmethod
    def demo_mark(self) -> str:
        """The mark that the demo gave to a store that it made; "" in any other. No copy has it."""

    @abstractmethod
    def mark_as_demo(self, mark: str) -> None:
        """Give the store the mark of the demo."""

    # -- moving -----------------------------------------------------------------------------

    @abstractmethod
    def outgoing(self) -> Outgoing:
        """All that is in the store, for a copy of it."""

    @abstractmethod
    def incoming(self, patience: float = PATIENCE) -> Incoming:
        """The store as one that is made a copy; StoreBusy as for a load."""
