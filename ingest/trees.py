"""Give each text in a tree a name: its path of keys, with dots."""

from collections.abc import Mapping

from ingest.shapes import TEXT, BadUnit, Branch, Tree, writable

# Texts by name: one, or several.
Field = str | list[str]

_DEEPEST = 100


def flattened(tree: Tree) -> dict[str, Field]:
    """The texts in a tree by name; BadUnit if two paths of keys give one name, or if a text can't be stored.

    The name of a nested text is its path of keys (`person.name`), in which `#text` is no key; the items of a list
    are several texts of one name. True and false are texts as in JSON; null and white space are no text.

    >>> flattened({"a": {"b": "1", "#text": "x"}, "c": ["2", {"d": "3"}, "4"]})
    {'a.b': '1', 'a': 'x', 'c': ['2', '4'], 'c.d': '3'}
    """
    fields: dict[str, Field] = {}
    return fields if _gather(fields, "", tree, 0) else _by_ways(tree)


def _gather(fields: dict[str, Field], around: str, tree: Tree, depth: int) -> bool:
    """Put the texts of a tree under their names; whether it could: not where two paths of keys may give one name."""
    before = f"{around}." if around else ""
    for key, branch in tree.items():
        if key == TEXT:
            name = around
        elif not key or "." in key or depth > _DEEPEST:
            return False
        else:
            name = before + key
        if isinstance(branch, str):
            _put(fields, name, branch)
        elif not _gather_branch(fields, name, branch, depth):
            return False
    return True


def _gather_branch(fields: dict[str, Field], name: str, branch: Branch, depth: int) -> bool:
    if isinstance(branch, list) and branch:
        return depth < _DEEPEST and all(_gather_branch(fields, name, each, depth + 1) for each in branch)
    if isinstance(branch, dict | Mapping) and branch:
        return _gather(fields, name, branch, depth + 1)
    _put(fields, name, text_of(branch))
    return True


def _by_ways(tree: Tree) -> dict[str, Field]:
    """As `flattened`, for any tree: it compares the paths of all names."""
    fields: dict[str, Field] = {}
    ways: dict[str, tuple[str, ...]] = {}
    left: list[tuple[tuple[str, ...], Branch]] = [((), tree)]
    while left:
        way, branch = left.pop()
        if not isinstance(branch, str) and isinstance(branch, Mapping) and (branch or not way):
            left += [((*way, key) if key != TEXT else way, each) for key, each in reversed(list(branch.items()))]
        elif isinstance(branch, list) and branch:
            left += [(way, each) for each in reversed(branch)]
        else:
            name = ".".join(way)
            if ways.setdefault(name, way) != way:
                raise BadUnit("two ways to one name", f"two paths of keys give the name {name!r}: rename a key")
            _put(fields, name, text_of(branch))
    return fields


def _put(fields: dict[str, Field], name: str, text: str) -> None:
    """Put a text beside those that a name has, unless it is empty."""
    known = fields.get(name)
    if known is None:
        known = fields[name] = ""
        if not name.isprintable():  # what can be printed can be stored
            writable("a key", name)
    if not text.isprintable():
        writable(name, text)
    if not text or text.isspace():
        return
    if isinstance(known, list):
        known.append(text)
    else:
        fields[name] = [known, text] if known else text


def text_of(branch: Branch) -> str:
    """A branch that is no tree or list as text; "" for null, and for a tree or list without content."""
    return branch if isinstance(branch, str) else str(branch).lower() if isinstance(branch, bool) else ""
