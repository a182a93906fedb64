"""Quarantine: units that could not be read, kept as they came until they can be.

It belongs to the agency that loaded them, and is read through a view like all else.
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
from ingest.pipeline import Options, ordered
from ingest.report import LoadReport, Tally, report_of
from ingest.shapes import Left, Reject
from ingest.units import Ordinals, units
from workbench.access.policy import refuse_loading
from workbench.access.viewer import Viewer
from workbench.errors import FileRefused, NotFound, UsageError
from workbench.model.marking import Marking, both_markings, is_weaker, parse_marking
from workbench.model.record import Record
from workbench.store.types import FileReport, Quarantined
from workbench.store.writing import Writer
from workbench.view.asking import question, writing
from workbench.view.store import GraphStore
from workbench.view.view import View

_ORIGINAL = "original"  # in a unit's context: its bytes as they came, where it was repaired

_File = tuple[str, ...]  # what tells the units that were loaded together from those of other files and loads


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A unit with its header before it, for an adapter to read."""

    name: str
    content: bytes

    def open(self, mode: Literal["rb"]) -> IO[bytes]:
        """Its bytes, from the start."""
        return io.BytesIO(self.content)


@question
def chosen(view: View, ids: Iterable[str]) -> tuple[Quarantined, ...]:
    """The units with these ids, or all that the viewer's agencies have; NotFound for another's."""
    known = {each.id: each for each in view.quarantine()}
    wanted = list(dict.fromkeys(ids))
    for each in wanted:
        if each not in known:
            raise NotFound("unit in quarantine", each)
    return tuple(known[each] for each in wanted) if wanted else tuple(known.values())


@dataclass(frozen=True, slots=True)
class _How:
    """How units are read again: as they were loaded, but for what is said here."""

    viewer: Viewer
    by: str
    adapter: str | None
    manifest: Path | None
    marking: str | None


@writing
def discard(store: GraphStore, view: View, ids: Sequence[str], *, by: str, why: str) -> tuple[Quarantined, ...]:
    """Take units out of quarantine unread, for good; the log of loads says who did it, to what and why.

    Those that it took out: one that somebody replayed, discarded or loaded anew meanwhile is not among them.

    UsageError where none is named, for units of several agencies, or without a reason; AccessDenied
    for a viewer who may not load for their agency.
    """
    found = chosen(view, ids)
    if not ids or not why.strip():
        raise UsageError("name the units to discard, and say why", "why" if ids else "ids")
    _meant(found, None, None, named=True)
    refuse_loading(view.viewer, found[0].agency)
    with store.lease():
        left = tuple(_left(store, view, found))
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


def _left(store: GraphStore, view: View, found: Sequence[Quarantined]) -> list[Quarantined]:
    """Those of the units that are in quarantine still, as they were: others wrote before the lease was had."""
    now = {each.id: each for each in store.view(view.viewer, purpose=view.purpose).quarantine()}
    return [each for each in found if now.get(each.id) == each]


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
    """Read units again: those named, or all of an agency and a dataset, the manifest's by default.

    `raw` are repaired bytes of the one unit named, which its records' locators say; its own are kept while it stays.

    What can be read now goes into the dataset that it was loaded for and leaves quarantine, as if it had been read at
    first. UsageError, and nothing is changed, where units of several agencies or of another dataset than the manifest's
    are meant, or one would be read under a weaker marking than its own, or than `marking` where that is given.
    AccessDenied for a viewer who may not load for their agency.
    """
    started = monotonic()
    how = _How(view.viewer, by, adapter, manifest, marking)
    spec = read_manifest(manifest) if manifest else ManifestSpec()
    refuse_loading(view.viewer, agency or spec.agency)
    found = _meant(chosen(view, ids), agency or spec.agency, dataset or spec.dataset, named=bool(ids))
    if manifest and len({each.dataset for each in found}) > 1:
        raise UsageError(f"{manifest} names no dataset, and these are units of several: name one", "dataset")
    repaired = {} if raw is None else _repaired(found, ids, raw)
    # What can't be is told without waiting.
    orders = {of: _order(group[0], how) for of, group in _by_file(found).items()}
    with store.lease():
        left = _left(store, view, found)
        units = [repaired.get(each.id, each) for each in left]
        tallies, revision = _read_again(store, units, orders, how) if units else ([], None)
    report = report_of(tallies, revision, monotonic() - started)
    return replace(report, messages=(*report.messages, *_gone(len(found) - len(left))))


def _gone(n: int) -> list[str]:
    return [f"left out, as they were replayed, discarded or loaded anew meanwhile: {n}"] if n else []


