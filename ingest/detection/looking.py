"""Name the format of a file from its content."""

import codecs
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ingest.adapters.texts import DOCUMENTS
from ingest.confining import allowed
from ingest.detection.encodings import Certainty
from ingest.detection.known import SIGNS
from ingest.detection.start import Start, start_of
from ingest.messages import Failed, Seen, Sniff
from ingest.pool import Pool, answer_of
from ingest.process import CRASHED
from ingest.shapes import Readable
from ingest.sources import Members, named, opened
from ingest.sources.opening import file_at, kind_at
from workbench.errors import FileRefused

_ORDER: Sequence[Certainty] = ("sure", "likely", "possible")
_MOST_MEMBERS = 20
_BEGINNING = 256


class Look(NamedTuple):
    """A format that a file may have: its adapter, what was recognised, and how sure that is."""

    adapter: str
    what: str
    certainty: Certainty


class Detected(NamedTuple):
    """The formats that a file may have, the surest first, and what it is if it is none."""

    path: str
    looks: tuple[Look, ...]
    said: str = ""

    @property
    def sure(self) -> str | None:
        """The adapter, if only one can be meant."""
        first = self.looks[0] if self.looks else None
        is_alone = first and not any(each.certainty == "sure" for each in self.looks[1:])
        return first.adapter if first and first.certainty == "sure" and is_alone else None


def looks_of(start: Start) -> tuple[Look, ...]:
    """The formats that the start of a file shows, the surest first.

    A general one counts only if no other is sure, and is not sure itself if there is another.
    """
    found = list[tuple[bool, int, Look]]()
    for adapter, signs in SIGNS.items():
        seen = [each for each in (sign.seen(start) for sign in signs) if each]
        for each in sorted(seen, key=lambda one: _ORDER.index(one.certainty))[:1]:
            found.append((each.is_general, _ORDER.index(each.certainty), Look(adapter, each.what, each.certainty)))
    if any(rank == 0 and not is_general for is_general, rank, _ in found):
        found = [each for each in found if not each[0]]
    elif any(not is_general for is_general, _, _ in found):
        found = [_less_sure(each) if each[0] else each for each in found]
    return tuple(look for _, _, look in sorted(found, key=lambda each: (each[1], each[0], each[2])))


def _less_sure(found: tuple[bool, int, Look]) -> tuple[bool, int, Look]:
    """A general format, beside another that may be meant."""
    is_general, rank, look = found
    rank = max(rank, _ORDER.index("likely"))
    return is_general, rank, look._replace(certainty=_ORDER[rank])


def detect(path: Path, pool: Pool | None = None) -> Detected:
    """Name the format of a file, or of the files in an archive or folder; FileRefused if it can't be opened.

    What is packed, a folder, a workbook and XML are looked at by another process, with limits: one of the pool.
    """
    return _detect(path) if _is_text(path) else _apart(path, pool)


def seen(path: Path) -> Seen:
    """As `detect`, in this process, for another one."""
    found = _detect(path)
    return Seen(tuple((look.adapter, look.what, str(look.certainty)) for look in found.looks), found.said)


def _is_text(path: Path) -> bool:
    """Whether a file is not packed, and begins like no XML and no archive."""
    if kind_at(path, folders=True) != "":
        return False
    with file_at(path).open() as stream:
        start = stream.read(_BEGINNING)
    marked = start.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    return not marked.startswith((b"<", b"PK"))


def _apart(path: Path, pool: Pool | None) -> Detected:
    told = answer_of(Sniff(path, allowed(path.stat().st_size)), pool)
    if isinstance(told, Seen):
        certain = {str(each): each for each in _ORDER}
        looks = tuple(Look(adapter, what, certain.get(sure, "possible")) for adapter, what, sure in told.looks)
        return Detected(named(path), looks, told.said)
    reason, message = told if isinstance(told, Failed) else (CRASHED, f"{named(path)} was not opened: try it again")
    raise FileRefused(reason, message)


def _detect(path: Path) -> Detected:
    with opened(path, Members("*"), folders=True) as sources:
        each = [_detected(source) for source in sources[:_MOST_MEMBERS]]
    known = [one for one in each if one.looks]
    if len(each) == 1 or not known:
        return each[0]._replace(path=named(path))
    return Detected(named(path), _in_common(known))


def _detected(source: Readable) -> Detected:
    try:
        start = start_of(source)
    except OSError as error:
        raise FileRefused("unreadable", f"{source.name} can't be read: {error}: check its permissions") from error
    looks = () if start.raw.startswith(tuple(DOCUMENTS)) else looks_of(start)
    return Detected(source.name, looks, "" if looks else _said(start))


def _in_common(known: Sequence[Detected]) -> tuple[Look, ...]:
    """The formats that the files of an archive have: as sure as the least sure of all."""
    if len({one.looks[0].adapter for one in known}) > 1:
        first = {one.looks[0].adapter: one.looks[0] for one in reversed(known)}
        return tuple(look._replace(certainty="possible") for _, look in sorted(first.items()))
    least = max(known, key=lambda one: _ORDER.index(one.looks[0].certainty))
    return least.looks


def _said(start: Start) -> str:
    """What a file is that no adapter reads."""
    if not start.raw:
        return "it is empty"
    if start.root is not None or start.text.lstrip()[:14].lower().startswith(("<!doctype html", "<html")):
        return "it is a web page or an error of a server: fetch the file again"
    for magic, said in DOCUMENTS.items():
        if start.raw.startswith(magic):
            return said
    if start.encoding is None:
        return "it is no text, and no document that is known"
    begins = start.text.lstrip()[:1]
    if begins == "<":
        return "it begins like XML, and is broken or has entities of its own: look at it, and ask who made it"
    if begins in ("{", "["):
        return "it begins like JSON, and is broken or nested too deeply: was it cut off?"
    return "it is a text that is no table"
