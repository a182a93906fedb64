"""Deliveries over time and of several agencies: repeated, newer, older, complete, or the same file elsewhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest import LoadReport, dry_run, load
from tests.ingest.desk import Desk, reasons, totals
from workbench.errors import StoreError, UsageError
from workbench.model.marking import parse_marking

pytestmark = pytest.mark.each_store(reason="each store ends in its own way what is superseded")

PERSONS = """
adapter = "csv"
agency = "NKP"
dataset = "persons"
[[files]]
pattern = "p*.csv"
{more}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name" }}
[[files.records]]
name = "stay"
schema = "Residence"
when = "place"
roles = {{ resident = "person", place = {{ id = "place:{{place}}" }} }}
"""
FIRST = "id,name,place\n1,Ann,x\n2,Bob,\n2,Bob,\n3,Cy,y\n3,Cy,y\n"


@pytest.fixture
def manifest(desk: Desk) -> Path:
    return desk.write("m/m.toml", PERSONS.format(more=""))


@pytest.fixture
def complete(desk: Desk) -> Path:
    return desk.write("m/complete.toml", PERSONS.format(more="complete = true"))


def names(desk: Desk) -> list[str]:
    """The captions of all persons."""
    view = desk.view()
    ids = sorted({canonical for canonical, _, _ in view.clusters()})
    return sorted(each.caption for each in view.summaries(ids) if each.schema == "Person" and not each.stub)


def test_again_and_under_another_name_nothing_changes(desk: Desk, manifest: Path) -> None:
    first = desk.load(desk.write("p1.csv", FIRST), manifest=manifest)
    # Rows with an id say it once; equal rows without one are two stays.
    assert totals(first) == {"read": 5, "accepted": 4, "unchanged": 1}
    assert desk.view().stats().relationships == {"Residence": 3}
    digest = desk.view().digest()
    for name in ("p1.csv", "p2.csv"):
        again = desk.load(desk.write(name, FIRST), manifest=manifest)
        assert totals(again) == {"read": 5, "unchanged": 5}
        assert again.revision is None
    assert desk.view().digest() == digest


def test_files_together_or_one_by_one_are_the_same(desk: Desk, manifest: Path, tmp_path: Path) -> None:
    paths = [desk.write("p1.csv", FIRST), desk.write("p2.csv", "id,name,place\n3,Cy,y\n4,Di,z\n")]
    desk.load(*paths, manifest=manifest)
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    for path in paths:
        other.load(path, manifest=manifest)
    assert other.view().digest() == desk.view().digest()
    other.store.close()


def test_a_newer_delivery_supersedes_and_an_older_one_is_history(desk: Desk, manifest: Path) -> None:
    desk.load(desk.write("p1.csv", "id,name,place\n1,Ann,\n"), manifest=manifest, delivered="2026-02-01")
    newer = desk.load(desk.write("p2.csv", "id,name,place\n1,Anna,\n"), manifest=manifest, delivered="2026-03-01")
    assert totals(newer) == {"read": 1, "accepted": 1}
    assert names(desk) == ["Anna"]
    older = desk.load(desk.write("p3.csv", "id,name,place\n1,An,\n"), manifest=manifest, delivered="2026-01-01")
    assert totals(older) == {"read": 1, "late": 1}
    assert older.clean
    assert names(desk) == ["Anna"]


def test_what_is_overtaken_is_late_every_time(desk: Desk, manifest: Path) -> None:
    newer, older = (
        desk.write("p1.csv", "id,name,place\n1,Ann,\n"),
        desk.write("p2.csv", "id,name,place\n1,An,\n2,Bo,\n"),
    )
    desk.load(newer, manifest=manifest, delivered="2026-02-01")
    first = desk.load(older, manifest=manifest, delivered="2026-01-01")
    again = desk.load(older, manifest=manifest, delivered="2026-01-01")
    assert totals(first) == {"read": 2, "accepted": 1, "late": 1}
    assert totals(again) == {"read": 2, "unchanged": 1, "late": 1}
    (told,) = first.messages
    assert told.endswith(
        "p2.csv: 1 late: a newer delivery (2026-02-01) has spoken of them; they are kept as history and not shown"
    )
    assert first.files[0].late == desk.view().loads()[1].files[0].late == 1
    assert first.to_dict()["files"][0]["late"] == 1


def test_a_unit_that_is_late_in_part_says_so(desk: Desk, manifest: Path) -> None:
    """A line of two records: the person's was overtaken, and the stay, which has no id, is new."""
    newer, older = desk.write("p1.csv", "id,name,place\n1,Ann,x\n"), desk.write("p2.csv", "id,name,place\n1,An,y\n")
    desk.load(newer, manifest=manifest, delivered="2026-02-01")
    report = desk.load(older, manifest=manifest, delivered="2026-01-01")
    assert totals(report) == {"read": 1, "accepted": 1}
    assert reasons(report) == {"late in part": 1}
    assert "1 late in part: a newer delivery (2026-02-01) has spoken of some of their records" in report.messages[0]


