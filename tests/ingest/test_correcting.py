"""A corrected manifest replaces what an earlier one made of the same file."""

from pathlib import Path

import pytest

from ingest import dry_run, withdraw
from ingest.quarantine import replay
from tests.ingest.desk import Desk, reasons, totals
from workbench.resolve import remark

pytestmark = pytest.mark.each_store(reason="each store ends and begins records in its own way")

MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "calls"
timezone = "{zone}"
[[files]]
pattern = "{pattern}"
complete = {complete}
[[files.records]]
name = "caller"
schema = "Phone"
id = "{{a}}"
properties = {{ number = "a" }}
[[files.records]]
name = "called"
schema = "Phone"
id = "{{b}}"
properties = {{ number = "b" }}
[[files.records]]
name = "call"
schema = "Call"
properties = {{ date = {{ column = "at", format = "{form}" }} }}
roles = {{ caller = "caller", receiver = "called" }}
"""
HEAD = "a,b,at\n"
ROWS = "+31612345678,+31687654321,2026-03-01 10:00\n+31612345678,+31687654321,2026-03-01 12:00\n"
DAY, LATER = "2026-03-02", "2026-03-09"
WRONG, RIGHT = "UTC", "Europe/Amsterdam"
TWICE = "withdrawn, read otherwise before"


def manifest(
    desk: Desk, zone: str, pattern: str = "*.csv", form: str = "%Y-%m-%d %H:%M", *, complete: bool = False
) -> Path:
    text = MANIFEST.format(zone=zone, pattern=pattern, form=form, complete=str(complete).lower())
    return desk.write(f"m/{zone[0]}{complete}.toml", text)


def hours(desk: Desk) -> list[str]:
    """The hours of all calls in the view, in UTC."""
    found = [each.record for each in desk.records() if each.record.schema == "Call"]
    return sorted(value[11:16] for record in found for value in record.values()["date"])


def test_a_corrected_time_zone_moves_the_calls(desk: Desk) -> None:
    path = desk.write("calls.csv", HEAD + ROWS)
    first = desk.load(path, manifest=manifest(desk, WRONG), delivered=DAY)
    assert hours(desk) == ["10:00", "12:00"]
    report = desk.load(path, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert hours(desk) == ["09:00", "11:00"]
    assert (totals(report), reasons(report)) == ({"read": 2, "accepted": 2}, {TWICE: 2})
    assert desk.view().loads()[-1].files[0].reasons == {TWICE: 2}
    (message,) = report.messages
    assert "an earlier load read this file otherwise: 2 records of that reading are withdrawn" in message
    older = desk.store.view(desk.view().viewer, revision=first.revision)
    assert older.stats().records == desk.view().stats().records


def test_it_is_as_a_first_load_by_the_right_manifest(desk: Desk, tmp_path: Path) -> None:
    path = desk.write("calls.csv", HEAD + ROWS)
    for zone in (WRONG, RIGHT):
        desk.load(path, manifest=manifest(desk, zone), delivered=DAY)
    clean = Desk(tmp_path / "clean")
    clean.load(path, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert clean.view("NKP").digest() == desk.view("NKP").digest()
    clean.store.close()


def test_there_and_back_again(desk: Desk) -> None:
    """The last reading counts, and the same once more changes nothing."""
    path = desk.write("calls.csv", HEAD + ROWS)
    digests = []
    for zone in (WRONG, RIGHT, WRONG, RIGHT):
        desk.load(path, manifest=manifest(desk, zone), delivered=DAY)
        digests.append(desk.view().digest())
    assert digests[:2] == digests[2:]
    again = desk.load(path, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert (again.revision, again.messages, reasons(again)) == (None, (), {})


@pytest.mark.parametrize("delivered", ["2026-03-01", DAY, LATER])
def test_records_with_ids_are_replaced_too_whatever_the_date(desk: Desk, delivered: str) -> None:
    """They are not late, since only the wrong reading spoke of them later; what two readings say alike stays."""
    text = "id,name,born\n1,Ann,03/04/1990\n2,Bob,\n"
    path, spec = desk.write("p.csv", text), MANIFEST[: MANIFEST.index("[[files.records]]")]
    spec += '[[files.records]]\nname = "person"\nschema = "Person"\nid = "{{id}}"\n'
    spec += 'properties = {{ name = "name", birthDate = {{ column = "born", format = "{form}" }} }}\n'
    for form, day in (("%m/%d/%Y", DAY), ("%d/%m/%Y", delivered)):
        text = spec.format(zone=WRONG, pattern="*", complete="false", form=form)
        report = desk.load(path, manifest=desk.write(f"m/{form[1]}.toml", text), delivered=day)
    assert totals(report)["accepted"] == 1
    found = {each.record.source_id: each.record.values() for each in desk.records()}
    assert found == {"1": {"name": ["Ann"], "birthDate": ["1990-04-03"]}, "2": {"name": ["Bob"]}}
    assert desk.view().stats().records == 2


def test_a_withdrawn_correction_leaves_the_first_reading(desk: Desk) -> None:
    path = desk.write("calls.csv", HEAD + ROWS)
    desk.load(path, manifest=manifest(desk, WRONG), delivered=DAY)
    before = desk.view().digest()
    desk.load(path, manifest=manifest(desk, RIGHT), delivered=DAY)
    after = desk.view().digest()
    first, second = (each.id for each in desk.view().loads())
    withdraw(desk.store, desk.view(), second, by="tester", why="the first was right")
    assert desk.view().digest() == before
    desk.load(path, manifest=manifest(desk, RIGHT), delivered=DAY)
    withdraw(desk.store, desk.view(), first, by="tester", why="wrong from the start")
    assert desk.view().digest() == after


def test_a_dry_run_tells_and_changes_nothing(desk: Desk) -> None:
    path = desk.write("calls.csv", HEAD + ROWS)
    desk.load(path, manifest=manifest(desk, WRONG), delivered=DAY)
    before = desk.view().digest()
    report = desk.load(path, how=dry_run, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert (reasons(report), desk.view().digest()) == ({TWICE: 2}, before)


def test_what_another_file_says_too_stays(desk: Desk) -> None:
    one, two = desk.write("one.csv", HEAD + ROWS), desk.write("two.csv", HEAD + ROWS.splitlines()[0] + "\n")
    desk.load(one, two, manifest=manifest(desk, WRONG), delivered=DAY)
    report = desk.load(one, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert (hours(desk), reasons(report)) == (["09:00", "10:00", "11:00"], {TWICE: 1})
    desk.load(two, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert hours(desk) == ["09:00", "11:00"]


def test_a_file_of_another_name_is_another_and_it_is_said(desk: Desk) -> None:
    one, two = desk.write("one.csv", HEAD + ROWS), desk.write("two.csv", HEAD + ROWS)
    desk.load(one, manifest=manifest(desk, WRONG), delivered=DAY)
    report = desk.load(two, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert len(hours(desk)) == 4
    (message,) = report.messages
    assert message.startswith(f"{two}: the same content as {one}, which was read otherwise before")
    again = desk.load(two, manifest=manifest(desk, RIGHT), delivered=DAY)
    assert again.messages == ()


def test_another_folder_or_pattern_is_the_same_file(desk: Desk) -> None:
    one, two = desk.write("a/calls.csv", HEAD + ROWS), desk.write("b/Calls.CSV", HEAD + ROWS)
    desk.load(one, manifest=manifest(desk, WRONG), delivered=DAY)
    report = desk.load(two, manifest=manifest(desk, RIGHT, pattern="calls*"), delivered=DAY)
    assert (hours(desk), reasons(report)) == (["09:00", "11:00"], {TWICE: 4})


def test_units_in_quarantine_are_no_part_of_either_reading(desk: Desk) -> None:
    """What the right manifest can't read leaves the view too; what it can read leaves quarantine."""
    path = desk.write("calls.csv", HEAD + ROWS + "+31612345678,+31687654321,01.03.2026\n")
    wrong, right = manifest(desk, WRONG), manifest(desk, RIGHT, form="%d.%m.%Y")
    assert totals(desk.load(path, manifest=wrong, delivered=DAY))["quarantined"] == 1
    assert totals(desk.load(path, manifest=right, delivered=DAY))["quarantined"] == 2
    assert hours(desk) == [""]
    assert len(desk.view().quarantine()) == 2
    desk.load(path, manifest=wrong, delivered=DAY)
    assert (hours(desk), len(desk.view().quarantine())) == (["10:00", "12:00"], 1)


