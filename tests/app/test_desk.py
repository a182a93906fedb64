"""What an analyst does on the desk, on a small case of three agencies."""

from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.app.case import ALL, RECORDS, call, id_of, load, record
from tests.app.desks import filtered, hide, move, named, pictured, reopen, sent, shown_of
from tests.waiting import waiting
from workbench import settings
from workbench.app import actions, charts
from workbench.app.beginning import opening
from workbench.app.by_hand import grade_text
from workbench.app.chart import Chart, Lead
from workbench.app.desk import Desk
from workbench.app.drawing import GRADED, UNJUDGED, lines_among
from workbench.app.expansion import MOST_AT_ONCE, expand, kinds
from workbench.app.filters import Filters
from workbench.app.history import History
from workbench.app.legend import DASHES, PREDICTED, legend_text
from workbench.app.pathtext import needs_text, step_rows, step_texts
from workbench.app.pathway import needs, pathway
from workbench.app.picture import picture
from workbench.app.profile import judgement_text, referent_names, values_said
from workbench.app.seeing import drawn, see
from workbench.errors import UsageError
from workbench.model.marking import parse_marking
from workbench.resolve import judge, judgements_of
from workbench.view.store import GraphStore, open_store
from workbench.view.view import View

RACHID, PHONE, LAURA = id_of("RJP", "rachid"), id_of("RJP", "r"), id_of("KFIU", "laura")


def nico(view: View) -> str:
    return view.canonical(id_of("NKP", "nico"))


def keys_of(view: View, entity: str) -> tuple[str, ...]:
    return tuple(sorted({value.record for value in view.entity(entity).values}))


def noordkust(store: GraphStore, url: str) -> View:
    return store.view(settings.viewer_for(store, url, "noordkust"))


def test_it_opens_on_the_question(desk: Desk, view: View) -> None:
    chart = desk.chart
    number, company = view.canonical(id_of("NKP", "n")), view.canonical(id_of("KFIU", "acme"))
    assert set(chart.entities) == {RACHID, PHONE, number, nico(view), company, LAURA}
    assert (chart.start, chart.end) == (RACHID, LAURA)
    assert set(chart.positions) == set(chart.entities)
    assert not desk.history.past
    assert not desk.unsaved


def test_the_path_says_its_steps_records_and_whose_files_it_needs(desk: Desk, view: View) -> None:
    found = pathway(view, desk.chart)
    assert found is not None
    route = found.route(0)
    assert route.entities[0] == RACHID
    assert route.entities[-1] == LAURA
    assert [len(step.records) for step in route.steps] == [1, 12, 1, 1, 1]
    assert route.weakest == "X4 (4x4)"
    assert route.agencies == ("KFIU", "NKP", "RJP")
    assert [(need.agency, need.length) for need in needs(view, desk.chart)] == [
        ("KFIU", None),
        ("NKP", None),
        ("RJP", None),
    ]
    captions = {each.id: each.caption for each in view.summaries(route.entities)}
    assert {row["Record"] for row in step_rows(route, (), captions)} == route.records
    assert (
        step_texts(route, captions)[1]
        == "+212612345678 → +31612345678: Call ×12, 2026-02-01 to 2026-02-12, X4 (4x4), RJP"
    )


def test_needs_in_words(desk: Desk, view: View) -> None:
    assert needs_text(needs(view, desk.chart), 5) == "It vanishes without the files of KFIU, or of NKP, or of RJP."
    assert needs_text([], 5) == "No single agency's files are needed for it."


def test_a_path_that_cannot_be_asked_for_is_said_not_raised(view: View) -> None:
    found = pathway(view, Chart(entities=(RACHID, PHONE), start=RACHID, end=PHONE, projection="persons"))
    assert found is not None
    assert not found.routes
    assert "projection" in found.refused


def test_kinds_count_what_is_not_drawn(view: View) -> None:
    assert [(k.relationship, k.schema, k.n) for k in kinds(view, [PHONE], [])[PHONE]] == [
        ("Call", "Phone", 31),
        ("Holding", "Person", 1),
    ]
    drawn = [RACHID, view.canonical(id_of("RJP", "n2"))]
    assert [(k.relationship, k.schema, k.n) for k in kinds(view, [PHONE], drawn)[PHONE]] == [("Call", "Phone", 30)]
    assert not kinds(view, ["unknown"], [])


