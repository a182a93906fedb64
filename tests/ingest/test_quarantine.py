"""Quarantine: units that could not be read are kept unchanged, and read again once they can be."""

from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import dry_run
from ingest.quarantine import chosen, discard, replay
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.packing import zipped
from workbench.errors import AccessDenied, NotFound, UsageError
from workbench.store.accounts import unit_as_brought

ROWS = [
    b"id,name,born",
    b"1,Ann,03/04/1990",
    "2,Zoë,03/04/1990".encode("latin-1"),
    b"3,Bob,1990-04-03",
    b"4,Cy",
    b"5,Di,31/02/1990",
]
TABLE = b"\n".join(ROWS) + b"\n"
MANIFEST = """
adapter = "csv"
agency = "NKP"
dataset = "persons"
[[files]]
pattern = "*.csv"
encoding = "{encoding}"
line_breaks = 1
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ name = "name", birthDate = {{ column = "born", format = [{formats}] }} }}
"""


@pytest.fixture
def wrong(desk: Desk) -> Path:
    return desk.write("m/wrong.toml", MANIFEST.format(encoding="utf-8", formats='"%d/%m/%Y"'))


@pytest.fixture
def right(desk: Desk) -> Path:
    return desk.write("m/right.toml", MANIFEST.format(encoding="latin-1", formats='"%d/%m/%Y", "%Y-%m-%d"'))


def test_replay_gives_what_a_clean_first_load_gives(desk: Desk, wrong: Path, right: Path, tmp_path: Path) -> None:
    path = desk.write("p.csv", TABLE)
    desk.load(path, manifest=wrong, delivered="2026-01-01")
    assert len(desk.view().quarantine()) == 4
    report = replay(desk.store, desk.view(), by="tester", manifest=right)
    assert totals(report) == {"read": 4, "accepted": 2, "quarantined": 2}
    assert report.files[0].path == str(path)
    assert sorted(each.locator for each in desk.view().quarantine()) == ["p.csv:5", "p.csv:6"]
    (tmp_path / "clean").mkdir()
    clean = Desk(tmp_path / "clean")
    clean.load(path, manifest=right, delivered="2026-01-01")
    assert desk.view().digest() == clean.view().digest()
    assert [(r.key, r.record.locator) for r in desk.records()] == [(r.key, r.record.locator) for r in clean.records()]
    assert [each.locator for each in desk.view().quarantine()] == [each.locator for each in clean.view().quarantine()]
    clean.store.close()


def test_replay_of_one_unit_leaves_the_others(desk: Desk, wrong: Path, right: Path) -> None:
    desk.load(desk.write("p.csv", TABLE), manifest=wrong)
    unit = next(each for each in desk.view().quarantine() if each.locator == "p.csv:3")
    assert unit.raw == ROWS[2] + b"\n"
    report = replay(desk.store, desk.view(), [unit.id], by="tester", manifest=right)
    assert totals(report) == {"read": 1, "accepted": 1}
    assert unit.id not in {each.id for each in desk.view().quarantine()}
    assert len(desk.view().quarantine()) == 3


def test_a_replay_without_effect_changes_nothing(desk: Desk, wrong: Path) -> None:
    desk.load(desk.write("p.csv", TABLE), manifest=wrong)
    before = desk.view().digest(), desk.view().quarantine()
    report = replay(desk.store, desk.view(), by="tester", manifest=wrong)
    assert totals(report) == {"read": 4, "quarantined": 4}
    assert report.revision is None
    assert (desk.view().digest(), desk.view().quarantine()) == before


def test_loading_the_file_again_releases_what_it_can_read(desk: Desk, wrong: Path, right: Path) -> None:
    path = desk.write("p.csv", TABLE)
    desk.load(path, manifest=wrong)
    report = desk.load(path, manifest=right)
    assert totals(report) == {"read": 5, "accepted": 2, "unchanged": 1, "quarantined": 2}
    assert sorted(each.locator for each in desk.view().quarantine()) == ["p.csv:5", "p.csv:6"]


def test_loading_the_same_bad_file_again_keeps_its_units_once(desk: Desk, wrong: Path) -> None:
    path = desk.write("p.csv", TABLE)
    desk.load(path, manifest=wrong)
    before = desk.view().quarantine()
    desk.load(path, manifest=wrong)
    assert desk.view().quarantine() == before


