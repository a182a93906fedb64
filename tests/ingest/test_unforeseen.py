"""Values that a manifest does not mention are counted and named, and the load is not clean."""

from pathlib import Path

import pytest

from ingest.quarantine import replay
from tests.ingest.desk import Desk, reasons, totals

TABLE = "id,name,role,case\n1,Ann,suspect,c1\n2,Bob,SUSPECT,c1\n3,Cy,witness,c1\n4,Di,suspect,c2\n5,Ed,SUSPECT,\n"
PERSON = """
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name" }
"""
SUSPECT = """
[[files.records]]
name = "suspect"
schema = "Involvement"
when = { column = "role", equals = ["suspect"] }
properties = { capacity = { value = "suspect" } }
roles = { involved = { id = "{id}" }, event = { id = "{case}" } }
"""
OTHERWISE = SUSPECT.replace("when =", 'otherwise = "nothing"\nwhen =')
WITNESS = SUSPECT.replace("suspect", "witness")
SHOUTED = SUSPECT.replace('"suspect"\nschema', '"shouted"\nschema').replace('["suspect"]', '["SUSPECT"]')
ANY = SUSPECT.replace('"suspect"\nschema', '"any"\nschema').replace(
    '{ column = "role", equals = ["suspect"] }', '"role"'
)
NOT = SUSPECT.replace('"suspect"\nschema', '"not"\nschema').replace(
    '{ column = "role", equals = ["suspect"] }', '{ not = { column = "role", equals = ["witness"] } }'
)


def manifest(desk: Desk, records: str, ignore: str = "") -> Path:
    top = 'adapter = "csv"\nagency = "NKP"\ndataset = "d"\nmarking = "OPEN//REL NKP"\n[[files]]\npattern = "*.csv"\n'
    return desk.write("m/m.toml", f"{top}ignore = [{ignore}]\n{records}")


@pytest.fixture
def table(desk: Desk) -> Path:
    return desk.write("t.csv", TABLE)


def test_values_that_no_record_foresaw_are_named(desk: Desk, table: Path) -> None:
    report = desk.load(table, manifest=manifest(desk, PERSON + SUSPECT))
    assert totals(report) == {"read": 5, "accepted": 5}
    assert [each.records for each in report.files] == [{"person": 5, "suspect": 2}]
    assert [value for _, value in report.unforeseen] == [("role", "SUSPECT", 2, "suspect"), ("role", "witness", 1, "")]
    assert not report.clean
    assert report.messages == (
        f"{table}: role is 'SUSPECT' in 2 units, which nothing foresaw;"
        " it differs from 'suspect' by case or space only",
        f"{table}: role is 'witness' in 1 units, which nothing foresaw",
    )
    again = desk.load(table, manifest=manifest(desk, PERSON + SUSPECT))
    assert (totals(again), again.clean) == ({"read": 5, "unchanged": 5}, False)


def test_the_log_of_loads_has_the_counts_and_no_value(desk: Desk, table: Path) -> None:
    desk.load(table, manifest=manifest(desk, PERSON + SUSPECT))
    (entry,) = desk.view("NKP").loads()
    assert entry.files[0].records == {"person": 5, "suspect": 2}
    assert "SUSPECT" not in str(entry)
    assert "witness" not in str(entry)


@pytest.mark.parametrize(
    ("records", "clean"),
    [
        (PERSON + OTHERWISE, True),
        (PERSON + SUSPECT + ANY, True),
        (PERSON + SUSPECT + WITNESS + SHOUTED, True),
        (PERSON + SUSPECT + WITNESS, False),
        (PERSON + OTHERWISE + WITNESS, False),
        (PERSON + NOT, True),
        (PERSON + SUSPECT + NOT, True),
        (PERSON + SUSPECT + NOT.replace('"role"', '"name"'), False),
    ],
)
def test_what_is_foreseen(desk: Desk, table: Path, records: str, clean: bool) -> None:
    report = desk.load(table, manifest=manifest(desk, records))
    assert (report.clean, totals(report)) == (clean, {"read": 5, "accepted": 5})


def test_an_empty_cell_is_foreseen_by_nobody(desk: Desk) -> None:
    table = desk.write("t.csv", "id,name,role,case\n1,Ann,,c1\n2,Bob, suspect ,c1\n")
    report = desk.load(table, manifest=manifest(desk, PERSON + SUSPECT))
    assert [value for _, value in report.unforeseen] == [("role", "", 1, "")]
    assert report.messages == (f"{table}: role is empty in 1 units, which nothing foresaw",)


