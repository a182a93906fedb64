"""Make the fields of a vCard: its properties as trees, structured values by the names of their parts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256

from ingest.adapters.vcard_lines import Line, lines_of, parts, unescaped
from ingest.shapes import TEXT, BadUnit, Branch, Tree

_VERSION = re.compile(rb"^VERSION[^:\r\n]*:\s*([0-9.]+)\s*$", re.IGNORECASE | re.MULTILINE)
_VERSIONS = ("2.1", "3.0", "4.0")
_DEEPEST = 5

_PARTS: Mapping[str, tuple[str, ...]] = {
    "N": ("family", "given", "additional", "prefix", "suffix"),
    "ADR": ("po_box", "extended", "street", "city", "region", "code", "country"),
    "ORG": ("name", "unit"),
    "GENDER": ("sex", "identity"),
}
_LISTS = frozenset({"CATEGORIES", "NICKNAME"})
_DATES = frozenset({"BDAY", "DEATHDATE", "X-DEATHDATE", "ANNIVERSARY", "X-ANNIVERSARY"})
# What other programs call properties that vCard 4 has.
_SAME = {
    "X-ABRELATEDNAMES": "RELATED",
    "X-SPOUSE": "RELATED",
    "X-MANAGER": "RELATED",
    "X-ASSISTANT": "RELATED",
    "X-GENDER": "GENDER",
    "X-DEATHDATE": "DEATHDATE",
    "X-ANNIVERSARY": "ANNIVERSARY",
    "X-SOCIALPROFILE": "SOCIALPROFILE",
}
_NO_TYPE = frozenset({"pref", "internet", "x400"})
_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_DAY = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?(?:T.*)?")
_OF_NO_YEAR = "1604"  # the year that Apple writes where there is none
_URI = re.compile(r"(?:urn:uuid:)?(.+)", re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+)", re.DOTALL)


def fields_of(raw: Sequence[bytes], encoding: str, depth: int = 0) -> Tree:
    """The fields of a card, from its lines without BEGIN and END; BadUnit if it is none."""
    if depth > _DEEPEST:
        raise BadUnit("nested too deeply", f"more than {_DEEPEST} cards are in one another: were they meant to be?")
    own, inner = _apart(raw)
    found = _VERSION.search(b"".join(own))
    version = found[1].decode() if found else "3.0"
    if version not in _VERSIONS:
        raise BadUnit("unknown version", f"a card of version {version}: known are {', '.join(_VERSIONS)}: convert it")
    lines = list(lines_of(own, version, encoding))
    tree: dict[str, list[Branch]] = {}
    labels = {each.group: _label(each, version) for each in lines if each.name == "X-ABLABEL" and each.group}
    for line in lines:
        if line.name == "X-ABLABEL" and line.group:
            continue
        for name, branch in _property(line, labels.get(line.group, ""), version, encoding, depth):
            tree.setdefault(name, []).append(branch)
    for card in inner:
        tree.setdefault("AGENT", []).append(fields_of(card, encoding, depth + 1))
    return _whole({name: each if len(each) > 1 else each[0] for name, each in tree.items()}, lines)


def _apart(raw: Sequence[bytes]) -> tuple[list[bytes], list[list[bytes]]]:
    """The lines of a card, and those of each card in it."""
    own, inner, depth = list[bytes](), list[list[bytes]](), 0
    for line in raw:
        sign = line.strip().upper()
        if sign == b"BEGIN:VCARD":
            depth += 1
            if depth == 1:
                inner.append([])
                continue
        if sign == b"END:VCARD":
            depth -= 1
            if depth == 0:
                continue
        (inner[-1] if depth else own).append(line)
    return [line for line in own if line.strip().upper() != b"AGENT:"] if inner else own, inner


def _label(line: Line, version: str) -> str:
    text = unescaped(line.text, version)
    apple = _LABEL.fullmatch(text)
    return apple[1] if apple else text


def _property(line: Line, label: str, version: str, encoding: str, depth: int) -> Iterator[tuple[str, Branch]]:
    """The name and the tree of each value of a property."""
    name = _SAME.get(line.name, line.name)
    if line.apart:
        yield line.apart, f"{name}: {line.text}"
        return
    text = line.text
    if name == "AGENT" and text[:11].upper() == "BEGIN:VCARD":
        inner = unescaped(text, version).encode().splitlines(keepends=True)
        yield name, fields_of(inner[1:-1], "utf-8", depth + 1)
        return
    for each in parts(text, ",", version) if name in _LISTS else [text]:
        tree: dict[str, Branch] = _value(name, each, line, version)
        tree |= _said_of(line, label)
        yield name, tree if len(tree) > 1 or TEXT not in tree else tree[TEXT]


def _said_of(line: Line, label: str) -> dict[str, Branch]:
    """What parameters and the group's label tell of a value."""
    types = [each.lower() for each in line.params.get("TYPE", ())]
    if line.name in ("X-SPOUSE", "X-MANAGER", "X-ASSISTANT"):
        types.append(line.name[2:].lower())
    types += [label.lower()] if label else []
    said: dict[str, Branch] = {"type": [each for each in types if each not in _NO_TYPE]}
    others = ("TYPE", "ENCODING", "CHARSET", "PREF", "VALUE", "X-APPLE-OMIT-YEAR")
    said |= {name.lower(): list(each) for name, each in line.params.items() if name not in others}
    return {name: each for name, each in said.items() if each}


