"""What the page *Explore* shows of a chart in one run."""

from dataclasses import dataclass

from workbench.app.chart import Chart
from workbench.app.colouring import Colouring
from workbench.app.drawing import Drawing, Shown
from workbench.app.pathway import Pathway, Route


@dataclass(frozen=True, slots=True)
class Seen:
    """The drawing of a chart, what its filters leave, what gives it colours, and the paths between its ends."""

    drawing: Drawing
    shown: Shown
    colouring: Colouring
    pathway: Pathway | None

    def route(self, chart: Chart) -> Route | None:
        """The highlighted path, if there is one."""
        return self.pathway.route(chart.choice) if self.pathway and self.pathway.routes else None

    def path_records(self, chart: Chart) -> frozenset[str]:
        """The keys of the highlighted path's records."""
        route = self.route(chart)
        return route.records if route else frozenset()
