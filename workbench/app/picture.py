"""A chart as the canvas draws it: things, ties, places, and what is left out; plain texts and numbers only."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.analytics.judged_leads import JudgedLead
from workbench.app.chart import Chart, Derived, Lead, Place
from workbench.app.colouring import MARK_HUES, Colouring
from workbench.app.drawing import NOT_GRADED, UNJUDGED, Drawing, Shown, agencies_of
from workbench.app.filters import sign
from workbench.app.legend import ACCEPTED_LEAD, DASHES, DERIVED_TIE, PREDICTED, legend
from workbench.app.text import lines_of, short
from workbench.app.ties import USUAL_WIDTH, Tie, tie_id, ties_of, widths
from workbench.export.appearance import GROUP, LEAD_COLOUR, label_of, look
from workbench.export.icons import icon
from workbench.model.visible import count, visible
from workbench.view.answers import Summary

LEAD = "Predicted: a lead, not a fact"
ACCEPTED = "Accepted lead: an assessment, not a fact"
DERIVED = "Derived from the records between the two"

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the canvas draws.

    - `things`: entities and closed groups by id, also those that are `out` (hidden, filtered, in a closed group).
    - `ties`: lines by id; those whose id is in `ties_out` are left out by filters.
    - `top`: everything else, by name.
    """

    things: Mapping[str, Item]
    ties: Mapping[str, Item]
    places: Mapping[str, Place]
    out: frozenset[str]
    ties_out: frozenset[str]
    top: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that a picture is made of: `path` has the keys of the highlighted path's records, `commons` says by what
    each common value is shared."""

    chart: Chart
    drawing: Drawing
    shown: Shown
    colouring: Colouring
    sizes: Mapping[str, float]
    path: Collection[str]
    commons: Mapping[str, str]


def picture(drawn: Drawn, state: Mapping[str, Any] | None = None) -> Picture:
    """The picture of a chart, with what the canvas shows beside it."""
    chart, units = drawn.chart, drawn.chart.units
    every, left = ties_of(drawn.drawing.lines, units), ties_of(drawn.shown.lines, units)
    wide = widths(every | left, chart.look.width)
    walked = [tie for tie in left.values() if any(each.key in drawn.path for each in tie.said)]
    ends = {end for tie in walked for end in (tie.a, tie.b)}
    on_path = {tie_id(tie.a, tie.b) for tie in walked}
    ties = {name: _tie(left.get(name, tie), tie, wide[name], name in on_path) for name, tie in every.items()}
    others = _others(drawn)
    things = _things(drawn, ends)
    groups = {each.id: _group(drawn, each.name) for each in chart.groups if not each.open}
    places = {each: chart.positions.get(each, (0.0, 0.0)) for each in things}
    places |= {each.id: chart.middle(each) for each in chart.groups if not each.open}
    in_sight = {units.get(each, each) for each in drawn.shown.entities}
    top = _top(drawn, left) | {"captions": _captions(drawn, places)} | dict(state or {})
    return Picture(
        things | groups,
        ties | others,
        places,
        frozenset((things | groups).keys() - in_sight),
        frozenset(every.keys() - left.keys()),
        top,
    )


def _top(drawn: Drawn, left: Mapping[str, Tie]) -> dict[str, Any]:
    kinds = {each.schema for each in drawn.drawing.entities.values()} | {GROUP}
    chart = drawn.chart
    return {
        "looks": {kind: _look(kind) for kind in sorted(kinds)},
        "legend": legend(drawn.drawing, drawn.shown, drawn.colouring, chart),
        "frames": [[each.name, sorted(each.members)] for each in chart.groups if each.open],
        "ends": [drawn.chart.start, drawn.chart.end],
        "hidden": len(chart.away),
        "filtered": drawn.shown.filtered,
        "entities": len(drawn.shown.entities),
        "ties": len(left),
        "span": [chart.filters.since, chart.filters.until, chart.filters.dated],
        "axis": [list(each) for each in chart.axis],
        "between": chart.between if chart.derived else None,
        "inside": _inside(drawn.drawing, units) if (units := chart.units) else {},
        "marks": MARK_HUES,
        "dashes": DASHES,
    }


def _inside(drawing: Drawing, units: Mapping[str, str]) -> Item:
    """The days of the records within closed groups, with how many each has; under "" those without one."""
    within = (line for line in drawing.lines if line.a in units and units[line.a] == units.get(line.b))
    return dict(Counter(each.day[:10] for line in within for each in line.said))


def _captions(drawn: Drawn, places: Mapping[str, Place]) -> list[list[Any]]:
    """The names of the blocks of a layout by type or agency: the middle and the top of each, and its name."""
    said = {"type": lambda each: label_of(each.schema), "agency": lambda each: ", ".join(agencies_of(each))}
    name = said.get(drawn.chart.layout)
    blocks: dict[str, list[Place]] = defaultdict(list)
    for each in sorted(drawn.shown.entities) if name else ():
        if name and each in places:
            blocks[name(drawn.drawing.entities[each])].append(places[each])
    return [
        [round(sum(x for x, _ in some) / len(some)), round(min(y for _, y in some)), visible(text)]
        for text, some in sorted(blocks.items())
        if text
    ]


def _look(kind: str) -> Item:
    found = look(kind)
    label = "Group" if kind == GROUP else label_of(kind)
    return {"shape": found.shape, "colour": found.colour, "icon": icon(found.icon), "label": label}


def _things(drawn: Drawn, on_path: Collection[str]) -> dict[str, Item]:
    """The entities of a chart but for those in closed groups, which are drawn as one."""
    hues = {entry.value: entry.colour for entry in drawn.colouring.entries}
    groups = {entity: each.name for each in drawn.chart.groups for entity in each.members}
    units, found = drawn.chart.units, {}
    for each in drawn.drawing.entities.values():
        if each.id not in units:
            value = drawn.colouring.of.get(each.id, "")
            more = {"colour": hues.get(value, ""), "value": value, "group": groups.get(each.id, "")}
            found[each.id] = _thing(drawn, each, each.id in on_path) | {name: x for name, x in more.items() if x}
    return found


def _thing(drawn: Drawn, each: Summary, on_path: bool) -> Item:
    chart = drawn.chart
    name, label = visible(each.caption), short(each.caption)
    signs = {
        "start": each.id == chart.start,
        "end": each.id == chart.end,
        "path": on_path,
        "pinned": each.id in chart.pinned,
        "stub": each.stub,
    }
    told: Item = {
        "label": label,
        "name": name if name != label else "",
        "kind": each.schema,
        "agencies": list(agencies_of(each)),
        "signs": [name for name, holds in signs.items() if holds],
        "common": drawn.commons.get(each.id, ""),
        "note": lines_of(chart.notes.get(each.id, "")),
        "mark": chart.marks.get(each.id, ""),
        "size": round(drawn.sizes.get(each.id, 0.0), 3),
    }
    return {name: value for name, value in told.items() if value}


def _group(drawn: Drawn, name: str) -> Item:
    group = next(each for each in drawn.chart.groups if each.name == name)
    inside = [drawn.drawing.entities[each] for each in sorted(group.members) if each in drawn.shown.entities]
    kinds = Counter(label_of(each.schema) for each in inside)
    told = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
    return {
        "label": f"{short(name)} ({len(inside)})",
        "name": f"{visible(name)}: {told}",
        "kind": GROUP,
        "agencies": sorted({agency for each in inside for agency in agencies_of(each)}),
        "members": len(inside),
        "size": round(min(len(inside), 400) ** 0.5 / 20, 2),
    }


def _tie(tie: Tie, whole: Tie, width: float, on_path: bool) -> Item:
    """A tie with the records that filters leave of it, and their first and last day; `days` are those of all."""
    said, every = tie.said, whole.said
    left = sorted(each.day[:10] for each in said if each.day) or [""]
    told: Item = {
        "a": tie.a,
        "b": tie.b,
        "label": visible(tie.label),
        "n": len(said),
        "all": len(every) if len(every) > len(said) else 0,
        "kinds": sorted({line.schema for line in tie.lines}),
        "sums": [[currency, str(amount)] for currency, amount in tie.sums.items()],
        "way": tie.forward + 2 * tie.backward,
        "certainty": tie.certainty if tie.certainty != UNJUDGED else "",
        "width": round(max(width, 4.0) if on_path else width, 1),
        "path": on_path,
        "days": sorted(each.day[:10] for each in every if each.day),
        "span": [left[0], left[-1]] if len(every) > len(said) else [],
        "agencies": sorted({each.agency for each in said}),
        "grade": tie.grade if tie.grade != NOT_GRADED else "",
    }
    return {name: value for name, value in told.items() if value and (name, value) != ("width", USUAL_WIDTH)}


def span_of(tie: Item) -> tuple[str, str]:
    """The first and the last day of a tie's records that are shown; "" if they have none."""
    first, *_, last = tie.get("span") or [*tie.get("days", ("",))[:1], *tie.get("days", ("",))[-1:]]
    return first, last


