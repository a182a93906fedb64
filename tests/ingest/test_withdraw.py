"""A withdrawn load: everything is as if it had never been, and only those who may see it learn of it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest import withdraw
from ingest.quarantine import discard
from tests.ingest.desk import Desk, totals
from workbench.access.viewer import Viewer
from workbench.commands.console import run
from workbench.commands.ingest import cli
from workbench.errors import AccessDenied, NotFound, UsageError
from workbench.model.marking import parse_marking
from workbench.view.view import View

pytestmark = pytest.mark.each_store(reason="each store takes a load back in its own way")

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "persons"
marking = "RESTRICTED//REL NKP,TRC"
[[files]]
pattern = "*.csv"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name", birthDate = { column = "born", format = "%Y-%m-%d" } }
"""
HEAD = "id,name,born\n"
FIRST, SECOND, THIRD = HEAD + "1,Ann,\n2,Bob,\n", HEAD + "1,Anna,\n3,Cy,\n", HEAD + "1,Annie,\n2,Bo,\n"
TOMORROW = str(datetime.now(UTC).date() + timedelta(days=1))


@pytest.fixture
def manifest(desk: Desk) -> Path:
    return desk.write("m/m.toml", MANIFEST)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "other").mkdir()
    made = Desk(tmp_path / "other")
    yield made
    made.store.close()


def newest(desk: Desk) -> str:
    return desk.view().loads()[-1].id


def names(desk: Desk) -> list[str]:
    view = desk.view()
    return sorted(each.caption for each in view.summaries(sorted({canonical for canonical, _, _ in view.clusters()})))


def test_a_load_under_a_wrong_date_is_taken_back(desk: Desk, other: Desk, manifest: Path) -> None:
    """Records that it overtook stand again, records that were late because of it stand, and it can be loaded again."""
    first, second, third = (
        desk.write(f"{n}.csv", text) for n, text in (("first", FIRST), ("second", SECOND), ("third", THIRD))
    )
    desk.load(first, manifest=manifest, delivered="2026-01-01")
    desk.load(second, manifest=manifest, delivered=TOMORROW)
    mistaken, revision, then = newest(desk), desk.view().revision, names(desk)
    assert totals(desk.load(third, manifest=manifest, delivered="2026-03-01")) == {"read": 2, "accepted": 1, "late": 1}
    done = withdraw(desk.store, desk.view(), mistaken, by="boss", why="wrong date")
    assert (done.ended, done.restored, done.remarked, done.units) == (2, 1, 0, 0)
    for path, delivered in ((first, "2026-01-01"), (third, "2026-03-01")):
        other.load(path, manifest=manifest, delivered=delivered)
    assert names(desk) == ["Annie", "Bo"]
    assert desk.view().digest() == other.view().digest()
    assert [line.value for line in desk.view().entity(desk.view().search("Annie").entities[0].id).values] == ["Annie"]
    assert sorted(each.caption for each in at(desk, revision).search("Ann").entities) == ["Anna"]
    assert then == ["Anna", "Bob", "Cy"]
    again = desk.load(second, manifest=manifest, delivered="2026-02-01")
    assert totals(again) == totals(other.load(second, manifest=manifest, delivered="2026-02-01"))
    assert desk.view().digest() == other.view().digest()


def at(desk: Desk, revision: str) -> View:
    return desk.store.view(desk.view().viewer, revision=revision)


def test_where_it_came_from_is_what_the_other_load_says(desk: Desk, manifest: Path) -> None:
    """After the first of two loads is withdrawn, a record of both is the second's; its locator there is not known."""
    desk.load(desk.write("first.csv", FIRST), manifest=manifest, delivered="2026-01-01")
    mistaken = newest(desk)
    desk.load(desk.write("later.csv", "id,name,born\n9,Zed,\n2,Bob,\n"), manifest=manifest, delivered="2026-02-01")
    withdraw(desk.store, desk.view(), mistaken, by="boss", why="another case")
    found = {each.record.source_id: each for each in desk.records()}
    assert sorted(found) == ["2", "9"]
    assert {Path(each.provenance.path).name for each in found.values()} == {"later.csv"}
    assert {each.provenance.delivered for each in found.values()} == {"2026-02-01"}
    assert (found["9"].record.locator, found["2"].record.locator) == ("later.csv:2", "place not kept")


