"""What an operator wants to know of a store: whether it can be reached, is whole, and has room.

Nothing of what is in it is told, and nothing is changed or made, but by `repair`.
"""

from workbench.store.health import Check
from workbench.store.login import NOBODY, Login
from workbench.store.schemes import scheme_of


def examine(url: str, login: Login = NOBODY) -> tuple[Check, ...]:
    """Look at the store of a URL. UsageError for a URL that no store answers to."""
    return tuple(scheme_of(url).examine(url, login))


def repair(url: str, login: Login = NOBODY) -> None:
    """Make again what was dropped of a store's constraints and indexes; UsageError for a store that is a file."""
    scheme_of(url).repair(url, login)
