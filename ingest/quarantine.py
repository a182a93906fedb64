"""Quarantine: units that could not be read, kept as they came until they can be.

It belongs to the agency that loaded them, and is read through a view like all else.
"""

import io
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import IO, Literal

from ingest.intake import Intake, Order
from ingest.manifest import Reject
from ingest.pipeline import Options, ordered
from ingest.report import LoadReport, Tally, report_of
from ingest.units import Ordinals, units
from workbench.errors import FileRefused, NotFound, UsageError
from workbench.model.record import Record
from workbench.store.base import GraphStore, Writer
from workbench.store.types import Quarantined
from workbench.store.view import View


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A unit with its header before it, for an adapter to read."""

    name: str
    content: bytes

    def open(self, mode: Literal["rb"]) -> IO[bytes]:
        """Its bytes, from the start."""
        return io.BytesIO(self.content)


def chosen(view: View, ids: Iterable[str]) -> tuple[Quarantined, ...]:
    """The units with these ids, or all that the viewer's agencies have; NotFound for another's."""
    known = {each.id: each for each in view.quarantine()}
    wanted = list(dict.fromkeys(ids))
    for each in wanted:
        if each not in known:
            raise NotFound("unit in quarantine", each)
    return tuple(known[each] for each in wanted) if wanted else tuple(known.values())


def replay(
    store: GraphStore,
    view: View,
    ids: Sequence[str] = (),
    *,
    by: str,
    adapter: str | None = None,
    manifest: Path | None = None,
) -> LoadReport:
    """Read units again (all, if none is named), with a corrected manifest or adapter.

    What can be read now goes into the dataset that it was loaded for and leaves quarantine,
    as if it had been read at first. UsageError where units of several agencies are meant.
    """
    started = monotonic()
    found = chosen(view, ids)
    agencies = sorted({each.agency for each in found})
    if len(agencies) > 1:
        raise UsageError(f"these are units of several agencies, {', '.join(agencies)}: replay those of one")
    if not found:
        return LoadReport((), None, 0.0)
    groups = [(_order(group[0], by, adapter, manifest), group) for group in _by_file(found)]
    with store.writer(agency=agencies[0], by=by) as writer:
        tallies = [_again(writer, order, group) for order, group in groups]
        revision = writer.publish(
            dataset=", ".join(sorted({each.dataset for each in found})),
            adapter=", ".join(sorted({order.adapter for order, _ in groups})),
            files=[tally.report() for tally in tallies],
        )
    return report_of(tallies, revision, monotonic() - started)


def _by_file(found: Sequence[Quarantined]) -> list[list[Quarantined]]:
    """Units that were loaded together from one file."""
    groups: dict[tuple[str, ...], list[Quarantined]] = defaultdict(list)
    for each in found:
        context = each.context
        groups[each.dataset, each.path, each.adapter, context["file"], context["delivered"]].append(each)
    return [groups[key] for key in sorted(groups)]


def _order(unit: Quarantined, by: str, adapter: str | None, manifest: Path | None) -> Order:
    """The load of a unit as it would be ordered now."""
    options = Options(
        by=by,
        adapter=adapter,
        manifest=manifest,
        agency=unit.agency,
        dataset=unit.dataset,
        delivered=unit.context["delivered"],
        marking=unit.context["marking"],
    )
    return ordered(options, usual=unit.adapter)


def _again(writer: Writer, order: Order, found: Sequence[Quarantined]) -> Tally:
    """Take in the units of one file again, numbered on from those that it had."""
    first = found[0]
    file = first.context["file"]
    tally = Tally(first.path, first.context["sha256"], dataset=first.dataset)
    ordinals = Ordinals(writer.numbering(file))
    intake = Intake(writer, order, order.manifest, tally, first.context["name"], ordinals=ordinals)
    for each in found:
        intake.take(_read(each, order), again=each)
    intake.flush()
    writer.keep_numbering(file, ordinals.kept())
    return tally


def _read(unit: Quarantined, order: Order) -> list[Record] | Reject:
    """The records of a unit, at the place that it has in its file; or why there are none still."""
    header = b64decode(unit.context["header"])
    again = Reject(unit.locator, unit.reason, unit.message, unit.raw, header)
    try:
        source = _Bytes(unit.context["name"], header + unit.raw)
        read = list(units(order.reader.read(source, order.manifest)))
    except FileRefused as refused:
        return replace(again, reason=refused.reason, message=str(refused))
    if len(read) != 1:
        return replace(again, reason="not one unit", message=f"it reads as {len(read)} units now")
    only = read[0]
    if isinstance(only, Reject):
        return replace(again, reason=only.reason, message=only.message)
    return [replace(record, locator=unit.locator) for record in only]
