"""Batches by command line: which files they take in which order, what they go on after, and what they tell."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.nightly import ANN, Batch, outcomes, write
from tests.ingest.prometheus import parsed
from workbench.access.viewer import local_viewer
from workbench.commands import keeper
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.errors import UsageError
from workbench.view.store import GraphStore, open_store

LOAD = '[[loads]]\nadapter = "ftm"\nagency = "NKP"\ndataset = "d"\n'


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    with closing(open_store(url)) as found:
        yield found


def names(told: Any, load: int = 0) -> list[str]:
    return [Path(each["path"]).name for each in told["loads"][load]["files"]]


def test_a_pattern_takes_files_in_the_order_that_is_asked_for(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path, b_json="B", a_json="A", c_json="C")
    for name, moment in (("a", 3), ("b", 1), ("c", 2)):
        os.utime(tmp_path / "in" / f"{name}.json", (moment, moment))
    for order, expected in (
        ("", ["c.json", "a.json", "b.json"]),
        ("name", ["a.json", "b.json", "c.json"]),
        ("modified", ["b.json", "c.json", "a.json"]),
    ):
        said = f'files = ["in/c.json", "in/*.json"]\n{f"order = {order!r}" if order else ""}'
        code, told, _ = batch(LOAD + said)
        assert (code, names(told)) == (0, expected)


def test_each_day_in_names_is_a_delivery_of_its_own(batch: Batch, tmp_path: Path, store: GraphStore) -> None:
    """The newest one stands, though its file was written first and its name comes first."""
    write(tmp_path, a__20260302_json="Newest", z__20260228_json="Oldest", b__20260301_json="Old")
    code, told, _ = batch(f'{LOAD}files = ["in/*.json"]\norder = "date"')
    assert code == 0
    assert [(each["load"], each["delivered"], each["outcome"]) for each in told["loads"]] == [
        ("loads[0]", "2026-02-28", "done"),
        ("loads[0]", "2026-03-01", "done"),
        ("loads[0]", "2026-03-02", "done"),
    ]
    view = store.view(local_viewer(store.agencies()))
    assert [view.search(name).total for name in ("Newest", "Oldest", "Old")] == [1, 0, 0]
    before = view.digest()
    code, again, _ = batch(f'{LOAD}files = ["in/*.json"]\norder = "date"')
    assert (code, [each["revision"] for each in again["loads"]]) == (0, [None, None, None])
    assert store.view(local_viewer(store.agencies())).digest() == before


def test_a_name_without_a_day_fails_its_load_alone(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path, a__20260302_json="A", b_json="B")
    text = f'{LOAD}files = ["in/*.json"]\norder = "date"\n{LOAD}files = ["in/b.json"]'
    code, told, err = batch(text, "--keep-going")
    assert (code, outcomes(told)) == (1, ["failed", "done"])
    assert "nothing was loaded: b.json has no day in its name: name it as calls-2026-03-31.csv" in err


def test_nothing_delivered_is_a_missing_file_a_failure_or_right(batch: Batch, tmp_path: Path) -> None:
    pattern = 'files = ["in/*.json"]\n'
    code, told, _ = batch(LOAD + pattern)
    assert (code, told["loads"][0]["files"][0]["reasons"]) == (1, {"missing file": 1})
    code, told, err = batch(LOAD + pattern + "min_files = 1")
    assert (code, outcomes(told)) == (3, ["failed"])
    assert "0 files were read, and at least 1 should be" in err
    code, told, _ = batch(LOAD + pattern + "min_files = 0")
    assert (code, outcomes(told), told["loads"][0]["files"]) == (0, ["done"], [])


def test_a_folder_is_a_delivery(batch: Batch, tmp_path: Path, store: GraphStore) -> None:
    write(tmp_path, a_json="A", b_json="B")
    code, told, _ = batch('[[loads]]\nfiles = ["in"]\nadapter = "ftm"\nagency = "NKP"\n')
    assert (code, names(told)) == (0, ["a.json", "b.json"])
    assert [each.dataset for each in store.view(local_viewer(store.agencies())).loads()] == ["in"]


THREE = (
    f'{LOAD}files = ["in/a.json"]\n'
    f'{LOAD}files = ["in/b.json"]\nmin_units = 2\n'
    '[[loads]]\nadapter = "ftm"\nagency = "TRC"\nfiles = ["in/c.json"]\n'
)


def test_after_a_load_that_failed_the_rest_is_not_run_or_is(batch: Batch, tmp_path: Path, store: GraphStore) -> None:
    write(tmp_path, a_json="A", b_json="B", c_json="C")
    code, told, err = batch(THREE)
    assert (code, outcomes(told)) == (1, ["done", "failed", "not run"])
    assert [(each["agency"], each["dataset"], each["manifest"]) for each in told["loads"]] == [
        ("NKP", "d", None),
        ("NKP", "d", None),
        ("TRC", None, None),
    ]
    assert told["loads"][2]["paths"] == [str(tmp_path / "in/c.json")]
    assert told["loads"][1]["files"][0]["read"] == 1
    assert told["counts"]["read"] == 1
    assert "1 failed; kept: 1 load; not run: 1 load" in err
    assert store.agencies() == {"NKP"}
    code, told, err = batch(THREE, "--keep-going")
    assert (code, outcomes(told)) == (1, ["done", "failed", "done"])
    assert "1 failed; kept: 2 loads; not run: 0 loads" in err
    assert store.agencies() == {"NKP", "TRC"}


def test_what_nobody_foresaw_in_one_load_does_not_stop_the_others(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, a_json="A", b_json="B", c_json="C")
    original = GraphStore.writer

    def failing(store: GraphStore, **given: Any) -> Any:
        if given["agency"] == "TRC":
            raise ZeroDivisionError("a name that nobody may read")
        return original(store, **given)

    monkeypatch.setattr(GraphStore, "writer", failing)
    code, told, err = batch(THREE.replace("min_units = 2", ""), "--keep-going")
    assert (code, outcomes(told)) == (1, ["done", "done", "failed"])
    assert "the workbench failed (ZeroDivisionError at test_batch.py" in err
    assert "nobody may read" not in err + json.dumps(told)


@pytest.mark.sqlite_only(reason="a file can be missing")
def test_a_dry_run_tries_all_and_makes_nothing(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path, a_json="A", b_json="B", c_json="C")
    other = ("--store", f"sqlite:///{tmp_path / 'none.db'}")
    code, told, err = batch(THREE, "--dry-run", "--keep-going", *other)
    assert (code, outcomes(told), told["dry_run"]) == (1, ["done", "failed", "done"], True)
    assert [each["revision"] for each in told["loads"]] == [None, None, None]
    assert told["loads"][0]["files"][0]["accepted"] == 1
    assert "none.db: tried in an empty one" in err
    assert not (tmp_path / "none.db").exists()
    code, told, err = batch(THREE, "--dry-run", "--metrics", str(tmp_path / "m.prom"))
    assert (code, set(told)) == (2, {"error"})
    assert "(--metrics)" in err


@pytest.mark.each_store(reason="each store has a lease of its own")
def test_two_at_once_do_no_harm_and_the_second_says_so(batch: Batch, tmp_path: Path, store: GraphStore) -> None:
    write(tmp_path, a_json="A")
    text = f'{LOAD}files = ["in/a.json"]'
    with store.writer(agency="NKP", by="another"):
        code, told, err = batch(text, "--wait", "0")
        assert (code, outcomes(told), told["error"]["kind"]) == (3, ["failed"], "StoreBusy")
        assert "is writing to" in err
        assert " (since 20" in err
        assert "try again when it is done" in err
        code, _, err = batch(text, "--wait", "0.2")
        assert code == 3
        assert "waiting up to 0.2 seconds for each load" in err
    code, told, err = batch(text, "--wait", "5")
    assert (code, outcomes(told), err) == (0, ["done"], "")


@pytest.mark.sqlite_only(reason="a server has a clock of its own")
def test_who_writes_is_told_with_since_when(batch: Batch, tmp_path: Path, store: GraphStore) -> None:
    write(tmp_path, a_json="A")
    with store.writer(agency="NKP", by="another"):
        _, _, err = batch(f'{LOAD}files = ["in/a.json"]', "--wait", "0")
    assert f"process {os.getpid()} is writing to s.db (since 20" in err
    assert " UTC): try again when it is done" in err


# -- what is left on disk ---------------------------------------------------------------


def test_a_report_in_json_and_html_and_metrics(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path, a_json="A", b_json="B", c_json="C")
    (tmp_path / "in/c.json").write_text(ANN % "C" + "{}\n", "utf-8")
    options = ("--report", str(tmp_path / "reports"), "--metrics", str(tmp_path / "m.prom"), "--keep-going")
    _, told, _ = batch(THREE, *options)
    batch(THREE, *options)
    files = sorted(each.name for each in (tmp_path / "reports").iterdir())
    assert len(files) == 4
    assert all(each.startswith("nightly-20") for each in files)
    assert {each.partition(".")[2] for each in files} == {"report.json", "report.html"}
    (first, *_) = sorted((tmp_path / "reports").glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
    kept = json.loads(first.read_bytes())
    assert kept == {name: value for name, value in told.items() if name != "error"}
    assert kept["ended"] >= kept["started"]
    for each in kept["loads"]:
        for file in each["files"]:
            counted = ("accepted", "unchanged", "late", "left", "quarantined", "refused")
            assert file["read"] == sum(file[name] for name in counted)
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "reports").iterdir()} == {0o600}
    samples = parsed((tmp_path / "m.prom").read_text("utf-8"))
    assert samples["workbench_ingest_run_loads", frozenset({("batch", "nightly"), ("outcome", "failed")})] == 1
    assert samples["workbench_ingest_run_success", frozenset({("batch", "nightly")})] == 0
    assert (tmp_path / "m.prom").stat().st_mode & 0o777 == 0o644


def test_what_is_wrong_from_the_start_is_in_report_and_metrics_too(batch: Batch, tmp_path: Path) -> None:
    options = ("--report", str(tmp_path / "reports"), "--metrics", str(tmp_path / "m.prom"))
    code, told, _ = batch(LOAD + "fils = []", *options)
    assert (code, set(told)) == (2, {"error"})
    (report,) = (tmp_path / "reports").glob("*.json")
    kept = json.loads(report.read_bytes())
    assert (kept["loads"], kept["succeeded"], kept["error"]) == ([], False, told["error"])
    assert (
        parsed((tmp_path / "m.prom").read_text())["workbench_ingest_run_success", frozenset({("batch", "nightly")})]
        == 0
    )


def test_a_place_for_reports_that_is_none_is_wrong_use(batch: Batch, tmp_path: Path, url: str) -> None:
    write(tmp_path, a_json="A")
    code, told, err = batch(f'{LOAD}files = ["in/a.json"]', "--report", str(tmp_path / "no/reports"))
    assert (code, set(told)) == (2, {"error"})
    assert "make the folder that it is in (--report)" in err
    assert not (tmp_path / "no").exists()


def test_reports_that_can_not_be_written_stop_no_load_and_are_told(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: GraphStore
) -> None:
    def fail(*_: object) -> None:
        raise UsageError("can't write there: No space left on device")

    write(tmp_path, a_json="A")
    monkeypatch.setattr(keeper, "write_report", fail)
    code, told, err = batch(f'{LOAD}files = ["in/a.json"]', "--report", str(tmp_path / "reports"))
    assert (code, told["error"]["kind"]) == (3, "OutputError")
    assert "No space left on device; the loads go on" in err
    assert "No space left on device; the loads are kept" in err
    assert store.agencies() == {"NKP"}


def test_a_run_that_was_killed_leaves_a_report_of_what_it_had_done(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Any] = []
    original = keeper.write_report

    def noting(told: Any, folder: Path, name: str) -> None:
        original(told, folder, name)
        kept.append(json.loads((folder / f"{name}.report.json").read_bytes()))

    write(tmp_path, a_json="A", b_json="B", c_json="C")
    monkeypatch.setattr(keeper, "write_report", noting)
    batch(THREE, "--keep-going", "--report", str(tmp_path / "reports"))
    assert [outcomes(each) for each in kept] == [
        ["not run"] * 3,
        ["done", "not run", "not run"],
        ["done", "failed", "not run"],
        ["done", "failed", "done"],
        ["done", "failed", "done"],
    ]
    assert [each["ended"] is None for each in kept] == [True, True, True, True, False]


# -- text -------------------------------------------------------------------------------


def test_the_text_names_each_load_and_what_was_not_done(
    batch: Batch, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, a_json="A", b_json="B", c_json="C")
    (tmp_path / "nightly.toml").write_text(THREE, "utf-8")
    assert run(cli, ["batch", str(tmp_path / "nightly.toml"), "--store", url]) == 1
    out, _ = capsys.readouterr()
    assert "loads[0] NKP/d: revision " in out
    assert "not run" in out.partition("not done")[2]


@pytest.mark.usefixtures("store")
def test_stderr_says_how_many_messages_it_left_out(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path)
    for n in range(15):
        (tmp_path / "in" / f"{n:02}.json").write_text("".join(f'{{"id": "{i}"}}\n' for i in range(30)), "utf-8")
    _, told, err = batch(f'{LOAD}files = ["in/*.json"]')
    said = err.splitlines()
    assert len(told["loads"][0]["messages"]) == 15 * 21
    assert said[20] == f"{tmp_path / 'in/00.json'}: 10 more messages like these"
    assert len(said) == 201
    assert said[-1].startswith("115 more messages left out here: the report of the run, and the quarantine, have them")


# -- stores -----------------------------------------------------------------------------


@pytest.mark.sqlite_only(reason="about stores that are files")
@pytest.mark.parametrize("command", ["load", "batch", "watch"])
@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("sqlite:///{0}/typo/dir/x.db", "no folder {0}/typo/dir to make one in"),
        ("slqite:///{0}/x.db", "is not the URL of a store: write sqlite:///path"),
        ("sqlite:///{0}/in", "in is a folder: name a file in it"),
        ("{0}/x.db", "is not the URL of a store: write sqlite:///path"),
    ],
)
def test_a_mistyped_store_makes_nothing(
    tmp_path: Path, command: str, store: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, a_json="A")
    (tmp_path / "nightly.toml").write_text(f'{LOAD}files = ["in/a.json"]', "utf-8")
    given = {
        "load": [str(tmp_path / "in/a.json"), "--adapter", "ftm"],
        "batch": [str(tmp_path / "nightly.toml")],
        "watch": [str(tmp_path / "in"), "--adapter", "ftm", "--once", "--still", "0"],
    }[command]
    before = sorted(each for each in tmp_path.rglob("*.*"))
    assert run(cli, [command, *given, "--store", store.format(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert words.format(tmp_path) in err
    assert "(--store)" in err
    assert sorted(each for each in tmp_path.rglob("*.*")) == before


@pytest.mark.sqlite_only(reason="about stores that are files")
def test_a_new_store_is_told_and_an_old_one_is_not(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path, a_json="A")
    other = ("--store", f"sqlite:///{tmp_path / 'new.db'}")
    _, _, err = batch(f'{LOAD}files = ["in/a.json"]', *other)
    assert err == f"there was no store at sqlite:///{tmp_path / 'new.db'}: a new one was made\n"
    _, _, err = batch(f'{LOAD}files = ["in/a.json"]', *other)
    assert err == ""
