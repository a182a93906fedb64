"""Adapter `jsonl`: one JSON object a line, whose values a manifest maps as it does the columns of a table.

A value inside of others is named by the keys that lead to it (`person.name`), and those of a list are several under one
name. Numbers, true and false are text as JSON writes them; null, and text without a letter in it, is no value.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.account import Account
from ingest.adapters.json_lines import What, lines, parsed
from ingest.shapes import BadUnit, Field, Readable, Reject, Row, writable
from ingest.specs import Written

_OBJECT = What("object", "objects")


def read(path: Readable, written: Written, account: Account) -> Iterator[Row | Reject]:
    """The values of each line's object by name, or its reject; FileRefused where no line is an object."""
    for locator, line in lines(path, _OBJECT):
        try:
            yield Row(_fields(parsed(line, _OBJECT)), locator, line)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)


def _fields(said: Mapping[str, Any]) -> dict[str, Field]:
    found: dict[str, list[str]] = {}
    left: list[tuple[str, Any]] = [("", said)]
    while left:
        name, value = left.pop()
        if isinstance(value, dict) and (value or value is said):
            left += [(f"{name}.{key}" if name else key, each) for key, each in reversed(value.items())]
        elif isinstance(value, list) and value:
            left += [(name, each) for each in reversed(value)]
        else:
            texts, text = found.setdefault(writable("a key", name), []), writable(name, _text(value))
            texts += [text] if text and not text.isspace() else []
    return {name: texts if len(texts) > 1 else "".join(texts) for name, texts in found.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else ""
