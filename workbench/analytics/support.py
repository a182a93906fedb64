"""The records behind an answer: their keys, and the handling codes that they hand on."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from workbench.analytics.finding import Finding, Row, frozen
from workbench.analytics.projection import Projection
from workbench.model.marking import union_of_handling
from workbench.view.asking import question
from workbench.view.view import View

R = TypeVar("R", bound=Row)


@question
def finding(
    view: View,
    projection: Projection,
    kind: str,
    asked: Mapping[str, Any],
    measured: Mapping[str, Any],
    results: Iterable[R],
    records: Iterable[int],
    seed: int = 0,
    evidence: Iterable[str] = (),
) -> Finding[R]:
    """The finding that rests on these records, by the snapshot's numbers, and on the evidence of judgements, by key.

    Handling codes are told by the records' classes of visibility, so none of them is read. Evidence is: it may have
    been superseded since, and then hands on nothing.
    """
    keys = projection.snapshot.keys_of(sorted(set(records)))
    judged = sorted(set(evidence) - set(keys.values()))
    read = {each.record.marking for each in view.records(judged)} if judged else frozenset()
    return Finding(
        kind=kind,
        asked=frozen({"projection": projection.name, **asked}),
        measured=frozen(measured),
        seed=seed,
        revision=view.revision,
        results=tuple(results),
        records=tuple(sorted({*keys.values(), *judged})),
        set_aside=tuple(value.to_row() for value in projection.set_aside),
        handling=union_of_handling(projection.snapshot.markings_of(keys) | read),
    )
