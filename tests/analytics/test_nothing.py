"""An empty view gives empty answers, without errors."""

from collections.abc import Callable

import pytest

from tests.analytics.cases import person, seen
from workbench import analytics
from workbench.access.viewer import Viewer
from workbench.analytics.finding import Finding
from workbench.export.marking import NOTHING, marking_of
from workbench.resolve import common_values, report
from workbench.view.view import View

NOBODY = Viewer(name="nobody", agencies=frozenset({"ZZZ"}), level="OPEN")


@pytest.mark.parametrize("projection", analytics.projection_names())
@pytest.mark.parametrize(
    "ask", [analytics.communities, analytics.key_players, analytics.predict, analytics.joint_value]
)
def test_an_empty_view_has_no_findings(ask: Callable[[View, str], Finding], projection: str) -> None:
    with seen([person("a")], NOBODY) as view:
        found = ask(view, projection)
        assert found.results == found.records == found.handling == ()
        assert len(analytics.networkx_graph(view, projection)) == 0


def test_an_empty_view_joins_nobody_and_is_marked_as_nothing() -> None:
    with seen([person("a")], NOBODY) as view:
        assert common_values(view) == ()
        assert report(view).joins == report(view).vetoes == report(view).set_aside == ()
        assert marking_of(view.markings()) == NOTHING
