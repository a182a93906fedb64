"""The legend counts what is on the chart, and every sign of it is a filter that stays in sight."""

from dataclasses import replace
from typing import Any

import pytest

from tests.app.case import id_of
from tests.app.desks import hide, pictured, seen, sent, shown_of
from workbench.app import actions
from workbench.app.chart import Chart
from workbench.app.colouring import HUES, MARK_HUES, OTHERS, Colouring, colouring, sizes
from workbench.app.desk import Desk
from workbench.app.drawing import Said
from workbench.app.legend import legend_text
from workbench.view.view import View

RACHID, PHONE, LAURA = id_of("RJP", "rachid"), id_of("RJP", "r"), id_of("KFIU", "laura")


def sections(desk: Desk, view: View) -> dict[str, dict[str, Any]]:
    """The entries of the legend by kind and value."""
    return {
        each["kind"]: {entry["value"]: entry for entry in each["entries"]}
        for each in pictured(desk, view).top["legend"]
    }


def counts(desk: Desk, view: View, kind: str) -> dict[str, int]:
    return {value: entry["n"] for value, entry in sections(desk, view)[kind].items()}


def records(desk: Desk, view: View) -> list[Said]:
    return [each for line in shown_of(desk, view).lines for each in line.said]


def test_counts_add_up_to_what_is_shown(desk: Desk, view: View) -> None:
    desk.expand(view, [PHONE])
    for hidden in ((), (LAURA,), (LAURA, PHONE)):
        hide(desk, *hidden)
        shown = shown_of(desk, view)
        assert sum(counts(desk, view, "type").values()) == len(shown.entities)
        assert sum(counts(desk, view, "tie").values()) == len(records(desk, view))
        assert sum(counts(desk, view, "certainty").values()) == len(records(desk, view))
        known = [{e.split("/")[0] for e in seen(desk, view).drawing.entities[x].datasets} for x in shown.entities]
        assert counts(desk, view, "agency") == {
            agency: n for agency in ("NKP", "KFIU", "RJP") if (n := sum(agency in each for each in known))
        }


def test_each_sign_leaves_out_what_it_counts_and_stays(desk: Desk, view: View) -> None:
    whole, every = desk.chart, sections(desk, view)
    before = {each.key for each in records(desk, view)}
    for kind, entries in every.items():
        for value, entry in entries.items():
            sent(desk, view, "leave out", signs=[entry["sign"]])
            now = sections(desk, view)[kind][value]
            assert (now["n"], now["out"]) == (entry["n"], True), "its count is of what is there"
            shown = shown_of(desk, view)
            kinds = {seen(desk, view).drawing.entities[each].schema for each in shown.entities}
            if kind == "type":
                assert value not in kinds
            elif kind == "tie":
                gone = before - {each.key for each in records(desk, view)}
                assert len(gone) >= entry["n"]
                assert value not in {line.schema for line in shown.lines}
            elif kind == "certainty":
                assert value not in {each.certainty for each in records(desk, view)}
            else:
                assert value not in {each.agency for each in records(desk, view)}
            said = legend_text(pictured(desk, view).top["legend"])
            assert f"left out: {entry['label']}" in said
            sent(desk, view, "leave out", signs=[entry["sign"]])
    assert desk.chart == whole


def test_a_sign_stays_when_nothing_has_it_any_more(desk: Desk, view: View) -> None:
    sent(desk, view, "leave out", signs=["type:Company"])
    hide(desk, view.canonical(id_of("KFIU", "acme")))
    entry = sections(desk, view)["type"]["Company"]
    assert (entry["n"], entry["out"], entry["label"]) == (0, True, "Company")
    sent(desk, view, "leave out", signs=["type:Company"])
    assert "Company" not in sections(desk, view)["type"]


