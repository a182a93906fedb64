"""The benchmark of resolution as records grow: what it holds back, plain Splink on normal forms, and a run of all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.resolution import plain, registers
from benchmarks.resolution.scale import drawn, hold_back
from workbench.model.normal.names import Kind
from workbench.resolve.scoring.forms import Said, forms_of
from workbench.scenario.registers import generate_registers
from workbench.scenario.registers.agencies import agencies

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_registers(400, 4, tmp_path_factory.mktemp("registers") / "made").folder


def test_what_is_held_back_is_a_part_of_the_persons_of_every_agency(folder: Path, tmp_path: Path) -> None:
    held_back = hold_back(folder, tmp_path, 40)
    most, rest, every = (
        {row["record"] for row in _rows(each)} for each in (tmp_path / "most", tmp_path / "rest", folder)
    )
    assert (most | rest, most & rest, len(rest)) == (every, set(), held_back)
    assert 40 <= held_back <= 44
    assert {record.partition("/")[0] for record in rest} == {each.code for each in agencies()}


def _rows(folder: Path) -> list[registers.Row]:
    return list(registers.rows(folder))


def test_plain_splink_finds_pairs_of_normal_forms(folder: Path) -> None:
    said = [
        Said(Kind.PERSON, (f"{row['given']} {row['family']}",), births=(row["birth"],), phones=(row["phone"],))
        for row in _rows(folder)
    ]
    forms = [each.kept() for one in said if (each := forms_of(one))]
    left, right, likely = plain.found(forms)
    assert len(left) == len(right) == len(likely) > 50
    assert max(left.max(), right.max()) < len(forms)


@pytest.mark.night(reason="a process is started fifteen times, and most of them read the tables of names")
def test_it_measures_each_step_beside_another(folder: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.resolution.scale", "--data", str(folder), "--new", "40", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["new_is_as_whole"]
    steps = told["steps"]
    assert steps["new"]["compared"] == told["held_back"] < steps["whole run"]["compared"]
    assert steps["new"]["pairs"] < steps["instead of new"]["pairs"]
    assert steps["identity"]["joins"] > steps["identity without scores"]["joins"] > 0
    calm = steps["identity in little doubt"]
    assert 0 < calm["refused"] < steps["identity"]["refused"]
    assert told["judged_different"] <= int(calm["in_doubt"].split()[0]) < int(steps["identity"]["in_doubt"].split()[0])
    assert min(each[name] for each in steps.values() for name in ("seconds", "megabytes")) > 0
    lines = list(drawn(told))
    assert sum("beside" in each for each in lines) == len(told["ratios"])


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.resolution.scale", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "workbench scenario --registers" in done.stderr) == (2, True)
