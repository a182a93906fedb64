"""The records behind an answer: their keys, and the handling codes that they hand on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.analytics.finding import Finding, Row
from workbench.analytics.projection import Projection
from workbench.model.marking import union_of_handling
from workbench.view.asking import question
from workbench.view.view import View

_AT_ONCE = 20_000  # records read together


@question
def finding(
    view: View,
    projection: Projection,
    kind: str,
    parameters: Mapping[str, Any],
    results: Iterable[Row],
    records: Iterable[str],
    seed: int = 0,
) -> Finding:
    """The finding that rests on the records with these keys."""
    keys = sorted(set(records))
    return Finding(
        kind=kind,
        parameters={"projection": projection.name, **parameters},
        seed=seed,
        revision=view.revision,
        results=tuple(results),
        records=tuple(keys),
        set_aside=tuple(value.to_row() for value in projection.set_aside),
        handling=handling(view, keys),
    )


@question
def handling(view: View, keys: Sequence[str]) -> tuple[str, ...]:
    """The union of the handling codes of records; reads no more of them than it takes."""
    possible = union_of_handling(view.markings())
    found: tuple[str, ...] = ()
    for start in range(0, len(keys), _AT_ONCE):
        if found == possible:
            break
        read = {each.record.marking for each in view.records(keys[start : start + _AT_ONCE])}
        found = tuple(sorted({*found, *union_of_handling(read)}))
    return found