def test_units_that_the_new_reading_calls_otherwise_leave_quarantine(desk: Desk) -> None:
    """A unit is known by the pattern too under which it was read."""
    path = desk.write("calls.csv", HEAD + ROWS + "+31612345678,+31687654321,01.03.2026\n")
    for zone, pattern in ((WRONG, "*.csv"), (RIGHT, "calls*")):
        desk.load(path, manifest=manifest(desk, zone, pattern=pattern), delivered=DAY)
        assert len(desk.view().quarantine()) == 1


def test_a_manifest_that_can_read_nothing_replaces_nothing(desk: Desk) -> None:
    path = desk.write("calls.csv", HEAD + ROWS)
    desk.load(path, manifest=manifest(desk, WRONG), delivered=DAY)
    report = desk.load(path, manifest=manifest(desk, RIGHT, form="%Y"), delivered=DAY)
    assert (totals(report), hours(desk)) == ({"read": 2, "quarantined": 2}, ["10:00", "12:00"])


def test_what_was_replayed_belongs_to_its_file(desk: Desk) -> None:
    """A replay by a corrected manifest leaves the rest as it was; a load by it, or by a third one, replaces all."""
    path = desk.write("calls.csv", HEAD + ROWS + "+31612345678,+31687654321,2026-03-01 14:00:00\n")
    desk.load(path, manifest=manifest(desk, WRONG), delivered=DAY)
    right = manifest(desk, RIGHT, form='%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S').read_text()
    spec = desk.write("m/both.toml", right.replace('format = "', 'format = ["').replace('%S" }', '%S"] }'))
    assert totals(replay(desk.store, desk.view(), by="tester", manifest=spec)) == {"read": 1, "accepted": 1}
    assert hours(desk) == ["10:00", "12:00", "13:00"]
    report = desk.load(path, manifest=spec, delivered=DAY)
    assert (hours(desk), reasons(report)) == (["09:00", "11:00", "13:00"], {TWICE: 2})
    third = desk.write("m/third.toml", spec.read_text().replace(RIGHT, "Asia/Tokyo"))
    report = desk.load(path, manifest=third, delivered=DAY)
    assert (hours(desk), reasons(report)) == (["01:00", "03:00", "05:00"], {TWICE: 3})


