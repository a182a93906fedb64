"""The notebook runs from top to bottom, and finds what was planted."""

import ast
import json
import runpy
from pathlib import Path

import jupytext
import pytest

from workbench.model.ids import entity_id

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_a_notebook_without_outputs(path: Path) -> None:
    cells = jupytext.read(path).cells
    assert cells[0].cell_type == "markdown"
    assert sum(cell.cell_type == "code" for cell in cells) > 5
    assert not list((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_needs_the_public_names_alone(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom)]
    imported = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
    assert imported <= {"workbench", "networkx", "pandas"}


@pytest.mark.sqlite_only(reason="the notebook makes a file of its own")
def test_the_first_case_is_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = runpy.run_path(str(ROOT / "notebooks" / "01_first_case.py"))
    truth = json.loads((ROOT / "sample_data" / "truth.json").read_text("utf-8"))
    ids = {
        each["entity"]: {entity_id(s["agency"], s["dataset"], s["source_id"]) for s in each["sources"]}
        for each in truth["entities"]
    }
    planted = truth["planted"]
    assert found["STORE"].startswith(f"sqlite:///{tmp_path}")
    assert found["recruiter"] in ids["recruiter"]
    assert found["landlord"] in ids["landlord"]
    assert found["broker"] == found["nico"] in ids["broker"]
    assert found["naive"].results[0].id in ids[planted["common_values"]["naive_first"][0]]
    assert found["successor"] == planted["phone_switch"]["new"]
    assert int(found["fresh"]["taken_over"].iloc[0]) == len(planted["phone_switch"]["taken_over"])
    assert len(found["chain"]) == len(planted["money"]["stations"])
    assert found["trail"].results[0].weakest.startswith(truth["questions"]["4"]["weakest_grade"])
    assert "Nico" not in found["seen_by_noordkust"]
