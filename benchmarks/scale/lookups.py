"""The rows of commands that ask for little, and of a bare SELECT beside them."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from benchmarks.scale.processes import Cost, Terms, middle
from benchmarks.scale.questions import NOISE, Measured, Question, Subject, exponent, measure, questions
from benchmarks.scale.rows import Row, Task, seconds, size, took

_TIMES, _MEMORY, _EACH = 3, 250, 2
_FLAT = f"at most {_TIMES} times the smallest size's time less start-up; {_MEMORY} MB"
_PER_UNIT = f"µs for each the same at all sizes, within {_EACH}"
_HAS_REACH = {"search NUMBER": _FLAT, "show": _FLAT, "neighbours --hops 1": _FLAT}
_HAS_EACH = ("search NAME", "neighbours --hops 3", "paths")

_BARE = """
import sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
(eid,) = db.execute("SELECT eid FROM entity WHERE id = ?", sys.argv[2:]).fetchone()
print(len(db.execute("SELECT * FROM record WHERE about = ?", (eid,)).fetchall()))
"""


def tasks(subjects: Sequence[Subject], terms: Terms) -> list[Task]:
    """The rows of all questions, and the bare SELECT."""
    asked = [Task(each.name, _reach(each), partial(_rows, each, subjects, terms)) for each in questions()]
    return [*asked, Task("bare SELECT", "", partial(_bare, subjects, terms))]


def _reach(question: Question) -> str:
    return _HAS_REACH.get(question.name, _PER_UNIT if question.name in _HAS_EACH else "")


def _rows(question: Question, subjects: Sequence[Subject], terms: Terms) -> Sequence[Row]:
    found = measure(question, subjects, terms)
    reached: bool | None = None
    if question.name in _HAS_REACH:
        reached = is_flat(found)
    elif question.name in _HAS_EACH:
        reached = is_even(found)
    slope = exponent(found)
    told = {size(each.records): _told(each, question.unit) for each in found}
    why = "" if slope is None else f"exponent {slope:.2f}; {ratio(found):.1f} times from the smallest to the largest"
    details: dict[str, Any] = {"sizes": [asdict(each) for each in found], "exponent": slope, "unit": question.unit}
    return [Row(question.name, told, _reach(question), reached, why, details | _whom(question, subjects))]


def _whom(question: Question, subjects: Sequence[Subject]) -> dict[str, Any]:
    """How well known those are whom a question is about."""
    if question.name == "search NAME":
        return {"candidates": [each.name.candidates for each in subjects]}
    if "HUB" in question.name:
        return {"neighbours_of_hub": [each.chosen.hub_degree for each in subjects]}
    return {"neighbours_of_each": [each.chosen.degree for each in subjects]}


def ratio(found: Sequence[Measured]) -> float:
    """How many times longer the largest size takes than the smallest, less start-up, each at least `NOISE`."""
    return max(found[-1].less_s, NOISE) / max(found[0].less_s, NOISE)


def is_flat(found: Sequence[Measured]) -> bool:
    """Whether the largest size takes little more time than the smallest, and little memory."""
    return ratio(found) <= _TIMES and max(each.cost.peak_mb for each in found) <= _MEMORY


def is_even(found: Sequence[Measured]) -> bool:
    """Whether each unit takes about the same time at the smallest and the largest size."""
    fewest, most = sorted((found[0].us_each, found[-1].us_each))
    return fewest > 0 and most <= _EACH * fewest


def _told(each: Measured, unit: str) -> str:
    told = f"{took(each.cost)}; "
    told += f"about nothing {seconds(each.start.wall)} wall, {seconds(each.start.cpu)} CPU; "
    told += f"less start-up {seconds(each.less_s)}"
    return told + (f"; {each.us_each:,.0f} µs for each {unit} of {each.units:,.0f}" if unit else "")


def _bare(subjects: Sequence[Subject], terms: Terms) -> Sequence[Row]:
    costs: list[list[Cost]] = [[] for _ in subjects]
    for run in range(terms.runs):
        for subject, rows in zip(subjects, costs, strict=True):
            made, typical = subject.made, subject.chosen.typical
            asked = typical[run % len(typical)].id
            command = [str(made.programs.python), "-c", _BARE, str(made.file), asked]
            made.place.run(command)
            rows.append(made.place.run(command).cost)
    middles = {size(each.made.note["records"]): middle(rows) for each, rows in zip(subjects, costs, strict=True)}
    told = {name: took(each) for name, each in middles.items()}
    why = "an entity by its id and the records about it, by sqlite3 in a cold Python: the floor"
    return [Row("bare SELECT", told, why=why, details={"sizes": [asdict(each) for each in middles.values()]})]
