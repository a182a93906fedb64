"""Variants of a server's URL, and the messages if it can't be reached."""

from urllib.parse import urlsplit

import pytest

from workbench.errors import StoreError, WorkbenchError
from workbench.store.login import Login
from workbench.view.store import open_store

SECRET = "a/p@ss?w#rd%41"  # noqa: S105 - of nobody


def at(url: str, **other: str) -> str:
    """A URL with another scheme, user, password, host, port or database."""
    parts = urlsplit(url)
    said = {"scheme": parts.scheme, "user": parts.username, "password": parts.password, "host": parts.hostname}
    said |= {"port": str(parts.port), "database": "", **other}
    return "{scheme}://{user}:{password}@{host}:{port}/{database}".format(**said)


def fails(url: str, kind: type[WorkbenchError] = StoreError, login: Login | None = None) -> str:
    """The message if a store can't be opened: it has the address, and never a password."""
    with pytest.raises(kind) as told:
        open_store(url, login or Login()).close()
    assert type(told.value) is kind
    words = str(told.value)
    password = urlsplit(url).password
    assert not password or password not in words
    assert SECRET not in words
    return words
