"""The public interface of a store: it is read only through views, and written by loads and people."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict
from pathlib import Path
from typing import Any

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
from workbench.store.scoring import Made
from workbench.store.transaction import Transaction
from workbench.store.types import CommonEntry, Document, Judgement, now
from workbench.store.writing import Writer
from workbench.view.access import Alike
from workbench.view.asking import Asking, sayable
from workbench.view.view import View


class GraphStore:
    """A store of records. `audit` keeps a trace of every read and write.

    With `alike`, views of the same rights and revision share what they compute (decision 65). A write waits up to
    `patience` seconds for another to end. Only views and copies read `backend`.
    """

    patience: float = PATIENCE
    alike: Alike | None = None

    def __init__(self, backend: Backend, audit: AuditSink = NO_LEDGER) -> None:
        self.backend = backend
        self._asking = Asking(audit)

    def with_audit(self, audit: AuditSink) -> "GraphStore":
        """The same store, which keeps its traces in another sink."""
        other = GraphStore(self.backend, audit)
        other.patience, other.alike = self.patience, self.alike
        return other

    def inside(self, tx: Transaction) -> "GraphStore":
        """The store as a transaction of its writer leaves it, to be read before that is committed."""
        other = copy(self)
        other.backend, other.alike = self.backend.inside(tx), None
        return other

    @property
    def url(self) -> str:
        """The store's URL, without a password."""
        return self.backend.url

    def view(self, viewer: Viewer, *, purpose: str | None = None, revision: str | None = None) -> View:
        """Everything this viewer may see for this purpose, now or at a revision's token.

        UsageError for a purpose that the viewer does not have. NotFound for a token that is
        unknown, or whose publication changed nothing that he may see.
        """
        with self._asking.refusals(viewer.name, purpose or "", "view", {"revision": revision or ""}):
            return View(self.backend, self._asking, viewer, viewer.purpose(purpose), revision, alike=self.alike)

    def agencies(self) -> frozenset[str]:
        """The agencies for which anything was loaded into this store."""
        return registers.agencies(self.backend)

    def close(self) -> None:
        """Close files and connections; the next call opens them again."""
        self.backend.close()

    # -- loads ------------------------------------------------------------------------------

    def writer(self, *, agency: str, by: str, at: str | None = None) -> Writer:
        """Begin a load for an agency; `at` is an ISO time in UTC, by default now.

        StoreBusy if another process holds the lease for longer than `patience`.
        """
        with self._asking.writing(by, "", "writer", {"agency": agency}):
            return self.backend.writer(agency=agency, by=by, at=at or now(), patience=self.patience)

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Hold the writer's lease, so that no one else writes between a view taken inside it and a write based on it.

        People's writes and several loads in a row work within it. StoreBusy as for a load.
        """
        with self.backend.leases.held(self.patience):
            self.backend.refuse_writing()
            yield

    # -- what people write: each write is one publication ---------------------------------------

    @contextmanager
    def _writing(self, who: str, what: str, **asked: Any) -> Iterator[None]:
        """Keep the trace of a write, then do it under the lease."""
        with self._asking.writing(who, "", what, sayable(asked)), self.lease():
            yield

    def add_judgement(self, judgement: Judgement) -> str:
        """Store a judgement, visible to those who see all of its evidence; returns the revision's token."""
        with self._writing(judgement.by, "add_judgement", **asdict(judgement)):
            return people.add_judgements(self.backend, [judgement])

    def add_judgements(self, judgements: Sequence[Judgement]) -> str:
        """Store judgements in one publication, each visible as above; returns its token, "" if there are none."""
        with self._writing(",".join(sorted({each.by for each in judgements})), "add_judgements", judgements=judgements):
            return people.add_judgements(self.backend, judgements)

    def withdraw_judgement(self, judgement: str) -> str:
        """Withdraw a judgement from the new revision on; returns its token. Older revisions keep it.

        NotFound if there is no such judgement now.
        """
        with self._writing("", "withdraw_judgement", judgement=judgement):
            return people.withdraw_judgement(self.backend, judgement)

    def add_common(self, entry: CommonEntry) -> str:
        """List a value as common; returns the revision's token."""
        with self._writing(entry.agency, "add_common", **asdict(entry)):
            return people.add_common(self.backend, entry)

    def remove_common(self, entry: CommonEntry) -> str:
        """Take a value off the list of common values; returns the revision's token, "" if it was not listed."""
        with self._writing(entry.agency, "remove_common", **asdict(entry)):
            return people.remove_common(self.backend, entry)

    def remark(self, keys: Sequence[str], marking: Marking, seen_by: View | None = None) -> int:
        """Re-mark all records with the dataset, source id and part of one of these; returns how many changed.

        The marking applies at every revision. It binds later deliveries too: they may tighten it, never loosen it.
        With `seen_by`, a record that the view does not see keeps any stricter marking that its delivery asks
        for, and is not counted; without it, all records are seen.
        """
        return self.remark_together([(keys, marking)], seen_by)

    def remark_together(self, parts: Sequence[tuple[Sequence[str], Marking]], seen_by: View | None = None) -> int:
        """As `remark`, for several sets of keys with a marking each, in one transaction."""
        who = seen_by.viewer.name if seen_by else ""
        keys, markings = [key for keys, _ in parts for key in keys], [str(marking) for _, marking in parts]
        with self._writing(who, "remark_together", keys=keys, markings=markings):
            sees = _sight_of(seen_by)
            return self.backend.write(lambda tx: sum(remark(tx, keys, marking, sees) for keys, marking in parts))

    def save_document(
        self,
        document: Document,
        agency: str,
        marking: Marking,
        evidence: Sequence[str],
        instead_of: Sequence[str] = (),
    ) -> None:
        """Store a document of an agency, visible to those who may see its marking and all records in `evidence`.

        A document with the same kind, name and author becomes a new version. Its author's documents of that kind named
        in `instead_of` are dropped in the same step, for all who may see any of them.
        """
        said = {"kind": document.kind, "name": document.name, "agency": agency, "marking": str(marking)}
        with self._writing(document.by, "save_document", **said, evidence=evidence):
            people.save_document(self.backend, document, agency, marking, evidence, instead_of)

    def save_on_view(self, view: View, documents: Sequence[Document], agency: str, marking: Marking) -> None:
        """Store documents of an agency together, visible to those who may see their marking and all that a view shows.

        That is everything in it, whatever was read: no part of a view stands for the absence of another.
        """
        said = {"names": [each.name for each in documents], "agency": agency, "marking": str(marking)}
        with self._writing(view.viewer.name, "save_on_view", **said):
            classes = registers.grounds(self.backend, view._scope())
            people.save_on_classes(self.backend, documents, agency, marking, classes)

    def drop_document(self, kind: str, name: str, by: str) -> None:
        """Leave nothing in the newest version of a document, for all who may see any of it; older ones are kept."""
        with self._writing(by, "drop_document", kind=kind, name=name):
            people.drop_document(self.backend, kind, name, by)

    def publish_scores(self, view: View, made: Made) -> str:
        """Publish what was scored of a view; returns the revision's token, "" if everything was so already."""
        with self._writing(view.viewer.name, "publish_scores", whole=made.is_whole):
            return people.publish_scores(self.backend, made)

    def refresh_claims(self) -> int:
        """Recompute claims if the normaliser has changed; returns the number of records whose claims changed."""
        if not self._claims_are_old():
            return 0
        with self._writing("", "refresh_claims"):  # check again: another process may have done it meanwhile
            return self.backend.recompute_claims() if self._claims_are_old() else 0

    def _claims_are_old(self) -> bool:
        """Whether the claims come from another version of the normaliser."""
        return self.backend.outgoing().stamp().normaliser not in (0, NORMALISER)

    # -- the demo's store ---------------------------------------------------------------------

    def demo_mark(self) -> str:
        """The mark that the demo puts on a store it made; "" in any other store and in copies."""
        return self.backend.demo_mark()

    def mark_as_demo(self, mark: str) -> None:
        """Put the demo's mark on the store."""
        with self._writing("", "mark_as_demo", mark=mark):
            self.backend.mark_as_demo(mark)


def _sight_of(view: View | None) -> Sees:
    """A test whether a view sees a class; without a view, every class is seen."""
    return (lambda _: True) if view is None else frozenset(view._scope().allowed).__contains__


def open_store(url: str, login: Login = NOBODY, audit: AuditSink = NO_LEDGER, cache: Path | None = None) -> GraphStore:
    """Open the store at a URL, creating it if there is none. `cache` is the folder where its base columns are cached.

    - `sqlite:///path`, with a relative or an absolute path.
    - `neo4j://USER:PASSWORD@HOST:PORT/DATABASE`: `neo4j+s` for TLS, `bolt` for one server without routing. The
      database is optional; `login` supplies user and password if the URL has none.

    StoreMismatch if the URL leads to something that is not one of our stores; UsageError for an unknown kind of URL.
    """
    return GraphStore(scheme_of(url).open(url, login, cache), audit)


def existing_store(
    url: str, login: Login = NOBODY, audit: AuditSink = NO_LEDGER, cache: Path | None = None
) -> GraphStore:
    """As `open_store`; NoStore if there is none: reading never creates one."""
    return GraphStore(scheme_of(url).existing(url, login, cache), audit)
