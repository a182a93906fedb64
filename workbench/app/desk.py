"""The desk of one analyst: a chart with its history, the selection, and the chart's name.

Every method is one action of the analyst; none of them draws. What changes the chart alone is done by `did`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.app import charts
from workbench.app.arranging import Arranged, arranged_in, at_once, communities_of, placed
from workbench.app.chart import Chart, Derived, Lead
from workbench.app.drawing import MOST_DRAWN
from workbench.app.expansion import MOST_AT_ONCE, expand
from workbench.app.history import History
from workbench.app.pathway import Pathway, pathway
from workbench.app.text import said
from workbench.app.wire import Wire
from workbench.app.working import Work
from workbench.errors import StoreError, UsageError
from workbench.export.supporting import one_of_each, supporting
from workbench.model.visible import count
from workbench.view.asking import question, writing
from workbench.view.present import mark_of
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.who import members_of

# A step with more records than this keeps one for each marking only, because a chart is saved at every step.
_KEPT_ALL = 2_000
SELECTED, PATH = "Selected", "Path"  # parts of the drawer
_OF_VIEW = ("entities", "leads", "derived", "filters")  # parts of a chart that change with what its view sees
_FOLDED = f"More than {MOST_DRAWN:,} entities: communities are shown as groups, which can be opened."
_PINNED = "Pinned entities stay where they are, whatever their day: free them, and lay out again."
_AT_ONCE = 400  # entities that are laid out while the page waits


@dataclass
class Desk:
    """The state of the page *Explore* for one viewer in one browser session.

    - `standing`: where the chart stands in the store, with its name.
    - `selected`: ids of entities, closed groups and ties that are selected; `part` is the part of the drawer beside
      the chart that is open.
    - `fit`, `focus`: change when the canvas must show all, or the selection;
      `png_wanted` asks it to save itself as a picture.
    - `kept`: the chart in its saved form, from the view in which it was last changed.
    - `named`: the keys of the records behind the chart when it got its name, which the name may reveal; None until
      they are looked up.
    - `work`: what is being computed beside the page, if anything.
    - `catch_up`: takes what the canvas sent and nobody has taken yet.
    """

    standing: charts.Standing
    history: History = field(default_factory=History)
    selected: tuple[str, ...] = ()
    part: str = SELECTED
    fit: int = 0
    focus: int = 0
    png_wanted: bool = False
    kept: Mapping[str, Any] | None = None
    unsaved: bool = False
    named: frozenset[str] | None = frozenset()
    wire: Wire = field(default_factory=Wire, repr=False)
    work: Work | None = field(default=None, repr=False)
    catch_up: Callable[[], None] = field(default=lambda: None, repr=False, compare=False)
    notes: int = field(default=0, init=False)
    _note: str = field(default="", init=False, repr=False)
    _settled: object = field(default=None, init=False, repr=False)
    _kept_of: History | None = field(default=None, init=False, repr=False)
    _walked: tuple[object, tuple[str, str, str], Pathway | None] | None = field(default=None, init=False, repr=False)
    _behind: tuple[object, Chart, tuple[str, ...]] | None = field(default=None, init=False, repr=False)

    @property
    def chart(self) -> Chart:
        """The current chart."""
        return self.history.present

    @property
    def note(self) -> str:
        """What the page says of the last action; `notes` counts, so that the same is said again."""
        return self._note

    @note.setter
    def note(self, text: str) -> None:
        self.notes += bool(text or self._note)
        self._note = text

    @property
    def name(self) -> str:
        """The name of the chart."""
        return self.standing.name

    @property
    def one(self) -> str:
        """The entity that is selected, if it is the only thing; else ""."""
        only = self.selected[0] if len(self.selected) == 1 else ""
        return only if only in self.chart.entities else ""

    def did(self, chart: Chart, note: str = "") -> None:
        """Make a changed chart the current one; it can be undone."""
        self.note = note
        before = self.history
        self.history = before.did(chart)
        self.unsaved |= self.history is not before

    # -- what is on it --------------------------------------------------------------------

    @question
    def open(self, view: View, entity: str) -> None:
        """Put an entity on the chart, and select it."""
        self._add(view, [entity])
        self.select([entity])
        self.focus += 1

    def select(self, ids: Iterable[str]) -> None:
        """Select entities, closed groups and ties, and no others."""
        self.selected = tuple(dict.fromkeys(ids))
        if self.selected:
            self.part = SELECTED

    @question
    def expand(
        self,
        view: View,
        entities: Sequence[str],
        relationship: str | None = None,
        schema: str | None = None,
        limit: int = MOST_AT_ONCE,
    ) -> None:
        """Add the neighbours of some entities, of all kinds or one, as many as the limit allows."""
        expansion = expand(view, entities, self.chart.entities, relationship, schema, limit)
        if not expansion.entities:
            self.note = "All its neighbours in this view are already on the chart."
        if not expansion.entities or not self._add(view, (*entities, *expansion.entities)):
            return
        added = count(len(expansion.entities), "entity", "entities") + " added"
        self.note = (
            f"{added}; {expansion.left} more are left: expand again to add them." if expansion.left else added + "."
        )

    @question
    def add_lead(self, view: View, lead: Lead) -> None:
        """Put a predicted relationship on the canvas, drawn as a lead.

        UsageError for a lead without supporting records.
        """
        if not lead.records:
            raise UsageError("a lead needs the keys of its supporting records: take it from a prediction's row")
        self._add(view, [lead.a, lead.b], lead.records, onto=self.chart.led(lead))
        self.select([lead.a])

    @question
    def show(self, view: View, entities: Iterable[str], records: Iterable[str] = ()) -> None:
        """Put several entities on the chart, and select them.

        `records` are the keys of the supporting records of the finding that they come from.
        """
        wanted = list(dict.fromkeys(entities))
        if wanted and self._add(view, wanted, records):
            self.select(wanted)
            self.focus += 1

    @question
    def show_derived(
        self, view: View, entities: Sequence[str], derived: Sequence[Derived], records: Iterable[str]
    ) -> None:
        """Put the entities of a finding on the chart, with the ties that it derived among them."""
        behind = {*records, *(key for each in derived for key in each.records)}
        chart = self.chart.added(entities).with_derived(derived)
        self._add(view, (), behind, onto=chart)
        self.lay_out(view)

    def write(self, text: str) -> None:
        """Change the note on the chart."""
        self.did(replace(self.chart, text=text.strip()))

    def note_on(self, entity: str, text: str) -> None:
        """Change the note on an entity."""
        self.did(self.chart.noting(entity, text.strip()))

    def ask_for_png(self) -> None:
        """Have the canvas save itself as a picture."""
        self.png_wanted = True

    # -- layout -----------------------------------------------------------------------------

    @question
    def lay_out(self, view: View, kind: str = "organic", changed: Chart | None = None) -> None:
        """Lay out what is shown of the chart (or of a changed one) again; beside the page if it is large."""
        chart = self.chart if changed is None else changed
        arrange = arranged_in(view, chart, kind)
        if len(chart.shown) <= _AT_ONCE:
            self._laid_out(chart, arrange())
            return
        if changed is not None:
            self.did(changed)
        self.work = Work("Laying out", arrange, lambda found: self._laid_out(self.chart, found))

    def _laid_out(self, chart: Chart, found: Arranged) -> None:
        """Take over the places of a layout."""
        places = {**chart.positions, **found.places}
        note = _PINNED if found.axis and chart.pinned else ""
        self.did(replace(chart, positions=places, layout=found.kind, axis=found.axis), note)
        self.fit += 1

    # -- paths --------------------------------------------------------------------------------

    @question
    def path(self, view: View, *, start: str | None = None, end: str | None = None) -> None:
        """Choose the start or end of the path; once both are chosen, the path is put on the chart."""
        ends = (self.chart.start if start is None else start, self.chart.end if end is None else end)
        self._walk(view, self.chart.added(filter(None, ends)).between_ends(*ends))

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
        return tuple(sorted({*self._evidence(view), *(self.named or ())}))

    @writing
    def save(self, store: GraphStore, view: View) -> None:
        """Save the chart under its name, if it changed and is not empty; a failure is shown as a note."""
        if self.named is None:
            self.named = frozenset(self._evidence(view))
        wanted = self.unsaved and bool(self.chart.entities)
        if self._kept_of is not self.history or wanted:
            self.kept, self._kept_of = charts.body(view, self.chart), self.history
        if self.kept is None or not wanted:
            return
        try:
            saved = charts.save(store, view, self.kept, self.standing, self._evidence(view), self.named)
        except StoreError as error:
            self.note = f"Not saved yet, the next step tries again: {said(error)}"
            return
        if saved.name != self.name:
            self.note = f"Another of your sessions saved a chart as {self.name!r}: this one is kept as {saved.name!r}."
        self.standing, self.unsaved = charts.Standing(str(saved.body["id"]), saved.name, saved.at), False

    @writing
    def save_version(self, store: GraphStore, view: View, label: str) -> None:
        """Keep the chart as it is now under a label."""
        wanted = " ".join(label.split())
        if not wanted:
            raise UsageError("a version needs a name")
        charts.save_version(store, view, self.chart, self.standing, wanted, self.behind(view))
        self.note = f"Kept as version {wanted!r}."

    def rename(self, name: str, taken: Iterable[str]) -> None:
        """Save the chart under another name from now on; UsageError if another chart has that name."""
        wanted = " ".join(name.split())
        if not wanted or wanted == self.name:
            return
        if wanted in taken:
            raise UsageError(f"another chart is called {wanted!r}: open that one, or choose another name")
        before = self.standing.before or (self.name if self.standing.at else "")
        self.standing = replace(self.standing, name=wanted, before=before)
        self.named, self.unsaved = None, True

    @question
    def settle(self, view: View) -> None:
        """Move the chart to another view of its viewer, after content or rights changed."""
        changed = self.kept is not None and self._settled is not mark_of(view)
        if changed and self.kept is not None and not self._stands_in(view, self.kept):
            unsaved, note, before = self.unsaved, self._note, self.history
            self._take(view, self.kept)
            if steps := charts.followed(view, (*before.past, *before.future)):
                n = len(before.past)
                self.history = self._kept_of = History(self.chart, steps[:n], steps[n:])
            self.unsaved, self._note = unsaved, note  # changes that could not be saved are saved later
        self._settled = mark_of(view)

    @question
    def reopen(self, view: View, standing: charts.Standing, kept: Mapping[str, Any]) -> None:
        """Open a saved chart in this view; `standing` has a time of one's own chart, and none of another's."""
        self.standing, self.named = standing, frozenset(kept.get("named", ()))
        self._take(view, kept)

    @question
    def return_to(self, view: View, kept: Mapping[str, Any]) -> None:
        """Make the chart what it was in a version; it can be undone."""
        self._put(view, charts.reopened(view, kept))
        self.fit += 1

    # -- inside ---------------------------------------------------------------------------------

    @question
    def _evidence(self, view: View) -> tuple[str, ...]:
        """The keys of the records behind the chart, looked up once for what is on it."""
        chart = Chart(
            self.chart.entities, leads=self.chart.leads, derived=self.chart.derived, records=self.chart.records
        )
        if self._behind is None or self._behind[0] is not mark_of(view) or self._behind[1] != chart:
            self._behind = (mark_of(view), chart, charts.evidence(view, chart))
        return self._behind[2]

    def _take(self, view: View, kept: Mapping[str, Any]) -> None:
        """Replace the chart by what this view sees of its saved form."""
        self.kept, self.history = kept, History(placed(view, charts.reopened(view, kept)))
        self._kept_of, self.unsaved, self.note, self.work = self.history, False, "", None
        self.selected = tuple(each for each in self.selected if each in self.chart.entities)
        self.fit += 1

    def _stands_in(self, view: View, kept: Mapping[str, Any]) -> bool:
        """Whether a view sees the chart and its history unchanged, and nothing more of its saved form."""
        if self._kept_of is self.history:
            again = charts.reopened(view, kept)
            if any(getattr(again, name) != getattr(self.chart, name) for name in _OF_VIEW):
                return False
        steps = (*self.history.past, self.chart, *self.history.future)
        keys = {key for step in steps for tie in step.unrecorded for key in tie.records}
        entities = {each for step in steps for each in step.entities}
        members = members_of(view, sorted(entities))
        same = all(each in members and members[each][0] == each for each in entities)
        return same and keys == {each.key for each in view.records(sorted(keys))}

    def _add(self, view: View, entities: Iterable[str], records: Iterable[str] = (), onto: Chart | None = None) -> bool:
        chart = (onto or self.chart).added(entities)
        if not self.chart.entities:
            self.fit += 1
        folded = len(chart.shown) - len(chart.units) > MOST_DRAWN
        if folded:
            chart = communities_of(view, chart)
            if len(set(chart.shown) - chart.units.keys()) > MOST_DRAWN:
                self.note = f"A chart shows at most {MOST_DRAWN:,} entities: hide some, or begin another one."
                return False
        self._put(view, chart, records, arranged=folded)
        if folded:
            self.note = _FOLDED
        return True

    def _walk(self, view: View, chart: Chart) -> None:
        self.part = PATH
        pathway = self.walked(view, chart)
        route = pathway.route(chart.choice) if pathway and pathway.routes else None
        if not self.chart.entities:
            self.fit += 1
        if route is None:
            self._put(view, chart)
        else:
            self._put(view, chart.added(route.entities), route.records)

    def _put(self, view: View, chart: Chart, records: Iterable[str] = (), arranged: bool = False) -> None:
        """Add a step that puts something on the chart, with the records that show it and those that led to it.

        All of it is laid out again if much is new, or if that is asked for (`arranged`).
        """
        behind = supporting(view, chart.entities, records)
        kept = behind if len(behind) <= _KEPT_ALL else one_of_each(view, behind)
        many = len(set(chart.entities) - chart.positions.keys()) > _AT_ONCE
        self.did((at_once(chart) if many else placed(view, chart)).resting_on(kept))
        if many or arranged:
            self.lay_out(view)

    def _turn(self, history: History) -> None:
        self.note = "" if history is not self.history else "There is nothing more to undo or redo."
        self.unsaved |= history is not self.history
        self.history = history
        known = {*self.chart.entities, *(each.id for each in self.chart.groups)}
        self.selected = tuple(each for each in self.selected if each in known)
