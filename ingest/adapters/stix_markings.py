"""What the markings of STIX demand, as codes, and which parts of an object have markings of their own."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# The markings of the traffic light protocol that STIX 2.1, and TLP 2.0 after it, have under fixed ids.
_FIXED = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:WHITE",
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
    "f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER",
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
    "94868c89-83c2-464b-929b-a1a8aa3c8487": "TLP:CLEAR",
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "TLP:GREEN",
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": "TLP:AMBER",
    "939a9414-2ddd-4d32-a0cd-375ea402b003": "TLP:AMBER+STRICT",
    "e828b379-4e03-4974-9ac4-e53a884c97c1": "TLP:RED",
}
_UNKNOWN = "unknown"
_ITEM = re.compile(r"\[(\d{1,9})\]")

# What decides what an object is. A marking of one of these is a marking of the whole object.
_OF_ALL = frozenset(
    {
        *("id", "type", "spec_version", "created", "modified", "revoked", "identity_class", "relationship_type"),
        *("source_ref", "target_ref", "sighting_of_ref", "where_sighted_refs", "objects"),
    }
)
_UNDIVIDED = frozenset({"relationship", "sighting"})


class Mark(NamedTuple):
    """What a marking says: the code of what it demands, and its text."""

    code: str
    text: str = ""


Marks = Mapping[str, Mark]


def mark_of(definition: Mapping[str, Any]) -> Mark:
    """What a marking definition says."""
    kind, said = definition.get("definition_type"), definition.get("definition")
    said = said if isinstance(said, Mapping) else {}
    extensions = definition.get("extensions")
    for each in extensions.values() if isinstance(extensions, Mapping) else ():
        if isinstance(each, Mapping) and isinstance(each.get("tlp_2_0"), str):
            return Mark(f"TLP:{each['tlp_2_0'].upper()}")
    if kind == "tlp" and isinstance(said.get("tlp"), str):
        return Mark(f"TLP:{said['tlp'].upper()}")
    if kind == "statement" and isinstance(said.get("statement"), str):
        return Mark("statement", said["statement"])
    return Mark(_UNKNOWN, str(definition.get("name") or definition.get("id") or kind))


def marks_of(refs: Iterable[Any], known: Marks) -> list[Mark]:
    """What some marking definitions say, by their ids; those of TLP are known everywhere."""
    found = dict[Mark, None]()
    for ref in refs:
        fixed = _FIXED.get(str(ref).rpartition("--")[2])
        found[Mark(fixed) if fixed else known.get(str(ref), Mark(_UNKNOWN, str(ref)))] = None
    return list(found)


class Parts(NamedTuple):
    """The markings of a whole object, and its parts: each with the ids of further markings, "" for none."""

    refs: list[Any]
    parts: list[tuple[tuple[Any, ...], dict[str, Any]]]


def parts_of(tree: Mapping[str, Any]) -> Parts:
    """An object without what its granular markings mark, and what they mark, by what they say.

    A marking of an item of a list, or of anything in it, is one of that item; else of the whole property. One that
    fits nothing is one of the whole object.
    """
    said = {name: branch for name, branch in tree.items() if name not in ("object_marking_refs", "granular_markings")}
    whole, apart = _listed(tree.get("object_marking_refs")), dict[tuple[str, int | None], list[Any]]()
    for granular in _listed(tree.get("granular_markings")):
        if not isinstance(granular, Mapping) or "marking_ref" not in granular:
            whole += [] if isinstance(granular, Mapping) and "lang" in granular else ["granular marking without a ref"]
            continue
        for selector in _listed(granular.get("selectors")):
            place, ref = _place(said, str(selector)), str(granular["marking_ref"])
            if place is None or tree.get("type") in _UNDIVIDED:
                whole.append(ref)
            else:
                apart.setdefault(place, []).append(ref)
    return Parts(whole, _cut(said, apart))


def _place(said: Mapping[str, Any], selector: str) -> tuple[str, int | None] | None:
    """The property and item that a selector is about; None if it is about the whole object, or nothing."""
    name, *rest = selector.split(".")
    if name in _OF_ALL or name not in said:
        return None
    item = _ITEM.fullmatch(rest[0]) if rest else None
    if not isinstance(said[name], list) or item is None:
        return name, None
    return (name, int(item[1])) if int(item[1]) < len(said[name]) else None


def _cut(
    said: Mapping[str, Any], apart: Mapping[tuple[str, int | None], list[Any]]
) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    parts: dict[tuple[Any, ...], dict[str, Any]] = {(): {}}
    for name, branch in said.items():
        of_all = tuple(apart.get((name, None), ()))
        if not any(each == name for each, _ in apart):
            parts[()][name] = branch
        elif not isinstance(branch, list):
            parts.setdefault(of_all, {})[name] = branch
        else:
            for at, item in enumerate(branch):
                refs = (*of_all, *apart.get((name, at), ()))
                parts.setdefault(refs, {}).setdefault(name, []).append(item)
    return list(parts.items())


def _listed(branch: Any) -> list[Any]:
    return list(branch) if isinstance(branch, list) else [] if branch is None else [branch]
