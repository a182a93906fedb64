"""The command `workbench copy`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import driver
from tests.stores import KIND, NEO4J, SQLITE, fresh_url, write_viewers
from workbench.commands.console import run
from workbench.commands.main import cli
from workbench.model.marking import parse_marking
from workbench.model.record import Dataset, Record, Value
from workbench.store.neo4j.address import address_of
from workbench.view.store import open_store

VIEWERS = """
[anna]
agencies = ["A"]
level = "OPEN"

[joint]
agencies = ["A", "B"]
level = "SECRET"
purposes = ["investigation", "privilege-review"]
"""
Answer = tuple[int, str, str]


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs a command; exit code, stdout, stderr."""

    def ask(*arguments: str) -> Answer:
        code = run(cli, arguments)
        return code, *capsys.readouterr()

    return ask


@pytest.fixture
def source(tmp_path: Path) -> str:
    """The URL of a store of two agencies, beside its viewers file."""
    url = fresh_url(tmp_path, "source", SQLITE)
    write_viewers(tmp_path, VIEWERS)
    store = open_store(url)
    for agency, marking in (("A", "OPEN//REL A,B"), ("B", "SECRET//REL B")):
        with store.writer(agency=agency, by="clerk") as writer:
            name = {"name": (Value(f"Ann {agency}", f"Ann {agency}"),)}
            records = [Record("Person", Dataset(agency, "d"), "1", name, parse_marking(marking))]
            writer.put(records, writer.file("f", "0", "csv"), "2026-01-01")
            writer.publish(dataset="d", adapter="csv", files=())
    store.close()
    return url


@pytest.fixture
def target(tmp_path: Path) -> str:
    return fresh_url(tmp_path, "target", KIND)


def found(asked: Callable[..., Answer], *arguments: str) -> dict:
    code, out, err = asked(*arguments, "--json")
    assert (code, err) == (0, ""), err
    return dict(json.loads(out))


def test_a_whole_store_is_copied(asked: Callable[..., Answer], source: str, target: str) -> None:
    told = found(asked, "copy", "--from", source, "--to", target)
    assert told["parts"]["records"] == told["parts"]["loads"] == 2
    assert told["digest"]["from"] == told["digest"]["to"]
    assert told["newest"]["from"] == told["newest"]["to"]
    assert told["resumed"] is False
    for viewer in (["anna"], ["joint", "--purpose", "investigation"]):
        digests = [found(asked, "digest", "--store", url, "--as", *viewer) for url in (source, target)]
        assert digests[0] == digests[1]


def test_what_a_viewer_sees_is_copied(asked: Callable[..., Answer], source: str, target: str) -> None:
    told = found(asked, "copy", "--from", source, "--to", target, "--as", "anna")
    assert (told["viewer"], told["purpose"], told["parts"]["records"]) == ("anna", "investigation", 1)
    digest = found(asked, "digest", "--store", source, "--as", "anna")["digest"]
    assert (
        told["newest"]["from"]
        == told["newest"]["to"]
        == digest
        == found(asked, "digest", "--store", target, "--as", "anna")["digest"]
    )
    assert found(asked, "stats", "--store", target, "--as", "joint", "--purpose", "investigation")["records"] == 1
    code, out, _ = asked("common", "add", "phone", "+31612345678", "--reason", "x", "--store", target, "--as", "anna")
    assert (code, out) == (3, "")


def test_it_says_what_it_did(asked: Callable[..., Answer], source: str, target: str) -> None:
    code, out, _ = asked("copy", "--from", source, "--to", target)
    assert code == 0
    assert "records" in out
    assert "has the digest of" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--from", "{source}", "--to", "{source}"], 2, "name two stores"),
        (["--from", "{target}", "--to", "{source}"], 2, "wrong way round"),
        (["--from", "{source}", "--to", "{target}", "--purpose", "investigation"], 2, "--as"),
        (["--from", "{source}", "--to", "{target}", "--as", "joint"], 2, "several purposes"),
        (["--from", "{source}", "--to", "{target}", "--as", "nobody"], 2, "no viewer"),
        (["--from", "sqlite:///no-such.db", "--to", "{target}"], 2, "no store at"),
        (["--from", "{source}", "--to", "nothing://x"], 2, "is not the URL of a store"),
        (["--from", "{source}"], 2, "--to"),
    ],
)
def test_wrong_use_is_said(
    asked: Callable[..., Answer], source: str, target: str, arguments: list[str], code: int, said: str
) -> None:
    open_store(target).close()
    given = [each.format(source=source, target=target) for each in arguments]
    assert asked("copy", *given)[0] == code
    failed, out, err = asked("copy", *given, "--json")
    assert failed == code
    assert said in json.loads(out)["error"]["message"]
    assert said in err


REFUSED = {
    "a viewer's copy": (["--from", "{copy}"], "is a copy made for anna"),
    "a viewer's copy, for a viewer": (["--from", "{copy}", "--as", "anna"], "is a copy made for anna"),
    "a store with nothing in it": (["--from", "{empty}"], "wrong way round"),
    "a viewer of several purposes": (["--from", "{source}", "--as", "joint"], "several purposes"),
    "a purpose that he has not": (["--from", "{source}", "--as", "anna", "--purpose", "gossip"], "no purpose"),
    "nobody": (["--from", "{source}", "--as", "nobody"], "no viewer"),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED)
def test_where_a_copy_is_refused_nothing_is_made(
    asked: Callable[..., Answer], source: str, target: str, tmp_path: Path, arguments: list[str], said: str
) -> None:
    places = {"source": source, "copy": fresh_url(tmp_path, "copy", SQLITE), "empty": fresh_url(tmp_path, "no", SQLITE)}
    open_store(places["empty"]).close()
    found(asked, "copy", "--from", source, "--to", places["copy"], "--as", "anna")
    code, _, err = asked("copy", *(each.format(**places) for each in arguments), "--to", target)
    assert code == 2
    assert said in err
    if KIND == NEO4J:
        with driver(target) as reading:
            assert reading.execute_query("MATCH (n) RETURN n").records == []
    else:
        assert list(tmp_path.glob("target*")) == []


@pytest.mark.neo4j_only(reason="copies from one server to another")
@pytest.mark.parametrize("by", ["environment", "file"])
def test_two_servers_with_a_password_each(
    asked: Callable[..., Answer], source: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    between = fresh_url(tmp_path, "between")
    found(asked, "copy", "--from", source, "--to", between)
    from_, to = address_of(between), address_of(target)
    assert from_.password != to.password
    monkeypatch.setenv("WORKBENCH_NEO4J_PASSWORD", from_.password)
    code, _, err = asked("copy", "--from", from_.shown, "--to", to.shown)
    assert code == 3
    assert "WORKBENCH_TO_NEO4J" in err
    if by == "file":
        (tmp_path / "password").write_text(f"{to.password}\n", "utf-8")
        monkeypatch.setenv("WORKBENCH_TO_NEO4J_PASSWORD_FILE", str(tmp_path / "password"))
    else:
        monkeypatch.setenv("WORKBENCH_TO_NEO4J_PASSWORD", to.password)
    told = found(asked, "copy", "--from", from_.shown, "--to", to.shown)
    assert (told["from"], told["to"], told["parts"]["records"]) == (from_.shown, to.shown, 2)
    assert told["digest"]["from"] == told["digest"]["to"]
