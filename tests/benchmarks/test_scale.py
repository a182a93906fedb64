"""The benchmark of cold processes: how it measures, what it makes of it, and a small run of all of it."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scale.by_part import PARTS, Clock
from benchmarks.scale.logged import looked_at
from benchmarks.scale.lookups import is_even, is_flat
from benchmarks.scale.processes import Cost, NotMeasured, Place, Terms, middle
from benchmarks.scale.questions import NOISE, Measured, exponent
from benchmarks.scale.rows import Row, Task, drawn, size
from benchmarks.scale.stores import agencies_of, as_other_datasets

ROOT = Path(__file__).resolve().parents[2]
COST = Cost(1.0, 1.0, 100.0)
ROWS = [
    "search NUMBER",
    "show",
    "neighbours --hops 1",
    "show HUB",
    "neighbours HUB --hops 1",
    "search NAME",
    "neighbours --hops 3",
    "paths",
    "bare SELECT",
    "stats, with the cache there",
    "bringing the cache up to date",
    "key-players --measure degree",
    "joint-value",
    "joint-value",
    "CSV to published",
    "the same again, unchanged",
    "CSV to published",
    "the same again, unchanged",
    "store on SQLite",
    "store on Neo4j",
]


def measured(records: int, less_s: float, us_each: float = 1.0) -> Measured:
    return Measured(records, COST, COST, less_s, 1, us_each)


# -- processes ----------------------------------------------------------------------------


def place(folder: Path, most: float = 60) -> Place:
    return Place(folder, most)


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_what_a_process_takes_is_its_own(tmp_path: Path) -> None:
    held = b"x" * (200 << 20)  # memory of this process is not the child's
    small = place(tmp_path).run(python("print('done')"))
    large = place(tmp_path).run(python("x = b'x' * (100 << 20); print(len(x))"))
    assert len(held) > small.cost.peak_mb
    assert small.text == "done\n"
    assert small.cost.peak_mb < 100 < large.cost.peak_mb
    assert small.cost.cpu > 0


def test_a_process_gets_a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_VIEWERS", "elsewhere.toml")
    told = place(tmp_path).run(python("import json, os; print(json.dumps(dict(os.environ)))")).answer
    assert told["HOME"] == str(tmp_path)
    assert "WORKBENCH_VIEWERS" not in told


def test_a_process_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match=r"ended with 3.*no such thing"):
        place(tmp_path).run(python("import sys; sys.stderr.write('no such thing'); sys.exit(3)"))
    assert place(tmp_path).run(python("import sys; sys.exit(1)"), allowed=(0, 1)).text == ""


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match="took more than 1 s"):
        place(tmp_path, most=1).run(python("import time; time.sleep(60)"))


def test_the_median_of_each_cost() -> None:
    assert middle([Cost(1, 9, 5), Cost(2, 8, 7), Cost(3, 7, 6)]) == Cost(2, 8, 6)
    assert [Terms(1, clock).took(Cost(1, 9, 5)) for clock in ("wall", "cpu")] == [1, 9]


# -- verdicts -----------------------------------------------------------------------------


@given(st.floats(0.1, 3), st.floats(0.1, 10))
def test_the_exponent_of_a_power_is_found(power: float, factor: float) -> None:
    found = exponent([measured(n, factor * n**power) for n in (50_000, 500_000, 5_000_000)])
    assert found == pytest.approx(power)


def test_one_size_has_no_exponent_and_noise_no_growth() -> None:
    assert exponent([measured(50_000, 1)]) is None
    assert exponent([measured(50_000, -0.01), measured(500_000, NOISE)]) == 0


def test_what_is_flat_and_what_is_even() -> None:
    assert is_flat([measured(50, 0.1), measured(500, 9), measured(5_000, 0.3)])
    assert not is_flat([measured(50, 0.1), measured(5_000, 0.31)])
    assert not is_flat([Measured(50, Cost(1, 1, 251), COST, 0.1, 1, 1)])
    assert is_even([measured(50, 1, 20), measured(5_000, 1, 10)])
    assert not is_even([measured(50, 1, 20), measured(5_000, 1, 41)])
    assert not is_even([measured(50, 1, 0), measured(5_000, 1, 0)])


def test_the_table_tells_each_row() -> None:
    def fails() -> list[Row]:
        raise NotMeasured("it took too long")

    rows = [Row("show", {"50k": "7 ms"}, "flat", True), *Task("paths", "even", fails).rows()]
    assert " ".join("\n".join(drawn(rows)).split()) == (
        "show reached flat 50k 7 ms paths NOT reached even not measured: it took too long"
    )


@pytest.mark.parametrize(("records", "said"), [(500, "500"), (5_000, "5k"), (2_500, "2.5k"), (1_234, "1234")])
def test_sizes_as_people_say_them(records: int, said: str) -> None:
    assert size(records) == said


# -- parts --------------------------------------------------------------------------------


def test_a_part_is_counted_without_the_parts_inside_it() -> None:
    clock = Clock()
    inner = clock.timed("inner", lambda: sum(range(1_000_000)))
    clock.timed("outer", inner)()
    spent = clock.stop()
    assert set(spent) == {"rest", "outer", "inner"}
    assert spent["outer"] < spent["inner"]


def test_every_part_is_there() -> None:
    program = (
        "from benchmarks.scale.by_part import *; from benchmarks.scale.by_part import _replace;"
        "[_replace(place, part, Clock()) for part, places in PARTS.items() for place in places]"
    )
    subprocess.run(python(program), cwd=ROOT, check=True)
    assert PARTS


def test_walks_log_what_they_looked_at() -> None:
    assert looked_at("looked at 7 entities\nwarning\nlooked at 12 entities\n") == 12
    assert looked_at("") == 0


# -- all of it ----------------------------------------------------------------------------


def test_a_case_is_loaded_as_other_datasets(tmp_path: Path) -> None:
    (tmp_path / "loads.toml").write_bytes((ROOT / "sample_data" / "loads.toml").read_bytes())
    given, other = (
        tomllib.loads(path.read_text("utf-8"))["loads"]
        for path in (tmp_path / "loads.toml", as_other_datasets(tmp_path, "more"))
    )
    assert [{**each, "dataset": f"{each['dataset']}-more"} for each in given] == other
    assert agencies_of(tmp_path) == ["KFIU", "NKP", "RJP", "TRC"]


def run(folder: Path, *options: str) -> list[dict[str, object]]:
    command = [sys.executable, "-m", "benchmarks.scale", "--runs", "1", "--data", str(folder), "--json", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert {"commit", "machine", "runs", "stores", "rows"} <= told.keys()
    assert all(row.keys() == {"command", "measured", "reach", "reached", "why", "details"} for row in told["rows"])
    rows: list[dict[str, object]] = told["rows"]
    return rows


@pytest.mark.night(reason="a process is started fifty times")
def test_a_store_is_kept_and_asked(tmp_path: Path) -> None:
    rows = run(tmp_path, "--records", "600", "--only", "lookups")
    assert [row["command"] for row in rows] == ROWS[:9]
    assert all(row["measured"] for row in rows)
    assert json.loads((tmp_path / "store-600-1" / "note.json").read_text("utf-8"))["chosen"]


@pytest.mark.night(reason="a process is started a hundred times")
def test_a_small_run_measures_all_rows(tmp_path: Path) -> None:
    rows = run(tmp_path, "--records", "5000")
    assert [row["command"] for row in rows] == ROWS
    left_out = {"key-players --measure degree", "store on SQLite", "store on Neo4j"}
    assert {row["command"] for row in rows if not row["measured"]} == left_out
