"""What a reader of an exported chart must know: whose it is, how it is marked, what it rests on, what is left out."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.app.desk import Desk
from workbench.app.legend import legend, legend_text
from workbench.app.seen import Seen
from workbench.export.marking import marking_of_records
from workbench.model.visible import count, visible
from workbench.view.asking import question
from workbench.view.view import View


@dataclass(frozen=True, slots=True)
class Facts:
    """Title, marking, and lines of text about an exported chart."""

    title: str
    marking: str
    lines: tuple[str, ...]


@question
def facts(here: Desk, view: View, seen: Seen) -> Facts:
    """The facts about a chart as it is shown now. UsageError if its marking can't be known."""
    keys = here.behind(view)
    chart, author = here.chart, view.viewer.name
    lines = [
        f"{count(len(seen.shown.entities), 'entity', 'entities')}, drawn by {author} for {view.purpose}, "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, revision {view.revision}",
        _path(here, view, seen),
        f"Note: {chart.text}" if chart.text else "",
        *_left_out(here, seen),
        "Pinned entities do not stand under their day." if chart.axis and chart.pinned else "",
        f"Colour: {chart.look.colour.removeprefix('property:')}; size: {chart.look.size or 'the same for all'}; "
        f"width of lines: {chart.look.width}",
        legend_text(legend(seen.drawing, seen.shown, seen.colouring, chart, filtered=True)),
        _sources(view, keys),
        "A chart describes records, and proves nothing against anybody. What is dotted or dashed is no graded fact.",
    ]
    return Facts(visible(here.name), marking_of_records(view, keys), tuple(visible(each) for each in lines if each))


@question
def _path(here: Desk, view: View, seen: Seen) -> str:
    route = seen.route(here.chart)
    if route is None:
        return ""
    ends = view.summaries([route.entities[0], route.entities[-1]])
    shown = {each.key for line in seen.shown.lines for each in line.said}
    left = "" if shown.issuperset(seen.path_records(here.chart)) else "; not all of it is shown"
    steps = count(len(route.steps), "step")
    return f"Path: {ends[0].caption} to {ends[1].caption}, {steps}, weakest {route.weakest}{left}"


def _left_out(here: Desk, seen: Seen) -> list[str]:
    """Sentences about what the chart has and does not show."""
    chart, filters = here.chart, here.chart.filters
    said = []
    if chart.hidden:
        said.append(f"{count(len(chart.hidden), 'entity', 'entities')} of the chart hidden")
    if seen.shown.filtered:
        said.append(f"{seen.shown.filtered} left out by filters")
    if filters.since or filters.until:
        undated = "" if filters.dated else ", and undated ones"
        said.append(f"records from {filters.since or 'the first'} until {filters.until or 'the last'}{undated}")
    elif filters.dated:
        said.append("undated records left out")
    if closed := [each for each in chart.groups if not each.open]:
        said.append(f"{count(len(closed), 'group')} closed")
    return ["Not all is shown: " + "; ".join(said)] if said else []


@question
def _sources(view: View, keys: tuple[str, ...]) -> str:
    """The datasets behind the chart, with how many of its records are theirs; those gone from the view are counted."""
    found = Counter(str(each.record.dataset) for each in view.records(keys))
    gone = len(keys) - sum(found.values())
    named = ", ".join(f"{dataset} ({n})" for dataset, n in sorted(found.items()))
    return f"Sources, with their records: {named or 'none'}" + (f"; {gone} no longer in this view" if gone else "")
