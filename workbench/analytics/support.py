"""The records behind an answer: their keys, and the handling codes that they hand on."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from workbench.analytics.finding import Finding, Row, frozen
from workbench.analytics.projection import Projection
from workbench.model.marking import Marking, union_of_handling
from workbench.model.numbers import RecordNumber
from workbench.resolve.common import CommonValue
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
    records: Iterable[RecordNumber],
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
    return finding_on(
        sorted({*keys.values(), *judged}),
        projection.snapshot.markings_of(keys) | read,
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
    set_aside: Iterable[CommonValue],
    seed: int = 0,
) -> Finding[R]:
    """The finding that rests on records of these keys, in order, which carry these markings."""
    return Finding(
        kind=kind,
        asked=frozen(asked),
        measured=frozen(measured),
        seed=seed,
        revision=revision,
        results=tuple(results),
        records=tuple(keys),
        set_aside=tuple(value.to_row() for value in set_aside),
        handling=union_of_handling(markings),
    )