def coloured(desk: Desk, view: View, colour: str) -> Colouring:
    actions.look_as(desk, colour=colour)
    found = seen(desk, view)
    assert set(found.colouring.of) == set(desk.chart.entities)
    assert sum(each.n for each in found.colouring.entries) == len(desk.chart.entities)
    hues = {each.value: each.colour for each in found.colouring.entries}
    things = pictured(desk, view).things
    for each, value in found.colouring.of.items():
        assert (things[each]["colour"], things[each]["value"]) == (hues[value], value)
    legend = sections(desk, view)["colour"]
    assert {value: entry["hue"] for value, entry in legend.items()} == hues
    assert {value: entry["n"] for value, entry in legend.items()} == {e.value: e.n for e in found.colouring.entries}
    return found.colouring


def test_types_are_the_usual_colours(desk: Desk, view: View) -> None:
    assert seen(desk, view).colouring == Colouring()
    assert "colour" not in sections(desk, view)
    assert not any("colour" in each for each in pictured(desk, view).things.values())


def test_colours_by_agency(desk: Desk, view: View) -> None:
    found = coloured(desk, view, "agency")
    nico = view.canonical(id_of("NKP", "nico"))
    assert (found.of[RACHID], found.of[LAURA], found.of[nico]) == ("RJP", "KFIU", "several")
    assert len({each.colour for each in found.entries}) == len(found.entries)


def test_colours_by_community(desk: Desk, view: View) -> None:
    desk.show(view, [id_of("NKP", "mo")])
    found = coloured(desk, view, "community")
    assert found.of[id_of("NKP", "mo")] == "none", "nothing ties him"
    assert set(found.of.values()) - {"none"} == {str(n + 1) for n in range(len(set(found.of.values())) - 1)}
    assert found.entries[-1].colour == OTHERS


def test_colours_by_mark(desk: Desk, view: View) -> None:
    sent(desk, view, "mark", ids=[RACHID, LAURA], colour="red")
    found = coloured(desk, view, "mark")
    assert {each for each, value in found.of.items() if value == "red"} == {RACHID, LAURA}
    assert {each.value: each.colour for each in found.entries} == {"none": OTHERS, "red": MARK_HUES["red"]}


def test_colours_by_a_property(desk: Desk, view: View) -> None:
    found = coloured(desk, view, "property:passportNumber")
    nico = view.canonical(id_of("NKP", "nico"))
    assert found.of == {**dict.fromkeys(desk.chart.entities, "none"), nico: "XK4471129"}


def test_a_colour_that_is_left_out_is_left_out(desk: Desk, view: View) -> None:
    actions.look_as(desk, colour="agency")
    sent(desk, view, "leave out", signs=["colour:RJP"])
    assert RACHID not in shown_of(desk, view).entities
    assert sections(desk, view)["colour"]["RJP"]["out"]
    actions.look_as(desk, colour="mark")
    assert RACHID in shown_of(desk, view).entities, "another look has other colours"


def test_more_values_than_hues_share_a_grey(desk: Desk, view: View) -> None:
    desk.expand(view, [PHONE])
    found = coloured(desk, view, "property:number")
    given = [each.colour for each in found.entries]
    assert given[: len(HUES)] == list(HUES)
    assert set(given[len(HUES) :]) == {OTHERS}


@pytest.mark.parametrize("size", ["degree", "betweenness"])
def test_sizes_are_shares_of_the_largest(desk: Desk, view: View, size: str) -> None:
    assert not any("size" in each for each in pictured(desk, view).things.values())
    actions.look_as(desk, size=size)
    found = sizes(desk.chart, seen(desk, view).drawing)
    assert max(found.values()) == 1
    things = pictured(desk, view).things
    assert {each: thing.get("size", 0) for each, thing in things.items()} == pytest.approx(found, abs=0.001)


def test_an_empty_chart_has_no_legend(view: View, desk: Desk) -> None:
    desk.did(Chart())
    for colour in ("type", "agency", "community", "mark", "property:name"):
        desk.did(replace(desk.chart, look=replace(desk.chart.look, colour=colour, size="degree")))
        assert pictured(desk, view).top["legend"] == []
        assert colouring(view, desk.chart, seen(desk, view).drawing).of == {}
