"""Text that shows what is in it: no sign in it moves a cursor, hides anything or turns its direction round."""

import json
import re
from typing import Any

# Control characters, what has no width, what turns the direction of writing, line separators, tags, and
# halves of surrogate pairs. The two joiners stay: words of many languages are written with them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""A text on one line in which every sign can be seen: what can't is written as its number.

    >>> visible("a\x1b[31m\u202eb"), visible("Νίκος 王明")
    ('a\\x1b[31m\\u202eb', 'Νίκος 王明')
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def json_line(answer: Any) -> str:
    r"""An answer as one line of JSON in which every sign can be seen; read back, it is the same.

    >>> json_line({"name": "a\x9b\u202eb"})
    '{"name": "a\\u009b\\u202eb"}'
    """
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], json.dumps(answer, ensure_ascii=False))


__all__ = ["json_line", "visible"]
