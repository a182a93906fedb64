"""Checks for an operator: whether a store can be reached, is intact, and has room.

They reveal nothing of its content. Only `repair` changes anything.
"""

from workbench.store.health import Check
from workbench.store.login import NOBODY, Login
from workbench.store.schemes import scheme_of


def examine(url: str, login: Login = NOBODY, contents: bool = False) -> tuple[Check, ...]:
    """Check the store at a URL; with `contents`, read every row of it too. UsageError for an unknown kind of URL."""
    return tuple(scheme_of(url).examine(url, login, contents))


def repair(url: str, login: Login = NOBODY) -> None:
    """Recreate constraints, indexes and what they need, if they were dropped; UsageError for a store that is a file."""
    scheme_of(url).repair(url, login)
