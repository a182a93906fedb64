"""A store as everybody has it: nothing in it is read but through a view; loads and people write to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from workbench.access.audit import NO_LEDGER, AuditSink
from workbench.access.viewer import Viewer
from workbench.model.claims import NORMALISER
from workbench.model.marking import Marking
from workbench.store import people, registers
from workbench.store.backend import Backend
from workbench.store.decided import Sees
from workbench.store.leasing import PATIENCE
from workbench.store.login import NOBODY, Login
from workbench.store.remarking import remark
from workbench.store.schemes import scheme_of
from workbench.store.types import CommonEntry, Document, Judgement, now
from workbench.store.writing import Writer
from workbench.view.asking import Asking
from workbench.view.view import View


class GraphStore:
    """A store of records. `audit` keeps a trace of all that is read or written.

    A write waits `patience` seconds for another. `backend` is for views and copies, which stand on it; nothing above
    them reads it.
    """

    patience: float = PATIENCE

    def __init__(self, backend: Backend, audit: AuditSink = NO_LEDGER) -> None:
        self.backend = backend
        self._asking = Asking(audit)

    @property
    def url(self) -> str:
        """The store's URL as it may be shown, without a password."""
        return self.backend.url

    def view(self, viewer: Viewer, *, purpose: str | None = None, revision: str | None = None) -> View:
        """Everything this viewer may see for this purpose, now or at a revision's token.

        UsageError for a purpose that he has not; NotFound for a token that is unknown or
        of a publication that changed nothing he may see.
        """
        with self._asking.refusals(viewer.name, purpose or "", "view", {"revision": revision or ""}):
            return View(self.backend, self._asking, viewer, viewer.purpose(purpose), revision)

    def agencies(self) -> frozenset[str]:
        """The agencies that loads into this store named."""
        return registers.agencies(self.backend)

    def close(self) -> None:
        """Give back files and connections; who asks again gets new ones."""
        self.backend.close()

    # -- loads ------------------------------------------------------------------------------

    def writer(self, *, agency: str, by: str, at: str | None = None) -> Writer:
        """Begin a load for an agency; `at` (ISO, UTC) is now if not given.

        StoreBusy if another process holds the lease and does not give it back in time.
        """
        with self._asking.writing(by, "", "load", {"agency": agency}):
            return self.backend.writer(agency=agency, by=by, at=at or now(), patience=self.patience)

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Hold the right to write: what a view that is taken inside it shows, stands until it is written upon.

        What people write, and one load after another, goes under it; StoreBusy as for a load.
        """
        with self.backend.leases.held(self.patience):
            self.backend.refuse_writing()
            yield

    # -- what people write, each one publication ----------------------------------------------

    @contextmanager
    def _writing(self, who: str, what: str, **asked: str | list[str]) -> Iterator[None]:
        """Write something for somebody, under the lease; its trace is kept before."""
        with self._asking.writing(who, "", what, asked), self.lease():
            yield

    def add_judgement(self, judgement: Judgement) -> str:
        """Keep a judgement, seen by who sees all of its evidence; the revision's token."""
        with self._writing(judgement.by, "judgement", id=judgement.id, a=judgement.a, b=judgement.b):
            return people.add_judgement(self.backend, judgement)

    def withdraw_judgement(self, judgement: str) -> str:
        """End a judgement from now on; the revision's token. It stays in older revisions.

        NotFound for one that does not stand.
        """
        with self._writing("", "withdraw_judgement", judgement=judgement):
            return people.withdraw_judgement(self.backend, judgement)

    def add_common(self, entry: CommonEntry) -> str:
        """List a value as common; the revision's token."""
        with self._writing(entry.agency, "add_common", kind=entry.kind, value=entry.value):
            return people.add_common(self.backend, entry)

    def remove_common(self, entry: CommonEntry) -> str:
        """Take a value off the list from now on; the revision's token, "" if it was not on it."""
        with self._writing(entry.agency, "remove_common", kind=entry.kind, value=entry.value):
            return people.remove_common(self.backend, entry)

    def remark(self, keys: Sequence[str], marking: Marking, seen_by: View | None = None) -> int:
        """Give another marking to all that these records speak of, at every revision; how many records changed.

        That is every record of the same dataset, source id and part, also of later deliveries, which may tighten it and
        never loosen it. A view tells what the one who decides knows (all, without one): what deliveries ask for in
        records that it does not see binds as well, and those are not counted.
        """
        return self.remark_together([(keys, marking)], seen_by)

    def remark_together(self, parts: Sequence[tuple[Sequence[str], Marking]], seen_by: View | None = None) -> int:
        """As `remark`, of parts with a marking each: readers see all of it or nothing, whatever ends it on its way."""
        with self._writing(
            seen_by.viewer.name if seen_by else "", "remark", markings=[str(marking) for _, marking in parts]
        ):
            sees = _sight_of(seen_by)
            return self.backend.write(lambda tx: sum(remark(tx, keys, marking, sees) for keys, marking in parts))

    def save_document(self, document: Document, agency: str, marking: Marking, evidence: Sequence[str]) -> None:
        """Keep a document of an agency, seen by who may see its marking and all records in
        `evidence`. A document of the same kind, name and author gets a new version."""
        with self._writing(document.by, "save_document", kind=document.kind, name=document.name, agency=agency):
            people.save_document(self.backend, document, agency, marking, evidence)

    def refresh_claims(self) -> int:
        """Compute claims again where the normaliser changed; how many records it touched."""
        if not self._claims_are_old():
            return 0
        with self.lease():  # another may have done it meanwhile
            return self.backend.recompute_claims() if self._claims_are_old() else 0

    def _claims_are_old(self) -> bool:
        """Whether claims were computed by another normaliser than this one."""
        return self.backend.outgoing().stamp().normaliser not in (0, NORMALISER)

    # -- the demo's store ---------------------------------------------------------------------

    def demo_mark(self) -> str:
        """The mark that the demo gave to a store that it made; "" in any other. No copy has it."""
        return self.backend.demo_mark()

    def mark_as_demo(self, mark: str) -> None:
        """Give the store the mark of the demo."""
        with self._writing("", "mark_as_demo"):
            self.backend.mark_as_demo(mark)


def _sight_of(view: View | None) -> Sees:
    """Which classes are seen by a view; without one, all."""
    return (lambda _: True) if view is None else frozenset(view._scope().allowed).__contains__


def open_store(url: str, login: Login = NOBODY, audit: AuditSink = NO_LEDGER) -> GraphStore:
    """Open the store at a URL, making it where there is none.

    `sqlite:///path`, or `sqlite:///` and an absolute path; `neo4j://USER:PASSWORD@HOST:PORT` (with TLS `neo4j+s`;
    `bolt` for one server without routing), and `/DATABASE` where it is not the default one; user and password are
    the login's where the URL has none. StoreMismatch for what is no store of ours; UsageError for a URL that no
    store answers to.
    """
    return GraphStore(scheme_of(url).open(url, login), audit)


def existing_store(url: str, login: Login = NOBODY, audit: AuditSink = NO_LEDGER) -> GraphStore:
    """Open the store at a URL; NoStore where there is none: reading makes none."""
    return GraphStore(scheme_of(url).existing(url, login), audit)