def test_equal_rows_are_numbered_on_where_the_load_stopped(desk: Desk, tmp_path: Path) -> None:
    """Two equal calls, one of them in another encoding: after replay there are two, as in a clean load."""
    manifest = """
    adapter = "csv"
    dataset = "calls"
    [[files]]
    pattern = "*.csv"
    encoding = "{encoding}"
    [[files.records]]
    name = "call"
    schema = "Call"
    properties = {{ summary = "note" }}
    roles = {{ caller = {{ id = "{{a}}" }}, receiver = {{ id = "{{b}}" }} }}
    """
    # In Latin-1 the good row reads "Ã«" and the bad one "ë"; both are two equal rows each.
    rows = [b"a,b,note", "x,y,ë".encode("latin-1"), b"x,y,plain", b"x,y,plain", "x,y,ë".encode("latin-1")]
    path = desk.write("c.csv", b"\n".join(rows))
    first = desk.write("m/utf8.toml", manifest.format(encoding="utf-8"))
    second = desk.write("m/latin.toml", manifest.format(encoding="latin-1"))
    desk.load(path, manifest=first)
    assert desk.view().stats().relationships == {"Call": 2}
    one, other = (each.id for each in desk.view().quarantine())
    replay(desk.store, desk.view(), [one], by="tester", manifest=second)
    replay(desk.store, desk.view(), [other], by="tester", manifest=second)
    assert desk.view().stats().relationships == {"Call": 4}
    (tmp_path / "clean").mkdir()
    clean = Desk(tmp_path / "clean")
    clean.load(path, manifest=second)
    assert desk.view().digest() == clean.view().digest()
    clean.store.close()


def test_json_lines_are_replayed_with_another_manifest(desk: Desk) -> None:
    path = desk.write("e.json", '{"id": "a", "schema": "Person", "properties": {"shoe": ["42"], "name": ["Ann"]}}\n')
    assert reasons(desk.load(path, adapter="ftm")) == {"unknown property: shoe": 1}
    manifest = desk.write("m.toml", 'adapter = "ftm"\n[[files]]\npattern = "*"\nignore = ["shoe"]\n')
    assert totals(replay(desk.store, desk.view(), by="tester", manifest=manifest)) == {"read": 1, "accepted": 1}
    assert desk.view().quarantine() == ()


def test_bytes_are_read_anew_where_their_file_is_written_otherwise(desk: Desk) -> None:
    """Fields that were read with another encoding are not used."""
    wrong = desk.write("m/wrong.toml", MANIFEST.format(encoding="windows-1252", formats='"%Y"'))
    right = desk.write("m/right.toml", MANIFEST.format(encoding="windows-1251", formats='"%d/%m/%Y"'))
    desk.load(desk.write("p.csv", "id,name,born\n1,Жана,03/04/1990\n".encode("cp1251")), manifest=wrong)
    assert "fields" in desk.view().quarantine()[0].context
    assert totals(replay(desk.store, desk.view(), by="tester", manifest=right)) == {"read": 1, "accepted": 1}
    assert desk.view().search("Жана").total == 1


def test_an_account_of_a_load_has_nothing_of_what_was_read(desk: Desk, wrong: Path) -> None:
    """It stays where a unit is discarded."""
    desk.load(desk.write("p.csv", TABLE), manifest=wrong)
    units = desk.view().quarantine()
    assert any("Bob" in unit.context.get("fields", "") for unit in units)
    assert not any("Bob" in str(unit_as_brought(unit)) for unit in units)


def test_rows_of_several_lines_and_marked_files_come_back(desk: Desk, right: Path) -> None:
    table = 'id,name,born\n1,"Ann\nLee",soon\n2,Bob,03/04/1990\n'
    utf16 = desk.write("m/16.toml", MANIFEST.format(encoding="utf-16", formats='"%d/%m/%Y"'))
    desk.load(desk.write("p.csv", table.encode("utf-16")), manifest=utf16)
    (unit,) = desk.view().quarantine()
    assert unit.raw.decode("utf-16-le") == '1,"Ann\nLee",soon\n'
    loose = MANIFEST.format(encoding="utf-16", formats='"%d/%m/%Y"').replace(
        'birthDate = { column = "born", format = ["%d/%m/%Y"] }', 'notes = "born"'
    )
    report = replay(desk.store, desk.view(), by="tester", manifest=desk.write("m/loose.toml", loose))
    assert totals(report) == {"read": 1, "accepted": 1}


