"""Who may see a unit in quarantine, and with which marking it may be read again."""

from pathlib import Path

import pytest

from ingest.quarantine import replay
from tests.ingest.desk import Desk, totals
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, UsageError

pytestmark = pytest.mark.each_store(reason="each store keeps quarantine in its own way")

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
    with pytest.raises(UsageError, match=r"units of several: name one \(dataset=\)$"):
        replay(desk.store, view, by="tester", manifest=nameless)
    assert totals(replay(desk.store, view, by="tester", manifest=nameless, dataset="firms"))["accepted"] == 1
    assert [each.id for each in view.quarantine()] == [kept["victims"]]


def test_a_unit_is_not_read_under_a_weaker_marking_unless_that_is_said(desk: Desk, kept: dict[str, str]) -> None:
    view = desk.view(compartments=frozenset({"ALPHA"}))
    for weaker in ("OPEN//REL NKP,TRC", "SECRET//REL NKP", "SECRET//REL NKP,TRC//COMP ALPHA"):
        with pytest.raises(UsageError, match=r"which is weaker.*\(marking=\)$"):
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
    """The locators of the units that a viewer of NKP sees."""
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
    low = desk.store.view(Viewer(name="v", agencies=frozenset({"NKP"}), level="OPEN", loads=frozenset({"NKP"})))
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
        ("SECRET//COMPANY X", "UNREADABLE"),
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


def test_a_row_that_ends_in_its_marking_is_seen_by_nobody(desk: Desk) -> None:
    """Nor one whose marking stands elsewhere and is none; a marking in a wrong place that is one holds."""
    manifest = desk.write("m/m.toml", MARKED.format(column='marking_column = "m"'))
    rows = ["id,born,m,tel", "1,1990,SECRET//REL NKP//CO", '2,1990,"SECRET//REL NKP//CO",,,', "3,1990,SECRET"]
    desk.load(desk.write("p.csv", "\n".join(rows) + "\n"), manifest=manifest)
    assert looks(desk, "SECRET", "ALPHA") == ["4"]
    assert looks(desk, "SECRET", "ALPHA", "UNREADABLE") == ["2", "3", "4"]


def test_a_record_that_a_row_does_not_have_marks_it_as_well(desk: Desk) -> None:
    """Its cells are kept with the row, and may be the cause of the error."""
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
    """Loading the whole file again needs no right to see its units in quarantine."""
    path = desk.write("v.csv", "id,name,dob\n1,Vera,03/04/1990\n")
    desk.load(path, manifest=secretive(desk, "victims", SECRET))
    assert looks(desk, "SECRET", "ALPHA") == ["2"]
    assert totals(desk.load(path, manifest=secretive(desk, "victims", SECRET, DAYS))) == {"read": 1, "accepted": 1}
    assert looks(desk, "SECRET", "ALPHA") == []


def test_a_repair_does_not_lower_the_marking(desk: Desk) -> None:
    manifest = desk.write("m/m.toml", MARKED.format(column='marking_column = "m"'))
    desk.load(desk.write("p.csv", "id,born,tel,m\n1,?,,C\n"), manifest=manifest)
    view = desk.view(compartments=frozenset({"ALPHA"}))
    (unit,) = view.quarantine()
    with pytest.raises(UsageError, match="is kept under SECRET//REL NKP//COMP ALPHA"):
        replay(desk.store, view, [unit.id], by="tester", manifest=manifest, raw=b"1,1990,,O\n")
    assert view.quarantine() == (unit,)
    assert totals(replay(desk.store, view, [unit.id], by="tester", manifest=manifest, raw=b"1,1990,1,C\n"))["accepted"]