def test_what_was_delivered_is_forgotten(desk: Desk, other: Desk) -> None:
    """The next delivery of a dataset named by its file is dated as if the withdrawn one had never come."""

    def load(at: Desk, name: str, **options: str) -> list[str]:
        line = f'{{"id": "a", "schema": "Person", "properties": {{"name": ["{name}"]}}}}\n'
        report = at.load(at.write("people.json", line), adapter="ftm", agency="NKP", **options)
        return [message.partition("people.json:")[2] for message in report.messages]

    load(desk, "Ann", delivered="2026-01-01")
    load(desk, "Mistaken", delivered=TOMORROW)
    withdraw(desk.store, desk.view(), newest(desk), by="boss", why="so")
    load(other, "Ann", delivered="2026-01-01")
    assert load(desk, "Annie") == load(other, "Annie")
    assert desk.view().digest() == other.view().digest()


def test_the_log_tells_of_it(desk: Desk, manifest: Path) -> None:
    desk.load(desk.write("first.csv", FIRST), manifest=manifest)
    mistaken = newest(desk)
    done = withdraw(desk.store, desk.view(), mistaken, by="boss", why="wrong file")
    taken, own = desk.view().loads()
    assert taken.withdrawn is not None
    assert (taken.id, taken.withdrawn.by, taken.withdrawn.why) == (mistaken, "boss", "wrong file")
    assert taken.withdrawn.at == own.at
    assert (own.adapter, own.by, own.dataset, own.revision) == ("withdrawal", "boss", "persons", done.revision)
    assert (own.withdrawn, own.files[0].read, own.files[0].path, dict(own.files[0].reasons)) == (
        None,
        0,
        f"load {mistaken}",
        {"withdrawn: wrong file": 1},
    )
    for load, message in ((mistaken, "has already been withdrawn"), (own.id, "is a withdrawal")):
        with pytest.raises(UsageError, match=message):
            withdraw(desk.store, desk.view(), load, by="boss", why="again")


def test_who_is_not_told_of_a_load_or_may_not_load_takes_none_back(desk: Desk, manifest: Path) -> None:
    """A hidden load and a missing one are refused with the same message."""
    desk.load(desk.write("first.csv", FIRST), manifest=manifest)
    load = newest(desk)

    def refused(level: str, *loads: str, of: str = load, agency: str = "NKP") -> str:
        viewer = Viewer(name="eve", agencies=frozenset({agency}), level=level, loads=frozenset(loads))
        with pytest.raises(UsageError) as error:
            withdraw(desk.store, desk.store.view(viewer), of, by="eve", why="so")
        assert type(error.value) is (NotFound if level == "OPEN" or agency != "NKP" or of != load else AccessDenied)
        return str(error.value)

    assert refused("OPEN", "NKP") == refused("SECRET", "NKP", of="0" * 16).replace("0" * 16, load)
    assert refused("SECRET", "NKP", agency="TRC") == refused("OPEN", "NKP")
    assert "eve may not load for NKP" in refused("SECRET")
    with pytest.raises(UsageError, match=r"give the reason for withdrawing the load \(why=\)$"):
        withdraw(desk.store, desk.view(), load, by="boss", why=" ")
    assert names(desk) == ["Ann", "Bob"]


def test_what_it_left_in_quarantine_goes_unless_another_load_did_too(desk: Desk, manifest: Path) -> None:
    bad = desk.write("bad.csv", HEAD + "1,Ann,\n2,Bob,31/02/1990\n")
    desk.load(bad, manifest=manifest, delivered="2026-01-01")
    first = newest(desk)
    desk.load(bad, manifest=manifest, delivered="2026-01-02")
    withdraw(desk.store, desk.view(), first, by="boss", why="so")
    assert len(desk.view().quarantine()) == 1
    withdraw(desk.store, desk.view(), desk.view().loads()[1].id, by="boss", why="so")
    assert desk.view().quarantine() == ()
    assert names(desk) == []


def test_units_that_it_took_out_of_quarantine_are_counted(desk: Desk, manifest: Path) -> None:
    bad = desk.write("bad.csv", HEAD + "2,Bob,31.12.1990\n")
    desk.load(bad, manifest=manifest)
    desk.load(bad, manifest=desk.write("m/right.toml", MANIFEST.replace("%Y-%m-%d", "%d.%m.%Y")))
    assert desk.view().quarantine() == ()
    assert withdraw(desk.store, desk.view(), newest(desk), by="boss", why="so").units == 1


def test_a_unit_that_another_load_brought_goes_back_to_its_date_and_marking(desk: Desk, manifest: Path) -> None:
    """In any order of withdrawals; withdrawn loads do not count when the others are decided again."""
    unmarked = desk.write("m/unmarked.toml", MANIFEST.replace('marking = "RESTRICTED//REL NKP,TRC"\n', ""))
    bad = desk.write("bad.csv", HEAD + "2,Bob,31.12.1990\n")

    def load(marking: str, day: int) -> str:
        desk.load(bad, manifest=unmarked, marking=marking, delivered=f"2026-01-0{day}")
        return newest(desk)

    def kept() -> list[tuple[str, str]]:
        return [(str(each.marking), each.context["delivered"]) for each in desk.view().quarantine()]

    load("SECRET//REL NKP", 1)
    before = desk.view().quarantine()
    second, third = load("RESTRICTED//REL NKP", 3), load("OPEN//REL NKP", 2)
    withdraw(desk.store, desk.view(), second, by="boss", why="so")
    assert kept() == [("OPEN//REL NKP", "2026-01-02")]
    withdraw(desk.store, desk.view(), third, by="boss", why="so")
    assert desk.view().quarantine() == before
    open_viewer = Viewer(name="eve", agencies=frozenset({"NKP"}), level="OPEN")
    assert desk.store.view(open_viewer).quarantine() == ()


