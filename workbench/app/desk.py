"""What one analyst has before him: a chart with its history, what is selected, its name.

Every method is one thing that the analyst does; none of them draws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Any

from workbench.analytics.layout import lay_out
from workbench.app import charts
from workbench.app.chart import Chart, Filters, History, Lead, Place
from workbench.app.demo import Demo
from workbench.app.drawing import MOST_DRAWN, pairs_among
from workbench.app.expansion import expand, on_chart
from workbench.app.pathway import Pathway, pathway
from workbench.app.text import count
from workbench.errors import NotFound, StoreError, UsageError
from workbench.store.base import GraphStore
from workbench.store.snapshot import Snapshot
from workbench.store.view import View


@dataclass
class Desk:
    """The state of the page *Explore* of one session.

    `opened` tells one chart on the canvas from the next; `layout` changes when the canvas has
    to place everything anew, `focus` when it has to bring what is selected into sight; `kept`
    is the chart as it is saved, in the view in which it was last changed.
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
    _kept_of: History | None = field(default=None, init=False, repr=False)
    _walked: tuple[Snapshot, tuple[str, str, str], Pathway | None] | None = field(default=None, init=False, repr=False)

    @property
    def chart(self) -> Chart:
        """The chart as it is."""
        return self.history.present

    # -- what is on it --------------------------------------------------------------------

    def open(self, view: View, entity: str) -> None:
        """Put an entity on the chart, and select it."""
        self._add(view, [entity])
        self.select(entity)
        self.focus += 1

    def select(self, entity: str) -> None:
        """Show the profile of an entity."""
        self.selected = entity

    def expand(self, view: View, entity: str, relationship: str | None = None, schema: str | None = None) -> None:
        """Add the neighbours of an entity, of all kinds or one, as many as fit."""
        snapshot = view.snapshot()
        found = expand(snapshot, entity, on_chart(snapshot, self.chart.entities), relationship, schema)
        if not found.entities:
            self.note = "Everything that it is tied to in this view is on the chart."
        if not found.entities or not self._add(view, found.entities):
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

    def add_lead(self, view: View, lead: Lead) -> None:
        """Put a predicted relationship on the canvas, as the lead that it is."""
        leads = tuple(dict.fromkeys((*self.chart.leads, lead)))
        self._add(view, [lead.a, lead.b], replace(self.chart, leads=leads))
        self.select(lead.a)

    def show(self, view: View, entities: Iterable[str]) -> None:
        """Put several entities on the chart, and select the first."""
        wanted = list(entities)
        self._add(view, wanted)
        if wanted:
            self.select(wanted[0])
            self.focus += 1

    # -- where it lies ----------------------------------------------------------------------

    def move(self, places: Mapping[str, Place]) -> None:
        """Keep where entities were dragged to."""
        self._did(self.chart.moved(places))

    def lay_out(self, view: View) -> None:
        """Place everything anew."""
        chart = self.chart
        self._did(replace(chart, positions=lay_out(chart.entities, pairs_among(view, chart.entities))))
        self.layout += 1

    # -- paths and filters -------------------------------------------------------------------

    def path(self, view: View, *, start: str | None = None, end: str | None = None) -> None:
        """Choose where the path starts or ends; with both, it is put on the chart."""
        ends = (self.chart.start if start is None else start, self.chart.end if end is None else end)
        self._walk(view, self.chart.added(filter(None, ends)).between(*ends))

    def walk_in(self, view: View, projection: str) -> None:
        """Look for the path in another projection."""
        self._walk(view, replace(self.chart, projection=projection, choice=0))

    def walked(self, view: View, chart: Chart | None = None) -> Pathway | None:
        """The paths that a chart (this one) asks for, as this view has them; found once."""
        asked = chart or self.chart
        question = (asked.start, asked.end, asked.projection)
        if self._walked is None or self._walked[0] is not view.snapshot() or self._walked[1] != question:
            self._walked = (view.snapshot(), question, pathway(view, asked))
        return self._walked[2]

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

    def save(self, store: GraphStore, view: View) -> None:
        """Keep the chart under its name, if it changed and is not empty; a store that can't is told of."""
        if self._kept_of is not self.history:
            self.kept, self._kept_of = charts.body(view, self.chart), self.history
        if not self.unsaved or not self.chart.entities:
            return
        try:
            charts.save(store, view, self.name, self.chart)
            self.unsaved = False
        except StoreError as error:
            self.note = f"Not saved yet, the next step tries again: {error}"

    def rename(self, name: str, taken: Iterable[str]) -> None:
        """Keep the chart under another name from now on; UsageError for a name of another chart."""
        wanted = " ".join(name.split())
        if not wanted or wanted == self.name:
            return
        if wanted in taken:
            raise UsageError(f"another chart is called {wanted!r}: open that one, or choose another name")
        self.name, self.unsaved = wanted, True

    def settle(self, view: View) -> None:
        """Take the chart over into another view: of another viewer, of changed content or rights."""
        if self.kept is not None and not self._stands_in(view, self.kept):
            self.reopen(view, self.name, self.kept)

    def reopen(self, view: View, name: str, kept: Mapping[str, Any]) -> None:
        """Open a kept chart as this view sees it."""
        self.name, self.kept, self.unsaved = name, kept, False
        self.history = self._kept_of = History(_placed(view, charts.reopened(view, kept)))
        self.opened = token_hex(4)
        self.selected = self.selected if self.selected in self.chart.entities else ""
        self.layout += 1

    # -- inside ---------------------------------------------------------------------------------

    def _stands_in(self, view: View, kept: Mapping[str, Any]) -> bool:
        """Whether a view sees the chart as it is; a change that is not kept yet need only be seen."""
        if self._kept_of is self.history:
            return charts.reopened(view, kept).entities == self.chart.entities
        try:
            return all(view.canonical(entity) == entity for entity in self.chart.entities)
        except NotFound:
            return False

    def _add(self, view: View, entities: Iterable[str], onto: Chart | None = None) -> bool:
        before = self.chart
        chart = (before if onto is None else onto).added(entities)
        if len(chart.shown) > MOST_DRAWN:
            self.note = f"A chart shows at most {MOST_DRAWN:,} entities: hide some, or begin another one."
            return False
        if not before.entities:
            self.layout += 1
        self._did(_placed(view, chart))
        return True

    def _walk(self, view: View, chart: Chart) -> None:
        found = self.walked(view, chart)
        if found and found.routes:
            chart = chart.added(found.route(chart.choice).entities)
        if not self.chart.entities:
            self.layout += 1
        self._did(_placed(view, chart))

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


def _placed(view: View, chart: Chart) -> Chart:
    places = lay_out(chart.entities, pairs_among(view, chart.entities), chart.positions)
    return replace(chart, positions=places)


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
