"""The demo: building it again changes nothing, and it never replaces somebody's viewers file."""

from contextlib import closing
from pathlib import Path

import pytest

import workbench
from tests.stores import fresh_url, name_viewers, write_viewers
from workbench.commands.console import run
from workbench.commands.demo import build_demo
from workbench.commands.main import cli
from workbench.errors import UsageError
from workbench.resolve.scoring import publishing
from workbench.resolve.scoring.model import Model
from workbench.settings import viewer_for
from workbench.view.spoken import model_before
from workbench.view.store import open_store


def test_built_again_it_loads_nothing_and_finds_the_same(tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "demo")
    name_viewers(tmp_path)
    first, again = build_demo(url), build_demo(url)
    assert {each["accepted"] for each in again["loaded"]} == {0}
    assert sum(each["unchanged"] + each["late"] for each in again["loaded"]) == sum(
        each["read"] for each in first["loaded"]
    )
    rest = set(first) - {"loaded"}
    assert rest
    assert {name: again[name] for name in rest} == {name: first[name] for name in rest}


def test_it_is_scored_so_that_the_two_homonyms_are_proposed(tmp_path: Path) -> None:
    url = fresh_url(tmp_path, "demo")
    name_viewers(tmp_path)
    with workbench.open_demo(url) as case:
        proposed = [(each.one.caption, each.other.caption) for each in case.proposals()]
        assert ("Mohamed Alaoui", "Mohamed Alaoui") in proposed
        scored = case.view.revision
    with workbench.open_demo(url) as again:
        assert again.view.revision == scored


def test_a_demo_of_an_older_version_is_scored_by_the_new_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh_url(tmp_path, "demo")
    name_viewers(tmp_path)
    with monkeypatch.context() as then:
        then.setattr(publishing, "Model", lambda **said: Model(**said, version=publishing.VERSION - 1))
        build_demo(url)
    build_demo(url)
    with closing(open_store(url)) as store:
        kept = model_before(store.view(viewer_for(store, url, "joint")))
    assert Model.read(kept).version == publishing.VERSION


def test_the_viewers_of_another_store_are_left_as_they_are(tmp_path: Path) -> None:
    viewers = tmp_path / "viewers.toml"
    write_viewers(tmp_path, '[anna]\nagencies = ["NKP"]\nlevel = "SECRET"\npurposes = ["investigation"]\n')
    before = viewers.read_bytes()
    with pytest.raises(UsageError, match=r"viewers\.toml names other viewers"):
        build_demo(fresh_url(tmp_path, "demo"))
    assert viewers.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["viewers.toml"]


@pytest.mark.sqlite_only(reason="about the demo's own file")
def test_the_store_that_everything_else_uses_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKBENCH_STORE", f"sqlite:///{tmp_path / 'mine.db'}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert run(cli, ["demo", "--no-serve", "--json"]) == 0
    assert [each.name for each in tmp_path.iterdir()] == ["data"]
    assert list(tmp_path.rglob("saltmarsh.db"))
    capsys.readouterr()
    assert run(cli, ["demo", "--help"]) == 0
    assert "not WORKBENCH_STORE" in " ".join(capsys.readouterr().out.split())


@pytest.mark.sqlite_only(reason="a file can be missing")
@pytest.mark.parametrize(
    "command", [["stats"], ["digest"], ["search", "x"], ["joint-value"], ["export", "--format", "csv"]]
)
def test_reading_makes_no_store(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, [*command, "--store", f"sqlite:///{tmp_path / 'none' / 'none.db'}"]) == 2
    assert "no store at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
