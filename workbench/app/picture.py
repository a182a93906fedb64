"""A drawing as data for the canvas: shapes, colours, dashes, plain text."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from workbench.analytics.judged_leads import JudgedLead
from workbench.app.chart import Chart, Lead
from workbench.app.drawing import Drawing, Line, agencies_of
from workbench.app.expansion import Kind
from workbench.app.text import short
from workbench.export.appearance import LEAD_COLOUR, PATH_COLOUR, label_of, look
from workbench.model.ontology import ontology
from workbench.model.visible import count
from workbench.view.answers import Summary

LEAD = "Predicted: a lead, not a fact"
ACCEPTED = "Accepted lead: an assessment, not a fact"

_GREY = "#8a8a8a"
_LONG_DASH, _DOTS, _LONG_AND_SHORT = [8, 5], [2, 4], [12, 4, 2, 4]
_CURVE = 0.18


def canvas_data(
    drawing: Drawing,
    chart: Chart,
    path: Collection[str],
    choices: Mapping[str, Iterable[Kind]],
    commons: Mapping[str, str],
) -> dict[str, Any]:
    """The canvas's data: entities and lines.

    `path` has the keys of the highlighted path's records; `choices` has by entity the kinds of neighbours that it can
    be expanded by; `commons` maps common values to how they are common.
    """
    walked = [line for line in drawing.lines if line.keys & set(path)]
    ends = {end for line in walked for end in (line.a, line.b)}
    return {
        "entities": [
            _entity(each, chart, choices.get(each.id, ()), each.id in ends, commons.get(each.id, ""))
            for each in drawing.entities
        ],
        "ties": [
            *_lines(drawing.lines, path),
            *_leads(chart.leads, drawing),
            *map(_accepted, drawing.accepted),
        ],
    }


def legend(drawing: Drawing) -> str:
    """The kinds of entities on the canvas with their signs, the most frequent first."""
    kinds = Counter(each.schema for each in drawing.entities)
    parts = [f"{look(schema).sign} {label_of(schema)} {n}" for schema, n in sorted(kinds.items(), key=_most_first)]
    lines = "solid: graded · dashed: cannot be judged · dotted: inferred or predicted"
    lines += " · purple, long and short dashes: accepted lead" if drawing.accepted else ""
    return " · ".join([*parts, lines]) if parts else ""


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])


def _entity(each: Summary, chart: Chart, choices: Iterable[Kind], on_path: bool, sharing: str) -> dict[str, Any]:
    drawn = look(each.schema)
    x, y = chart.positions.get(each.id, (0.0, 0.0))
    notes = [
        *(["PATH START"] if each.id == chart.start else []),
        *(["PATH END"] if each.id == chart.end else []),
        *([f"COMMON VALUE ({sharing})"] if sharing else []),
    ]
    name = f"{label_of(each.schema)}: {each.caption}"
    return {
        "id": each.id,
        "label": "\n".join([short(each.caption), *notes]),
        "name": name,
        "title": "\n".join([name, ", ".join(agencies_of(each)), *notes]),
        "shape": drawn.shape,
        "color": _colours(drawn.colour, PATH_COLOUR if on_path else "#444444"),
        "borderWidth": 5 if on_path else 1,
        "borderWidthSelected": 6,
        "opacity": 0.4 if sharing else 1,
        "shapeProperties": {"borderDashes": [4, 4] if each.stub else False},
        "x": x,
        "y": y,
        "expand": [
            {
                "label": " · ".join(dict.fromkeys((label_of(kind.schema), label_of(kind.relationship)))),
                "n": kind.n,
                "relationship": kind.relationship,
                "schema": kind.schema,
            }
            for kind in choices
        ],
    }


def _colours(background: str, border: str) -> dict[str, Any]:
    """The same colours whether selected or not: a wider border shows the selection."""
    kept = {"background": background, "border": border}
    return {**kept, "highlight": {**kept, "border": "#000000"}, "hover": kept}


def _lines(lines: Iterable[Line], path: Collection[str]) -> Iterable[dict[str, Any]]:
    beside: Counter[frozenset[str]] = Counter()
    for line in lines:
        pair = frozenset((line.a, line.b))
        yield _line(line, bool(line.keys & set(path)), beside[pair])
        beside[pair] += 1


def _line(line: Line, on_path: bool, beside: int) -> dict[str, Any]:
    label = line.label
    many = f" ×{len(line.records)}" if len(line.records) > 1 else ""
    said = count(len(line.records), "record") + ", " + ", ".join(line.agencies)
    return {
        "id": f"{line.schema}:{line.a}:{line.b}",
        "from": line.a,
        "to": line.b,
        "label": label + many,
        "title": "\n".join(filter(None, [label, line.span, said, "weakest grade: " + line.grade])),
        "dashes": _DOTS if line.inferred else _LONG_DASH if line.unjudged else False,
        "width": 5 if on_path else 1.5,
        "color": PATH_COLOUR if on_path else _GREY,
        "arrows": {"to": {"enabled": _directed(line.schema), "scaleFactor": 0.5}},
        "smooth": _bend(beside),
    }


def _bend(beside: int) -> dict[str, Any] | bool:
    """Parallel lines bend away from the first, alternately to both sides."""
    if not beside:
        return False
    kind = "curvedCW" if beside % 2 else "curvedCCW"
    return {"enabled": True, "type": kind, "roundness": _CURVE * ((beside + 1) // 2)}


def _directed(schema: str) -> bool:
    found = ontology().schemata[schema]
    return bool(found.edge and found.edge_directed)


def _leads(leads: Iterable[Lead], drawing: Drawing) -> Iterable[dict[str, Any]]:
    """The leads between entities that are drawn; one that is drawn as accepted is no lead any more."""
    drawn, accepted = {each.id for each in drawing.entities}, {each.ends for each in drawing.accepted}
    for lead in leads:
        if lead.a in drawn and lead.b in drawn and {lead.a, lead.b} not in accepted:
            yield {
                "id": f"lead:{lead.a}:{lead.b}",
                "from": lead.a,
                "to": lead.b,
                "label": "lead?",
                "title": LEAD,
                "dashes": _DOTS,
                "width": 2,
                "color": LEAD_COLOUR,
                "smooth": {"enabled": True, "type": "curvedCCW", "roundness": 0.3},
            }


def _accepted(lead: JudgedLead) -> dict[str, Any]:
    """An accepted lead: it has the colour of leads, and dashes that nothing else has."""
    many = count(len(lead.evidence), "record")
    return {
        "id": f"accepted:{lead.by}:{lead.a}:{lead.b}:{lead.projection}:{lead.question}",
        "from": lead.a,
        "to": lead.b,
        "label": f"assessed by {short(lead.by)}",
        "title": "\n".join([ACCEPTED, f"by {lead.by}, {lead.at[:10]}, on {many}", lead.why]),
        "dashes": _LONG_AND_SHORT,
        "width": 3,
        "color": LEAD_COLOUR,
        "smooth": {"enabled": True, "type": "curvedCW", "roundness": 0.3},
    }
