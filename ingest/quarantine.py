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

from ingest.adapters import ADAPTERS
from ingest.intake import Intake, Order
from ingest.manifest import Manifest, Reject, read_manifest, settle
from ingest.report import LoadReport, Tally, report_of
from ingest.specs import ManifestSpec
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
    found = chosen(view, ids)
    agencies = sorted({each.agency for each in found})
    if len(agencies) > 1:
        raise UsageError(f"these are units of several agencies, {', '.join(agencies)}: replay those of one")
    if not found:
        return LoadReport((), None, 0.0)
    spec = read_manifest(manifest) if manifest else None
    with store.writer(agency=agencies[0], by=by) as writer:
        batches = [_Batch(view, writer, each, spec, manifest, adapter, by) for each in _by_file(found)]
        tallies = [batch.replayed() for batch in batches]
        datasets = ", ".join(sorted({each.dataset for each in found}))
        names = ", ".join(sorted({batch.order.adapter for batch in batches}))
        files = [tally.report() for tally in tallies]
        revision = writer.publish(dataset=datasets, adapter=names, files=files)
    return report_of(tallies, revision, monotonic() - started)


def _by_file(found: Sequence[Quarantined]) -> list[list[Quarantined]]:
    """Units that were loaded together from one file."""
    groups: dict[tuple[str, ...], list[Quarantined]] = defaultdict(list)
    for each in found:
        context = each.context
        groups[each.dataset, each.path, each.adapter, context["sha256"], context["delivered"]].append(each)
    return [groups[key] for key in sorted(groups)]


class _Batch:
    """The units of one file."""

    def __init__(
        self,
        view: View,
        writer: Writer,
        found: list[Quarantined],
        spec: ManifestSpec | None,
        path: Path | None,
        adapter: str | None,
        by: str,
    ) -> None:
        first = found[0]
        name = adapter or (spec.adapter if spec else None) or first.adapter
        if name not in ADAPTERS:
            raise UsageError(f"no adapter {name!r}: one of {', '.join(sorted(ADAPTERS))}")
        if spec is None and ADAPTERS[name].needs_manifest:
            raise UsageError(f"adapter {name} wants a manifest that says what the columns mean: give --manifest")
        self._found = found
        self._manifest = _settled(spec, path, first)
        self.order = Order(name, self._manifest, first.context["delivered"], by)
        self._tally = Tally(first.path, first.context["sha256"], dataset=first.dataset)
        waiting = frozenset(each.id for each in found)
        ordinals = _Continued(view, self._tally.sha256)
        self._intake = Intake(writer, self.order, self._manifest, self._tally, first.context["name"], waiting, ordinals)

    def replayed(self) -> Tally:
        """Read every unit again."""
        for each in self._found:
            self._intake.take(self._again(each))
        self._intake.flush()
        return self._tally

    def _again(self, unit: Quarantined) -> list[Record] | Reject:
        """The records of a unit, at the place that it has in its file; or why there are none still."""
        header = b64decode(unit.context["header"])
        again = Reject(unit.locator, unit.reason, unit.message, unit.raw, header)
        try:
            source = _Bytes(unit.context["name"], header + unit.raw)
            read = list(units(self.order.reader.read(source, self._manifest)))
        except FileRefused as refused:
            return replace(again, reason=refused.reason, message=str(refused))
        if len(read) != 1:
            return replace(again, reason="not one unit", message=f"it reads as {len(read)} units now")
        only = read[0]
        if isinstance(only, Reject):
            return replace(again, reason=only.reason, message=only.message)
        return [replace(record, locator=unit.locator) for record in only]


def _settled(spec: ManifestSpec | None, path: Path | None, unit: Quarantined) -> Manifest:
    origin = str(path) if path else f"the default of adapter {unit.adapter}"
    return settle(spec, origin, agency=unit.agency, dataset=unit.dataset, marking=unit.context["marking"])
