"""A batch file: its loads run in order, each separately; errors in the file are raised before any load."""

import json
from pathlib import Path

import pytest

from ingest.jobs import plan_jobs, read_jobs, run_jobs
from tests.stores import fresh_url
from workbench.access.viewer import Viewer, local_viewer
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.errors import AccessDenied, InputError
from workbench.view.store import open_store

ANNA = '{"id": "a", "schema": "Person", "properties": {"name": ["Anna"]}}\n'
BATCH = """
[[loads]]
files = ["a/one.json"]
adapter = "ftm"
agency = "NKP"
dataset = "people"
delivered = 2026-03-01

[[loads]]
files = ["a/two.json"]
adapter = "ftm"
agency = "TRC"
"""


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one.json").write_text(ANNA, "utf-8")
    (tmp_path / "a/two.json").write_text(ANNA * 2 + "{", "utf-8")
    (tmp_path / "loads.toml").write_text(BATCH, "utf-8")
    return tmp_path / "loads.toml"


def test_each_load_is_run_in_its_order_from_the_folder_of_the_file(batch: Path, tmp_path: Path) -> None:
    store = open_store(fresh_url(tmp_path, "s"))
    told = [
        (load.agency, report.files[0].read, report.clean)
        for load, report, _ in run_jobs(store, batch, local_viewer(()), "me")
        if report
    ]
    assert told == [("NKP", 1, True), ("TRC", 3, False)]
    assert {each.dataset for each in store.view(local_viewer(store.agencies())).loads()} >= {"people"}
    store.close()


def viewer(*agencies: str) -> Viewer:
    """Who may load for these agencies."""
    return Viewer(name="anna", agencies=frozenset(agencies), loads=frozenset(agencies), level="SECRET")


def test_who_may_not_load_is_told_so_before_what_else_is_wrong(batch: Path) -> None:
    batch.write_text(BATCH.replace('adapter = "ftm"', 'adapter = "none"', 1), "utf-8")
    with pytest.raises(AccessDenied, match="TRC"):
        plan_jobs(batch, viewer("NKP"), "me")
    with pytest.raises(InputError, match=r"loads\.toml: loads\[0\]\.adapter: no adapter 'none'"):
        plan_jobs(batch, viewer("NKP", "TRC"), "me")


def test_a_load_is_what_its_table_says(batch: Path, tmp_path: Path) -> None:
    """Its manifest lies in the folder of the file as its files do; the day is the delivery's."""
    (tmp_path / "a/m.toml").write_text('adapter = "ftm"\nagency = "NKP"\ndataset = "people"\n', "utf-8")
    head = '[[loads]]\nfiles = ["a/one.json"]\nmanifest = "a/m.toml"\n'
    batch.write_text(f"{head}delivered = 2026-03-01\n", "utf-8")
    store = open_store(fresh_url(tmp_path, "s"))
    list(run_jobs(store, batch, local_viewer(()), "me"))
    (entry,) = store.view(local_viewer(store.agencies())).loads()
    assert (entry.agency, entry.dataset, entry.delivered) == ("NKP", "people", "2026-03-01")
    store.close()


