"""Read JSON that comes in several forms: an object on each line, a list of them, or a document that holds them."""

from collections.abc import Iterator, Sequence

from ingest.adapters.json_document import rows
from ingest.adapters.json_objects import OBJECT, lines, parsed
from ingest.adapters.json_units import Kind, Path, has_units
from ingest.shapes import BadUnit, Frame, Readable, Reject, Row

_LOOKED_AT = 1 << 24
_MARK = b"\xef\xbb\xbf"


def records(path: Readable, what: str, ways: Sequence[str]) -> Iterator[Frame | Row | Reject]:
    """Yield each object, or its reject; FileRefused if it is no JSON.

    Of a document it is the values at the first of these paths that has any, else the document or the items of its list.
    """
    return _by_line(path) if is_lines(path) else rows(path, Kind(what, [_way(path, what, ways)]))


def is_lines(path: Readable) -> bool:
    """Whether the first line is a whole object, and another line follows."""
    with path.open("rb") as stream:
        line = stream.readline(_LOOKED_AT)
        more = any(each.strip() for each in iter(lambda: stream.readline(_LOOKED_AT), b""))
    first = line.removeprefix(_MARK).strip()
    return more and line.endswith(b"\n") and first.startswith(b"{") and first.endswith(b"}")


def _way(path: Readable, what: str, ways: Sequence[str]) -> Path:
    found = (tuple(way.split(".")) for way in ways)
    return next((way for way in found if has_units(path, Kind(what, [way]))), ())


def _by_line(path: Readable) -> Iterator[Row | Reject]:
    for locator, line in lines(path, OBJECT):
        try:
            yield Row(parsed(line, OBJECT), locator, line)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)