def test_the_delivery_named_is_the_newest_that_overtook(desk: Desk, complete: Path) -> None:
    """Also one that overtook by leaving something out."""
    desk.load(desk.write("p1.csv", "id,name,place\n1,Ann,\n"), manifest=complete, delivered="2026-02-01")
    desk.load(desk.write("p2.csv", "id,name,place\n1,Anna,\n"), manifest=complete, delivered="2026-03-01")
    report = desk.load(desk.write("p3.csv", "id,name,place\n2,Bo,\n"), manifest=complete, delivered="2026-01-01")
    assert totals(report) == {"read": 1, "late": 1}
    assert "(2026-03-01)" in report.messages[0]


def test_a_delivery_is_of_tomorrow_at_most(desk: Desk, manifest: Path) -> None:
    """In the earliest time zones it can already be tomorrow by UTC."""
    path, today = desk.write("p1.csv", FIRST), datetime.now(UTC).date()
    for how in (dry_run, load):
        with pytest.raises(UsageError, match=r"is in the future .* nothing was read"):
            desk.load(path, how=how, manifest=manifest, delivered=str(today + timedelta(days=3)))
    assert desk.store.agencies() == frozenset()
    assert totals(desk.load(path, manifest=manifest, delivered=str(today + timedelta(days=1))))["accepted"] == 4


@pytest.mark.parametrize("day", ["20260301", "2026-W10-1", "2026W101", "2026-3-1", "2026-03-01T00:00", ""])
def test_a_day_is_written_in_one_way(desk: Desk, manifest: Path, day: str) -> None:
    path = desk.write("p1.csv", FIRST)
    with pytest.raises(UsageError, match=rf"^'{day}' is not a day: write it as 2026-03-31 \(delivered=\)$"):
        desk.load(path, manifest=manifest, delivered=day)


def test_a_complete_delivery_withdraws_what_it_no_longer_says(desk: Desk, complete: Path) -> None:
    desk.load(desk.write("p1.csv", FIRST), manifest=complete, delivered="2026-01-01")
    report = desk.load(desk.write("p2.csv", "id,name,place\n1,Ann,x\n"), manifest=complete, delivered="2026-02-01")
    assert totals(report) == {"read": 1, "unchanged": 1}
    assert reasons(report) == {"withdrawn, no longer delivered": 4}
    assert report.revision is not None
    assert names(desk) == ["Ann"]


def test_a_delivery_in_two_files_is_complete_only_together(desk: Desk, complete: Path) -> None:
    paths = [desk.write("p1.csv", "id,name,place\n1,Ann,\n"), desk.write("p2.csv", "id,name,place\n2,Bob,\n")]
    desk.load(*paths, manifest=complete, delivered="2026-01-01")
    desk.load(*paths, manifest=complete, delivered="2026-02-01")
    assert names(desk) == ["Ann", "Bob"]


@pytest.mark.parametrize("bad", ["id,name,place\n1,Ann,\n9\n", 'id,name,place\n1,"Ann,\n'])
def test_nothing_is_withdrawn_where_part_was_not_read(desk: Desk, complete: Path, bad: str) -> None:
    desk.load(desk.write("p1.csv", FIRST), manifest=complete, delivered="2026-01-01")
    report = desk.load(desk.write("p2.csv", bad), manifest=complete, delivered="2026-02-01")
    assert reasons(report)["nothing withdrawn, as part was not read"] == 1
    assert names(desk) == ["Ann", "Bob", "Cy"]


def test_nothing_is_withdrawn_where_an_archive_was_refused(desk: Desk, complete: Path) -> None:
    desk.load(desk.write("p1.csv", FIRST), manifest=complete, delivered="2026-01-01")
    paths = [desk.write("rest.zip", "no zip"), desk.write("p2.csv", "id,name,place\n1,Ann,x\n")]
    report = desk.load(*paths, manifest=complete, delivered="2026-02-01")
    assert reasons(report) == {"bad archive": 1, "nothing withdrawn, as part was not read": 1}
    assert names(desk) == ["Ann", "Bob", "Cy"]


