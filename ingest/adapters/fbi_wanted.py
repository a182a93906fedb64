"""Adapter `fbi-wanted`: notices of the FBI as its interface gives them, a page of `items` or a single notice.

A notice tells about a person, or about something of which the public may know. `capacity` says in which the person is
part of it: suspect, victim or missing person; nothing where the notice does not say. Only who is sought for what he is
charged with is a suspect: no victim, no missing or unidentified person, and nobody about whom information is sought.
HTML in texts is made plain. Pictures and files are kept as addresses, and never fetched.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.account import Account
from ingest.adapters.json_document import rows
from ingest.adapters.json_units import Kind, has_units
from ingest.adapters.plain_text import plain
from ingest.shapes import Branch, Frame, Readable, Reject, Row, Tree
from ingest.specs import Written

_WHAT = "a page of notices of the FBI"
_PAGE = Kind(_WHAT, [("items",)])
_SINGLE = Kind(_WHAT, [()])

# What only a notice about one person has.
_OF_A_PERSON = (
    *("sex", "dates_of_birth_used", "hair", "hair_raw", "eyes", "eyes_raw", "race", "race_raw", "complexion", "build"),
    *("nationality", "place_of_birth", "aliases", "height_min", "height_max", "weight", "weight_min", "weight_max"),
    *("age_range", "age_min", "scars_and_marks", "occupations"),
)
_MISSING = re.compile(r"(?i)missing")
_VICTIM = re.compile(r"(?i)\bvictims?\b|unidentified|homicides and sexual assaults")
_A_VICTIM = re.compile(r"(?i)^\W*(?:\w+ )?victim\b")
# Notices that ask for information, for help or for the name of somebody.
_ASKING = re.compile(r"(?i)information|assistance|endangered child")
_NOBODY = re.compile(r"(?i)^\s*(?:jane|john|baby) doe\b|^\s*un(?:known|identified)\b|^\s*unsub\b")
_PLACE = re.compile(r"(?<!\s)\s++[-\u2013]\s.*", re.DOTALL)


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each notice, or its reject; FileRefused if it is no JSON document."""
    is_page = has_units(path, _PAGE)
    for item in rows(path, _PAGE if is_page else _SINGLE):
        if (
            isinstance(item, Row)
            and not is_page
            and isinstance(item.fields, Mapping)
            and item.fields.get("items") == []
        ):
            return
        if isinstance(item, Row):
            _announce(item, account)
            yield item._replace(fields=_said(item.fields))
        else:
            yield item


def _announce(row: Row, account: Account) -> None:
    """Tell how many notices there are in all, if the page says so."""
    around = row.fields.get("^root") if isinstance(row.fields, Mapping) else None
    total = around.get("total") if isinstance(around, Mapping) else None
    if isinstance(total, str) and total.isdecimal() and len(total) < 10:
        account.announced = int(total)


def _said(fields: Any) -> Tree:
    found: dict[str, Branch] = {name: _plain(each) for name, each in fields.items()}
    title = str(found.get("title") or "")
    is_nobody = _NOBODY.match(title) is not None
    return found | {
        "about": "person" if any(_has(found.get(name)) for name in _OF_A_PERSON) else "case",
        "capacity": _capacity(found),
        "name": title if is_nobody else _PLACE.sub("", title).strip(),
    }


def _capacity(found: Tree) -> str:
    """In which capacity the notice is about its person; "" if it does not say."""
    kind = str(found.get("poster_classification") or "").casefold()
    person = str(found.get("person_classification") or "").casefold()
    subjects = " ".join(str(each) for each in _listed(found.get("subjects")))
    if person == "victim" or _A_VICTIM.search(str(found.get("description") or "")):
        return "missing person" if kind == "missing" else "victim"
    if kind == "missing" or _MISSING.search(subjects):
        return "missing person"
    if _VICTIM.search(subjects):
        return "" if kind == "information" and not _has(found.get("sex")) else "victim"
    is_sought = person in ("main", "accomplice") and not _ASKING.search(f"{kind} {subjects}")
    return "suspect" if is_sought else ""


def _has(branch: Branch) -> bool:
    return bool(branch) and any(each not in (None, "") for each in _listed(branch))


def _listed(branch: Branch) -> list[Branch]:
    return branch if isinstance(branch, list) else [branch]


def _plain(branch: Branch) -> Branch:
    """A tree whose texts have no markup."""
    if isinstance(branch, str):
        return plain(branch)
    if isinstance(branch, list):
        return [_plain(each) for each in branch]
    return {name: _plain(each) for name, each in branch.items()} if isinstance(branch, Mapping) else branch
