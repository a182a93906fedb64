"""Defaults of a delivery: a dataset named after the file, and today's date."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from ingest.days import delivery_day, moment_after
from ingest.intake import Order
from ingest.report import Tally
from ingest.sources import Source, named
from workbench.errors import FileRefused, UsageError
from workbench.model.record import BY_HAND
from workbench.store.writing import Writer


def refuse_namesakes(order: Order, paths: Sequence[Path]) -> None:
    """UsageError for two files with one name, in a load that names datasets after files."""
    often = Counter(map(name_of, paths)) if order.manifest.dataset is None else {}
    for name, times in often.items():
        if times > 1:
            raise UsageError(
                f"{times} files are named {name!r} and would be deliveries of one dataset: if they are, name it; else"
                " load them one by one and name a dataset for each; nothing was read",
                "dataset",
            )


def dated(writer: Writer, order: Order) -> Order:
    """The order with its date: by default today, or the date of a delivery that the dataset had today."""
    if not order.undated:
        return order
    today = delivery_day(None)
    newest, _ = writer.newest_delivery(order.manifest.source)
    return replace(order, delivered=newest if newest.startswith(today) else today)


def named_by_file(writer: Writer, order: Order, path: Path, sources: Sequence[Source]) -> Order:
    """The order for a file whose name names its dataset. A second content on one day is dated with this moment.

    FileRefused for a name that no dataset can have.
    """
    if order.manifest.dataset:
        return order
    order = dated(writer, replace(order, manifest=order.manifest.within(dataset_named_by(path))))
    newest, contents = writer.newest_delivery(order.manifest.source)
    if order.undated and newest == order.delivered and _content_of(sources) not in contents:
        return replace(order, delivered=moment_after(newest))
    return order


def note_delivery(
    writer: Writer, asked: Order, order: Order, sources: Sequence[Source], tallies: Sequence[Tally]
) -> None:
    """Note the delivery; if the order named no dataset, add a message about which delivery of the dataset it is."""
    if all(tally.outcomes["refused"] for tally in tallies):
        return
    content = _content(zip(sources, (tally.sha256 for tally in tallies), strict=True))
    if asked.manifest.dataset is None:
        _tell(writer, order, content, tallies[0])
    writer.note_delivery(order.manifest.source, order.delivered, content)


def _tell(writer: Writer, order: Order, content: str, tally: Tally) -> None:
    """Add a message that a file's name made it a further delivery of a dataset, unless it repeats the newest."""
    dataset, delivered = order.manifest.source, order.delivered
    newest, contents = writer.newest_delivery(dataset)
    if newest and content not in contents:
        kind = "a newer" if delivered > newest else "an older" if delivered < newest else "another"
        told = f"{tally.path}: {kind} delivery of {dataset}, which had one of {newest}"
        tally.messages.insert(0, f"{told}; to keep them apart, name another dataset for this one")


def name_of(path: Path) -> str:
    """The last part of a path, in NFC: systems write the same name in two Unicode forms."""
    name = path.name if path.name not in ("", "..") else path.resolve().name
    return unicodedata.normalize("NFC", name)


def dataset_named_by(path: Path) -> str:
    """The dataset that is named after the file at a path; FileRefused for a name that no dataset can have."""
    name = name_of(path)
    if name == BY_HAND:
        raise FileRefused(
            "no name for a dataset",
            f"{named(path)} has the name of what people draw by hand: name its dataset",
            field="dataset",
        )
    if not name.isprintable() or not name.strip():
        raise FileRefused(
            "no name for a dataset",
            f"{named(path)} has a name that can't be printed: name its dataset",
            field="dataset",
        )
    return name


def _content_of(sources: Sequence[Source]) -> str:
    return _content((source, _hash_of(source)) for source in sources)


def _hash_of(source: Source) -> str:
    try:
        return "" if source.useless else source.sha256()
    except FileRefused:
        return ""


def _content(hashes: Iterable[tuple[Source, str]]) -> str:
    """The hash of everything readable in a delivery, including names."""
    state = sha256()
    for source, each in hashes:
        if each:
            state.update(f"{source.name}\0{each}\0".encode())
    return state.hexdigest()
