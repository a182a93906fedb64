"""DataFrames of a view: of its entities, or of the records of its relationships."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.model.ontology import ontology
from workbench.store.types import SourcedRecord
from workbench.view import content
from workbench.view.asking import question
from workbench.view.snapshot import Snapshot
from workbench.view.view import View

_SEVERAL = "; "
_FIRST = ("record", "schema", "date", "agency", "dataset", "grade", "marking")


@question
def frame(view: View, schema: str | None = None) -> pd.DataFrame:
    """A DataFrame of all entities, or of the entities or relationships of a schema; see `Session.frame`."""
    with view.at_one_access():
        if schema is None:
            return _summaries(view, view.snapshot().ids)
        declared = ontology().require(schema)
        return _relationships(view, schema) if declared.edge else _entities(view, schema)


def _summaries(view: View, ids: Sequence[str]) -> pd.DataFrame:
    rows = [(each.id, each.schema, each.caption, _SEVERAL.join(each.datasets)) for each in view.summaries(ids)]
    return pd.DataFrame(rows, columns=["id", "schema", "caption", "datasets"]).set_index("id")


def _entities(view: View, schema: str) -> pd.DataFrame:
    rows, ids = [], []
    for described in content.entities(view, schema):
        said: dict[str, set[str]] = defaultdict(set)
        for record in described.records:
            for name, values in record.record.values().items():
                said[name].update(values)
        ids.append(described.summary.id)
        rows.append({name: _SEVERAL.join(sorted(values)) for name, values in said.items()})
    properties = pd.DataFrame(rows, index=pd.Index(ids, name="id"), columns=sorted({n for row in rows for n in row}))
    return _summaries(view, ids).join(properties)


def _relationships(view: View, schema: str) -> pd.DataFrame:
    snapshot = view.snapshot()
    rows = [_row(snapshot, each) for each in content.relationships(view, schema)]
    names = {name for row in rows for name in row}
    columns = [*_FIRST, *(role for role in ontology().roles(schema) if role in names)]
    return pd.DataFrame(rows, columns=[*columns, *sorted(names - set(columns))]).set_index("record")


def _row(snapshot: Snapshot, sourced: SourcedRecord) -> dict[str, Any]:
    record = sourced.record
    return {
        **{name: _SEVERAL.join(said) for name, said in record.values().items()},
        **{role: _SEVERAL.join(ids) for role, ids in content.roles(snapshot, sourced).items()},
        "record": sourced.key,
        "schema": record.schema,
        "date": ontology().when(record.values()),
        "agency": record.dataset.agency,
        "dataset": str(record.dataset),
        "grade": str(record.grade or ""),
        "marking": str(record.marking),
    }
