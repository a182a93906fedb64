"""Output without --json: sentences, captions, the marking, and no raw data."""

import json
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pytest

from tests.demos import Make
from tests.stores import leased, viewers_in
from workbench.analytics import ANALYSES
from workbench.commands.console import lines, run, table
from workbench.commands.ingest import cli as ingest
from workbench.commands.main import cli

Say = Callable[..., str]
FINDINGS = tuple(ANALYSES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the files beside the demo's store."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def url(folder: Path, make_demo: Make) -> Iterator[str]:
    """The demo's store, to be read only."""
    with leased(folder, "demo") as found, viewers_in(folder):
        make_demo(found)
        yield found


@pytest.fixture
def say(url: str, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command as a viewer; what it prints."""

    def ask(*arguments: str, viewer: str = "joint") -> str:
        assert run(cli, [*arguments, "--store", url, "--as", viewer]) == 0
        return capsys.readouterr().out

    return ask


ABOUT = {"paths": 2, "group": 1, "lead": 2}  # of how many entities it asks


def ends(folder: Path) -> tuple[str, str]:
    question = json.loads((folder / "demo.json").read_text("utf-8"))
    return question["start"], question["end"]


@pytest.mark.parametrize("command", FINDINGS)
def test_a_finding_is_told_under_its_marking_and_in_words(say: Say, folder: Path, command: str) -> None:
    asked = [command, *ends(folder)[: ABOUT.get(command, 0)]]
    told, found = say(*asked), json.loads(say(*asked, "--json"))
    first, second, *_ = told.splitlines()
    assert first == "CONFIDENTIAL//REL KFIU//HC H1,H2,SOURCE-PROTECTED"
    assert found["revision"] in second
    assert not re.search(r"[{}]|\['|False|True|None", told)
    handling = ", ".join(found["handling"]) or "none"
    assert told.splitlines()[-1] == f"It rests on {len(found['records'])} records; handling codes: {handling}."
    assert all(str(row["value"]) in told for row in found["set_aside"])


@pytest.mark.parametrize("command", [*FINDINGS, "paths"])
def test_every_entity_is_told_by_caption_and_id(say: Say, folder: Path, command: str) -> None:
    asked = [command, *ends(folder)[: ABOUT.get(command, 0)]]
    told, found = say(*asked), json.loads(say(*asked, "--json"))
    ids = set(re.findall(r'"([0-9a-f]{20})"', json.dumps(found["results"])))
    assert bool(ids) == (command != "disruption")  # which names nobody
    assert ids or not re.search(r"┃ *Id *┃", told)
    for entity in ids:
        assert entity in told
        assert json.loads(say("show", entity, "--json"))["caption"] in told


@pytest.mark.parametrize(("projection", "amounts"), [("all", False), ("money", True)])
def test_a_path_has_a_line_for_each_step(say: Say, folder: Path, projection: str, amounts: bool) -> None:
    a, b = ends(folder)
    if amounts:
        a, b = "032bac87116c1af7c10b", "d6a15246c7c82709347a"
    asked = ("paths", a, b, "--projection", projection, "-k", "2")
    told, found = say(*asked).splitlines(), json.loads(say(*asked, "--json"))
    steps = [step for row in found["results"] for step in row["steps"]]
    shown = [line for line in told if any(step["record"] in line for step in steps)]
    assert len(shown) == len(steps) > 2
    for line, step in zip(shown, steps, strict=True):
        assert step["schema"] in line
        assert step["grade"] in line
        assert (step["date"] or " - ") in line
        assert (f"EUR {step['amount']}" if step["amount"] else " - ") in line
    assert sum(line.startswith("Path ") for line in told) == len(found["results"])


def test_joint_value_says_which_agencies_suffice(say: Say) -> None:
    told = say("joint-value")
    titles = ["Key players", "Ties", "Groups", "Paths", "Entities of several agencies", "Who is in them"]
    found = [line.strip() for line in told.splitlines() if line.strip() in titles]
    assert found == titles
    assert re.search(r"Nico +│ KFIU \+ NKP \+ RJP \+ TRC", told)
    assert "│ KFIU + NKP, or KFIU + TRC │" in told


def test_what_was_counted_is_in_the_plural_where_it_is_many(say: Say) -> None:
    told = say("joint-value")
    found = json.loads(say("joint-value", "--json"))["measured"]["found"]
    many = {**{name: f"{name}s" for name in found}, "entity": "entities"}
    words = [f"{n} {name if n == 1 else many[name]}" for name, n in found.items()]
    assert len({n == 1 for n in found.values()}) == 2
    assert f"found {', '.join(words)}" in told


def test_what_was_asked_is_told_and_no_limit_is_a_measurement(say: Say, folder: Path) -> None:
    told = say("paths", *ends(folder))
    assert "; common values not counted; " in told
    assert "Measured" not in told
    assert "; common values counted; " in say("paths", *ends(folder), "--count-common")


def test_an_estimate_is_called_one(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "estimated" not in say("key-players")
    module = import_module("workbench.analytics.betweenness")
    monkeypatch.setattr(module, "_EXACT_UP_TO", 0)
    monkeypatch.setattr(module, "_FEWEST_SOURCES", 20)
    for command in ("key-players", "joint-value"):
        assert re.search(r"^Betweenness is estimated from \d+ of \d+ sources\.$", say(command), re.MULTILINE)


def test_a_predicted_relationship_is_a_lead_and_no_fact(say: Say) -> None:
    told = say("predict", "--limit", "3")
    assert "Leads, never facts" in told
    assert re.search(r"^Of the 3 leads shown, .* about 0\.\d are expected to be true", told, re.MULTILINE)
    assert "On whom errors fall" in told
    assert re.search(r"^Nothing is said: .*\.$", say("predict", "--question", "hidden"), re.MULTILINE)


def test_no_path_is_said_in_words(say: Say, folder: Path) -> None:
    told = say("paths", *ends(folder), viewer="noordkust")
    assert told.startswith("CONFIDENTIAL//REL ")
    assert "Nothing was found: there is no such path." in told


# -- values are text, whatever they hold ----------------------------------------------------------


def test_a_value_is_neither_markup_nor_a_command_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    said = "[bold]\\[x] \x1b[31m محمد \x07\x9b"
    table("values", ("value",), [(said,)])
    lines(("value",), [(said,)])
    told = capsys.readouterr().out
    assert told.count(r"[bold]\[x] \x1b[31m محمد \x07\x9b") == 2
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", told)


def test_a_line_is_one_line_however_long_its_captions_are(capsys: pytest.CaptureFixture[str]) -> None:
    lines(("from", "to"), [("王明" * 200, "x" * 500), ("a", "b")])
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_what_common_values_kept_from_counting_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each of 26 accounts pays all that come after it, but the first not the last, so all are common values."""
    ids = [f"a{n}" for n in range(26)]
    accounts = [{"id": each, "schema": "BankAccount", "properties": {"accountNumber": [f"8{each}"]}} for each in ids]
    paid = [
        {"id": f"{a}-{b}", "schema": "Transfer", "properties": {"payerAccount": [a], "beneficiaryAccount": [b]}}
        for a, b in combinations(ids, 2)
        if (a, b) != ("a0", "a25")
    ]
    (tmp_path / "p.json").write_text("\n".join(map(json.dumps, [*accounts, *paid])), "utf-8")
    store = ["--store", f"sqlite:///{tmp_path / 'x.db'}"]

    def told(*arguments: str) -> str:
        assert run(ingest if arguments[0] == "load" else cli, [*arguments, *store]) == 0
        return capsys.readouterr().out

    told("load", str(tmp_path / "p.json"), "--adapter", "ftm")
    start, end = (json.loads(told("search", f"8{each}", "--json"))["entities"][0]["id"] for each in ("a0", "a25"))
    found = told("paths", start, end, "--projection", "money")
    assert "there is no such path. 26 common values did not count: `--count-common` counts them too." in found
    assert "and 6 more common values: `--json` lists all" in found
    assert "Path 1: 2 steps" in told("paths", start, end, "--projection", "money", "--count-common")
