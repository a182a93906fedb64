"""Access decided once for each answer of a view, however often it asks the store."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from workbench.store.types import Scope

if TYPE_CHECKING:
    from workbench.store.view import View

P = ParamSpec("P")
T = TypeVar("T")


class Held(threading.local):
    """The scope under which this thread is answering; None between answers."""

    scope: Scope | None = None

    @contextmanager
    def at(self, decide: Callable[[], Scope]) -> Iterator[None]:
        """Hold the scope that is decided on now, unless one is held already."""
        if self.scope is not None:
            yield
            return
        self.scope = decide()
        try:
            yield
        finally:
            self.scope = None


def at_one_scope(answer: "Callable[Concatenate[View, P], T]") -> "Callable[Concatenate[View, P], T]":
    """An answer of a view for which access is decided once, when it is asked."""

    @wraps(answer)
    def answered(view: "View", /, *args: P.args, **kwargs: P.kwargs) -> T:
        with view._held.at(view._scope_now):
            return answer(view, *args, **kwargs)

    return answered
