"""Adapter `jsonl`: one JSON object on each line, whose values a manifest maps like the columns of a table."""

from collections.abc import Iterator

from ingest.account import Account
from ingest.adapters.json_objects import OBJECT, lines, parsed
from ingest.shapes import BadUnit, Readable, Reject, Row
from ingest.specs import Written


def read(path: Readable, written: Written, account: Account) -> Iterator[Row | Reject]:
    """Yield each line's object, or its reject; FileRefused if no line is an object."""
    for locator, line in lines(path, OBJECT):
        try:
            yield Row(parsed(line, OBJECT), locator, line)
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)
