"""Access rules, compared with the oracle's; only more rights give more access."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.oracle.world import may_see
from workbench.access.policy import may_load, may_read, may_repair
from workbench.access.viewer import INVESTIGATION, PRIVILEGE_REVIEW, Viewer, local_viewer
from workbench.model.marking import Level, Marking

CODES = st.frozensets(st.sampled_from("ABC"), max_size=3)
MARKINGS = st.builds(Marking, st.sampled_from(Level), CODES, CODES, CODES, st.booleans())
VIEWERS = st.builds(
    Viewer,
    name=st.just("anna"),
    agencies=CODES,
    level=st.sampled_from(Level).map(lambda level: level.name),
    compartments=CODES,
    purposes=st.just((INVESTIGATION, PRIVILEGE_REVIEW)),
)
PURPOSES = st.sampled_from((INVESTIGATION, PRIVILEGE_REVIEW, "statistics", ""))


@given(VIEWERS, PURPOSES, MARKINGS)
def test_it_is_the_oracles_rule(viewer: Viewer, purpose: str, marking: Marking) -> None:
    assert may_read(viewer, purpose, marking) == may_see(viewer, purpose, marking)


@given(VIEWERS, PURPOSES, MARKINGS, st.sampled_from("ABC"))
def test_asking_for_more_never_widens_access(viewer: Viewer, purpose: str, marking: Marking, code: str) -> None:
    stricter = [
        replace(marking, compartments=marking.compartments | {code}),
        replace(marking, releasable=marking.releasable - {code}),
        replace(marking, level=Level.SECRET),
        replace(marking, privileged=True),
    ]
    for each in stricter:
        assert may_read(viewer, purpose, each) <= may_read(viewer, purpose, marking)


@given(VIEWERS, PURPOSES, MARKINGS, CODES)
def test_handling_codes_do_not_restrict_reading(
    viewer: Viewer, purpose: str, marking: Marking, codes: frozenset
) -> None:
    assert may_read(viewer, purpose, replace(marking, handling=codes)) == may_read(viewer, purpose, marking)


@given(VIEWERS, PURPOSES, MARKINGS)
def test_who_acts_for_nobody_reads_nothing(viewer: Viewer, purpose: str, marking: Marking) -> None:
    assert not may_read(viewer.model_copy(update={"agencies": frozenset()}), purpose, marking)
    assert not may_read(viewer, purpose, replace(marking, releasable=frozenset()))


@given(VIEWERS, PURPOSES, st.sampled_from("ABC"), MARKINGS)
def test_a_unit_in_quarantine_is_seen_by_its_agency_alone(
    viewer: Viewer, purpose: str, agency: str, marking: Marking
) -> None:
    own = replace(marking, releasable=frozenset({agency}))
    assert may_repair(viewer, purpose, agency, marking) == (
        agency in viewer.agencies and may_read(viewer, purpose, own)
    )


@given(VIEWERS, CODES, st.sampled_from("ABC"))
def test_loading_is_a_right_that_nothing_else_gives(viewer: Viewer, loads: frozenset, agency: str) -> None:
    assert not may_load(viewer, agency)
    assert may_load(viewer.model_copy(update={"loads": loads}), agency) == (agency in loads)


@given(CODES, st.text(max_size=3))
def test_the_local_viewer_loads_for_every_agency(agencies: frozenset, agency: str) -> None:
    assert may_load(local_viewer(agencies), agency)


@given(VIEWERS, MARKINGS)
def test_a_purpose_only_narrows(viewer: Viewer, marking: Marking) -> None:
    widest = may_read(viewer, PRIVILEGE_REVIEW, marking)
    assert may_read(viewer, INVESTIGATION, marking) == (widest and not marking.privileged)
