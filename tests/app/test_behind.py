"""A chart rests on the records that put something on it: a viewer who may not see them does not see the chart."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.analytics.cases import rows_of
from tests.app.behind import ALPHA, ANN, BOB, CAL, DAN, KNOWN, KNOWN_TO_ALL, MIDDLEMAN, NKP, WITH_ALPHA, filled
from tests.app.case import id_of, load, record
from tests.app.desks import changed, filtered, hide, move, named, pictured, reopen
from workbench.analytics import communities
from workbench.app import charts
from workbench.app.chart import Chart, Derived, Lead, Look
from workbench.app.desk import Desk
from workbench.app.filters import Filters
from workbench.errors import UsageError
from workbench.export import chart_html
from workbench.export.marking import marking_of_records
from workbench.export.supporting import one_of_each, supporting
from workbench.model.marking import Level
from workbench.resolve import judge
from workbench.view.store import GraphStore
from workbench.view.view import View


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    """A store in which only the compartment may see what ties Ann and Bob."""
    found = filled(tmp_path)
    yield found
    found.close()


@pytest.fixture
def alpha(store: GraphStore) -> View:
    """The view of a viewer in the compartment."""
    return store.view(WITH_ALPHA)


@pytest.fixture
def nkp(store: GraphStore) -> View:
    """The view of the agency's other viewers."""
    return store.view(NKP)


def lead(view: View) -> Lead:
    """Ann and Bob, by what they have in common."""
    keys = (each.key for each in view.records(view.keys()) if each.record.schema == "Associate")
    return Lead(*sorted((ANN, BOB)), tuple(sorted(keys)))


def led(desk: Desk, view: View) -> None:
    desk.add_lead(view, lead(view))


def walked(desk: Desk, view: View) -> None:
    desk.walk_in(view, "persons")
    desk.path(view, start=CAL, end=DAN)
    assert MIDDLEMAN in desk.chart.entities


def grouped(desk: Desk, view: View) -> None:
    found = communities(view)
    desk.show(view, [each for each in rows_of(found)[0]["members"] if each in KNOWN_TO_ALL], found.records)


BY_ALPHA = pytest.mark.parametrize("put", [led, walked, grouped])
Put = Callable[[Desk, View], None]


@BY_ALPHA
def test_a_chart_is_offered_to_nobody_who_lacks_what_put_something_on_it(
    store: GraphStore, alpha: View, nkp: View, put: Put
) -> None:
    desk = named("Ann to Bob, by the informant")
    put(desk, alpha)
    desk.save(store, alpha)
    assert [each.name for each in charts.saved(alpha)] == [desk.name]
    assert set(desk.chart.entities) <= set(KNOWN_TO_ALL), "all of whom the other may see"
    assert not charts.saved(nkp)
    assert not nkp.documents(charts.KIND)


