"""Bring statements of the Beneficial Ownership Data Standard 0.1 to 0.3 into the shape of 0.4."""

import re
from collections.abc import Mapping
from typing import Any

from ingest.shapes import BadUnit, Branch, Tree

_TYPES = {
    "personStatement": "person",
    "entityStatement": "entity",
    "ownershipOrControlStatement": "relationship",
}
# What stands beside the details in 0.4 too.
_BESIDE = frozenset({"statementDate", "annotations", "publicationDetails", "source", "replacesStatements"})
_NAMES = {
    "incorporatedInJurisdiction": "jurisdiction",
    "interestLevel": "directOrIndirect",
    "componentStatementIDs": "componentRecords",
    "unspecifiedPersonDetails": "unspecified",
    "unspecifiedEntityDetails": "unspecified",
    "placeOfResidence": "residence",
}
_DASH = re.compile(r"-([a-z])")


def as_newest(given: Any) -> Tree:
    """A statement in the shape of 0.4, as it stands if it has that; BadUnit if it is none.

    `recordId` is the id of its record: in an older version its own, until its history is known.
    """
    if "recordType" in given:
        found: dict[str, Branch] = dict(given)
        details = found.get("recordDetails")
        found["recordDetails"] = _details(details, {}) if isinstance(details, Mapping) else {}
        return found
    kind, own = given.get("statementType"), given.get("statementID")
    if kind not in _TYPES or not isinstance(own, str) or not own:
        message = "it has neither `recordType` nor a known `statementType` with `statementID`: is it a statement?"
        raise BadUnit("no statement", message)
    kept = {name: each for name, each in given.items() if name in _BESIDE or name.startswith("^")}
    rest = {
        name: each for name, each in given.items() if name not in ("statementID", "statementType") and name not in kept
    }
    return {
        **kept,
        "statementId": own,
        "recordId": own,
        "recordType": _TYPES[kind],
        "recordDetails": _details(rest, _NAMES),
    }


def _details(details: Tree, names: Mapping[str, str]) -> dict[str, Branch]:
    """The details of a record, by the names of the newest version."""
    found = {names.get(name, name): each for name, each in details.items()}
    for name in ("unspecifiedPersonDetails", "unspecifiedEntityDetails"):
        if name in found:
            found["unspecified"] = found.pop(name)
    if isinstance(found.get("entityType"), str):
        found["entityType"] = {"type": found["entityType"]}
    for name in ("subject", "interestedParty"):
        if isinstance(found.get(name), Mapping):
            found[name] = _party(found[name])
    interests = found.get("interests")
    if isinstance(interests, list):
        found["interests"] = [_interest(each) for each in interests]
    return found


def _party(said: Any) -> Branch:
    """The id of a party, or why there is none."""
    for name in ("describedByEntityStatement", "describedByPersonStatement"):
        if isinstance(said.get(name), str):
            return str(said[name])
    unspecified = said.get("unspecified", said)
    return dict(unspecified) if isinstance(unspecified, Mapping) else None


def _interest(said: Branch) -> Branch:
    if not isinstance(said, Mapping):
        return said
    found = {_NAMES.get(name, name): each for name, each in said.items()}
    kind = found.get("type")
    return {**found, "type": _DASH.sub(lambda each: each[1].upper(), kind)} if isinstance(kind, str) else found
