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


class _Continued(Ordinals):
    """Goes on numbering where the load of a file stopped, as far as this view sees its records."""

    def __init__(self, view: View, sha256: str) -> None:
        super().__init__()
        self._view, self._sha256 = view, sha256
        self._taken: set[str] = set()

    def numbered(self, record: Record) -> Record:
        """The record with the first number that no equal one of its file has."""
        while not record.source_id and self._is_taken(key := record.key()):
            record = replace(record, ordinal=record.ordinal + 1)
        if not record.source_id:
            self._taken.add(key)
        return record

    def _is_taken(self, key: str) -> bool:
        if key in self._taken:
            return True
        return any(each.provenance.sha256 == self._sha256 for each in self._view.records([key]))


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
    found, now = chosen(view, ids), store.view(view.viewer, purpose=view.purpose)
    agencies = sorted({each.agency for each in found})
    if len(agencies) > 1:
        raise UsageError(f"these are units of several agencies, {', '.join(agencies)}: replay those of one")
    if not found:
        return LoadReport((), None, 0.0)
    groups = [(_order(group[0], by, adapter, manifest), group) for group in _by_file(found)]
    with store.writer(agency=agencies[0], by=by) as writer:
        tallies = [_again(writer, now, order, group) for order, group in groups]
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
        groups[each.dataset, each.path, each.adapter, context["sha256"], context["delivered"]].append(each)
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


def _again(writer: Writer, view: View, order: Order, found: Sequence[Quarantined]) -> Tally:
    """Take in the units of one file again."""
    first = found[0]
    sha256 = first.context["sha256"]
    tally = Tally(first.path, sha256, dataset=first.dataset)
    waiting = frozenset(each.id for each in found)
    ordinals = _Continued(view, sha256)
    intake = Intake(writer, order, order.manifest, tally, first.context["name"], waiting, ordinals)
    for each in found:
        intake.take(_read(each, order))
    intake.flush()
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
