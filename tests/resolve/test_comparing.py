"""Many names are compared in two processes, with the same outcomes, whatever becomes of the second one."""

import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

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
N = len(NAMES)
EVERY = [*([each] for each in NAMES), *([each, "Zoë"] for each in NAMES)]
PAIRS = comparing.Asked(EVERY, *map(list, zip(*product(range(N), range(N, 2 * N)), strict=True)))


def outcome_of(ours: list[str], theirs: list[str]) -> str:
    """The outcome of comparing the names of two."""
    return comparing.outcomes(comparing.Asked([ours, theirs], [0], [1]), Kind.PERSON)


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
    assert outcome_of([one], [other]) == outcome
    assert outcome_of([other], [one]) == outcome


def test_the_best_of_several_names_counts() -> None:
    assert outcome_of(["Anna Bos", "Vladimir Petrov"], ["Zoë", "Владимир Петров"]) == ALIKE
    assert outcome_of([], ["Anna Bos"]) == UNLIKE


@pytest.mark.parametrize("kind", list(Kind))
def test_a_second_process_finds_the_same(monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    alone = comparing.outcomes(PAIRS, kind)
    monkeypatch.setattr(comparing, "_WORTH_IT", 2)
    monkeypatch.setattr(comparing, "_outcomes", counting(calls := []))
    assert comparing.outcomes(PAIRS, kind) == alone
    assert calls == [len(PAIRS.one) // 2]


def test_the_second_process_takes_no_code_from_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "json.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(comparing, "_WORTH_IT", 2)
    monkeypatch.setattr(comparing, "_outcomes", counting(calls := []))
    comparing.outcomes(PAIRS, Kind.PERSON)
    assert (len(calls), (tmp_path / "ran").exists()) == (1, False)


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false"])
def test_without_a_second_process_this_one_compares_all(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    alone = comparing.outcomes(PAIRS, Kind.PERSON)
    monkeypatch.setattr(comparing, "_WORTH_IT", 2)
    monkeypatch.setattr(sys, "executable", program)
    assert comparing.outcomes(PAIRS, Kind.PERSON) == alone


def test_the_second_process_ends_where_the_first_fails() -> None:
    with pytest.raises(KeyError), comparing._second_process() as process:
        raise KeyError
    assert process.returncode is not None
    process.communicate()  # closes the pipes


def counting(calls: list[int]) -> Callable[[comparing.Asked, Kind], str]:
    """The function that compares in this process, which notes how many pairs it was given."""
    compare = comparing._outcomes

    def noted(asked: comparing.Asked, kind: Kind) -> str:
        calls.append(len(asked.one))
        return compare(asked, kind)

    return noted
