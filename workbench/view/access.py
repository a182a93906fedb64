"""Which classes of visibility a viewer may see; decided once for each answer, however often it asks the store."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from workbench.access.policy import may_read
from workbench.access.viewer import Viewer
from workbench.errors import NotFound
from workbench.model.numbers import ClassNumber, RevisionNumber
from workbench.store.backend import Backend
from workbench.store.types import Moment, Scope
from workbench.view.asking import question

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A", bound="Answering")


@dataclass(frozen=True, slots=True)
class Access:
    """What may be seen as of a moment of the store's, and what has been made of it so far, by its name.

    `epochs` are those of the classes that may be seen.
    """

    moment: Moment
    scope: Scope
    epochs: Mapping[ClassNumber, int]
    made: dict[str, object]

    @classmethod
    def to(
        cls,
        allowed: Mapping[ClassNumber, int],
        revision: RevisionNumber,
        moment: Moment,
        before: "Access | None" = None,
    ) -> "Access":
        """Access to these classes; what was made before stands if nothing that is seen was marked anew."""
        made = before.made if before and before.stands(allowed) else {}
        return cls(moment, Scope(tuple(allowed), revision), allowed, made)

    def stands(self, allowed: Mapping[ClassNumber, int]) -> bool:
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


class Answering(Protocol):
    """What answers under one access: a view."""

    @property
    def _held(self) -> Held: ...

    def _access_now(self) -> Access: ...


def answer(ask: Callable[Concatenate[A, P], T]) -> Callable[Concatenate[A, P], T]:
    """An answer of a view: a question that leaves its trace, for which access is decided once, when it is asked."""

    @wraps(ask)
    def answered(self: A, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._held.at(self._access_now):
            return ask(self, *args, **kwargs)

    return question(answered)


def allowed_classes(
    backend: Backend, viewer: Viewer, purpose: str, agencies: frozenset[str] | None
) -> Mapping[ClassNumber, int]:
    """The visibility classes of a view, of all agencies or of some, in order; and the epoch of each."""
    allowed: dict[ClassNumber, int] = {}
    for each in backend.classes():
        if each.marking is not None:
            seen = may_read(viewer, purpose, each.marking) and (agencies is None or each.agency in agencies)
        else:
            seen = bool(each.members) and allowed.keys() >= set(each.members)
        if seen:
            allowed[each.vis] = each.epoch
    return allowed


def revision_of(
    backend: Backend, allowed: Sequence[ClassNumber], token: str | None, newest: RevisionNumber
) -> tuple[RevisionNumber, str]:
    """The revision that a view stands on, `newest` unless a token is given, and the token that it shows."""
    seen = [each for each in backend.publications(allowed) if each[0] <= newest]
    if token is None:
        return newest, seen[-1][1] if seen else ""
    for number, each, _ in seen:
        if each == token:
            return RevisionNumber(number), token
    raise NotFound("revision", token, "revision")
