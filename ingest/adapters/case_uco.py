"""Adapter `case-uco`: what forensic tools found, as CASE and UCO write it in JSON-LD.

Units are the objects of the graph, or of a bundle that is the document. Names are compared without their prefix or
namespace, so that `core:name`, `uco-core:name`, a whole IRI and a name under `@vocab` are one. Ids are whole IRIs, by
the prefixes of the document; an id of a blank node is the document's own.

What is nested in an object becomes an object of its own if it has an id and is no facet: bundles in bundles, objects
where others have references. Each object becomes

- calls: `Call`, with time, kind and ends. One without a `from` has receivers alone: nobody is the caller.
- messages: `Call` with its text; e-mails: `Email`.
- phone and mobile accounts: `Phone`; other accounts: `UserAccount`; mail addresses: `EmailAddress`.
- devices and SIM cards: `Device`; cell sites and locations: `Address`; contacts in a phone book: `LegalEntity`, which
  holds the numbers that the book says.
- relationships: `Holding` if an account or phone is had, else `UnknownLink`, named by the kind of relationship.
- all others, such as applications, files, tools and provenance records: `Item`, with their content as text.

References that are none of these roles are ties too, named by the property: `application`, `manufacturer`.
"""

from collections.abc import Iterator
from typing import Any

from ingest.account import Account
from ingest.adapters import json_document
from ingest.adapters.case_terms import Terms, local, terms_of
from ingest.adapters.json_objects import own_name
from ingest.adapters.json_units import Kind
from ingest.adapters.texts import begins_list
from ingest.shapes import BadUnit, Branch, Frame, Readable, Reject, Row
from ingest.specs import Written

_WHAT = "a document of CASE and UCO"
# The names under which a bundle that is the document has its objects.
OBJECTS = (
    "object",
    "core:object",
    "uco-core:object",
    "uco:object",
    "https://ontology.unifiedcyberontology.org/uco/core/object",
    "https://unifiedcyberontology.org/ontology/uco/core#object",
    "content",
)
# What an object has here beside what it says.
_OWN = frozenset({"id", "type", "to", "refs", "kind"})
# What is part of an object, also if it has an id.
_PARTS = frozenset(
    {"Hash", "Dictionary", "DictionaryEntry", "ControlledDictionary", "ControlledDictionaryEntry", "ExternalReference"}
)
# The kind of an object, by one of its types or facets; the first that fits.
_KINDS = (
    ("call", ("Call", "PhoneCall", "CallFacet", "PhoneCallFacet")),
    ("e-mail", ("EmailMessage", "EmailMessageFacet")),
    ("message", ("Message", "SMSMessage", "MessageFacet", "SMSMessageFacet")),
    ("phone", ("PhoneAccount", "MobileAccount", "PhoneAccountFacet", "MobileAccountFacet")),
    ("relationship", ("ObservableRelationship", "Relationship", "ActionReferencesFacet")),
    ("contact", ("Contact", "ContactFacet")),
    ("mailbox", ("EmailAddress", "EmailAddressFacet")),
    ("SIM card", ("SIMCard", "SIMCardFacet")),
    ("device", ("Device", "MobileDevice", "SmartDevice", "DeviceFacet", "MobileDeviceFacet")),
    ("cell site", ("CellSite", "CellSiteFacet")),
    ("location", ("Location", "LatLongCoordinatesFacet", "SimpleAddressFacet")),
    ("person", ("Person",)),
    ("organization", ("Organization",)),
    ("identity", ("Identity", "IdentityFacet", "SimpleNameFacet")),
)


def read(path: Readable, written: Written, account: Account) -> Iterator[Frame | Row | Reject]:
    """Yield the objects of each unit, or its reject; FileRefused if it is no JSON document."""
    ways: list[tuple[str, ...]] = [("@graph",), *((name,) for name in OBJECTS)]
    frame = Frame(b"", b"")
    for item in json_document.rows(path, Kind(_WHAT, [()] if begins_list(path) else ways)):
        frame = item if isinstance(item, Frame) else frame
        yield _objects(item, path.name, frame) if isinstance(item, Row) else item