def test_the_command_reports_all_and_says_that_something_was_quarantined(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = fresh_url(tmp_path, "s")
    assert run(cli, ["batch", str(batch), "--store", url, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["loads"]
    assert [each["files"][0]["read"] for each in told] == [1, 3]
    assert run(cli, ["batch", str(batch), "--store", url, "--json"]) == 1
    again = json.loads(capsys.readouterr().out)["loads"]
    assert [each["revision"] for each in again] == [None, None]


def test_the_first_that_fails_ends_it_and_those_before_it_are_told(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = fresh_url(tmp_path, "s")
    batch.write_text(
        BATCH + "max_quarantined = 0\n[[loads]]\nfiles = ['a/one.json']\nadapter = 'ftm'\ndataset = 'x'\n", "utf-8"
    )
    assert run(cli, ["batch", str(batch), "--store", url, "--json"]) == 1
    told, err = capsys.readouterr()
    found = json.loads(told)
    assert [each["outcome"] for each in found["loads"]] == ["done", "failed", "not run"]
    assert found["loads"][0]["files"][0]["accepted"] == 1
    assert found["error"] == found["loads"][1]["error"]
    assert found["error"]["kind"] == "DeliveryRefused"
    assert f"error: loads[1] TRC/named by file: {found['error']['message']}" in err
    assert "1 failed; kept: 1 load; not run: 1 load" in err
    assert "TRC" not in json.dumps(loads_of(url, capsys))


def loads_of(url: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    """The log of loads."""
    assert run(cli, ["log", "--store", url, "--json"]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)["loads"]
    return found


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ('marking = "BLUE"', "loads[1].marking: "),
        ('manifest = "none.toml"', "loads[1].manifest: manifest "),
        ('agency = "trc 1"', "loads[1].agency: "),
        ('dataset = "by-hand"', "loads[1].dataset: "),
        ("min_units = -1", "loads[1]: min_units must be a whole number"),
        ('max_quarantined = "101%"', "loads[1]: max_quarantined must be a number of units"),
        ("min_files = 3\nmax_files = 2", "loads[1]: at least 3 and at most 2 files can't be"),
        ('order = "date"\ndelivered = 2026-03-01', "loads[1]: `order = "),
        ('order = "size"', "loads[1].order: must be one of 'given', 'name', 'modified' or 'date'"),
    ],
)
def test_a_mistake_in_any_table_is_wrong_use_and_nothing_is_loaded(
    batch: Path, tmp_path: Path, wrong: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = BATCH if "agency" not in wrong else BATCH.replace('agency = "TRC"\n', "")
    batch.write_text(text + wrong, "utf-8")
    assert run(cli, ["batch", str(batch), "--store", f"sqlite:///{tmp_path}/none.db", "--json"]) == 2
    told, err = capsys.readouterr()
    assert set(json.loads(told)) == {"error"}
    assert place in err
    assert not (tmp_path / "none.db").exists()


def test_every_table_that_is_wrong_is_named_at_once(batch: Path) -> None:
    batch.write_text(BATCH.replace('adapter = "ftm"', 'adapter = "none"'), "utf-8")
    with pytest.raises(InputError) as refused:
        plan_jobs(batch, local_viewer(()), "me")
    assert "2 mistakes:\n- loads[0].adapter: no adapter 'none'" in refused.value.message
    assert "\n- loads[1].adapter: no adapter 'none'" in refused.value.message


def test_a_batch_that_is_wrong_makes_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["batch", str(tmp_path / "none.toml"), "--store", fresh_url(tmp_path, "s")]) == 2
    assert "none.toml" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[loads", "loads.toml is not TOML: "),
        ("[[loads]]\nadapter = 'csv'", "loads.toml: loads[0].files: is missing: give it"),
        ("[[loads]]\nfiles = 'a'", "loads.toml: loads[0].files: must be a list"),
        ("[[loads]]\nfiles = ['a']\nfile = 'b'", "loads.toml: loads[0]: no key 'file' here: did you mean files? known"),
        ("", "loads.toml: loads: is missing: give it"),
        ("[[loads]]\nfiles = []", "loads.toml: loads[0].files: must name at least one file"),
        ("loads = []", "loads.toml: loads: must be at least one table"),
    ],
)
def test_a_batch_file_that_is_wrong_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "loads.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        read_jobs(path)
    assert words in refused.value.message
    assert refused.value.field == "batch"


@pytest.mark.parametrize("day", ["'20260301'", "20260301", "'2026-W10-1'", "2026-03-01T00:00:00", "1.5", "true"])
def test_a_day_is_a_date_or_a_text_like_one(batch: Path, day: str) -> None:
    batch.write_text(BATCH + f"delivered = {day}\n", "utf-8")
    with pytest.raises(InputError, match=r"loads\[1\]\.delivered: '.*' is not a day: write it as 2026-03-31"):
        read_jobs(batch)
    batch.write_text(BATCH + "delivered = '2026-03-01'\n", "utf-8")
    assert {str(job.delivered) for job in read_jobs(batch)} == {"2026-03-01"}


def test_each_mistake_is_told_on_a_line_of_its_own(batch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch.write_text(BATCH.replace("adapter", "adaptr"), "utf-8")
    assert run(cli, ["batch", str(batch)]) == 2
    head, *mistakes = capsys.readouterr().err.splitlines()
    assert head == f"error: batch file {batch}: 2 mistakes:"
    assert [each.partition("?")[0] for each in mistakes] == [
        f"- loads[{n}]: no key 'adaptr' here: did you mean adapter" for n in (0, 1)
    ]


def test_a_missing_one_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: No such file or directory: name a file that can be read"):
        read_jobs(tmp_path / "none.toml")


def test_a_delivery_of_the_future_is_told_before_anything_is_loaded(batch: Path, tmp_path: Path) -> None:
    batch.write_text(BATCH + "delivered = 2206-01-01\n", "utf-8")
    store = open_store(fresh_url(tmp_path, "s"))
    with pytest.raises(InputError, match=r"loads\[1\]\.delivered: 2206-01-01 is in the future"):
        next(run_jobs(store, batch, local_viewer(()), by="me"))
    assert store.agencies() == frozenset()
    store.close()
