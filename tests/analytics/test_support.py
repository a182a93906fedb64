"""A finding has the handling codes of all its supporting records, although none of them is read for it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.cases import EVERYBODY, OPEN_TO_ALL, eid, person, seen, store_of, thing, tie
from tests.analytics.conftest import AGENCIES, Saltmarsh
from tests.analytics.worlds import cases
from tests.stores import examples
from workbench.analytics import Finding, communities, joint_value, key_players, paths, predict
from workbench.analytics.projection import everyone
from workbench.analytics.support import finding
from workbench.model.marking import parse_marking, union_of_handling
from workbench.resolve import judge
from workbench.view.view import View

CODES = ("", "H1", "H2", "", "H1,H3")
ANALYSES = (communities, key_players, predict, joint_value)


def marked(codes: str) -> str:
    return OPEN_TO_ALL + (f"//HC {codes}" if codes else "")


def decoded(view: View, found: Finding) -> tuple[str, ...]:
    """The codes in the records, read one by one."""
    return union_of_handling(each.record.marking for each in view.records(found.records))


def test_codes_are_those_of_all_records_whichever_they_are() -> None:
    ties = [
        tie("Family", person="a", relative=f"p{n}", marking=marked(codes), date=f"2026-01-0{n + 1}")
        for n, codes in enumerate(CODES)
    ]
    by_key = {each.key(): each.marking.handling for each in ties}
    with seen([*ties, thing("Person", "a", marking=marked("NOT-BEHIND"))]) as view:
        projection = everyone(view, "persons", False)
        numbers = {key: number for number, key in view.snapshot().keys_of(view.snapshot().record.tolist()).items()}
        assert numbers.keys() == by_key.keys()
        for keys in chain.from_iterable(combinations(sorted(by_key), n) for n in range(len(ties) + 1)):
            found = finding(view, projection, "test", {}, {}, [], [numbers[key] for key in keys])
            assert found.records == keys
            assert found.handling == tuple(sorted(set().union(*(by_key[key] for key in keys)))) == decoded(view, found)


@settings(max_examples=examples(40))
@given(records=cases(), codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=7))
def test_codes_told_by_classes_are_those_that_records_say(records: list, codes: list[str]) -> None:
    """For every analysis, compared with the codes in the records."""
    given_codes = [parse_marking(marked(codes[n % len(codes)])) for n in range(len(records))]
    with seen([replace(each, marking=marking) for each, marking in zip(records, given_codes, strict=True)]) as view:
        ends = sorted(view.snapshot().ids)[:2]
        answers = [analysis(view) for analysis in ANALYSES] + [paths(view, *ends)]
        for found in answers:
            assert found.handling == decoded(view, found), found.kind


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize("agencies", [AGENCIES, *((each,) for each in AGENCIES)], ids="+".join)
def test_codes_in_saltmarsh_are_those_that_records_say(
    saltmarsh: Saltmarsh, analysis: Callable[[View], Finding], agencies: tuple[str, ...]
) -> None:
    view = saltmarsh.view(*agencies)
    found = analysis(view)
    assert found.handling == decoded(view, found)


def test_the_evidence_of_a_judgement_hands_on_its_codes(tmp_path: Path) -> None:
    """A third record, that only the judgement names, carries one."""
    people = [person("a", "AAA"), person("b", "BBB")]
    told = replace(person("a", "AAA", birthDate="1980-02-03"), part="born", marking=parse_marking(marked("H1")))
    store = store_of(tmp_path, [*people, told])
    keys = [each.key() for each in (*people, told)]
    judge(store, store.view(EVERYBODY), eid("a", "AAA"), eid("b", "BBB"), "same", "known to us", evidence=keys)
    view = store.view(EVERYBODY)
    found = joint_value(view)
    assert set(found.records) == set(keys)
    assert found.handling == ("H1",) == decoded(view, found)
    store.close()


def test_groups_warn_unless_the_data_support_them() -> None:
    ties = [tie("Family", person=a, relative=b) for a, b in combinations("abc", 2)]
    with seen([*(person(p) for p in "abc"), *ties]) as view:
        found = communities(view)
    cases = (((2, 0, 0), False), ((2, 0, 3), False), ((2, 1, 0), True), ((0, 2, 0), True), ((0, 0, 2), True))
    for counts, warns in cases:
        groups = dict(zip(("supported", "not supported", "too small to say"), counts, strict=True))
        (told,) = replace(found, measured={**found.measured, "groups": groups}).reliance
        assert told.warns is warns
        assert ("do not support" in told.text) is bool(counts[1])
        assert ("too small to say" in told.text) is bool(counts[2])
