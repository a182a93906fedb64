"""Statements of FollowTheMoney: units of many rows, sorted or not, and what of them is left out."""

import csv
import io

import pytest
from followthemoney.dataset import Dataset
from followthemoney.statement import StatementEntity
from followthemoney.statement.serialize import get_statement_writer

from tests.ingest.desk import Desk, reasons, totals
from tests.ingest.graphs import graph
from tests.within import within

COLUMNS = ("canonical_id", "entity_id", "prop", "schema", "value", "dataset", "lang", "original_value", "external")


def table(*rows: tuple[str, ...]) -> str:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([COLUMNS, *((*row, *[""] * 9)[:9] for row in rows)])
    return stream.getvalue()


def values(desk: Desk, name: str) -> list[tuple[str | None, str]]:
    return sorted(
        ((value.value, value.original) for each in desk.records() for value in each.record.properties.get(name, ())),
        key=str,
    )


def test_an_entity_is_all_of_its_statements(desk: Desk) -> None:
    path = desk.write(
        "s.csv",
        table(
            ("NK-1", "a-1", "name", "LegalEntity", "Acme", "one"),
            ("NK-1", "b-1", "name", "Company", "ACME Ltd", "two"),
            ("NK-1", "a-1", "incorporationDate", "Company", "1999", "one", "", "circa 1999"),
            ("NK-1", "a-1", "id", "Company", "0af3", "one"),
            ("NK-2", "c", "asset", "Ownership", "NK-1"),
            ("NK-2", "c", "owner", "Ownership", "NK-3"),
        ),
    )
    report = desk.load(path, adapter="ftm-statements", dataset="d")
    assert totals(report) == {"read": 3, "accepted": 3}
    stats = desk.view().stats()
    assert (stats.entities, stats.relationships, stats.stubs) == ({"Company": 1}, {"Ownership": 1}, 1)
    assert values(desk, "incorporationDate") == [("1999", "circa 1999")]
    assert [value for value, _ in values(desk, "name")] == ["ACME Ltd", "Acme"]
    assert {each.record.source_id for each in desk.records()} == {"NK-1", "NK-2"}


def test_candidates_of_an_enrichment_wait(desk: Desk) -> None:
    path = desk.write(
        "s.csv", table(("", "a", "name", "Person", "Ann"), ("", "b", "name", "Person", "Bo", "", "", "", "t"))
    )
    report = desk.load(path, adapter="ftm-statements", dataset="d")
    assert (totals(report), reasons(report)) == (
        {"read": 2, "accepted": 1, "quarantined": 1},
        {"unknown key: external": 1},
    )


def test_schemata_that_exclude_each_other_are_told(desk: Desk) -> None:
    rows = ("1", "a", "birthDate", "Person", "1990"), ("1", "a", "tonnage", "Vessel", "40")
    report = desk.load(desk.write("s.csv", table(*rows)), adapter="ftm-statements", dataset="d")
    assert totals(report) == {"read": 1, "quarantined": 1}
    nothing = desk.write("t.csv", table(("1", "a", "name", "Nonsense", "x"), ("1", "a", "name", "Person", "x")))
    assert reasons(desk.load(nothing, adapter="ftm-statements", dataset="d")) == {"unknown schema: Nonsense": 1}


@pytest.mark.parametrize("head", ["a,b\n1,2\n", "entity_id,prop\n", '{"a": 1}\n'])
def test_another_table_is_refused(desk: Desk, head: str) -> None:
    report = desk.load(desk.write("s.csv", head), adapter="ftm-statements", dataset="d")
    assert totals(report) == {"read": 1, "refused": 1}


@pytest.mark.parametrize("form", ["csv", "pack"])
@pytest.mark.parametrize("shuffled", [False, True])
def test_what_followthemoney_writes_is_read(
    desk: Desk, form: str, shuffled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any order, also if it has to be sorted in parts on disk."""
    monkeypatch.setattr("ingest.adapters.sorting._AT_ONCE", 7)
    stream = io.BytesIO()
    writer = get_statement_writer(stream, form)
    for n in range(9):
        for schema, said in (
            ("Person", {"id": f"p{n}", "name": [f"Ann {n}", f"Anna {n}\nLine"], "birthDate": ["1990-01-01"]}),
            ("Ownership", {"id": f"o{n}", "owner": [f"p{n}"], "asset": ["x"]}),
        ):
            entity = {"id": said.pop("id"), "schema": schema, "properties": said}
            proxy = StatementEntity.from_data(_dataset(), entity)
            for statement in proxy.statements:
                writer.write(statement)
    writer.close()
    head, *body = csv.reader(io.StringIO(stream.getvalue().decode("utf-8"), newline=""))
    rows = [head, *(body[at * 31 % len(body)] for at in range(len(body)))] if shuffled else [head, *body]
    assert sorted(rows) == sorted([head, *body])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path = desk.write("s.csv", text.getvalue())
    report = desk.load(path, adapter="ftm-statements", dataset="d")
    assert totals(report) == {"read": 18, "accepted": 18}
    assert desk.view().stats().relationships == {"Ownership": 9}
    assert len(values(desk, "name")) == 18
    assert totals(desk.load(path, adapter="ftm-statements", dataset="d")) == {"read": 18, "unchanged": 18}


def _dataset() -> Dataset:
    return Dataset.make({"name": "d", "title": "d"})


def test_a_cell_of_many_lines_takes_time_in_proportion_to_them() -> None:
    """Where each line took time in proportion to all before it, this was minutes."""
    within(60, _read)


def _read() -> None:
    content = table(("a", "a", "name", "Person", "x\n" * 200_000), ("b", "b", "name", "Person", "Bo"))
    assert sorted(graph("ftm-statements", content).entities) == ["a", "b"]
