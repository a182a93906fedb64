"""Networks are read from any folder, as their files say."""

from pathlib import Path

import pytest

from benchmarks.networks import Tie, networks, read


def test_edges_with_nodes_and_labels(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "X.edges.csv").write_text(
        "source,target,weight,time,kind\nb,a,2,2026,call\na,b,3,,\na,a,9,,\nb,c,,,\n"
    )
    (tmp_path / "deep" / "X.nodes.csv").write_text("name,group\na,1\nb,2\nd,\n")
    (found,) = networks(tmp_path)
    assert (found.name, found.names) == ("deep/X", ("a", "b", "d", "c"))
    assert found.ties[0] == Tie("b", "a", 2.0, "2026", "call")
    assert found.labels == {"group": ("1", "2", "", "")}
    assert (found.network.n, found.network.a.tolist(), found.network.b.tolist()) == (4, [0, 1], [1, 3])
    assert found.weighted.each_weight.tolist() == [5, 1]
    assert set(found.graph.edges) == {(0, 1), (1, 3)}
    assert found.graph.number_of_nodes() == 4


def test_edges_without_a_header_and_labels_in_lines(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "edges.csv").write_text("0,1\n1,2\n")
    (tmp_path / "mail" / "of-departments-labels.txt").write_text("node label\n0 7\n2 8\n")
    (found,) = networks(tmp_path)
    assert found.name == "mail"
    assert dict(zip(found.names, found.labels["label"], strict=True)) == {"0": "7", "1": "", "2": "8"}
    assert len(found.network.a) == 2


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("source,target\na,b\nc\n", "a source and a target"),
        ("a,b\nc\n", "a source and a target"),
        ("source,target,weight\na,b,heavy\n", "'heavy'"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, rows: str, why: str) -> None:
    (tmp_path / "edges.csv").write_text(rows)
    with pytest.raises(ValueError, match=f"edges.csv, row {rows.count(chr(10))}: .*{why}"):
        list(networks(tmp_path))
    with pytest.raises(ValueError, match="is no folder"):
        list(networks(tmp_path / "none"))


def test_a_matrix_and_files_of_no_network(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text('\ufeff"","x","y"\n"x",0,2\n"y",1,0\n')
    (tmp_path / "table.csv").write_text("name,age\nx,1\n")
    (tmp_path / "broken.graphml").write_text("<graphml><node")
    (found,) = networks(tmp_path)
    assert (found.name, found.weighted.each_weight.tolist()) == ("m", [3.0])
    with pytest.raises(ValueError, match="has no network"):
        read(tmp_path / "table.csv")


@pytest.mark.data
def test_the_real_ones(shared_data: Path) -> None:
    found = {each.name: each for each in networks(shared_data / "covert")}
    assert len(found) >= 20
    assert found["caviar/CAVIAR_FULL"].network.m == 205
    assert set(found["infinito_locale"].labels) == {"role", "locale"}
    assert len(set(found["email_eu_core"].labels["label"])) == 42
