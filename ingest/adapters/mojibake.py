"""Detect UTF-8 text that was read in a single-byte encoding ("JosÃ©", "Р˜РІР°РЅ").

Nearly any bytes are valid in such an encoding, so only the look of the text shows that it is wrong. A piece of
text counts as evidence if its bytes are UTF-8 for letters that people write, and the piece as declared looks like
nothing that people write. Correct text is hardly ever both.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# A run of characters outside ASCII that is completely UTF-8.
_PIECE = re.compile(
    rb"(?<![\x80-\xff])(?:[\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf])+(?![\x80-\xff])"
)

# The characters that people write: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Indian, Georgian, Chinese,
# Japanese and Korean letters with their signs, and common punctuation.
_WRITTEN = re.compile(
    "[\u00a0-\u017f\u0218-\u021b\u0300-\u052f\u0531-\u0587\u05d0-\u05f4\u0600-\u06ff\u0900-\u0dff\u10a0-\u10ff"
    "\u1e00-\u1fff\u2010-\u203a\u20ac\u2116\u2122\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+"
)

# Closing marks, which may follow a letter directly. A letter may follow those that join words.
_JOINS = "’–—\u00a0"
_CLOSES = _JOINS + "“”»›…™"

# How the UTF-8 of Western European, Polish or Turkish letters looks: no word contains these. An Ã or Â with a closing
# mark can be the end of a word in capitals.
_NO_WORD = re.compile("[ÃÂ]|[ÄÅ][ŠŒŽšœžŸƒ]")
_NO_PAIR = re.compile(f"[ÃÂ][^{_CLOSES}]|[ÄÅ][ŠŒŽšœžŸƒ]")

# A capital inside a word, or two capitals before small letters.
_ODD_SHAPE = re.compile("lU|UUl")

# So many different UTF-8 characters in a whole file can't be chance, whatever they look like.
_NO_CHANCE = 5


class Evidence(NamedTuple):
    """The evidence in a row: its pieces in UTF-8; `whole` if all of it is; `certain` if it can be nothing else."""

    pieces: tuple[str, ...]
    whole: bool
    certain: bool


def evidence(text: str, raw: bytes) -> Evidence:
    """The evidence in a row, from its text in the declared single-byte encoding, and its bytes."""
    pieces = list(_pieces(raw))
    if not pieces:  # nearly always
        return Evidence((), whole=False, certain=False)
    covered = sum(end - start for start, end, _ in pieces)
    return Evidence(
        tuple(read for _, _, read in pieces),
        covered == sum(byte > 127 for byte in raw),
        any(_WRITTEN.fullmatch(read) and _looks_wrong(text, start, end) for start, end, read in pieces),
    )


class WholeFile:
    """Decides, row by row, whether a whole file is UTF-8, and not by chance."""

    def __init__(self) -> None:
        self._distinct, self._whole, self._certain = dict[bytes, int](), True, False

    @property
    def is_utf8(self) -> bool:
        """Whether the rows so far are UTF-8, and not by chance."""
        return self._whole and (self._certain or self._enough)

    @property
    def _enough(self) -> bool:
        return sum(self._distinct.values()) >= _NO_CHANCE

    def row(self, text: str, raw: bytes) -> bool:
        """Add a row that is not pure ASCII; returns whether further rows can still matter."""
        seen = evidence(text, raw)
        for piece in seen.pieces if not self._enough else ():
            self._distinct[_kind(piece)] = len(piece)
        self._certain = self._certain or seen.certain
        self._whole = self._whole and seen.whole
        return self._whole


def _kind(piece: str) -> bytes:
    """The key under which a piece counts once: a column of yes and no, or of ordinals (Β΄, Γ΄, Δ΄), is one chance."""
    written = piece.encode("utf-8")
    return written[1:] if len(written) == 2 else written


def _pieces(raw: bytes) -> Iterator[tuple[int, int, str]]:
    for match in _PIECE.finditer(raw):
        try:
            yield match.start(), match.end(), match[0].decode("utf-8")
        except UnicodeDecodeError:  # incomplete characters
            continue


def _looks_wrong(text: str, start: int, end: int) -> bool:
    """Whether a piece of a text is one that nobody writes, by itself or in its context."""
    piece, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    if len(piece) == 2:
        return _is_no_pair(piece, before, after)
    if _NO_WORD.match(piece) or not _follows(piece, after):
        return True
    if "LATIN" not in unicodedata.name(piece[0], "") and (
        before.isalpha() or (piece[-1].isalpha() and after.isalpha())
    ):
        return True  # two scripts in a word
    return bool(_ODD_SHAPE.search(_shape(text, start, end)))


def _is_no_pair(piece: str, before: str, after: str) -> bool:
    """Whether nobody writes a pair of characters (a capital, then usually a sign) in its context."""
    if _NO_PAIR.match(piece) or unicodedata.category(piece[1]) in ("Cc", "Cn", "Co", "Cs"):
        return True
    if before.islower() or (piece[0] in "ÃÂ" and before.isdigit()):
        return True  # a capital inside a word
    if not piece[1].isalpha():
        return after.islower() and (piece[1] not in _JOINS or piece == "Ã–")  # Ö begins many a word
    latin = "LATIN" in unicodedata.name(piece[0], "")
    return after.isalpha() if not latin else bool(_ODD_SHAPE.search(_shape(before + piece + after, 0, 1)))


def _follows(piece: str, after: str) -> bool:
    """Whether each character of a piece may follow the one before it."""
    if not piece[0].isalpha():
        return all(each in _CLOSES for each in piece[1:])
    for each, following in zip(piece[1:], [*piece[2:], after], strict=True):
        if not (each.isalpha() or each in _CLOSES):
            return False
        if each in _CLOSES and each not in _JOINS and following.isalpha():
            return False
    return True


def _shape(text: str, start: int, end: int) -> str:
    """The pattern of capitals and small letters in the words that a piece is part of."""
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return "".join("U" if each.isupper() else "l" if each.islower() else "." for each in text[start:end])
