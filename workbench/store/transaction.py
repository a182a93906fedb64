"""What a kind of store does in one transaction of its only writer: a few primitives, over the rows of a copy."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from workbench.model.marking import Marking
from workbench.store.decided import Decided, Mark, Marked
from workbench.store.dump_rows import RevisionRow

R = TypeVar("R", bound=tuple[Any, ...])


class OfSource(NamedTuple):
    """A record that a decision about markings may concern."""

    key: bytes
    source_id: str
    agency: str
    record: Marked


class Transaction(ABC):
    """One transaction. It may run again from its start, so that what is done in it has no other effect."""

    @abstractmethod
    def published(self) -> int:
        """The number of the newest publication."""

    @abstractmethod
    def publish(self, revision: RevisionRow) -> None:
        """Make a revision the newest publication."""

    @abstractmethod
    def class_number(self, agency: str, marking: str, members: Iterable[int] = ()) -> int:
        """The number of a class of visibility, made where it is new."""

    @abstractmethod
    def marking_of(self, vis: int) -> Marking:
        """The marking of a class that is no conjunction."""

    # -- small parts --------------------------------------------------------------------------

    @abstractmethod
    def rows(self, kind: type[R]) -> Sequence[R]:
        """All rows of a kind of which there are few, in the order in which they are copied."""

    @abstractmethod
    def put(self, kind: type[R], rows: Sequence[R]) -> None:
        """Write rows of judgements, common values, documents, loads, revisions or decisions about markings.

        A row replaces the one of the same key.
        """

    @abstractmethod
    def versions(self, kind: str, name: str, by: str) -> int:
        """The newest version of a document; 0 before the first."""

    # -- records ------------------------------------------------------------------------------

    @abstractmethod
    def classes_of(self, keys: Sequence[str]) -> Mapping[str, Collection[int]]:
        """The classes of records by key, whenever they stand; none of a key that no record has."""

    @abstractmethod
    def of_sources(self, sources: Sequence[bytes]) -> Iterable[OfSource]:
        """All records whose keys have these first halves."""

    @abstractmethod
    def decided(self, subjects: Sequence[bytes]) -> Mapping[bytes, Decided]:
        """What persons decided about the marking of these."""

    @abstractmethod
    def placed(self, records: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        """The dataset's number and the class of records, by their numbers."""

    @abstractmethod
    def ask(self, marks: Mapping[int, Mark]) -> None:
        """Note the classes that deliveries ask for of records; they are not put into their own yet."""

    @abstractmethod
    def move(self, classes: Mapping[int, int]) -> None:
        """Put records into classes, with all that is derived of them."""

    @abstractmethod
    def spans(self) -> Iterable[tuple[int, int, int]]:
        """The revisions from and to which records stand or stood, and their classes, each once."""

    @abstractmethod
    def begin_epoch(self, classes: Collection[int]) -> None:
        """Say that what is in these classes is not what it was: a new epoch of the store, and of each of them."""