@BY_ALPHA
def test_where_much_is_behind_it_one_of_each_marking_stands_for_it(
    store: GraphStore, alpha: View, nkp: View, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.app.desk._KEPT_ALL", 0)
    monkeypatch.setattr("workbench.export.supporting._MANY", 0)
    desk = named("much")
    put(desk, alpha)
    assert len(desk.chart.records) == 2, "what all may see, and what the compartment may"
    assert marking_of_records(alpha, desk.chart.records) == ALPHA
    desk.save(store, alpha)
    assert charts.saved(alpha)
    assert not charts.saved(nkp)


@BY_ALPHA
def test_both_ways_to_look_up_what_is_behind_it_agree(alpha: View, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = named("either")
    put(desk, alpha)
    read = supporting(alpha, desk.chart.entities, desk.chart.records)
    monkeypatch.setattr("workbench.export.supporting._MANY", 0)
    assert supporting(alpha, desk.chart.entities, desk.chart.records) == read
    assert set(one_of_each(alpha, (*read, "0" * 32))) - set(read) == {"0" * 32}, "what is not seen stays"


@BY_ALPHA
def test_its_page_is_marked_as_what_put_something_on_it(store: GraphStore, alpha: View, put: Put) -> None:
    desk = named("page")
    put(desk, alpha)
    behind = charts.evidence(alpha, desk.chart)
    assert marking_of_records(alpha, behind) == ALPHA
    assert f'"marking">{ALPHA}<' in chart_html(alpha, desk.chart.entities, title="page", records=behind)
    assert f'"marking">{KNOWN}<' in chart_html(alpha, desk.chart.entities, title="page")


@BY_ALPHA
def test_a_step_taken_back_takes_back_what_is_behind_it(store: GraphStore, alpha: View, nkp: View, put: Put) -> None:
    desk = named("steps")
    desk.open(alpha, MIDDLEMAN)
    alone = desk.chart
    desk.save(store, alpha)
    put(desk, alpha)
    desk.save(store, alpha)
    whole = desk.chart
    while desk.chart != alone:
        desk.undo()
    desk.save(store, alpha)
    assert charts.reopened(nkp, charts.saved(nkp)[0].body).entities == (MIDDLEMAN,)
    while desk.history.future:
        desk.redo()
    assert desk.chart == whole
    desk.save(store, alpha)
    assert charts.reopened(nkp, charts.saved(nkp)[0].body).entities == (MIDDLEMAN,), "not what was put back"
    assert charts.reopened(alpha, charts.saved(alpha)[0].body) == whole


def test_a_name_tells_of_what_was_there_when_it_was_given(store: GraphStore, alpha: View, nkp: View) -> None:
    desk = named("draft")
    desk.open(alpha, ANN)
    desk.save(store, alpha)
    led(desk, alpha)
    desk.rename("Ann knows Bob by the informant", ())
    desk.save(store, alpha)
    desk.undo()
    desk.save(store, alpha)
    assert desk.chart.entities == (ANN,)
    assert not charts.saved(nkp), "the chart has no longer the name that he might see"
    assert marking_of_records(alpha, charts.evidence(alpha, desk.chart)) == KNOWN
    assert marking_of_records(alpha, desk.behind(alpha)) == ALPHA, "of the exported page, which shows the name"
    again = named("again")
    reopen(again, alpha, next(each for each in charts.saved(alpha) if each.name == desk.name), own=False)
    move(again, {ANN: (1.0, 2.0)})
    again.save(store, alpha)
    assert not charts.saved(nkp), "nor when it is opened again"
    desk.rename("Ann", ())
    desk.save(store, alpha)
    assert "Ann" in [each.name for each in charts.saved(nkp)]


def test_who_has_fewer_rights_now_gets_no_lead_and_no_step(store: GraphStore, alpha: View, nkp: View) -> None:
    desk = named("Ann knows Bob by the informant")
    led(desk, alpha)
    hide(desk, BOB)
    desk.undo()
    desk.save(store, alpha)
    before = desk.chart
    desk.settle(nkp)
    assert not desk.chart.leads
    assert not desk.history.past
    assert not desk.history.future
    desk.save(store, nkp)
    assert not charts.saved(nkp), "nor do others the name that he gave it"
    desk.settle(alpha)
    assert desk.chart == before


def test_what_was_derived_from_what_one_does_not_see_is_taken_off(store: GraphStore, alpha: View, nkp: View) -> None:
    desk = named("derived")
    x = id_of("NKP", "x")
    tie = Derived(ANN, BOB, "met the Informant", lead(alpha).records, through=(x,))
    desk.show_derived(alpha, [ANN, BOB], [tie], lead(alpha).records)
    changed(lambda chart: chart.grouping("G", [ANN, BOB, x]).marking([x, ANN], "red").noting(x, "who?"), desk)
    desk.save(store, alpha)
    kept = charts.saved(alpha)[0]
    assert charts.reopened(alpha, kept.body) == desk.chart
    assert not charts.saved(nkp)
    theirs = charts.reopened(nkp, kept.body)
    assert theirs.entities == (ANN, BOB)
    assert (theirs.derived, theirs.leads, theirs.notes) == ((), (), {})
    assert theirs.marks == {ANN: "red"}
    assert [each.members for each in theirs.groups] == [{ANN, BOB}]
    assert x not in repr(theirs)
    assert "Informant" not in repr(theirs)
    desk.settle(nkp)
    assert x not in repr(desk.history)
    assert "Informant" not in repr(pictured(desk, nkp))


def test_what_another_viewer_goes_on_with_is_not_offered_to_his_colleagues(
    store: GraphStore, alpha: View, nkp: View
) -> None:
    desk = named("by alpha")
    walked(desk, alpha)
    desk.save(store, alpha)
    desk.settle(nkp)
    move(desk, {CAL: (9.0, 9.0)})
    desk.save(store, nkp)
    assert not charts.saved(nkp)
    assert {each.by for each in charts.saved(alpha)} == {"alpha", "nkp"}


def test_a_lead_whose_records_are_hidden_since_is_taken_off_its_steps_too(store: GraphStore, alpha: View) -> None:
    desk = named("leads")
    led(desk, alpha)
    desk.undo()
    desk.open(alpha, ANN)
    desk.undo()
    desk.redo()
    desk.undo()
    led(desk, alpha)
    desk.undo()
    desk.save(store, alpha)
    less = store.view(WITH_ALPHA)
    store.remark(lead(alpha).records, record("NKP", "Person", marking="SECRET//REL NKP//COMP BETA").marking)
    desk.settle(less)
    desk.redo()
    assert not desk.chart.leads


def supersede(store: GraphStore, roles: dict[str, str], marking: str) -> None:
    """A newer delivery says something else of how Ann and Bob know the informant."""
    newer = [record("NKP", "Associate", f"knows-{name}", roles, marking=marking) for name in ("ann", "bob")]
    with store.writer(agency="NKP", by="test", at="2026-06-01T10:00:00+00:00") as writer:
        writer.put(newer, writer.file("newer.csv", "1" * 64, "csv"), "2026-06-01")
        writer.publish(dataset="NKP/desk", adapter="csv", files=[])


def exported(desk: Desk, view: View) -> str:
    return chart_html(view, desk.chart.shown, desk.chart.positions, title=desk.name, records=desk.behind(view))


def test_what_was_superseded_is_behind_it_still(store: GraphStore, alpha: View) -> None:
    desk = named("old")
    led(desk, alpha)
    desk.save(store, alpha)
    supersede(store, {"person": "middleman", "associate": "x"}, ALPHA)
    after = store.view(WITH_ALPHA)
    assert not after.records(lead(alpha).records[:1])
    desk.settle(after)
    assert not desk.chart.leads
    move(desk, {ANN: (9.0, 9.0)})
    desk.save(store, after)
    assert charts.saved(after)
    assert not charts.saved(store.view(NKP))


def test_its_page_is_marked_as_what_was_superseded_too(store: GraphStore, alpha: View) -> None:
    desk = named("Ann knows Bob by the informant")
    led(desk, alpha)
    desk.save(store, alpha)
    supersede(store, {"person": "ann", "associate": "bob"}, KNOWN)
    after = store.view(WITH_ALPHA)
    desk.settle(after)
    rests_on = charts.evidence(after, desk.chart)
    assert {str(each.record.marking) for each in after.records(rests_on)} == {KNOWN}, "all that stands of it"
    assert f'"marking">{ALPHA}<' in exported(desk, after)
    assert str(charts._marking(after, rests_on)) == ALPHA
    move(desk, {ANN: (9.0, 9.0)})
    desk.save(store, after)
    assert charts.saved(after)
    assert not charts.saved(store.view(NKP))


def test_what_rests_on_something_out_of_sight_is_not_exported_and_kept_no_lower(
    store: GraphStore, alpha: View, nkp: View
) -> None:
    desk = named("by alpha")
    led(desk, alpha)
    desk.save(store, alpha)
    desk.settle(nkp)
    assert desk.chart.entities
    with pytest.raises(UsageError, match="no longer in your view"):
        exported(desk, nkp)
    assert charts._marking(nkp, desk.behind(nkp)).level is Level.SECRET
    fresh = named("afresh")
    fresh.open(nkp, ANN)
    assert f'"marking">{KNOWN}<' in exported(fresh, nkp)


def test_another_viewer_takes_over_no_filter_for_what_he_has_nothing_of(
    store: GraphStore, alpha: View, nkp: View
) -> None:
    desk = named("filtered")
    led(desk, alpha)
    common = {"agency:NKP", "type:Person", "certainty:graded"}
    theirs = {"type:Phone", "tie:Associate", "tie:Call"}
    filtered(desk, Filters(without=frozenset({*common, *theirs, "agency:KFIU", "type:Nonsense"}), since="2026-01-01"))
    desk.save(store, alpha)
    kept = charts.saved(alpha)[0].body
    mine = Filters(without=frozenset(common | theirs), since="2026-01-01")
    assert charts.reopened(alpha, kept).filters == mine
    desk.settle(nkp)
    assert desk.chart.filters == Filters(without=frozenset(common), since="2026-01-01")


def test_another_viewer_takes_over_no_colour_that_tells_of_what_he_does_not_see(
    store: GraphStore, alpha: View, nkp: View
) -> None:
    load(store, "NKP", [
        record("NKP", "Person", "ann", name="Ann", gender="female", marking=KNOWN),
        record("NKP", "Person", "cal", name="Cal", gender="male", marking=ALPHA),
        record("NKP", "Person", "bob", name="Bob", gender="female", marking=ALPHA),
    ])  # fmt: skip
    alpha, nkp = store.view(WITH_ALPHA), store.view(NKP)
    assert alpha.canonical(ANN) == ANN
    chart = Chart((ANN, BOB, CAL), look=Look(colour="property:gender"))
    signs = frozenset({"colour:female", "colour:male", "colour:Hidden"})
    kept = charts.body(alpha, replace(chart, filters=Filters(without=signs)))
    assert charts.reopened(alpha, kept).filters.without == {"colour:female", "colour:male"}
    assert charts.reopened(nkp, kept).filters.without == {"colour:female"}


def test_why_two_are_one_is_behind_a_chart(store: GraphStore, alpha: View) -> None:
    load(store, "NKP", [record("NKP", "Person", "anna", name="Anna", marking=KNOWN)])
    anna = id_of("NKP", "anna")
    evidence = next(each.record for each in alpha.entity(id_of("NKP", "x")).values)
    judge(store, store.view(WITH_ALPHA), ANN, anna, "same", "seen together", evidence=(evidence,))
    after, theirs = store.view(WITH_ALPHA), store.view(NKP)
    assert after.canonical(ANN) == after.canonical(anna)
    assert theirs.canonical(ANN) != theirs.canonical(anna)
    assert evidence in supporting(after, [ANN])
    desk = named("one")
    desk.open(after, after.canonical(ANN))
    desk.save(store, after)
    assert charts.saved(after)
    assert not charts.saved(theirs)


def test_what_is_only_referred_to_rests_on_what_refers_to_it(store: GraphStore) -> None:
    load(store, "NKP", [record("NKP", "Associate", roles={"person": "ann", "associate": "stub"}, marking=ALPHA)])
    view = store.view(WITH_ALPHA)
    assert len(supporting(view, [id_of("NKP", "stub")])) == 1
    assert len(supporting(view, [id_of("NKP", "stub"), ANN])) == 2
    assert not supporting(store.view(NKP), [id_of("NKP", "stub")])


def test_a_lead_says_what_it_rests_on(alpha: View) -> None:
    with pytest.raises(UsageError, match="its supporting records"):
        named("leads").add_lead(alpha, Lead(ANN, BOB))


def test_a_lead_found_again_takes_the_place_of_the_old_one(alpha: View) -> None:
    desk, found = named("leads"), lead(alpha)
    desk.add_lead(alpha, Lead(found.b, found.a, found.records[:1]))
    desk.add_lead(alpha, found)
    desk.add_lead(alpha, found)
    assert desk.chart.leads == (found,)
    assert len(desk.history.past) == 2


def test_what_is_expanded_rests_on_what_it_was_tied_by(alpha: View) -> None:
    desk = named("expansion")
    desk.open(alpha, ANN)
    desk.expand(alpha, [ANN])
    assert marking_of_records(alpha, desk.chart.records) == ALPHA
