"""The log of queries: one line for each, in a file that only its owner can read."""

import json
import stat
from pathlib import Path

import pytest

from workbench.access.audit import Log, Trace
from workbench.errors import StoreError


def test_each_look_is_a_line_more_in_a_file_of_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "new" / "log.jsonl"
    for what in ("first", "second"):
        Log(path).keep(Trace("anna", "investigation", what, {"query": "a\nquery"}))
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(each["viewer"], each["purpose"], each["what"], each["asked"]) for each in lines] == [
        ("anna", "investigation", "first", {"query": "a\nquery"}),
        ("anna", "investigation", "second", {"query": "a\nquery"}),
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_can_not_be_logged_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be written"):
        Log(tmp_path / "file" / "log.jsonl").keep(Trace("anna", "investigation", "cypher", {"query": "q"}))
