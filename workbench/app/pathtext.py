"""A path as sentences and as a table."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from workbench.analytics.finding import Finding
from workbench.app.drawing import NOT_GRADED, day_of, place_of, span_of
from workbench.app.pathway import Need, Route, Step
from workbench.export.appearance import label_of
from workbench.model.visible import count
from workbench.store.types import SourcedRecord

SAYS_IT = "says it"


def step_rows(route: Route, sources: Sequence[Step], captions: Mapping[str, str]) -> list[dict[str, str]]:
    """Every record of a path as a table: its ends, relationship, date, amount, grade, agency and locator.

    Step 0 has the payments that the path's start received.
    """
    numbered = [*((0, step) for step in sources), *enumerate(route.steps, 1)]
    return [
        {
            "Step": str(number),
            "From": captions[step.a],
            "To": captions[step.b],
            "Use": SAYS_IT if each in step.records else "behind it",
            "Relationship": label_of(each.record.schema),
            "Date": day_of(each) or ("undated" if step.undated and each in step.records else ""),
            "Amount": " ".join(_amount(each)),
            "Grade": str(each.record.grade or NOT_GRADED),
            "Agency": each.record.dataset.agency,
            "Place": place_of(each),
            "Marking": str(each.record.marking),
            "Record": each.key,
        }
        for number, step in numbered
        for each in step.all
    ]


def step_texts(route: Route, captions: Mapping[str, str]) -> tuple[str, ...]:
    """A path, one line for each step."""
    return tuple(
        f"{captions[step.a]} → {captions[step.b]}: "
        f"{_said(step.records)}{_undated(step)}, {step.grade}, {_agencies(step.all)}"
        for step in route.steps
    )


def sources_text(sources: Sequence[Step], captions: Mapping[str, str]) -> str:
    """A sentence about the payments that the path's start received."""
    records = [each for step in sources for each in step.records]
    return f"{captions[sources[0].b]} received from {count(len(sources), 'payer')}: {_said(records)}"


def no_path_text(found: Finding[Any] | None) -> str:
    """The sentence for no path, or for none found within the limit."""
    if found and found.limit:
        return f"No path was found within the limit. {found.limit}"
    return "No path: nothing in this view connects the two in this projection. Common values carry no path."


def needs_text(needs: Sequence[Need], length: int) -> str:
    """Sentences on the agencies without whose files the shortest path, of this length, would vanish or be longer."""
    gone = [need.agency for need in needs if need.length is None and not need.limited]
    limited = [need.agency for need in needs if need.limited]
    longer = [f"{need.agency} ({need.length} steps)" for need in needs if need.length and need.length > length]
    parts = []
    if gone:
        parts.append("It vanishes without the files of " + ", or of ".join(gone) + ".")
    if longer:
        parts.append("It becomes longer without the files of " + ", or of ".join(longer) + ".")
    if limited:
        parts.append(
            "Within the limit of the search, none was found without the files of " + ", or of ".join(limited) + "."
        )
    return " ".join(parts) or "No single agency's files are needed for it."


def _said(records: Sequence[SourcedRecord]) -> str:
    """Some records in short: kinds, numbers, total amount, and span of time."""
    kinds = " and ".join(sorted({label_of(each.record.schema) for each in records}))
    many = f" ×{len(records)}" if len(records) > 1 else ""
    return ", ".join(filter(None, (kinds + many, total(records), span_of(map(day_of, records)))))


def _undated(step: Step) -> str:
    return ", undated on this path" if step.undated else ""


def _agencies(records: Iterable[SourcedRecord]) -> str:
    return " and ".join(sorted({each.record.dataset.agency for each in records}))


def total(records: Iterable[SourcedRecord]) -> str:
    """The sum of the records' amounts, by currency; "" if none has an amount."""
    sums: dict[str, Decimal] = {}
    for each in records:
        *currency, amount = _amount(each) or ("",)
        try:
            sums[" ".join(currency)] = sums.get(" ".join(currency), Decimal()) + Decimal(amount)
        except InvalidOperation:
            continue
    return " and ".join(f"{currency} {value:,f}".strip() for currency, value in sorted(sums.items()))


def _amount(each: SourcedRecord) -> tuple[str, ...]:
    """The currency and the amount of a record, as far as it has them."""
    values = each.record.values()
    return (*values.get("currency", [])[:1], *values.get("amount", [])[:1]) if values.get("amount") else ()
