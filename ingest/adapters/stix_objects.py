"""Objects of STIX as flat as a mapping wants them: texts, and what they refer to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.adapters.json_objects import own_name
from ingest.adapters.stix_markings import Marks, marks_of, parts_of
from ingest.shapes import BadUnit

_REF = re.compile("(.+)_refs?")
_DEEPEST = 60
# What an object has here beside what it says.
_OWN = frozenset({"kind", "marks", "marking", "to", "refs", "revoked_at"})


def objects_in(tree: Any, marks: Marks) -> Iterator[dict[str, Any]]:
    """The parts of an object that have the same marking, and of each that is nested in it.

    What is only about markings has none. BadUnit if the object has no id or type.
    """
    if not isinstance(tree, dict):
        raise BadUnit("not an object", "an item of the bundle is no object: leave it out")
    if tree.get("type") == "bundle":
        inside = tree.get("objects") or []
        for each in inside if isinstance(inside, list) else [inside]:
            yield from objects_in(each, marks)
        return
    source_id, kind = _text(tree, "id"), _text(tree, "type")
    if kind == "marking-definition":
        return
    objects = tree.get("objects")
    inner = objects if kind == "observed-data" and isinstance(objects, Mapping) else {}
    rest = {name: branch for name, branch in tree.items() if name != "objects" or not inner}
    if inner:
        rest["object_refs"] = [*_texts(tree.get("object_refs")), *(f"{source_id}:{key}" for key in inner)]
    refs, parts = parts_of(rest)
    for more, said in parts:
        yield _made(source_id, _kind(kind, tree), said, marks_of([*refs, *more], marks))
    for key, each in inner.items():
        if not isinstance(each, dict):
            raise BadUnit("not an object", f"object {key} of the observed data is no object: leave it out")
        nested = _within(each, source_id)
        said = {**nested, "id": f"{source_id}:{key}"}
        yield _made(said["id"], _text(each, "type"), said, marks_of(refs, marks))


def _text(tree: Mapping[str, Any], name: str) -> str:
    found = tree.get(name)
    if not isinstance(found, str) or not found.strip():
        raise BadUnit(f"no {name}", f"an object has no {name}: every object needs one, as text")
    return found


def _kind(kind: str, tree: Mapping[str, Any]) -> str:
    """The kind of an object: its type, and of an identity also its class."""
    said = tree.get("identity_class")
    return f"identity {said}" if kind == "identity" and isinstance(said, str) else kind


def _made(source_id: str, kind: str, said: Mapping[str, Any], marks: Iterable[Any]) -> dict[str, Any]:
    every = list(marks)
    made: dict[str, Any] = {"to": {}, "refs": []}
    for name, branch in said.items():
        if (kept := _kept(made, name, branch, 0)) is not None:
            made[own_name(name, _OWN)] = kept
    if said.get("revoked") is True:
        made["revoked_at"] = said.get("modified")
    texts = [each.text for each in every if each.text]
    return {**made, "id": source_id, "kind": kind, "marks": [each.code for each in every], "marking": texts}


def _kept(made: dict[str, Any], name: str, branch: Any, depth: int) -> Any:
    """What is left under a name if references are taken out of it, and put where they are looked for."""
    if depth > _DEEPEST:
        raise BadUnit("nested too deeply", "an object is nested too deeply: write it flat")
    found = _REF.fullmatch(name)
    refs = _texts(branch) if found else []
    if found and refs:
        made["to"].setdefault(name, []).extend(refs)
        made["refs"] += [{"name": found[1], "of": name, "id": ref} for ref in refs]
        return None
    if isinstance(branch, dict):
        inner = {key: _kept(made, key, each, depth + 1) for key, each in branch.items()}
        return {key: each for key, each in inner.items() if each is not None}
    return [_kept(made, "", each, depth + 1) for each in branch] if isinstance(branch, list) else branch


def _texts(branch: Any) -> list[str]:
    """A text, or the texts of a list; none if anything else is there."""
    every = branch if isinstance(branch, list) else [branch]
    return every if every and all(isinstance(each, str) and each for each in every) else []


def _within(branch: Any, around: str) -> Any:
    """An object in observed data of STIX 2.0, with references that hold outside too."""
    if isinstance(branch, list):
        return [_within(each, around) for each in branch]
    if not isinstance(branch, dict):
        return branch
    made: dict[str, Any] = {}
    for name, each in branch.items():
        refs = _texts(each) if _REF.fullmatch(name) else []
        made[name] = [f"{around}:{ref}" for ref in refs] if refs else _within(each, around)
    return made
