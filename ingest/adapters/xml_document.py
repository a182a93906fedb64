"""Adapter `xml`: an XML document whose units are the elements at paths that the manifest names."""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.xml_units import Kind, xml_units
from ingest.shapes import PARENT, Frame, Readable, Row
from ingest.specs import Written
from workbench.errors import FileRefused

_WHAT = "an XML document"


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row]:
    """Yield each unit; FileRefused if it is no XML document, or if the manifest names no units."""
    if not written.units:
        message = f"{path.name}: the manifest does not say which elements are units: give `units` under [[files]]"
        raise FileRefused("no units", message)
    return rows(path, Kind(_WHAT, (), [tuple(way.split(".")) for way in written.units]))


def rows(path: Readable, kind: Kind) -> Iterator[Frame | Row]:
    """Yield each unit of a kind of document with what stands around it; the name of its element is under `^`."""
    frame: Frame | None = None
    for found in xml_units(path, kind):
        if found.frame is not frame:
            frame = found.frame
            yield frame
        yield Row({**found.tree, PARENT: found.name, **found.parents}, f"{path.name}:{found.number}", found.raw)
