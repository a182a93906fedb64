"""The state of a chart: every action can be undone, and nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workbench.app.actions import filters_of, widgets_of
from workbench.app.chart import Chart, Filters, History

IDS = st.sampled_from(["a", "A", "b", "c", ""])
PLACES = st.dictionaries(IDS, st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=3)
DAYS = st.dates().map(lambda day: day.isoformat()) | st.just("")
NAMES = st.frozensets(st.sampled_from(["NKP", "KFIU", "Call", ""]), max_size=3)
FILTERS = st.builds(Filters, agencies=NAMES, schemata=NAMES, relationships=NAMES, since=DAYS, until=DAYS)
STEPS = st.one_of(
    st.lists(IDS, max_size=3).map(lambda ids: lambda chart: chart.added(ids)),
    st.lists(IDS, max_size=3).map(lambda ids: lambda chart: chart.hiding(ids)),
    st.just(lambda chart: chart.restored()),
    PLACES.map(lambda places: lambda chart: chart.moved(places)),
    st.tuples(IDS, IDS).map(lambda ends: lambda chart: chart.between(*ends)),
    FILTERS.map(lambda filters: lambda chart: replace(chart, filters=filters)),
)
Step = Callable[[Chart], Chart]


def walked(steps: list[Step]) -> History:
    history = History()
    for step in steps:
        history = history.did(step(history.present))
    return history


@given(st.lists(STEPS, max_size=12))
def test_undo_takes_back_every_step_and_redo_takes_it_again(steps: list[Step]) -> None:
    history = walked(steps)
    states = [*history.past, history.present]
    back = history
    for state in reversed(states[:-1]):
        back = back.undo()
        assert back.present == state
    assert back.undo() == back
    for state in states[1:]:
        back = back.redo()
        assert back.present == state
    assert back.redo() == back == history


@given(st.lists(STEPS, max_size=8), STEPS)
def test_a_new_step_forgets_what_was_taken_back(steps: list[Step], step: Step) -> None:
    history = walked(steps).undo()
    after = history.did(step(history.present))
    assert after.future == (history.future if after.present == history.present else ())


@given(st.lists(STEPS, max_size=12))
def test_no_step_of_an_unchanged_chart_is_kept(steps: list[Step]) -> None:
    history = walked(steps)
    states = [*history.past, history.present]
    assert all(before != after for before, after in pairwise(states))


@given(st.lists(STEPS, max_size=12), st.lists(IDS, max_size=4))
def test_what_is_hidden_comes_back_as_it_was(steps: list[Step], ids: list[str]) -> None:
    chart = walked(steps).present.restored()
    hidden = chart.hiding(ids)
    assert set(hidden.shown) == set(chart.entities) - set(ids)
    assert hidden.restored() == chart
    assert set(hidden.entities) == set(chart.entities)


@given(st.lists(STEPS, max_size=12), st.lists(IDS, max_size=4))
def test_adding_shows_what_was_hidden_and_keeps_the_order(steps: list[Step], ids: list[str]) -> None:
    chart = walked(steps).present
    added = chart.added(ids)
    assert added.entities[: len(chart.entities)] == chart.entities
    assert set(ids) <= set(added.shown)
    assert len(set(added.entities)) == len(added.entities)


@given(st.lists(STEPS, max_size=12))
def test_only_entities_of_the_chart_have_places(steps: list[Step]) -> None:
    chart = walked(steps).present
    assert set(chart.positions) <= set(chart.entities)


def test_history_is_bounded() -> None:
    history = walked([lambda chart, n=n: chart.added([str(n)]) for n in range(500)])
    assert len(history.past) == 200
    assert len(history.present.entities) == 500


@given(FILTERS)
def test_widgets_say_the_filters_that_they_were_set_to(filters: Filters) -> None:
    assert filters_of(widgets_of(filters)) == filters


def test_filters_keep_what_they_say() -> None:
    filters = Filters(
        agencies=frozenset({"NKP"}), relationships=frozenset({"Call"}), since="2026-03-02", until="2026-03-07"
    )
    assert filters.keeps_record("Call", "NKP", "2026-03-02")
    assert filters.keeps_record("Call", "NKP", "2026-03-07T23:59:00")
    assert filters.keeps_record("Call", "NKP", "")
    assert not filters.keeps_record("Call", "NKP", "2026-03-01")
    assert not filters.keeps_record("Call", "NKP", "2026-03-08")
    assert filters.keeps_record("Call", "NKP", "2026-03")
    assert not filters.keeps_record("Call", "NKP", "2026-04")
    assert not filters.keeps_record("Call", "RJP", "2026-03-03")
    assert not filters.keeps_record("Holding", "NKP", "2026-03-03")
    assert filters.keeps_entity("Person", ["RJP", "NKP"])
    assert not filters.keeps_entity("Person", ["RJP"])
    assert not Filters()
    assert filters
