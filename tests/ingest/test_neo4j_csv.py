"""The `neo4j-csv` adapter: headers of neo4j-admin, labels and types known and unknown."""

from pathlib import Path

import pytest

from ingest.formats import ADAPTERS
from ingest.manifest import read_manifest, settle
from ingest.mapping import read as mapped
from ingest.shapes import Reject
from tests.ingest.desk import Desk, reasons, totals
from workbench.errors import FileRefused
from workbench.model.record import Record, Role

MANIFEST = """
adapter = "neo4j-csv"
[labels.Crime]
schema = "Offence"
properties = { category = "kind", alias = "aka" }
ignore = ["charge"]
[types.LIVES]
schema = "Residence"
source = "resident"
target = "place"
properties = { startDate = { column = "since", format = "%d/%m/%Y" } }
"""


def read(folder: Path, content: str, manifest: str | None = None) -> list[Record | Reject]:
    path, spec = folder / "g.csv", None
    path.write_text(content, "utf-8")
    if manifest is not None:
        (folder / "m.toml").write_text(manifest, "utf-8")
        spec = read_manifest(folder / "m.toml")
    return list(mapped(ADAPTERS["neo4j-csv"], path, settle(spec, "m.toml").within("d")))


def only(found: list[Record | Reject]) -> Record:
    (record,) = found
    assert isinstance(record, Record), record
    return record


def values(record: Record) -> dict[str, list[str | None]]:
    return {name: [value.value for value in found] for name, found in record.properties.items()}


def test_a_known_label(tmp_path: Path) -> None:
    record = only(read(tmp_path, ":ID,surname,name,age:int,:LABEL\n7,Lee,Ann,40,Person\n"))
    assert (record.schema, record.source_id, record.roles) == ("Person", "7", ())
    assert values(record) == {
        "name": ["Ann Lee"],
        "firstName": ["Ann"],
        "lastName": ["Lee"],
        "description": ["age: 40"],
    }


def test_an_unknown_label_and_its_properties_are_kept(tmp_path: Path) -> None:
    record = only(read(tmp_path, "shipId:ID(Ship),name,flag,:LABEL\n7,Dawn,nl,Ship\n"))
    assert (record.schema, record.source_id) == ("Item", "Ship/7")
    assert values(record) == {"name": ["Dawn"], "keywords": ["Ship"], "description": ["flag: nl"]}


def test_of_several_labels_the_narrowest_schema_stands(tmp_path: Path) -> None:
    found = read(tmp_path, ":ID,name,:LABEL\n1,Ann,Person;Officer\n2,Bob,Suspect;Person\n3,Cy,\n")
    assert [(each.schema, values(each).get("keywords")) for each in found if isinstance(each, Record)] == [
        ("Officer", ["Person"]),
        ("Person", ["Suspect"]),
        ("Item", None),
    ]


def test_links_keep_their_type(tmp_path: Path) -> None:
    content = ":START_ID(A),:END_ID(B),:TYPE,since\n1,2,KNOWS,2020\n1,2,OWES,\n1,2,INVOLVED_IN,\n1,1,,\n"
    found = read(tmp_path, content)
    knows, owes, involved, none = (each for each in found if isinstance(each, Record))
    assert (knows.schema, values(knows)) == ("Associate", {"relationship": ["KNOWS"], "description": ["since: 2020"]})
    assert knows.roles == (Role("person", "A/1"), Role("associate", "B/2"))
    assert (owes.schema, values(owes)) == ("UnknownLink", {"role": ["OWES"]})
    assert (involved.schema, values(involved)) == ("Involvement", {"summary": ["INVOLVED_IN"]})
    assert (none.schema, values(none)) == ("UnknownLink", {})


def ties(found: list[Record | Reject]) -> list[str]:
    """The tie of each record of a link as Cypher draws it."""
    drawn = []
    for record in found:
        assert isinstance(record, Record)
        a, b = record.roles
        name, forward = record.arrow(a.name, b.name)
        drawn.append(f"({a.ref})-[:{name}]->({b.ref})" if forward else f"({b.ref})-[:{name}]->({a.ref})")
    return drawn


