"""A watched folder: what is taken when, where it goes, and what happens if something fails or is killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ingest import watch as watching
from ingest.inbox import Inbox, Wanted
from tests.ingest.prometheus import parsed
from tests.stores import fresh_url
from workbench.access.viewer import local_viewer
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.errors import DeliveryRefused, StoreBusy, StoreError, UsageError
from workbench.view.store import GraphStore, open_store

ANN = '{"id": "%s", "schema": "Person", "properties": {"name": ["Ann"]}}\n'
SAID = ("--adapter", "ftm", "--agency", "NKP", "--dataset", "d", "--store")
Once = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh_url(tmp_path, "s")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder to deliver into."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def store(url: str) -> Iterator[GraphStore]:
    with closing(open_store(url)) as found:
        yield found


@pytest.fixture
def once(inbox: Path, url: str, store: GraphStore, capsys: pytest.CaptureFixture[str]) -> Once:
    """Look once; the exit code, the JSON, and what stderr says."""

    def looked(*options: str, still: str = "0") -> tuple[int, Any, str]:
        waiting = () if "--done" in options else ("--still", still)
        code = run(cli, ["watch", str(inbox), *SAID, url, "--once", "--json", *waiting, *options])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return looked


def tree(folder: Path) -> list[str]:
    """All files in a folder, by path."""
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if not each.is_dir())


def names_of(store: GraphStore) -> int:
    return store.view(local_viewer(store.agencies())).stats().records


def test_files_are_loaded_and_moved_with_a_report(once: Once, inbox: Path, store: GraphStore) -> None:
    (inbox / "b.json").write_text(ANN % "b" + "{}\n")
    (inbox / "a.json").write_text(ANN % "a")
    (inbox / "c.json").write_text("<html>")
    code, told, err = once()
    assert code == 1
    assert [(each["file"], each["outcome"], each["path"]) for each in told["files"]] == [
        ("a.json", "done", "done/a.json"),
        ("b.json", "done", "done/b.json"),
        ("c.json", "rejected", "rejected/c.json"),
    ]
    assert tree(inbox) == [
        *("done/a.json", "done/a.json.report.json", "done/b.json", "done/b.json.report.json"),
        *("rejected/c.json", "rejected/c.json.report.json"),
    ]
    report = json.loads((inbox / "done/b.json.report.json").read_bytes())
    (load,) = report["loads"]
    assert (load["agency"], load["dataset"], load["outcome"], load["clean"]) == ("NKP", "d", "done", False)
    assert (load["files"][0]["read"], load["files"][0]["accepted"], load["files"][0]["quarantined"]) == (2, 1, 1)
    assert load["messages"] == ["b.json:2: the entity has no schema: every entity needs one, as text"]
    assert load["messages"][0] in err
    assert names_of(store) == 2
    assert once() == (0, {"folder": str(inbox), "files": [], "passed_over": {}}, "")


def test_nothing_is_overwritten(once: Once, inbox: Path) -> None:
    for n in range(3):
        (inbox / "a.b.json").write_text(ANN % n)
        assert once()[0] == 0
    found = tree(inbox / "done")
    assert found == [
        *("a-2.b.json", "a-2.b.json.report.json", "a-3.b.json", "a-3.b.json.report.json"),
        *("a.b.json", "a.b.json.report.json"),
    ]
    assert [(inbox / "done" / each).read_text() for each in ("a.b.json", "a-2.b.json", "a-3.b.json")] == [
        ANN % n for n in range(3)
    ]


def test_what_is_not_complete_or_no_file_is_not_taken(once: Once, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(ANN % "secret")
    (inbox / "link.json").symlink_to(tmp_path / "secret.json")
    os.mkfifo(inbox / "pipe.json")
    (inbox / "sub").mkdir()
    (inbox / "sub/a.json").write_text(ANN % "sub")
    for name in (".a.json", "a.json.part", "a.TMP", "a.json.filepart"):
        (inbox / name).write_text(ANN % "partial")
    (inbox / "a.json.done").touch()
    before = tree(inbox)
    code, told, err = once()
    assert (code, told["files"]) == (0, [])
    assert told["passed_over"] == {
        "a.json.done": "says that another file is complete, and this watch does not wait for that",
        "link.json": "is a link: links are not followed",
        "pipe.json": "is no file (a pipe or device)",
        "sub": "is a folder: what is in it is not taken",
    }
    assert all(f"{name} {why}" in err for name, why in told["passed_over"].items())
    assert tree(inbox) == before
    assert names_of_nobody(inbox)


def names_of_nobody(inbox: Path) -> bool:
    """Whether nothing was moved anywhere."""
    return not any(tree(inbox / name) for name in ("taken", "done", "rejected"))


def test_a_mark_says_that_a_file_is_complete(once: Once, inbox: Path) -> None:
    (inbox / "a.json").write_text(ANN % "a")
    assert once("--done")[1]["files"] == []
    (inbox / "a.json.done").touch()
    (inbox / "b.json.done").touch()
    _, told, _ = once("--done")
    assert [each["file"] for each in told["files"]] == ["a.json"]
    assert told["passed_over"] == {"b.json.done": "says that a file is complete which is not there"}
    assert tree(inbox) == ["b.json.done", "done/a.json", "done/a.json.report.json"]
    (inbox / "a.json").write_text(ANN % "next")
    assert once("--done")[1]["files"] == []


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_file_is_complete_when_it_has_not_changed_for_a_while(inbox: Path) -> None:
    clock, file = Clock(), inbox / "a.json"
    box = Inbox(inbox, Wanted(still=10.0), clock)
    file.write_text("1")
    os.utime(file, (1, 1))  # however old it says it is
    looks = []
    for seconds, change in ((0, ""), (9, "longer"), (9, ""), (0.9, "same size"), (10, ""), (0, "other file"), (10, "")):
        clock.now += seconds
        if change == "longer":
            file.write_text("12")
            os.utime(file, (1, 1))
        elif change == "same size":
            file.write_text("21")
        elif change == "other file":
            (inbox / ".new").write_text("21")
            os.utime(inbox / ".new", (file.stat().st_atime, file.stat().st_mtime))
            (inbox / ".new").replace(file)
        looks.append(box.look()[0])
    assert looks == [[], [], [], [], ["a.json"], [], ["a.json"]]


def test_a_single_look_waits_as_long_as_a_file_must_be_still(once: Once, inbox: Path) -> None:
    (inbox / "a.json").write_text(ANN % "a")
    begun = time.monotonic()
    assert [each["file"] for each in once(still="0.3")[1]["files"]] == ["a.json"]
    assert time.monotonic() - begun >= 0.3


def test_limits_reject_and_days_come_from_names(once: Once, inbox: Path, store: GraphStore) -> None:
    for name, n in (("a-2026-03-01.json", 2), ("b-20260302.json", 1), ("c.json", 2)):
        (inbox / name).write_text("".join(ANN % f"{name}{i}" for i in range(n)))
    code, told, err = once("--min-units", "2", "--dated")
    assert code == 1
    assert [each["outcome"] for each in told["files"]] == ["done", "rejected", "rejected"]
    assert "b-20260302.json: 1 units were read, and at least 2 should be" in err
    assert "nothing was loaded: c.json has no day in its name" in err
    (entry,) = store.view(local_viewer(store.agencies())).loads()
    assert entry.delivered == "2026-03-01"
    report = json.loads((inbox / "rejected/b-20260302.json.report.json").read_bytes())
    assert report["loads"][0]["error"]["kind"] == "DeliveryRefused"
    assert report["loads"][0]["files"][0]["read"] == 1


# -- what fails beside the file ---------------------------------------------------------


def test_a_file_is_kept_while_another_writes_and_loaded_later(once: Once, inbox: Path, store: GraphStore) -> None:
    (inbox / "a.json").write_text(ANN % "a")
    (inbox / "b.json").write_text(ANN % "b")
    with store.writer(agency="NKP", by="another"):
        code, told, err = once("--wait", "0")
    assert (code, [each["outcome"] for each in told["files"]]) == (3, ["kept"])
    assert "is writing to" in err
    assert tree(inbox) == ["b.json", "taken/a.json"]
    code, told, _ = once()
    assert (code, [(each["file"], each["outcome"]) for each in told["files"]]) == (
        0,
        [("a.json", "done"), ("b.json", "done")],
    )


def test_after_a_fault_of_ours_the_others_go_on(once: Once, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest import jobs

    original = jobs.load

    def failing(store: Any, files: Any, *rest: Any, **options: Any) -> Any:
        if files[0].name == "a.json":
            raise ZeroDivisionError("what nobody may read")
        return original(store, files, *rest, **options)

    monkeypatch.setattr(jobs, "load", failing)
    for name in "ab":
        (inbox / f"{name}.json").write_text(ANN % name)
    code, told, err = once()
    assert (code, [each["outcome"] for each in told["files"]]) == (1, ["kept", "done"])
    assert "ZeroDivisionError" in err
    assert "nobody may read" not in err + json.dumps(told)


def test_what_the_store_could_not_do_is_tried_again_after_longer_and_longer(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, tried = Clock(), list[float]()

    def load(planned: Any) -> Any:
        tried.append(clock.now - 100)
        return watching.Ran(planned, None, StoreError("the server is away"))

    planned = watching.Planned("", (), {}, "NKP", "d", "ftm")
    box = Inbox(inbox, Wanted(still=0.0), clock)
    (inbox / "a.json").write_text(ANN % "a")
    watch = watching.Watch(box, planned, load, lambda _: {"kind": "", "message": ""}, lambda: False, clock=clock)
    kept: list[str] = []
    with box.held(0):
        for _ in range(1000):
            watch.look(lambda moved: kept.append(moved.outcome))
            clock.now += 5
    assert tried[:6] == [0, 10, 30, 70, 150, 310]
    assert max(b - a for a, b in pairwise(tried)) == 600
    assert set(kept) == {"kept"}
    assert tree(inbox) == ["taken/a.json"]


def test_a_report_that_can_not_be_written_keeps_the_file(
    once: Once, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise UsageError("can't write there: No space left on device")

    (inbox / "a.json").write_text(ANN % "a")
    with monkeypatch.context() as patch:
        patch.setattr("ingest.inbox.write_json", fail)
        code, told, err = once()
    assert (code, told["files"][0]["outcome"]) == (3, "kept")
    assert "No space left" in err
    code, told, _ = once()
    assert (code, told["files"][0]["files"][0]["unchanged"]) == (0, 1)


def test_only_one_watches_a_folder(inbox: Path) -> None:
    with (
        Inbox(inbox, Wanted()).held(0),
        pytest.raises(StoreBusy, match="another watch is at work in"),
        Inbox(inbox, Wanted()).held(0),
    ):
        pass


def test_a_folder_that_can_not_be_watched_is_wrong_use(inbox: Path, tmp_path: Path) -> None:
    for place in (inbox / "none", tmp_path / "file"):
        (tmp_path / "file").touch()
        with pytest.raises(UsageError, match="can't be watched"), Inbox(place, Wanted()).held(0):
            pass
    (inbox / "done").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="is a link or another disk"), Inbox(inbox, Wanted()).held(0):
        pass


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--json"], "add --once"),
        (["--once", "--done", "--still", "3"], "give one of the two (--still)"),
        (["--once", "--adapter", "none"], "no adapter 'none'"),
        (["--once", "--min-units", "3", "--max-units", "2"], "at least 3 and at most 2 units can't be"),
        (["--once", "--manifest", "none.toml"], "none.toml"),
    ],
)
def test_wrong_use_takes_nothing(
    inbox: Path, url: str, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (inbox / "a.json").write_text(ANN % "a")
    assert run(cli, ["watch", str(inbox), *SAID, url, *options]) == 2
    assert words in capsys.readouterr().err
    assert [each.name for each in inbox.iterdir()] == ["a.json"]


def test_metrics_of_a_watch(once: Once, inbox: Path, tmp_path: Path) -> None:
    (inbox / "a.json").write_text(ANN % "a" + "{}\n")
    (inbox / "b.json").write_text("<html>")
    once("--metrics", str(tmp_path / "w.prom"))
    found = {
        (name.removeprefix("workbench_ingest_run_"), dict(labels).get("outcome")): value
        for (name, labels), value in parsed((tmp_path / "w.prom").read_text()).items()
    }
    assert found["success", None] == 1
    assert found["clean", None] == 0
    assert found["units", "accepted"] == found["units", "quarantined"] == found["files_refused", None] == 1
    assert found["timestamp_seconds", None] == pytest.approx(time.time(), abs=60)


# -- a process that is ended ------------------------------------------------------------


def started(inbox: Path, url: str, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workbench.commands.ingest", "watch", str(inbox), *SAID, url]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} has not come")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_it_goes_on_until_it_is_asked_to_end(inbox: Path, url: str, kind: signal.Signals) -> None:
    (inbox / "a.json").write_text(ANN % "a")
    with started(inbox, url, "--still", "0.1", "--every", "0.1") as process:
        wait_for(inbox / "done/a.json")
        (inbox / "b.json").write_text(ANN % "b")
        wait_for(inbox / "done/b.json")
        process.send_signal(kind)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert out == "a.json: 1 read, 1 accepted -> done/a.json\nb.json: 1 read, 1 accepted -> done/b.json\n"
    assert tree(inbox / "taken") == []


def test_a_stop_comes_between_two_files(inbox: Path) -> None:
    for name in "abc":
        (inbox / name).write_text("x")
    seen: list[str] = []
    planned = watching.Planned("", (), {}, "NKP", "d", "ftm")

    def load(each: Any) -> Any:
        seen.append(each.files[0].name)
        return watching.Ran(each, None, DeliveryRefused("too little"))

    box = Inbox(inbox, Wanted(still=0.0))
    told = {"kind": "", "message": ""}
    watch = watching.Watch(box, planned, load, lambda _: told, lambda: len(seen) >= 2)
    with box.held(0):
        watch.look(lambda _: None)
    assert seen == ["a", "b"]
    assert tree(inbox) == ["c", "rejected/a", "rejected/a.report.json", "rejected/b", "rejected/b.report.json"]
