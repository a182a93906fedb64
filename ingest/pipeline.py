"""The pipeline: load files into a store, with exactly one outcome for each unit.

A unit (line, row, node, link) is accepted, unchanged, late or quarantined; a whole file can be
refused. The sums are checked against a second count; a load whose sums do not add up fails and
changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Unpack

from ingest.account import Account
from ingest.ahead import Ahead, octets
from ingest.coming import Coming
from ingest.days import delivery_day, refuse_future
from ingest.deliveries import dated, name_of, named_by_file, note_delivery, refuse_namesakes
from ingest.detection import adapter_of
from ingest.ending import end_records
from ingest.formats import ADAPTERS, Adapter
from ingest.intake import Intake, Order
from ingest.limits import refuse_beyond
from ingest.manifest import Manifest, read_manifest, settle
from ingest.mapping import read
from ingest.messages import Checked
from ingest.options import Options, Place, Said, check_options, paths_of
from ingest.parts import fetched, parted
from ingest.places import is_pattern
from ingest.report import LoadReport, Tally, report_of
from ingest.shapes import Left, Reject
from ingest.sources import Source, named
from ingest.units import units
from workbench.access.policy import refuse_loading
from workbench.access.viewer import Viewer
from workbench.errors import (
    AccessDenied,
    DeliveryRefused,
    FileRefused,
    InputError,
    StoreError,
    UsageError,
    naming,
)
from workbench.model.record import Record
from workbench.store.loading import without_collecting
from workbench.store.transaction import Change
from workbench.store.writing import Writer
from workbench.view.asking import asking_of, sayable
from workbench.view.store import GraphStore

if TYPE_CHECKING:
    from workbench.resolve.scoring import WithLoad

# An adapter that wants no manifest, for a load that was not asked yet which it is.
ANY = "ftm"

_Finish = Callable[[Writer, Order, Sequence[Tally]], str | None]


def load(
    store: GraphStore, paths: Place | Iterable[Place], ahead: Ahead | None = None, **options: Unpack[Options]
) -> LoadReport:
    """Load files into a store, and publish what changed.

    `ahead` is a second process that several loads share; without it the load has one of its own. UsageError or
    InputError for wrong options or a wrong manifest. AccessDenied, before any file or the store is read, for a viewer
    who may not load for the agency. StoreError if the store failed and nothing changed; DeliveryRefused, which is one,
    if the delivery is beyond a limit of the load.

    With `resolve`, what is new to the viewer is scored and published in the same revision; see `resolve.scoring.score`.
    """
    places = paths_of(paths)
    options = with_adapter(places, options)
    with nullcontext(ahead) if ahead else closing(Ahead(octets(places))) as shared:
        if not options.get("resolve"):
            return _run(shared, store, "load", places, options, _publish)
        scores = _scores(store, options)
        report = _run(shared, store, "load", places, options, partial(_publish, also=scores))
        return replace(report, scored=scores.told(report.revision))


def _scores(store: GraphStore, options: Options) -> "WithLoad":
    from workbench.resolve.scoring import WithLoad  # large, and only loads that score need it

    return WithLoad(store, options.get("viewer"), options.get("purpose"))


def dry_run(store: GraphStore, paths: Place | Iterable[Place], **options: Unpack[Options]) -> LoadReport:
    """The report that `load` would return: does the load without publishing it, and undoes it. It scores nothing."""
    places = paths_of(paths)
    options = with_adapter(places, options)
    with closing(Ahead(octets(places))) as ahead:
        return _run(ahead, store, "dry_run", places, options, lambda writer, *_: writer.abort())


def _publish(writer: Writer, order: Order, tallies: Sequence[Tally], also: Change | None = None) -> str | None:
    dataset = order.manifest.dataset or ", ".join(sorted({each.dataset for each in tallies if each.dataset}))
    files = [each.report() for each in tallies]
    return writer.publish(dataset=dataset, adapter=order.adapter, files=files, also=also)


def refuse_load(store: GraphStore, paths: Iterable[Path], **options: Unpack[Options]) -> None:
    """AccessDenied, with the trace of a refused load, if the viewer may not load for the agency.

    Other errors are left to the load itself.
    """
    files = list(paths)
    try:
        order = _settled(options, ANY)
    except (InputError, UsageError):
        return
    with _refusals(store, "load", options, _asked(files, options) | _told(order, files)):
        _refuse_viewer(order, options)


@contextmanager
def _traced(store: GraphStore, what: str, paths: Sequence[Path], options: Options) -> Iterator[Order]:
    """Make the order of a load, and keep the trace of the load before it begins, or of its refusal."""
    asked = _asked(paths, options)
    with _refusals(store, what, options, asked):
        order = _settled(options)
        asked |= _told(order, paths)
        _refuse(order, options)
        refuse_future(order.delivered)
        refuse_namesakes(order, paths)
        if options.get("resolve"):
            _scores(store, options).refuse()
    asking = asking_of(store)
    apart = asking.apart(order.progress) if order.progress else None
    with asking.writing(options["viewer"].name, options.get("purpose") or "", what, asked):
        yield replace(order, progress=apart)


def _refusals(store: GraphStore, what: str, options: Options, asked: dict[str, Any]) -> AbstractContextManager[None]:
    viewer = options.get("viewer")
    who = viewer.name if isinstance(viewer, Viewer) else ""  # nobody yet checked what is given as the viewer
    return asking_of(store).refusals(who, options.get("purpose") or "", what, asked)


def _asked(paths: Sequence[Path], options: Options) -> dict[str, Any]:
    """What a trace says of a load as it was asked for."""
    said = sayable({**options, "files": [named(each) for each in paths]})
    said.pop("purpose", None)
    return said


def _told(order: Order, paths: Iterable[Path]) -> dict[str, str]:
    """What a trace says of a load that the options alone may not tell."""
    dataset = order.manifest.dataset or ", ".join(sorted(set(map(name_of, paths))))
    agency = order.manifest.agency
    return {"agency": agency, "dataset": dataset, "adapter": order.adapter, "delivered": order.delivered}


def ordered(options: Options, usual: str | None = None) -> Order:
    """Make an order from options; UsageError or InputError for a wrong one.

    AccessDenied if the viewer may not load for the agency that they and the manifest name. `usual` is the
    adapter if neither names one.
    """
    order = _settled(options, usual)
    _refuse(order, options)
    refuse_future(order.delivered)
    return order


def named_adapter(options: Said | Options) -> str | None:
    """The adapter that options or the manifest name; None if neither does."""
    path = options.get("manifest")
    return options.get("adapter") or (read_manifest(Path(path)).adapter if path else None)


def with_adapter(paths: Sequence[Path], options: Options) -> Options:
    """The options with the adapter that the content of the files tells, if neither they nor the manifest name one.

    No file is opened for a viewer who may not load. Undecided, a UsageError, if the adapter is not sure.
    """
    check_options(options)
    if named_adapter(options):
        return options
    try:
        _refuse_viewer(_settled(options, ANY), options)
    except AccessDenied:
        return {**options, "adapter": ANY}  # the load itself refuses it, and leaves the trace
    files = [each for each in paths if not is_pattern(each)]
    if not files:
        return {**options, "adapter": ANY}  # nothing to read: a pattern that matches nothing is a missing file
    try:
        adapter, _ = adapter_of(files)
    except FileRefused as refused:
        raise UsageError(f"{refused.message}; or name the adapter, which it can't tell", "paths") from refused
    return {**options, "adapter": adapter}


def _refuse(order: Order, options: Options) -> None:
    """AccessDenied for a viewer who may not load for the agency; UsageError for a complete delivery of no dataset."""
    _refuse_viewer(order, options)
    if order.manifest.dataset is None and any(each.complete for each in order.manifest.spec.files):
        raise UsageError("a complete delivery replaces an earlier one of its dataset: name it", "dataset")


def _refuse_viewer(order: Order, options: Options) -> None:
    by_manifest = order.manifest.spec.agency and not options.get("agency")
    with naming("manifest" if by_manifest else "agency", known_as="agency"):
        refuse_loading(options["viewer"], order.manifest.agency)


def _settled(options: Options, usual: str | None = None) -> Order:
    """The order that options and manifest make, whoever gives it."""
    check_options(options)
    path = options.get("manifest")
    spec = read_manifest(Path(path)) if path else None
    adapter = _adapter(options.get("adapter"), spec.adapter if spec else None, usual)
    if adapter not in ADAPTERS:
        raise _unknown(adapter, None if options.get("adapter") or not (spec and spec.adapter) else str(path))
    if spec is None and ADAPTERS[adapter].needs_manifest:
        raise UsageError(f"adapter {adapter} wants a manifest that says what its fields mean: give one", "manifest")
    manifest = settle(
        spec,
        str(path) if path else f"the default of adapter {adapter}",
        agency=options.get("agency"),
        dataset=options.get("dataset"),
        marking=options.get("marking"),
        defaults=ADAPTERS[adapter].defaults,
    )
    return Order(
        adapter,
        manifest,
        delivery_day(options.get("delivered")),
        options["by"],
        options.get("progress"),
        options.get("allow_empty", False),
        options.get("delivered") is None,
    )


def _adapter(asked: str | None, of_manifest: str | None, usual: str | None) -> str:
    """The adapter from the option, the manifest, or the default; UsageError if they differ or there is none."""
    if asked and of_manifest and asked != of_manifest:
        raise UsageError(f"adapter {asked} was asked for, and the manifest says {of_manifest}: one is wrong", "adapter")
    adapter = asked or of_manifest or usual
    if adapter is None:
        raise UsageError(f"name the adapter, or give a manifest that does: one of {_known()}", "adapter")
    return adapter


def _unknown(adapter: str, manifest: str | None) -> UsageError:
    """The error for an adapter that there is not, named by this manifest, or by an option."""
    if manifest is None:
        return UsageError(f"no adapter {adapter!r}{_meant(adapter)}: one of {_known()}", "adapter")
    said = f"manifest {manifest} names an adapter {adapter!r}, which is none{_meant(adapter)}: one of {_known()}"
    return UsageError(said, "manifest")


def _meant(adapter: str) -> str:
    """Which adapter may have been meant: of the same letters, or else alike."""
    near = get_close_matches(adapter, ADAPTERS, 3)
    near.sort(key=lambda each: sorted(each) != sorted(adapter))
    return f", did you mean {near[0]}" if near else ""


def _known() -> str:
    return ", ".join(sorted(ADAPTERS))


def _run(
    ahead: Ahead, store: GraphStore, what: str, paths: Sequence[Path], options: Options, finish: _Finish
) -> LoadReport:
    started = monotonic()
    with _traced(store, what, paths, options) as order:
        if what == "load" and options.get("resolve"):
            store.refresh_claims()
        ahead.begin(options.get("workers", 1))
        writing = partial(_written, ahead, store, paths, order, options, finish)
        tallies, revision = ahead.care.done(writing, ahead.begin_again)
    return report_of(tallies, revision, monotonic() - started)


def _written(
    ahead: Ahead, store: GraphStore, paths: Sequence[Path], order: Order, options: Options, finish: _Finish
) -> tuple[Sequence[Tally], str | None]:
    """Load all files, and finish; returns their tallies, and the revision if there is one."""
    with store.writer(agency=order.manifest.agency, by=order.by) as writer:
        waiting = writer.waiting()
        order = dated(writer, order) if order.manifest.dataset else order
        coming = Coming(writer, order, paths, ahead)
        tallies = [tally for path in paths for tally in _path(writer, order, path, waiting, ahead, coming)]
        refuse_beyond(options, report_of(tallies, None, 0.0))
        end_records(writer, order, tallies)
        return tallies, finish(writer, order, tallies)


def _path(
    writer: Writer, order: Order, path: Path, waiting: frozenset[str], ahead: Ahead, coming: Coming
) -> list[Tally]:
    """Load the files at a path, which is the next; a file that can't be read is refused, the others go on."""
    tallies = list[Tally]()
    try:
        with fetched(order, coming.opened()) as found:
            sources = parted(order, found)
            mine = named_by_file(writer, order, path, sources)
            for n, source in enumerate(sources, 1):
                ask = partial(coming.ask, mine.manifest, sources[n:])
                tallies.append(_source(writer, mine, source, ask, waiting, ahead))
            note_delivery(writer, order, mine, sources, tallies)
    except FileRefused as refused:
        tally = Tally(named(path), pattern=_pattern(order.manifest, path.name))
        tally.refuse(refused.reason, refused.message)
        tallies.append(tally)
    return tallies


