"""The benchmark of resolution: it counts rightly, and measures what is in a folder."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.resolution import case
from benchmarks.resolution.pairs import Counts, Pair, counts
from benchmarks.resolution.scoring import worst, wrong

ROOT = Path(__file__).resolve().parents[2]
HEADER = "schema,name1,name2,is_match\n"


def pair(is_match: bool, likeness: float) -> Pair:
    return Pair("Ann", "Anna", True, is_match, likeness)


def test_it_counts_what_is_right_and_wrong() -> None:
    some = [pair(True, 0.9), pair(True, 0.2), pair(False, 0.9), pair(False, 0.1), pair(True, 0.75)]
    assert counts(some) == Counts(right=2, wrongly_same=1, wrongly_different=1)
    assert counts(some).f1 == pytest.approx(2 / 3)
    assert counts([pair(False, 0.1)]).f1 == 1


def test_the_worst_groups_are_named_for_what_they_are() -> None:
    groups = {"many": wrong(3, 2, 1_000), "share": wrong(0, 4, 30), "few": wrong(2, 0, 2), "right": wrong(0, 0, 90)}
    assert worst(groups) == {"most_errors": "many", "highest_share": "share"}
    assert worst({"right": wrong(0, 0, 90)}) == {"most_errors": "", "highest_share": ""}


def measure(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.resolution", "--data", str(folder), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_measures_every_table_of_pairs_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("name,birth\nAnn,1980\n")
    (tmp_path / "within").mkdir()
    (tmp_path / "within" / "cases.csv").write_text(
        HEADER
        + "Person,Иван Петров,Ivan Petrow,true\nPerson,Ivan Petrov,Boris Petrov,false\nCompany,Alpha AG,Beta AG,true\n"
    )
    done = measure(tmp_path, "--json")
    (told,) = json.loads(done.stdout).values()
    assert (told["persons"]["f1"], told["persons"]["pairs"]) == (1.0, 2)
    assert told["all"]["f1"] == pytest.approx(0.6667)
    assert (told["most_errors"], told["highest_share"]) == ("Latin and Latin", "")
    said = measure(tmp_path).stdout
    assert "0 wrongly one and 1 wrongly two of 3 pairs (33.3%)" in said
    assert "most errors: Latin and Latin; highest share, of those with 30 pairs or more: none" in said


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    done = measure(tmp_path)
    assert (done.returncode, "name1" in done.stderr) == (2, True)


def test_it_resolves_records_and_compares_them_with_their_labels(tmp_path: Path) -> None:
    rows = ["ONE,1,Ivan Petrov,1980-03-14,+31612345678", "TWO,2,Иван Петров,1980-03-14,+31612345678"]
    (tmp_path / "people.csv").write_text("source,id,name,dob,phone\n" + "\n".join([*rows, "TWO,3,Ann Bos,1970-01-02,"]))
    (tmp_path / "truth.csv").write_text("source,id,cluster\nONE,1,a\nTWO,2,a\nTWO,3,b\n")
    (told,) = json.loads(measure(tmp_path, "--json").stdout).values()
    assert (told["truth.csv"]["f1"], told["truth.csv"]["true"]) == (1.0, 1)
    assert [*told["truth.csv"]["scripts"]] == ["Cyrillic and Latin"]


@pytest.mark.night(reason="plain Splink and the workbench each resolve registers; by day records do")
def test_it_measures_registers_beside_plain_splink(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "workbench.commands.main",
        "scenario",
        "--registers",
        "400",
        "--out",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (told,) = json.loads(measure(tmp_path, "--json").stdout).values()
    assert told["persons"]["precision"] > 0.98
    assert told["raw"]["f1"] < told["persons"]["f1"] < told["ceiling"]["f1"]
    assert "of what plain Splink leaves open" in measure(tmp_path).stdout


def test_it_counts_what_each_agency_is_shown_joined_in_a_case() -> None:
    told = case.measured(ROOT / "sample_data")
    assert [*told] == ["joint", "KFIU", "NKP", "RJP", "TRC"]
    for counts_of in told.values():
        assert counts_of["wrong"] == 0
        assert counts_of["true"] > counts_of["with scores"] >= counts_of["by identifiers"] > 100
        assert counts_of["missed"] >= counts_of["of these proposed"] > 0