def test_a_link_has_its_type_and_runs_as_in_its_graph(tmp_path: Path) -> None:
    content = ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n3,4,INVESTIGATED_BY\n5,6,OCCURRED_AT\n7,8,INVOLVED_IN\n"
    assert ties(read(tmp_path, content)) == [
        "(1)-[:KNOWS]->(2)",
        "(3)-[:INVESTIGATED_BY]->(4)",  # though an Involvement runs from the officer to the event
        "(5)-[:OCCURRED_AT]->(6)",
        "(7)-[:INVOLVED_IN]->(8)",
    ]


def test_a_type_that_can_be_none_leaves_its_schemas(tmp_path: Path) -> None:
    content = ":START_ID,:END_ID,:TYPE\n1,2,owes\n1,2,SAME\n1,2,A`]-() DELETE x//\n1,2,\n3,4,looked into by\n"
    manifest = MANIFEST + '[types."looked into by"]\nschema = "Involvement"\nsource = "event"\ntarget = "involved"\n'
    found = read(tmp_path, content, manifest)
    assert ties(found) == ["(1)-[:LINKED_TO]->(2)"] * 4 + ["(4)-[:INVOLVED_IN]->(3)"]
    assert [values(each).get("role") for each in found[:3] if isinstance(each, Record)] == [
        ["owes"],
        ["SAME"],
        ["A`]-() DELETE x//"],
    ]


def test_a_manifest_calls_a_type_otherwise(tmp_path: Path) -> None:
    manifest = MANIFEST.replace('target = "place"', 'target = "place"\ntype = "LODGES_AT"')
    (record,) = found = read(tmp_path, ":START_ID,:END_ID,:TYPE\n1,2,LIVES\n", manifest)
    assert ties(found) == ["(1)-[:LODGES_AT]->(2)"]
    assert isinstance(record, Record)
    assert values(record) == {"summary": ["LIVES"]}
    assert "LIVES" in ties(read(tmp_path, ":START_ID,:END_ID,:TYPE\n1,2,LIVES\n", MANIFEST))[0]


def test_a_manifest_maps_labels_and_types(tmp_path: Path) -> None:
    nodes = ":ID,kind,aka:string[],charge,:LABEL\n1,theft,A;B,x,Crime\n"
    assert values(only(read(tmp_path, nodes, MANIFEST))) == {"category": ["theft"], "alias": ["A", "B"]}
    lives = only(read(tmp_path, ":START_ID,:END_ID,:TYPE,since\n1,2,LIVES,03/04/2021\n", MANIFEST))
    assert (lives.schema, values(lives)) == ("Residence", {"startDate": ["2021-04-03"], "summary": ["LIVES"]})


def test_a_property_that_a_manifest_neither_maps_nor_ignores_is_an_error(tmp_path: Path) -> None:
    first, second = read(tmp_path, ":ID,kind,colour,:LABEL\n1,theft,,Crime\n2,theft,red,Crime\n", MANIFEST)
    assert isinstance(first, Record)
    assert isinstance(second, Reject)
    assert second.reason == "unknown property: colour"


def test_a_manifest_can_keep_the_rest(tmp_path: Path) -> None:
    manifest = MANIFEST.replace('ignore = ["charge"]', 'rest = "description"')
    assert values(only(read(tmp_path, ":ID,colour,:LABEL\n2,red,Crime\n", manifest))) == {
        "description": ["colour: red"]
    }


def test_times_have_the_zone_of_their_header(tmp_path: Path) -> None:
    content = ":ID,at:datetime{timezone:Europe/Sofia},:LABEL\n1,2026-03-01T12:00,Crime\n"
    manifest = f'timezone = "Europe/Amsterdam"\n{MANIFEST}'.replace('category = "kind"', 'date = "at"')
    assert values(only(read(tmp_path, content, manifest)))["date"] == ["2026-03-01T10:00"]
    other = manifest.replace('"at"', '{ column = "at", timezone = "Asia/Nicosia" }')
    assert values(only(read(tmp_path, content.replace("03-01", "07-01"), other)))["date"] == ["2026-07-01T09:00"]


def test_a_day_is_the_one_that_is_written(tmp_path: Path) -> None:
    manifest = 'timezone = "Europe/Amsterdam"\n[labels.P]\nschema = "Person"\nproperties = { birthDate = "born" }\n'
    record = only(read(tmp_path, ":ID,born:datetime,:LABEL\n1,1980-01-01 00:00:00,P\n", manifest))
    assert values(record)["birthDate"] == ["1980-01-01"]


