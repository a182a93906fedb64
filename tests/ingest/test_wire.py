"""What a reading process tells: the same comes out, and of anything else only an error."""

import json
import pickle
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.account import Account
from ingest.messages import Checked, End, Failed, Looked, Piece, Seen, Told
from ingest.recount import Counted
from ingest.shapes import Left, Reject
from ingest.sources import Source
from ingest.sources.source import Found
from ingest.sources.steps import Step, Way
from ingest.wire import Garbled, read, written
from workbench.model.grade import parse_grade
from workbench.model.marking import parse_marking
from workbench.model.record import Basis, Dataset, Record, Role, Value

TIES = "tie_type tie_ends"
PATH, DATASET = Path("a/b.csv"), Dataset("NKP", "d")
MARKINGS = st.sampled_from(["OPEN//REL A", "SECRET//REL A,B//COMP X//HC H1//PRIVILEGED", "SECRET"]).map(parse_marking)
GRADES = st.sampled_from([None, parse_grade("admiralty", "B2"), parse_grade("4x4", "A1")])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
ANY_TEXT = st.text(max_size=6)  # with half characters
VALUES = st.lists(st.builds(Value, st.none() | TEXT, TEXT), min_size=1, max_size=3).map(tuple)

records = st.builds(
    Record,
    schema=st.sampled_from(["Person", "Call"]),
    dataset=st.just(DATASET),
    source_id=TEXT,
    properties=st.dictionaries(st.sampled_from(["name", "date", "notes"]), VALUES),
    marking=MARKINGS,
    roles=st.lists(st.builds(Role, TEXT, TEXT), max_size=2).map(tuple),
    basis=st.sampled_from(Basis),
    grade=GRADES,
    part=TEXT,
    ordinal=st.integers(0, 3),
    locator=TEXT,
    tie_type=TEXT,
    tie_ends=st.none() | st.tuples(TEXT, TEXT),
)
rejects = st.builds(
    Reject,
    *(ANY_TEXT, ANY_TEXT, ANY_TEXT, st.binary(), st.binary(), st.binary()),
    marking=st.none() | MARKINGS,
    texts=st.none() | st.lists(ANY_TEXT, max_size=3),
    fields=TEXT,
)
counts = st.integers(0, 2**60)
accounts = st.builds(
    Account,
    breaks=st.dictionaries(TEXT, counts).map(Counter),
    kept=counts,
    others=counts,
    skipped=st.dictionaries(TEXT, counts).map(Counter),
    announced=st.none() | counts,
    names=st.lists(TEXT, max_size=3).map(tuple),
    made=st.dictionaries(st.lists(TEXT, max_size=2).map(tuple), counts).map(Counter),
    left=st.dictionaries(st.tuples(TEXT, ANY_TEXT, TEXT), counts).map(Counter),
    more_left=st.dictionaries(TEXT, counts).map(Counter),
)
steps = st.builds(Step, st.sampled_from(["gz", "zip", "tar"]), TEXT, counts, counts)
founds = st.builds(Found, TEXT, counts, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple))
sources = st.builds(
    Source, TEXT, TEXT, st.builds(Way, st.just(PATH), st.lists(steps, max_size=2).map(tuple)), TEXT, st.none() | founds
)
checks = st.builds(Checked, TEXT, st.builds(Counted, counts, st.none() | counts))
units = st.lists(records, min_size=1, max_size=3) | rejects | st.builds(Left, TEXT)
messages = (
    st.builds(Piece, st.lists(units, max_size=5))
    | st.builds(End, accounts, st.none() | checks)
    | st.builds(Looked, st.lists(sources, max_size=3).map(tuple))
    | st.builds(Failed, TEXT, TEXT)
    | st.builds(Seen, st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=2).map(tuple), TEXT)
)


@given(messages)
def test_what_is_told_is_what_is_heard(told: Told) -> None:
    heard = read(written(told), PATH, DATASET)
    assert heard == told
    if isinstance(told, Looked) and isinstance(heard, Looked):
        assert [each.known for each in heard.sources] == [each.known for each in told.sources]


@given(st.binary(max_size=60) | messages.map(pickle.dumps))
def test_bytes_that_are_no_message_are_an_error(said: bytes) -> None:
    for tag in (b"", b"u", b"a"):
        with pytest.raises(Garbled):
            read(tag + said, PATH, DATASET)


def parts(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of everything in nested lists and dictionaries."""
    inside = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    return [at, *(place for key, each in inside for place in parts(each, (*at, key)))]


@given(messages, st.data())
def test_a_message_with_something_else_in_it_is_that_or_an_error(told: Told, data: st.DataObject) -> None:
    """Never another error, and no text comes out where there is none."""
    said = written(told)
    plain = json.loads(said[1:])
    *before, last = data.draw(st.sampled_from(parts(plain)[1:]))
    inside = plain
    for key in before:
        inside = inside[key]
    inside[last] = data.draw(st.sampled_from([None, 1, -1, "x", [], {}, [1], [["x"]], 10**9, 1.5]))
    try:
        heard = read(said[:1] + json.dumps(plain).encode(), PATH, DATASET)
    except Garbled:
        return
    if isinstance(heard, Piece):
        records = [record for unit in heard.units if isinstance(unit, list) for record in unit]
        assert all(isinstance(each.locator, str) and isinstance(each.source_id, str) for each in records)
        assert all(isinstance(v.original, str | None) for r in records for vs in r.properties.values() for v in vs)


def test_a_message_is_about_what_was_asked() -> None:
    """Whatever it says: the path and the dataset are those that this process knows."""
    source = Source("x", "x", Way(Path("/etc/passwd"), (Step("gz"),)))
    heard = read(written(Looked((source,))), PATH, None)
    assert isinstance(heard, Looked)
    assert heard.sources[0].way.path == PATH
    record = Record("Person", Dataset("OTHER", "x"), "1", {}, parse_marking("OPEN//REL A"))
    piece = read(written(Piece([[record]])), PATH, DATASET)
    assert isinstance(piece, Piece)
    assert isinstance(piece.units[0], list)
    assert piece.units[0][0].dataset == DATASET
    with pytest.raises(Garbled):
        read(b"u" + orjson.dumps(["Piece", [[1], [], [], [], [], []]]), PATH, None)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Account, "breaks kept others skipped announced changes names made left more_left"),
        (Reject, "locator reason message raw header footer marking texts fields"),
        (Left, "locator"),
        (
            Record,
            f"schema dataset source_id properties marking roles basis grade part ordinal locator {TIES} gone _said",
        ),
    ],
)
def test_every_field_has_its_place_in_a_message(kind: type, names: str) -> None:
    """A new one wants a place in `ingest.wire`, too."""
    assert [each.name for each in fields(kind)] == names.split()
