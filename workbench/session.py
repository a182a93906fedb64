"""Sessions: the public interface to one viewer's view of a store, for reading and writing.

Notebooks use it directly; the command line and the dashboard are built on it. Each capability is here once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar, Unpack

from workbench import resolve as resolution
from workbench.access.audit import NO_LEDGER, AuditSink
from workbench.access.viewer import Viewer
from workbench.by_hand import ByHand
from workbench.errors import UsageError, naming
from workbench.export import export_view
from workbench.keeping import Keeping
from workbench.libraries import Libraries
from workbench.settings import existing_store, loader_for, operator, rights_to, store_to_load, store_url, viewer_for
from workbench.store.types import CommonEntry, Judgement, Quarantined, Withdrawn
from workbench.view.asking import Asking, asking_of, sayable
from workbench.view.store import GraphStore
from workbench.view.view import View

if TYPE_CHECKING:  # large libraries are imported on first use, so that short commands start fast
    from ingest.jobs import Planned, Ran
    from ingest.options import Options, Said
    from ingest.report import LoadReport
    from workbench.analytics import Finding
    from workbench.analytics.weighing import Weighing
    from workbench.resolve.scoring import Scoring

P = ParamSpec("P")
T = TypeVar("T")
Place = str | Path


def _asks(ask: Callable[Concatenate[View, P], T]) -> Callable[Concatenate["Session", P], T]:
    """Make a method of a session from a question to its view, with the same name, signature and docstring."""

    @wraps(ask)
    def asked(self: "Session", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return ask(self.view, *args, **kwargs)

    return asked


class Session(Keeping, ByHand, Libraries):
    """One viewer's view of a store: questions to it, and writes in the viewer's name.

    `view` stays at its revision until something is written through the session: then it moves to the newest one,
    unless a revision was asked for, and `rights` is called again for the viewer. `by` is who runs the process, for
    provenance. `audit` keeps its traces, by default the store's sink. A context manager that closes the store.
    """

    def __init__(
        self,
        store: GraphStore,
        rights: Callable[[], Viewer],
        purpose: str | None = None,
        revision: str | None = None,
        by: str = "",
        *,
        audit: AuditSink | None = None,
    ) -> None:
        self.store = store if audit is None else store.with_audit(audit)
        self._rights, self._by = rights, by
        self._purpose, self._revision = purpose, revision
        self._is_cut = False
        self._viewer: Viewer | None = None
        self._view: View | None = None

    def __repr__(self) -> str:
        return f"<Session of {self.viewer.name} for {self.view.purpose} at {self.view.revision or 'nothing'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    @property
    def viewer(self) -> Viewer:
        """The viewer of this session."""
        self._viewer = self._viewer or self._rights()
        return self._viewer

    @property
    def view(self) -> View:
        """The viewer's view, to which all questions go. UsageError for a purpose that the viewer does not have."""
        if self._view is None:
            self._view = self.store.view(self.viewer, purpose=self._purpose, revision=self._revision)
        return self._view

    @property
    def by(self) -> str:
        """Who loads, for provenance: by default the account of this process, with the viewer."""
        return self._by or operator(self.viewer)

    def within(self, agencies: Iterable[str]) -> "Session":
        """A session on the records of some agencies only, with identity computed from them alone.

        It is for reading: UsageError for a write, as its grounds would be all records that the viewer sees.
        """
        cut = Session(self.store, self._rights, self._purpose, self._revision, self._by)
        cut._view, cut._is_cut = self.view.within(agencies), True
        return cut

    # -- looking ----------------------------------------------------------------------

    stats = _asks(View.stats)
    digest = _asks(View.digest)
    history = _asks(View.history)
    search = _asks(View.search)
    entity = _asks(View.entity)
    summaries = _asks(View.summaries)
    neighbours = _asks(View.neighbours)
    clusters = _asks(View.clusters)
    record = _asks(View.record)
    records = _asks(View.records)
    explain = _asks(resolution.explain)

    def weight(self, a: str, b: str, projection: str = "persons", count_common: bool = False) -> "Weighing":
        """What the tie between two entities weighs in a projection, and why; see `analytics.weighing.weight`."""
        from workbench.analytics.weighing import weight

        return weight(self.view, a, b, projection, count_common)

    # -- analyses ---------------------------------------------------------------------

    def __getattr__(self, name: str) -> "Callable[..., Finding[Any]]":
        """Each analysis in the table is a method: `case.key_players(measure="degree")`."""
        if not name.startswith("_"):
            from workbench.analytics import ANALYSES

            for each in ANALYSES.values():
                if each.called == name:
                    return each.asked_of(lambda: self.view)
        raise AttributeError(f"a session has no {name!r}", name=name, obj=self)

    def __dir__(self) -> Iterable[str]:
        from workbench.analytics import ANALYSES

        return [*super().__dir__(), *(each.called for each in ANALYSES.values())]

    # -- identity ---------------------------------------------------------------------

    judgements = _asks(View.judgements)
    judgements_of = _asks(resolution.judgements_of)
    common_values = _asks(resolution.common_values)
    listed_common = _asks(View.listed_common)
    proposals = _asks(resolution.proposals)
    may_also_be = _asks(resolution.may_also_be)
    clusters_to_check = _asks(resolution.clusters_to_check)
    to_check = _asks(resolution.to_check)
    contradictions = _asks(resolution.contradictions)
    contradictions_of = _asks(resolution.contradictions_of)

    def resolve(self) -> resolution.Report:
        """All joins of the view, all refused joins, the values that are set aside, and how many clusters to check.

        `score` makes the scores by which some are joined. Both first recompute claims if the normaliser has changed.
        """
        self.store.refresh_claims()
        return resolution.report(self.view)

    def score(self, new: bool = False, train: bool = False) -> "Scoring":
        """Score who may be one among all that this viewer sees, and publish it; see `resolve.scoring.score`."""
        from workbench.resolve.scoring import score

        whole = self._whole()
        self.store.refresh_claims()
        return self._renewed(score(self.store, whole, new, train))

    def same(self, a: str, b: str, why: str, override: bool = False, evidence: Sequence[str] = ()) -> Judgement:
        """Judge that two entities are the same, on `evidence` (record keys) or on all visible records about both.

        UsageError if a visible judgement `different` contradicts it, unless another person gives `override`.
        NotFound for an entity or record that is not in this view. See `resolve.judge`.
        """
        return self._judge(a, b, "same", why, evidence, override)

    def different(self, a: str, b: str, why: str, evidence: Sequence[str] = ()) -> Judgement:
        """Judge that two entities are different; then only an override can join them. See `same`."""
        return self._judge(a, b, "different", why, evidence)

    def unsure(self, a: str, b: str, why: str, evidence: Sequence[str] = ()) -> Judgement:
        """Record that two entities were compared without a decision: it neither joins them nor keeps them apart."""
        return self._judge(a, b, "unsure", why, evidence)

    def judge_all(self, rows: Sequence[Mapping[str, Any]]) -> resolution.Judged:
        """Judge the pairs in rows with `a`, `b`, `verdict`, `why`: all or none. See `resolve.judge_all`."""
        return self._renewed(resolution.judge_all(self.store, self._whole(), rows))

    def undo(self, judgement: str) -> str:
        """Withdraw one's own judgement, by its id; returns the revision's token. See `resolve.undo`."""
        return self._renewed(resolution.undo(self.store, self._whole(), judgement))

    def add_common(
        self, kind: str, value: str, why: str, marking: str | None = None, agency: str | None = None
    ) -> CommonEntry:
        """List a value of a kind (address, phone, account ...) as common; see `resolve.add_common`."""
        return self._renewed(resolution.add_common(self.store, self._whole(), kind, value, why, marking, agency))

    def remove_common(self, kind: str, value: str) -> CommonEntry:
        """Take a value off the list of common values; NotFound if it is not listed."""
        return self._renewed(resolution.remove_common(self.store, self._whole(), kind, value))

    def remark(self, targets: Sequence[str], marking: str) -> int:
        """Re-mark records, by dataset or key, at every revision; returns how many changed. See `resolve.remark`."""
        return self._renewed(resolution.remark(self.store, self._whole(), targets, marking))

    def _judge(self, a: str, b: str, verdict: str, why: str, evidence: Sequence[str], over: bool = False) -> Judgement:
        made = resolution.judge(self.store, self._whole(), a, b, verdict, why, override=over, evidence=evidence)
        return self._renewed(made)

    # -- files in and out -------------------------------------------------------------

    loads = _asks(View.loads)

    def load(self, paths: Place | Iterable[Place], **said: "Unpack[Said]") -> "LoadReport":
        """Load files, archives or folders in the viewer's name; returns a report, file by file.

        The options are those of `ingest load`: `adapter`, `manifest`, `agency`, `dataset`, `delivered` (a date, or a
        text such as 2026-03-31), `marking`, `allow_empty`, `resolve` (score too), `workers`, and also `progress`.
        AccessDenied, before any file is opened, if the viewer may not load for the agency; UsageError or InputError for
        wrong options or files; StoreError if the store failed and nothing changed.
        """
        from ingest.pipeline import load

        return self._renewed(load(self.store, paths, **self._options("load", said)))

    def dry_run(self, paths: Place | Iterable[Place], **said: "Unpack[Said]") -> "LoadReport":
        """The report that `load` would return: does the load without publishing it, and undoes it."""
        from ingest.pipeline import dry_run

        return dry_run(self.store, paths, **self._options("dry_run", said))

    def load_batch(
        self, batch: "Place | tuple[Planned, ...]", dry_run: bool = False, keep_going: bool = False
    ) -> "Iterator[Ran]":
        """Run the loads of a batch file in order; yields each report when its load is done. See `ingest.run_jobs`.

        A load that fails ends the batch with its error. With `keep_going` its error is yielded, and the next is run.
        """
        from ingest.jobs import run_jobs

        self._refuse_writing()
        plan = batch if isinstance(batch, tuple) else _path(batch, "batch")
        who, purpose = (self.viewer, self.by), self._purpose_of_loads()
        return map(self._renewed, run_jobs(self.store, plan, *who, purpose, dry_run=dry_run, keep_going=keep_going))

    def withdraw(self, load: str, why: str) -> Withdrawn:
        """Withdraw a load by its id (see `loads`), as if it had never been. See `ingest.withdraw`."""
        from ingest.withdrawing import withdraw

        return self._renewed(withdraw(self.store, self._whole(), load, by=self.by, why=why))

    def quarantine(self, ids: Iterable[str] = ()) -> tuple[Quarantined, ...]:
        """Units in quarantine, with their bytes: those with these ids, or all of the viewer's agencies."""
        from ingest.quarantine import chosen

        return chosen(self.view, ids)

    def replay(
        self,
        ids: Sequence[str] = (),
        *,
        adapter: str | None = None,
        manifest: Place | None = None,
        agency: str | None = None,
        dataset: str | None = None,
        marking: str | None = None,
        raw: bytes | None = None,
    ) -> "LoadReport":
        """Read units in quarantine again: those named, or all of an agency and a dataset; see `ingest.quarantine`."""
        from ingest.quarantine import replay

        given = {"adapter": adapter, "agency": agency, "dataset": dataset, "marking": marking}
        by = _path(manifest, "manifest") if manifest else None
        return self._renewed(replay(self.store, self._whole(), ids, by=self.by, manifest=by, raw=raw, **given))

    def discard(self, ids: Sequence[str], why: str) -> tuple[Quarantined, ...]:
        """Delete units from quarantine without reading them; returns those that were still there."""
        from ingest.quarantine import discard

        return self._renewed(discard(self.store, self._whole(), ids, by=self.by, why=why))

    def export(self, form: str, out: Place | None = None) -> int:
        """Write all of the view as `csv`, `ftm`, `graphml` or `html`, with its marking; returns the number of entities.

        `out` is a file, or a folder for `csv`; the default is stdout. UsageError for an unknown format, or a path that
        can't be written; StoreError if markings changed meanwhile: then nothing is written.
        """
        return export_view(self.view, form, _path(out, "out") if out is not None else None)

    def _options(self, what: str, said: "Said") -> "Options":
        """The options of a load or a dry run, with the viewer, who runs it, and what for."""
        from ingest.options import check_said

        with asking_of(self.store).refusals(self.viewer.name, self._purpose or "", what, sayable(said)):
            check_said(said)
        self._refuse_writing()
        return {**said, "viewer": self.viewer, "by": self.by, "purpose": self._purpose_of_loads()}

    def _purpose_of_loads(self) -> str | None:
        """The purpose for the traces of loads: this session's, or the viewer's only one; None if he has several."""
        purposes = self.viewer.purposes
        return self._purpose or (purposes[0] if len(purposes) == 1 else None)

    def _whole(self) -> View:
        """The view to write on; UsageError in a session that is for reading."""
        self._refuse_writing()
        return self.view

    def _refuse_writing(self) -> None:
        """UsageError in a session of an older revision or of some agencies: what is written would not be seen in it."""
        with asking_of(self.store).refusals(self.viewer.name, self._purpose or "", "write", {}):
            if self._revision is not None:
                raise UsageError(
                    "a session of an older revision is for reading: write in one without a revision", "revision"
                )
            if self._is_cut:
                raise UsageError("a session within some agencies is for reading: write in the whole one", "agencies")

    def _renewed(self, done: T) -> T:
        """Return what was done, and drop the view, so that the next question gets a new one."""
        self._viewer = self._view = None
        return done


