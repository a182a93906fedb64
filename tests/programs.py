"""The command lines, what is in them, and what each command needs."""

import re
from pathlib import Path

import click

from workbench.commands.ingest import cli as _ingest
from workbench.commands.lazy import LazyGroup
from workbench.commands.main import cli as _workbench
from workbench.model.ids import entity_id

PROGRAMS: dict[str, LazyGroup] = {"workbench": _workbench, "ingest": _ingest}
# What each command needs, that it gets as far as the store.
GIVEN = {
    "workbench": {
        "articulation-points": [],
        "clusters": [],
        "clusters-to-check": [],
        "common add": ["phone", "+31612345678", "--reason", "r"],
        "common list": [],
        "common remove": ["phone", "+31612345678"],
        "communities": [],
        "contradictions": [],
        "copy": ["--from", "STORE", "--to", "NEW"],
        "demo": ["--no-serve"],
        "different": ["a", "b", "--reason", "r"],
        "digest": [],
        "disruption": [],
        "doctor": [],
        "export": ["--format", "ftm"],
        "findings again": ["a"],
        "findings compare": ["a"],
        "findings drop": ["a"],
        "findings list": [],
        "findings show": ["a"],
        "group": ["a"],
        "joint-value": [],
        "judge": ["JUDGED"],
        "judgements": [],
        "key-players": [],
        "lead": ["a", "b"],
        **{f"leads {verdict}": ["a", "b", "--reason", "r"] for verdict in ("accept", "park", "reject")},
        "leads list": [],
        "neighbours": ["a"],
        "proposals": [],
        "paths": ["a", "b"],
        "predict": [],
        "remark": ["a", "--marking", "OPEN"],
        "resolve": [],
        "revisions": [],
        "same": ["a", "b", "--reason", "r"],
        "search": ["a"],
        "serve": [],
        "show": ["a"],
        "stats": [],
        "undo": ["a"],
        "unsure": ["a", "b", "--reason", "r"],
        "weight": ["a", "b"],
    },
    "ingest": {
        "batch": ["LOADS"],
        "load": ["FILE", "--adapter", "ftm"],
        "loads": [],
        "log": [],
        "quarantine discard": ["a", "--reason", "r"],
        "quarantine list": [],
        "quarantine replay": [],
        "quarantine show": ["a"],
        "watch": ["INBOX", "--once", "--still", "0", "--adapter", "ftm"],
        "withdraw": ["a", "--reason", "r"],
    },
}
STORELESS = {
    "workbench": {"cypher", "scenario", "schemata"},
    "ingest": {"adapters", "detect", "mapping", "suggest"},
}

# What no terminal should get.
UGLY = "\x1b[31mred\x1b]8;;http://a\x07link\x07\r\b\x9b1A\u202egnp\u2066\u2028[bold]x[/bold]\x7f"
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def commands_of(group: click.Command) -> dict[str, click.Command]:
    """The commands of a group by name, in order; none of what is no group."""
    if not isinstance(group, click.Group):
        return {}
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in sorted(group.list_commands(context))}
    return {name: command for name, command in found.items() if command is not None}


def filled(given: list[str], url: str, tmp_path: Path) -> list[str]:
    """Arguments with the paths of a test, and the store where the command takes one."""
    (tmp_path / "one.ftm.json").write_text('{"id": "x", "schema": "Person", "properties": {"name": ["X"]}}\n')
    (tmp_path / "loads.toml").write_text('[[loads]]\nfiles = ["one.ftm.json"]\nadapter = "ftm"\n')
    a, b = (entity_id("NKP", "desk", each) for each in "ab")
    (tmp_path / "judged.csv").write_text(f"a,b,verdict,why\n{a},{b},same,r\n")
    (tmp_path / "inbox").mkdir(exist_ok=True)
    (tmp_path / "inbox" / "one.ftm.json").write_text((tmp_path / "one.ftm.json").read_text())
    places = {
        "INBOX": str(tmp_path / "inbox"),
        "JUDGED": str(tmp_path / "judged.csv"),
        "STORE": url,
        "NEW": f"sqlite:///{tmp_path / 'new.db'}",
        "FILE": str(tmp_path / "one.ftm.json"),
        "LOADS": str(tmp_path / "loads.toml"),
    }
    return [places.get(each, each) for each in given] + ([] if "STORE" in given else ["--store", url])
