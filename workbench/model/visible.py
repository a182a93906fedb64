"""Text that is safe to show: no character moves the cursor, is invisible or reverses the direction of writing.

Also a number with its noun.
"""

import json
import re
from typing import Any

# Control characters, zero-width characters, direction marks, line separators, tags and lone surrogates.
# The two zero-width joiners are allowed: words of many languages are written with them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""The text on one line, with each character that can't be seen written as its escape.

    >>> visible("a\x1b[31m\u202eb"), visible("Νίκος 王明")
    ('a\\x1b[31m\\u202eb', 'Νίκος 王明')
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def json_line(answer: Any) -> str:
    r"""An answer as one line of JSON, with each character that can't be seen escaped; it parses to the same value.

    >>> json_line({"name": "a\x9b\u202eb"})
    '{"name": "a\\u009b\\u202eb"}'
    """
    line = json.dumps(answer, ensure_ascii=False)
    if line.isascii() and line.isprintable():  # as a list of a million keys is
        return line
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], line)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "entity", "entities"), count(3, "record")
    ('1 entity', '3 records')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


__all__ = ["count", "json_line", "visible"]
