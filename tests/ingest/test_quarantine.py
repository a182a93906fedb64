"""Quarantine: what could not be read is kept as it came, and read again once it can be."""

from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import dry_run
from ingest.quarantine import chosen, discard, replay
from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.test_archives import packed
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, UsageError

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
    assert [each.id for each in desk.view().quarantine()] == [each.id for each in clean.view().quarantine()]
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
            replay(desk.store, stranger, [unknown], by="tester", manifest=right)
    assert replay(desk.store, stranger, by="tester", manifest=right).files == ()
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
    with pytest.raises(UsageError, match="no adapter 'xml'"):
        replay(desk.store, desk.view(), by="tester", adapter="xml")
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
    archive = desk.write("g.zip", packed({"x/a.json": bad, "y/a.json": bad}))
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


SECRETIVE = """
adapter = "csv"
agency = "NKP"
dataset = "{dataset}"
[[files]]
pattern = "*"
marking = "{marking}"
[[files.records]]
name = "x"
schema = "{schema}"
id = "{{id}}"
properties = {{ name = "name", {date} = {{ column = "dob"{format} }} }}
"""
SECRET, OPEN = "SECRET//REL NKP//COMP ALPHA", "OPEN//REL NKP,TRC"
DAYS = ', format = "%d/%m/%Y"'


def secretive(desk: Desk, dataset: str, marking: str, date_format: str = "") -> Path:
    """A manifest of persons (victims) or companies; without a format it can't read their dates."""
    schema, date = ("Person", "birthDate") if dataset == "victims" else ("Company", "incorporationDate")
    text = SECRETIVE.format(dataset=dataset, marking=marking, schema=schema, date=date, format=date_format)
    return desk.write(f"m/{dataset}{len(marking)}{len(date_format)}.toml", text)


@pytest.fixture
def kept(desk: Desk) -> dict[str, str]:
    """A victim and a firm in quarantine: their ids by dataset."""
    desk.load(desk.write("v.csv", "id,name,dob\n1,Vera,03/04/1990\n"), manifest=secretive(desk, "victims", SECRET))
    desk.load(desk.write("f.csv", "id,name,dob\n1,Firm,03/04/2001\n"), manifest=secretive(desk, "firms", OPEN))
    return {each.dataset: each.id for each in desk.view(compartments=frozenset({"ALPHA"})).quarantine()}


def test_a_manifest_is_for_the_units_of_its_own_dataset(desk: Desk, kept: dict[str, str]) -> None:
    view = desk.view(compartments=frozenset({"ALPHA"}))
    firms = secretive(desk, "firms", OPEN, DAYS)
    with pytest.raises(UsageError, match="is of NKP/victims, not of NKP/firms"):
        replay(desk.store, view, [kept["firms"], kept["victims"]], by="tester", manifest=firms)
    assert {each.id for each in view.quarantine()} == set(kept.values())
    report = replay(desk.store, view, by="tester", manifest=firms)
    assert totals(report) == {"read": 1, "accepted": 1}
    assert [each.id for each in view.quarantine()] == [kept["victims"]]
    assert desk.view("TRC").search("Vera").total == 0


def test_a_manifest_without_a_dataset_is_for_one_that_is_named(desk: Desk, kept: dict[str, str]) -> None:
    view = desk.view(compartments=frozenset({"ALPHA"}))
    text = secretive(desk, "firms", OPEN, DAYS).read_text("utf-8").replace('dataset = "firms"', "")
    nameless = desk.write("m/nameless.toml", text)
    with pytest.raises(UsageError, match="units of several: name one with --dataset"):
        replay(desk.store, view, by="tester", manifest=nameless)
    assert totals(replay(desk.store, view, by="tester", manifest=nameless, dataset="firms"))["accepted"] == 1
    assert [each.id for each in view.quarantine()] == [kept["victims"]]


def test_a_unit_is_not_read_under_a_weaker_marking_unless_that_is_said(desk: Desk, kept: dict[str, str]) -> None:
    view = desk.view(compartments=frozenset({"ALPHA"}))
    for weaker in ("OPEN//REL NKP,TRC", "SECRET//REL NKP", "SECRET//REL NKP,TRC//COMP ALPHA"):
        with pytest.raises(UsageError, match=r"which is weaker.*--marking"):
            replay(desk.store, view, by="tester", manifest=secretive(desk, "victims", weaker, DAYS))
        assert len(view.quarantine()) == 2
    stricter = secretive(desk, "victims", "SECRET//REL NKP//COMP ALPHA,BETA", DAYS)
    asked = secretive(desk, "victims", "RESTRICTED//REL NKP", DAYS)
    with pytest.raises(UsageError, match="is kept under CONFIDENTIAL//REL NKP"):
        replay(desk.store, view, by="tester", manifest=asked, marking="CONFIDENTIAL//REL NKP")
    assert totals(replay(desk.store, view, by="tester", manifest=stricter))["accepted"] == 1


