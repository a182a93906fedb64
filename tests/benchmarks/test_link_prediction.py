"""The benchmark of predicted relationships reads any folder of networks, and measures what it says."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.link_prediction import __main__ as program
from benchmarks.link_prediction import hold_outs, without
from benchmarks.link_prediction.files import alone, periods, sources, tied
from benchmarks.link_prediction.measures import brier_skill, calibration_error, error_of, first_true, ranked
from benchmarks.networks import read
from tests.analytics.friends import pairs_of_friends


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A network of friends and one without; two sources about the same nodes; a series; ties with times."""
    _write(tmp_path / "friends" / "edges.csv", pairs_of_friends())
    (tmp_path / "friends" / "nodes.csv").write_text("name\nf0\nnobody\n")
    for n, name in enumerate(("calls", "meetings")):
        _write(tmp_path / "two" / f"{name}.edges.csv", pairs_of_friends(n))
    for n in range(1, 7):
        _write(tmp_path / "series" / f"PHASE{n}.edges.csv", pairs_of_friends()[15 * (n - 1) : 15 * n])
    rows = "".join(f"f{a},f{b},{n}\n" for n, (a, b) in enumerate(pairs_of_friends(2)))
    (tmp_path / "timed").mkdir()
    (tmp_path / "timed" / "edges.csv").write_text(f"source,target,time\n{rows}")
    return tmp_path


def _write(path: Path, pairs: list[tuple[int, int]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("source,target\n" + "".join(f"f{a},f{b}\n" for a, b in pairs))


def test_a_folder_is_read_as_networks_sources_and_periods(folder: Path) -> None:
    assert [each.name for each in alone(folder)] == ["friends", "timed", "two/calls", "two/meetings"]
    assert {(one, other) for one, other, _, _ in sources(folder)} == {
        ("two/calls", "two/meetings"),
        ("two/meetings", "two/calls"),
    }
    found = dict(periods(folder))
    assert {name: len(each.ties) for name, each in found.items()} == {"series/PHASE": 6, "timed": 10}
    named = read(folder / "friends" / "edges.csv")
    assert tied(named.network).n == named.network.n - 1, "who has no tie has no part in it"


def test_a_star_of_which_nothing_can_be_hidden_is_measured_too(tmp_path: Path) -> None:
    _write(tmp_path / "star" / "edges.csv", [(0, n) for n in range(1, 30)])
    every = {"star": hold_outs.repeats(read(tmp_path / "star" / "edges.csv"), 1, 0)}
    assert hold_outs.told_of(every, [])["each"]["star"]["speaks"] == 0
    assert hold_outs.told_of({}, []) == {"each": {}}


def test_hold_outs_are_measured_beside_single_methods(folder: Path) -> None:
    (repeat,) = hold_outs.repeats(read(folder / "friends" / "edges.csv"), 1, 0)
    assert {"workbench", "plain stack", "resource allocation", "walk"} <= repeat.by_method.keys()
    assert repeat.true.sum() == round(0.1 * len(pairs_of_friends()))
    assert repeat.by_method["workbench"].auc > 0.8
    assert repeat.said.sum() == pytest.approx(repeat.true.sum(), rel=0.1)


def test_counterfactuals_equal_a_store_without_the_record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(without, "_LEADS", 2)
    told = without.measured([read(folder / "friends" / "edges.csv")], 0)
    assert told["leads"] == told["equal"] == 2


def test_measures_are_what_they_are_called() -> None:
    said, true = np.array([0.5, 0.5, 0.1, 0.1]), np.array([True, False, False, False])
    found = ranked(said, true, np.array([True, True, False, False]))
    assert (found.auc, found.hard_auc, found.precision) == (pytest.approx(5 / 6), 0.5, 0.5)
    assert first_true(np.repeat([1.0, 0.5], 20), np.tile([True, False], 20)) == 0.5
    assert first_true(np.repeat([1.0, 0.5], [10, 30]), np.repeat([True, False], [10, 30])) == 0.5
    assert calibration_error(np.full(10, 0.3), np.arange(10) < 4, bins=1) == pytest.approx(0.1)
    assert brier_skill(true.astype(float), true) == 1
    assert brier_skill(np.full(4, 0.25), true) == 0
    assert error_of([1.0, 3.0]) == pytest.approx(1)


def test_the_program_prints_each_part_with_what_is_known(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--data", str(folder / "two"), "--part", "hold-outs", "--times", "1", "--part", "sources"]
    monkeypatch.setattr("sys.argv", ["link_prediction", *asked, "--json"])
    program.main()
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"known", "hold-outs", "sources"}
    assert told["hold-outs"]["each"].keys() == {"calls", "meetings"}
    monkeypatch.setattr("sys.argv", ["link_prediction", *asked])
    program.main()
    assert "to be reached" in capsys.readouterr().out


def test_a_folder_with_a_series_alone_is_measured_and_one_without_a_network_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["program", "--json", "--part", "time", "--data"]
    monkeypatch.setattr("sys.argv", [*asked, str(folder / "series")])
    program.main()
    assert json.loads(capsys.readouterr().out)["time"]
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr("sys.argv", [*asked, str(tmp_path / "empty")])
    with pytest.raises(SystemExit):
        program.main()
    assert "has no network" in capsys.readouterr().err
