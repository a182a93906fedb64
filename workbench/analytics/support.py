"""Make findings: the keys of the supporting records, and the union of their handling codes."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from workbench.analytics.finding import Finding, Row, frozen
from workbench.analytics.projection import Projection
from workbench.analytics.weights import COUNTED, TIES_ARE
from workbench.model.marking import Marking, union_of_handling
from workbench.model.numbers import RecordNumber
from workbench.resolve.common import Beside, CommonValue
from workbench.store.assembly import each_once
from workbench.store.columns import Int32
from workbench.view.asking import question
from workbench.view.view import View

R = TypeVar("R", bound=Row)
_NO_MEASURE = ("paths",)  # analyses that find ties, and measure nothing by them


@question
def finding(
    view: View,
    projection: Projection,
    kind: str,
    asked: Mapping[str, Any],
    measured: Mapping[str, Any],
    results: Iterable[R],
    records: Iterable[RecordNumber] | Int32,
    seed: int = 0,
    evidence: Iterable[str] = (),
) -> Finding[R]:
    """Make a finding that rests on records, by the snapshot's numbers, and on evidence of judgements, by key.

    The records' handling codes come from their classes of visibility, without reading the records. The evidence is
    read: if it has been superseded, its handling codes are not included.
    """
    numbers = each_once(records if isinstance(records, np.ndarray) else np.array(list(records), dtype=np.int32))
    markings = projection.snapshot.markings_of(numbers)
    keys = list(projection.snapshot.keys_of(numbers).values())  # in order, as the numbers of records are
    said = set(evidence)
    judged = sorted(said - set(keys)) if said else []
    if judged:
        markings |= {each.record.marking for each in view.records(judged)}
    return finding_on(
        sorted([*keys, *judged]) if judged else keys,
        markings,
        kind=kind,
        asked={"projection": projection.name, **asked},
        measured=measured,
        seed=seed,
        revision=view.revision,
        results=results,
        set_aside=projection.set_aside,
    )


def finding_on(
    keys: Iterable[str],
    markings: Iterable[Marking],
    *,
    kind: str,
    asked: Mapping[str, Any],
    measured: Mapping[str, Any],
    revision: str,
    results: Iterable[R],
    set_aside: Iterable[CommonValue | Beside],
    seed: int = 0,
) -> Finding[R]:
    """Make a finding that rests on the records with these keys, in order, and markings.

    `measured` says that ties were counted, unless the analysis says that they were weighted, or measures nothing.
    """
    return Finding(
        kind=kind,
        asked=frozen(asked),
        measured=frozen(measured if kind in _NO_MEASURE else {TIES_ARE: COUNTED, **measured}),
        seed=seed,
        revision=revision,
        results=tuple(results),
        records=tuple(keys),
        set_aside=tuple(value.to_row() for value in set_aside),
        handling=union_of_handling(markings),
    )