def test_a_weaker_marking_that_is_said_holds(desk: Desk, kept: dict[str, str]) -> None:
    view, asked = desk.view(compartments=frozenset({"ALPHA"})), secretive(desk, "victims", OPEN, DAYS)
    assert totals(replay(desk.store, view, [kept["victims"]], by="tester", manifest=asked, marking=OPEN)) == {
        "read": 1,
        "accepted": 1,
    }
    assert desk.view("TRC").search("Vera").total == 1


def looks(desk: Desk, level: str, *compartments: str, purpose: str = "investigation") -> list[str]:
    """Where the units stand that a viewer of NKP sees."""
    viewer = Viewer(
        name="v",
        agencies=frozenset({"NKP"}),
        level=level,
        compartments=frozenset(compartments),
        purposes=(purpose,),
    )
    return [each.locator.rpartition(":")[2] for each in desk.store.view(viewer).quarantine()]


def test_a_unit_is_shown_to_those_who_satisfy_its_marking(desk: Desk) -> None:
    bad = '{"id": "a", "schema": "Person", "properties": {"birthDate": ["31/02/1990"]}}\n'
    desk.load(desk.write("q.json", bad), adapter="ftm", agency="NKP", marking="SECRET//REL TRC//COMP ALPHA")
    (unit,) = desk.view(compartments=frozenset({"ALPHA"})).quarantine()
    assert looks(desk, "SECRET", "ALPHA") == ["1"]
    for level, compartments in (("OPEN", ("ALPHA",)), ("CONFIDENTIAL", ("ALPHA",)), ("SECRET", ())):
        assert looks(desk, level, *compartments) == []
    low = desk.store.view(Viewer(name="v", agencies=frozenset({"NKP"}), level="OPEN"))
    for each in (unit.id, "0" * 16):
        with pytest.raises(NotFound, match=f"no unit in quarantine '?{each}"):
            replay(desk.store, low, [each], by="tester")
    assert replay(desk.store, low, by="tester").files == ()
    trc = Viewer(name="v", agencies=frozenset({"TRC"}), level="SECRET", compartments=frozenset({"ALPHA"}))
    assert desk.store.view(trc).quarantine() == ()


MARKED = """
adapter = "csv"
agency = "NKP"
dataset = "d"
[markings]
O = "OPEN"
C = "CONFIDENTIAL//COMP ALPHA"
[[files]]
pattern = "*.csv"
{column}
[[files.records]]
name = "person"
schema = "Person"
id = "{{id}}"
properties = {{ birthDate = "born" }}
[[files.records]]
name = "phone"
schema = "Phone"
id = "{{tel}}"
when = "tel"
marking = "SECRET"
"""


def test_a_row_asks_for_what_its_records_ask_for(desk: Desk) -> None:
    manifest = desk.write("m/m.toml", MARKED.format(column='marking_column = "m"'))
    rows = ["id,born,tel,m", "1,?,,O", "2,?,,C", "3,?,,", "4,?,,X", "5,?", "6,?,,SECRET//COMP BETA", "7,?,1,O", "8,?"]
    rows[8] += ",,SECRET//REL NKP//COMP BETA,"
    report = desk.load(desk.write("p.csv", "\n".join(rows) + "\n"), manifest=manifest)
    assert totals(report) == {"read": 8, "quarantined": 8}
    assert looks(desk, "OPEN") == looks(desk, "CONFIDENTIAL", "ALPHA", "BETA") == []
    assert looks(desk, "SECRET") == ["2", "8"]
    assert looks(desk, "SECRET", "ALPHA") == ["2", "3", "4", "5", "6", "8"]
    assert looks(desk, "SECRET", "ALPHA", "BETA") == [str(n) for n in range(2, 10)]


