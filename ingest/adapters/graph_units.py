"""Nodes and links from the fields of any graph: what is a label, a type, and a name."""

from collections.abc import Mapping, Sequence

from ingest.shapes import BadUnit, Branch, Tree, writable

# Where formats without labels of their own keep them, the first that has one.
_LABELS = ("labels", "type")
_TYPES = ("type", "relation", "relationship")
_NAMES = ("name", "label", "title")


def text_of(branch: Branch, what: str) -> str:
    """The text of a value that must be one; BadUnit for a list or an object."""
    if isinstance(branch, bool):
        return str(branch).lower()
    if branch is None or isinstance(branch, str):
        return writable(what, branch or "").strip()
    raise BadUnit(f"{what} is no text", f"{what} is a list or an object: write a text or a number")


def taken_labels(fields: dict[str, Branch]) -> tuple[str, ...]:
    """The labels of a node, which are taken out of its fields: of `labels` or `type`."""
    for name in _LABELS:
        found = _texts(fields.get(name))
        if found:
            del fields[name]
            return tuple(writable("a label", label) for label in found)
    return ()


def taken_type(fields: dict[str, Branch]) -> str:
    """The type of a link, which is taken out of its fields."""
    for name in _TYPES:
        found = _texts(fields.get(name))
        if len(found) == 1:
            del fields[name]
            return writable("the type", found[0])
    return ""


def named(fields: dict[str, Branch], usual: str) -> dict[str, Branch]:
    """The fields of a node with a name: its id, if nothing in it is one."""
    if not any(_texts(fields.get(name)) for name in _NAMES):
        return {**fields, "name": usual}
    return fields


def _texts(branch: Branch) -> Sequence[str]:
    """The texts of a text or a list of texts; none of anything else. `:A:B` is two, as Neo4j writes labels."""
    if isinstance(branch, str):
        pieces = branch.split(":")[1:] if branch.startswith(":") else [branch]
        return [piece.strip() for piece in pieces if piece.strip()]
    if isinstance(branch, list) and all(isinstance(each, str) for each in branch):
        return [each.strip() for each in branch if isinstance(each, str) and each.strip()]
    return []


def inner(tree: Tree, name: str) -> Mapping[str, Branch]:
    """The tree under a name; an empty one if there is none."""
    found = tree.get(name)
    return found if isinstance(found, Mapping) else {}


__all__ = ["inner", "named", "taken_labels", "taken_type", "text_of"]
