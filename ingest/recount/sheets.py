"""Count the rows of a workbook's sheets a second time."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from posixpath import join, normpath
from typing import IO, Any

from defusedxml.ElementTree import iterparse

from ingest.recount.copied import copied
from ingest.recount.counted import Counted, Told
from ingest.recount.kept import kept_rows

_ESCAPED = re.compile("_x([0-9a-fA-F]{4})_")


def count_sheets(stream: IO[bytes], told: Told) -> Counted:
    """Count the rows with content after the header of each sheet that the manifest names, or of all with content."""
    kept = kept_rows(stream)
    if kept is not None:
        return Counted(kept)
    with copied(stream) as file, zipfile.ZipFile(file) as archive:
        texts = _texts(archive, whole=bool(told.trailer))
        return Counted(sum(_rows(archive, part, texts, told) for part in _parts(archive, told)))


def _name(element: Any) -> str:
    return str(element.tag.rpartition("}")[2])


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> Iterator[Any]:
    """The elements of a name; those that end are taken out of the tree, but for what is in one of that name."""
    within, wanted_ones = list[Any](), 0
    with archive.open(part) as stream:
        for event, element in iterparse(stream, ("start", "end"), forbid_dtd=True):
            is_wanted = _name(element) == wanted
            if event == "start":
                within.append(element)
                wanted_ones += is_wanted
                continue
            within.pop()
            if is_wanted:
                yield element
                wanted_ones -= 1
            if not wanted_ones:
                element.clear()
                for parent in within[-1:]:
                    parent.remove(element)


def _links(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    folder, _, name = part.rpartition("/")
    where = join(folder, "_rels", f"{name}.rels")
    if where not in archive.namelist():
        return {}
    each = [dict(link.attrib) for link in _elements(archive, where, "Relationship")]
    inside = [link for link in each if link.get("TargetMode") != "External"]
    return {
        link.get("Id", ""): (link.get("Type", "").rpartition("/")[2], _inside(folder, link.get("Target", "")))
        for link in inside
    }


def _inside(folder: str, target: str) -> str:
    return target[1:] if target.startswith("/") else normpath(join(folder, target))


def _root(archive: zipfile.ZipFile) -> str:
    return next((part for kind, part in _links(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")


def _parts(archive: zipfile.ZipFile, told: Told) -> list[str]:
    root = _root(archive)
    links, found = _links(archive, root), list[str]()
    for sheet in _elements(archive, root, "sheet"):
        number = next((value for key, value in sheet.attrib.items() if key.rpartition("}")[2] == "id"), "")
        kind, part = links.get(number, ("", ""))
        name = sheet.get("name", "")
        chosen = told.sheets is None or any(name == each or fnmatchcase(name, each) for each in told.sheets)
        if kind == "worksheet" and chosen:
            found.append(part)
    return found


def _texts(archive: zipfile.ZipFile, whole: bool) -> Sequence[str]:
    """The first characters of all shared texts, or, if they need not be known, an "x" for each; " " for blank ones."""
    part = next((part for kind, part in _links(archive, _root(archive)).values() if kind == "sharedStrings"), None)
    if part is None or part not in archive.namelist():
        return ""
    found = map(_text, _elements(archive, part, "si"))
    if whole:
        return [each[:100] or " " for each in found]
    return bytes(ord("x") if each else ord(" ") for each in found).decode("ascii")


def _text(element: Any) -> str:
    """The text of a shared or inline string, without phonetic guides."""
    runs = [each for each in element if _name(each) in ("t", "r")]
    texts = (run.text if _name(run) == "t" else "".join(t.text or "" for t in run if _name(t) == "t") for run in runs)
    return _stripped("".join(text or "" for text in texts))


def _stripped(text: str) -> str:
    """A text without the blanks at its ends, of which some may be escaped."""
    return _ESCAPED.sub(lambda found: " " if chr(int(found[1], 16)).isspace() else found[0], text).strip()


def _rows(archive: zipfile.ZipFile, part: str, texts: Sequence[str], told: Told) -> int:
    ends = re.compile(told.trailer).match if told.trailer else None
    number, rows = 0, 0
    for row in _elements(archive, part, "row"):
        number = int(row.get("r", number + 1))
        cells = [_content(cell, texts) for cell in row if _name(cell) == "c"]
        if number <= told.skip or not any(cells):
            continue
        first = next((cell for cell in cells if cell and cell != _FAULT), "")
        if ends and rows >= told.header and ends(first):
            break
        rows += 1
    return max(rows - told.header, 0)


# Stands for what a cell has if it can't be read.
_FAULT = "\0"


def _content(cell: Any, texts: Sequence[str]) -> str:
    kind, parts = cell.get("t", "n"), {_name(each): each for each in cell}
    if kind == "inlineStr":
        return _text(parts["is"]) if "is" in parts else ""
    value = (parts["v"].text or "") if "v" in parts else ""
    if not value:
        return _FAULT if "f" in parts and kind != "str" else ""
    if kind == "s":
        return texts[int(value)].strip()
    return "" if (kind, value) == ("e", "#N/A") else _stripped(value)
