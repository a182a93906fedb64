"""What an operator wants to know of a store: whether it can be reached, is whole, and has room.

Nothing of what is in it is told, and nothing is changed or made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.errors import WorkbenchError
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


def looked(name: str, look: Look) -> Iterator[Check]:
    """What a look finds; that it failed where it did."""
    try:
        yield from look()
    except WorkbenchError as error:
        yield Check(name, "failed", str(error))


def size(octets: int) -> str:
    """A number of bytes for people.

    >>> size(2_500_000), size(12)
    ('2.5 MB', '0.0 MB')
    """
    return f"{octets / 1e9:.1f} GB" if octets >= 1e9 else f"{octets / 1e6:.1f} MB"
