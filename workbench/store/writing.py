"""The contract of a load into a store."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

from workbench.errors import StoreError
from workbench.model.record import Dataset, Record
from workbench.store.transaction import Change
from workbench.store.types import FileReport, Judgement, Quarantined, Withdrawn

Outcome = Literal["accepted", "unchanged", "remarked", "late"]


class Again(NamedTuple):
    """What an earlier load noted of a file that is said again (see `Writer.note_read`), and how many units are late."""

    told: Mapping[str, Any]
    late: int
    sizes: Sequence[tuple[int, int]]


class Whose(NamedTuple):
    """How a file is read, as hashes by the store's secret (`Writer.sealed`).

    `of` is made of its content, its name and its dataset, `content` of its content and its dataset, `manner` of all
    else that decides which records it gives. `whole` is false for some units of a file, from quarantine.
    """

    of: str
    content: str
    manner: str
    whole: bool = True


class Twin(NamedTuple):
    """A file with the same content and another name, which was read in another manner."""

    path: str


class Replaced(NamedTuple):
    """What became of the earlier readings of a file: how many records ended, and how many of others stand again.

    `absent` of those that ended were withdrawn by `withdraw_absent`. `marked`: of how many units the new records keep
    a stricter marking, which people gave to those that ended. `kept` if all stayed as it was, because loads of
    the same records have no accounts.
    """

    ended: int
    absent: int = 0
    again: int = 0
    marked: int = 0
    kept: bool = False


class Writer(ABC):
    """One load into a store: nothing of it is visible before `publish`, and all of it after.

    A context manager that holds the writer's lease. If it is left without `publish`, everything is undone;
    the next writer clears what a killed one left behind.

    `load` is its id in the log. `overtaken_by` is the newest delivery that made records of the last `put` late, "" if
    none did.
    """

    load: str
    overtaken_by: str = ""

    @abstractmethod
    def file(self, path: str, sha256: str, adapter: str) -> int:
        """Register a file (or zip member) that records come from; returns its number."""

    @abstractmethod
    def put(self, records: Sequence[Record], file: int, delivered: str) -> list[Outcome]:
        """Write records of a file, whose delivery has the ISO date `delivered`; returns an outcome for each.

        A record that stands already is unchanged, or re-marked if only its marking differs. A newer
        delivery supersedes what the same dataset said under the same source id and part. What an older
        delivery says about them is late: kept as history, and shown at no revision.

        A record that its subject is `gone` ends what stands under its source id and part, unless a newer delivery said
        that: it is accepted if it ended anything, else unchanged, or late. From then on older deliveries are late. One
        batch never says of a subject both what it is and that it is gone.
        """

    @abstractmethod
    def judge(self, judgements: Sequence[Judgement]) -> None:
        """Judge what the load's records name: published with it or not at all, and withdrawn with it."""

    @abstractmethod
    def note_read(self, file: int, mark: str, told: Mapping[str, Any], sizes: Sequence[tuple[int, int]] = ()) -> None:
        """Note that a file was read to its end and all its records were put.

        `mark` is a sealed hash of everything that decides which records they are; `told` and `sizes` are for
        `say_again`. `sizes`: how many records its units gave, in order, as runs of (records of a unit, units).
        """

    @abstractmethod
    def knows(self, mark: str, dataset: Dataset) -> bool:
        """Whether an earlier load of the dataset noted a file of this mark, which `say_again` may then put."""

    @abstractmethod
    def say_again(self, file: int, mark: str, dataset: Dataset, delivered: str) -> Again | None:
        """Put the records of a file as an earlier load did under this mark, if that changes none.

        None, and nothing is done, if there is no such load or any record neither stands as it was put nor is late.
        """

    @abstractmethod
    def begin_reading(self, file: int, sha256: str, name: str, how: Whose, delivered: str) -> Twin | None:
        """Tell how a file will be read, before any of its records is put; returns a twin that was read otherwise.

        `name` ends the paths of all files of that name. What earlier loads read of it in another manner does not make
        its records late.
        """

    @abstractmethod
    def note_reading(self, file: int) -> None:
        """Note that a file was read as `begin_reading` told: its reading counts now, and earlier ones do not."""

    @abstractmethod
    def replace_earlier(self) -> Mapping[int, Replaced]:
        """End what earlier readings of this load's files said and nothing else says; by file, if there were any.

        Units of theirs in quarantine, which the new readings know by other ids, leave it.
        All is then as if the earlier readings had said only what the new ones say again. Call it once, last before
        `publish`.
        """

    @abstractmethod
    def marked_otherwise(self, file: int) -> int:
        """The number of records put from a file whose marking differs from the file's because a person decided so."""

    @abstractmethod
    def withdraw_absent(self, dataset: Dataset, part_prefix: str, delivered: str) -> int:
        """Withdraw the dataset's records, in parts with this prefix, that this load did not put; returns how many."""

    @abstractmethod
    def quarantine(self, units: Iterable[Quarantined]) -> None:
        """Store units that could not be read; a unit stored before gets the new reason."""

    @abstractmethod
    def newest_delivery(self, dataset: Dataset) -> tuple[str, frozenset[str]]:
        """The date of a dataset's newest delivery before this load ("" if none), and the hashes of its contents."""

    @abstractmethod
    def note_delivery(self, dataset: Dataset, delivered: str, content: str) -> None:
        """Note a delivery of a dataset: its date and the hash of its content, which never leaves the store."""

    @abstractmethod
    def sealed(self, known: str) -> str:
        """The id to show for something whose own id must stay hidden: a hash with a key that never leaves the store."""

    @abstractmethod
    def waiting(self) -> frozenset[str]:
        """The ids of all units in the loading agency's quarantine."""

    @abstractmethod
    def waiting_files(self) -> frozenset[str]:
        """The ids in quarantine of the files that these units came from; "" for a unit that does not say."""

    @abstractmethod
    def numbering(self, file: str) -> bytes:
        """What `keep_numbering` stored last for a file, by its id in quarantine; empty if nothing."""

    @abstractmethod
    def keep_numbering(self, file: str, kept: bytes) -> None:
        """Store the numbering of a file's equal units, for as long as the file has units in quarantine."""

    @abstractmethod
    def release(self, quarantined: Iterable[str]) -> None:
        """Take units out of quarantine, by id, because this load brought them into the store."""

    @abstractmethod
    def publish(
        self, *, dataset: str, adapter: str, files: Sequence[FileReport], also: Change | None = None
    ) -> str | None:
        """Make the load visible and log it; returns the revision's token, None if nothing changed.

        `also` is a change that is published with it, in the same revision or not at all. It is made in the same
        transaction when all else is done, perhaps more than once, and may read what will stand by `Backend.inside`.

        The log's entry is visible to viewers of the loading agency who may see all of its evidence: the classes of
        all records that the load put, met or ended, and the markings of units in quarantine. A file without a
        marking (empty or refused) counts as SECRET for the agency alone. Today's markings count: if a record is
        re-marked, its new class is added to every earlier load of its dataset that touched records of its old class.
        """

    @abstractmethod
    def withdraw_load(self, load: str, why: str) -> Withdrawn:
        """Withdraw a load by its id, and publish that: the content is then as if the load had never been.

        Records that it superseded, withdrew or re-marked are as the other loads left them, and records that were late
        because of it stand. Older revisions keep their content. Units in quarantine that only this load brought are
        deleted; units that it took out stay out. NotFound for an unknown load; UsageError if it has been withdrawn, is
        itself a withdrawal, or touched records of loads without an account.
        """

    @abstractmethod
    def abort(self) -> None:
        """Undo everything that was not published."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.abort()  # does nothing after publish
        except StoreError:
            if error is None:
                raise  # otherwise the error that ended the load matters more; the next writer clears up