def _read_again(
    store: GraphStore, found: Sequence[Quarantined], orders: Mapping[_File, Order], how: _How
) -> tuple[list[Tally], str | None]:
    """Read units of one agency again as one load: what became of each file's, and the revision's token."""
    groups = [(orders[of], group) for of, group in _by_file(found).items()]
    with store.writer(agency=found[0].agency, by=how.by) as writer:
        tallies = [_again(writer, order, group, how.marking) for order, group in groups]
        revision = writer.publish(
            dataset=", ".join(sorted({each.dataset for each in found})),
            adapter=", ".join(sorted({order.adapter for order, _ in groups})),
            files=[tally.report() for tally in tallies],
        )
    return tallies, revision


def _repaired(found: Sequence[Quarantined], ids: Sequence[str], raw: bytes) -> dict[str, Quarantined]:
    """The one unit named, by its id, with other bytes, and those that came with its file beside them."""
    if len(set(ids)) != 1:
        raise UsageError("repaired bytes are those of one unit: name it", "ids")
    (unit,) = found
    came = unit.context.get(_ORIGINAL, b64encode(unit.raw).decode("ascii"))
    return {unit.id: replace(unit, raw=raw, context={**unit.context, _ORIGINAL: came})}


def _meant(found: Sequence[Quarantined], agency: str | None, dataset: str | None, *, named: bool) -> list[Quarantined]:
    """The units of the agency and dataset that are meant; UsageError for others that are named."""
    meant = [each for each in found if agency in (None, each.agency) and dataset in (None, each.dataset)]
    for other in found if named else ():
        if other not in meant:
            raise UsageError(
                f"unit {other.id} is of {other.agency}/{other.dataset}, not of {agency or other.agency}/"
                f"{dataset or other.dataset}: replay it with the manifest of its own dataset"
            )
    agencies = sorted({each.agency for each in meant})
    if len(agencies) > 1:
        raise UsageError(f"these are units of several agencies, {', '.join(agencies)}: name one", "agency")
    return meant


def _by_file(found: Sequence[Quarantined]) -> dict[_File, list[Quarantined]]:
    """Units that were loaded together from one file."""
    groups: dict[_File, list[Quarantined]] = defaultdict(list)
    for each in found:
        context = each.context
        groups[each.dataset, each.path, each.adapter, context["file"], context["delivered"]].append(each)
    return {key: groups[key] for key in sorted(groups)}


def _order(unit: Quarantined, how: _How) -> Order:
    """The load of a unit as it would be ordered now."""
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
    """Take in the units of one file again, numbered on from those that it had."""
    first = found[0]
    file = first.context["file"]
    tally = Tally(first.path, dataset=first.dataset)
    ordinals = Ordinals(writer.numbering(file))
    intake = Intake(writer, order, order.manifest, tally, first.context["name"], ordinals=ordinals)
    for each in found:
        unit = _read(each, order, tally.account)
        if isinstance(unit, list):
            _check_marking(each, unit, parse_marking(weakest, each.agency) if weakest else each.marking)
        intake.take(unit, again=each)
    intake.flush()
    intake.tell()
    writer.keep_numbering(file, ordinals.kept())
    return tally


def _check_marking(unit: Quarantined, records: Sequence[Record], weakest: Marking) -> None:
    """UsageError where a unit would be read under a weaker marking than it may be."""
    found = reduce(lambda a, b: both_markings(a, b, unit.agency), (record.marking for record in records))
    if is_weaker(found, weakest):
        raise UsageError(
            f"unit {unit.id}, {unit.locator}, is kept under {weakest} and would be read under {found}, which is weaker:"
            f" correct the manifest, or say {str(found)!r} if that is meant; nothing was changed",
            "marking",
        )


def _found(unit: Quarantined, order: Order, account: Account) -> Iterator[Record | Reject | Left]:
    """What is made now of what was read of a unit; of its bytes where they would be read otherwise now, or none was."""
    context, header = unit.context, b64decode(unit.context["header"])
    fields = "" if _ORIGINAL in context else context.get("fields", "")
    if fields and context["reading"] == order.reading(context["name"]):
        items = again(fields, unit.locator, unit.raw, header)
        return mapped(order.reader, context["name"], items, order.manifest, account)
    return read(order.reader, _Bytes(context["name"], header + unit.raw), order.manifest, account)


def _read(unit: Quarantined, order: Order, account: Account) -> list[Record] | Reject | Left:
    """The records of a unit, at the place that it has in its file; or why there are none still.

    A repaired one may be several, as where stray quotes held rows: all of them are read, or none.
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
