"""The effect of Kition's agreement for Noordkust, by the command line alone."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.demos import Make
from tests.stores import fresh_url, name_viewers
from workbench.commands.console import run
from workbench.commands.main import cli

Run = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, make_demo: Make, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a viewer on a demo store of its own; what it prints."""
    url = fresh_url(tmp_path, "demo")
    name_viewers(tmp_path)
    make_demo(url)

    def ask(*arguments: str, viewer: str = "noordkust") -> str:
        assert run(cli, [*arguments, "--store", url, "--as", viewer]) == 0
        return capsys.readouterr().out

    return ask


def joint(say: Run) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(say("joint-value", "--json"))["results"]
    return rows


def known_as_nico(say: Run) -> set[str]:
    """The candidates for the broker: Nico, and the two persons whom the union joins with him."""
    (broker,) = (each for each in _found(say, "joint", "Nico") if each["schema"] == "Person")
    referents = json.loads(say("show", broker["id"], "--json", viewer="joint"))["referents"]
    sources = {(f"{each['agency']}/{each['dataset']}", each["source_id"]) for each in referents}
    clusters = [line.split(",") for line in say("clusters").splitlines()[1:]]
    return {canonical for canonical, *source in clusters if tuple(source) in sources}


def _found(say: Run, viewer: str, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(say("search", text, "--json", viewer=viewer))["entities"]
    return found


def withheld(say: Run, folder: Path) -> list[str]:
    """The keys of the records that Kition keeps, as it exports them."""
    say("export", "--format", "csv", "--out", str(folder), viewer="kition")
    lines = "\n".join(each.read_text("utf-8") for each in sorted(folder.glob("*.csv"))).splitlines()
    return sorted({key for line in lines if "REL KFIU//HC" in line for key in re.findall(r"\b[0-9a-f]{32}\b", line)})


def test_noordkust_sees_no_broker_before_kition_agrees_and_does_after(say: Run, tmp_path: Path) -> None:
    nico = known_as_nico(say)
    assert len(nico) == 2  # Nico, and a passenger: nothing tells Noordkust that they are one
    rows = joint(say)
    assert [row for row in rows if row["what"] == "key player"] == []
    assert not [row for row in rows if row["what"] == "path" and nico & set(row["members"])]
    assert not [row for row in rows if row["what"] == "group" and nico & set(row["members"])]
    ranked = json.loads(say("key-players", "--json"))["results"]
    assert not [row for row in ranked if row["id"] in nico and (row["betweenness"] or row["rank"] <= 10)]
    keys = withheld(say, tmp_path / "exported")
    assert len(keys) == 9
    say("remark", *keys, "--marking", "CONFIDENTIAL//REL KFIU,NKP,RJP,TRC//HC H1,H2", viewer="kition")
    (broker,) = known_as_nico(say)
    rows = joint(say)
    assert [row["members"] for row in rows if row["what"] == "key player"] == [[broker]]
    assert [row for row in rows if row["what"] == "path" and broker in row["members"][1:-1]]
    assert [row for row in rows if row["what"] == "group" and broker in row["members"]]
    first = json.loads(say("key-players", "--json"))["results"][0]
    assert (first["id"], first["rank"]) == (broker, 1)
    assert re.search(r"Nico +│ KFIU \+ NKP \+ RJP \+ TRC", say("joint-value"))
