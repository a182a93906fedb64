"""The handling codes of a finding are those of all records behind it, however many are read at a time."""

from dataclasses import replace
from itertools import chain, combinations

import pytest

from tests.analytics.cases import OPEN_TO_ALL, seen, thing
from workbench.analytics import support
from workbench.model.marking import parse_marking
from workbench.model.record import Record

CODES = ("", "H1", "H2", "", "H1,H3")
RECORDS = [
    thing("Person", f"p{n}", marking=OPEN_TO_ALL + (f"//HC {codes}" if codes else ""), name=f"Person {n}")
    for n, codes in enumerate(CODES)
]


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, support._AT_ONCE])
def test_codes_are_those_of_all_records_whatever_is_read_at_once(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(support, "_AT_ONCE", at_once)
    by_key = {each.key(): each.marking.handling for each in RECORDS}
    with seen(RECORDS) as view:
        for keys in chain.from_iterable(combinations(sorted(by_key), n) for n in range(len(RECORDS) + 1)):
            assert support.handling(view, keys) == tuple(sorted(set().union(*(by_key[key] for key in keys))))


def test_a_code_beyond_what_is_read_at_once_is_handed_on() -> None:
    """Records are read in order of their keys: the one with the code is the last."""
    many = sorted((thing("Person", f"p{n}", name="One") for n in range(support._AT_ONCE + 1)), key=Record.key)
    many[-1] = replace(many[-1], marking=parse_marking(f"{OPEN_TO_ALL}//HC H1"))
    keys = [each.key() for each in many]
    with seen(many) as view:
        assert support.handling(view, keys[:-1]) == ()
        assert support.handling(view, keys) == ("H1",)
