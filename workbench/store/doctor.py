"""Checks for an operator: whether a store can be reached, is intact, and has room.

They reveal nothing of its content. Only `repair` changes anything.
"""

from contextlib import closing

from workbench.store.health import Check
from workbench.store.login import NOBODY, Login
from workbench.store.schemes import scheme_of
from workbench.store.score_checks import repair_scores


def examine(url: str, login: Login = NOBODY, contents: bool = False) -> tuple[Check, ...]:
    """Check the store at a URL; with `contents`, read every row of it too. UsageError for an unknown kind of URL."""
    return tuple(scheme_of(url).examine(url, login, contents))


def repair(url: str, login: Login = NOBODY) -> None:
    """Recreate what was dropped on a server: constraints, indexes and what they need.

    Then let facets be found by their values, and delete wrong scores.

    NoStore if there is none.
    """
    scheme = scheme_of(url)
    scheme.repair(url, login)
    with closing(scheme.existing(url, login, None)) as backend:
        backend.find_by_values()
        repair_scores(backend)
