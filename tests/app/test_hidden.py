"""Records that a viewer may not see change nothing that is drawn for him: no count, place, note or byte."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.app.case import DATASETS, RECORDS, id_of, load, record
from tests.app.desks import named, pictured, seen, sent
from tests.stores import fresh_url
from workbench.access.policy import may_read
from workbench.access.viewer import Viewer
from workbench.analytics.layouts import KINDS
from workbench.app import actions, charts
from workbench.app.chart import Chart
from workbench.app.context import banner
from workbench.app.desk import Desk
from workbench.app.expansion import kinds
from workbench.app.exported.facts import facts
from workbench.app.exported.page import html
from workbench.app.exported.sheets import as_csv
from workbench.app.exported.svg import svg
from workbench.app.pasted import match_lines
from workbench.app.pathtext import needs_text, step_rows
from workbench.app.pathway import needs, pathway
from workbench.app.profile import heading, values_said
from workbench.model.record import Record
from workbench.resolve.common import common_of
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

NOORDKUST = Viewer(name="noordkust", agencies=frozenset({"NKP"}), level="SECRET")
HIDDEN = [
    record("KFIU", "Person", "secret", marking="SECRET//REL KFIU", name="Hidden Man", passportNumber="XK4471129"),
    record("KFIU", "Phone", "sn", marking="SECRET//REL KFIU", number="+31612345678"),
    *(
        record("KFIU", "Holding", roles={"holder": f"h{n}", "held": "sn"}, marking="SECRET//REL KFIU")
        for n in range(30)
    ),
    record(
        "KFIU", "Directorship", roles={"director": "nikos", "organization": "acme"}, marking="SECRET//REL KFIU//COMP X"
    ),
]


def filled(url: str, hidden: list[Record]) -> GraphStore:
    """The small case with these further records of KFIU, or without any that Noordkust may not see."""
    store = open_store(url)
    for agency in DATASETS:
        records = RECORDS[agency] + (hidden if agency == "KFIU" else [])
        if not hidden:
            records = [each for each in records if may_read(NOORDKUST, "investigation", each.marking)]
        load(store, agency, records)
    return store


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[GraphStore, GraphStore]]:
    """The same store with and without hidden records."""
    found = filled(fresh_url(tmp_path, "with"), HIDDEN), filled(fresh_url(tmp_path, "without"), [])
    yield found
    for each in found:
        each.close()


def everything(view: View) -> list[Any]:
    """Everything that the page Explore shows of a chart after expanding and walking a path."""
    desk = named("chart")
    desk.open(view, id_of("NKP", "nico"))
    for entity in ("nico", "n"):
        desk.expand(view, [view.canonical(id_of("NKP", entity))])
    desk.path(view, start=id_of("RJP", "rachid"), end=id_of("NKP", "mo"))
    desk.lay_out(view)
    chart = desk.chart
    found = pathway(view, chart)
    assert found is not None
    captions = {each: seen(desk, view).drawing.entities[each].caption for each in chart.entities}
    return [
        chart,
        desk.note,
        pictured(desk, view),
        kinds(view, chart.shown, chart.entities),
        common_of(view, chart.shown),
        step_rows(found.route(0), found.sources, captions),
        needs_text(needs(view, chart), len(found.route(0).steps)),
        [(heading(view.entity(each)), values_said(view, view.entity(each))) for each in chart.entities],
        [view.search(text) for text in ("Hidden", "nico", "+316", "acme")],
        match_lines(view, "Hidden Man\nnico\n+31612345678\nXK4471129"),
        charts.evidence(view, chart),
        charts.body(view, chart),
        banner(view),
        *looks(desk, view),
    ]


def looks(desk: Desk, view: View) -> list[Any]:
    """The chart in every look, grouped, laid out, and as it leaves the dashboard."""
    told: list[Any] = []
    for colour in ("agency", "community", "mark", "property:passportNumber"):
        actions.look_as(desk, colour=colour, size="betweenness", width="weight")
        told.append(pictured(desk, view))
    for kind in KINDS:
        sent(desk, view, "layout", kind=kind)
        told.append(desk.chart.positions)
    actions.as_communities(desk, view)
    picture, about = pictured(desk, view), facts(desk, view, seen(desk, view))
    about = replace(about, lines=about.lines[1:])  # the first tells the time and the revision
    told += [picture, about, svg(picture, about), html(picture, about), as_csv(picture, about)]
    return told


def test_hidden_records_change_nothing_that_is_drawn(stores: tuple[GraphStore, GraphStore]) -> None:
    with_hidden, without = (everything(store.view(NOORDKUST)) for store in stores)
    for one, other in zip(with_hidden, without, strict=True):
        assert one == other


def test_a_chart_of_others_opens_as_what_one_sees(stores: tuple[GraphStore, GraphStore]) -> None:
    kition = Viewer(name="kition", agencies=frozenset({"KFIU"}), level="SECRET")
    theirs = stores[0].view(kition)
    secret = theirs.canonical(id_of("KFIU", "secret"))
    body = charts.body(theirs, Chart(entities=(secret, id_of("KFIU", "laura"))))
    opened = charts.reopened(stores[0].view(NOORDKUST), body)
    assert id_of("KFIU", "secret") not in opened.entities
    assert len(opened.entities) <= 2
