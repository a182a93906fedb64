"""What kinds of records a view has, and whether it is still what it was."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from workbench.view.access import answer
from workbench.view.view import View

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Present:
    """The agencies that a view has records of, and the schemata of its records."""

    agencies: frozenset[str]
    schemata: frozenset[str]


@answer
def present(view: View) -> Present:
    """The agencies that a view has records of, and the schemata of its records."""
    kinds = view._backend.kinds(view._scope())
    classes = {vis for vis, _ in kinds}
    agencies = (each.agency for each in view._backend.classes() if each.vis in classes)
    return Present(frozenset(agencies), frozenset(schema for _, schema in kinds))


def mark_of(view: View) -> object:
    """An object that is the same one as long as a view answers the same: to bind a cache to.

    A view gives another one once a record that it sees, or saw, was re-marked.
    """
    return view._access().own.setdefault("mark", object())


def remembering(view: View, ask: Callable[[], T]) -> T:
    """Ask a view something; it remembers the last answer as long as it answers the same."""
    before = view._access().own
    before.pop("answer", None)
    answer = ask()
    if view._access().own is before:  # nothing was re-marked meanwhile
        before["answer"] = answer
    return answer


def remembered(view: View) -> object:
    """The last answer that a view remembers; None if there is none, or it would not be the same now."""
    return view._access().own.get("answer")