def test_another_agency_neither_sees_nor_replays(desk: Desk, wrong: Path, right: Path) -> None:
    desk.load(desk.write("p.csv", TABLE), manifest=wrong)
    (unit, *_) = desk.view("NKP").quarantine()
    stranger = desk.view("TRC")
    assert chosen(stranger, []) == ()
    for unknown in (unit.id, "0" * 16):
        with pytest.raises(NotFound, match="no unit in quarantine"):
            replay(desk.store, stranger, [unknown], by="tester")
    with pytest.raises(AccessDenied, match="tester may not load for NKP"):
        replay(desk.store, stranger, by="tester", manifest=right)
    assert len(desk.view("NKP").quarantine()) == 4


def test_units_of_several_agencies_are_replayed_apart(desk: Desk) -> None:
    path = desk.write("e.json", '{"id": "a", "schema": "Person"}\n{"id": "b"}\n')
    for agency in ("NKP", "TRC"):
        desk.load(path, adapter="ftm", agency=agency)
    with pytest.raises(UsageError, match="several agencies, NKP, TRC"):
        replay(desk.store, desk.view(), by="tester")
    for agency in ("NKP", "TRC"):
        assert totals(replay(desk.store, desk.view(), by="tester", agency=agency)) == {"read": 1, "quarantined": 1}


def test_replay_wants_what_the_adapter_wants(desk: Desk, wrong: Path) -> None:
    desk.load(desk.write("p.csv", TABLE), manifest=wrong)
    with pytest.raises(UsageError, match="wants a manifest"):
        replay(desk.store, desk.view(), by="tester")
    with pytest.raises(UsageError, match="no adapter 'pdf'"):
        replay(desk.store, desk.view(), by="tester", adapter="pdf")
    stays = replay(desk.store, desk.view(), by="tester", adapter="ftm")
    assert reasons(stays) == {"not JSON lines": 4}


CALLS = """
adapter = "csv"
agency = "NKP"
dataset = "calls"
[markings]
S = "SECRET"
{codes}
[[files]]
pattern = "*.csv"
marking_column = "m"
[[files.records]]
name = "call"
schema = "Call"
roles = {{ caller = {{ id = "{{a}}" }}, receiver = {{ id = "{{b}}" }} }}
"""


def calls(desk: Desk, codes: str = "") -> Path:
    """A manifest of calls that knows the marking code S, and others that are given."""
    return desk.write("m/more.toml" if codes else "m/less.toml", CALLS.format(codes=codes))


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_a_real_duplicate_is_read_again_as_one(desk: Desk, tmp_path: Path, before: int) -> None:
    """Whoever said the others first."""
    earlier = desk.write("c1.csv", "a,b,m\n" + "x,y,S\n" * before)
    path = desk.write("c2.csv", "a,b,m\nx,y,S\nx,y,X\nx,y,S\nu,v,X\n")
    if before:
        desk.load(earlier, manifest=calls(desk), delivered="2026-01-01")
    desk.load(path, manifest=calls(desk), delivered="2026-01-01")
    more = calls(desk, 'X = "SECRET"')
    for unit in desk.view().quarantine():
        replay(desk.store, desk.view("NKP"), [unit.id], by="tester", manifest=more)
    assert desk.view().quarantine() == ()
    assert desk.view().stats().relationships == {"Call": 4}
    (tmp_path / "clean").mkdir()
    clean = Desk(tmp_path / "clean")
    both = (earlier, path) if before else (path,)
    clean.load(*both, manifest=more, delivered="2026-01-01")
    assert desk.view().digest() == clean.view().digest()
    clean.store.close()


def test_the_last_reading_of_a_file_says_how_its_units_are_numbered(desk: Desk) -> None:
    path = desk.write("c.csv", "a,b,m\nx,y,S\nx,y,X\n")
    more = calls(desk, 'X = "SECRET"')
    for _ in range(2):
        desk.load(path, manifest=calls(desk))
        replay(desk.store, desk.view(), by="tester", manifest=more)
        assert desk.view().stats().relationships == {"Call": 2}
    assert totals(desk.load(path, manifest=more)) == {"read": 2, "unchanged": 2}


