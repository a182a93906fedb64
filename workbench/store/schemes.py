"""The kinds of stores, by URL: the only place that knows them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import NoStore, UsageError
from workbench.store.login import NOBODY, Login, shown

if TYPE_CHECKING:
    from workbench.store.backend import Backend
    from workbench.store.health import Check

_FILE, _MEMORY = "sqlite:///", "memory://"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of store: which URLs it answers to, and how a store is opened, examined and repaired.

    `place` gives the path of a store that is a file on this machine (its viewers file is beside it), or None.
    `existing` opens an existing store; NoStore if there is none. Both take the folder for its cache of base columns.
    """

    answers: Callable[[str], bool]
    place: Callable[[str], Path | None]
    open: "Callable[[str, Login, Path | None], Backend]"
    existing: "Callable[[str, Login, Path | None], Backend]"
    examine: "Callable[[str, Login, bool], Iterator[Check]]"
    repair: Callable[[str, Login], None]


def is_server(url: str) -> bool:
    """Whether a store is on a server."""
    return url.partition("://")[0].partition("+")[0] in ("neo4j", "bolt")


def _is_file(url: str) -> bool:
    return url.startswith(_FILE)


def _path(url: str) -> Path:
    return Path(url.removeprefix(_FILE))


def _nowhere(_: str) -> Path | None:
    return None


def _open_file(url: str, _: Login, cache: Path | None) -> "Backend":
    from workbench.store.sqlite.backend import SqliteBackend

    return SqliteBackend(_path(url), cache)


def _existing_file(url: str, _: Login, cache: Path | None) -> "Backend":
    from workbench.store.sqlite.connection import holds_nothing

    path = _path(url)
    if not path.is_file() or holds_nothing(path):
        where = "" if path.is_absolute() else f", which is {path.absolute()}"
        raise NoStore(f"no store at {url}{where}: load something into it first, or name another store", "url")
    return _open_file(url, NOBODY, cache)


def _examine_file(url: str, _: Login, contents: bool) -> "Iterator[Check]":
    from workbench.store.sqlite.doctor import examine_file

    return examine_file(_path(url), contents)


def _recreate_nothing(_: str, __: Login) -> None:
    """Of a file, and of a store in memory, nothing can be dropped that could be made again."""


def _open_server(url: str, login: Login, cache: Path | None) -> "Backend":
    from workbench.store.neo4j.backend import Neo4jBackend

    return Neo4jBackend(url, login, cache)


def _existing_server(url: str, login: Login, cache: Path | None) -> "Backend":
    from workbench.store.neo4j.backend import Neo4jBackend

    return Neo4jBackend.existing(url, login, cache)


def _examine_server(url: str, login: Login, contents: bool) -> "Iterator[Check]":
    from workbench.store.neo4j.doctor import examine_server

    return examine_server(url, login, contents)


def _repair_server(url: str, login: Login) -> None:
    from workbench.store.neo4j.doctor import repair_server

    repair_server(url, login)


def _is_memory(url: str) -> bool:
    return url.startswith(_MEMORY)


_IN_MEMORY: "dict[str, Backend]" = {}


def _open_memory(url: str, _: Login, __: Path | None) -> "Backend":
    from workbench.store.memory.backend import MemoryBackend

    if url not in _IN_MEMORY:
        _IN_MEMORY[url] = MemoryBackend(url)
    return _IN_MEMORY[url]


def _existing_memory(url: str, _: Login, __: Path | None) -> "Backend":
    if url not in _IN_MEMORY:
        raise NoStore(f"no store at {url}: a store in memory exists only in its own process")
    return _IN_MEMORY[url]


def _examine_memory(url: str, _: Login, contents: bool) -> "Iterator[Check]":
    from workbench.store.contents import examine_contents
    from workbench.store.health import Check

    yield Check("memory", "ok", f"{url} ends with this process")
    if contents and url in _IN_MEMORY:
        yield from examine_contents(_IN_MEMORY[url].outgoing(), _IN_MEMORY[url].columns)


def forget(url: str) -> None:
    """Drop a store in memory."""
    _IN_MEMORY.pop(url, None)


SCHEMES = (
    Scheme(_is_file, _path, _open_file, _existing_file, _examine_file, _recreate_nothing),
    Scheme(is_server, _nowhere, _open_server, _existing_server, _examine_server, _repair_server),
    Scheme(_is_memory, _nowhere, _open_memory, _existing_memory, _examine_memory, _recreate_nothing),
)


def store_place(url: str) -> Path | None:
    """The path of a store that is a file on this machine; None for any other."""
    return next((scheme.place(url) for scheme in SCHEMES if scheme.answers(url)), None)


def scheme_of(url: str) -> Scheme:
    """The kind of store that a URL names; UsageError for an unknown kind."""
    for scheme in SCHEMES:
        if scheme.answers(url):
            return scheme
    raise UsageError(f"{shown(url)!r} is not the URL of a store: write sqlite:///path, or neo4j://HOST:PORT", "url")
