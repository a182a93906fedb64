"""The desk of one analyst: a chart with its history, the selection, and the chart's name.

Every method is one action of the analyst; none of them draws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from workbench.analytics.layout import lay_out
from workbench.app import charts
from workbench.app.chart import Chart, Filters, History, Lead, Place
from workbench.app.drawing import MOST_DRAWN, pairs_among
from workbench.app.expansion import expand
from workbench.app.pathway import Pathway, pathway
from workbench.app.text import said
from workbench.demo import Demo
from workbench.errors import NotFound, StoreError, UsageError
from workbench.export.supporting import one_of_each, supporting
from workbench.model.visible import count
from workbench.view.asking import question, writing
from workbench.view.present import mark_of
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of

# A step with more records than this keeps one for each marking only, because a chart is saved at every step.
_KEPT_ALL = 2_000


@dataclass
class Desk:
    """The state of the page *Explore* in one browser session.

    - `opened`: identifies the chart on the canvas.
    - `layout`: changes when the canvas must place everything again; `focus`: when it must show the selection.
    - `kept`: the chart in its saved form, from the view in which it was last changed.
    - `named`: the keys of the records behind the chart when it got its name, which the name may reveal; None until
      they are looked up.
    - `standing`: the time of the version that was opened or saved last.
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
    _settled: object = field(default=None, init=False, repr=False)
    _kept_of: History | None = field(default=None, init=False, repr=False)
    _walked: tuple[object, tuple[str, str, str], Pathway | None] | None = field(default=None, init=False, repr=False)

    @property
    def chart(self) -> Chart:
        """The current chart."""
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
        expansion = expand(view, entity, self.chart.entities, relationship, schema)
        if not expansion.entities:
            self.note = "All its neighbours in this view are already on the chart."
        if not expansion.entities or not self._add(view, (entity, *expansion.entities)):
            return
        added = count(len(expansion.entities), "entity", "entities") + " added"
        self.note = (
            f"{added}; {expansion.left} more are left: expand again to add them." if expansion.left else added + "."
        )

    def hide(self, entity: str) -> None:
        """Hide an entity; `restore` shows it again."""
        self._did(self.chart.hiding([entity]))
        self.note = "Hidden. Undo or Restore shows it again."

    def restore(self) -> None:
        """Show all hidden entities."""
        self._did(self.chart.restored())

    @question
    def add_lead(self, view: View, lead: Lead) -> None:
        """Put a predicted relationship on the canvas, drawn as a lead.

        UsageError for a lead without supporting records.
        """
        if not lead.records:
            raise UsageError("a lead needs the keys of its supporting records: take it from a prediction's row")
        self._add(view, [lead.a, lead.b], lead.records, onto=self.chart.led(lead))
        self.select(lead.a)

    @question
    def show(self, view: View, entities: Iterable[str], records: Iterable[str] = ()) -> None:
        """Put several entities on the chart, and select the first.

        `records` are the keys of the supporting records of the finding that they come from.
        """
        wanted = list(entities)
        self._add(view, wanted, records)
        if wanted:
            self.select(wanted[0])
            self.focus += 1

    # -- layout -----------------------------------------------------------------------------

    def move(self, places: Mapping[str, Place]) -> None:
        """Keep the places that entities were dragged to."""
        self._did(self.chart.moved(places))

    @question
    def lay_out(self, view: View) -> None:
        """Lay out the whole chart again."""
        chart = self.chart
        self._did(replace(chart, positions=lay_out(chart.entities, pairs_among(view, chart.entities))))
        self.layout += 1

    # -- paths and filters -------------------------------------------------------------------

    @question
    def path(self, view: View, *, start: str | None = None, end: str | None = None) -> None:
        """Choose the start or end of the path; once both are chosen, the path is put on the chart."""
        ends = (self.chart.start if start is None else start, self.chart.end if end is None else end)
        self._walk(view, self.chart.added(filter(None, ends)).between(*ends))

    @question
    def walk_in(self, view: View, projection: str) -> None:
        """Search for the path in another projection."""
        self._walk(view, replace(self.chart, projection=projection, choice=0))

    @question
    def walked(self, view: View, chart: Chart | None = None) -> Pathway | None:
        """The paths between the ends of a chart (by default this one) in this view, computed once."""
        asked = chart or self.chart
        question = (asked.start, asked.end, asked.projection)
        if self._walked is None or self._walked[0] is not mark_of(view) or self._walked[1] != question:
            self._walked = (mark_of(view), question, pathway(view, asked))
        return self._walked[2]

    @question
    def choose(self, view: View, choice: int) -> None:
        """Highlight another path."""
        self._walk(view, replace(self.chart, choice=choice))

    def forget_path(self) -> None:
        """Remove the path's ends."""
        self._did(self.chart.between("", ""))

    def filter(self, filters: Filters) -> None:
        """Apply these filters."""
        self._did(replace(self.chart, filters=filters))

    # -- steps ---------------------------------------------------------------------------------

    def undo(self) -> None:
        """Undo the last step."""
        self._turn(self.history.undo())

    def redo(self) -> None:
        """Redo the last undone step."""
        self._turn(self.history.redo())

    # -- saving ---------------------------------------------------------------------------------

    @question
    def behind(self, view: View) -> tuple[str, ...]:
        """The keys of the records behind the chart and its name, sorted."""
        return tuple(sorted({*charts.evidence(view, self.chart), *(self.named or ())}))

    @writing
    def save(self, store: GraphStore, view: View) -> None:
        """Save the chart under its name, if it changed and is not empty; a failure is shown as a note."""
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
        """Save the chart under another name from now on; UsageError if another chart has that name."""
        wanted = " ".join(name.split())
        if not wanted or wanted == self.name:
            return
        if wanted in taken:
            raise UsageError(f"another chart is called {wanted!r}: open that one, or choose another name")
        self.name, self.named, self.standing, self.unsaved = wanted, None, "", True

    @question
    def settle(self, view: View) -> None:
        """Move the chart to another view: of another viewer, or after content or rights changed.

        Another viewer gets the part that he sees, under a new name and without history.
        """
        before, self._viewer = self._viewer, view.viewer.name
        if before not in ("", self._viewer):
            self._names[before] = self.name, self.named, self.standing
            self.name, self.named, self.standing = self._names.get(self._viewer) or (new_name(), frozenset(), "")
            self._take(view, self.kept)
        elif self.kept is not None and self._settled is not mark_of(view) and not self._stands_in(view, self.kept):
            unsaved = self.unsaved
            self._take(view, self.kept)
            self.unsaved = unsaved  # changes that could not be saved are saved later
        self._settled = mark_of(view)

    @question
    def reopen(self, view: View, name: str, kept: Mapping[str, Any], standing: str = "") -> None:
        """Open a saved chart in this view; `standing` is the time of one's own version, "" for another's chart."""
        self.name, self.named, self._names = name, frozenset(kept.get("named", ())), {}
        self.standing = standing
        self._take(view, kept)

    # -- inside ---------------------------------------------------------------------------------

    def _take(self, view: View, kept: Mapping[str, Any] | None) -> None:
        """Replace the chart by what this view sees of its saved form; a chart that was never saved becomes empty."""
        chart = _placed(view, charts.reopened(view, kept)) if kept is not None else Chart()
        self.kept, self.history = kept, History(chart)
        self._kept_of, self.unsaved, self.note = self.history, False, ""
        self.opened = token_hex(4)
        self.selected = self.selected if self.selected in self.chart.entities else ""
        self.layout += 1

    def _stands_in(self, view: View, kept: Mapping[str, Any]) -> bool:
        """Whether a view sees the chart and its history unchanged, and nothing more of its saved form."""
        if self._kept_of is self.history:
            again = charts.reopened(view, kept)
            if (again.entities, again.leads) != (self.chart.entities, self.chart.leads):
                return False
        steps = (*self.history.past, self.chart, *self.history.future)
        keys = {key for step in steps for lead in step.leads for key in lead.records}
        entities = {each for step in steps for each in step.entities}
        members = members_of(view, sorted(entities))
        same = all(each in members and members[each][0] == each for each in entities)
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
        pathway = self.walked(view, chart)
        route = pathway.route(chart.choice) if pathway and pathway.routes else None
        if not self.chart.entities:
            self.layout += 1
        if route is None:
            self._put(view, chart)
        else:
            self._put(view, chart.added(route.entities), route.records)

    def _put(self, view: View, chart: Chart, records: Iterable[str] = ()) -> None:
        """Add a step that puts something on the chart, with the records that show it and those that led to it."""
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
    """A name for a new chart, from the current time."""
    return f"Chart of {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def _placed(view: View, chart: Chart) -> Chart:
    places = lay_out(chart.entities, pairs_among(view, chart.entities), chart.positions)
    return replace(chart, positions=places)


@question
def opening(view: View, name: str, demo: Demo | None) -> Desk:
    """The desk of a new browser session: the demo's question, or an empty chart."""
    desk = Desk(name)
    if demo is None:
        return desk
    try:
        ends = [view.canonical(end) for end in (demo.start, demo.end)]
    except NotFound:  # this viewer may not see the entities in the question
        return desk
    desk.path(view, start=ends[0], end=ends[1])
    desk.history, desk.unsaved = History(desk.chart), False
    return desk
