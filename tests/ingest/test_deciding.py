"""Batches and watches whose loads name no adapter: it is decided by content when a load's turn comes."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.ingest.nightly import ANN, Batch, outcomes, write
from tests.ingest.prometheus import parsed
from workbench.access.viewer import local_viewer
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.view.store import GraphStore, open_store

NO_ADAPTER = '[[loads]]\nagency = "NKP"\ndataset = "d"\n'


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    with closing(open_store(url)) as found:
        yield found


PAGE = "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>\n"


@pytest.fixture
def nightly(tmp_path: Path) -> str:
    """A load whose only file is an error page, and one that is right; neither names an adapter."""
    write(tmp_path, a_json="A", b_json="B")
    (tmp_path / "in/a.json").write_text(PAGE, "utf-8")
    (tmp_path / "in/b.json").write_text(ANN % "B" * 2, "utf-8")
    return f'{NO_ADAPTER}files = ["in/a.json"]\n{NO_ADAPTER}files = ["in/b.json"]\n'


def test_a_format_that_is_not_told_fails_its_load_alone(
    batch: Batch, tmp_path: Path, nightly: str, store: GraphStore
) -> None:
    reports, metrics = tmp_path / "reports", tmp_path / "m.prom"
    code, told, err = batch(nightly, "--keep-going", "--report", str(reports), "--metrics", str(metrics))
    assert (code, outcomes(told)) == (1, ["failed", "done"])
    assert [each["adapter"] for each in told["loads"]] == [None, "ftm"]
    (file,) = told["loads"][0]["files"]
    assert (file["read"], file["refused"], file["reasons"]) == (1, 1, {"unknown format": 1})
    assert "loads[0] NKP/d: nothing was loaded: the content of `files` does not tell one format" in err
    assert f"{tmp_path / 'in/a.json'}: " in err
    assert store.agencies() == {"NKP"}
    (kept,) = reports.glob("*.json")
    assert json.loads(kept.read_bytes())["loads"] == told["loads"]
    (page,) = reports.glob("*.html")
    assert "unknown format" in page.read_text("utf-8")
    samples = parsed(metrics.read_text("utf-8"))
    of = frozenset({("batch", "nightly"), ("agency", "NKP"), ("dataset", "d")})
    assert samples["workbench_ingest_run_files_refused", of] == 1
    assert run(cli, ["log", "--store", store.url, "--reports", str(reports), "--failed"]) == 0


def test_without_keep_going_the_rest_is_not_run(batch: Batch, nightly: str) -> None:
    code, told, _ = batch(nightly)
    assert (code, outcomes(told)) == (1, ["failed", "not run"])
    code, told, _ = batch(nightly, "--dry-run", "--keep-going")
    assert (code, outcomes(told)) == (1, ["failed", "done"])


def test_files_of_different_formats_are_told_apart(batch: Batch, tmp_path: Path, nightly: str) -> None:
    manifest = tmp_path / "m.toml"
    manifest.write_text('agency = "NKP"\ndataset = "d"\n', "utf-8")
    code, told, err = batch(
        f'{nightly}[[loads]]\nmanifest = "m.toml"\nfiles = ["in/*.json", "no.json"]', "--keep-going"
    )
    assert (code, outcomes(told)) == (1, ["failed", "done", "failed"])
    assert [each["reasons"] for each in told["loads"][2]["files"]] == [
        {"unknown format": 1},
        {"different formats": 1},
        {"missing file": 1},
    ]
    assert "b.json: it is ftm, and other files of this load are not" in err


def test_a_table_without_a_manifest_fails_its_load_alone(batch: Batch, tmp_path: Path, nightly: str) -> None:
    (tmp_path / "in/a.json").write_text("id,name\n1,Ann\n2,Bob\n3,Cas\n", "utf-8")
    code, told, err = batch(nightly, "--keep-going")
    assert (code, outcomes(told)) == (1, ["failed", "done"])
    assert told["loads"][0]["files"][0]["reasons"] == {"no manifest": 1}
    assert "adapter csv, which the content of `files` shows, wants a manifest" in err


def test_a_pattern_without_adapter_that_matches_nothing_is_a_missing_file(batch: Batch, tmp_path: Path) -> None:
    write(tmp_path, b_json="B")
    (tmp_path / "in/b.json").write_text(ANN % "B" * 2, "utf-8")
    for text in (f'{NO_ADAPTER}files = ["in/*.csv"]\n', f'{NO_ADAPTER}files = ["no.csv"]\n'):
        code, told, err = batch(f'{text}{NO_ADAPTER}files = ["in/b.json"]\n')
        assert (code, outcomes(told)) == (1, ["done", "done"])
        assert told["loads"][0]["files"][0]["reasons"] == {"missing file": 1}
        assert "csv is not there: check its name" in err
    code, told, _ = batch(f'{NO_ADAPTER}files = ["in/*.csv"]\nmin_files = 0\n')
    assert (code, outcomes(told)) == (0, ["done"])


def test_what_is_written_is_checked_before_any_format_is_looked_for(batch: Batch, nightly: str) -> None:
    code, told, err = batch(f'{nightly}[[loads]]\nmanifest = "none.toml"\nfiles = ["in/*.json"]', "--keep-going")
    assert (code, set(told)) == (2, {"error"})
    assert "loads[2].manifest: " in err


def test_without_an_adapter_each_file_tells_its_own(
    tmp_path: Path, url: str, store: GraphStore, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "incoming"
    inbox.mkdir()
    (inbox / "a.json").write_text("<!DOCTYPE html><html><body>502 Bad Gateway</body></html>\n")
    (inbox / "b.csv").write_text(ANN % "B" * 2)
    (inbox / "c.csv").write_text("id,name\n1,Ann\n2,Bob\n3,Cas\n")
    code = run(cli, ["watch", str(inbox), "--dataset", "d", "--store", url, "--once", "--still", "0", "--json"])
    out, err = capsys.readouterr()
    told = json.loads(out)["files"]
    assert code == 1
    assert [(each["path"], each["adapter"], [file["reasons"] for file in each["files"]]) for each in told] == [
        ("rejected/a.json", None, [{"unknown format": 1}]),
        ("done/b.csv", "ftm", [{}]),
        ("rejected/c.csv", None, [{"no manifest": 1}]),
    ]
    assert "the content of a.json does not tell one format for all: name the adapter (--adapter)" in err
    (load,) = json.loads((inbox / "rejected/a.json.report.json").read_bytes())["loads"]
    assert (load["outcome"], load["error"]["kind"]) == ("failed", "FormatUnknown")
    assert store.view(local_viewer(store.agencies())).stats().records == 1
