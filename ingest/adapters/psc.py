"""Adapter `psc`: people with significant control of companies in the United Kingdom, as Companies House gives them.

Each line of the snapshot, or each document or list of the interface, says who controls a company, or why nobody is
named. The last line of the snapshot has its totals: it is left out, and compared with what was read. `shares` are the
parts of shares that natures of control tell, and `control` the other natures. A person's birth date is a month.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.account import Account
from ingest.adapters.json_records import records
from ingest.shapes import BadUnit, Branch, Frame, Readable, Reject, Row, Tree
from ingest.specs import Written

_WHAT = "a list of people with significant control"
_KINDS = (
    (re.compile(r"totals#"), "totals"),
    (re.compile(r"exemptions$|.*statement$"), "statement"),
    (re.compile(r"super-secure-"), "secret"),
    (re.compile(r"individual-"), "person"),
    (re.compile(r"corporate-entity-"), "company"),
    (re.compile(r"legal-person-"), "organization"),
)
_COMPANY = re.compile(r"/?company/([^/]+)/")
_SHARES = re.compile(r"ownership-of-shares-(?P<part>.+)")
_RANGE = re.compile(r"(?P<least>\d+)-to-(?P<most>\d+)-percent|(?:more-than-)(?P<more>\d+)-percent")
_BY = re.compile(r"-as-(?:a-)?(?P<by>trust|firm|control-over-trust|control-over-firm|nominee\w*)")


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield what is said of each company, or its reject; FileRefused if it is no JSON."""
    totals = 0
    for item in records(path, _WHAT, ("items",)):
        if not isinstance(item, Row):
            yield item
            continue
        try:
            fields = _said(item.fields)
        except BadUnit as bad:
            yield Reject(item.locator, bad.reason, str(bad), item.raw)
            continue
        totals += fields["who"] == "totals"
        if said := _announced(fields):
            account.announced = said + totals
        yield item._replace(fields=fields)


def _said(given: Any) -> Tree:
    """The fields of a unit: what is said, beside the number of the company."""
    data = given.get("data")
    found: dict[str, Branch] = dict(data) if isinstance(data, Mapping) else {k: v for k, v in given.items() if k != "^"}
    found |= {name: each for name, each in given.items() if name not in ("data", "company_number")}
    kind = str(found.get("kind") or "")
    if not kind:
        raise BadUnit("no kind", "it does not say of which kind it is: is it of Companies House?")
    links = found.get("links")
    self = str(links.get("self") or "") if isinstance(links, Mapping) else ""
    company = _COMPANY.match(self)
    number = str(given.get("company_number") or (company[1] if company else "")).strip().upper()
    found |= {"company_number": number.zfill(8) if number.isdecimal() else number, "self": self, "who": _who(kind)}
    found |= {"full_name": _name(found), "born": _born(found.pop("date_of_birth", None))}
    if found["full_name"] == found.get("name"):
        found.pop("name")
    natures = found.pop("natures_of_control", None)
    return found | _natures(natures if isinstance(natures, list) else [natures] if natures else [])


def _name(found: dict[str, Branch]) -> str:
    """The name of a person by its parts, without the title, which the whole name may begin with."""
    parts = found.get("name_elements")
    names = ("forename", "other_forenames", "middle_name", "surname")
    whole = " ".join(str(parts[each]) for each in names if parts.get(each)) if isinstance(parts, Mapping) else ""
    return whole or str(found.get("name") or "")


def _born(said: Branch) -> str:
    """A birth date as far as it is told: 1955-10."""
    if not isinstance(said, Mapping):
        return str(said or "")
    told = [str(said[each]).zfill(2) for each in ("year", "month", "day") if said.get(each)]
    return "-".join(told) if said.get("year") else ""


def _who(kind: str) -> str:
    """What a kind is about: a person, an organization, somebody who is kept secret, a statement, totals.

    BadUnit for any other.
    """
    for pattern, who in _KINDS:
        if pattern.match(kind):
            return who
    raise BadUnit("unknown kind", f"{kind[:100]!r} is no kind that is known here: map the file by a manifest, as jsonl")


def _natures(natures: Sequence[Branch]) -> dict[str, Branch]:
    shares, control = list[Branch](), list[Branch]()
    for each in dict.fromkeys(str(each) for each in natures if each):
        by = _BY.search(each)
        said: dict[str, Branch] = {"nature": each, "percentage": _part(each), "by": by["by"] if by else ""}
        (shares if _SHARES.match(each) else control).append(said)
    return {"shares": shares, "control": control or ([] if shares else [{"nature": "not said"}])}


def _part(nature: str) -> str:
    """The range of percent in a nature of control: "25-50", "25+", or ""."""
    found = _RANGE.search(nature)
    if found is None:
        return ""
    return f"{found['least']}-{found['most']}" if found["least"] else f"{found['more']}+"


def _announced(fields: Tree) -> int:
    """How many units the totals say there are, without themselves; 0 for any other unit."""
    if fields["who"] != "totals":
        return 0
    counts = (str(each) for name, each in fields.items() if name.endswith("_count"))
    return sum(int(each) for each in counts if each.isdecimal() and len(each) < 12)
