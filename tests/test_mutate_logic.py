"""The tool for mutations of the source: caught ones, survivors, and runs that prove nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tools.mutate_logic import main, read_mutations

TRUE = """
[[mutation]]
name = "a level too few"
file = "workbench/access/policy.py"
old = "viewer.clearance >= marking.level"
new = "viewer.clearance > marking.level"
tests = ["tests/access/test_policy.py::test_it_is_the_oracles_rule"]

[[mutation]]
name = "a word of a docstring"
file = "workbench/access/policy.py"
old = "Access rules: which markings"
new = "Access rules: what markings"
tests = ["tests/access/test_policy.py::test_it_is_the_oracles_rule"]
"""
RULE = "viewer.clearance >= marking.level"


def run(folder: Path, table: str, *parts: str) -> Result:
    """What the tool says of a table."""
    path = folder / "table.toml"
    path.write_text(table, "utf-8")
    return CliRunner().invoke(main, ["--table", str(path), *parts])


@pytest.mark.sqlite_only(reason="about a tool that starts tests of its own")
def test_a_mistake_is_caught_and_what_is_none_survives(tmp_path: Path) -> None:
    ended = run(tmp_path, TRUE)
    assert "a level too few: caught by day" in ended.output
    assert "a word of a docstring: SURVIVED" in ended.output
    assert ended.exit_code == 1
    assert run(tmp_path, TRUE, "level").exit_code == 0


@pytest.mark.parametrize("old", ["viewer.clearance is marking.level", "viewer"])
def test_a_place_that_is_not_one_proves_nothing(tmp_path: Path, old: str) -> None:
    ended = run(tmp_path, TRUE.replace(RULE, old, 1), "docstring")
    times = Path("workbench/access/policy.py").read_text("utf-8").count(old)
    assert f"stands {times} times in workbench/access/policy.py" in ended.output
    assert ended.exit_code == 2


@pytest.mark.sqlite_only(reason="about a tool that starts tests of its own")
def test_tests_that_fail_by_themselves_or_are_none_prove_nothing(tmp_path: Path) -> None:
    ended = run(tmp_path, TRUE.replace("test_policy.py::test_it_is_the_oracles_rule", "test_gone.py"))
    assert "without it these do not pass: tests/access/test_gone.py" in ended.output
    assert ended.exit_code == 2


def test_every_mutation_of_ours_has_its_place_and_tests() -> None:
    found = read_mutations(Path("tools/mutations.toml"))
    assert len({each.name for each in found}) == len(found)
    assert all(Path(test.partition("::")[0]).exists() for each in found for test in each.tests)
