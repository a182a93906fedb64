"""Real charts and networks load through the command line with known counts, and say what other readers find in them."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from tests.ingest.desk import Desk
from tests.ingest.graphs import Graph, graph, values
from workbench.commands.console import run
from workbench.commands.ingest import cli as ingest
from workbench.commands.main import cli as workbench
from workbench.model.record import Basis

pytestmark = pytest.mark.data

NETWORKS = [
    ("square-csv", "networks/ucinet_csv/morselli_caviar.csv", 110, {"DirectedLink": 295}),
    ("square-csv", "networks/ucinet_csv/LONDON_GANG.csv", 54, {"UnknownLink": 315}),
    ("square-csv", "networks/ucinet_csv/berlusconietal_oversize.csv", 89, {"UnknownLink": 146}),
    ("square-csv", "networks/ucinet_csv/morselli_siren.csv", 44, {"UnknownLink": 103}),
    ("graphml", "networks/graphml/quakers-network.graphml", 96, {"UnknownLink": 162}),
    ("graphml", "networks/graphml/igraph_test.graphml", 6, {"UnknownLink": 7}),
    ("gexf", "networks/gexf/LesMiserables.gexf", 77, {"UnknownLink": 254}),
    ("pajek", "networks/igraph_pajek/pajek1.net", 10, {"UnknownLink": 9}),
    ("pajek", "networks/igraph_pajek/pajek2.net", 10, {"UnknownLink": 9}),
    ("pajek", "networks/igraph_pajek/pajek_arcslist.net", 18, {"DirectedLink": 55}),
    ("pajek", "networks/igraph_pajek/pajek_bip.net", 15, {"UnknownLink": 25}),
    ("pajek", "networks/igraph_pajek/utf8_with_bom.net", 10, {"UnknownLink": 6}),
    ("dl", "networks/igraph_dl/edgelist1.dl", 5, {"DirectedLink": 5}),
    ("dl", "networks/igraph_dl/edgelist2.dl", 5, {"DirectedLink": 5}),
    ("dl", "networks/igraph_dl/nodelist1.dl", 5, {"DirectedLink": 5}),
    ("dl", "networks/igraph_dl/fullmatrix1.dl", 5, {"DirectedLink": 12}),
    (
        *("anx", "i2/anxwritter_northstar.anx", 8),
        {"UnknownLink": 3, "Transfer": 1, "Ownership": 3, "Employment": 1},
    ),
    ("anx", "i2/anxwritter_minimal_golden.anx", 2, {"Call": 1}),
]


@pytest.fixture
def store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("WORKBENCH_VIEWERS", raising=False)
    monkeypatch.setenv("WORKBENCH_STORE", desk.url)
    return desk.url


def call(capsys: pytest.CaptureFixture[str], group: Any, *arguments: str | Path) -> tuple[int, Any]:
    code = run(group, [str(each) for each in arguments])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("adapter", "name", "nodes", "links"), NETWORKS)
def test_a_network_has_its_entities_and_relationships(
    capsys: pytest.CaptureFixture[str], shared_data: Path, adapter: str, name: str, nodes: int, links: dict[str, int]
) -> None:
    path, units = shared_data / name, nodes + sum(links.values())
    code, report = call(capsys, ingest, "load", path, "--adapter", adapter, "--json")
    (entry,) = report["files"]
    assert (code, entry["read"], entry["accepted"], entry["quarantined"]) == (0, units, units, 0)
    _, stats = call(capsys, workbench, "stats", "--json")
    assert sum(stats["entities"].values()) == nodes
    assert (stats["relationships"], stats["ties"], stats["stubs"]) == (links, sum(links.values()), 0)
    code, again = call(capsys, ingest, "load", path, "--adapter", adapter, "--json")
    assert (code, again["revision"], again["files"][0]["unchanged"]) == (0, None, units)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("adapter", "name", "reason"),
    [
        ("pajek", "networks/igraph_pajek/invalid_pajek1.net", "bad size"),
        ("graphml", "networks/graphml/invalid1.graphml", "not XML"),
        ("gexf", "networks/graphml/quakers-network.graphml", "not this format"),
        ("anx", "sanctions/negative/sdn_s3_error_page.xml", "not this format"),
        ("square-csv", "networks/igraph_dl/fullmatrix1.dl", "not square"),
        ("square-csv", "senzing/demo/customers.csv", "label stands twice"),
        ("node-link", "misp/pymisp/sharing_groups.json", "not this format"),
        ("dl", "networks/igraph_pajek/pajek1.net", "not this format"),
    ],
)
def test_what_is_no_network_is_refused(
    capsys: pytest.CaptureFixture[str], shared_data: Path, adapter: str, name: str, reason: str
) -> None:
    code, report = call(capsys, ingest, "load", shared_data / name, "--adapter", adapter, "--json")
    (entry,) = report["files"]
    assert (code, entry["refused"], list(entry["reasons"])) == (1, 1, [reason])


def read(adapter: str, path: Path) -> Graph:
    return graph(adapter, path.read_bytes(), name=path.name)


def said(found: Graph) -> Counter[tuple[str, str, str]]:
    """The links of a network: their ends and their value."""
    texts = [values(each).get("description", []) for each in found.relationships]
    weights = [next((text[8:] for text in some if text.startswith("weight: ")), "") for some in texts]
    return Counter((tie.start, tie.end, weight) for tie, weight in zip(found.ties(), weights, strict=True))


@pytest.mark.parametrize("name", ["morselli_caviar", "LONDON_GANG", "berlusconietal_oversize", "morselli_siren"])
def test_squares_are_their_cells(shared_data: Path, name: str) -> None:
    path = shared_data / f"networks/ucinet_csv/{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        cells = {(row[""], column): cell for row in csv.DictReader(lines) for column, cell in row.items() if column}
    wanted = {pair: cell for pair, cell in cells.items() if cell != "0"}
    if all(cells[b, a] == cell for (a, b), cell in cells.items()):
        order = list(dict.fromkeys(a for a, _ in cells))
        wanted = {(a, b): cell for (a, b), cell in wanted.items() if order.index(a) <= order.index(b)}
    assert said(read("square-csv", path)) == Counter((a, b, cell) for (a, b), cell in wanted.items())


@pytest.mark.parametrize("adapter", ["graphml", "gexf"])
def test_graphs_are_as_networkx_reads_them(shared_data: Path, adapter: str) -> None:
    name = {"graphml": "graphml/quakers-network.graphml", "gexf": "gexf/LesMiserables.gexf"}[adapter]
    path = shared_data / "networks" / name
    other = nx.read_graphml(path) if adapter == "graphml" else nx.read_gexf(path)
    found = read(adapter, path)
    assert set(found.entities) == set(other)
    ends = Counter(frozenset(tie[1:]) for tie in found.ties())
    assert ends == Counter(map(frozenset, other.edges()))
    for node, fields in other.nodes(data=True):
        kept = values(found.entities[node])
        assert kept["name"] == [fields.get("label", node)]
        texts = {text.partition(": ")[0]: text.partition(": ")[2] for text in kept["description"]}
        assert {"modularity_class", "size"} & set(texts) or not fields
        for key in set(texts) & set(fields):
            assert float(texts[key]) == float(fields[key])


def test_lists_of_arcs_are_whole(shared_data: Path) -> None:
    """networkx reads 17 of these 55."""
    path = shared_data / "networks/igraph_pajek/pajek_arcslist.net"
    lines = path.read_text("utf-8").lower().partition("*arcslist")[2].splitlines()
    wanted = Counter((words[0], end, "") for words in map(str.split, lines) if words for end in words[1:])
    assert wanted.total() == 55
    assert said(read("pajek", path)) == wanted


def test_labels_with_signs_of_all_scripts(shared_data: Path) -> None:
    found = read("pajek", shared_data / "networks/igraph_pajek/utf8_with_bom.net")
    assert [name for (name,) in found.names().values()][:5] == [
        *("Vlado", "Андреј", "Žnidaršič", "Đurđić", "Jürgen Müller")
    ]
    assert values(found.relationships[0])["summary"] == ["焹焓燝牕犫獨"]


def items(path: Path) -> Iterator[ElementTree.Element]:
    return ElementTree.parse(path).getroot().iter("ChartItem")  # noqa: S314 - our own copy


def test_northstar_is_what_its_items_say(shared_data: Path) -> None:
    path = shared_data / "i2/anxwritter_northstar.anx"
    found, wanted = read("anx", path), [*items(path)]
    entities = [each.find("End/Entity") for each in wanted]
    assert set(found.entities) == {each.get("Identity") for each in entities if each is not None}
    attributes = [each for item in wanted for each in item.iter("Attribute")]
    assert len(attributes) == 14
    kept = Counter(
        text.rpartition(": ")[2]
        for record in found.entities.values()
        for some in values(record).values()
        for text in some
    )
    assert all(kept[each.get("Value", "")] for each in attributes)
    styles = [style for each in wanted for style in each.iter("LinkStyle")]
    strengths = Counter(style.get("Strength") for style in styles)
    assert strengths == {"Confirmed": 6, "Probable": 1, "Possible": 1}
    bases = Counter(record.basis for record in found.relationships)
    assert bases == {Basis.FACT: 6, Basis.ASSESSMENT: 2}
    arrows = [style.get("ArrowStyle", "") for style in styles]
    assert [tie.schema == "UnknownLink" for tie in found.ties()] == [not arrow for arrow in arrows]


def test_northstar_runs_along_its_arrows(shared_data: Path) -> None:
    found = read("anx", shared_data / "i2/anxwritter_northstar.anx")
    roles = [{role.name: role.ref for role in each.roles} for each in found.relationships]
    assert roles[2] == {"payerAccount": "account_carter", "beneficiaryAccount": "account_acme"}
    assert roles[3] == {"owner": "alex_carter", "asset": "vehicle_suv"}
    assert roles[6] == {"employer": "pinecrest_logistics", "employee": "jamie_rivera"}
    first, transfer = found.relationships[0], found.relationships[2]
    assert values(first) == {
        "role": ["Calls"],
        "date": ["2026-02-14T09:30:00"],
        "summary": ["4 calls"],
        "description": ["grade 1: Usually reliable", "grade 2: Probably true", "strength: Confirmed"],
    }
    assert values(transfer)["description"] == [
        *(
            "Transfers Money",
            "source type: Discovery",
            "source reference: BANK-001",
            "grade 1: Always reliable",
            "grade 2: Confirmed",
        ),
        "strength: Confirmed",
    ]
