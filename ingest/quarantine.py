"""Quarantine: units that could not be read, kept with their original bytes until they can be.

It belongs to the agency that loaded them, and is read through a view like everything else.
"""

import io
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from time import monotonic
from typing import IO, Literal

from ingest.account import Account
from ingest.intake import Intake, Order
from ingest.keeping import again
from ingest.manifest import ManifestSpec, read_manifest
from ingest.mapping import mapped, read
from ingest.options import Options
from ingest.ordinals import Ordinals
from ingest.pipeline import ordered
from ingest.report import LoadReport, Tally, report_of
from ingest.shapes import Left, Reject
from ingest.units import units
from workbench.access.policy import refuse_loading
from workbench.access.viewer import Viewer
from workbench.errors import FileRefused, NotFound, UsageError, naming
from workbench.model.asked import texts
from workbench.model.marking import Marking, both_markings, is_weaker, parse_marking
from workbench.model.record import Record
from workbench.store.types import FileReport, Quarantined
from workbench.store.writing import Writer
from workbench.view.asking import question, writing
from workbench.view.store import GraphStore
from workbench.view.view import View

_ORIGINAL = "original"  # key in a unit's context: the bytes before a repair

_File = tuple[str, ...]  # identifies units that were loaded together from one file


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A unit with what belongs before and after it, as a file for an adapter."""

    name: str
    content: bytes

    def open(self, mode: Literal["rb"]) -> IO[bytes]:
        """Its bytes, from the start."""
        return io.BytesIO(self.content)


@question
def chosen(view: View, ids: Iterable[str]) -> tuple[Quarantined, ...]:
    """The units with these ids, or all of the viewer's agencies; NotFound for any other id."""
    known = {each.id: each for each in view.quarantine()}
    wanted = list(dict.fromkeys(texts(ids, "ids")))
    for each in wanted:
        if each not in known:
            raise NotFound("unit in quarantine", each, "ids")
    return tuple(known[each] for each in wanted) if wanted else tuple(known.values())


@dataclass(frozen=True, slots=True)
class _How:
    """How units are read again: as they were loaded, except for what is set here."""

    viewer: Viewer
    by: str
    adapter: str | None
    manifest: Path | None
    marking: str | None


@writing
def discard(store: GraphStore, view: View, ids: Sequence[str], *, by: str, why: str) -> tuple[Quarantined, ...]:
    """Delete units from quarantine without reading them; the log of loads records who, which and why.

    Returns the units that were deleted: without those that somebody replayed, discarded or loaded again meanwhile.
    UsageError if none is named, for units of several agencies, or without a reason; AccessDenied for a viewer
    who may not load for their agency.
    """
    ids = texts(ids, "ids")
    units = chosen(view, ids)
    if not ids or not why.strip():
        raise UsageError("name the units to discard, and say why", "why" if ids else "ids")
    _meant(units, None, None, named=True)
    with naming("ids", known_as="agency"):
        refuse_loading(view.viewer, units[0].agency)
    with store.lease():
        left = tuple(_left(store, view, units))
        if left:
            _discard(store, left, by, why)
    return left


def _discard(store: GraphStore, units: Sequence[Quarantined], by: str, why: str) -> None:
    with store.writer(agency=units[0].agency, by=by) as writer:
        writer.release([each.id for each in units])
        files = [
            FileReport(each.path, "", 1, refused=1, reasons={f"discarded {each.locator}: {why}": 1}) for each in units
        ]
        writer.publish(
            dataset=", ".join(sorted({each.dataset for each in units})),
            adapter=", ".join(sorted({each.adapter for each in units})),
            files=files,
        )


def _left(store: GraphStore, view: View, units: Sequence[Quarantined]) -> list[Quarantined]:
    """Those units that are still in quarantine unchanged: others may have written before this took the lease."""
    now = {each.id: each for each in store.view(view.viewer, purpose=view.purpose).quarantine()}
    return [each for each in units if now.get(each.id) == each]


