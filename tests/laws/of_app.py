"""What the dashboard is asked: charts and desks, what the canvas sends, and charts as documents."""

from collections.abc import Callable
from typing import Any

from tests.laws.cases import DAY
from workbench.analytics.layouts import KINDS
from workbench.app.analyses import AnswerRow
from workbench.app.chart import Chart, Group, Lead, Look
from workbench.app.charts import Standing
from workbench.app.desk import Desk
from workbench.app.drawing import draw, left_by
from workbench.app.filters import Filters
from workbench.app.history import History
from workbench.store.types import Document


def chart(asked: Any) -> Chart:
    found = asked.drawn()
    start, end = (found[0], found[-1]) if len(found) > 1 else ("", "")
    leads = (Lead(start, end),) if start else ()
    return Chart(
        tuple(found),
        frozenset(found[2:3]),
        start=start,
        end=end,
        leads=leads,
        groups=(Group("G", frozenset(found[3:5])),) if len(found) > 4 else (),
        look=Look(asked.of("type", "agency", "community", "mark", "property:birthDate"), "degree", "sum"),
        filters=Filters(frozenset({"type:Phone", "colour:none"}), accepted=True) if asked.pick % 3 == 0 else Filters(),
    )


def desk(asked: Any) -> Desk:
    found = chart(asked)
    return Desk(Standing("chart", "chart"), History(found), selected=found.entities[:1], unsaved=True)


def message(asked: Any) -> dict[str, Any]:
    """What the canvas sends."""
    what = asked.of("expand", "start", "end", "hide", "only", "between", "group", "pin", "layout")
    event = {"seq": 1, "what": what, "ids": asked.pools.some[:2], "id": asked.entity(by=4), "kind": "organic"}
    return {"has": 0, "events": [event]}


def document(asked: Any) -> Document:
    """A saved chart of another or of one's own."""
    return Document("chart", "a chart", 0, asked.of("anna", asked.stage.viewer.name), DAY, kept(asked))


def kept(asked: Any) -> dict[str, Any]:
    """A chart as a document, of entities that may be hidden."""
    referents = [asked.pools.some[:2], asked.pools.some[2:4], asked.pools.some[4:]]
    path, filters = (
        [0, 2, "all", 0],
        {"without": ["agency:A", "agency:C", "type:Phone", "tie:Call", "colour:x"], "since": "", "until": ""},
    )
    places = [[0.0, 1.0], [], [2.0, 3.0]]
    told = {"hidden": [1], "positions": places, "path": path, "leads": [[0, 2]], "filters": filters}
    keys = asked.pools.keys[:2]
    derived = [{"ends": [0, 2], "label": "met", "records": keys, "through": [1]}]
    told |= {"derived": derived, "groups": [["G", False, [0, 1]]], "marks": [[1, "red"]], "notes": [[1, "who?"]]}
    told |= {"pinned": [0], "look": {"colour": asked.of("type", "property:birthDate")}, "id": "chart"}
    return {"entities": referents, **told}


OF_APP: dict[tuple[str, str], Callable[[Any], Any]] = {
    **{(f"app.charts.{name}", "chart"): lambda asked: asked.of("chart", "none") for name in ("linked", "versions")},
    ("app.desk.Desk.lay_out", "changed"): lambda asked: asked.of(None, chart(asked)),
    ("app.charts.save", "body"): lambda asked: kept(asked),
    ("app.answers.answered", "rows"): lambda asked: [AnswerRow({}, tuple(asked.drawn()[: 1 + asked.pick % 3]))],
    ("app.actions.own", "ids"): lambda asked: asked.pools.some[:3],
    ("app.arranging.arranged_in", "kind"): lambda asked: asked.of(*KINDS),
    ("app.desk.Desk.lay_out", "kind"): lambda asked: asked.of(*KINDS),
    ("app.drawing.draw", "entities"): lambda asked: asked.drawn(),
    ("app.drawing.accepted_among", "entities"): lambda asked: asked.pools.some,
    ("app.desk.Desk.show_derived", "entities"): lambda asked: asked.drawn(),
    ("app.panels.many.many_panel", "entities"): lambda asked: tuple(asked.drawn()),
    ("app.panels.comparing.comparing", "kept"): lambda asked: [document(asked)],
    ("app.context.once", "key"): lambda asked: "key",
    ("app.charts.followed", "steps"): lambda asked: (chart(asked), Chart()),
    ("app.dates.days_of", "shown"): lambda asked: left_by(
        Filters(), draw(asked.view, asked.drawn()), asked.drawn(), {}
    ),
    ("app.desk.Desk.expand", "schema"): lambda asked: asked.of(None, None, "Phone", "Person"),
    ("app.desk.Desk.walked", "chart"): lambda asked: asked.of(None, chart(asked)),
    ("app.drawing.lines_among", "entities"): lambda asked: asked.pools.some,
    ("app.drawing.pairs_among", "entities"): lambda asked: asked.pools.some,
    ("app.panels.path.path_panel", "found"): lambda asked: desk(asked).walked(asked.view),
    ("app.profile.values_said", "entity"): lambda asked: asked.described(),
}