def test_a_discard_is_not_taken_back(desk: Desk, manifest: Path) -> None:
    """Otherwise the log would say "withdrawn", although the units stay deleted."""
    desk.load(desk.write("bad.csv", HEAD + "2,Bob,31.12.1990\n"), manifest=manifest)
    discard(desk.store, desk.view(), [each.id for each in desk.view().quarantine()], by="boss", why="junk")
    with pytest.raises(UsageError, match="a discard can't be undone: load the file again"):
        withdraw(desk.store, desk.view(), newest(desk), by="boss", why="so")
    assert [each.withdrawn for each in desk.view().loads()] == [None, None]


def test_what_a_person_decided_about_a_marking_stays(desk: Desk, manifest: Path) -> None:
    first = desk.write("first.csv", FIRST)
    desk.load(first, manifest=manifest)
    desk.store.remark([each.key for each in desk.records()], parse_marking("SECRET//REL NKP"))
    withdraw(desk.store, desk.view(), newest(desk), by="boss", why="so")
    desk.load(first, manifest=manifest)
    assert (desk.view("TRC").stats().records, desk.view("NKP").stats().records) == (0, 2)


@pytest.mark.sqlite_only(reason="both stores ask for the same notes")
def test_a_load_from_before_accounts_were_kept_is_refused(desk: Desk, manifest: Path) -> None:
    """Also if only another load of the same records has no account."""
    desk.load(desk.write("first.csv", FIRST), manifest=manifest, delivered="2026-01-01")
    with closing(sqlite3.connect(desk.url.removeprefix("sqlite:///"))) as db:
        db.execute("DELETE FROM account")
        db.execute("UPDATE file SET lid = ''")
        db.commit()
    old = newest(desk)
    desk.load(desk.write("second.csv", HEAD + "1,Anna,\n"), manifest=manifest, delivered="2026-02-01")
    beside, before = newest(desk), desk.view().digest()
    for load in (old, beside):
        with pytest.raises(UsageError, match="kept no accounts of loads"):
            withdraw(desk.store, desk.view(), load, by="boss", why="so")
    assert desk.view().digest() == before
    desk.load(desk.write("third.csv", HEAD + "7,Eve,\n"), manifest=manifest, delivered="2026-02-01")
    withdraw(desk.store, desk.view(), newest(desk), by="boss", why="of others only")
    assert desk.view().digest() == before


@pytest.mark.sqlite_only(reason="the size of what is kept is the same")
def test_the_account_of_a_file_that_comes_every_night_is_small(desk: Desk, manifest: Path) -> None:
    path = desk.write("many.csv", HEAD + "".join(f"{n},Person {n},\n" for n in range(20_000)))
    for day in range(1, 4):
        desk.load(path, manifest=manifest, delivered=f"2026-01-0{day}")
    with closing(sqlite3.connect(desk.url.removeprefix("sqlite:///"))) as db:
        sizes = [size for (size,) in db.execute("SELECT sum(length(body)) FROM account GROUP BY lid")]
    assert len(sizes) == 3
    assert max(sizes) < 2_200


def test_the_command(
    desk: Desk, manifest: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)
    desk.load(desk.write("first.csv", FIRST), manifest=manifest)

    def call(*arguments: str) -> tuple[int, str]:
        code = run(cli, list(arguments))
        return code, capsys.readouterr().out

    (entry,) = json.loads(call("loads", "--json")[1])["loads"]
    assert (entry["accepted"], entry["withdrawn"]) == (2, None)
    assert call("withdraw", entry["id"])[0] == 2
    code, said = call("withdraw", entry["id"], "--reason", "wrong file")
    assert (code, said.split(":")[1]) == (0, " 2 records ended, 0 stand again, 0 were re-marked\n")
    taken, own = json.loads(call("loads", "--json")[1])["loads"]
    assert (taken["withdrawn"]["why"], own["adapter"]) == ("wrong file", "withdrawal")
    assert "2 accepted" in " ".join(call("loads")[1].split())
    assert call("withdraw", entry["id"], "--reason", "again", "--json")[0] == 2
