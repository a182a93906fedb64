"""What every store must do: few primitives; views and all that is derived stand on them.

A store is never read but through a view. The methods of `GraphStore` that start with an
underscore are for `View` and take the scope of one; the public ones open views and write.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.access.audit import AuditSink, NoLedger
from workbench.access.policy import may_read
from workbench.access.viewer import Viewer
from workbench.errors import NoStore, NotFound, UsageError
from workbench.model.marking import Marking
from workbench.model.record import Dataset
from workbench.store.columns import Columns, Int64
from workbench.store.decided import Sees
from workbench.store.leasing import Leases
from workbench.store.login import NOBODY, Login, shown
from workbench.store.moving import Incoming, Outgoing
from workbench.store.types import (
    CommonEntry,
    Document,
    Judgement,
    LoadEntry,
    Moment,
    Quarantined,
    Scope,
    SourcedRecord,
    VisibilityClass,
)
from workbench.store.walking import Said, Shape, Steps
from workbench.store.writing import Outcome, Writer

if TYPE_CHECKING:
    from workbench.store.view import View

_FILE = "sqlite:///"


class GraphStore(ABC):
    """A store of records. `audit` is told of every read; a write waits `patience` seconds for another."""

    url: str
    audit: AuditSink = NoLedger()
    patience: float = 30.0
    _leases: Leases[Any]

    # -- the only ways in -------------------------------------------------------------

    def view(self, viewer: Viewer, *, purpose: str | None = None, revision: str | None = None) -> "View":
        """Everything this viewer may see for this purpose, now or at a revision's token.

        UsageError for a purpose that he has not; NotFound for a token that is unknown or
        of a publication that changed nothing he may see.
        """
        from workbench.store.view import View  # a view stands on its store, not the other way

        return View(self, viewer, viewer.purpose(purpose), revision)

    @abstractmethod
    def writer(self, *, agency: str, by: str, at: str | None = None) -> Writer:
        """Begin a load for an agency; `at` (ISO, UTC) is now if not given.

        StoreBusy if another process holds the lease and does not give it back in time.
        """

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Hold the right to write: what a view that is taken inside it shows, stands until it is written upon.

        What people write, and one load after another, goes under it; StoreBusy as for a load.
        """
        with self._leases.held(self.patience):
            self._refuse_writing()
            yield

    @abstractmethod
    def _refuse_writing(self) -> None:
        """StoreMismatch if a newer workbench has opened it meanwhile, StoreError for a copy."""

    @abstractmethod
    def agencies(self) -> frozenset[str]:
        """The agencies that loads into this store named."""

    @abstractmethod
    def close(self) -> None:
        """Give back files and connections; who asks again gets new ones."""

    # -- writing by people, each one publication ---------------------------------------

    @abstractmethod
    def add_judgement(self, judgement: Judgement) -> str:
        """Keep a judgement, seen by who sees all of its evidence; the revision's token."""

    @abstractmethod
    def withdraw_judgement(self, judgement: str) -> str:
        """End a judgement from now on; the revision's token. It stays in older revisions.

        NotFound for one that does not stand.
        """

    @abstractmethod
    def add_common(self, entry: CommonEntry) -> str:
        """List a value as common; the revision's token."""

    @abstractmethod
    def remove_common(self, entry: CommonEntry) -> str:
        """Take a value off the list from now on; the revision's token, "" if it was not on it."""

    def remark(self, keys: Sequence[str], marking: Marking, seen_by: "View | None" = None) -> int:
        """Give another marking to all that these records speak of, at every revision; how many records changed.

        That is every record of the same dataset, source id and part, also of later deliveries, which may tighten it and
        never loosen it. A view tells what the one who decides knows (all, without one): what deliveries ask for in
        records that it does not see binds as well, and those are not counted.
        """
        return self.remark_together([(keys, marking)], seen_by)

    @abstractmethod
    def remark_together(self, parts: Sequence[tuple[Sequence[str], Marking]], seen_by: "View | None" = None) -> int:
        """As `remark`, of parts with a marking each: readers see all of it or nothing, whatever ends it on its way."""

    @abstractmethod
    def save_document(self, document: Document, agency: str, marking: Marking, evidence: Sequence[str]) -> None:
        """Keep a document of an agency, seen by who may see its marking and all records in
        `evidence`. A document of the same kind, name and author gets a new version."""

    def refresh_claims(self) -> int:
        """Compute claims again where the normaliser changed; how many records it touched."""
        if not self._claims_are_old():
            return 0
        with self.lease():
            return self._recompute_claims() if self._claims_are_old() else 0  # another may have done it meanwhile

    @abstractmethod
    def _claims_are_old(self) -> bool:
        """Whether claims were computed by another normaliser than this one."""

    @abstractmethod
    def _recompute_claims(self) -> int:
        """Compute all claims again; how many records have any."""

    # -- the demo's store ---------------------------------------------------------------

    @abstractmethod
    def demo_mark(self) -> str:
        """The mark that the demo gave to a store that it made; "" in any other. No copy has it."""

    @abstractmethod
    def mark_as_demo(self, mark: str) -> None:
        """Give the store the mark of the demo."""

    # -- moving -------------------------------------------------------------------------

    @abstractmethod
    def _outgoing(self) -> Outgoing:
        """All that is in the store, for a copy of it."""

    @abstractmethod
    def _incoming(self) -> Incoming:
        """The store as one that is made a copy; StoreBusy as for a load."""

    # -- primitives for views -----------------------------------------------------------

    @abstractmethod
    def _moment(self, revision: int) -> Moment:
        """Another one whenever access to standing records may have changed, or the revision of this number."""

    @abstractmethod
    def _classes(self) -> Sequence[VisibilityClass]:
        """All classes of visibility, in order of their numbers."""

    @abstractmethod
    def _published(self) -> int:
        """The number of the newest publication; 0 before the first."""

    @abstractmethod
    def _publications(self, allowed: Sequence[int]) -> Sequence[tuple[int, str, str]]:
        """(number, token, time) of those that changed content of these classes, in order."""

    @abstractmethod
    def _columns(self, revision: int) -> Columns:
        """The base columns of a revision, cached."""

    @abstractmethod
    def _records_by_key(self, scope: Scope, keys: Sequence[str]) -> Sequence[SourcedRecord]:
        """Records by key, ordered by key."""

    @abstractmethod
    def _markings_by_key(self, scope: Scope, keys: Sequence[str]) -> Mapping[str, Marking]:
        """Markings of records by key, those too that stand no more at the revision."""

    @abstractmethod
    def _records_about(self, scope: Scope, entities: Sequence[str]) -> Sequence[SourcedRecord]:
        """Records about these entities, ordered by key."""

    @abstractmethod
    def _keys(self, scope: Scope) -> Iterator[tuple[str, str, str]]:
        """(key, marking, agency) of every record, ordered by key."""

    @abstractmethod
    def _keys_of(self, scope: Scope, numbers: Sequence[int]) -> Mapping[int, str]:
        """Keys of these records."""

    @abstractmethod
    def _entities(self, entities: Sequence[str]) -> Mapping[str, tuple[Dataset, str]]:
        """Dataset and source id behind entity ids that a view has already shown."""

    @abstractmethod
    def _found(self, scope: Scope, forms: Sequence[str]) -> Mapping[int, int]:
        """The rank (`store.search`), by number, of entities with an indexed text that answers one of these forms."""

    @abstractmethod
    def _judgements(self, scope: Scope) -> Sequence[Judgement]:
        """Judgements, ordered by id."""

    @abstractmethod
    def _commons(self, scope: Scope) -> Sequence[CommonEntry]:
        """Listed common values, ordered by kind and value."""

    @abstractmethod
    def _loads(self, agencies: Sequence[str], allowed: Sequence[int]) -> Sequence[LoadEntry]:
        """Loads of these agencies that were about nothing but these classes, oldest first."""

    @abstractmethod
    def _quarantined(self, agencies: Sequence[str]) -> Sequence[Quarantined]:
        """Units in quarantine of these agencies, ordered by path and place."""

    @abstractmethod
    def _documents(self, scope: Scope, kind: str) -> Sequence[Document]:
        """The newest version of each document of a kind, ordered by name."""

    # -- walking, for stores that do it sooner than a snapshot is taken -------------------------

    walks = False

    def _shapes(self) -> Mapping[int, Shape]:
        """The shapes of ties by number."""
        raise NotImplementedError(f"{type(self).__name__} does not walk")

    def _ties_at(self, scope: Scope, entities: Sequence[Int64], shapes: Mapping[int, Shape]) -> Steps:
        """The steps from entities, by the store's numbers, along ties of these shapes; each part is a question."""
        raise NotImplementedError(f"{type(self).__name__} does not walk")

    def _said_of(self, scope: Scope, records: Sequence[int]) -> Mapping[int, Said]:
        """What records say, by their numbers."""
        raise NotImplementedError(f"{type(self).__name__} does not walk")

    # -- derived ------------------------------------------------------------------------

    def _allowed(self, viewer: Viewer, purpose: str, agencies: frozenset[str] | None) -> Mapping[int, int]:
        """The visibility classes of a view, of all agencies or of some, in order; and the epoch of each."""
        allowed: dict[int, int] = {}
        for each in self._classes():
            if each.marking is not None:
                seen = may_read(viewer, purpose, each.marking) and (agencies is None or each.agency in agencies)
            else:
                seen = bool(each.members) and allowed.keys() >= set(each.members)
            if seen:
                allowed[each.vis] = each.epoch
        return allowed

    def _revision(self, allowed: Sequence[int], token: str | None, newest: int) -> tuple[int, str]:
        """The revision that a view stands on, `newest` unless a token is given, and the token that it shows."""
        seen = [each for each in self._publications(allowed) if each[0] <= newest]
        if token is None:
            return newest, seen[-1][1] if seen else ""
        for number, each, _ in seen:
            if each == token:
                return number, token
        raise NotFound("revision", token)


