"""Access decided once for each answer of a view, however often it asks the store."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from workbench.store.types import Moment, Scope

if TYPE_CHECKING:
    from workbench.store.view import View

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Access:
    """What may be seen as of a moment of the store's, and what has been made of it so far, by its name.

    `epochs` are those of the classes that may be seen.
    """

    moment: Moment
    scope: Scope
    epochs: Mapping[int, int]
    made: dict[str, object]

    @classmethod
    def to(cls, allowed: Mapping[int, int], revision: int, moment: Moment, before: "Access | None" = None) -> "Access":
        """Access to these classes; what was made before stands if nothing that is seen was marked anew."""
        made = before.made if before and before.stands(allowed) else {}
        return cls(moment, Scope(tuple(allowed), revision), allowed, made)

    def stands(self, allowed: Mapping[int, int]) -> bool:
        """Whether nothing that is seen was marked anew, if these classes may be seen now.

        A class that is new counts from when something enters it that was there before: others may make one for what
        is hidden.
        """
        return self.epochs.keys() <= allowed.keys() and all(
            self.epochs.get(vis, 0) == epoch for vis, epoch in allowed.items()
        )


class Held(threading.local):
    """The access under which this thread is answering; None between answers."""

    access: Access | None = None

    @contextmanager
    def at(self, decide: Callable[[], Access]) -> Iterator[Access]:
        """Hold the access that is decided on now, unless one is held already; which one it is."""
        if self.access is not None:
            yield self.access
            return
        self.access = access = decide()
        try:
            yield access
        finally:
            self.access = None


def at_one_scope(answer: "Callable[Concatenate[View, P], T]") -> "Callable[Concatenate[View, P], T]":
    """An answer of a view for which access is decided once, when it is asked."""

    @wraps(answer)
    def answered(view: "View", /, *args: P.args, **kwargs: P.kwargs) -> T:
        with view._held.at(view._access_now):
            return answer(view, *args, **kwargs)

    return answered
