"""Tables with lines before the header, without one, with rows behind the data, and of another width."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.account import Account
from ingest.formats import ADAPTERS
from ingest.quarantine import replay
from ingest.recount import count_table
from ingest.shapes import Header, Reject
from ingest.specs import Written
from tests.ingest.desk import Desk, totals
from tests.ingest.reading import read_text, records
from tests.ingest.test_adapters import InPieces, Memory
from tests.stores import examples
from workbench.errors import FileRefused

PERSON = '[[files.records]]\nname = "p"\nschema = "Person"\nid = "{id}"\nproperties = { name = "name" }\n'


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Report of May\n\nid,name\n1,Ann\n2,Bo\n", "skip = 2\n"),
        ("1,Ann\n2,Bo\n", 'header = false\ncolumns = ["id", "name"]\n'),
        ('id,name\n1,Ann\n2,Bo\n\n"Total: 2"\n"open, never closed\n', "trailer = 'Total'\n"),
        ("1,Ann\n2,Bo\n\x1a\r\n", 'header = false\ncolumns = ["id", "name"]\ntrailer = "\\u001a"\n'),
        ("Id,Name,,\n1,Ann,\n2,Bo,\n", 'columns = ["id", "name", "more"]\nignore = ["more"]\n'),
        ("id,name,more\n1,Ann\n2,Bo,x\n", 'short_rows = true\nignore = ["more"]\n'),
    ],
)
def test_the_same_persons_are_read(text: str, how: str) -> None:
    assert [(each.source_id, each.values()["name"]) for each in records(read_text("csv", text, how + PERSON))] == [
        ("1", ["Ann"]),
        ("2", ["Bo"]),
    ]


def test_a_row_in_quarantine_is_read_again_as_it_stood(desk: Desk) -> None:
    """Also where lines stand before the header and behind the data."""
    how = 'dataset = "d"\nadapter = "csv"\n[[files]]\npattern = "*"\nskip = 1\ntrailer = "T"\n' + PERSON
    path = desk.write("t.csv", "made in May\nid,name\n1,Ann\n,Bo\nT,2\n")
    assert totals(desk.load(path, manifest=desk.write("m.toml", how))) == {"read": 2, "accepted": 1, "quarantined": 1}
    (unit,) = desk.view().quarantine()
    report = replay(desk.store, desk.view(), [unit.id], by="t", manifest=desk.folder / "m.toml", raw=b"2,Bo\n")
    assert totals(report) == {"read": 1, "accepted": 1}


@settings(max_examples=examples(400))
@given(
    text=st.text(alphabet='",\n\rxT ', max_size=30),
    skip=st.integers(0, 3),
    header=st.booleans(),
    trailer=st.sampled_from([None, "T", "x|T"]),
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=3),
)
def test_every_line_is_counted_once(
    text: str, skip: int, *, header: bool, trailer: str | None, sizes: list[int]
) -> None:
    written = Written(skip=skip, header=header, trailer=trailer, columns=("a", "b"))
    content, account = f"x\n{text}".encode(), Account()
    try:
        found = [
            each
            for each in ADAPTERS["csv"].read(Memory("t", content), written, account)
            if not isinstance(each, Header)
        ]
    except FileRefused:
        return
    kept = sum(each.lines - 1 for each in found if not isinstance(each, Reject))
    for source in (Memory("t", content), InPieces("t", content, sizes)):
        counted = count_table(source.open("rb"), written)
        assert counted.units == len(found)
        assert counted.lines == len(found) + account.others + account.kept + kept


def test_a_table_without_rows_is_told(desk: Desk) -> None:
    manifest = desk.write("m.toml", 'dataset = "d"\nadapter = "csv"\n[[files]]\npattern = "*"\n' + PERSON)
    report = desk.load(desk.write("t.csv", "id,name\n"), manifest=manifest)
    assert report.messages == (f"{desk.folder}/t.csv has no rows: was it delivered whole?",)
