"""Drawn mutants: what they change in a file, and what they leave alone."""

import ast
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tools.mutants import mutants_of
from tools.mutate_drawn import AREAS, Touched, area_of, drawn, first_line
from tools.mutate_logic import ROOT

SOURCE = '''"""Of é: 1 < 2."""

LIMIT = 3


def f(a: "Literal[7]", b: int = 8) -> bool:
    """Not 9."""
    if (a) < b and not a:
        tell("x" + a)
        raise ValueError(f"at most {LIMIT - 1}")
    return any(x for x, _ in zip(a, a, strict=True) if x in ("é", True)) or a is not None
'''


def made(folder: Path) -> Counter[tuple[int, str, str]]:
    (folder / "m.py").write_text(SOURCE, "utf-8")
    return Counter((each.line, each.old, each.new) for each in mutants_of(folder, "m.py"))


def test_one_small_thing_inside_a_function_is_changed(tmp_path: Path) -> None:
    assert made(tmp_path) == Counter(
        [
            (8, "(a) < b and not a", "(not ((a) < b and not a))"),
            (8, "<", "<="),
            (8, "and", "or"),
            (8, "not a", "(a)"),
            (9, 'tell("x" + a)', "None"),
            (9, "+", "-"),
            (11, "any", "all"),
            (11, 'x in ("é", True)', '(not (x in ("é", True)))'),
            (11, "in", "not in"),
            (11, "True", "False"),
            (11, "or", "and"),
            (11, "is not", "is"),
        ]
    )


@given(seed=st.integers(0, 10**6))
def test_what_is_drawn_is_python_and_has_tests(seed: int) -> None:
    (mutant,) = drawn(1, seed)
    assert ast.dump(ast.parse(mutant.made(ROOT))) != ast.dump(ast.parse((ROOT / mutant.file).read_text("utf-8")))
    assert all((ROOT / path).exists() for path in AREAS[area_of(mutant)])


def test_a_mutant_is_shown_to_the_tests_that_execute_its_statement() -> None:
    mutant = drawn(1, 17)[0]
    first = first_line(mutant.file, mutant.line)
    assert first <= mutant.line
    slow, quick, inside = (f"tests/{name}" for name in ("a.py::test_slow", "a.py::test_quick", "b.py::test_inside"))
    seconds = {slow: 9.0, quick: 1.0, "tests/b.py": 2.0, inside: 3.0}
    touched = Touched(["tests"], {mutant.file: {str(first): [slow, "tests/b.py", inside, quick]}}, seconds)
    assert touched.tests(mutant) == [quick, "tests/b.py", slow]
    assert [touched.time_of(each) for each in ("tests/b.py", "tests")] == [5.0, 15.0]
    assert touched._replace(lines={}).tests(mutant) == ["tests"]
    assert touched._replace(seconds=dict.fromkeys(seconds, 25.0)).tests(mutant) == [quick, slow]


def test_a_seed_draws_the_same_again() -> None:
    assert drawn(20, 5) == drawn(20, 5) != drawn(20, 6)
