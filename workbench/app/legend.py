"""The legend of a chart: every sign on it with its count; each is a filter."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from workbench.app.chart import Chart
from workbench.app.colouring import Colouring
from workbench.app.drawing import ASSESSED, DRAWN, GRADED, INFERRED, UNJUDGED, Drawing, Shown, agencies_of
from workbench.app.filters import sign
from workbench.app.text import short
from workbench.export.appearance import label_of, look

Section = dict[str, Any]
PREDICTED, ACCEPTED_LEAD, DERIVED_TIE = "predicted", "accepted lead", "derived"  # certainties that no record has
_LINES = {
    GRADED: "graded: solid",
    UNJUDGED: "cannot be judged: dashed",
    ASSESSED: "assessed by a person: dashes and dots",
    DRAWN: "drawn by hand: dashes and dots",
    INFERRED: "inferred by a machine: dotted",
    PREDICTED: "predicted, a lead: purple dots",
    ACCEPTED_LEAD: "accepted lead: long and short",
    DERIVED_TIE: "derived by a finding: long dashes",
}
DASHES = {
    GRADED: [],
    UNJUDGED: [8, 5],
    ASSESSED: [9, 3, 2, 3],
    DRAWN: [9, 3, 2, 3],
    INFERRED: [2, 4],
    PREDICTED: [2, 4],
    ACCEPTED_LEAD: [12, 4, 2, 4],
    DERIVED_TIE: [14, 6],
}
_COLOURS = {"agency": "Agency", "community": "Community of this chart", "mark": "Marked"}


def legend(drawing: Drawing, shown: Shown, colouring: Colouring, chart: Chart, filtered: bool = False) -> list[Section]:
    """The sections of the legend: counts of what is on the chart, or only of what its filters leave (`filtered`)."""
    every = [each for each in chart.shown if not filtered or each in shown.entities]
    entities = [drawing.entities[each] for each in every]
    on = {each.id for each in entities}
    lines = shown.lines if filtered else [line for line in drawing.lines if line.a in on and line.b in on]
    kinds = Counter(each.schema for each in entities)
    agencies = Counter(agency for each in entities for agency in agencies_of(each))
    ties = Counter[str]()
    certainties = Counter(each.certainty for line in lines for each in line.said)
    certainties += Counter(_unrecorded(chart, shown, on))
    for line in lines:
        ties[line.schema] += len(line.said)
    out = chart.filters.without
    by_colour = {} if colouring.entries else {"colour": True}
    sections = [
        _section("Entities", "type", kinds, {each: label_of(each) for each in kinds}, out) | by_colour,
        _colours(chart, colouring, on),
        _section("Relationships (records)", "tie", ties, {each: label_of(each) for each in ties}, out),
        _section("Lines (records)", "certainty", certainties, _LINES, out),
        _section("Agencies", "agency", agencies, {each: each for each in agencies}, out),
    ]
    return [each for each in sections if each["entries"]]


def _unrecorded(chart: Chart, shown: Shown, on: set[str]) -> Iterable[str]:
    """The certainty of each tie on the chart that no record is about."""
    yield from (PREDICTED for each in chart.leads if {each.a, each.b} <= on)
    yield from (ACCEPTED_LEAD for _ in shown.accepted)
    yield from (DERIVED_TIE for each in chart.derived if not chart.between and {each.a, each.b} <= on)


def _section(
    title: str, kind: str, counts: Mapping[str, int], labels: Mapping[str, str], out: Iterable[str]
) -> Section:
    """A section with its entries, the most frequent first; one that is left out stays."""
    gone = set(out)
    left = {each.partition(":")[2] for each in gone if each.startswith(f"{kind}:")} - counts.keys()
    values = [*sorted(counts, key=lambda each: (-counts[each], each)), *sorted(left)]
    return {
        "title": title,
        "kind": kind,
        "entries": [
            {
                "sign": sign(kind, each),
                "value": each,
                "label": short(labels.get(each, label_of(each)), 32),
                "n": counts.get(each, 0),
                "out": sign(kind, each) in gone,
            }
            for each in values
        ],
    }


def _colours(chart: Chart, colouring: Colouring, on: set[str]) -> Section:
    """The section for colours that do not show types."""
    by = chart.look.colour
    counts = Counter(value for entity, value in colouring.of.items() if entity in on)
    title = _COLOURS.get(by, by.removeprefix("property:").capitalize())
    labels = {each: f"Community {each}" if by == "community" and each != "none" else each for each in counts}
    section = _section(title, "colour", counts, labels, chart.filters.without)
    hues = {each.value: each.colour for each in colouring.entries}
    for entry in section["entries"]:
        entry["hue"] = hues.get(entry["value"], "")
    return section


def legend_text(sections: Iterable[Section]) -> str:
    """The legend in words, for exports: what each sign stands for, and what was left out."""
    parts = []
    for each in sections:
        said = [f"{_sign(each, entry)}{entry['label']} {entry['n']}" for entry in each["entries"] if not entry["out"]]
        parts.append(f"{each['title']}: {', '.join(said) or 'none'}")
        if gone := [entry["label"] for entry in each["entries"] if entry["out"]]:
            parts.append(f"left out: {', '.join(gone)}")
    return " · ".join(parts)


def _sign(section: Section, entry: Mapping[str, Any]) -> str:
    return f"{look(entry['value']).sign} " if section["kind"] == "type" else ""