def test_files_have_their_encoding_and_delimiter(tmp_path: Path) -> None:
    manifest = f'{MANIFEST}[[files]]\npattern = "*"\ndelimiter = "|"\nmarking = "OPEN"\n'
    record = only(read(tmp_path, ":ID|name|:LABEL\n1|A,b|Person\n", manifest))
    assert values(record)["name"] == ["A,b"]
    assert str(record.marking) == "OPEN//REL LOCAL"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (":ID,name,:LABEL\n,Ann,Person\n", "empty id: :ID"),
        (":START_ID,:END_ID,:TYPE\n1,,KNOWS\n", "empty id: :END_ID"),
        (":ID,date,:LABEL\n1,31/02/2021,Crime\n", "date not as declared: date"),
        (":ID,name,:LABEL\n1,Ann\n", "ragged row"),
    ],
)
def test_bad_rows(tmp_path: Path, content: str, reason: str) -> None:
    (found,) = read(tmp_path, content)
    assert isinstance(found, Reject)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("id,name", "bad header"),
        (":START_ID,name", "bad header"),
        (":ID,:START_ID,:END_ID", "bad header"),
        (":ID,a:ID", "duplicate header"),
        (":ID,name,name", "duplicate header"),
        (":ID,name,name:string", "duplicate header"),
        (":ID,", "empty header"),
        (":ID,:LABEL,:LABEL", "duplicate header"),
        (":ID,at:datetime{timezone:+02:00}", "bad header"),
    ],
)
def test_bad_headers(tmp_path: Path, header: str, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read(tmp_path, f"{header}\n1,2,3\n")
    assert caught.value.reason == reason


def test_a_type_is_kept_even_where_its_usual_places_are_taken(tmp_path: Path) -> None:
    manifest = MANIFEST + 'ignore = ["x"]\n'
    manifest = manifest.replace("startDate = {", 'summary = { value = "moved in" }, startDate = {')
    record = only(read(tmp_path, ":START_ID,:END_ID,:TYPE\n1,2,LIVES\n", manifest))
    assert values(record) == {"summary": ["moved in"], "description": ["LIVES"]}


def test_a_label_that_is_a_star_is_a_label(tmp_path: Path) -> None:
    assert values(only(read(tmp_path, ":ID,:LABEL\n1,*\n"))) == {"keywords": ["*"]}
    assert values(only(read(tmp_path, ":START_ID,:END_ID,:TYPE\n1,2,*\n"))) == {"role": ["*"]}


def test_columns_that_say_nothing_are_skipped(tmp_path: Path) -> None:
    record = only(read(tmp_path, ":ID,x:IGNORE,:IGNORE,urn:name,:LABEL\n1,a,b,c,Person\n"))
    assert values(record) == {"description": ["urn:name: c"]}


def test_a_property_graph_gives_the_same_again(desk: Desk) -> None:
    nodes = desk.write("nodes.csv", ":ID,name,:LABEL\n1,Ann,Person\n2,Bob,Person\n")
    links = desk.write("links.csv", ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n1,2,KNOWS\n2,2,KNOWS\n")
    first = desk.load(nodes, links, adapter="neo4j-csv", dataset="g")
    assert totals(first) == {"read": 5, "accepted": 5}
    assert reasons(first) == {"self-tie: Associate": 1}
    assert totals(desk.load(nodes, links, adapter="neo4j-csv", dataset="g")) == {"read": 5, "unchanged": 5}
    assert desk.view().stats().relationships == {"Associate": 3}


@pytest.mark.parametrize(("row", "end"), [(",2,KNOWS", ":START_ID"), ("1,,KNOWS", ":END_ID"), (",,KNOWS", ":START_ID")])
def test_a_link_without_an_end_is_kept_until_it_has_both(desk: Desk, row: str, end: str) -> None:
    report = desk.load(desk.write("r.csv", f":START_ID,:END_ID,:TYPE\n{row}\n"), adapter="neo4j-csv")
    assert reasons(report) == {f"empty id: {end}": 1}
    assert report.messages == (f"r.csv:2: {end} is empty: fill it with the id of a node",)
    assert [each.raw.decode() for each in desk.view().quarantine()] == [f"{row}\n"]
