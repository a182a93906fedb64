"""What everybody holds: one viewer's view of a store, all that can be asked of it, and all that can be done there.

Notebooks use it as it is; command line and dashboard stand on it. Each capability is here once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, wraps
from inspect import signature
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar, Unpack

from workbench import resolve as resolution
from workbench.access.viewer import Viewer, choose_viewer, read_viewers
from workbench.export import export_view
from workbench.settings import existing_store, loader_for, open_store, operator, store_url, viewer_for
from workbench.store.types import CommonEntry, Judgement, Quarantined, Withdrawn
from workbench.view.store import GraphStore
from workbench.view.view import View

if TYPE_CHECKING:  # what is large is imported when it is asked for: a short answer starts soon
    import networkx as nx
    import pandas as pd

    from ingest.jobs import Job
    from ingest.pipeline import Options, Said
    from ingest.report import LoadReport
    from workbench.analytics import Analysis, Finding

P = ParamSpec("P")
T = TypeVar("T")
Place = str | Path


def _asks(ask: Callable[Concatenate[View, P], T]) -> Callable[Concatenate["Session", P], T]:
    """A session's method that asks its view a question, by the name, the signature and the words of that."""

    @wraps(ask)
    def asked(self: "Session", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return ask(self.view, *args, **kwargs)

    return asked


class Session:
    """One viewer's view of a store, what can be asked of it, and what can be done in his name.

    `view` stays at its revision; what is written through the session brings it up to date, unless a revision
    was asked for. `rights` says who looks, and is asked anew then. `by` is who runs the process, for provenance.
    A context manager that closes the store.
    """

    def __init__(
        self,
        store: GraphStore,
        rights: Callable[[], Viewer],
        purpose: str | None = None,
        revision: str | None = None,
        by: str = "",
    ) -> None:
        self.store = store
        self._rights, self._by = rights, by
        self._purpose, self._revision = purpose, revision
        self._agencies: frozenset[str] | None = None
        self._viewer: Viewer | None = None
        self._view: View | None = None

    def __repr__(self) -> str:
        return f"<Session of {self.viewer.name} for {self.view.purpose} at {self.view.revision or 'nothing'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    @property
    def viewer(self) -> Viewer:
        """Who looks."""
        self._viewer = self._viewer or self._rights()
        return self._viewer

    @property
    def view(self) -> View:
        """What he sees; everything is asked of it. UsageError for a purpose that he has not."""
        if self._view is None:
            whole = self.store.view(self.viewer, purpose=self._purpose, revision=self._revision)
            self._view = whole if self._agencies is None else whole.within(self._agencies)
        return self._view

    @property
    def by(self) -> str:
        """Who loads, for provenance: the account of this process as the viewer, unless somebody else was named."""
        return self._by or operator(self.viewer)

    def within(self, agencies: Iterable[str]) -> "Session":
        """The same session cut down to the records of some agencies, identity computed from them alone."""
        cut = Session(self.store, self._rights, self._purpose, self._revision, self._by)
        wanted = frozenset(agencies)
        cut._agencies = wanted if self._agencies is None else wanted & self._agencies
        cut._view = self.view.within(wanted)
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

    def graph(self, projection: str = "persons", count_common: bool = False) -> "nx.Graph[str] | nx.MultiDiGraph[str]":
        """A projection as a networkx graph, as positions are computed on it; see `analytics.networkx_graph`."""
        from workbench.analytics import networkx_graph

        return networkx_graph(self.view, projection, count_common)

    def frame(self, schema: str | None = None) -> "pd.DataFrame":
        """A table: of all entities, of the entities of a schema, or of its relationships' records.

        Entities are canonical, indexed by id; where several values are said of one property
        they are joined by "; ". Relationships are indexed by record, with the canonical id of
        each role. InputError for a schema that there is not; StoreError if access changed meanwhile.
        """
        from workbench.analytics.frames import frame

        return frame(self.view, schema)

    # -- analyses ---------------------------------------------------------------------

    def __getattr__(self, name: str) -> "Callable[..., Finding[Any]]":
        """Each analysis of the table is a method: `case.key_players(measure="degree")`."""
        if not name.startswith("_"):
            from workbench.analytics import ANALYSES

            for each in ANALYSES.values():
                if each.called == name:
                    return _method(self, each)
        raise AttributeError(f"a session has no {name!r}", name=name, obj=self)

    def __dir__(self) -> Iterable[str]:
        from workbench.analytics import ANALYSES

        return [*super().__dir__(), *(each.called for each in ANALYSES.values())]

    # -- who is who -------------------------------------------------------------------

    judgements = _asks(View.judgements)
    common_values = _asks(resolution.common_values)
    listed_common = _asks(View.listed_common)

    def resolve(self) -> resolution.Report:
        """All joins of the view, all that were refused, and the values that join nobody.

        Claims are computed again first where the normaliser changed.
        """
        self.store.refresh_claims()
        return resolution.report(self.view)

    def same(self, a: str, b: str, why: str, override: bool = False, evidence: Sequence[str] = ()) -> Judgement:
        """Judge that two entities are the same, in the viewer's name, on records by key or all that he sees of both.

        UsageError against a `different` that he sees, until somebody else than who said so gives `override`;
        NotFound for what he does not see. See `resolve.judge`.
        """
        return self._judge(a, b, "same", why, evidence, override)

    def different(self, a: str, b: str, why: str, evidence: Sequence[str] = ()) -> Judgement:
        """Judge that two entities are different, as `same` does: nothing joins them then but an override."""
        return self._judge(a, b, "different", why, evidence)

    def unsure(self, a: str, b: str, why: str, evidence: Sequence[str] = ()) -> Judgement:
        """Put on record that it was looked at and not decided: it joins nobody and keeps nobody apart."""
        return self._judge(a, b, "unsure", why, evidence)

    def undo(self, judgement: str) -> str:
        """Take back a judgement of one's own, by its id; the revision's token. See `resolve.undo`."""
        return self._renewed(resolution.undo(self.store, self.view, judgement))

    def add_common(
        self, kind: str, value: str, why: str, marking: str | None = None, agency: str | None = None
    ) -> CommonEntry:
        """List a value of a kind (address, phone, account ...) as common; see `resolve.add_common`."""
        return self._renewed(resolution.add_common(self.store, self.view, kind, value, why, marking, agency))

    def remove_common(self, kind: str, value: str) -> CommonEntry:
        """Take a value off the list of common ones; NotFound where it is not on it."""
        return self._renewed(resolution.remove_common(self.store, self.view, kind, value))

    def remark(self, targets: Sequence[str], marking: str) -> int:
        """Give records, by dataset or key, another marking at every revision; how many. See `resolve.remark`."""
        return self._renewed(resolution.remark(self.store, self.view, targets, marking))

    def _judge(
        self, a: str, b: str, verdict: str, why: str, evidence: Sequence[str], override: bool = False
    ) -> Judgement:
        made = resolution.judge(self.store, self.view, a, b, verdict, why, override=override, evidence=evidence)
        return self._renewed(made)

    # -- files in and out -------------------------------------------------------------

    loads = _asks(View.loads)

    def load(self, paths: Place | Iterable[Place], **said: "Unpack[Said]") -> "LoadReport":
        """Load files, archives or folders in the viewer's name: what became of their units, file by file.

        `adapter`, `manifest`, `agency`, `dataset`, `delivered` (a day, as 2026-03-31), `marking`, `allow_empty` and
        `progress` are what `ingest load` takes. AccessDenied, before a file is opened, where he may not load for the
        agency; UsageError or InputError for what can't be; StoreError where nothing was changed.
        """
        from ingest.pipeline import load

        return self._renewed(load(self.store, _paths(paths), **self._options(said)))

    def dry_run(self, paths: Place | Iterable[Place], **said: "Unpack[Said]") -> "LoadReport":
        """What `load` would do: it does it all unseen, and takes it back."""
        from ingest.pipeline import dry_run

        return dry_run(self.store, _paths(paths), **self._options(said))

    def load_batch(self, batch: Place) -> "Iterator[tuple[Job, LoadReport]]":
        """Run the loads of a batch file one after another; each is told when it is done. See `ingest.run_jobs`."""
        from ingest.jobs import run_jobs

        for done in run_jobs(self.store, Path(batch), self.viewer, self.by):
            yield self._renewed(done)

    def withdraw(self, load: str, why: str) -> Withdrawn:
        """Take back a load by its id (`loads`): all stands then as if it had never been. See `ingest.withdraw`."""
        from ingest.withdraw import withdraw

        return self._renewed(withdraw(self.store, self.view, load, by=self.by, why=why))

    def quarantine(self, ids: Iterable[str] = ()) -> tuple[Quarantined, ...]:
        """Units that could not be read, with their bytes: those with these ids, or all of the viewer's agencies."""
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
        """Read units of quarantine again, those named or all of an agency and a dataset; see `ingest.quarantine`."""
        from ingest.quarantine import replay

        given = {"adapter": adapter, "agency": agency, "dataset": dataset, "marking": marking}
        by = Path(manifest) if manifest else None
        return self._renewed(replay(self.store, self.view, ids, by=self.by, manifest=by, raw=raw, **given))

    def discard(self, ids: Sequence[str], why: str) -> tuple[Quarantined, ...]:
        """Take units out of quarantine unread, for good; those that were in it still."""
        from ingest.quarantine import discard

        return self._renewed(discard(self.store, self.view, ids, by=self.by, why=why))

    def export(self, form: str, out: Place | None = None) -> int:
        """Write all of the view as `csv`, `ftm`, `graphml` or `html`, marked, to a file or folder; how many entities.

        To stdout without a place. UsageError for a format that there is not, or a place that can't be written to;
        StoreError if access changed meanwhile: then no file is written.
        """
        return export_view(self.view, form, Path(out) if out is not None else None)

    def _options(self, said: "Said") -> "Options":
        """What is said of a load, with who loads, and by whose right."""
        return {**said, "viewer": self.viewer, "by": self.by}

    def _renewed(self, done: T) -> T:
        """What was done; the view is taken anew when it is asked for."""
        self._viewer = self._view = None
        return done


def _method(case: Session, analysis: "Analysis") -> "Callable[..., Finding[Any]]":
    """What asks for an analysis of a session's view."""
    ask = analysis.function
    _, *others = signature(ask).parameters.values()

    def asked(*args: Any, **options: Any) -> "Finding[Any]":
        found: Finding[Any] = ask(case.view, *args, **options)
        return found

    asked.__name__, asked.__qualname__ = analysis.called, f"Session.{analysis.called}"
    asked.__doc__ = f"{ask.__doc__}\n    {analysis.caution}\n    "
    asked.__signature__ = signature(ask).replace(parameters=others)  # type: ignore[attr-defined] # what help shows
    return asked


def _paths(given: Place | Iterable[Place]) -> list[Path]:
    return [Path(given)] if isinstance(given, str | Path) else [Path(each) for each in given]


def open(
    url: str | None = None,
    viewer: str | Viewer | None = None,
    purpose: str | None = None,
    revision: str | None = None,
    viewers: Place | None = None,
) -> Session:
    """Open a store as a viewer: by name from the viewers file of the store, or of `viewers`.

    The store is `WORKBENCH_STORE` where none is named. The only viewer and the only purpose are the default.
    UsageError where one must be named, or where there is no store: reading makes none. NotFound for one that there
    is not.
    """
    where = store_url(url)
    store = existing_store(where)
    found = Session(store, _rights(store, where, viewer, viewers), purpose, revision)
    try:
        _ = found.view  # who may not look is refused here
    except BaseException:
        store.close()
        raise
    return found


def begin(url: str | None = None, viewer: str | None = None, purpose: str | None = None) -> Session:
    """As `open`, for who loads: a store is made where there is none, but for nobody who is refused."""
    where = store_url(url)
    loader_for(where, viewer)
    store = open_store(where)
    return Session(store, partial(viewer_for, store, where, viewer), purpose)


def _rights(store: GraphStore, url: str, viewer: str | Viewer | None, viewers: Place | None) -> Callable[[], Viewer]:
    """Who looks, asked anew whenever the view is."""
    if isinstance(viewer, Viewer):
        return lambda: viewer
    if viewers is not None:
        return lambda: choose_viewer(read_viewers(Path(viewers)).viewers, viewer)
    return partial(viewer_for, store, url, viewer)
