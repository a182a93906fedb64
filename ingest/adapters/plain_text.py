"""Make plain text of HTML that stands in a value: nothing is fetched, and what is no text is dropped."""

import re
from html.parser import HTMLParser

_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|&#?\w+;")
_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_NO_TEXT = frozenset({"script", "style", "head", "template"})
_SPACES = re.compile(r"[ \t\u00a0]+")
_LINES = re.compile(r"\s*\n\s*")


class _Text(HTMLParser):
    """Gathers the text of HTML, with the addresses of links in brackets."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a line, a link or what is no text begins."""
        self._hidden += tag in _NO_TEXT
        self.pieces += ["\n"] if tag in _BLOCKS else []
        if tag == "a":
            self._links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """Note where it ends."""
        self._hidden = max(0, self._hidden - (tag in _NO_TEXT))
        self.pieces += ["\n"] if tag in _BLOCKS else []
        link = self._links.pop() if tag == "a" and self._links else ""
        self.pieces += [f" ({link})"] if link else []

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self._hidden:
            self.pieces.append(data)


def plain(text: str) -> str:
    """A text without markup, if it has any; links keep their addresses, as text.

    >>> plain('<p>He fled&nbsp;to <a href="https://a.example/x">X</a>.</p>')
    'He fled to X (https://a.example/x).'
    """
    if not _MARKUP.search(text):
        return text
    parser = _Text()
    parser.feed(text)
    parser.close()
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(parser.pieces))).strip()
