"""What an operator wants to know of a store: whether it can be reached, is whole, and has room.

Nothing of what is in it is told, and nothing is changed or made, but by `repair`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.errors import UsageError, WorkbenchError
from workbench.store.base import is_server, no_store, store_file
from workbench.store.login import NOBODY, Login

State = Literal["ok", "warning", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and what to do where it is not well."""

    name: str
    state: State
    found: str
    todo: str = ""


Look = Callable[[], Iterator[Check]]


def examine(url: str, login: Login = NOBODY) -> tuple[Check, ...]:
    """Look at the store of a URL. UsageError for a URL that no store answers to."""
    file = store_file(url)
    if file is not None:
        from workbench.store.sqlite.doctor import examine_file

        return tuple(examine_file(file))
    if is_server(url):
        from workbench.store.neo4j.doctor import examine_server

        return tuple(examine_server(url, login))
    raise no_store(url)


def repair(url: str, login: Login = NOBODY) -> None:
    """Make again what was dropped of a store's constraints and indexes; UsageError for a store that is a file."""
    if store_file(url) is not None:
        raise UsageError(f"{url} is a file, in which nothing is made again: where it is damaged, take the backup")
    if not is_server(url):
        raise no_store(url)
    from workbench.store.neo4j.doctor import repair_server

    repair_server(url, login)


def looked(name: str, look: Look) -> Iterator[Check]:
    """What a look finds; that it failed where it did."""
    try:
        yield from look()
    except WorkbenchError as error:
        yield Check(name, "failed", *halves(str(error)))


def halves(message: str) -> tuple[str, str]:
    """What an error's message says, and what to do: all after its last colon that is in no brackets.

    >>> halves("neo4j://host:7687: the server failed (no: thing): see its log")
    ('neo4j://host:7687: the server failed (no: thing)', 'see its log')
    """
    plain = re.sub(r"\(.*\)", lambda inside: " " * len(inside[0]), message)
    found, colon, _ = plain.rpartition(": ")
    return (message[: len(found)], message[len(found) + len(colon) :]) if colon else (message, "")


def size(octets: int) -> str:
    """A number of bytes for people.

    >>> size(2_500_000), size(12)
    ('2.5 MB', '0.0 MB')
    """
    return f"{octets / 1e9:.1f} GB" if octets >= 1e9 else f"{octets / 1e6:.1f} MB"
