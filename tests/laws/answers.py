"""Answers as bytes, which are equal if and only if a reader can see no difference."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from pathlib import Path
from types import FunctionType, GeneratorType
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from pydantic import BaseModel

from ingest.report import LoadReport
from tests.conformance.oracle.operations import AT
from workbench.analytics.predictor import LinkPredictor
from workbench.analytics.projection import Projection
from workbench.app.desk import Desk
from workbench.app.exported.facts import Facts
from workbench.session import Session
from workbench.store.types import Provenance
from workbench.view.snapshot import Snapshot
from workbench.view.store import GraphStore
from workbench.view.view import View
from workbench.view.walking import Between, Walk

_ARRAYS = ("nodes", "schema", "a", "b", "role_a", "role_b", "tie_schema", "day", "record")
_LONG = 20_000
_NUMBERS = 1_000  # no store of the laws has as many records
_TIME = re.compile(
    r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00|(?<=Chart of )20[\d: -]{17}|20\d\d-\d\d-\d\d \d\d:\d\d(?= UTC)"
)


def answer(given: object, names: Mapping[str, str]) -> bytes:
    """An answer as canonical bytes.

    `names` gives what is random (tokens, ids of loads) by a name that stays the same from store
    to store. The time of the test's run becomes "<now>".
    """
    text = json.dumps(_plain(given), ensure_ascii=False, indent=1)
    if names:
        text = re.sub("|".join(sorted(names, key=len, reverse=True)), lambda found: names[found[0]], text)
    return _TIME.sub(lambda found: found[0] if found[0] == AT else "<now>", text).encode("utf-8", "surrogatepass")


def _plain(x: Any) -> Any:
    for kinds, spell in _SPELL:
        if isinstance(x, kinds):
            return spell(x)
    if is_dataclass(x) and not isinstance(x, type):
        return [type(x).__name__, {f.name: _plain(getattr(x, f.name)) for f in fields(x) if _is_said(x, f.name)}]
    if hasattr(x, "_asdict"):
        return [type(x).__name__, {name: _plain(value) for name, value in x._asdict().items()}]
    if isinstance(x, list | tuple | GeneratorType | Iterator):
        return [_plain(each) for each in x]
    raise TypeError(f"no way to compare {type(x)}: say in tests/laws/answers.py how it is spelt")


def _is_said(x: object, name: str) -> bool:
    return not callable(getattr(x, name))


def _text(x: str) -> str:
    """A text, with very long lines (a library inside a page) replaced by their hash."""
    if len(x) < _LONG:
        return x
    lines = (line if len(line) < _LONG else sha256(line.encode()).hexdigest() for line in x.splitlines(keepends=True))
    return "".join(lines)


def _mapping(x: Mapping[Any, Any]) -> Any:
    return ["mapping", [[_plain(key), _plain(value)] for key, value in x.items()]]  # its order shows in JSON


def _array(x: np.ndarray) -> Any:
    return ["array", x.dtype.name, list(x.shape), x.tolist() if x.dtype.kind in "biuf" else _plain(x.tolist())]


def _frame(x: pd.DataFrame) -> Any:
    rows = [[_plain(cell) for cell in row] for row in x.itertuples(index=False)]
    return ["frame", list(x.columns), list(x.index), rows]


def _graph(x: nx.Graph) -> Any:
    edges = x.edges(keys=True, data=True) if x.is_multigraph() else x.edges(data=True)
    return [type(x).__name__, _plain(dict(x.graph)), _plain(list(x.nodes(data=True))), _plain(list(edges))]


def _snapshot(x: Snapshot) -> Any:
    """Everything that a snapshot gives: its arrays, and its answers for all record numbers."""
    said = {name: _plain(getattr(x, name)) for name in ("_columns", "identity", "markings", *_ARRAYS)}
    return ["snapshot", said, _plain(x.keys_of(range(-1, _NUMBERS))), x.ids, x.schemata, _plain(x.csr)]


def _walk(x: Walk) -> Any:
    return ["walk", list(x.entities), _plain(x.ties)]


def _between(x: Between) -> Any:
    return ["between", [_walk(x.longer_by(ties)) for ties in (0, 1, 2)]]


def _desk(x: Desk) -> Any:
    told = (x.name, x.history, x.selected, x.part, x.note, x.fit, x.focus, x.png_wanted, x.kept, x.unsaved)
    return ["desk", _plain(told)]


def _facts(x: Facts) -> Any:
    """What is said of an exported chart, but for who drew it and what for, which its reader knows."""
    lines = [re.sub(r"(?<=drawn by ).* for [\w-]+(?=, )", "<who looks>", each) for each in x.lines]
    return ["facts", x.title, x.marking, lines]


def _projection(x: Projection) -> Any:
    pairs = list(zip(x.edges.a.tolist(), x.edges.b.tolist(), strict=True))
    evidence = [[sorted(way.rows) for way in x.edges.evidence(a, b)] for a, b in pairs]
    arrays = [_plain(x.edges.rows), _plain(x.edges.place), _plain(x.weights)]
    return [x.name, x.form, _snapshot(x.snapshot), pairs, evidence, arrays, _plain(x.set_aside)]


def _view(x: View) -> Any:
    told = (x.revision, x.digest(), x.stats(), x.clusters(), x.judgements(), x.listed_common())
    return ["view", _plain(told)]


def _files(x: Path) -> Any:
    """What was written there."""
    found = sorted(each for each in (x.rglob("*") if x.is_dir() else [x]) if each.is_file())
    read = [_text(each.read_bytes().decode("utf-8", "replace")) for each in found]
    return ["files", [[str(each.relative_to(x)), text] for each, text in zip(found, read, strict=True)]]


_SPELL: tuple[tuple[Any, Any], ...] = (
    (Enum, lambda x: x.name),
    (str, _text),
    ((int, float, type(None)), lambda x: x),
    (bytes, lambda x: ["bytes", x.hex()]),
    (Decimal, lambda x: ["decimal", str(x)]),
    (FunctionType, lambda x: ["work", _plain(x())]),  # what is computed beside the page
    (np.generic, lambda x: _plain(x.item())),
    (np.ndarray, _array),
    ((set, frozenset), lambda x: ["set", sorted(map(_plain, x), key=repr)]),
    (Mapping, _mapping),
    (pd.DataFrame, _frame),
    (nx.Graph, _graph),
    (Snapshot, _snapshot),
    (Walk, _walk),
    (Between, _between),
    (Projection, _projection),
    (Provenance, lambda x: ["provenance", _plain(x.path), x.adapter, x.loaded_by, x.loaded_at, x.delivered]),
    (View, _view),
    (
        LinkPredictor,
        lambda x: ["predictor", _plain([x.get_params(), x.silent_, x.measured_, x.feature_names_in_.tolist()])],
    ),
    (Session, lambda x: ["session", _view(x.view)]),
    (Desk, _desk),
    (Facts, _facts),
    (LoadReport, lambda x: ["report", _plain(x.files), x.revision, _plain(x.messages)]),
    (BaseModel, lambda x: [type(x).__name__, _plain(x.model_dump())]),
    (GraphStore, lambda x: "store"),
    (Path, _files),
    (BaseException, lambda x: [type(x).__name__, str(x)]),
)
