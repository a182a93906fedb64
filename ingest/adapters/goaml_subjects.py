"""Find the people, organisations and accounts in a transaction or activity of a goAML report, and their ties."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ingest.shapes import TEXT, Row, Tree

_SIDES = {
    "t_from_my_client": ("From", "from_"),
    "t_from": ("From", "from_"),
    "t_to_my_client": ("To", "to_"),
    "t_to": ("To", "to_"),
}
_KINDS = {"person": "Persons", "account": "Accounts", "entity": "Entities"}
_GROUPS = {"involved_parties": "party", "report_parties": "report_party"}
_NUMBERS = ("ssn", "passport_number", "id_number")
# What a report, account or person has of others, and is not a part of its own content.
_LISTS = {
    "phones": "phone",
    "addresses": "address",
    "emails": "email",
    "urls": "url",
    "identifications": "identification",
    "entity_identifications": "entity_identifier",
    "previous_names": "previous_name",
    "employment_history": "employment",
}


def shaped(row: Row) -> Row:
    """A unit of a report with all subjects in lists of their own."""
    fields: dict[str, Any] = dict(row.fields) if isinstance(row.fields, Mapping) else {}
    name = fields.pop("^")
    report = dict(_tree(fields.pop("^report", {})))
    if name == "report":
        report, fields = fields, {}
    by, key = _text(report.get("rentity_id")), _report_key(report)
    subjects = _Subjects(key)
    unit = subjects.unit(fields)
    reporter = _own(_tree(report.pop("reporting_person", {})))
    if reporter:
        reporter = {"Key": f"{by}/{_digest(reporter)}", **_person(reporter)}
    if "location" in report:
        report["location"] = _address(_tree(report["location"]))
    told = {"Reporter": reporter} if reporter else {}
    return row._replace(fields={"^": name, **unit, **subjects.lists, **told, "^report": {**report, "Key": key}})


def _report_key(report: Tree) -> str:
    """Who reports, and the report's number; without one, its kind and day."""
    number = _text(report.get("entity_reference"))
    day = _text(report.get("submission_date")) or _text(report.get("report_date"))
    return f"{_text(report.get('rentity_id'))}/{number or _text(report.get('report_code')) + ' ' + day}"


class _Subjects:
    """Collects the subjects of one unit."""

    def __init__(self, report: str) -> None:
        self._report = report
        self.lists: dict[str, Any] = {"Persons": [], "Entities": [], "Accounts": [], "Links": [], "Parties": []}
        self._seen = set[tuple[str, str]]()

    def unit(self, fields: Tree) -> dict[str, Any]:
        """The unit without its subjects."""
        found: dict[str, Any] = {}
        for name, branch in fields.items():
            if name in _SIDES:
                key, prefix = _SIDES[name]
                found[key] = self._side(_tree(branch), prefix, name.endswith("my_client"))
            elif name in _GROUPS:
                parties = [self._party(_tree(each)) for each in _listed(_tree(branch).get(_GROUPS[name]))]
                self.lists["Parties"] += parties
            elif name == "goods_services":
                found["Items"] = [self._item(_tree(each)) for each in _listed(_tree(branch).get("item"))]
            elif name == "transaction_address":
                found[name] = _address(_tree(branch))
            else:
                found[name] = branch
        return found

    def _side(self, tree: Tree, prefix: str, is_client: bool) -> dict[str, Any]:
        """A side of a transaction: who it is by key, and what else is said of it."""
        found: dict[str, Any] = {"my_client": "true"} if is_client else {}
        conductors = []
        for name, branch in tree.items():
            kind = name.removeprefix(prefix)
            if kind in _KINDS and isinstance(branch, Mapping):
                found[kind] = self._add(kind, branch)
            elif name == "t_conductor":
                conductors = [self._add("person", _tree(each)) for each in _listed(branch)]
            else:
                found[kind] = branch
        for conductor in conductors:
            found.setdefault("conductor", []).append(conductor)
            for kind in _KINDS:
                if kind in found:
                    self._link("conductor", conductor, str(found[kind]), kind, {})
        return found

    def _party(self, tree: Tree) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, branch in tree.items():
            kind = name.removesuffix("_my_client")
            if kind in _KINDS and isinstance(branch, Mapping):
                found |= {kind: self._add(kind, branch), **({"my_client": "true"} if kind != name else {})}
            else:
                found[name] = branch
        return found

    def _item(self, tree: Tree) -> dict[str, Any]:
        item = {name: each if name != "address" else _address(_tree(each)) for name, each in tree.items()}
        return {"Key": f"{self._report}/{_digest(item)}", **item}

    # -- subjects, and those in them -----------------------------------------------------

    def _add(self, kind: str, tree: Tree) -> str:
        """Keep a subject and all in it, once; its key."""
        own = _own(tree)
        key = self._account_key(own) if kind == "account" else f"{self._report}/{_digest(own)}"
        if (kind, key) not in self._seen:
            self._seen.add((kind, key))
            make: Callable[[dict[str, Any]], dict[str, Any]] = _person if kind == "person" else _organisation
            said = dict(own) if kind == "account" else make(own)
            self.lists[_KINDS[kind]].append({"Key": key, **said})
        for link, other, inner, more in _inside(kind, tree):
            self._link(link, self._add(other, inner), key, kind, {"other": other, **more})
        return key

    def _account_key(self, own: Tree) -> str:
        """The IBAN of an account, or its bank and number; else it is one of its report."""
        iban, number = _text(own.get("iban")), _text(own.get("account"))
        if iban:
            return iban.replace(" ", "").upper()
        bank = _text(own.get("swift")) or _text(own.get("institution_code")) or _text(own.get("institution_name"))
        return f"{bank}/{number}" if bank and number else f"{self._report}/{number or _digest(own)}"

    def _link(self, link: str, who: str, whose: str, kind: str, more: Tree) -> None:
        said = {"Link": link, "Who": who, "Of": kind, "Whose": whose, **more}
        if said not in self.lists["Links"]:
            self.lists["Links"].append(said)


