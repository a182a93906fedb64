"""Where the base columns of a store are cached: beside its file, in a folder that is named, or nowhere."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.analytics.cases import EVERYBODY, load, person
from workbench.settings import cache_of, existing_store, open_store
from workbench.store.column_files import ColumnFiles

SERVER = "neo4j://{}127.0.0.1:7687/cases"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WORKBENCH_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))


def test_it_lies_beside_the_file_whatever_leads_there(tmp_path: Path) -> None:
    (tmp_path / "case.db").touch()
    (tmp_path / "link.db").symlink_to("case.db")
    assert {
        cache_of(f"sqlite:///{tmp_path / name}") for name in ("case.db", "link.db", "../" + tmp_path.name + "/case.db")
    } == {tmp_path / "case.db.columns"}


def test_that_of_a_server_lies_in_the_users_cache_whoever_logs_in(tmp_path: Path) -> None:
    found = {cache_of(SERVER.format(who)) for who in ("", "ann:secret@", "bob:other@")}
    assert [each and each.parent for each in found] == [tmp_path / "home" / "joint-workbench" / "columns"]
    assert cache_of(SERVER.format("").replace("cases", "others")) not in found


def test_a_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "all"))
    urls = [f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db", SERVER.format("")]
    found = [cache_of(url) for url in urls]
    assert [each and each.parent for each in found] == [tmp_path / "all"] * 3
    assert len({*found}) == 3
    assert found == [cache_of(url) for url in urls]


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_of("memory://case") is None
    monkeypatch.setenv("WORKBENCH_CACHE", "off")
    assert [cache_of(url) for url in (f"sqlite:///{tmp_path}/a.db", SERVER.format(""))] == [None, None]


def test_stores_that_are_opened_by_the_settings_have_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ColumnFiles, "FEW", 0)
    url = f"sqlite:///{tmp_path}/case.db"
    with closing(open_store(url)) as store:
        load(store, "AAA", [person("a")])
        assert store.view(EVERYBODY).stats().records == 1
    with closing(existing_store(url)) as store:
        assert not store.backend.columns(1).ids.flags.writeable
    assert len(list((tmp_path / "case.db.columns").iterdir())) == 1