def _objects(row: Row, file: str, frame: Frame) -> Row | Reject:
    """A row whose `object` are the objects in a unit."""
    fields: Any = row.fields
    unit = {name: branch for name, branch in fields.items() if not name.startswith("^")}
    root: Any = fields.get("^root") or {}
    try:
        found = _Objects(terms_of([root.get("@context"), unit.get("@context")], file))
        for each in _listed(unit["@graph"]) if "@graph" in unit else [unit]:
            found.add(each)
    except BadUnit as bad:
        return Reject(row.locator, bad.reason, str(bad), row.raw, *frame.around)
    except RecursionError:
        message = "an object is nested too deeply: write nested objects beside one another"
        return Reject(row.locator, "nested too deeply", message, row.raw, *frame.around)
    every: list[Branch] = [*found.found]
    return row._replace(fields={"object": every})


class _Objects:
    """Collects the objects in a unit, each flat: its texts, its facets, and what it refers to."""

    def __init__(self, terms: Terms) -> None:
        self.found: list[dict[str, Any]] = []
        self._terms = terms

    def add(self, tree: Any) -> str:
        """Add an object with all that is nested in it, and return its id."""
        if not isinstance(tree, dict):
            raise BadUnit("not an object", "an item of the graph is no object: write objects, or leave it out")
        said = self._terms.named(tree)
        types = [local(each) for each in _listed(said.pop("@type", None)) if isinstance(each, str)]
        source_id = said.pop("@id", None)
        if not isinstance(source_id, str) or not source_id:
            raise BadUnit("no id", "an object has no @id: every object needs one")
        made: dict[str, Any] = {"id": self._terms.iri(source_id), "type": types, "to": {}, "refs": []}
        self.found.append(made)
        for name, branch in said.items():
            self._put(made, made, own_name(name, _OWN), branch)
        made["kind"] = _kind(types, made)
        return str(made["id"])

    def _put(self, whole: dict[str, Any], part: dict[str, Any], name: str, branch: Any) -> None:
        """Put what is under a name into a part of an object: texts there, references at the whole."""
        if name == "@context":
            return
        for each in _listed(branch):
            if not isinstance(each, dict):
                _append(part, name, each)
                continue
            said = self._terms.named(each)
            if "@value" in said:
                _append(part, name, said["@value"])
            elif "@list" in said or "@set" in said:
                self._put(whole, part, name, said.get("@list", said.get("@set")))
            elif name in ("hasFacet", "propertyBundle"):
                self._facet(whole, said)
            elif self._is_object(said):
                self._refer(whole, name, self.add(each) if len(said) > 1 else self._terms.iri(said["@id"]))
            else:
                inner: dict[str, Any] = {}
                _append(part, name, inner)
                self._fill(whole, inner, said)

    def _facet(self, whole: dict[str, Any], said: dict[str, Any]) -> None:
        types = [local(each) for each in _listed(said.get("@type")) if isinstance(each, str)]
        name = next((each for each in types if each != "Facet"), "Facet")
        inner: dict[str, Any] = {}
        _append(whole, name if name.endswith("Facet") else f"{name}Facet", inner)
        self._fill(whole, inner, said)

    def _fill(self, whole: dict[str, Any], inner: dict[str, Any], said: dict[str, Any]) -> None:
        for name, branch in said.items():
            if name not in ("@id", "@type"):
                self._put(whole, inner, name, branch)

    def _refer(self, whole: dict[str, Any], name: str, ref: str) -> None:
        _append(whole["to"], name, ref)
        whole["refs"].append({"name": name, "id": ref})

    def _is_object(self, said: dict[str, Any]) -> bool:
        """Whether a nested object stands for itself: it is a reference, or has an id, and is no part of another."""
        if not isinstance(said.get("@id"), str) or not said["@id"]:
            return False
        types = {local(each) for each in _listed(said.get("@type")) if isinstance(each, str)}
        parts = {each for each in types if each in _PARTS or (each.startswith("Contact") and each != "Contact")}
        return not parts - {"ContactList"} and not any(each.endswith("Facet") for each in types)


def _listed(branch: Any) -> list[Any]:
    if isinstance(branch, list):
        return [item for each in branch for item in _listed(each)]
    return [] if branch is None else [branch]


def _append(part: dict[str, Any], name: str, value: Any) -> None:
    part.setdefault(name, []).append(value)


def _kind(types: list[str], made: dict[str, Any]) -> str:
    """The kind of an object by its types, or else by its facets."""
    return _kind_of(types) or _kind_of([name for name in made if name.endswith("Facet")]) or "other"


def _kind_of(names: list[str]) -> str:
    for kind, wanted in _KINDS:
        if not set(wanted).isdisjoint(names):
            return kind
    if any(each.removesuffix("Facet").endswith("Account") for each in names):
        return "account"
    return "device" if any(each.endswith(("Device", "Phone")) for each in names) else ""