def test_a_row_that_no_record_asks_for_says_so(desk: Desk, table: Path) -> None:
    how = manifest(desk, SUSPECT, '"name"')
    report = desk.load(table, manifest=how)
    assert totals(report) == {"read": 5, "accepted": 2, "quarantined": 3}
    assert reasons(report) == {"no record applies: role": 3}
    assert (
        "role is 'SUSPECT', which differs from 'suspect' by case or space only: correct the unit" in report.messages[0]
    )
    assert "role is 'witness': correct" in report.messages[1]
    meant = replay(desk.store, desk.view("NKP"), by="tester", manifest=manifest(desk, OTHERWISE, '"name"'))
    assert totals(meant) == {"read": 3}
    assert [each.left for each in meant.files] == [3]
    assert desk.view("NKP").quarantine() == ()


def test_rows_that_are_meant_to_be_nothing_are_left(desk: Desk, table: Path) -> None:
    report = desk.load(table, manifest=manifest(desk, OTHERWISE, '"name"'))
    (file,) = report.files
    assert (file.read, file.accepted, file.left, file.quarantined, report.clean) == (5, 2, 3, 0, True)
    assert file.records == {"suspect": 2}


def test_an_empty_row_is_empty(desk: Desk) -> None:
    report = desk.load(desk.write("t.csv", "id,name,role,case\n,,,\n"), manifest=manifest(desk, SUSPECT, '"name"'))
    assert reasons(report) == {"empty unit": 1}


def test_many_values_are_counted_and_the_most_frequent_named(desk: Desk) -> None:
    rows = "".join(f"{n},Ann,r{n // 2},c\n" for n in range(2_100))
    report = desk.load(desk.write("t.csv", f"id,name,role,case\n{rows}"), manifest=manifest(desk, PERSON + SUSPECT))
    assert len(report.unforeseen) == 20
    assert report.messages[-1].endswith("at least 980 more values that nothing foresaw")


@pytest.mark.parametrize(("many", "more"), [(20, 0), (21, 1), (22, 2)])
def test_what_is_not_named_is_counted(desk: Desk, many: int, more: int) -> None:
    rows = "".join(f"{n},Ann,r{n},c\n" for n in range(many))
    report = desk.load(desk.write("t.csv", f"id,name,role,case\n{rows}"), manifest=manifest(desk, PERSON + SUSPECT))
    said = [each.rpartition(": ")[2] for each in report.messages if "more values" in each]
    assert said == [f"{n} more values that nothing foresaw" for n in (more,) if n]


def test_half_an_id_is_no_id(desk: Desk) -> None:
    """A role whose id has one cell filled and another empty is an error, not an empty role."""
    records = PERSON + SUSPECT.replace('id = "{case}"', 'id = "{case}/{role}"').replace(
        'when = { column = "role", equals = ["suspect"] }', ""
    )
    report = desk.load(desk.write("t.csv", "id,name,role,case\n1,Ann,x,\n2,Bob,,\n"), manifest=manifest(desk, records))
    assert reasons(report) == {"half an id: {case}/{role}": 1, "one side alone: Involvement": 1}
    assert totals(report) == {"read": 2, "accepted": 1, "quarantined": 1}


LABELS = (
    'adapter = "neo4j-csv"\nagency = "NKP"\ndataset = "g"\n[labels.Ship]\nschema = "Vessel"\nrest = "description"\n'
)


@pytest.mark.parametrize(
    ("more", "unforeseen"),
    [
        ("", [(":LABEL", "Boat", 1, ""), (":LABEL", "PERSON", 1, "Person")]),
        ('[labels."*"]\nschema = "Item"\nrest = "description"\n', []),
    ],
)
def test_labels_that_nothing_maps_are_named(desk: Desk, more: str, unforeseen: list[tuple[str, str, int, str]]) -> None:
    nodes = desk.write("n.csv", ":ID,name,:LABEL\n1,Ann,Person\n2,Dawn,Ship\n3,Dusk,Boat\n4,Bob,PERSON\n")
    report = desk.load(nodes, manifest=desk.write("m.toml", LABELS + more))
    assert [value for _, value in report.unforeseen] == unforeseen
    assert report.clean is not bool(unforeseen)
    assert report.files[0].records == {"label Person": 1, "label Ship": 1, "label *": 2}


def test_without_a_manifest_a_graph_is_loaded_as_it_stands(desk: Desk) -> None:
    nodes = desk.write("n.csv", ":ID,name,:LABEL\n3,Dusk,Boat\n4,Bob,person\n")
    links = desk.write("l.csv", ":START_ID,:END_ID,:TYPE\n3,4,SAILS\n4,3,knows\n")
    report = desk.load(nodes, links, adapter="neo4j-csv")
    assert [value for _, value in report.unforeseen] == [
        (":LABEL", "person", 1, "Person"),
        (":TYPE", "knows", 1, "KNOWS"),
    ]
    assert report.files[1].records == {"type *": 2}
