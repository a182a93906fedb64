"""The words of a DL file, and where its header ends."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.adapters.text_lines import Line, Lines, check_line
from ingest.shapes import BadUnit

# A word: in quotes, the sign =, or anything without white space, commas and that sign.
_WORD = re.compile(r'"([^"]*)"|(=)|([^\s,=]+)')
# A statement that has its first value without a space before it, as in `labels:ann`.
_JOINED = re.compile(r"(labels:|embedded:)(.+)", re.IGNORECASE | re.DOTALL)
_DATA = re.compile(r"data:", re.IGNORECASE)


class Word(NamedTuple):
    """A word: its text, where it stands as `line.place`, and whether it has quotes."""

    text: str
    place: str
    quoted: bool = False

    def name(self) -> str:
        """The word as the name of a statement: in small letters, without a colon; "" for one in quotes."""
        return "" if self.quoted else self.text.lower().removesuffix(":")


class Head(NamedTuple):
    """What stands before the data: its words, its text, the rest of the line that begins them, and the number of words
    before that in its line."""

    words: list[Word]
    text: str
    rest: Line
    before: int


def words_of(line: Line, before: int = 0) -> Iterator[Word]:
    """The words of a line; `before` is how many of its line are before it."""
    for at, match in enumerate(_WORD.finditer(line.text), before + 1):
        place = f"{line.number}.{at}"
        yield Word(match[1], place, True) if match[1] is not None else Word(match[2] or match[3], place)


def head_of(lines: Lines) -> Head:
    """What stands before DATA; BadUnit if it can't be read, and FileRefused if nothing does."""
    words, texts, line = list[Word](), list[str](), Line(0, "", b"")
    for line in lines:
        try:
            check_line(line.text)
        except BadUnit as bad:
            raise lines.refused(bad.reason, line.number, str(bad)) from bad
        for at, match in enumerate(_WORD.finditer(line.text), 1):
            data = _DATA.match(match[3]) if match[3] else None
            if data and _is_dl(words):
                end = match.start(3) + data.end()
                rest = Line(line.number, line.text[end:], lines.encoded(line.text[end:]))
                return Head(words, "\n".join([*texts, line.text[:end]]), rest, at)
            words += _parts(match, f"{line.number}.{at}")
        if words and not _is_dl(words):
            break
        texts.append(line.text)
    said = "it ends without DATA: was it cut off?" if _is_dl(words) else "it does not begin with DL"
    raise lines.refused("not this format", line.number, f"{said}: is it a DL file of UCINET?")


def _is_dl(words: list[Word]) -> bool:
    return bool(words) and words[0].name() == "dl"


def _parts(match: re.Match[str], place: str) -> list[Word]:
    if match[1] is not None:
        return [Word(match[1], place, True)]
    joined = _JOINED.fullmatch(match[3] or "")
    if joined:
        return [Word(joined[1], place), Word(joined[2], f"{place}.1")]
    return [Word(match[2] or match[3], place)]