def _units(
    adapter: Adapter, source: Source, manifest: Manifest, account: Account
) -> Iterator[list[Record] | Reject | Left]:
    """All units of a file, read in this process."""
    return units(read(adapter, source, manifest, account))


def _source(
    writer: Writer, order: Order, source: Source, ask: Callable[[], None], waiting: frozenset[str], ahead: Ahead
) -> Tally:
    manifest = order.manifest
    tally = Tally(source.path, pattern=_pattern(manifest, source.name), dataset=manifest.dataset or "")
    try:
        ahead.care.check(source.path)
        if source.useless:
            raise FileRefused("no data of this adapter", f"{source.path} was not read: {source.useless}")
        tally.sha256 = source.sha256()
        intake = Intake(writer, order, manifest, tally, source.name, waiting)
        if intake.say_again():
            ahead.unchanged()
        else:
            reading = ahead.reading(order.reader, manifest, source, tally, _units)
            ask()
            with without_collecting():  # `Intake` collects after each batch
                for unit in reading.units():
                    intake.take(unit)
            intake.finish()
            _check(source, order, manifest, tally, reading.checked)
        intake.note_read()
    except FileRefused as refused:
        if tally.read:
            ahead.care.failed(source.path, refused, tally.read)
        tally.refuse(refused.reason, refused.message)
    except OSError as error:
        raise StoreError(f"{source.path} failed while it was read, so nothing was loaded: {error}") from error
    return tally