def test_an_older_complete_delivery_withdraws_nothing_newer(desk: Desk, complete: Path) -> None:
    desk.load(desk.write("p1.csv", FIRST), manifest=complete, delivered="2026-02-01")
    desk.load(desk.write("p2.csv", "id,name,place\n1,Ann,x\n"), manifest=complete, delivered="2026-01-01")
    assert names(desk) == ["Ann", "Bob", "Cy"]


def test_the_same_content_under_another_marking_is_marked_anew(desk: Desk) -> None:
    lines = desk.write("e.json", '{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n')
    desk.load(lines, adapter="ftm", agency="NKP", dataset="d", marking="SECRET//REL NKP,TRC")
    assert desk.view("TRC").stats().records == 1
    report = desk.load(lines, adapter="ftm", agency="NKP", dataset="d", marking="SECRET//REL NKP")
    assert totals(report) == {"read": 1, "accepted": 1}
    assert reasons(report) == {"re-marked": 1}
    assert desk.view("TRC").stats().records == 0


def test_what_a_person_marked_otherwise_is_counted(desk: Desk, manifest: Path) -> None:
    desk.load(desk.write("p1.csv", FIRST), manifest=manifest, marking="OPEN//REL NKP,TRC", delivered="2026-01-01")
    ann, bob = (next(r for r in desk.records() if r.record.source_id == source_id) for source_id in "12")
    desk.store.remark([ann.key, bob.key], parse_marking("SECRET", "NKP"))
    newer = desk.write("p1.csv", FIRST.replace("Ann", "Anna"))
    for outcome in ({"accepted": 1, "unchanged": 4}, {"unchanged": 5}):
        report = desk.load(newer, manifest=manifest, marking="OPEN//REL NKP,TRC", delivered="2026-02-01")
        assert totals(report) == {"read": 5, **outcome}
        assert reasons(report) == {"marked otherwise by a person": 3}  # Bob is there twice
    assert {r.record.source_id for r in desk.records("TRC")} == {"3", ""}


def test_what_an_agency_learns_does_not_depend_on_another(desk: Desk, tmp_path: Path) -> None:
    """The same file and the same name of dataset: two datasets, and the same outcome as alone."""
    rows = ['{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}', '{"id": "b"}']
    lines = desk.write("e.json", "\n".join(rows))
    (tmp_path / "alone").mkdir()
    alone = Desk(tmp_path / "alone")
    expected = alone.load(lines, adapter="ftm", agency="TRC", dataset="d")
    desk.load(lines, adapter="ftm", agency="NKP", dataset="d")
    got = desk.load(lines, adapter="ftm", agency="TRC", dataset="d")
    assert got.files == expected.files
    assert got.messages == expected.messages
    mine, theirs = desk.view("TRC"), alone.view("TRC")
    assert mine.digest() == theirs.digest()
    assert [each.locator for each in mine.quarantine()] == [each.locator for each in theirs.quarantine()]
    assert {each.agency for each in mine.loads()} == {each.agency for each in mine.quarantine()} == {"TRC"}
    assert desk.view("TRC", "NKP").stats().datasets == {"NKP/d": 1, "TRC/d": 1}
    alone.store.close()


@pytest.mark.parametrize("how", [load, dry_run])
def test_an_empty_complete_delivery_has_to_be_meant(desk: Desk, complete: Path, how: Callable[..., LoadReport]) -> None:
    desk.load(desk.write("p1.csv", FIRST), manifest=complete, delivered="2026-01-01")
    empty, before = desk.write("p2.csv", "id,name,place\n"), desk.view().digest()
    with pytest.raises(
        StoreError, match=r"p2\.csv: .* withdraw all 6 records of p\*\.csv, .* allow it \(allow_empty=\)$"
    ):
        desk.load(empty, how=how, manifest=complete, delivered="2026-02-01")
    assert desk.view().digest() == before
    report = desk.load(empty, how=how, manifest=complete, delivered="2026-02-01", allow_empty=True)
    assert (totals(report), reasons(report)) == ({}, {"withdrawn, no longer delivered": 6})
    assert (desk.view().stats().records == 0) == (how is load)


def test_an_empty_delivery_that_withdraws_nothing_is_one_like_others(desk: Desk, complete: Path) -> None:
    assert totals(desk.load(desk.write("p.csv", "id,name,place\n"), manifest=complete)) == {}
