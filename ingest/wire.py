"""Write what a reading process tells as JSON, and read that: whatever it sends, nothing of it is run.

Such a process parses hostile files, so one may take it over. What is sent to it needs no such care.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from ingest.account import Account
from ingest.messages import Checked, End, Failed, Looked, Piece, Seen, Suggested, Told
from ingest.recount import Counted
from ingest.sources import Source
from ingest.sources.source import Found
from ingest.sources.steps import Step, Way
from ingest.wire_units import plain_units, units_of
from workbench.errors import InputError
from workbench.model.record import Dataset

_UTF8, _ANY = b"u", b"a"  # the rare text with half a character is not UTF-8


class Garbled(Exception):
    """A message that none of our processes sends."""


def written(told: Told) -> bytes:
    """A message as bytes."""
    name, plain = _plain(told)
    try:
        return _UTF8 + orjson.dumps([name, plain], default=tuple)
    except (TypeError, ValueError):
        return _ANY + json.dumps([name, plain]).encode("ascii")


def read(said: bytes, path: Path, dataset: Dataset | None) -> Told:
    """The message that was written; Garbled for other bytes. `path` and `dataset` are those that were asked about."""
    try:
        name, plain = orjson.loads(said[1:]) if said[:1] == _UTF8 else json.loads(said[1:])
        if name == Piece.__name__ and dataset is not None:
            return Piece(units_of(plain, dataset))
        return _MADE[name](plain, path)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, InputError) as error:
        raise Garbled(type(error).__name__) from error


def _plain(told: Told) -> tuple[str, Any]:
    if isinstance(told, Piece):
        return Piece.__name__, plain_units(told.units)
    if isinstance(told, End):
        return End.__name__, [_plain_account(told.account), told.checked]
    if isinstance(told, Looked):
        return Looked.__name__, [_plain_source(each) for each in told.sources]
    if isinstance(told, Seen):
        return Seen.__name__, [told.looks, told.said]
    if isinstance(told, Suggested):
        return Suggested.__name__, [told.text]
    return Failed.__name__, [told.reason, told.message]


def _plain_source(source: Source) -> list[Any]:
    return [source.path, source.name, source.useless, source.known, source.way.steps]


def _source(path: Path, said: list[Any]) -> Source:
    """A source at a path that this process knows: only the steps into the file come from the other."""
    name, place, useless, known, steps = said
    found = (
        None if known is None else Found(str(known[0]), int(known[1]), str(known[2]), str(known[3]), _texts(known[4]))
    )
    way = Way(path, tuple(Step(kind, str(inside), int(offset), int(size)) for kind, inside, offset, size in steps))
    return Source(str(name), str(place), way, str(useless), found)


def _plain_account(account: Account) -> list[Any]:
    counts: list[Mapping[Any, int]] = [account.breaks, account.skipped, account.made, account.left, account.more_left]
    numbers = [account.kept, account.others, account.changes, account.announced]
    return [numbers, account.names, [list(each.items()) for each in counts]]


def _account(said: list[Any]) -> Account:
    (kept, others, changes, announced), names, (breaks, skipped, made, left, more_left) = said
    return Account(
        breaks=_counter(breaks, str),
        kept=int(kept),
        others=int(others),
        changes=int(changes),
        skipped=_counter(skipped, str),
        announced=None if announced is None else int(announced),
        names=_texts(names),
        made=_counter(made, _texts),
        left=_counter(left, _three),
        more_left=_counter(more_left, str),
    )


def _counter(said: list[Any], key: Callable[[Any], Any]) -> Counter[Any]:
    return Counter({key(each): int(n) for each, n in said})


def _texts(said: list[Any]) -> tuple[str, ...]:
    return tuple(map(str, said))


def _three(said: list[Any]) -> tuple[str, str, str]:
    column, value, like = said
    return str(column), str(value), str(like)


def _end(said: list[Any], _: Path) -> End:
    account, checked = said
    if checked is None:
        return End(_account(account))
    sha256, (units, lines) = checked
    return End(_account(account), Checked(str(sha256), Counted(int(units), None if lines is None else int(lines))))


def _looked(said: list[Any], path: Path) -> Looked:
    return Looked(tuple(_source(path, each) for each in said))


def _seen(said: list[Any], _: Path) -> Seen:
    looks, otherwise = said
    return Seen(tuple(_three(each) for each in looks), str(otherwise))


def _suggested(said: list[Any], _: Path) -> Suggested:
    (text,) = said
    return Suggested(str(text))


def _failed(said: list[Any], _: Path) -> Failed:
    reason, message = said
    return Failed(str(reason), str(message))


_MADE: Mapping[str, Callable[[list[Any], Path], Told]] = {
    "End": _end,
    "Looked": _looked,
    "Seen": _seen,
    "Suggested": _suggested,
    "Failed": _failed,
}
