"""The log of loads: filters, and the loads that only reports of runs know."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.desk import Desk
from tests.stores import write_viewers
from workbench.commands.console import run
from workbench.commands.ingest import cli

ANN = '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n'
VIEWERS = """
[anna]
agencies = ["NKP"]
level = "SECRET"
loads = ["NKP", "TRC"]
[job]
agencies = ["NKP", "TRC"]
level = "SECRET"
loads = ["NKP", "TRC"]
"""
TABLE = '[[loads]]\nfiles = ["a.json"]\nadapter = "ftm"\n'


def call(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> tuple[Any, str]:
    """What a command says as JSON, and on stderr."""
    assert run(cli, [*map(str, arguments), "--json"]) == code
    out, err = capsys.readouterr()
    return json.loads(out), err


@pytest.fixture
def desk_of_two(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Two loads that are kept, one that failed and one that was not run; their report is in `reports`."""
    write_viewers(desk.folder, VIEWERS)
    desk.write("a.json", ANN)
    loads = ('agency = "NKP"\ndataset = "one"', 'agency = "TRC"\ndataset = "two"')
    failing = 'agency = "NKP"\ndataset = "bad"\nmin_units = 5', 'agency = "TRC"\ndataset = "late"'
    batch = desk.write("nightly.toml", "\n".join(TABLE + each for each in (*loads, *failing)))
    given = ("--as", "job", "--store", desk.url, "--report", desk.folder / "reports")
    call(capsys, "batch", batch, *given, code=1)
    return desk


def test_loads_are_filtered(desk_of_two: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--store", desk_of_two.url, "--as", "job")

    def datasets(*options: str, name: str = "log") -> list[str]:
        return [each["dataset"] for each in call(capsys, name, *options, *where)[0]["loads"]]

    assert datasets() == datasets(name="loads") == ["one", "two"]
    assert datasets("--dataset", "two") == datasets("--dataset", "TRC/two") == ["two"]
    assert datasets("--dataset", "NKP/two") == []
    assert datasets("--since", "2020-01-01") == ["one", "two"]
    assert datasets("--since", "2999-01-01") == []
    told, err = call(capsys, "log", "--since", "March", *where, code=2)
    assert told["error"]["message"] in err
    assert "'March' is not a day: write it as 2026-03-31 (--since)" in err


def test_loads_that_failed_are_found_in_reports(desk_of_two: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--store", desk_of_two.url)
    reports = ("--reports", desk_of_two.folder / "reports")
    told, _ = call(capsys, "log", *reports, *where, "--as", "job")
    assert [each["dataset"] for each in told["loads"]] == ["one", "two"]
    assert [(each["dataset"], each["outcome"]) for each in told["failed"]] == [("bad", "failed"), ("late", "not run")]
    failed = told["failed"][0]
    assert "1 units were read, and at least 5 should be" in failed["error"]["message"]
    assert failed["run"].startswith("nightly-20")
    assert (failed["load"], failed["by"].rpartition(" ")[2]) == ("loads[2]", "job")
    told, _ = call(capsys, "log", "--failed", *reports, *where, "--as", "anna")
    assert (told["loads"], [each["dataset"] for each in told["failed"]]) == ([], ["bad"])
    told, _ = call(capsys, "log", "--failed", "--dataset", "TRC/late", *reports, *where, "--as", "job")
    assert [each["dataset"] for each in told["failed"]] == ["late"]
    assert run(cli, ["log", "--failed", *map(str, reports), *where, "--as", "job"]) == 0
    out = capsys.readouterr().out
    assert ("loads[2]" in out, "loads[3]" in out, "loads[0]" in out) == (True, True, False)


def test_without_reports_nobody_knows_them(desk_of_two: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--store", desk_of_two.url, "--as", "job")
    _, err = call(capsys, "log", "--failed", *where, code=2)
    assert "the store keeps no load that failed: name the folder with the reports of runs (--reports)" in err
    _, err = call(capsys, "log", "--reports", desk_of_two.folder / "none", *where, code=2)
    assert "with reports of runs" in err
    (desk_of_two.folder / "reports/x.report.json").write_text("{}")
    told, err = call(capsys, "log", "--reports", desk_of_two.folder / "reports", *where)
    assert len(told["failed"]) == 2
    assert err == "x.report.json is no report of a run: passed over\n"


def test_rejected_files_of_a_watch_are_in_it(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = desk.folder / "in"
    desk.write("in/a.json", ANN)
    said = ("--adapter", "ftm", "--dataset", "d", "--min-units", "2", "--once", "--still", "0", "--store", desk.url)
    call(capsys, "watch", inbox, *said, code=1)
    desk.load(desk.write("b.json", ANN), adapter="ftm", dataset="d")
    told, _ = call(capsys, "log", "--reports", inbox / "rejected", "--store", desk.url)
    assert [(each["load"], each["agency"], each["dataset"]) for each in told["failed"]] == [("a.json", "LOCAL", "d")]


@pytest.mark.parametrize("broken", ["{}", '{"batch": "b", "by": "x", "started": "y", "loads": 5}', "[]", "{", "\xff"])
def test_a_file_that_is_no_report_is_passed_over(
    desk: Desk, tmp_path: Path, broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.load(desk.write("b.json", ANN), adapter="ftm", dataset="d")
    desk.write("reports/x.report.json", broken)
    told, err = call(capsys, "log", "--reports", desk.folder / "reports", "--store", desk.url)
    assert (told["failed"], "x.report.json is no report of a run" in err) == ([], True)
