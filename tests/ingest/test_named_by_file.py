"""Without a named dataset the file's name is used: new content is a newer delivery, even on the same day."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest import LoadReport, days, dry_run, load
from ingest.quarantine import replay
from tests.ingest.desk import Desk, totals
from tests.ingest.packing import zipped
from workbench.errors import UsageError

TODAY = datetime.now(UTC).date().isoformat()


def person(name: str, *more: str) -> str:
    """A file that says how somebody is called."""
    return "\n".join([f'{{"id": "a", "schema": "Person", "properties": {{"name": ["{name}"]}}}}', *more])


def loaded(desk: Desk, path: Path, **options: str) -> LoadReport:
    return desk.load(path, **{"adapter": "ftm", "agency": "NKP", **options})


def names(desk: Desk) -> list[str]:
    return sorted(each.record.properties["name"][0].original for each in desk.records())


def delivered(desk: Desk) -> list[str]:
    return sorted(each.provenance.delivered for each in desk.records())


def test_the_files_name_is_the_datasets(desk: Desk) -> None:
    report = loaded(desk, desk.write("people (1).json", person("Ann")))
    assert report.messages == ()
    loaded(desk, desk.write("People (1).json", person("Ann")))
    loaded(desk, desk.write("people (1).json", person("Ann")), agency="TRC")
    assert list(desk.view().stats().datasets) == ["NKP/People (1).json", "NKP/people (1).json", "TRC/people (1).json"]


def test_the_log_of_loads_names_the_datasets_of_its_files(desk: Desk) -> None:
    paths = [desk.write(name, person("Ann")) for name in ("people.json", "others.json")]
    desk.load(*paths, adapter="ftm", agency="NKP")
    loaded(desk, paths[0], dataset="people")
    assert [each.dataset for each in desk.view().loads()] == ["others.json, people.json", "people"]


def test_other_content_on_the_same_day_is_newer_and_the_load_says_so(desk: Desk) -> None:
    path = desk.write("people.json", person("Ann"))
    loaded(desk, path)
    report = loaded(desk, desk.write("people.json", person("Anna")))
    assert totals(report) == {"read": 1, "accepted": 1}
    assert report.messages == (
        f"{path}: a newer delivery of NKP/people.json, which had one of {TODAY}; to keep them apart, name another"
        " dataset for this one",
    )
    assert names(desk) == ["Anna"]
    (moment,) = delivered(desk)
    assert moment > TODAY
    assert datetime.fromisoformat(moment) <= datetime.now(UTC)
    loaded(desk, desk.write("people.json", person("Ann")))
    assert names(desk) == ["Ann"]  # what came last stands, whatever came before


@pytest.mark.parametrize("how", [load, dry_run])
def test_the_same_content_again_changes_nothing_and_nothing_is_said(desk: Desk, how: Callable[..., LoadReport]) -> None:
    path = desk.write("people.json", person("Ann"))
    loaded(desk, path)
    for text in (person("Ann"), person("Anna")):
        loaded(desk, desk.write("people.json", text))
        before = desk.view().digest(), delivered(desk), desk.view().history()
        report = desk.load(path, how=how, adapter="ftm", agency="NKP")
        assert (totals(report), report.revision, report.messages) == ({"read": 1, "unchanged": 1}, None, ())
        assert (desk.view().digest(), delivered(desk), desk.view().history()) == before


def test_a_clock_that_was_put_back_dates_nothing_before_what_came(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        hour_ = 12

        @classmethod
        def now(cls, tz: object = None) -> "Clock":
            return cls(2026, 3, 31, cls.hour_, tzinfo=UTC)

    monkeypatch.setattr(days, "datetime", Clock)
    for hour, name in ((12, "Ann"), (12, "Anna"), (11, "Anne"), (11, "Annie")):
        Clock.hour_ = hour
        loaded(desk, desk.write("people.json", person(name)))
        assert names(desk) == [name]
    assert delivered(desk) == ["2026-03-31T12:00:00.000002+00:00"]


def test_a_declared_date_is_kept(desk: Desk) -> None:
    loaded(desk, desk.write("people.json", person("Ann")), delivered="2026-03-31")
    older = loaded(desk, desk.write("people.json", person("Anna")), delivered="2026-03-01")
    assert ": an older delivery of NKP/people.json, which had one of 2026-03-31; " in older.messages[0]
    same = loaded(desk, desk.write("people.json", person("Anne")), delivered="2026-03-31")
    assert ": another delivery of NKP/people.json, which had one of 2026-03-31; " in same.messages[0]
    assert delivered(desk) == ["2026-03-31", "2026-03-31"]


def test_a_declared_dataset_of_that_name_follows_on_what_came_today(desk: Desk) -> None:
    for name in ("Ann", "Anna"):
        loaded(desk, desk.write("people.json", person(name)))
    report = loaded(desk, desk.write("other.json", '{"id": "b", "schema": "Person"}'), dataset="people.json")
    assert totals(report) == {"read": 1, "accepted": 1}  # not late, and nothing is said: it was meant
    assert report.messages == ()
    day = datetime.now(UTC).date() - timedelta(days=1)
    loaded(desk, desk.write("yesterday.json", person("Bo")), dataset="d", delivered=day.isoformat())
    loaded(desk, desk.write("today.json", person("Bob")), dataset="d")
    assert names(desk) == ["Anna", "Bob"]


def test_units_of_the_second_delivery_of_a_day_are_replayed_as_of_then(desk: Desk) -> None:
    loaded(desk, desk.write("people.json", person("Ann")))
    loaded(desk, desk.write("people.json", person("Anna", "no entity")))
    (unit,) = desk.view().quarantine()
    assert unit.context["delivered"] > TODAY
    entity = b'{"id": "b", "schema": "Person", "properties": {"name": ["Bo"]}}\n'
    report = replay(desk.store, desk.view(), [unit.id], by="tester", raw=entity)
    assert totals(report) == {"read": 1, "accepted": 1}
    assert delivered(desk) == [unit.context["delivered"]] * 2


def test_an_archive_and_a_folder_are_one_delivery_each(desk: Desk) -> None:
    path = desk.folder / "all.zip"
    for name in ("Ann", "Anna"):
        path.write_bytes(zipped({"one.json": person(name), "two.json": '{"id": "b", "schema": "Person"}'}))
        report = loaded(desk, path)
    assert list(desk.view().stats().datasets) == ["NKP/all.zip"]
    assert [message.partition(";")[0] for message in report.messages] == [
        f"{path}!one.json: a newer delivery of NKP/all.zip, which had one of {TODAY}"
    ]
    assert len(desk.view().keys()) == 2


def test_two_files_of_one_name_in_one_load_are_refused_unread(desk: Desk) -> None:
    paths = [desk.write(f"{folder}/people.json", person(folder)) for folder in ("a", "b")]
    with pytest.raises(
        UsageError, match=r"2 files are named 'people\.json' .*name a dataset for each; nothing was read \(dataset=\)$"
    ):
        desk.load(*paths, adapter="ftm", agency="NKP")
    assert totals(desk.load(*paths, adapter="ftm", agency="NKP", dataset="d")) == {"read": 2, "accepted": 2}


@pytest.mark.parametrize("name", [b"\xff\xfe.json", b"a\nb.json", b"a\x1b[2Jb.json", b" "])
def test_a_name_that_cannot_be_printed_is_none_for_a_dataset(desk: Desk, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(desk.folder) + b"/" + name))
    path.write_text(person("Ann"))
    report = loaded(desk, path)
    assert totals(report) == {"read": 1, "refused": 1}
    assert report.messages[0].endswith("has a name that can't be printed: name its dataset")
    assert totals(loaded(desk, path, dataset="d")) == {"read": 1, "accepted": 1}


def test_one_name_written_in_two_ways_is_one(desk: Desk) -> None:
    for name in ("Zoe\u0308.json", "Zo\u00eb.json"):
        loaded(desk, desk.write(name, person("Ann")))
    assert list(desk.view().stats().datasets) == ["NKP/Zo\u00eb.json"]


def test_a_very_long_name_is_a_name(desk: Desk) -> None:
    name = "x" * 250 + ".json"
    loaded(desk, desk.write(name, person("Ann")))
    assert list(desk.view().stats().datasets) == [f"NKP/{name}"]


def test_the_folder_that_one_is_in_has_a_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("export/people.csv", "id:ID,name,:LABEL\na,Ann,Person\n")
    monkeypatch.chdir(desk.folder / "export")
    report = desk.load(Path(), adapter="neo4j-csv", agency="NKP")
    assert totals(report) == {"read": 1, "accepted": 1}
    assert list(desk.view().stats().datasets) == ["NKP/export"]