@pytest.mark.parametrize(
    ("text", "compartments"),
    [
        ("SECRET/REL NKP/COMP X", "X"),
        ("SECRET COMP X", "X"),
        ("secret//comp: x", "X"),
        ("SECRET//COMP X;Y", "X Y"),
        ('"TOP//COMP X, Y Z//HC H1"', "X Y Z"),
        ("SECRET//COMP_X HC H1", "X"),
        ("SECRET COMP X REL NKP COMP: Y", "X Y"),
        ("SECRET//COMP", "UNREADABLE"),
        ("SECRET//COMP //PRIVILEGED", "UNREADABLE"),
        ("SECRET//COMPANY X", ""),
    ],
)
def test_a_marking_that_cannot_be_read_keeps_its_compartments(desk: Desk, text: str, compartments: str) -> None:
    manifest = desk.write("m/m.toml", MARKED.format(column='marking_column = "m"'))
    desk.load(desk.write("p.csv", f"id,m,born,tel\n1,{text},1990,\n"), manifest=manifest)
    named = compartments.split()
    assert looks(desk, "SECRET", "ALPHA", *named) == ["2"]
    for each in named:
        assert looks(desk, "SECRET", "ALPHA", *(set(named) - {each})) == []


def test_a_ragged_row_keeps_every_compartment_that_it_could_name(desk: Desk) -> None:
    manifest = desk.write("m/m.toml", MARKED.format(column='marking_column = "m"'))
    desk.load(desk.write("p.csv", "id,born,tel,m\n1,1990,,SECRET//COMP X,Y\n"), manifest=manifest)
    assert looks(desk, "SECRET", "ALPHA", "X") == []
    assert looks(desk, "SECRET", "ALPHA", "X", "Y") == ["2"]


def test_a_record_that_a_row_does_not_have_marks_it_as_well(desk: Desk) -> None:
    """What would be its cells is kept with the row, and may be what went wrong."""
    conditional = MARKED.replace('when = "tel"\nmarking = "SECRET"', 'when = {{ column = "src", equals = "yes" }}\n{m}')
    text = conditional.format(column='marking = "OPEN"', m='marking = "SECRET//REL NKP//COMP X"')
    desk.load(desk.write("p.csv", "id,born,tel,src\n1,?,1,Yes\n"), manifest=desk.write("m/m.toml", text))
    assert looks(desk, "OPEN") == looks(desk, "SECRET") == []
    assert looks(desk, "SECRET", "X") == ["2"]


def test_without_a_column_every_row_asks_for_what_the_file_says(desk: Desk) -> None:
    manifest = desk.write("m/m.toml", MARKED.format(column='marking = "RESTRICTED//REL TRC//PRIVILEGED"'))
    desk.load(desk.write("p.csv", "id,born,tel\n1,?,\n2,?,1\n3\n"), manifest=manifest)
    assert looks(desk, "SECRET") == []
    assert looks(desk, "RESTRICTED", purpose="privilege-review") == []
    assert looks(desk, "SECRET", purpose="privilege-review") == ["2", "3", "4"]


def test_a_load_brings_in_what_its_loader_could_not_see(desk: Desk) -> None:
    """Whoever loads the whole file again needs no right to look at what was kept of it."""
    path = desk.write("v.csv", "id,name,dob\n1,Vera,03/04/1990\n")
    desk.load(path, manifest=secretive(desk, "victims", SECRET))
    assert looks(desk, "SECRET", "ALPHA") == ["2"]
    assert totals(desk.load(path, manifest=secretive(desk, "victims", SECRET, DAYS))) == {"read": 1, "accepted": 1}
    assert looks(desk, "SECRET", "ALPHA") == []


def test_a_repaired_unit_is_read_in_place_of_what_came(desk: Desk, right: Path) -> None:
    path = desk.write("p.csv", TABLE)
    desk.load(path, manifest=right)
    ragged, other = (each for each in desk.view().quarantine())
    assert ragged.locator == "p.csv:5"
    with pytest.raises(UsageError, match="of one unit: name it"):
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


def test_a_repair_does_not_lower_the_marking(desk: Desk) -> None:
    manifest = desk.write("m/m.toml", MARKED.format(column='marking_column = "m"'))
    desk.load(desk.write("p.csv", "id,born,tel,m\n1,?,,C\n"), manifest=manifest)
    view = desk.view(compartments=frozenset({"ALPHA"}))
    (unit,) = view.quarantine()
    with pytest.raises(UsageError, match="is kept under SECRET//REL NKP//COMP ALPHA"):
        replay(desk.store, view, [unit.id], by="tester", manifest=manifest, raw=b"1,1990,,O\n")
    assert view.quarantine() == (unit,)
    assert totals(replay(desk.store, view, [unit.id], by="tester", manifest=manifest, raw=b"1,1990,1,C\n"))["accepted"]


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
