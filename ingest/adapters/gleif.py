"""Adapter `gleif`: entities with an LEI, their relationships, and why no parent is named, from GLEIF's files.

It reads XML (LEI-CDF 2.1 and 3.x, RR-CDF, reporting exceptions) and JSON (the golden copy's, and lists of the same
objects). What a unit is stands under `^`: LEIRecord, RelationshipRecord or Exception. JSON is brought into the shape of
the XML. `RelationshipPeriods` has each period under its type, and `full` is an address as one text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.account import Account
from ingest.adapters.json_records import records
from ingest.adapters.texts import check_text
from ingest.adapters.xml_document import rows
from ingest.adapters.xml_units import Kind
from ingest.shapes import TEXT, BadUnit, Branch, Frame, Readable, Reject, Row, Tree
from ingest.specs import Written

_WHAT = "a file of GLEIF"
_XML = Kind(
    _WHAT,
    ("LEIData", "RelationshipData", "ReportingExceptionData"),
    [("LEIRecord",), ("RelationshipRecord",), ("Exception",)],
)
_LISTS = ("records", "relations", "exceptions")
_SIGNS = {"Entity": "LEIRecord", "Relationship": "RelationshipRecord", "ExceptionCategory": "Exception"}
_UNITS = frozenset(_SIGNS.values())
# What each list of an entity or relationship is a list of.
_OF = {
    "OtherEntityNames": "OtherEntityName",
    "TransliteratedOtherEntityNames": "TransliteratedOtherEntityName",
    "OtherAddresses": "OtherAddress",
    "TransliteratedOtherAddresses": "TransliteratedOtherAddress",
    "LegalEntityEvents": "LegalEntityEvent",
    "OtherValidationAuthorities": "OtherValidationAuthority",
    "RelationshipPeriods": "RelationshipPeriod",
    "RelationshipQualifiers": "RelationshipQualifier",
    "RelationshipQuantifiers": "RelationshipQuantifier",
}
_LINES = (
    *("MailRouting", "FirstAddressLine", "AddressNumber", "AddressNumberWithinBuilding", "AdditionalAddressLine"),
    *("City", "Region", "PostalCode", "Country"),
)


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield each record, or its reject; FileRefused if it is neither XML nor JSON of GLEIF."""
    for item in rows(path, _XML) if _is_xml(path) else records(path, _WHAT, _LISTS):
        if not isinstance(item, Row):
            yield item
            continue
        try:
            fields = _said(item.fields)
        except BadUnit as bad:
            yield Reject(item.locator, bad.reason, str(bad), item.raw)
            continue
        _announce(fields, account)
        yield item._replace(fields=fields)


def _is_xml(path: Readable) -> bool:
    with path.open("rb") as stream:
        start = stream.read(256)
    check_text(path, start)
    return start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _announce(fields: Tree, account: Account) -> None:
    """Tell how many records the header says there are."""
    for name, around in fields.items():
        if name.startswith("^") and isinstance(around, Mapping):
            header = around.get("LEIHeader") or around.get("Header")
            count = header.get("RecordCount") if isinstance(header, Mapping) else None
            if isinstance(count, str) and count.strip().isdecimal() and len(count) < 12:
                account.announced = int(count)


def _said(given: Any) -> Tree:
    around = {name: each for name, each in given.items() if name.startswith("^")}
    own: Any = {name: each for name, each in given.items() if not name.startswith("^")}
    wrapped = next((name for name in own if name in _UNITS), None)
    own = own[wrapped] if wrapped and isinstance(own[wrapped], Mapping) else own
    kind = around.get("^") or next((unit for sign, unit in _SIGNS.items() if sign in own), None)
    if kind is None:
        message = "it is no record of an entity, a relationship or an exception: take the golden copy of GLEIF"
        raise BadUnit("no record of GLEIF", message)
    return {**around, **_shaped(own), "^": kind}


def _shaped(tree: Tree) -> dict[str, Branch]:
    """A tree in the shape of the XML."""
    found: dict[str, Branch] = {}
    for name, branch in tree.items():
        key = TEXT if name == "$" else f"@{name.rpartition(':')[2]}" if name.startswith("@") else name
        made = _branch(_unlisted(name, branch))
        found[key.replace("@@", "@")] = _by_type(made) if name == "RelationshipPeriods" else made
    if "FirstAddressLine" in found:
        found["full"] = _address(found)
    return found


def _branch(branch: Branch) -> Branch:
    if isinstance(branch, list):
        return [_branch(each) for each in branch]
    if not isinstance(branch, Mapping):
        return branch
    made = _shaped(branch)
    return made[TEXT] if made.keys() == {TEXT} else made


def _unlisted(name: str, branch: Branch) -> Branch:
    """A list of things as an element that has them, as in the XML."""
    of = _OF.get(name)
    if of is None or not isinstance(branch, list):
        return branch
    return {of: [_unwrapped(each, of) for each in branch]}


def _unwrapped(item: Branch, of: str) -> Branch:
    """A thing in a list, whose text may stand under its name, and its attributes beside it."""
    if not isinstance(item, Mapping):
        return item
    named = {"@type" if name == "type" else TEXT if name == of else name: each for name, each in item.items()}
    inner = named.get(TEXT)
    return {**named, **inner} if isinstance(inner, Mapping) else named


def _by_type(periods: Branch) -> Branch:
    """Periods by their types."""
    listed = _listed(periods.get("RelationshipPeriod")) if isinstance(periods, Mapping) else []
    found: dict[str, list[Branch]] = {}
    for each in listed:
        if isinstance(each, Mapping):
            kind = str(each.get("PeriodType") or "period without a type")
            found.setdefault(kind, []).append({name: text for name, text in each.items() if name != "PeriodType"})
    return {kind: list(some) for kind, some in found.items()}


def _address(found: Tree) -> str:
    pieces = [str(text) for name in _LINES for text in _listed(found.get(name)) if isinstance(text, str)]
    return ", ".join(dict.fromkeys(each.strip() for each in pieces if each.strip()))


def _listed(branch: Branch) -> list[Branch]:
    return branch if isinstance(branch, list) else [] if branch is None else [branch]
