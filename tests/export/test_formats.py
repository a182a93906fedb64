"""Exports have the content of the view, and its marking."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from followthemoney.proxy import EntityProxy

from tests.analytics.cases import EVERYBODY, eid, person, seen, thing, tie
from tests.model.ftm import standard_model
from workbench.access.viewer import Viewer
from workbench.errors import UsageError
from workbench.export import export_view, formats
from workbench.export.marking import marking_of
from workbench.export.tables import safe
from workbench.model.marking import parse_marking
from workbench.model.record import Value

PASSPORT = {"passportNumber": "NX1234567", "passportCountry": "nl"}
A = person("a", "AAA", **PASSPORT)
B = person("b", "BBB", alias="Nico", **PASSPORT)
HOLDING = tie(
    "Holding", "AAA", grade="X4", marking="SECRET//REL AAA,BBB//HC QX7", holder="a", held="t", startDate="2026"
)
RECORDS = [A, B, HOLDING, thing("Phone", "t", "AAA", number="+31612345678")]


def test_follow_the_money_lines_are_entities_with_their_sources(tmp_path: Path) -> None:
    out = tmp_path / "case.ftm.json"
    with seen(RECORDS) as view:
        assert export_view(view, "ftm", out) == 2
        lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        assert len(lines) == 3
        by_schema = {line["schema"]: line for line in lines}
        nico = by_schema["Person"]
        assert nico["id"] == view.canonical(eid("a"))
        assert sorted([nico["id"], *nico["referents"]]) == sorted([eid("a"), eid("b", "BBB")])
        assert nico["properties"]["name"] == ["Person a", "Person b"]
        assert nico["properties"]["publisher"] == nico["agencies"] == ["AAA", "BBB"]
        assert nico["records"] == sorted([A.key(), B.key()])
        holding = by_schema["Holding"]
        assert holding["id"] == HOLDING.key()
        assert holding["properties"]["holder"] == [nico["id"]]
        assert holding["properties"]["recordId"] == [HOLDING.key()]
        assert (holding["grades"], holding["marking"]) == (["X4 (4x4)"], "SECRET//REL AAA,BBB//HC QX7")
        for line in lines:
            proxy = EntityProxy(standard_model().schemata[line["schema"]], line)
            assert {p: sorted(proxy.get(p)) for p in line["properties"]} == line["properties"]


def test_a_value_that_could_not_be_cleaned_is_kept_beside_the_properties(tmp_path: Path) -> None:
    odd = thing("Phone", "t", number="x")
    odd = replace(odd, properties={"number": (Value(None, "612"),)})
    with seen([odd]) as view:
        export_view(view, "ftm", tmp_path / "out")
        line = json.loads((tmp_path / "out").read_text("utf-8"))
        assert line["uncleaned"] == {"number": ["612"]}
        assert "number" not in line["properties"]


def test_tables_have_every_value_and_no_formula(tmp_path: Path) -> None:
    with seen(
        [*RECORDS, person("f", name='=HYPERLINK("http://x")'), tie("Family", person="f", relative="stub")]
    ) as view:
        assert export_view(view, "csv", tmp_path / "out") == 4
        with (tmp_path / "out" / "entities.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {row["original"] for row in rows if row["id"] == eid("f")} == {'\'=HYPERLINK("http://x")'}
        assert [row["value"] for row in rows if row["property"] == "number"] == ["'+31612345678"]
        assert [(row["schema"], row["value"]) for row in rows if row["id"] == eid("stub")] == [("Thing", "")]
        assert {row["record"] for row in rows} >= {A.key(), B.key()}
        with (tmp_path / "out" / "relationships.csv").open(encoding="utf-8", newline="") as file:
            ties = {row["record"]: row for row in csv.DictReader(file)}
        holding = ties[HOLDING.key()]
        assert holding["roles"] == f"held {eid('t')}; holder {view.canonical(eid('a'))}"
        assert (holding["date"], holding["values"]) == ("2026", "startDate 2026")
        assert (tmp_path / "out" / "marking.txt").read_text("utf-8") == "SECRET//REL AAA,BBB//HC QX7\n"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert safe(cell) == "'" + cell
    assert safe("Nico = 1") == "Nico = 1"


def test_graphml_is_read_by_networkx_with_every_entity_and_tie(tmp_path: Path) -> None:
    out = tmp_path / "case.graphml"
    with seen([*RECORDS, person("lonely")]) as view:
        assert export_view(view, "graphml", out) == 3
        graph = nx.read_graphml(out, force_multigraph=True)
        assert set(graph) == set(view.snapshot().ids)
        assert graph.graph["marking"] == "SECRET//REL AAA,BBB//HC QX7"
        ((a, b, data),) = graph.edges(data=True)
        assert (a, b) == (view.canonical(eid("a")), eid("t"))
        assert (data["schema"], data["record"], data["date"]) == ("Holding", HOLDING.key(), "2026-01-01")


def test_exports_hold_nothing_that_is_hidden(tmp_path: Path) -> None:
    narrow = Viewer(name="c", agencies=frozenset({"CCC"}), level="SECRET")
    with seen(RECORDS, narrow) as view:
        for form in formats():
            out = tmp_path / form
            assert export_view(view, form, out) == 2
            files = sorted(out.iterdir()) if out.is_dir() else [out]
            text = "".join(file.read_text("utf-8") for file in files)
            assert HOLDING.key() not in text
            assert "QX7" not in text


def test_an_export_goes_to_stdout_or_is_told_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with seen(RECORDS, EVERYBODY) as view:
        export_view(view, "ftm", None)
        assert len(capsys.readouterr().out.splitlines()) == 3
        with pytest.raises(UsageError, match="folder"):
            export_view(view, "csv", None)
        with pytest.raises(UsageError, match="one of csv, ftm, graphml, html"):
            export_view(view, "xlsx", None)
        with pytest.raises(UsageError, match=r"name another path \(out=\)$"):
            export_view(view, "ftm", tmp_path / "no" / "folder")


@pytest.mark.parametrize(
    ("markings", "whole"),
    [
        ([], "NO RECORDS"),
        (["OPEN//REL A,B", "SECRET//REL B,C//COMP X//HC H1"], "SECRET//REL B//COMP X//HC H1"),
        (["OPEN//REL A//HC H2", "OPEN//REL B//HC H1"], "OPEN//REL NO AGENCY AS A WHOLE//HC H1,H2"),
        (["OPEN//REL A//PRIVILEGED", "OPEN//REL A"], "OPEN//REL A//PRIVILEGED"),
    ],
)
def test_the_whole_is_marked_as_strictly_as_its_parts(markings: list[str], whole: str) -> None:
    assert marking_of(map(parse_marking, markings)) == whole


@pytest.mark.parametrize("form", formats())
def test_an_export_asks_the_store_as_often_for_many_as_for_few(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(n: int) -> int:
        people = [person(f"p{i}", "AAA") for i in range(n)]
        ties = [tie("Family", "AAA", person=f"p{i}", relative=f"p{i + 1}") for i in range(n - 1)]
        calls: list[str] = []
        with seen([*people, *ties]) as view:
            for name in ("moment", "keys_of", "records_by_key", "records_about"):
                true = getattr(view._backend, name)
                monkeypatch.setattr(view._backend, name, lambda *args, _=name, t=true: calls.append(_) or t(*args))
            assert export_view(view, form, tmp_path / f"{n}") == n
        return len(calls)

    assert asked(40) == asked(5)
