"""Only viewers with the right may load; nothing is read before that is checked."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ingest import dry_run, load, run_jobs
from ingest.quarantine import discard, replay
from tests.ingest.desk import Desk
from tests.stores import write_viewers
from workbench.access.audit import Trace
from workbench.access.viewer import EVERY_AGENCY, Viewer
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.errors import AccessDenied, StoreBusy, UsageError
from workbench.session import Session
from workbench.view.store import open_store

ANN = '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n'
BAD = '{"id": "b"}\n'
VIEWERS = """
[clerk]
agencies = ["NKP"]
level = "SECRET"

[job]
agencies = ["NKP"]
level = "OPEN"
loads = ["NKP"]
"""
BATCH = "".join(f'[[loads]]\nfiles = ["e.json"]\nadapter = "ftm"\nagency = "{agency}"\n' for agency in ("NKP", "TRC"))


def viewer(*loads: str, agencies: tuple[str, ...] = ("NKP",)) -> Viewer:
    return Viewer(name="clerk", agencies=frozenset(agencies), level="SECRET", loads=frozenset(loads))


@pytest.mark.parametrize("how", [load, dry_run])
@pytest.mark.parametrize("who", [viewer(), viewer("TRC"), viewer(agencies=()), viewer("TRC", agencies=("NKP", "TRC"))])
def test_who_has_not_the_right_is_refused_unread(desk: Desk, how: Any, who: Viewer) -> None:
    desk.store.patience = 0.0
    absent = desk.folder / "absent.json"
    with desk.store.writer(agency="NKP", by="another"), pytest.raises(AccessDenied, match="clerk may not load for NKP"):
        how(desk.store, [absent], viewer=who, by="tester", adapter="ftm", agency="NKP")


@pytest.mark.parametrize("loads", ["NKP", EVERY_AGENCY])
def test_who_has_it_loads_and_needs_no_sight(desk: Desk, loads: str) -> None:
    report = desk.load(desk.write("e.json", ANN), viewer=viewer(loads, agencies=()), adapter="ftm", agency="NKP")
    assert report.files[0].accepted == 1


class Ledger(list[Trace]):
    """Keeps all traces."""

    def keep(self, trace: Trace) -> None:
        self.append(trace)


@pytest.fixture
def ledger(desk: Desk) -> Ledger:
    """The traces of the desk's store."""
    kept = Ledger()
    desk.store.close()
    desk.store = open_store(desk.url, audit=kept)
    return kept


@pytest.mark.parametrize("how", [load, dry_run])
def test_a_load_leaves_a_trace_of_what_it_is_about(desk: Desk, ledger: Ledger, how: Any) -> None:
    file, manifest = desk.write("e.json", ANN), desk.write("m.toml", 'adapter = "ftm"\nagency = "NKP"\n')
    desk.load(file, how=how, viewer=viewer("NKP"), manifest=manifest, purpose="review", delivered="2026-03-31")
    (trace,) = ledger
    assert (trace.viewer, trace.purpose, trace.what, trace.refused) == ("clerk", "review", how.__name__, "")
    said = {"agency": "NKP", "dataset": "e.json", "adapter": "ftm", "files": [str(file)], "by": "tester"}
    assert trace.asked == said | {"manifest": str(manifest), "delivered": "2026-03-31"}
    if how is load:
        (entry,) = desk.view("NKP").loads()
        assert [each.path for each in entry.files] == trace.asked["files"]


@pytest.mark.parametrize("how", [load, dry_run])
def test_a_refused_load_leaves_a_trace(desk: Desk, ledger: Ledger, how: Any) -> None:
    manifest, file = desk.write("m.toml", 'adapter = "ftm"\nagency = "TRC"\n'), desk.folder / "absent.json"
    with pytest.raises(AccessDenied):
        desk.load(file, how=how, viewer=viewer("NKP"), manifest=manifest)
    with pytest.raises(UsageError):
        desk.load(file, how=how, viewer=viewer("NKP"), adapter="no such")
    with pytest.raises(UsageError, match="future"):
        desk.load(file, how=how, viewer=viewer("NKP"), adapter="ftm", agency="NKP", delivered="2206-01-01")
    said = [(each.viewer, each.what, each.asked.get("agency"), each.answered, each.refused) for each in ledger]
    name = how.__name__
    assert said == [
        ("clerk", name, "TRC", 0, "AccessDenied"),
        ("clerk", name, None, 0, "UsageError"),
        ("clerk", name, "NKP", 0, "UsageError"),
    ]
    assert all(each.asked["files"] == [str(file)] for each in ledger)


def test_a_load_that_fails_leaves_its_trace_and_the_error(desk: Desk, ledger: Ledger) -> None:
    desk.store.patience = 0.0
    with (
        closing(open_store(desk.url)) as store,
        store.writer(agency="NKP", by="another"),
        pytest.raises(StoreBusy),
    ):
        desk.load(desk.write("e.json", ANN), viewer=viewer("NKP"), adapter="ftm", agency="NKP")
    assert [(each.what, each.answered, each.refused) for each in ledger] == [
        ("load", None, ""),
        ("load", 0, "StoreBusy"),
    ]