def test_expanding_brings_all_in_turn_and_says_what_is_left(desk: Desk, view: View) -> None:
    desk.expand(view, [PHONE], "Call", "Phone")
    assert len(desk.chart.entities) == 6 + MOST_AT_ONCE
    assert desk.note == "25 entities added; 5 more are left: expand again to add them."
    desk.expand(view, [PHONE], "Call", "Phone")
    assert desk.note == "5 entities added."
    assert {id_of("RJP", f"p{n}") for n in range(30)} <= set(desk.chart.entities)
    assert set(desk.chart.positions) == set(desk.chart.entities)
    desk.undo()
    assert len(desk.chart.entities) == 6 + MOST_AT_ONCE


def test_what_is_tied_to_the_chart_comes_first(view: View) -> None:
    found = expand(view, [PHONE], [PHONE, nico(view)], limit=1)
    assert found.entities == (view.canonical(id_of("RJP", "n2")),)
    assert found.left == 31


def test_places_stay_when_something_is_added(desk: Desk, view: View) -> None:
    before = dict(desk.chart.positions)
    desk.expand(view, [PHONE])
    assert {entity: desk.chart.positions[entity] for entity in before} == before


def test_dragging_is_kept_and_undone(desk: Desk) -> None:
    before = desk.chart
    move(desk, {RACHID: (7.0, 8.0), "unknown": (0.0, 0.0)})
    assert desk.chart.positions[RACHID] == (7.0, 8.0)
    assert "unknown" not in desk.chart.positions
    desk.undo()
    assert desk.chart == before


def test_a_filter_holds_back_and_lets_go(desk: Desk, view: View) -> None:
    whole = shown_of(desk, view)
    filtered(desk, Filters(without=frozenset({"agency:NKP", "agency:KFIU"})))
    shown = shown_of(desk, view)
    assert {line.agencies for line in shown.lines} == {("RJP",)}
    assert shown.filtered == len(whole.entities) - len(shown.entities) > 0
    others = frozenset({"tie:Holding", "tie:Directorship"})
    filtered(desk, Filters(without=others, since="2026-02-03", until="2026-02-05"))
    assert [len(line.said) for line in shown_of(desk, view).lines] == [3]
    filtered(desk, Filters())
    assert shown_of(desk, view) == whole


def test_hidden_things_leave_the_drawing_only(desk: Desk, view: View) -> None:
    hide(desk, PHONE)
    assert PHONE not in shown_of(desk, view).entities
    assert PHONE in pictured(desk, view).out
    assert PHONE in desk.chart.entities
    sent(desk, view, "restore")
    assert PHONE in shown_of(desk, view).entities


def test_the_canvas_gets_plain_text_and_shapes(desk: Desk, view: View) -> None:
    found = pictured(desk, view)
    assert "start" in found.things[RACHID]["signs"]
    assert "end" in found.things[LAURA]["signs"]
    assert found.things[nico(view)]["name"].startswith("Nico <b>de Wit</b>")
    looks = found.top["looks"]
    assert (looks["Phone"]["shape"], looks["Phone"]["icon"]) != (looks["Person"]["shape"], looks["Person"]["icon"])
    by_label = {tie["label"]: tie for tie in found.ties.values()}
    assert "certainty" not in by_label["Call ×12"], "a grade that can't be judged is drawn dashed"
    assert by_label["Directorship"]["certainty"] == "graded"
    assert legend_text(found.top["legend"]).startswith("Entities: ● Person 3, ▲ Phone 2, ■ Company 1")


def test_the_canvas_is_told_what_is_common(desk: Desk, view: View) -> None:
    found = replace(drawn(desk.chart, view, see(desk, view)), commons={PHONE: "more than 12"})
    assert picture(found).things[PHONE]["common"] == "more than 12"


def test_a_lead_is_drawn_as_one(desk: Desk, view: View) -> None:
    desk.add_lead(view, Lead(RACHID, LAURA, keys_of(view, RACHID)))
    lead = next(tie for tie in pictured(desk, view).ties.values() if tie["label"] == "lead?")
    assert "not a fact" in lead["told"]
    assert lead["certainty"] == PREDICTED
    assert DASHES[PREDICTED] not in (DASHES[GRADED], DASHES[UNJUDGED])
    assert not lines_among(view, [RACHID, LAURA])