def sight_of(view: "View | None") -> Sees:
    """Which classes are seen by a view; without one, all."""
    return (lambda _: True) if view is None else frozenset(view._scope().allowed).__contains__


def open_store(url: str, login: Login = NOBODY) -> GraphStore:
    """Open the store at a URL, making it where there is none.

    `sqlite:///path`, or `sqlite:///` and an absolute path; `neo4j://USER:PASSWORD@HOST:PORT` (with TLS `neo4j+s`;
    `bolt` for one server without routing), and `/DATABASE` where it is not the default one; user and password are
    the login's where the URL has none. StoreMismatch for what is no store of ours; UsageError for a URL that no
    store answers to.
    """
    file = store_file(url)
    if file is not None:
        from workbench.store.sqlite.store import SqliteStore

        return SqliteStore(file)
    if is_server(url):
        from workbench.store.neo4j.store import Neo4jStore

        return Neo4jStore(url, login)
    raise no_store(url)


def existing_store(url: str, login: Login = NOBODY) -> GraphStore:
    """Open the store at a URL; NoStore where there is none: reading makes none."""
    file = store_file(url)
    if file is not None and not file.is_file():
        raise NoStore(f"no store at {url}: load something into it first, or name another")
    if is_server(url):
        from workbench.store.neo4j.store import Neo4jStore

        return Neo4jStore.existing(url, login)
    return open_store(url, login)


def store_file(url: str) -> Path | None:
    """The path of a store that is a file; None for any other."""
    return Path(url.removeprefix(_FILE)) if url.startswith(_FILE) else None


def is_server(url: str) -> bool:
    """Whether a store is on a server."""
    return url.partition("://")[0].partition("+")[0] in ("neo4j", "bolt")


def no_store(url: str) -> UsageError:
    """What a URL is told that is no store's."""
    return UsageError(f"no store answers to {shown(url)!r}: give sqlite:///path, or neo4j://HOST:PORT")


__all__ = [
    "GraphStore",
    "Outcome",
    "Writer",
    "existing_store",
    "is_server",
    "no_store",
    "open_store",
    "sight_of",
    "store_file",
]