def test_each_load_of_a_batch_leaves_its_trace(desk: Desk, ledger: Ledger) -> None:
    desk.write("e.json", ANN)
    batch = desk.write("loads.toml", BATCH)
    with pytest.raises(AccessDenied):
        list(run_jobs(desk.store, batch, viewer("NKP"), by="tester"))
    assert [(each.what, each.asked["agency"], each.refused) for each in ledger] == [("load", "TRC", "AccessDenied")]
    ledger.clear()
    list(run_jobs(desk.store, batch, viewer("NKP", "TRC"), by="tester", purpose="review"))
    told = [(each.what, each.asked["agency"], each.purpose, each.refused) for each in ledger]
    assert told == [("load", "NKP", "review", ""), ("load", "TRC", "review", "")]


def test_a_session_tells_who_loads_and_what_for(desk: Desk, ledger: Ledger) -> None:
    file, own = desk.write("e.json", ANN), Ledger()
    several = viewer("NKP").model_copy(update={"purposes": ("a", "b")})
    for who, purpose in ((viewer("NKP"), None), (several, "b"), (several, None)):
        Session(desk.store, lambda who=who: who, purpose, by="root").load(file, adapter="ftm", agency="NKP")
    assert [each.purpose for each in ledger] == ["investigation", "b", ""]
    assert {(each.viewer, each.asked["by"]) for each in ledger} == {("clerk", "root")}
    ledger.clear()
    with pytest.raises(AccessDenied):
        Session(desk.store, viewer, audit=own).load(file, adapter="ftm", agency="NKP")
    assert [(each.viewer, each.asked["agency"], each.refused) for each in own] == [("clerk", "NKP", "AccessDenied")]
    assert not ledger


def test_an_agency_that_only_the_manifest_names_is_asked_for_too(desk: Desk) -> None:
    manifest = desk.write("m.toml", 'adapter = "ftm"\nagency = "NKP"\n')
    with pytest.raises(AccessDenied, match="clerk may not load for NKP"):
        desk.load(desk.write("e.json", ANN), viewer=viewer("LOCAL"), manifest=manifest)


def test_a_batch_is_refused_before_its_first_load(desk: Desk) -> None:
    desk.write("e.json", ANN)
    with pytest.raises(AccessDenied, match="clerk may not load for TRC"):
        next(run_jobs(desk.store, desk.write("loads.toml", BATCH), viewer("NKP"), by="tester"))
    assert desk.store.agencies() == frozenset()


def test_units_in_quarantine_are_replayed_and_discarded_by_who_may_load(desk: Desk) -> None:
    desk.load(desk.write("e.json", BAD), adapter="ftm", agency="NKP")
    view = desk.store.view(viewer())
    (unit,) = view.quarantine()
    for held in ((), ("KFIU",)):
        with pytest.raises(AccessDenied, match="clerk may not load for"):
            replay(desk.store, desk.store.view(viewer(*held)), by="tester")
    with pytest.raises(AccessDenied, match="clerk may not load for NKP"):
        discard(desk.store, view, [unit.id], by="tester", why="no use")
    assert discard(desk.store, desk.store.view(viewer("NKP")), [unit.id], by="tester", why="no use") == (unit,)


def test_who_may_load_for_nobody_is_refused_a_replay_of_nothing(desk: Desk) -> None:
    with pytest.raises(AccessDenied, match="may not load for any agency"):
        replay(desk.store, desk.store.view(viewer()), by="tester")
    with pytest.raises(AccessDenied, match="may not load for NKP"):
        replay(desk.store, desk.store.view(viewer("KFIU")), by="tester", agency="NKP")


@pytest.fixture
def entries(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to load, beside a store with two viewers."""
    monkeypatch.delenv("WORKBENCH_VIEWERS", raising=False)
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)
    write_viewers(desk.folder, VIEWERS)
    desk.write("loads.toml", BATCH)
    return desk.write("e.json", ANN + BAD)


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    code = run(cli, [*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_line_asks_who_loads(desk: Desk, entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("load", entries, "--adapter", "ftm", "--agency", "NKP")
    code, answer = told(capsys, *options)
    assert (code, answer["error"]["message"]) == (2, "name the viewer: one of clerk, job (--as)")
    for more in ((), ("--dry-run",)):
        code, answer = told(capsys, *options, *more, "--as", "clerk")
        assert (code, answer["error"]["kind"]) == (2, "AccessDenied")
    code, answer = told(capsys, "batch", desk.folder / "loads.toml", "--as", "job")
    assert (code, answer["error"]["kind"]) == (2, "AccessDenied")
    assert desk.store.agencies() == frozenset()
    code, answer = told(capsys, *options, "--as", "job")
    assert (code, answer["files"][0]["accepted"]) == (1, 1)
    _, listed = told(capsys, "quarantine", "list", "--as", "clerk")
    unit = listed["quarantine"][0]["id"]
    for command in (("replay",), ("discard", unit, "--reason", "no use")):
        code, answer = told(capsys, "quarantine", *command, "--as", "clerk")
        assert (code, answer["error"]["kind"]) == (2, "AccessDenied")
    (entry,) = desk.view("NKP").loads()
    assert entry.by.endswith(" as job")


@pytest.mark.sqlite_only(reason="a file can be missing")
def test_who_is_refused_makes_no_store(desk: Desk, entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{desk.folder / 'other.db'}"
    for arguments in (("load", entries, "--adapter", "ftm", "--agency", "NKP"), ("batch", desk.folder / "loads.toml")):
        code, answer = told(capsys, *arguments, "--store", url, "--as", "clerk")
        assert (code, answer["error"]["kind"]) == (2, "AccessDenied")
    assert not list(desk.folder.glob("other.db*"))
