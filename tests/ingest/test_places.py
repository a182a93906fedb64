"""Paths: patterns and their order, folders for every adapter, and days in names."""

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats import ADAPTERS
from ingest.places import by_change, by_day, day_in, expanded
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.examples import EXAMPLES
from tests.ingest.families import each_family
from workbench.commands.console import run
from workbench.commands.ingest import cli


def made(folder: Path, *names: str) -> list[Path]:
    for each in names:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text(each)
    return [folder / each for each in names]


def test_a_pattern_stands_for_what_it_matches_in_order(tmp_path: Path) -> None:
    made(tmp_path, "b.csv", "a.csv", ".a.csv", "c.txt", "in/d.csv", "in/deep/e.csv")

    def names(*given: str) -> list[str]:
        return [each.relative_to(tmp_path).as_posix() for each in expanded(map(Path, given), tmp_path)]

    assert names("*.csv") == ["a.csv", "b.csv"]
    assert names("b.csv", "*.csv") == ["b.csv", "a.csv"]
    assert names("**/*.csv") == ["a.csv", "b.csv", "in/d.csv", "in/deep/e.csv"]
    assert names("[ab].csv", "none-*.csv", "none.csv") == ["a.csv", "b.csv", "none-*.csv", "none.csv"]
    assert names("in") == ["in"]
    assert expanded([tmp_path / "?.csv"]) == [tmp_path / "a.csv", tmp_path / "b.csv"]


def test_what_is_there_is_no_pattern(tmp_path: Path) -> None:
    made(tmp_path, "a[1].csv", "a1.csv")
    assert expanded([tmp_path / "a[1].csv"]) == [tmp_path / "a[1].csv"]
    odd = tmp_path / "[x]"
    made(odd, "a1.csv")
    assert expanded([Path("a?.csv")], odd) == [odd / "a1.csv"]


@each_family
def test_every_adapter_reads_folders_and_patterns(desk: Desk, adapter: str) -> None:
    example = EXAMPLES[adapter]
    manifest = desk.write("m/m.toml", example.manifest)
    ending = Path(example.name).suffix
    for n in "ab":
        desk.write(f"in/{n}{ending}", example.file(example.good))
    units = 2 * totals(desk.load(desk.folder / "in" / f"a{ending}", adapter=adapter, manifest=manifest))["read"]
    whole = desk.load(desk.folder / "in", adapter=adapter, manifest=manifest)
    assert len(whole.files) == 2
    assert totals(whole)["read"] == sum(each.accepted + each.unchanged for each in whole.files) == units
    by_pattern = desk.load(desk.folder / "in" / f"*{ending}", adapter=adapter, manifest=manifest)
    assert [Path(each.path).name.partition("#")[0] for each in by_pattern.files] == [f"a{ending}", f"b{ending}"]
    assert totals(by_pattern) == {"read": units, "unchanged": units}
    assert set(EXAMPLES) <= set(ADAPTERS)


def test_a_pattern_that_matches_nothing_is_a_missing_file(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    report = desk.load(desk.folder / "in/*.json", adapter="ftm", dataset="d")
    assert reasons(report) == {"missing file": 1}
    command = ["load", str(desk.folder / "in/*.json"), "--adapter", "ftm", "--dataset", "d", "--store", desk.url]
    assert run(cli, command) == 1
    assert "in/*.json is not there: check its name" in capsys.readouterr().err


def test_files_in_the_order_of_their_changes(tmp_path: Path) -> None:
    files = made(tmp_path, "a", "b", "c", "d")
    for path, moment in zip(files, (3, 1, 2, 1), strict=True):
        os.utime(path, (moment, moment))
    assert [each.name for each in by_change([*files, tmp_path / "none"])] == ["none", "b", "d", "c", "a"]


@pytest.mark.parametrize(
    "name",
    ["calls-2026-03-31.csv", "20260331.csv", "2026_03_31-x1.csv", "a.2026.03.31", "20260331T2200.gz", "x202603312200z",
     "20260331220000.csv", "v2-20260331-0001.csv", "1234567-20260331.csv"],
)  # fmt: skip
def test_the_day_in_a_name(name: str) -> None:
    assert day_in(name) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("calls.csv", "calls.csv has no day in its name: name it as calls-2026-03-31.csv"),
        ("calls-2026-02-30.csv", "has no day in its name"),
        ("31-03-2026.csv", "has no day in its name"),
        ("123202603315.csv", "has no day in its name"),
        ("2026-03.31.csv", "has no day in its name"),
        ("2026-03-01_2026-03-31.csv", "has two days or more in its name"),
        ("2099-01-01.csv", "2099-01-01 is in the future"),
    ],
)
def test_a_name_without_one_day_is_told(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=name.rpartition("/")[2].replace(".", r"\.")) as refused:
        day_in(name)
    assert words in str(refused.value)


@given(st.lists(st.dates(date(1950, 1, 1), date(2025, 12, 31)), min_size=1, max_size=8), st.booleans())
def test_files_of_a_day_are_together_and_days_in_order(days: list[date], is_short: bool) -> None:
    files = [Path(f"{n}/c-{f'{day:%Y%m%d}' if is_short else day.isoformat()}.csv") for n, day in enumerate(days)]
    found = by_day(files)
    assert [day for day, _ in found] == sorted(set(days))
    assert sorted(each for _, some in found for each in some) == sorted(files)
    assert all(day_in(each.name) == day for day, some in found for each in some)
