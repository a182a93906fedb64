"""What kinds of records a view has, and whether it is still what it was."""

from dataclasses import dataclass

from workbench.view.access import answer
from workbench.view.view import View


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
    return view._access().made.setdefault("mark", object())
