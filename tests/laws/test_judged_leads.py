"""No verdict on a lead leaks: whoever is told of one sees all records that the lead rests on, as marked today."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.analytics.cases import filled
from tests.analytics.friends import friends
from tests.conformance.oracle.world import may_see
from tests.stores import examples, leased
from workbench.access.viewer import Viewer
from workbench.model.marking import Marking, parse_marking
from workbench.session import Session
from workbench.view.store import GraphStore

pytestmark = pytest.mark.each_store(reason="each kind of store keeps classes of its own")
PURPOSE = "investigation"
EVERY = parse_marking("OPEN//REL AAA,BBB,CCC")
MARKINGS = [
    EVERY,
    *map(parse_marking, ("OPEN//REL AAA", "OPEN//REL BBB,CCC", "SECRET//REL AAA,BBB", "OPEN//REL AAA,CCC//COMP X")),
]
VIEWERS = [
    Viewer(name="all", agencies=frozenset({"AAA", "BBB", "CCC"}), level="SECRET", compartments=frozenset({"X"})),
    Viewer(name="two", agencies=frozenset({"AAA", "BBB"}), level="SECRET"),
    Viewer(name="one", agencies=frozenset({"AAA"}), level="OPEN", compartments=frozenset({"X"})),
    Viewer(name="low", agencies=frozenset({"BBB", "CCC"}), level="OPEN"),
]
Told = tuple[str, str, tuple[str, ...]]


def judge(store: GraphStore, most: int) -> set[Told]:
    """Each viewer judges his first leads; returns the verdicts: by whom, which, and on what."""
    made = set[Told]()
    for viewer in VIEWERS:
        case = Session(store, lambda viewer=viewer: viewer, PURPOSE)
        for found in case.predict(limit=most).results:
            said = case.judge_lead(found.a, found.b, "accepted", "seen")
            made.add((said.by, said.at, said.evidence))
    return made


def check(store: GraphStore, made: set[Told], marked: Mapping[str, Marking]) -> None:
    """A viewer is told exactly of those of which he sees all records, and that act for one of his agencies."""
    by = {viewer.name: viewer for viewer in VIEWERS}
    for viewer in VIEWERS:
        case = Session(store, lambda viewer=viewer: viewer, PURPOSE)
        seen = {key for key, marking in marked.items() if may_see(viewer, PURPOSE, marking)}
        told = {(each.by, each.at, each.evidence) for each in case.judged_leads()}
        assert told == {each for each in made if seen.issuperset(each[2]) and by[each[0]].agencies & viewer.agencies}
        assert not seen - set(case.view.keys())


@settings(max_examples=examples(12), suppress_health_check=[*HealthCheck], deadline=None)
@given(seed=st.integers(0, 3), marks=st.lists(st.sampled_from(MARKINGS), max_size=30), again=st.integers(0, 20))
def test_a_verdict_is_told_to_those_who_see_all_that_it_rests_on(seed: int, marks: list[Marking], again: int) -> None:
    records = [replace(each, marking=EVERY) for each in friends(seed)]
    ties = [n for n, each in enumerate(records) if each.roles]
    for place, marking in zip(ties[:: max(len(ties) // 30, 1)], marks, strict=False):
        records[place] = replace(records[place], marking=marking)
    with TemporaryDirectory() as folder, leased(Path(folder)) as url:
        store = filled(url, records)
        made = judge(store, 4)
        assert made
        marked = {each.key(): each.marking for each in records}
        check(store, made, marked)
        _, _, evidence = sorted(made)[again % len(made)]
        key = evidence[again % len(evidence)]
        store.remark([key], MARKINGS[3])
        check(store, made, marked | {key: MARKINGS[3]})
        store.close()
