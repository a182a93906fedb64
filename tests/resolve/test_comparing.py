"""Many names are compared in two processes, with the same outcomes, whatever becomes of the second one."""

import sys
from collections.abc import Callable
from itertools import product

import pytest

from workbench.model.normal.names import Kind
from workbench.resolve.scoring import comparing
from workbench.resolve.scoring.settings import ALIKE, KIN, PART, UNCLEAR, UNLIKE

NAMES = (
    "Владимир Петров",
    "Vladimir Petrov",
    "V. Petrov",
    "Petrov",
    "محمد العلوي",
    "Mohamed Alaoui",
    "Anna DE VRIES",
    "",
)
PAIRS = [([one], [other, "Zoë"]) for one, other in product(NAMES, NAMES)]


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        ("Vladimir Petrov", "Владимир Петров", ALIKE),
        ("Vladimir Petrov", "Vladimir", PART),
        ("Fenmina Noorvenrade", "Fenmke Noorvelt", UNCLEAR),
        ("Fenmina Noorvenrade", "Anna Bos", UNLIKE),
        ("Morris I Klein", "Morris II Klein", KIN),
        ("John Smith Jr.", "John Smith Sr.", KIN),
    ],
)
def test_outcomes(one: str, other: str, outcome: str) -> None:
    assert comparing.outcomes([([one], [other])], Kind.PERSON) == outcome
    assert comparing.outcomes([([other], [one])], Kind.PERSON) == outcome


def test_the_best_of_several_names_counts() -> None:
    assert comparing.outcomes([(["Anna Bos", "Vladimir Petrov"], ["Zoë", "Владимир Петров"])], Kind.PERSON) == ALIKE
    assert comparing.outcomes([([], ["Anna Bos"])], Kind.PERSON) == UNLIKE


@pytest.mark.parametrize("kind", list(Kind))
def test_a_second_process_finds_the_same(monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    alone = comparing.outcomes(PAIRS, kind)
    monkeypatch.setattr(comparing, "_WORTH_IT", 2)
    monkeypatch.setattr(comparing, "_outcomes", counting(calls := []))
    assert comparing.outcomes(PAIRS, kind) == alone
    assert calls == [len(PAIRS) // 2]


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false"])
def test_without_a_second_process_this_one_compares_all(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    alone = comparing.outcomes(PAIRS, Kind.PERSON)
    monkeypatch.setattr(comparing, "_WORTH_IT", 2)
    monkeypatch.setattr(sys, "executable", program)
    assert comparing.outcomes(PAIRS, Kind.PERSON) == alone


def counting(calls: list[int]) -> Callable[[comparing.Pairs, Kind], str]:
    """The function that compares in this process, which notes how many pairs it was given."""
    compare = comparing._outcomes

    def noted(pairs: comparing.Pairs, kind: Kind) -> str:
        calls.append(len(pairs))
        return compare(pairs, kind)

    return noted