def test_a_delivery_that_is_not_complete_after_all_withdrew_nothing(desk: Desk) -> None:
    first = desk.write("first.csv", HEAD + ROWS.replace("03-01", "02-01"))
    desk.load(first, manifest=manifest(desk, WRONG), delivered="2026-02-02")
    path = desk.write("calls.csv", HEAD + ROWS)
    report = desk.load(path, manifest=manifest(desk, WRONG, complete=True), delivered=DAY)
    assert (hours(desk), reasons(report)) == (["10:00", "12:00"], {"withdrawn, no longer delivered": 2})
    report = desk.load(path, manifest=manifest(desk, WRONG), delivered=DAY)
    assert hours(desk) == ["10:00", "10:00", "12:00", "12:00"]
    assert "0 records of that reading are withdrawn; 2 that they had ended stand again" in report.messages[0]


def test_a_complete_delivery_is_corrected_as_complete(desk: Desk) -> None:
    path = desk.write("calls.csv", HEAD + ROWS)
    for zone in (WRONG, RIGHT):
        report = desk.load(path, manifest=manifest(desk, zone, complete=True), delivered=DAY)
    assert (hours(desk), reasons(report)) == (["09:00", "11:00"], {"withdrawn, no longer delivered": 2})


@pytest.mark.parametrize(("given", "kept"), [("SECRET//REL NKP", True), ("OPEN//REL NKP,TRC", False)])
def test_a_persons_stricter_marking_goes_on_to_what_is_read_of_the_same_unit(
    desk: Desk, given: str, kept: bool
) -> None:
    """A weaker one does not; and what is loaded once more undoes nothing."""
    path = desk.write("calls.csv", HEAD + ROWS)
    marking = {"marking": "RESTRICTED//REL NKP,TRC", "delivered": DAY}
    desk.load(path, manifest=manifest(desk, WRONG), **marking)
    (call,) = [each for each in desk.records() if each.record.values().get("date") == ["2026-03-01T10:00"]]
    remark(desk.store, desk.view(), [call.key], given)
    report = desk.load(path, manifest=manifest(desk, RIGHT), **marking)
    for _ in range(2):
        found = [each.record for each in desk.records() if each.record.schema == "Call"]
        asked = "RESTRICTED//REL NKP,TRC"
        assert {str(each.marking) for each in found} == {asked, given if kept else asked}
        assert len(desk.records("TRC")) == (3 if kept else 4)
        desk.load(path, manifest=manifest(desk, RIGHT), **marking)
    assert ("1 units keep a stricter marking" in report.messages[0]) == kept