def test_a_profile_says_who_says_it_how_graded_how_marked_and_where(view: View) -> None:
    said = {(each.property, each.value): each.sources for each in values_said(view, view.entity(nico(view)))}
    assert said["Name", "Νίκος Ντε Βιτ"] == (
        "KFIU/reports · A1 (4x4) · RESTRICTED//REL KFIU,NKP,RJP · kfiu.csv line 2",
    )
    assert len(said["Passport number", "XK4471129"]) == 2


def test_a_profile_says_what_people_judged(store: GraphStore, view: View) -> None:
    made = judge(store, view, RACHID, LAURA, "unsure", "alike")
    seen = store.view(view.viewer, purpose=view.purpose)
    names = referent_names(seen.entity(RACHID))
    assert judgements_of(seen, RACHID) == (made,)
    assert judgement_text(made, names) == f"{names[RACHID]} and {LAURA}: unsure, says {view.viewer.name}: alike"


def test_charts_save_themselves_and_reopen_by_name(desk: Desk, store: GraphStore, view: View) -> None:
    desk.save(store, view)
    assert not charts.saved(view), "nothing was done yet"
    desk.expand(view, [PHONE])
    move(desk, {RACHID: (5.0, 6.0)})
    hide(desk, LAURA)
    filtered(desk, Filters(without=frozenset({"agency:KFIU", "colour:x"}), since="2026-02-01"))
    desk.save(store, view)
    kept = charts.saved(view)
    assert [(each.name, each.by) for each in kept] == [("first", "joint")]
    assert charts.reopened(view, kept[0].body) == desk.chart
    other = named("other")
    reopen(other, view, kept[0], own=False)
    assert other.chart == desk.chart
    assert other.name == "first"
    assert not other.unsaved


def test_a_chart_that_another_session_saved_meanwhile_is_not_covered_by_this_one(
    desk: Desk, store: GraphStore, view: View
) -> None:
    desk.expand(view, [PHONE])
    desk.save(store, view)
    (kept,) = charts.saved(view)
    other = named("other")
    reopen(other, view, kept)
    hide(other, LAURA)
    other.save(store, view)
    for _ in range(2):
        hide(desk, RACHID)
        desk.save(store, view)
        desk.undo()
    assert desk.name == "first (2)"
    found = {each.name: charts.reopened(view, each.body).hidden for each in charts.saved(view)}
    assert found == {"first": {LAURA}, "first (2)": {RACHID}}


def test_of_two_new_charts_of_one_name_both_are_kept(
    desk: Desk, store: GraphStore, view: View, case_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "_TURNS", SimpleNamespace(acquire=lambda timeout: False))  # as of two processes
    other = named(desk.name)
    desk.expand(view, [PHONE])
    other.open(view, LAURA)
    with closing(open_store(case_url)) as theirs, waiting(store, lambda: other.save(theirs, view)):
        desk.save(store, view)
    assert (desk.name, other.name) == ("first", "first (2)")
    assert "Another of your sessions saved a chart as 'first'" in other.note
    assert [each.name for each in charts.saved(view)] == ["first (2)", "first"]
    assert desk.standing.id != other.standing.id, "each has a link of its own"


def test_a_name_of_another_chart_is_refused(desk: Desk) -> None:
    desk.rename("second", {"first"})
    assert (desk.name, desk.unsaved) == ("second", True)
    with pytest.raises(UsageError, match="another chart is called 'first'"):
        desk.rename(" first ", {"first"})


def test_a_chart_is_seen_by_who_sees_all_that_is_behind_it(
    desk: Desk, store: GraphStore, view: View, case_url: str
) -> None:
    desk.expand(view, [nico(view)])
    desk.save(store, view)
    assert charts.saved(view)
    assert not charts.saved(noordkust(store, case_url)), "it rests on a record of KFIU alone"
    document = charts.saved(view)[0]
    held = [referent for group in document.body["entities"] for referent in group]
    assert {id_of("NKP", "nico"), id_of("KFIU", "nikos")} <= set(held)


def test_another_viewer_sees_the_rest_of_a_chart(desk: Desk, store: GraphStore, view: View, case_url: str) -> None:
    desk.save(store, view)
    store.remark([value.record for value in view.entity(LAURA).values], parse_marking("OPEN//REL KFIU"))
    theirs = noordkust(store, case_url)
    desk.settle(theirs)
    assert set(desk.chart.entities) == {
        RACHID,
        PHONE,
        nico(theirs),
        theirs.canonical(id_of("NKP", "n")),
        theirs.canonical(id_of("KFIU", "acme")),
    }
    assert (desk.chart.start, desk.chart.end) == (RACHID, "")
    desk.save(store, theirs)
    desk.settle(store.view(view.viewer))
    assert LAURA in desk.chart.entities, "looking as somebody else takes nothing off the chart"
    assert (desk.chart.start, desk.chart.end) == (RACHID, LAURA)