def test_files_of_the_same_bytes_have_units_of_their_own(desk: Desk) -> None:
    bad = '{"id": "f", "schema": "Nothing"}\n'
    manifest = desk.write("m/m.toml", 'adapter = "ftm"\ndataset = "d"\n[[files]]\npattern = "a*"\n')
    archive = desk.write("g.zip", zipped({"x/a.json": bad, "y/a.json": bad}))
    paths = (desk.write("a.json", bad), desk.write("b.json", bad), archive)
    for _ in range(2):
        assert totals(desk.load(*paths, manifest=manifest)) == {"read": 4, "quarantined": 4}
        kept = [each.locator for each in desk.view().quarantine()]
        assert kept == ["a.json:1", "b.json:1", "g.zip!x/a.json:1", "g.zip!y/a.json:1"]


def test_a_replay_that_fails_otherwise_tells_the_newer_reason(desk: Desk, wrong: Path) -> None:
    desk.load(desk.write("p.csv", TABLE), manifest=wrong)
    before = desk.view().quarantine()
    replay(desk.store, desk.view(), by="tester", adapter="ftm")
    after = desk.view().quarantine()
    assert {each.reason for each in after} == {"not JSON lines"}
    assert [replace(new, reason=old.reason, message=old.message) for old, new in zip(before, after, strict=True)] == [
        *before
    ]


def test_a_dry_run_leaves_quarantine_as_it_is(desk: Desk, wrong: Path, right: Path) -> None:
    path = desk.write("p.csv", TABLE)
    desk.load(path, manifest=wrong, delivered="2026-01-01")
    before = desk.view().quarantine()
    for manifest in (wrong, right):
        desk.load(path, how=dry_run, manifest=manifest, delivered="2026-02-01")
        assert desk.view().quarantine() == before


def test_a_repaired_unit_is_read_in_place_of_what_came(desk: Desk, right: Path) -> None:
    path = desk.write("p.csv", TABLE)
    desk.load(path, manifest=right)
    ragged, other = (each for each in desk.view().quarantine())
    assert ragged.locator == "p.csv:5"
    with pytest.raises(UsageError, match="for a single unit: name it"):
        replay(desk.store, desk.view(), by="tester", manifest=right, raw=b"4,Cy,\n")
    stays = replay(desk.store, desk.view(), [ragged.id], by="tester", manifest=right, raw=b"4,Cy,soon\n")
    assert totals(stays) == {"read": 1, "quarantined": 1}
    (still, _) = desk.view().quarantine()
    assert (still.id, still.raw, still.reason) == (ragged.id, b"4,Cy,soon\n", "date not as declared: born")
    assert b64decode(still.context["original"]) == b"4,Cy\n"
    read = replay(desk.store, desk.view(), [ragged.id], by="tester", manifest=right, raw=b"4,Cy,03/04/1990\n")
    assert totals(read) == {"read": 1, "accepted": 1}
    assert desk.view().quarantine() == (other,)
    (record,) = (each for each in desk.records() if each.record.source_id == "4")
    assert record.record.locator == "p.csv:5 (repaired)"
    assert record.provenance.loaded_by == "tester"


def test_a_unit_is_discarded_by_its_agency_for_a_reason(desk: Desk, wrong: Path) -> None:
    desk.load(desk.write("p.csv", TABLE), manifest=wrong)
    (unit, *others) = desk.view("NKP").quarantine()
    with pytest.raises(NotFound, match="no unit in quarantine"):
        discard(desk.store, desk.view("TRC"), [unit.id], by="eve", why="mine")
    for ids, why in (([], "no use"), ([unit.id], " ")):
        with pytest.raises(UsageError, match="say why"):
            discard(desk.store, desk.view("NKP"), ids, by="anna", why=why)
    assert discard(desk.store, desk.view("NKP"), [unit.id], by="anna", why="a test row") == (unit,)
    assert desk.view("NKP").quarantine() == tuple(others)
    logged = desk.view("NKP").loads()[-1]
    assert (logged.by, logged.dataset, logged.revision) == ("anna", "persons", None)
    assert [(each.path, each.refused, each.reasons) for each in logged.files] == [
        (unit.path, 1, {f"discarded {unit.locator}: a test row": 1})
    ]
