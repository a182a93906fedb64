"""Charts of findings are SVG that can be parsed, holds every row, and fetches nothing."""

from xml.etree import ElementTree

from tests.analytics.cases import person, seen, tie
from workbench.analytics import articulation_points, communities, disruption, key_players
from workbench.app.panels.finding_chart import caption_of, chart_of

_SVG = "{http://www.w3.org/2000/svg}"
FAMILY = [person(p, name=f"<{p}> & co") for p in "abcd"]
FAMILY += [tie("Family", person=a, relative=b) for a, b in ("ab", "bc", "cd")]


def test_each_rank_has_a_line_from_its_best_to_its_worst() -> None:
    with seen(FAMILY) as view:
        found = key_players(view)
        chart = ElementTree.fromstring(chart_of(found))  # noqa: S314 - our own
        assert len(chart.findall(f"{_SVG}line")) == len(found.results) == 4
        told = [each.findtext(f"{_SVG}title") for each in chart.findall(f"{_SVG}line")]
        first = found.results[0]
        assert told[0] == f"{first.caption}: rank {first.rank}, from {first.rank_from} to {first.rank_to}"
        for line, circle in zip(chart.findall(f"{_SVG}line"), chart.findall(f"{_SVG}circle"), strict=True):
            assert float(line.get("x1", "")) <= float(circle.get("cx", "")) <= float(line.get("x2", ""))


def test_disruption_has_two_lines_for_each_strategy() -> None:
    with seen(FAMILY) as view:
        chart = ElementTree.fromstring(chart_of(disruption(view, removed=2)))  # noqa: S314 - our own
        lines = chart.findall(f"{_SVG}polyline")
        assert len(lines) == 6
        assert sum(each.get("stroke-dasharray") is not None for each in lines) == 3
        assert all(len(each.get("points", "").split()) == 3 for each in lines)  # nobody, one, two taken out


def test_other_findings_and_empty_ones_have_none() -> None:
    with seen(FAMILY) as view:
        assert chart_of(articulation_points(view)) == caption_of(articulation_points(view)) == ""
        assert "Group 1 (of 2)" in chart_of(communities(view))
        assert caption_of(communities(view)).startswith("Stability")
        assert "http" not in chart_of(key_players(view)).replace("http://www.w3.org/2000/svg", "")
    with seen([person("a")]) as view:
        assert chart_of(key_players(view)) == chart_of(disruption(view)) == ""