@writing
def replay(
    store: GraphStore,
    view: View,
    ids: Sequence[str] = (),
    *,
    by: str,
    adapter: str | None = None,
    manifest: Path | None = None,
    agency: str | None = None,
    dataset: str | None = None,
    marking: str | None = None,
    raw: bytes | None = None,
) -> LoadReport:
    """Read units again: those named, or all of an agency and a dataset, by default the manifest's.

    Units that can be read now leave quarantine and go into the dataset they were loaded for, as if they had been read
    the first time. `raw` has repaired bytes for a single named unit; the locators of its records tell so, and the
    original bytes are kept while it stays in quarantine.

    UsageError, with nothing changed, for units of several agencies or of another dataset than the manifest's, or if a
    unit would be read under a weaker marking than its own, or than `marking` if that is given. AccessDenied for a
    viewer who may not load for their agency.
    """
    started, ids = monotonic(), texts(ids, "ids")
    how = _How(view.viewer, by, adapter, manifest, marking)
    spec = read_manifest(manifest) if manifest else ManifestSpec()
    refuse_loading(view.viewer, agency or spec.agency)
    found = _meant(chosen(view, ids), agency or spec.agency, dataset or spec.dataset, named=bool(ids))
    if manifest and len({each.dataset for each in found}) > 1:
        raise UsageError(f"{manifest} names no dataset, and these are units of several: name one", "dataset")
    repaired = {} if raw is None else _repaired(found, ids, raw)
    # Refuse wrong options before waiting for the lease.
    orders = {of: _order(group[0], how) for of, group in _by_file(found).items()}
    with store.lease():
        left = _left(store, view, found)
        units = [repaired.get(each.id, each) for each in left]
        tallies, revision = _read_again(store, units, orders, how) if units else ([], None)
    report = report_of(tallies, revision, monotonic() - started)
    return replace(report, messages=(*report.messages, *_gone(len(found) - len(left))))


def _gone(n: int) -> list[str]:
    return [f"not replayed, because they were replayed, discarded or loaded again meanwhile: {n}"] if n else []


def _read_again(
    store: GraphStore, found: Sequence[Quarantined], orders: Mapping[_File, Order], how: _How
) -> tuple[list[Tally], str | None]:
    """Read units of one agency again as one load; returns the counts for each file, and the revision's token."""
    groups = [(orders[of], group) for of, group in _by_file(found).items()]
    with store.writer(agency=found[0].agency, by=how.by) as writer:
        tallies = [_again(writer, order, group, how.marking) for order, group in groups]
        revision = writer.publish(
            dataset=", ".join(sorted({each.dataset for each in found})),
            adapter=", ".join(sorted({order.adapter for order, _ in groups})),
            files=[tally.report() for tally in tallies],
        )
    return tallies, revision


def _repaired(units: Sequence[Quarantined], ids: Sequence[str], raw: bytes) -> dict[str, Quarantined]:
    """The single named unit with new bytes, its original ones in the context, by id."""
    if not isinstance(raw, bytes):
        raise UsageError(f"repaired units are bytes: not {raw!r}", "raw")
    if len(set(ids)) != 1:
        raise UsageError("repaired bytes are for a single unit: name it", "ids")
    (unit,) = units
    came = unit.context.get(_ORIGINAL, b64encode(unit.raw).decode("ascii"))
    return {unit.id: replace(unit, raw=raw, context={**unit.context, _ORIGINAL: came})}


def _meant(units: Sequence[Quarantined], agency: str | None, dataset: str | None, *, named: bool) -> list[Quarantined]:
    """The units of the agency and dataset; UsageError if units of others are named."""
    meant = [each for each in units if agency in (None, each.agency) and dataset in (None, each.dataset)]
    for other in units if named else ():
        if other not in meant:
            raise UsageError(
                f"unit {other.id} is of {other.agency}/{other.dataset}, not of {agency or other.agency}/"
                f"{dataset or other.dataset}: replay it with the manifest of its own dataset",
                "ids",
            )
    agencies = sorted({each.agency for each in meant})
    if len(agencies) > 1:
        raise UsageError(f"these are units of several agencies, {', '.join(agencies)}: name one", "agency")
    return meant


