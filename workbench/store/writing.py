"""One load into a store, as every store writes it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Literal, Self

from workbench.errors import StoreError
from workbench.model.record import Dataset, Record
from workbench.store.types import FileReport, Quarantined, Withdrawn

Outcome = Literal["accepted", "unchanged", "remarked", "late"]


class Writer(ABC):
    """One load into a store: nothing of it is seen before `publish`, all of it after.

    A context manager that holds the store's only writer's lease; left without `publish` it
    takes everything back. What a killed one left behind the next writer clears.

    `overtaken_by` is the newest of the deliveries that overtook what the last `put` wrote late.
    """

    overtaken_by: str = ""

    @abstractmethod
    def file(self, path: str, sha256: str, adapter: str) -> int:
        """Register a file (or member of a zip) that records come from; its number."""

    @abstractmethod
    def put(self, records: Sequence[Record], file: int, delivered: str) -> list[Outcome]:
        """Write records of a file, whose delivery is dated `delivered` (ISO).

        A record that stands already is unchanged, or re-marked where only its marking
        differs. A newer delivery supersedes what the same dataset said under the same
        source id and part; what an older one says of that is late: kept as history, and shown at no revision.
        """

    @abstractmethod
    def marked_otherwise(self, file: int) -> int:
        """How many records that were put of a file have another marking than it gives them: a person decided so."""

    @abstractmethod
    def withdraw_absent(self, dataset: Dataset, part_prefix: str, delivered: str) -> int:
        """Withdraw the dataset's records of such parts that this load did not put; how many."""

    @abstractmethod
    def quarantine(self, units: Iterable[Quarantined]) -> None:
        """Keep units that could not be read; one that is kept already is so for the newer reason."""

    @abstractmethod
    def newest_delivery(self, dataset: Dataset) -> tuple[str, frozenset[str]]:
        """Date and contents, by their hashes, of a dataset's newest delivery before this load; "" if there is none."""

    @abstractmethod
    def note_delivery(self, dataset: Dataset, delivered: str, content: str) -> None:
        """Note a delivery of a dataset: its date and the hash of its content, which never leaves the store."""

    @abstractmethod
    def sealed(self, known: str) -> str:
        """A hash by a key that never leaves the store: the id of what is known by something that is not shown."""

    @abstractmethod
    def waiting(self) -> frozenset[str]:
        """Ids of all units that the loading agency has in quarantine."""

    @abstractmethod
    def numbering(self, file: str) -> bytes:
        """What `keep_numbering` kept last of a file, by its id in quarantine; empty if nothing."""

    @abstractmethod
    def keep_numbering(self, file: str, kept: bytes) -> None:
        """Keep how the equal units of a file are numbered, for as long as it has some in quarantine."""

    @abstractmethod
    def release(self, quarantined: Iterable[str]) -> None:
        """Take units out of quarantine, by id, because this load brought them in."""

    @abstractmethod
    def publish(self, *, dataset: str, adapter: str, files: Sequence[FileReport]) -> str | None:
        """Make the load visible and log it; the revision's token, None if nothing changed.

        The log's entry is shown to those viewers of the loading agency who may see all that the load was
        about: every class that the records have that it put, met or ended, of units in quarantine their own
        markings. What nothing says the marking of (a file that was empty or refused) is SECRET, the agency only.
        Markings are those of today: where a record is re-marked, every load before of its dataset that was about
        records of the class that it had is from then on about the class that it gets as well.
        """

    @abstractmethod
    def withdraw_load(self, load: str, why: str) -> Withdrawn:
        """Take back a load by its id, and publish that: what stands then is what would stand if it had never been.

        What it superseded, withdrew or re-marked is as the other loads say; what was late because of it stands. Older
        revisions keep their content. Units in quarantine that no other load brought go; those that it took out can't
        come back. NotFound for an unknown load; UsageError for one that was withdrawn, is a withdrawal, or is about
        records of loads of which no account is kept.
        """

    @abstractmethod
    def abort(self) -> None:
        """Take everything back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.abort()  # after publish there is nothing left to take back
        except StoreError:
            if error is None:
                raise  # else the error that ended the load is the one to tell; the next writer clears
