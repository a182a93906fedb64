"""An export has all of a view under one access, or nothing is written."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, person, seen, tie
from workbench.access.audit import Trace
from workbench.access.viewer import Viewer
from workbench.errors import StoreError, UsageError
from workbench.export import export_view, formats
from workbench.export.writing import whole, write_lines
from workbench.model.marking import parse_marking
from workbench.session import Session
from workbench.view.store import GraphStore
from workbench.view.view import View

HIDDEN = person("hidden", marking="SECRET//REL AAA,BBB")
RECORDS = [person("a"), person("b"), HIDDEN, tie("Family", person="a", relative="b")]
LOW = EVERYBODY.model_copy(update={"level": "OPEN"})


def _files(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()}


def _remarked_while_read(view: View, patch: pytest.MonkeyPatch, level: str) -> None:
    """A record is re-marked as soon as records of the view are read."""
    remark = partial(GraphStore(view._backend).remark, [HIDDEN.key()], parse_marking(f"{level}//REL AAA,BBB"))
    for name in ("records_by_key", "records_about"):
        true = getattr(view._backend, name)
        patch.setattr(view._backend, name, lambda *args, true=true: (list(true(*args)), remark())[0])


@pytest.mark.parametrize("form", formats())
@pytest.mark.parametrize(("viewer", "level"), [(LOW, "OPEN"), (EVERYBODY, "CONFIDENTIAL")])
def test_access_that_changes_while_an_export_is_written_ends_it(
    form: str, viewer: Viewer, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seen(RECORDS, viewer) as view:
        export_view(view, form, tmp_path / "out")
        before = _files(tmp_path)
        with monkeypatch.context() as patch:
            _remarked_while_read(view, patch, level)
            with pytest.raises(StoreError, match="changed while this was read: run it again"):
                export_view(view, form, tmp_path / "out")
        assert _files(tmp_path) == before, "what was there stands, and nothing lies beside it"
        export_view(view, form, tmp_path / "out")
        assert _files(tmp_path) != before


@pytest.mark.parametrize("form", ["ftm", "graphml", "html"])
def test_access_that_changes_leaves_nothing_on_stdout(
    form: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with seen(RECORDS, LOW) as view:
        _remarked_while_read(view, monkeypatch, "OPEN")
        with pytest.raises(StoreError, match="changed while this was read: run it again"):
            export_view(view, form, None)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("form", formats())
def test_an_export_that_leaves_no_trace_is_not_written(
    form: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    class Full:
        def keep(self, trace: Trace) -> None:
            if trace.what == "export_view":
                raise StoreError("the ledger is full")

    with seen(RECORDS) as view:
        heard = GraphStore(view._backend, audit=Full()).view(view.viewer)
        for out in (tmp_path / "out", *([None] if form != "csv" else [])):
            with pytest.raises(StoreError, match="ledger is full"):
                export_view(heard, form, out)
        reading, writing = os.pipe()
        if form != "csv":
            with pytest.raises(StoreError, match="ledger is full"):
                export_view(heard, form, Path(f"/dev/fd/{writing}"))
        os.close(writing)
        with os.fdopen(reading, "rb") as piped:
            assert piped.read() == b""
    assert (_files(tmp_path), capfd.readouterr().out) == ({}, "")


def test_a_table_for_a_notebook_is_of_one_access(monkeypatch: pytest.MonkeyPatch) -> None:
    with seen(RECORDS, LOW) as view, Session(GraphStore(view._backend), lambda: view.viewer) as session:
        for schema in (None, "Person", "Family"):
            with monkeypatch.context() as patch:
                _remarked_while_read(view, patch, "OPEN" if len(view.keys()) == 3 else "SECRET")
                with pytest.raises(StoreError, match="changed while this was read: run it again"):
                    session.frame(schema)
        assert len(session.frame()) == 3


def test_what_fails_leaves_the_place_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def lines() -> Iterator[str]:
        yield "a line"
        raise StoreError("no longer there")

    for before in ({}, {"out": "as before\n"}):
        with pytest.raises(StoreError, match="no longer there"), whole(out) as place:
            write_lines(lines(), place)
        assert _files(tmp_path) == before
        out.write_text("as before\n")


ODD = [person("a", name="Жана Ł"), person("b", name="王明"), tie("Family", person="a", relative="b")]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
@pytest.mark.parametrize("form", ["ftm", "graphml", "html"])
def test_what_goes_to_stdout_is_utf_8_whatever_its_encoding(
    form: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    octets = BytesIO()
    monkeypatch.setattr("sys.stdout", TextIOWrapper(octets, encoding))
    with seen(ODD) as view:
        export_view(view, form, None)
        export_view(view, form, tmp_path / "out")
    assert octets.getvalue() == (tmp_path / "out").read_bytes()
    assert form != "ftm" or "Жана" in octets.getvalue().decode("utf-8")  # the others escape names


def test_a_terminal_is_given_only_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = TextIOWrapper(BytesIO(), "latin-1")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", terminal)
    with whole(None) as place:
        write_lines(["Zoë Ł\x1b[2J"], place)
    terminal.flush()
    assert terminal.buffer.getvalue() == "Zoë \\u0141\\x1b[2J\n".encode("latin-1")


def test_a_stdout_without_bytes_is_written_to_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a notebook."""
    monkeypatch.setattr("sys.stdout", StringIO())
    with whole(None) as place:
        write_lines(["Жана"], place)
    assert sys.stdout.getvalue() == "Жана\n"


def test_a_file_keeps_who_may_read_it_and_a_link_stays_one(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept", tmp_path / "link"
    kept.touch(mode=0o600)
    link.symlink_to(kept)
    with whole(link) as place:
        write_lines(["a line"], place)
    assert (kept.read_text(), kept.stat().st_mode & 0o777, link.is_symlink()) == ("a line\n", 0o600, True)


def test_files_go_beside_others_of_their_folder(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    with seen(RECORDS) as view:
        for _ in range(2):
            export_view(view, "csv", out)
            (out / "mine.txt").write_text("mine")
    assert set(_files(tmp_path / "new")) == {
        f"folder/{name}" for name in ("entities.csv", "relationships.csv", "marking.txt", "mine.txt")
    }


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with seen(RECORDS) as view, ThreadPoolExecutor(1) as reader:
        said = reader.submit(pipe.read_text, "utf-8")
        export_view(view, "ftm", pipe)
        assert len(said.result().splitlines()) == 4
    assert pipe.is_fifo()


def test_a_descriptor_is_written_to_as_it_is() -> None:
    reading, writing = os.pipe()
    with seen(RECORDS) as view:
        export_view(view, "ftm", Path(f"/dev/fd/{writing}"))
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        assert len(said.readlines()) == 4


@pytest.mark.parametrize(("form", "there"), [("ftm", "a folder"), ("csv", "a file"), ("ftm", "no folder")])
def test_a_place_that_cant_be_written_is_told(form: str, there: str, tmp_path: Path) -> None:
    out = tmp_path / "no" / "out" if there == "no folder" else tmp_path / "out"
    if there == "a folder":
        out.mkdir()
    elif there == "a file":
        out.touch()
    with (
        seen(RECORDS) as view,
        pytest.raises(UsageError, match=rf"can't write {out}: .*; name another path \(out=\)$"),
    ):
        export_view(view, form, out)
    assert _files(tmp_path) == ({"out": ""} if there == "a file" else {})
