"""A viewers file that exists but can't be read lets nobody in; only a missing one means the viewer `local`."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import workbench
from tests.app.case import load, record
from tests.stores import fresh_url
from workbench.commands.console import run
from workbench.commands.main import cli
from workbench.errors import InputError, UsageError
from workbench.view.store import open_store

pytestmark = pytest.mark.sqlite_only(reason="no viewers file lies beside a server")
ONE = '[clerk]\nagencies = ["NKP"]\nlevel = "OPEN"\n'


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with a SECRET in it."""
    found = fresh_url(tmp_path)
    store = open_store(found)
    load(store, "NKP", [record("NKP", "Person", "boss", name="The Boss", marking="SECRET//REL NKP")])
    store.close()
    return found


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def _of_no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


def _no_toml(path: Path) -> None:
    path.write_text("[[")


def _link_to_a_folder(path: Path) -> None:
    path.symlink_to(path.parent)


OBSTACLES: dict[str, Callable[[Path], None]] = {
    "a link that leads nowhere": lambda path: path.symlink_to("gone.toml"),
    "a link to itself": _link_to_itself,
    "a link to a folder": _link_to_a_folder,
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "an empty file": Path.touch,
    "no text": _of_no_text,
    "not TOML": _no_toml,
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_nobody_is_let_in(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], obstacle: str) -> None:
    OBSTACLES[obstacle](tmp_path / "viewers.toml")
    for name in ((), ("--as", "local"), ("--as", "clerk")):
        for command in (["stats"], ["search", "boss"], ["export", "--format", "ftm"]):
            assert run(cli, [*command, "--store", url, *name]) == 2
    told = capsys.readouterr()
    assert "viewers.toml" in told.err
    assert told.out == ""
    for named in (None, "local"):
        with pytest.raises(InputError, match=r"viewers\.toml"):
            workbench.open(url, named)


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_nobody_is_let_in_by_a_file_that_a_setting_names(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, obstacle: str
) -> None:
    named = tmp_path / "named.toml"
    OBSTACLES[obstacle](named)
    monkeypatch.setenv("WORKBENCH_VIEWERS", str(named))
    assert run(cli, ["stats", "--store", url]) == 2
    with pytest.raises(InputError):
        workbench.open(url, viewers=named)


@pytest.mark.parametrize("name", ["", ".", " ", "none.toml", "viewers.toml/", "/dev/null", "\0"])
def test_a_setting_that_names_no_file_is_not_as_if_it_were_not_there(
    url: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if "\0" in name:  # no environment holds one
        with pytest.raises(InputError):
            workbench.open(url, viewers=name)
        return
    monkeypatch.setenv("WORKBENCH_VIEWERS", name)
    with pytest.raises(InputError, match="WORKBENCH_VIEWERS"):
        workbench.open(url)


def test_the_viewers_of_the_file_behind_a_link_to_a_store_count(url: str, tmp_path: Path) -> None:
    (tmp_path / "viewers.toml").write_text(ONE)
    other = tmp_path / "other"
    other.mkdir()
    (other / "link.db").symlink_to(tmp_path / "store.db")
    linked = f"sqlite:///{other / 'link.db'}"
    with workbench.open(linked) as case:
        assert case.view.viewer.name == "clerk"
        assert not case.search("boss").entities
    (other / "viewers.toml").write_text(ONE.replace("OPEN", "SECRET"))
    with pytest.raises(InputError, match="remove one of them"):
        workbench.open(linked)


def test_the_viewers_beside_each_link_on_the_way_to_a_store_count(url: str, tmp_path: Path) -> None:
    between, first = tmp_path / "between", tmp_path / "first"
    between.mkdir()
    first.mkdir()
    (between / "viewers.toml").write_text(ONE)
    (between / "middle.db").symlink_to(tmp_path / "store.db")
    (first / "link.db").symlink_to("../between/middle.db")
    with workbench.open(f"sqlite:///{first / 'link.db'}") as case:
        assert case.view.viewer.name == "clerk"


def test_where_nothing_is_local_is_the_only_viewer(url: str) -> None:
    with workbench.open(url) as case:
        assert case.view.viewer.name == "local"
        assert len(case.search("boss").entities) == 1


def test_a_name_that_is_empty_is_nobodys(url: str, tmp_path: Path) -> None:
    (tmp_path / "viewers.toml").write_text(ONE)
    with pytest.raises(UsageError):
        workbench.open(url, "")
