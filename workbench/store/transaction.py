"""The contract for a transaction of a store's only writer: a few primitives over neutral rows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from workbench.model.marking import Marking
from workbench.store.decided import Decided, Mark, Marked
from workbench.store.dump_rows import FacetRow, PairRow, RevisionRow

R = TypeVar("R", bound=tuple[Any, ...])
X = TypeVar("X", bound="Transaction")


class OfSource(NamedTuple):
    """A record that a decision on markings may apply to."""

    key: bytes
    source_id: str
    agency: str
    record: Marked


class Transaction(ABC):
    """One transaction. It may be repeated from the start, so work in it must have no other effects."""

    @abstractmethod
    def published(self) -> int:
        """The number of the newest publication."""

    @abstractmethod
    def publish(self, revision: RevisionRow) -> None:
        """Make a revision the newest publication."""

    @abstractmethod
    def class_number(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        """The number of a class of visibility; a new class gets the next number."""

    @abstractmethod
    def marking_of(self, vis: int) -> Marking:
        """The marking of a class that is not a conjunction."""

    # -- small parts --------------------------------------------------------------------------

    @abstractmethod
    def rows(self, kind: type[R]) -> Sequence[R]:
        """All rows of a small kind, in the order in which they are copied."""

    @abstractmethod
    def put(self, kind: type[R], rows: Sequence[R]) -> None:
        """Write rows of judgements, common values, documents, loads, revisions or decisions on markings.

        A row replaces the one with the same key.
        """

    @abstractmethod
    def versions(self, kind: str, name: str, by: str) -> int:
        """The newest version of a document; 0 before the first."""

    # -- records ------------------------------------------------------------------------------

    @abstractmethod
    def classes_of(self, keys: Sequence[str]) -> Mapping[str, Collection[int]]:
        """The classes of all records with these keys, standing or not; empty for a key without a record."""

    @abstractmethod
    def of_sources(self, sources: Sequence[bytes]) -> Iterable[OfSource]:
        """All records with these first halves of keys."""

    @abstractmethod
    def decided(self, subjects: Sequence[bytes]) -> Mapping[bytes, Decided]:
        """People's decisions on these subjects."""

    @abstractmethod
    def placed(self, records: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        """The (dataset number, class) of records, by record number."""

    @abstractmethod
    def ask(self, marks: Mapping[int, Mark]) -> None:
        """Store the classes that deliveries ask for; the records' own classes stay as they are."""

    @abstractmethod
    def move(self, classes: Mapping[int, int]) -> None:
        """Set the classes of records and of all that is derived from them."""

    @abstractmethod
    def spans(self) -> Iterable[tuple[int, int, int]]:
        """The (first revision, end revision, class) of all records and facets that ever stood, without duplicates."""

    # -- scores -----------------------------------------------------------------------------------

    def has_facets(self) -> bool:
        """Whether there is any facet."""
        return self.last_facet() > 0

    @abstractmethod
    def last_facet(self) -> int:
        """The highest number of a facet; 0 before the first."""

    @abstractmethod
    def said_at(self, revision: int) -> Collection[tuple[int, int]]:
        """The (entity, class) of all that is said by the records that begin or end at a revision, as it is published.

        What is said about a thing is also said about whoever that class of records ties to it. Records that stand at
        no revision say nothing.
        """

    @abstractmethod
    def said_by(self, records: Collection[int]) -> Collection[tuple[int, int]]:
        """The (entity, class) of all that these records say; likewise."""

    @abstractmethod
    def facets_of(self, entities: Collection[int]) -> Sequence[FacetRow]:
        """The facets of these entities, standing or not."""

    @abstractmethod
    def pairs_of(self, facets: Collection[int]) -> Sequence[PairRow]:
        """The pairs of which one is among these facets, standing or not."""

    @abstractmethod
    def drop_facets(self, facets: Collection[int]) -> None:
        """Delete these facets, and all pairs with one of them, at all revisions."""

    @abstractmethod
    def drop_pairs(self, pairs: Collection[tuple[int, int]]) -> None:
        """Delete the pairs of these two facets each, at all revisions."""

    # -- access -------------------------------------------------------------------------------------

    @abstractmethod
    def begin_epoch(self, classes: Collection[int]) -> None:
        """Give a new epoch to the store and to each of these classes, because their records changed."""


# Makes a change from a revision on, and returns the classes that it touched.
Change = Callable[[Transaction, int], set[int]]


def of_kind(tx: Transaction, kind: type[X]) -> X:
    """A transaction of this kind of store; TypeError for one of another."""
    if not isinstance(tx, kind):
        raise TypeError(f"a {type(tx).__name__} is not of this store")
    return tx
