"""Cut the details of a transaction (:86:) as banks write them.

- German banks: a code of three digits, then fields of two digits behind a sign: `166?00GUTSCHRIFT?20EREF+X?31DE00...`.
  A purpose in it can have codes of SEPA: `EREF+`, `SVWZ+`.
- Dutch and other banks: words between slashes: `/TRTP/SEPA OVERBOEKING/IBAN/NL00.../NAME/Ann/REMI/rent/EREF/1/`.
- All others: text.

Nothing is left out: what has no name of its own keeps its number or code.
"""

import re
from collections.abc import Mapping, Sequence

from ingest.shapes import Branch, Tree

_GERMAN = re.compile(r"(\d{3})([^\w\s])(?=\d\d)")
_NAMES = {
    "00": "posting",
    "10": "batch",
    "30": "bank",
    "31": "account",
    "32": "name",
    "33": "name",
    "34": "return_code",
    **{f"{n:02}": "purpose" for n in (*range(20, 30), *range(60, 64))},
}
_SEPA = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|MDAT|DDAT|SQTP|ORCR|ORMR|IBAN|BIC|BREF|RREF|CREF)\+"
)
_SLASHED = re.compile(
    "/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|CNTP|PREF|ORDP|BENM|ADDR|ISDT|RTRN|CDTRREFTP|CDTRREF|ULTD|ULTB|ULTC"
    "|PURP|SVCL|EXCH|OCMT|CHGS|BUSP|RREF|SUBS|ID|TXID|KREF|NRTX|SWOC|ACCW|ORDRP)/"
)
# The widths at which lines and fields of German details are cut.
_WIDE, _NARROW = 65, 27
_PARTS = ("account", "bank", "name", "city")
_NESTED = frozenset({"CNTP"})


def details(lines: Sequence[str]) -> Tree:
    """What the lines of the details say, by name.

    >>> details(["166?00GUTSCHRIFT?20EREF+7 SVWZ+Ren", "t?31DE1?32Ann"])["SVWZ"]
    'Rent'
    >>> details(["/IBAN/NL1/NAME/Ann/REMI/rent/"])
    {'IBAN': 'NL1', 'NAME': 'Ann', 'REMI': 'rent'}
    >>> details(["rent", "of May"])
    {'text': 'rent\\nof May'}
    """
    joined = _joined(lines, _WIDE)
    german = _GERMAN.match(joined)
    if german:
        return _german(german[1], joined[german.end() :], german[2])
    if _SLASHED.match(joined):
        return _slashed(joined)
    text = "\n".join(lines).strip()
    return {"text": text} if text else {}


def _german(code: str, text: str, sign: str) -> Tree:
    found: dict[str, list[str]] = {"code": [code]}
    for piece in re.split(rf"{re.escape(sign)}(?=\d\d)", text):
        found.setdefault(_NAMES.get(piece[:2], f"field {piece[:2]}"), []).append(piece[2:])
    said = {name: _joined(pieces, _NARROW) for name, pieces in found.items()}
    tree: dict[str, Branch] = dict(_filled(said))
    tree.update(_sepa(str(tree.pop("purpose", ""))))
    return tree


def _joined(pieces: Sequence[str], width: int) -> str:
    """Pieces that were cut at a width, put together. One that lacks a character ended in a space that was lost."""
    pairs = zip(pieces, (*pieces[1:], " "), strict=False)
    return "".join(f"{a} " if len(a) == width - 1 and not b.startswith(" ") else a for a, b in pairs)


def _sepa(purpose: str) -> Tree:
    """The codes in a purpose; what is before the first is the purpose itself."""
    before, *pieces = _SEPA.split(purpose)
    found: dict[str, list[str]] = {"purpose": [before]}
    for name, text in zip(pieces[::2], pieces[1::2], strict=True):
        found.setdefault(name, []).append(text.strip())
    return _filled({name: " ".join(texts) for name, texts in found.items()})


def _slashed(text: str) -> Tree:
    before, *pieces = _SLASHED.split(text)
    found: dict[str, list[Branch]] = {"text": [before]}
    for name, value in zip(pieces[::2], pieces[1::2], strict=True):
        parts = value.strip("/").split("/") if name not in _NESTED else value.split("/")
        made: Branch = "/".join(parts).strip()
        if name in _NESTED:
            last = len(_PARTS) - 1
            cut = [*parts[:last], "/".join(parts[last:]).strip("/")]
            made = _filled(dict(zip(_PARTS, cut, strict=False)))
        found.setdefault(name, []).append(made)
    tree = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    return {name: value for name, value in tree.items() if value and not (isinstance(value, str) and value.isspace())}


def _filled(said: Mapping[str, str]) -> dict[str, Branch]:
    return {name: text.strip() for name, text in said.items() if text.strip()}


__all__ = ["details"]
