"""A desk with an empty store, and batches that run into one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ingest.desk import Desk
from tests.ingest.nightly import Batch
from tests.stores import fresh_url
from workbench.commands.console import run
from workbench.commands.ingest import cli


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of an empty store."""
    return fresh_url(tmp_path, "s")


@pytest.fixture
def batch(tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> Batch:
    """Run a batch of these tables; see `Batch`."""

    def ran(text: str, *options: str) -> tuple[int, Any, str]:
        (tmp_path / "nightly.toml").write_text(text, "utf-8")
        code = run(cli, ["batch", str(tmp_path / "nightly.toml"), "--store", url, "--json", *options])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    return ran