def _value(name: str, text: str, line: Line, version: str) -> dict[str, Branch]:
    if name in _PARTS:
        return _structured(name, text, version)
    plain = unescaped(text, version)
    if name in _DATES:
        return _dated(plain, line)
    if name == "TEL":
        number, _, extension = re.sub(r"(?i)^tel:", "", plain).partition(";ext=")
        return {TEXT: number, "extension": extension} if extension else {TEXT: number}
    if name == "EMAIL":
        return {TEXT: re.sub(r"(?i)^mailto:", "", plain)}
    if name in ("UID", "MEMBER"):
        return {TEXT: _id(plain)}
    if name == "RELATED":
        is_id = plain.lower().startswith("urn:uuid:")
        return {TEXT: plain, "uid": _id(plain)} if is_id else {TEXT: plain}
    found = _SCHEME.fullmatch(plain) if name == "IMPP" else None
    return {TEXT: found[2], "service": found[1].lower()} if found else {TEXT: plain}


def _id(text: str) -> str:
    found = _URI.fullmatch(text)
    return found[1].strip() if found else text


def _structured(name: str, text: str, version: str) -> dict[str, Branch]:
    pieces, names = parts(text, ";", version), _PARTS[name]
    if len(pieces) > len(names):
        pieces[len(names) - 1 :] = [";".join(pieces[len(names) - 1 :])] if name != "ORG" else pieces[1:]
    found: dict[str, Branch] = {}
    for at, piece in enumerate(pieces):
        values = [piece] if name in ("ORG", "GENDER") else parts(piece, ",", version) if version != "2.1" else [piece]
        texts: list[Branch] = [said for each in values if (said := unescaped(each, version).strip())]
        key = names[min(at, len(names) - 1)]
        before = found.get(key)
        if texts and name == "ADR":
            found[key] = ", ".join(map(str, texts))
        elif texts:
            found[key] = [*(before if isinstance(before, list) else []), *texts]
    return found


def _dated(text: str, line: Line) -> dict[str, Branch]:
    """A date as `exact`, or as `inexact` if it has no year, or is in words."""
    day = _DAY.fullmatch(text) if "text" not in [each.lower() for each in line.params.get("VALUE", ())] else None
    if day is None or not _exists(*day.groups()):
        return {"inexact": text} if text else {}
    year, month, number = day.groups()
    written = "-".join(each for each in day.groups() if each)
    is_without = year == _OF_NO_YEAR and _OF_NO_YEAR in line.params.get("X-APPLE-OMIT-YEAR", ())
    return {"inexact": f"--{month}-{number}"} if is_without else {"exact": written}


def _exists(year: str, month: str | None, day: str | None) -> bool:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


def _whole(tree: dict[str, Branch], lines: Sequence[Line]) -> Tree:
    """A card with its id, and the name and kind under which it is known."""
    uid = _first(tree.get("UID"))
    said = "\n".join(f"{each.name};{sorted(each.params.items())}:{each.text}" for each in lines)
    names = [text for each in _listed(tree.get("FN")) if (text := _text(each))]
    kind = (_first(tree.get("KIND")) or _first(tree.get("X-ADDRESSBOOKSERVER-KIND"))).lower()
    is_company = _first(tree.get("X-ABSHOWAS")).lower().startswith("company")
    found: dict[str, Branch] = {**tree, "id": uid or f"card:{sha256(said.encode()).hexdigest()[:32]}"}
    found["about"] = kind or ("org" if is_company else "individual")
    found["names"] = [*names] or [_named(each) for each in _listed(tree.get("N")) if _named(each)]
    if all(isinstance(each, str) for each in _listed(tree.get("FN"))):
        found.pop("FN", None)  # it is among the names
    return {name: each for name, each in found.items() if each not in ("", [], None)}


def _named(name: Branch) -> str:
    order = ("prefix", "given", "additional", "family", "suffix")
    pieces = [str(each) for part in order for each in _listed(name.get(part))] if isinstance(name, Mapping) else []
    return " ".join(each for each in pieces if each and each != "None")


def _first(branch: Branch) -> str:
    return next((text for each in _listed(branch) if (text := _text(each))), "")


def _text(branch: Branch) -> str:
    said = branch.get(TEXT) if isinstance(branch, Mapping) else branch
    return said.strip() if isinstance(said, str) else ""


def _listed(branch: Branch) -> list[Branch]:
    return branch if isinstance(branch, list) else [] if branch is None else [branch]
