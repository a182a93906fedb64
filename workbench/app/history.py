"""The steps of a chart: each can be undone and done again."""

from dataclasses import dataclass, field

from workbench.app.chart import Chart

_STEPS_KEPT = 200


@dataclass(frozen=True, slots=True)
class History:
    """A chart with its earlier states, and those that were undone."""

    present: Chart = field(default_factory=Chart)
    past: tuple[Chart, ...] = ()
    future: tuple[Chart, ...] = ()

    def did(self, chart: Chart) -> "History":
        """Add a step, and forget undone ones; a step that changes nothing is ignored."""
        if chart == self.present:
            return self
        return History(chart, (*self.past, self.present)[-_STEPS_KEPT:])

    def undo(self) -> "History":
        """Undo one step, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redo(self) -> "History":
        """Redo one undone step, if there is one."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:])
