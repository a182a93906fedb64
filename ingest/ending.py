"""What a load ends: what earlier readings of its files said, and what complete deliveries no longer contain."""

from collections.abc import Iterator, Sequence

from ingest.intake import Order
from ingest.manifest import FileSpec, part_prefix
from ingest.report import REPLACED, Tally
from workbench.errors import DeliveryRefused
from workbench.store.writing import Replaced, Writer


def end_records(writer: Writer, order: Order, tallies: Sequence[Tally]) -> None:
    """Withdraw what no longer counts, after all files of a load were put.

    DeliveryRefused if an empty delivery would withdraw everything, unless the order allows that.
    """
    for spec, delivered in _whole(order, tallies):
        _withdraw(writer, order, spec, delivered)
    _replace(writer, tallies)


def _replace(writer: Writer, tallies: Sequence[Tally]) -> None:
    """Let the files take the place of what earlier loads made of them under other manifests, and tell."""
    replaced = writer.replace_earlier()
    for tally in tallies:
        of = replaced.get(tally.number)
        if of is not None and (of.kept or of.ended or of.again):
            if of.ended > of.absent:
                tally.because(REPLACED, of.ended - of.absent)
            tally.messages.insert(0, f"{tally.path}: an earlier load read this file otherwise: {_said(of)}")


def _said(of: Replaced) -> str:
    if of.kept:
        return "its records stay beside these, as loads of the same records kept no accounts: see `ingest loads`"
    again = f"; {of.again} that they had ended stand again" if of.again else ""
    if of.marked:
        again += f"; {of.marked} units keep a stricter marking, which people gave to what was read of them before"
    return (
        f"{of.ended} records of that reading are withdrawn{again}. To keep both readings, load one into another dataset"
    )


def _whole(order: Order, tallies: Sequence[Tally]) -> Iterator[tuple[FileSpec, Sequence[Tally]]]:
    """The complete deliveries that were read whole, pattern by pattern, each with the counts of its files.

    None is whole if part of a delivery could not be read, or if a refused archive could contain more of it, since a
    record there may be present.
    """
    unknown = any(not tally.pattern and not tally.whole for tally in tallies)
    for spec in order.manifest.spec.files:
        delivered = [tally for tally in tallies if tally.pattern == spec.pattern]
        if not spec.complete or not delivered:
            continue
        if any(tally.account.changes for tally in delivered):
            delivered[-1].because("nothing withdrawn, as it is a delta")
            continue
        if unknown or not all(tally.whole for tally in delivered):
            delivered[-1].because("nothing withdrawn, as part was not read")
            continue
        yield spec, delivered


def _withdraw(writer: Writer, order: Order, spec: FileSpec, delivered: Sequence[Tally]) -> None:
    """Withdraw what a complete delivery no longer contains; DeliveryRefused if an empty one would withdraw all."""
    gone = writer.withdraw_absent(order.manifest.source, part_prefix(spec), order.delivered)
    if gone and not order.allow_empty and not any(tally.read for tally in delivered):
        paths = ", ".join(tally.path for tally in delivered)
        raise DeliveryRefused(
            f"{paths}: a complete delivery of {order.manifest.source} without one unit would withdraw all {gone}"
            f" records of {spec.pattern}, so nothing was changed: was it delivered whole? If empty is meant,"
            " allow it",
            "allow_empty",
        )
    if gone:
        delivered[-1].because("withdrawn, no longer delivered", gone)