def test_a_step_that_is_not_kept_yet_is_not_lost(desk: Desk, store: GraphStore, view: View) -> None:
    desk.save(store, view)
    desk.open(view, id_of("NKP", "mo"))
    desk.settle(view)
    assert id_of("NKP", "mo") in desk.chart.entities


def test_a_chart_follows_a_load_that_joins_two_of_its_entities(desk: Desk, store: GraphStore, case_url: str) -> None:
    view = store.view(settings.viewer_for(store, case_url, "joint"))
    desk.open(view, id_of("NKP", "mo"))
    desk.save(store, view)
    same = [
        record("NKP", "Person", "mo", name="Mo Visser", passportNumber="NW1234567"),
        record("NKP", "Person", "mo2", name="M. Visser", passportNumber="NW1234567"),
    ]
    load(store, "NKP", [*RECORDS["NKP"], *same])
    load(store, "RJP", [*RECORDS["RJP"], call("RJP", "r", "p1", "2026-04-01")])
    after = store.view(settings.viewer_for(store, case_url, "joint"))
    desk.settle(after)
    assert all(after.canonical(entity) == entity for entity in desk.chart.entities)
    assert after.canonical(id_of("NKP", "mo")) in desk.chart.entities


def test_a_chart_is_marked_as_what_it_rests_on(desk: Desk, store: GraphStore, view: View) -> None:
    desk.open(view, id_of("NKP", "van"))
    desk.save(store, view)
    assert parse_marking(ALL).releasable == view.viewer.agencies
    assert charts.saved(view)


def test_what_was_done_on_the_canvas_before_comes_first(desk: Desk) -> None:
    order: list[str] = []
    desk.catch_up = lambda: order.append("canvas")
    actions.doing(desk, order.append, "button")
    assert order == ["canvas", "button"]


def test_begun_empty_it_stays_empty(view: View, store: GraphStore) -> None:
    desk = opening(view, None)
    assert desk.history == History()
    desk.save(store, view)
    assert not charts.saved(view)


def test_versions_have_names_of_their_own_and_go_with_their_chart(desk: Desk, store: GraphStore, view: View) -> None:
    desk.open(view, id_of("NKP", "mo"))
    desk.save(store, view)
    desk.save_version(store, view, "v1")
    with pytest.raises(UsageError, match="a version 'v1' is there already"):
        desk.save_version(store, view, " v1 ")
    desk.save_version(store, view, "v2")
    assert {each.body["label"] for each in charts.versions(view, desk.standing.id)} == {"v1", "v2"}
    (kept,) = charts.saved(view)
    charts.delete(store, view, kept)
    assert not charts.saved(view)
    assert not charts.versions(view, desk.standing.id)


def test_a_grade_needs_its_scheme() -> None:
    assert grade_text("not graded", " ") is None
    assert grade_text("admiralty", " B2 ") == "admiralty B2"
    with pytest.raises(UsageError, match="needs its scheme"):
        grade_text("not graded", "B2")


def test_steps_stay_when_a_load_changes_who_is_who(desk: Desk, store: GraphStore, case_url: str) -> None:
    """Drawing by hand does that: the id of an end may become another."""
    view = store.view(settings.viewer_for(store, case_url, "joint"))
    desk.settle(view)
    desk.open(view, id_of("NKP", "mo"))
    desk.open(view, id_of("NKP", "van"))
    desk.save(store, view)
    desk.note = "what was said last"
    a, b = id_of("NKP", "mo"), id_of("RJP", "rachid")
    judge(store, view, a, b, "same", "one man")
    view = store.view(settings.viewer_for(store, case_url, "joint"))
    assert view.canonical(a) == view.canonical(b)
    desk.settle(view)
    assert desk.note == "what was said last"
    now = len(desk.chart.entities)
    desk.undo()
    assert len(desk.chart.entities) == now - 1
    assert id_of("NKP", "van") not in desk.chart.entities
    desk.redo()
    assert len(desk.chart.entities) == now