def _by_file(found: Sequence[Quarantined]) -> dict[_File, list[Quarantined]]:
    """Group units by the file and load that they came from."""
    groups: dict[_File, list[Quarantined]] = defaultdict(list)
    for each in found:
        context = each.context
        groups[each.dataset, each.path, each.adapter, context["file"], context["delivered"]].append(each)
    return {key: groups[key] for key in sorted(groups)}


def _order(unit: Quarantined, how: _How) -> Order:
    """The order for a unit if it were loaded now."""
    options = Options(
        viewer=how.viewer,
        by=how.by,
        adapter=how.adapter,
        manifest=how.manifest,
        agency=unit.agency,
        dataset=unit.dataset,
        marking=how.marking or unit.context.get("default", unit.context["marking"]),
    )
    order = ordered(options, usual=unit.adapter)
    return replace(order, delivered=unit.context["delivered"], undated=False)


def _again(writer: Writer, order: Order, found: Sequence[Quarantined], weakest: str | None) -> Tally:
    """Take in the units of one file again; the numbering of equal units continues the file's."""
    first = found[0]
    file, of = first.context["file"], first.context.get("of", "")
    tally = Tally(first.path, dataset=first.dataset)
    ordinals = Ordinals(writer.numbering(file))
    intake = Intake(writer, order, order.manifest, tally, first.context["name"], ordinals=ordinals, of=of)
    for each in found:
        unit = _read(each, order, tally.account)
        if isinstance(unit, list):
            _check_marking(each, unit, parse_marking(weakest, each.agency) if weakest else each.marking)
        intake.take(unit, again=each)
    intake.flush()
    intake.tell()
    intake.note_reading()
    writer.keep_numbering(file, ordinals.kept())
    return tally


def _check_marking(unit: Quarantined, records: Sequence[Record], weakest: Marking) -> None:
    """UsageError if a unit would be read under a weaker marking than allowed."""
    asked = reduce(lambda a, b: both_markings(a, b, unit.agency), (record.marking for record in records))
    if is_weaker(asked, weakest):
        raise UsageError(
            f"unit {unit.id}, {unit.locator}, is kept under {weakest} and would be read under {asked}, which is weaker:"
            f" correct the manifest, or give the marking {str(asked)!r} if that is meant; nothing was changed",
            "marking",
        )


def _found(unit: Quarantined, order: Order, account: Account) -> Iterator[Record | Reject | Left]:
    """Map a unit from its stored fields, or from its bytes if it has none or they would be read differently now."""
    context = unit.context
    header, footer = b64decode(context["header"]), b64decode(context.get("footer", ""))
    fields = "" if _ORIGINAL in context else context.get("fields", "")
    if fields and context["reading"] == order.reading(context["name"]):
        items = again(fields, unit.locator, unit.raw, header)
        return mapped(order.reader, context["name"], items, order.manifest, account)
    return read(order.reader, _Bytes(context["name"], header + unit.raw + footer), order.manifest, account)


def _read(unit: Quarantined, order: Order, account: Account) -> list[Record] | Reject | Left:
    """The records of a unit, with its locator, or its new reject.

    Repaired bytes may be several units, as when stray quotes hid rows: all of them are read, or none.
    """
    still = Reject(unit.locator, unit.reason, unit.message, unit.raw)
    try:
        found = list(units(_found(unit, order, account)))
    except FileRefused as refused:
        return replace(still, reason=refused.reason, message=refused.message)
    repaired = _ORIGINAL in unit.context
    if len(found) != 1 and not (repaired and found):
        return replace(still, reason="not one unit", message=f"it reads as {len(found)} units now")
    locator, records = f"{unit.locator} (repaired)" if repaired else unit.locator, list[Record]()
    for each in found:
        if isinstance(each, Reject):
            return replace(still, reason=each.reason, message=each.message)
        if isinstance(each, Left):
            continue
        records += (replace(record, locator=locator) for record in each)
    return records or Left(locator)