def _others(drawn: Drawn) -> dict[str, Item]:
    """Leads, accepted leads and derived ties: none of them is a record's, and each is drawn as what it is."""
    chart, seen, units = drawn.chart, drawn.shown.entities, drawn.chart.units
    accepted = {each.ends for each in drawn.shown.accepted}
    found = [_accepted(each) for each in drawn.shown.accepted]
    found += [_lead(each) for each in chart.leads if {each.a, each.b} <= seen and {each.a, each.b} not in accepted]
    if not chart.between:
        found += [_derived(each) for each in chart.derived if {each.a, each.b} <= seen]
    signs = {key: sign("certainty", item["certainty"]) for key, item in found}
    found = [(key, item) for key, item in found if signs[key] not in chart.filters.without]
    moved = [(key, item | {"a": units.get(item["a"], item["a"]), "b": units.get(item["b"], item["b"])})
             for key, item in found]  # fmt: skip
    return {key: item for key, item in moved if item["a"] != item["b"]}


def _lead(lead: Lead) -> tuple[str, Item]:
    told: Item = {
        "label": "lead?",
        "told": LEAD,
        "width": 2,
        "colour": LEAD_COLOUR,
        "n": len(lead.records),
    }
    told["certainty"] = PREDICTED
    return f"lead {tie_id(lead.a, lead.b)}", {"a": lead.a, "b": lead.b, **told}


def _accepted(lead: JudgedLead) -> tuple[str, Item]:
    """An accepted lead: it has the colour of leads, and dashes that nothing else has."""
    many = count(len(lead.evidence), "record")
    told = "\n".join([ACCEPTED, *map(visible, (f"by {lead.by}, {lead.at[:10]}, on {many}", lead.why))])
    key = f"accepted {lead.by} {tie_id(lead.a, lead.b)} {lead.projection} {lead.question}"
    look = {"width": 3, "colour": LEAD_COLOUR, "certainty": ACCEPTED_LEAD}
    label = f"assessed by {short(lead.by)}"
    return key, {"a": lead.a, "b": lead.b, "label": label, "told": told, "n": len(lead.evidence), **look}


def _derived(each: Derived) -> tuple[str, Item]:
    key = f"derived {tie_id(each.a, each.b)}"
    told: Item = {"label": visible(each.label), "told": DERIVED, "width": 2.5, "n": len(each.records)}
    told["certainty"] = DERIVED_TIE
    return key, {"a": each.a, "b": each.b, **told}