def _path(given: Place, field: str) -> Path:
    if not isinstance(given, Place):
        raise UsageError(f"{field} must be a path: not {given!r}", field)
    return Path(given)


def open(
    url: str | None = None,
    viewer: str | Viewer | None = None,
    purpose: str | None = None,
    revision: str | None = None,
    viewers: Place | None = None,
    *,
    audit: AuditSink = NO_LEDGER,
) -> Session:
    """Open a store as a viewer, by name from the store's viewers file or from the file `viewers`.

    The default store is `WORKBENCH_STORE`. If there is only one viewer or purpose, it is the default. UsageError if
    one must be named, NotFound for an unknown one, and NoStore if there is no store: reading never creates one.
    `audit` keeps a trace of every question and every write.
    """
    where = store_url(url)
    with naming("url"):
        store = existing_store(where, audit)
    try:
        named = _path(viewers, "viewers") if viewers is not None else None
        case = Session(store, rights_to(store, where, viewer, named), purpose, revision)
        who = viewer.name if isinstance(viewer, Viewer) else viewer or ""
        with asking_of(store).refusals(who, purpose or "", "open", {"revision": revision or ""}):
            _ = case.view  # refuses a wrong viewer, purpose or revision now
    except BaseException:
        store.close()
        raise
    return case


def begin(
    url: str | None = None, viewer: str | None = None, purpose: str | None = None, *, audit: AuditSink = NO_LEDGER
) -> Session:
    """As `open`, for a load: creates the store if there is none, unless the viewer or the purpose is refused.

    No folder is made: UsageError for a file in one that is not there, unless it is the usual store.
    """
    where = store_url(url)
    with Asking(audit).refusals(viewer or "", purpose or "", "begin", {}):
        who = loader_for(where, viewer)
        if purpose is not None:
            who.purpose(purpose)
    store, _ = store_to_load(where, audit)
    return Session(store, partial(viewer_for, store, where, viewer), purpose)