def _check(source: Source, order: Order, manifest: Manifest, tally: Tally, checked: Checked | None) -> None:
    """FileRefused if the file has changed, DeliveryRefused if the counts do not add up."""
    sha256, (counted, lines) = checked or _checked(source, order.reader, manifest)
    if sha256 != tally.sha256:
        raise FileRefused("changed", f"{source.path} changed while it was read: load it again")
    if lines is not None:
        _check_lines(source, tally, lines)
    if not counted == tally.read == tally.outcomes.total():
        raise DeliveryRefused(
            f"{source.path}: {tally.read} units were read, {tally.outcomes.total()} have an outcome, and a second count"
            f" finds {counted}, so nothing was loaded: please report this with the file"
        )


def _checked(source: Source, adapter: Adapter, manifest: Manifest) -> Checked:
    """The hash of a file after it was read, and the second count of its units."""
    sha256 = source.sha256()
    with source.open() as stream:
        return Checked(sha256, adapter.count(stream, manifest.written(source.name)))


def _check_lines(source: Source, tally: Tally, counted: int) -> None:
    """DeliveryRefused if the lines of header, rows, their cells and blank lines do not add up to the file's lines."""
    lines = tally.account.lines(tally.read)
    if counted != lines:
        raise DeliveryRefused(
            f"{source.path}: header, rows, their cells and blank lines have {lines} lines, and a second count finds"
            f" {counted}, so nothing was loaded: please report this with the file"
        )


def _pattern(manifest: Manifest, name: str) -> str:
    spec = manifest.file(name)
    return spec.pattern if spec else ""
