"""The names and ids of a JSON-LD document, as far as CASE and UCO need them."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from ingest.shapes import BadUnit

_LAST = re.compile(r"[^#/:]+$")
_WORDS = ("@id", "@type", "@value", "@list", "@set", "@graph", "@context", "@language")


class Terms(NamedTuple):
    """What a document's context says: IRIs by their prefix, and its own words for those of JSON-LD; and its name."""

    prefixes: dict[str, str]
    words: dict[str, str]
    base: str
    file: str

    def named(self, tree: dict[str, Any]) -> dict[str, Any]:
        """An object with local names; BadUnit if two of its names become one."""
        found: dict[str, Any] = {}
        for key, branch in tree.items():
            name = key if key in _WORDS else self.words.get(key) or local(key)
            if name in found:
                raise BadUnit("two names are one", f"two keys of an object mean {name!r}: keep one")
            found[name] = branch
        return found

    def iri(self, text: str) -> str:
        """A whole IRI of an id; that of a blank node is the file's own."""
        prefix, colon, rest = text.partition(":")
        if prefix == "_":
            return f"{self.file}#{text}"
        if not colon:
            return f"{self.base}{text}"
        return f"{self.prefixes[prefix]}{rest}" if prefix in self.prefixes and not rest.startswith("//") else text


def local(name: str) -> str:
    """A name without its prefix or namespace.

    >>> local("uco-core:hasFacet"), local("https://example.org/uco/core#name"), local("name")
    ('hasFacet', 'name', 'name')
    """
    found = _LAST.search(name)
    return found[0] if found else name


def terms_of(contexts: Iterable[Any], file: str) -> Terms:
    """What some contexts say together; those that stand elsewhere are not fetched."""
    prefixes, words, base = dict[str, str](), dict[str, str](), ""
    left = list(contexts)
    while left:
        each = left.pop(0)
        if isinstance(each, list):
            left[:0] = each
        elif isinstance(each, dict):
            for name, means in each.items():
                iri = means.get("@id") if isinstance(means, dict) else means
                if name == "@base" and isinstance(iri, str):
                    base = iri
                elif isinstance(iri, str) and iri in _WORDS:
                    words[name] = iri
                elif isinstance(iri, str) and not name.startswith("@"):
                    prefixes[name] = iri
    return Terms(prefixes, words, base, file)
