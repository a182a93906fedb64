"""Give each text in a tree a name: its path of keys, with dots."""

from collections.abc import Mapping

from ingest.shapes import TEXT, BadUnit, Branch, Tree, writable

# Texts by name: one, or several.
Field = str | list[str]


def flattened(tree: Tree) -> dict[str, Field]:
    """The texts in a tree by name; BadUnit if two paths of keys give one name, or if a text can't be stored.

    The name of a nested text is its path of keys (`person.name`), in which `#text` is no key; the items of a list
    are several texts of one name. True and false are texts as in JSON; null and white space are no text.

    >>> flattened({"a": {"b": "1", "#text": "x"}, "c": ["2", {"d": "3"}, "4"]})
    {'a.b': '1', 'a': 'x', 'c': ['2', '4'], 'c.d': '3'}
    """
    fields: dict[str, list[str]] = {}
    ways: dict[str, tuple[str, ...]] = {}
    left: list[tuple[tuple[str, ...], Branch]] = [((), tree)]
    while left:
        way, branch = left.pop()
        if not isinstance(branch, str) and isinstance(branch, Mapping) and (branch or not way):
            left += [((*way, key) if key != TEXT else way, each) for key, each in reversed(list(branch.items()))]
        elif isinstance(branch, list) and branch:
            left += [(way, each) for each in reversed(branch)]
        else:
            name = writable("a key", ".".join(way))
            if ways.setdefault(name, way) != way:
                raise BadUnit("two ways to one name", f"two paths of keys give the name {name!r}: rename a key")
            texts, text = fields.setdefault(name, []), writable(name, text_of(branch))
            texts += [text] if text and not text.isspace() else []
    return {name: texts if len(texts) > 1 else "".join(texts) for name, texts in fields.items()}


def text_of(branch: Branch) -> str:
    """A branch that is no tree or list as text; "" for null, and for a tree or list without content."""
    return branch if isinstance(branch, str) else str(branch).lower() if isinstance(branch, bool) else ""
