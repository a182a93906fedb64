"""What a data scientist holds: one view of a store, as graphs, tables and findings."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from inspect import signature
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import networkx as nx
import pandas as pd

from workbench import analytics, resolve
from workbench.access.viewer import Viewer, choose_viewer, read_viewers
from workbench.analytics.catalogue import Analysis
from workbench.analytics.finding import Finding
from workbench.model.ontology import ontology
from workbench.settings import existing_store, viewer_for
from workbench.store.types import Judgement, SourcedRecord
from workbench.view import content
from workbench.view.answers import Entity, Hits
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.walking import Walk

_SEVERAL = "; "
_FIRST = ("record", "schema", "date", "agency", "dataset", "grade", "marking")


class Session:
    """One viewer's view of a store, and what can be asked of it.

    It stays at its revision; only a judgement made through it brings it up to date, unless it
    was opened at a revision that was asked for. A context manager that closes the store.
    """

    def __init__(self, view: View, store: GraphStore, pinned: bool = False) -> None:
        self.view = view
        self.store = store
        self._pinned = pinned

    def __repr__(self) -> str:
        return f"<Session of {self.view.viewer.name} for {self.view.purpose} at {self.view.revision or 'nothing'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    # -- looking ----------------------------------------------------------------------

    def search(self, text: str, limit: int = 20) -> Hits:
        """Entities with a name, number or other text like this, best first."""
        return self.view.search(text, limit)

    def entity(self, entity: str) -> Entity:
        """An entity with every value, who says it, and why its referents are one."""
        return self.view.entity(entity)

    def neighbours(self, entity: str, hops: int = 1) -> Walk:
        """Who and what is within some hops of an entity, and by which ties."""
        return self.view.neighbours(entity, hops)

    def graph(self, projection: str = "persons", count_common: bool = False) -> "nx.Graph[str] | nx.MultiDiGraph[str]":
        """A projection as a networkx graph, as positions are computed on it."""
        return analytics.networkx_graph(self.view, projection, count_common)

    def frame(self, schema: str | None = None) -> pd.DataFrame:
        """A table: of all entities, of the entities of a schema, or of its relationships' records.

        Entities are canonical, indexed by id; where several values are said of one property
        they are joined by "; ". Relationships are indexed by record, with the canonical id of
        each role. InputError for a schema that there is not; StoreError if access changed meanwhile.
        """
        return _frame(self.view, schema)

    # -- analyses ---------------------------------------------------------------------

    if TYPE_CHECKING:  # each of the table is a method: see below

        def __getattr__(self, name: str) -> Callable[..., Finding[Any]]: ...

    # -- judgements -------------------------------------------------------------------

    def same(self, a: str, b: str, why: str, override: bool = False) -> Judgement:
        """Judge that two entities are the same, in the viewer's name; see `resolve.judge`."""
        return self._judge(a, b, "same", why, override)

    def different(self, a: str, b: str, why: str) -> Judgement:
        """Judge that two entities are different, in the viewer's name."""
        return self._judge(a, b, "different", why)

    def undo(self, judgement: str) -> str:
        """Take back a judgement of one's own; the revision's token."""
        token = resolve.undo(self.store, self.view, judgement)
        self._renew()
        return token

    def _judge(self, a: str, b: str, verdict: str, why: str, override: bool = False) -> Judgement:
        made = resolve.judge(self.store, self.view, a, b, verdict, why, override=override)
        self._renew()
        return made

    def _renew(self) -> None:
        if not self._pinned:
            self.view = self.store.view(self.view.viewer, purpose=self.view.purpose)


def _method(analysis: Analysis) -> Callable[..., Finding[Any]]:
    """A session's method that asks for an analysis of its view."""
    ask = analysis.function
    view, *others = signature(ask).parameters.values()

    def asked(self: Session, *args: Any, **options: Any) -> Finding[Any]:
        found: Finding[Any] = ask(self.view, *args, **options)
        return found

    asked.__name__, asked.__qualname__ = analysis.called, f"Session.{analysis.called}"
    asked.__doc__ = f"{ask.__doc__}\n    {analysis.caution}\n    "
    own = [view.replace(name="self", annotation=Session), *others]
    asked.__signature__ = signature(ask).replace(parameters=own)  # type: ignore[attr-defined] # what help shows
    return asked


for _each in analytics.ANALYSES.values():
    setattr(Session, _each.called, _method(_each))


def open(
    url: str,
    viewer: str | Viewer | None = None,
    purpose: str | None = None,
    revision: str | None = None,
    viewers: str | Path | None = None,
) -> Session:
    """Open a store as a viewer: by name from the viewers file of the store, or of `viewers`.

    The only viewer and the only purpose are the default. UsageError where one must be named, or
    where there is no store: reading makes none. NotFound for one that there is not.
    """
    store = existing_store(url)
    try:
        who = viewer if isinstance(viewer, Viewer) else _viewer(store, url, viewer, viewers)
        return Session(store.view(who, purpose=purpose, revision=revision), store, pinned=revision is not None)
    except BaseException:
        store.close()
        raise


def _viewer(store: GraphStore, url: str, name: str | None, viewers: str | Path | None) -> Viewer:
    return viewer_for(store, url, name) if viewers is None else choose_viewer(read_viewers(Path(viewers)).viewers, name)


# -- tables -----------------------------------------------------------------------------


@question
def _frame(view: View, schema: str | None) -> pd.DataFrame:
    with view.at_one_access():
        if schema is None:
            return _summaries(view, view.snapshot().ids)
        found = ontology().require(schema)
        return _relationships(view, schema) if found.edge else _entities(view, schema)


def _summaries(view: View, ids: Sequence[str]) -> pd.DataFrame:
    rows = [(each.id, each.schema, each.caption, _SEVERAL.join(each.datasets)) for each in view.summaries(ids)]
    return pd.DataFrame(rows, columns=["id", "schema", "caption", "datasets"]).set_index("id")


def _entities(view: View, schema: str) -> pd.DataFrame:
    rows, ids = [], []
    for each in content.entities(view, schema):
        said: dict[str, set[str]] = defaultdict(set)
        for record in each.records:
            for name, values in record.record.values().items():
                said[name].update(values)
        ids.append(each.summary.id)
        rows.append({name: _SEVERAL.join(sorted(values)) for name, values in said.items()})
    properties = pd.DataFrame(rows, index=pd.Index(ids, name="id"), columns=sorted({n for row in rows for n in row}))
    return _summaries(view, ids).join(properties)


def _relationships(view: View, schema: str) -> pd.DataFrame:
    snapshot = view.snapshot()
    rows = [_row(snapshot, each) for each in content.relationships(view, schema)]
    names = {name for row in rows for name in row}
    columns = [*_FIRST, *(role for role in ontology().roles(schema) if role in names)]
    return pd.DataFrame(rows, columns=[*columns, *sorted(names - set(columns))]).set_index("record")


def _row(snapshot: Snapshot, each: SourcedRecord) -> dict[str, Any]:
    record = each.record
    return {
        **{name: _SEVERAL.join(said) for name, said in record.values().items()},
        **{role: _SEVERAL.join(ids) for role, ids in content.roles(snapshot, each).items()},
        "record": each.key,
        "schema": record.schema,
        "date": ontology().when(record.values()),
        "agency": record.dataset.agency,
        "dataset": str(record.dataset),
        "grade": str(record.grade or ""),
        "marking": str(record.marking),
    }
