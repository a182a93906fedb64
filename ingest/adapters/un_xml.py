"""Adapter `un-xml`: the consolidated list of the United Nations Security Council, and its lists by committee.

Each INDIVIDUAL and ENTITY is a unit; `un_xml.toml` maps it. Names that are only empty elements are left out. A year
or date of birth that is exact is a birth date; what is approximate or between two years is kept as it is said, and
counts as no date: it can neither join nor part two persons.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.account import Account
from ingest.adapters.xml_document import rows
from ingest.adapters.xml_units import Kind
from ingest.shapes import Branch, Frame, Readable, Row, Tree
from ingest.specs import Written

_LIST = Kind("the list of the UN Security Council", ("CONSOLIDATED_LIST",), [("INDIVIDUAL",), ("ENTITY",)])
_BORN = "INDIVIDUAL_DATE_OF_BIRTH"


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row]:
    """Yield each listed person and entity; FileRefused if it is no such list."""
    for item in rows(path, _LIST):
        yield item._replace(fields=_said(item.fields)) if isinstance(item, Row) else item


def _said(fields: Any) -> Tree:
    """A unit with the words for a birth date that is not exact, and without the days that are empty."""
    found: dict[str, Branch] = dict(fields)
    if _BORN in found:
        found[_BORN] = [_born(each) for each in _listed(found[_BORN])]
    return found


def _born(branch: Branch) -> Branch:
    if not isinstance(branch, Mapping):
        return branch
    kind, said = str(branch.get("TYPE_OF_DATE") or "").strip().upper(), dict(branch)
    first, last = (str(branch.get(name) or "").strip() for name in ("FROM_YEAR", "TO_YEAR"))
    exact = str(branch.get("DATE") or branch.get("YEAR") or "").strip()
    if first or last:
        said["inexact"] = f"between {first} and {last}"
    elif exact and kind not in ("", "EXACT"):
        said["inexact"] = f"{kind.lower()} {exact}"
    elif exact:
        said["exact"] = exact
    for name in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR") if "exact" in said or "inexact" in said else ():
        said.pop(name, None)
    return said


def _listed(branch: Branch) -> list[Branch]:
    return branch if isinstance(branch, list) else [branch]
