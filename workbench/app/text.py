"""Text of data on its way to the screen: never markup, never HTML."""

import re

from workbench.model.visible import visible

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """A value that may stand in a label or in Markdown, and shows exactly as it is.

    Streamlit reads labels as Markdown, where a value could become a link or an image that
    asks another host.

    >>> plain("![x](http://a)")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\:\\\\/\\\\/a\\\\)'
    """
    return _MARKUP.sub(r"\\\1", visible(" ".join(text.split())))


def lines_of(text: str) -> str:
    """A value that may stand in a table: its lines, with every sign visible."""
    return "\n".join(map(visible, text.split("\n")))


def short(text: str, longest: int = 28) -> str:
    """A caption cut for the canvas.

    >>> short("a long caption of an entity", 10)
    'a long ca…'
    """
    line = visible(" ".join(text.split()))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "entity", "entities"), count(3, "record")
    ('1 entity', '3 records')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