def _inside(kind: str, tree: Tree) -> Iterator[tuple[str, str, Tree, Tree]]:
    """Who stands in a subject: the tie, the kind of the other, its tree, and what else the tie says."""
    for each in _listed(tree.get("signatory")):
        yield _tied("signatory", "person", "t_person", _tree(each))
    for each in _listed(tree.get("director_id")):
        director = dict(_tree(each))
        role = director.pop("role", "")
        yield "director", "person", director, {"role": role} if role else {}
    if kind == "account" and "t_entity" in tree:
        yield "holder", "entity", _tree(tree["t_entity"]), {}
    for group, inner in (
        ("related_persons", "person"),
        ("related_entities", "entity"),
        ("related_accounts", "account"),
    ):
        for wrapper in _tree(tree.get(group, {})).values():
            for each in _listed(wrapper):
                yield _tied("related", inner, "t_person" if "t_person" in _tree(each) else inner, _tree(each))


def _tied(link: str, kind: str, name: str, tree: Tree) -> tuple[str, str, Tree, Tree]:
    more = {key: each for key, each in tree.items() if key != name}
    relation = next((each for key, each in more.items() if key.endswith("_relation")), None)
    if relation is not None:
        more = {key: each for key, each in more.items() if not key.endswith("_relation")} | {"role": relation}
    return link, kind, _tree(tree.get(name, {})), more


_NESTED = ("signatory", "director_id", "t_entity", "related_persons", "related_entities", "related_accounts")


def _own(tree: Tree) -> dict[str, Any]:
    """What a subject says of itself, with lists that have no element around them."""
    found: dict[str, Any] = {}
    for name, branch in tree.items():
        if name in _LISTS:
            found.setdefault(_LISTS[name], []).extend(_listed(_tree(branch).get(_LISTS[name])))
        elif name in _LISTS.values():
            found.setdefault(name, []).extend(_listed(branch))
        elif name not in _NESTED:
            found[name] = branch
    return found


def _person(own: Mapping[str, Any]) -> dict[str, Any]:
    names = (_text(own.get(each)) for each in ("first_name", "middle_name", "prefix", "last_name"))
    person = {"Name": " ".join(filter(None, names)), **_common(own)}
    work = [dict(_tree(each)) for each in own.get("employment", ())]
    if _text(own.get("employer_name")):
        work.append({"employer_name": person.pop("employer_name")})
        for name in ("employer_address_id", "employer_phone_id"):
            if name in person:
                work[-1][name] = person.pop(name)
    if work:
        person["employment"] = [{"Key": f"employer/{_digest(each)}", **each} for each in work]
    for each in person.get("previous_name", ()):
        each["Name"] = f"{_text(each.get('first_name'))} {_text(each.get('last_name'))}".strip()
    return person


def _organisation(own: Mapping[str, Any]) -> dict[str, Any]:
    return _common(own)


def _common(own: Mapping[str, Any]) -> dict[str, Any]:
    """Phones with their whole number, and addresses as one text."""
    found = {name: list(each) if isinstance(each, list) else each for name, each in own.items()}
    if "phone" in found:
        found["phone"] = [_phone(_tree(each)) for each in found["phone"]]
    if "address" in found:
        found["address"] = [_address(_tree(each)) for each in found["address"]]
    if "previous_name" in found:
        found["previous_name"] = [dict(_tree(each)) for each in found["previous_name"]]
    return found


def _phone(tree: Tree) -> dict[str, Any]:
    prefix, number = _text(tree.get("tph_country_prefix")).lstrip("+0"), _text(tree.get("tph_number"))
    return {**tree, "Number": f"+{prefix}{number}" if prefix and number[:1] != "+" else number}


_ADDRESS = (
    *("address", "house_number", "apartment_number", "additional_address_line1", "additional_address_line2"),
    *("town", "city", "zip", "state"),
)


def _address(tree: Tree) -> dict[str, Any]:
    full = ", ".join(text for name in _ADDRESS if (text := _text(tree.get(name))))
    return {**{name: each for name, each in tree.items() if name not in _ADDRESS}, "Full": full}


def _digest(tree: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()[:16]


def _tree(branch: Any) -> Tree:
    return branch if isinstance(branch, Mapping) else {}


def _listed(branch: Any) -> list[Any]:
    return branch if isinstance(branch, list) else [] if branch is None or branch == "" else [branch]


def _text(branch: Any) -> str:
    if isinstance(branch, list):
        return next((text for each in branch if (text := _text(each))), "")
    if isinstance(branch, Mapping):
        return _text(branch.get(TEXT, ""))
    return branch.strip() if isinstance(branch, str) else ""


__all__ = ["shaped"]
