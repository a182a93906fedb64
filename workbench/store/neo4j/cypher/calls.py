"""Bounds for the size of a function's value."""

from workbench.store.neo4j.cypher.sizes import ONE, Size, either

_SMALL = frozenset(
    {
        *("all", "any", "avg", "char_length", "character_length", "count", "elementid", "exists", "id", "isempty"),
        *("length", "none", "single", "size", "toboolean", "tobooleanornull", "tofloat", "tofloatornull", "tointeger"),
        *("tointegerornull", "type"),
    }
)
_OF_PATHS = frozenset({"allshortestpaths", "keys", "labels", "nodes", "relationships", "shortestpath"})
_COLLECTING = frozenset({"collect", "split"})
_NORMALIZED = 4  # normalize makes a text at most this many times longer, except for some Arabic ligatures


def size_of_call(name: str, arguments: list[Size]) -> Size:
    """The size of a function's value, by its name in lower case."""
    given = either(arguments)
    if name in _SMALL:
        return given.small()
    if name in _OF_PATHS:
        return Size(height=given.height)
    if name in _COLLECTING:
        return given.collected()
    if name in ("head", "last"):
        return given.item()
    if name == "normalize":
        return Size(given.text * _NORMALIZED, given.tree, given.many, given.height)
    return given if arguments else ONE
