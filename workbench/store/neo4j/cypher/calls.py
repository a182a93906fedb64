"""How large a value a function makes."""

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
_NORMALIZED = 4  # times as long as before, at most, but for some ligatures of Arabic


def size_of_call(name: str, arguments: list[Size]) -> Size:
    """The size of what a function returns, by its name in small letters."""
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
