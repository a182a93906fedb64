"""docs/batch.md: its tables name every key and metric, and the files to copy are what they say."""

import configparser
import re
import shlex
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from ingest.jobs import Job, read_jobs
from ingest.metrics import figures_of
from tests.ingest.test_run_report import report, run_of
from workbench.commands.ingest import cli

PAGE = (Path(__file__).parents[2] / "docs/batch.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, flags=re.M | re.S)


def test_every_key_is_in_the_table_and_the_example_can_be_read(tmp_path: Path) -> None:
    (example,) = blocks("toml")
    (tmp_path / "nightly.toml").write_text(example, "utf-8")
    assert [each.order for each in read_jobs(tmp_path / "nightly.toml")] == ["date", "given"]
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, flags=re.M))))
    assert set(Job.model_fields) <= named
    assert {key for load in tomllib.loads(example)["loads"] for key in load} <= set(Job.model_fields)


def test_every_metric_is_in_the_table() -> None:
    lines = list(figures_of(run_of(report("a", (1, 1, 1, 1, 1))).to_dict()).lines())
    names = {line.partition("{")[0] for line in lines if not line.startswith("#")}
    assert names == set(re.findall(r"^\| `(workbench_ingest_\w+)` \|", PAGE, flags=re.M))


def check_command(line: str) -> None:
    """Parse a command line as click does; it refuses an unknown option."""
    program, name, *given = shlex.split(line)
    assert program == "/opt/workbench/.venv/bin/ingest"
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_context(name, given)


def units() -> list[configparser.RawConfigParser]:
    found = []
    for text in blocks("ini"):
        parser = configparser.RawConfigParser(strict=True)
        parser.optionxform = str  # type: ignore[assignment,method-assign] # keys of units have capitals
        parser.read_string(text)
        found.append(parser)
    return found


def test_the_units_start_what_there_is() -> None:
    nightly, timer, watch = units()
    for each in (nightly, watch):
        check_command(each["Service"]["ExecStart"].replace("%%", "%"))
        assert not re.search(r"(?<!%)%(?!%)", each["Service"]["ExecStart"]), "a unit's own sign"
    assert (nightly["Service"]["Type"], watch["Service"]["KillMode"]) == ("oneshot", "mixed")
    assert timer["Timer"]["Persistent"] == "true"
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:\d\d", timer["Timer"]["OnCalendar"])


def test_the_line_for_cron_is_one() -> None:
    (line,) = blocks("cron")
    minute, hour, *days, account, command = line.strip().split(" ", 6)
    assert (minute.isdigit(), hour.isdigit(), days, account) == (True, True, ["*"] * 3, "ingest")
    assert "%" not in command, "cron takes it for a line feed"
    words, _, rest = command.partition(" > ")
    assert rest == "/dev/null"
    check_command(words)


def test_the_dag_compiles_and_runs_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """With stand-ins for the two names that it takes of Airflow."""
    tasks: list[dict[str, Any]] = []
    dags: list[dict[str, Any]] = []

    class Dag:
        def __init__(self, **given: Any) -> None:
            dags.append(given)

        def __enter__(self) -> "Dag":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    named = ("airflow", "airflow.sdk", "airflow.providers", "airflow.providers.standard")
    named += ("airflow.providers.standard.operators", "airflow.providers.standard.operators.bash")
    modules = {name: ModuleType(name) for name in named}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    modules["airflow.sdk"].DAG = Dag  # type: ignore[attr-defined]
    modules[named[-1]].BashOperator = lambda **given: tasks.append(given)  # type: ignore[attr-defined]
    dag = next(each for each in blocks("python") if "airflow" in each)
    exec(compile(dag, "dag", "exec"), {})  # noqa: S102 - what the page shows
    (task,) = tasks
    words, _, rest = task["bash_command"].partition(" || ")
    assert rest == "[ $? -eq 1 ]"
    check_command(words)
    assert dags[0]["max_active_runs"] == 1
    assert isinstance(dags[0]["start_date"], datetime)


def test_our_own_code_takes_nothing_of_airflow() -> None:
    root = Path(__file__).parents[2]
    found = [path for package in ("ingest", "workbench") for path in (root / package).rglob("*.py")]
    assert found
    assert [path for path in found if "airflow" in path.read_text("utf-8").lower()] == []
