"""Reports and metrics of runs: nothing in them is markup, their counts add up, and both formats hold any text."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.jobs import Planned
from ingest.metrics import Figures, figures_of, write_metrics
from ingest.report import LoadReport
from ingest.run_files import free_name, runs_in, write_report
from ingest.run_page import page
from ingest.run_report import COUNTS, RunReport
from tests.ingest.prometheus import parsed
from workbench.store.types import FileReport

UGLY = "</td><script>alert(1)</script><img src=http://x.example/a onerror=alert(2)>&\"'\x1b[31m\u202e\n]]>"
TEXTS = st.text(max_size=20) | st.just(UGLY)


def planned(place: str = "loads[0]", dataset: str | None = "d", agency: str = "NKP") -> Planned:
    return Planned(place, (Path("in/a.csv"),), {"manifest": Path("m.toml")}, agency, dataset, "csv")


def report(path: str, counts: Sequence[int], messages: Sequence[str] = ()) -> LoadReport:
    accepted, unchanged, late, left, quarantined = counts
    file = FileReport(
        path, "", sum(counts), accepted, unchanged, late, quarantined, 0, {f"bad {path}": quarantined}, left
    )
    return LoadReport((file,), "abc", 1.5, tuple(messages))


def run_of(*done: LoadReport | None, more: int = 0, error: dict[str, str] | None = None) -> RunReport:
    """A run of these loads; None for one that failed, with `error`."""
    run = RunReport("nightly.toml", [planned(f"loads[{n}]") for n in range(len(done) + more)], "sqlite:///s.db", "me")
    for each in done:
        run.note(each, None if each else error or {"kind": "StoreError", "message": "it failed"})
    run.end()
    return run


class Reading(HTMLParser):
    """Reads a page as a browser does: its elements, attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], "every element that was opened is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update((name, value or "") for name, value in attrs)
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.texts.append(data)


ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "span", "dl", "dt", "dd", "p", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_in_a_page_is_markup(path: str, message: str, dataset: str) -> None:
    run = RunReport(path, [planned(dataset=dataset), planned(message)], path, message)
    run.note(report(path, (1, 0, 0, 0, 2), [message]))
    run.note(None, {"kind": dataset, "message": message})
    read = Reading("\n".join(page(run.to_dict())))
    assert read.tags <= ELEMENTS
    assert {name for name, _ in read.attributes} <= {"class", "lang", "charset", "http-equiv", "content", "name"}
    assert ("http-equiv", "Content-Security-Policy") in read.attributes
    assert not any("\x1b" in each or "\u202e" in each for each in read.texts)


def test_a_page_tells_all(tmp_path: Path) -> None:
    run = run_of(report("in/a.csv", (5, 4, 3, 2, 1), ["a.csv:7: no date"]), None, more=1)
    text = " ".join(Reading("\n".join(page(run.to_dict()))).texts)
    for each in (
        *("nightly.toml", "failed", "sqlite:///s.db", "loads[0]", "NKP", "m.toml", "in/a.csv", "15", "bad in/a.csv: 1"),
        *("a.csv:7: no date", "StoreError: it failed", "Not run: 1 path", "revision abc", "1.5"),
    ):
        assert each in text, each


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (run_of(report("a", (1, 0, 0, 0, 0))), "done"),
        (run_of(report("a", (1, 0, 0, 0, 1))), "done, but not all was taken"),
        (run_of(None), "failed"),
        (run_of(report("a", (1, 0, 0, 0, 0)), more=1), "failed"),
        (RunReport("b.toml", [planned()]), "not ended"),
    ],
)
def test_a_page_says_at_the_top_how_it_went(run: RunReport, words: str) -> None:
    text = "".join(page(run.to_dict()))
    assert re.search(r'<h1>[^<]*<span class="\w+">([^<]*)</span></h1>', text)[1] == words  # type: ignore[index]


def test_a_page_of_many_files_says_how_many_it_leaves_out() -> None:
    files = tuple(FileReport(f"f{n}", "", 1, 1) for n in range(520))
    run = run_of(LoadReport(files, "abc", 1.0))
    text = "\n".join(page(run.to_dict()))
    assert "f499<" in text
    assert "f500<" not in text
    assert "20 more files in the JSON beside this page" in text
    assert ">520<" in text


COUNTED = st.tuples(*[st.integers(0, 1000)] * 5)


