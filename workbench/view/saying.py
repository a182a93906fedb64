"""What records say, by their numbers in a view: for what reads a great many of them."""

from workbench.errors import StoreError
from workbench.store.columns import Int64
from workbench.view.access import answer
from workbench.view.view import View


@answer
def contents(view: View, records: Int64) -> list[str]:
    """The content of each of some records of a view, as `Record.content` returned it.

    StoreError if one is not visible any more.
    """
    theirs = view._numbers().records[records].tolist()
    bodies = view._backend.bodies(view._scope(), theirs)
    if not bodies.keys() >= set(theirs):
        raise StoreError("markings changed while this was read: run it again")
    return [bodies[each] for each in theirs]
