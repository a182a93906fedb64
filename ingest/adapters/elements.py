"""Look into the trees of XML elements."""

from collections.abc import Iterator, Mapping

from ingest.shapes import TEXT, Branch, Tree


def elements(tree: Tree, name: str) -> Iterator[Tree]:
    """The trees of the elements of a name in an element; of one that has a text alone, a tree with that."""
    found = tree.get(name)
    for each in found if isinstance(found, list) else [] if found is None else [found]:
        if isinstance(each, Mapping):
            yield each
        elif isinstance(each, str):
            yield {TEXT: each} if each else {}


def attribute(tree: Tree, name: str) -> str:
    """An attribute of an element without white space around it; "" if it has none of that name."""
    found = tree.get(f"@{name}")
    return found.strip() if isinstance(found, str) else ""


def text(tree: Tree) -> str:
    """The text of an element without white space around it."""
    found = tree.get(TEXT)
    return found.strip() if isinstance(found, str) else ""


def texts_below(tree: Tree, name: str) -> Iterator[str]:
    """The texts of all elements of a name, however deep in an element."""
    left: list[Branch] = [tree]
    while left:
        branch = left.pop()
        if isinstance(branch, list):
            left += reversed(branch)
        elif isinstance(branch, Mapping):
            yield from filter(None, map(text, elements(branch, name)))
            left += [each for key, each in reversed(list(branch.items())) if key != name]


def plain(branch: Branch) -> Branch:
    """What an element has, without white space around its texts."""
    if isinstance(branch, str):
        return branch.strip()
    if isinstance(branch, list):
        return [plain(each) for each in branch]
    return {name: plain(each) for name, each in branch.items()} if isinstance(branch, Mapping) else branch
