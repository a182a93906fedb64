"""What one analyst has before him: a chart with its history, what is selected, its name.

Every method is one thing that the analyst does; none of them draws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from workbench.analytics.layout import lay_out
from workbench.app import charts
from workbench.app.chart import Chart, Filters, History, Lead, Place
from workbench.app.demo import Demo
from workbench.app.drawing import MOST_DRAWN, pairs_among
from workbench.app.expansion import expand
from workbench.app.pathway import Pathway, pathway
from workbench.app.text import count, said
from workbench.errors import NotFound, StoreError, UsageError
from workbench.export.supporting import one_of_each, supporting
from workbench.view.asking import question, writing
from workbench.view.snapshot import Snapshot
from workbench.view.store import GraphStore
from workbench.view.view import View

# A step that rests on more records is kept as resting on one of each marking: a chart is saved at every step.
_KEPT_ALL = 2_000


@dataclass
class Desk:
    """The state of the page *Explore* of one session.

    `opened` tells one chart on the canvas from the next; `layout` changes when the canvas has
    to place everything anew, `focus` when it has to bring what is selected into sight; `kept`
    is the chart as it is saved, in the view in which it was last changed. `named` are the keys
    of all that the chart rested on when it got its name, which may tell of it: None until they
    are looked up. `standing` is when the version was kept that is opened, or was saved last.
    """

    name: str
    history: History = field(default_factory=History)
    selected: str = ""
    note: str = ""
    opened: str = field(default_factory=lambda: token_hex(4))
    layout: int = 0
    focus: int = 0
    kept: Mapping[str, Any] | None = None
    unsaved: bool = False
    named: frozenset[str] | None = frozenset()
    standing: str = ""
    _names: dict[str, tuple[str, frozenset[str] | None, str]] = field(default_factory=dict, init=False, repr=False)
    _viewer: str = field(default="", init=False, repr=False)
    _settled: Snapshot | None = field(default=None, init=False, repr=False)
    _kept_of: History | None = field(default=None, init=False, repr=False)
    _walked: tuple[Snapshot, tuple[str, str, str], Pathway | None] | None = field(default=None, init=False, repr=False)

    @property
    def chart(self) -> Chart:
        """The chart as it is."""
        return self.history.present

    # -- what is on it --------------------------------------------------------------------

    @question
    def open(self, view: View, entity: str) -> None:
        """Put an entity on the chart, and select it."""
        self._add(view, [entity])
        self.select(entity)
        self.focus += 1

    def select(self, entity: str) -> None:
        """Show the profile of an entity."""
        self.selected = entity

    @question
    def expand(self, view: View, entity: str, relationship: str | None = None, schema: str | None = None) -> None:
        """Add the neighbours of an entity, of all kinds or one, as many as fit."""
        snapshot = view.snapshot()
        found = expand(snapshot, entity, snapshot.places_mask(self.chart.entities), relationship, schema)
        if not found.entities:
            self.note = "Everything that it is tied to in this view is on the chart."
        if not found.entities or not self._add(view, (entity, *found.entities)):
            return
        added = count(len(found.entities), "entity", "entities") + " added"
        self.note = (
            f"{added}; {found.left} more are left: expand again for the next ones." if found.left else added + "."
        )

    def hide(self, entity: str) -> None:
        """Take an entity off the canvas; `restore` brings it back."""
        self._did(self.chart.hiding([entity]))
        self.note = "Hidden. Undo, or restore what is hidden, brings it back."

    def restore(self) -> None:
        """Show all that is hidden."""
        self._did(self.chart.restored())

    @question
    def add_lead(self, view: View, lead: Lead) -> None:
        """Put a predicted relationship on the canvas, as the lead that it is.

        UsageError for one that does not say which records it rests on.
        """
        if not lead.records:
            raise UsageError("a lead needs the keys of the records that it rests on: take it from a prediction's row")
        self._add(view, [lead.a, lead.b], lead.records, onto=self.chart.led(lead))
        self.select(lead.a)

    @question
    def show(self, view: View, entities: Iterable[str], records: Iterable[str] = ()) -> None:
        """Put several entities on the chart, and select the first.

        `records` are the keys of those that the finding rests on which shows them.
        """
        wanted = list(entities)
        self._add(view, wanted, records)
        if wanted:
            self.select(wanted[0])
            self.focus += 1

    # -- where it lies ----------------------------------------------------------------------

    def move(self, places: Mapping[str, Place]) -> None:
        """Keep where entities were dragged to."""
        self._did(self.chart.moved(places))

    @question
    def lay_out(self, view: View) -> None:
        """Place everything anew."""
        chart = self.chart
        self._did(replace(chart, positions=lay_out(chart.entities, pairs_among(view, chart.entities))))
        self.layout += 1

    # -- paths and filters -------------------------------------------------------------------

    @question
    def path(self, view: View, *, start: str | None = None, end: str | None = None) -> None:
        """Choose where the path starts or ends; with both, it is put on the chart."""
        ends = (self.chart.start if start is None else start, self.chart.end if end is None else end)
        self._walk(view, self.chart.added(filter(None, ends)).between(*ends))

    @question
    def walk_in(self, view: View, projection: str) -> None:
        """Look for the path in another projection."""
        self._walk(view, replace(self.chart, projection=projection, choice=0))

    @question
    def walked(self, view: View, chart: Chart | None = None) -> Pathway | None:
        """The paths that a chart (this one) asks for, as this view has them; found once."""
        asked = chart or self.chart
        question = (asked.start, asked.end, asked.projection)
        if self._walked is None or self._walked[0] is not view.snapshot() or self._walked[1] != question:
            self._walked = (view.snapshot(), question, pathway(view, asked))
        return self._walked[2]

    @question
    def choose(self, view: View, choice: int) -> None:
        """Highlight another of the paths found."""
        self._walk(view, replace(self.chart, choice=choice))

    def forget_path(self) -> None:
        """Ask for no path."""
        self._did(self.chart.between("", ""))

    def filter(self, filters: Filters) -> None:
        """Show only what these filters keep."""
        self._did(replace(self.chart, filters=filters))

    # -- steps ---------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last step back."""
        self._turn(self.history.undo())

    def redo(self) -> None:
        """Take a step that was taken back again."""
        self._turn(self.history.redo())

    # -- keeping it -----------------------------------------------------------------------------

    @question
    def behind(self, view: View) -> tuple[str, ...]:
        """Keys of the records that the chart and its name rest on, sorted."""
        return tuple(sorted({*charts.evidence(view, self.chart), *(self.named or ())}))

    @writing
    def save(self, store: GraphStore, view: View) -> None:
        """Keep the chart under its name, if it changed and is not empty; a store that can't is told of."""
        self._viewer = view.viewer.name
        if self.named is None:
            self.named = frozenset(charts.evidence(view, self.chart))
        if self._kept_of is not self.history:
            self.kept, self._kept_of = charts.body(view, self.chart), self.history
        if not self.unsaved or not self.chart.entities:
            return
        try:
            saved = charts.save(store, view, self.name, self.chart, self.named, self.standing)
        except StoreError as error:
            self.note = f"Not saved yet, the next step tries again: {said(error)}"
            return
        if saved.name != self.name:
            self.note = f"Another of your sessions saved a chart as {self.name!r}: this one is kept as {saved.name!r}."
        self.name, self.standing, self.unsaved = saved.name, saved.at, False

    def rename(self, name: str, taken: Iterable[str]) -> None:
        """Keep the chart under another name from now on; UsageError for a name of another chart."""
        wanted = " ".join(name.split())
        if not wanted or wanted == self.name:
            return
        if wanted in taken:
            raise UsageError(f"another chart is called {wanted!r}: open that one, or choose another name")
        self.name, self.named, self.standing, self.unsaved = wanted, None, "", True

    @question
    def settle(self, view: View) -> None:
        """Take the chart over into another view: of another viewer, of changed content or rights.

        Another viewer gets what he sees of it, under a name of his own and without its steps.
        """
        before, self._viewer = self._viewer, view.viewer.name
        if before not in ("", self._viewer):
            self._names[before] = self.name, self.named, self.standing
            self.name, self.named, self.standing = self._names.get(self._viewer) or (new_name(), frozenset(), "")
            self._take(view, self.kept)
        elif self.kept is not None and self._settled is not view.snapshot() and not self._stands_in(view, self.kept):
            unsaved = self.unsaved
            self._take(view, self.kept)
            self.unsaved = unsaved  # what could not be saved yet still has to be
        self._settled = view.snapshot()

    @question
    def reopen(self, view: View, name: str, kept: Mapping[str, Any], standing: str = "") -> None:
        """Open a kept chart as this view sees it; `standing` is when one's own was kept, "" of another's."""
        self.name, self.named, self._names = name, frozenset(kept.get("named", ())), {}
        self.standing = standing
        self._take(view, kept)

    # -- inside ---------------------------------------------------------------------------------

    def _take(self, view: View, kept: Mapping[str, Any] | None) -> None:
        """Put what this view sees of a kept chart in place of this one; what was never kept is gone."""
        chart = _placed(view, charts.reopened(view, kept)) if kept is not None else Chart()
        self.kept, self.history = kept, History(chart)
        self._kept_of, self.unsaved, self.note = self.history, False, ""
        self.opened = token_hex(4)
        self.selected = self.selected if self.selected in self.chart.entities else ""
        self.layout += 1

    def _stands_in(self, view: View, kept: Mapping[str, Any]) -> bool:
        """Whether a view sees the chart and its steps as they are, and nothing more of what is kept."""
        if self._kept_of is self.history:
            again = charts.reopened(view, kept)
            if (again.entities, again.leads) != (self.chart.entities, self.chart.leads):
                return False
        snapshot, steps = view.snapshot(), (*self.history.past, self.chart, *self.history.future)
        keys = {key for step in steps for lead in step.leads for key in lead.records}
        try:
            same = all(snapshot.canonical(each) == each for each in {each for step in steps for each in step.entities})
        except NotFound:
            return False
        return same and keys == {each.key for each in view.records(sorted(keys))}

    def _add(self, view: View, entities: Iterable[str], records: Iterable[str] = (), onto: Chart | None = None) -> bool:
        before = self.chart
        chart = (before if onto is None else onto).added(entities)
        if len(chart.shown) > MOST_DRAWN:
            self.note = f"A chart shows at most {MOST_DRAWN:,} entities: hide some, or begin another one."
            return False
        if not before.entities:
            self.layout += 1
        self._put(view, chart, records)
        return True

    def _walk(self, view: View, chart: Chart) -> None:
        found = self.walked(view, chart)
        route = found.route(chart.choice) if found and found.routes else None
        if not self.chart.entities:
            self.layout += 1
        if route is None:
            self._put(view, chart)
        else:
            self._put(view, chart.added(route.entities), route.records)

    def _put(self, view: View, chart: Chart, records: Iterable[str] = ()) -> None:
        """A step that put something on the chart: it rests on all that shows it, and on what brought it there."""
        behind = supporting(view, chart.entities, records)
        kept = behind if len(behind) <= _KEPT_ALL else one_of_each(view, behind)
        self._did(_placed(view, chart).resting_on(kept))

    def _did(self, chart: Chart) -> None:
        self.note = ""
        before = self.history
        self.history = before.did(chart)
        self.unsaved |= self.history is not before

    def _turn(self, history: History) -> None:
        self.note = ""
        self.unsaved |= history is not self.history
        self.history = history
        self.layout += 1
        if self.selected not in self.chart.entities:
            self.selected = ""


def new_name() -> str:
    """The name of a chart that has none yet: no other of its author has it."""
    return f"Chart of {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def _placed(view: View, chart: Chart) -> Chart:
    places = lay_out(chart.entities, pairs_among(view, chart.entities), chart.positions)
    return replace(chart, positions=places)


@question
def opening(view: View, name: str, demo: Demo | None) -> Desk:
    """The desk of a new session: the demo's question, or an empty chart."""
    desk = Desk(name)
    if demo is None:
        return desk
    try:
        ends = [view.canonical(end) for end in (demo.start, demo.end)]
    except NotFound:  # another viewer may not see whom the question is about
        return desk
    desk.path(view, start=ends[0], end=ends[1])
    desk.history, desk.unsaved = History(desk.chart), False
    return desk
