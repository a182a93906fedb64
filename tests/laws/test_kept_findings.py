"""No kept finding leaks: whoever is told of one sees all records of the view out of which it came, as marked today."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.world import may_see
from tests.laws.cases import MARKINGS, VIEWERS, cases
from tests.laws.seeded import seeded
from tests.laws.sight import Case
from tests.laws.stages import REVIEW, Stage, played, root_of
from tests.selection import EVERYTHING
from tests.stores import examples
from workbench.access.viewer import Viewer
from workbench.analytics import Finding
from workbench.errors import UsageError
from workbench.model.marking import Marking
from workbench.session import Session

pytestmark = pytest.mark.each_store(reason="each kind of store keeps classes of its own")
_SOME = settings(max_examples=examples(24), suppress_health_check=[*HealthCheck], deadline=None)


def session(stage: Stage, viewer: Viewer, purpose: str) -> Session:
    return Session(stage.store, lambda: viewer, purpose)


def markings(stage: Stage, keys: set[str]) -> Mapping[str, Marking]:
    """Today's markings of records, superseded ones included."""
    root = root_of(VIEWERS[0][0])
    return stage.store.view(root, purpose=REVIEW).markings_of(sorted(keys))


def kept_by_each(stage: Stage) -> dict[str, set[str]]:
    """Each viewer keeps what he finds; returns what each sees, as keys of records."""
    inputs = {}
    for viewer, purpose in VIEWERS:
        case = session(stage, viewer, purpose)
        case.keep(case.communities("all"), f"of {viewer.name}")
        judged = {key for each in case.judgements() for key in each.evidence}
        inputs[f"of {viewer.name}"] = {*case.view.keys(), *judged}
    return inputs


def check(stage: Stage, inputs: Mapping[str, set[str]]) -> int:
    """Every finding that somebody is told of rests on records that he may see; returns how many are told."""
    told = 0
    for viewer, purpose in VIEWERS:
        case = session(stage, viewer, purpose)
        for each in case.findings():
            told += 1
            marked = markings(stage, inputs[each.name])
            assert marked.keys() == inputs[each.name]
            hidden = {str(marking) for marking in marked.values() if not may_see(viewer, purpose, marking)}
            assert hidden == set(), f"{viewer.name} is told of {each.name}"
            assert case.finding(each.name, each.by).revision == each.revision
            with suppress(Lost):
                assert again(case, each.name, each.by) == case.finding(each.name, each.by)
    return told


class Lost(Exception):
    """It is no longer reproducible."""


def again(case: Session, name: str, by: str) -> Finding[Any]:
    """A finding computed again; Lost if that can't be."""
    try:
        return case.again(name, by)
    except UsageError as error:
        if error.message != f"finding {name!r} is no longer reproducible":
            raise
        raise Lost from error


def seeds(test: Callable[..., None]) -> Callable[..., None]:
    """The seeded cases come first; by day every second."""
    for case in seeded()[:: 1 if EVERYTHING else 2]:
        test = example(case=case, pick=3, marking=MARKINGS[2])(test)
    return test


@_SOME
@seeds
@given(case=cases(), pick=st.integers(0, 40), marking=st.sampled_from(MARKINGS))
def test_no_kept_finding_leaks(case: Case, pick: int, marking: Marking) -> None:
    with played(case.steps, case.viewer, case.purpose) as stage:
        inputs = kept_by_each(stage)
        told = check(stage, inputs)
        assert told >= len(VIEWERS)  # each is told of his own
        for viewer, purpose in VIEWERS:
            mine = session(stage, viewer, purpose)
            assert mine.again(f"of {viewer.name}") == mine.finding(f"of {viewer.name}")
        for keys in inputs.values():
            if keys:
                stage.store.remark([sorted(keys)[pick % len(keys)]], marking)
        assert check(stage, inputs) <= told