@given(st.lists(st.none() | COUNTED, min_size=1, max_size=5), st.integers(0, 2))
def test_counts_add_up(done: list[tuple[int, ...] | None], more: int) -> None:
    run = run_of(*(each and report("a", each) for each in done), more=more)
    told = json.loads(json.dumps(run.to_dict()))
    assert told["counts"]["read"] == sum(told["counts"][name] for name in COUNTS[1:])
    assert told["counts"]["read"] == sum(sum(each) for each in done if each)
    assert [each["outcome"] for each in told["loads"]] == ["done" if each else "failed" for each in done] + [
        "not run"
    ] * more
    assert told["succeeded"] == (all(done) and not more)


# -- metrics ----------------------------------------------------------------------------


@given(TEXTS, st.lists(st.tuples(TEXTS, COUNTED), max_size=4))
def test_metrics_hold_any_name_and_all_counts(batch: str, loads: list[tuple[str, tuple[int, ...]]]) -> None:
    run = RunReport("b", [planned(f"{n}", name) for n, (name, _) in enumerate(loads)])
    for name, counts in loads:
        run.note(report(name, counts))
    run.end()
    figures = Figures(batch)
    figures.add(run.to_dict())
    found = parsed("".join(f"{line}\n" for line in figures.lines()))
    assert {dict(labels)["batch"] for _, labels in found} == {batch}
    units = {labels: value for (name, labels), value in found.items() if name == "workbench_ingest_run_units"}
    assert sum(units.values()) == sum(sum(counts) for _, counts in loads)
    for name in {each or "(by file)" for each, _ in loads}:
        expected = sum(counts[4] for each, counts in loads if (each or "(by file)") == name)
        label = frozenset({("batch", batch), ("agency", "NKP"), ("dataset", name), ("outcome", "quarantined")})
        assert units[label] == expected


def test_metrics_of_a_run(tmp_path: Path) -> None:
    run = run_of(report("a", (5, 4, 3, 2, 1)), None, more=1)
    run.ended = "2026-03-31T22:00:00+00:00"
    write_metrics(figures_of(run.to_dict()), tmp_path / "m.prom")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["m.prom"]
    found = parsed((tmp_path / "m.prom").read_text("utf-8"))
    batch = ("batch", "nightly")
    assert found["workbench_ingest_run_timestamp_seconds", frozenset({batch})] == 1774994400
    assert found["workbench_ingest_run_success", frozenset({batch})] == 0
    assert [
        found["workbench_ingest_run_loads", frozenset({batch, ("outcome", each)})]
        for each in ("done", "failed", "not run")
    ] == [1, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "a 1",
        'a{b="\n"} 1\n',
        'a{b="\\x"} 1\n',
        "a 1\na 2\n",
        "a 1\nb 1\na{c=\"d\"} 1\n",
        "a 1\n# TYPE a gauge\n",
        "# TYPE a number\na 1\n",
        "a one\n",
        "1a 1\n",
    ],
)  # fmt: skip
def test_the_parser_refuses_what_is_no_such_format(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        parsed(text)


# -- on disk ----------------------------------------------------------------------------


def test_reports_are_found_again_and_others_are_told(tmp_path: Path) -> None:
    told = run_of(None).to_dict()
    for _ in range(2):
        write_report(told, tmp_path, free_name(tmp_path, "nightly"))
    (tmp_path / "bad.report.json").write_text("{")
    (tmp_path / "other.report.json").write_text("[1]")
    (tmp_path / "data.json").write_text("{}")
    runs, others = runs_in(tmp_path)
    assert [name for name, _ in runs] == ["nightly-2.report.json", "nightly.report.json"]
    assert all(run == told for _, run in runs)
    assert others == ["bad.report.json", "other.report.json"]


@pytest.mark.browser
def test_a_browser_shows_the_page_without_asking_for_anything(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "chromium is needed here"
    run = RunReport(UGLY, [planned(UGLY, UGLY)], UGLY, UGLY)
    run.note(report(UGLY, (5, 4, 3, 2, 1), [UGLY] * 3))
    run.end()
    write_report(run.to_dict(), tmp_path, "run")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    place = f"file://{tmp_path / 'run.report.html'}"
    command = [chromium, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom"]
    done = subprocess.run([*command, place], capture_output=True, text=True, check=True, timeout=120)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in done.stdout
    assert "<script" not in done.stdout
    assert "<img" not in done.stdout
