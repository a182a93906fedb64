"""Which classes of visibility a viewer may see: decided once per answer, however often the answer asks the store."""

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from workbench.access.policy import may_read
from workbench.access.viewer import Viewer
from workbench.errors import NotFound
from workbench.model.numbers import ClassNumber, RevisionNumber
from workbench.store.backend import Backend
from workbench.store.types import Moment, Scope, VisibilityClass
from workbench.view.asking import question

P = ParamSpec("P")
T = TypeVar("T")


class Under(threading.local):
    """An access, for each thread; None between answers."""

    access: "Access | None" = None


class Made(dict[str, object]):
    """What was computed under an access, by name. It follows from the access alone, so that equal views share it.

    `under` is the access under which a view that shares it is answering in this thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.RLock()
        self.under = Under()


@dataclass(frozen=True, slots=True)
class Access:
    """What a view may see at one moment of the store.

    `epochs` maps each class that may be seen to its epoch. `made` caches what was computed under this access; `own`
    has what belongs to this view alone.
    """

    moment: Moment
    scope: Scope
    epochs: Mapping[ClassNumber, int]
    made: Made
    own: dict[str, object] = field(default_factory=dict)

    @classmethod
    def to(
        cls,
        allowed: Mapping[ClassNumber, int],
        revision: RevisionNumber,
        moment: Moment,
        mates: "Mates",
        before: "Access | None" = None,
    ) -> "Access":
        """Access to these classes; keeps what `before` cached unless a record that is seen was re-marked."""
        scope = Scope(tuple(allowed), revision)
        if before and before.stands(allowed):
            return cls(moment, scope, allowed, before.made, before.own)
        return cls(moment, scope, allowed, mates.made(moment, allowed))

    def stands(self, allowed: Mapping[ClassNumber, int]) -> bool:
        """Whether no record that is seen was re-marked, given the classes that may be seen now.

        A new class counts only once an existing record moves into it (its epoch is then not 0): a load of
        hidden records may create one too.
        """
        return self.epochs.keys() <= allowed.keys() and all(
            self.epochs.get(vis, 0) == epoch for vis, epoch in allowed.items()
        )


class Held(Under):
    """The access under which a view is answering in this thread."""

    @contextmanager
    def at(self, decide: Callable[[], Access]) -> Iterator[Access]:
        """Decide on an access and hold it, unless one is held already; yields the access in force."""
        if self.access is not None:
            yield self.access
            return
        self.access = access = decide()
        under = access.made.under
        before, under.access = under.access, access
        try:
            yield access
        finally:
            self.access, under.access = None, before


class Mates:
    """What views of one store share that have the same rights at the same revision."""

    def __init__(self) -> None:
        self._made: WeakValueDictionary[Hashable, Made] = WeakValueDictionary()
        self._lock = threading.Lock()

    def made(self, moment: Moment, allowed: Mapping[ClassNumber, int]) -> Made:
        """What is computed under access to these classes at this moment."""
        with self._lock:
            return self._made.setdefault((moment, tuple(allowed.items())), Made())


class Alike:
    """The mates of the views of a store, for a process in which many people look at it."""

    def __init__(self) -> None:
        self._mates: WeakValueDictionary[Hashable, Mates] = WeakValueDictionary()
        self._lock = threading.Lock()

    def mates(self, *of: Hashable) -> Mates:
        """The mates of the views with these rights, purpose and revision."""
        with self._lock:
            return self._mates.setdefault(of, Mates())


def answer(ask: Callable[P, T]) -> Callable[P, T]:
    """Make a method of a view, or a function with a view as first parameter, a question answered under one access."""

    @wraps(ask)
    def answered(*args: P.args, **kwargs: P.kwargs) -> T:
        view: Any = args[0] if args else kwargs["view"]
        with view._held.at(view._access_now):
            return ask(*args, **kwargs)

    return question(answered)


def once(view: Any, name: str, make: Callable[[], T]) -> T:
    """What was made under a view's access, by name; made if it is not there. It must follow from the view alone."""
    made = view._access().made
    if name not in made:
        made[name] = make()
    found: T = made[name]
    return found


def by_one(view: Any, name: str, make: Callable[[], T]) -> T:
    """The same, for what is large: one thread makes it, and others wait. `make` asks the store, and no other view."""
    with view._access().made.lock:
        return once(view, name, make)


def forget(view: Any) -> None:
    """Let go of all that a view has computed, which it and its snapshot hold in a ring. It is made again if asked."""
    view._access().made.clear()
    view._access().own.clear()


@dataclass(frozen=True, slots=True)
class Cut:
    """What a view is cut down to: the records of some agencies, or of some classes; None for all of them."""

    agencies: frozenset[str] | None = None
    classes: frozenset[int] | None = None

    def keeps(self, visibility: VisibilityClass) -> bool:
        """Whether a class that is a marking is in it."""
        of_agency = self.agencies is None or visibility.agency in self.agencies
        return of_agency and (self.classes is None or visibility.vis in self.classes)

    def within(self, agencies: frozenset[str]) -> "Cut":
        """This, cut down to agencies."""
        return Cut(agencies if self.agencies is None else agencies & self.agencies, self.classes)


UNCUT = Cut()


def allowed_classes(backend: Backend, viewer: Viewer, purpose: str, cut: Cut) -> Mapping[ClassNumber, int]:
    """The visibility classes of a view with their epochs, in order."""
    allowed: dict[ClassNumber, int] = {}
    for visibility in backend.classes():
        if visibility.marking is not None:
            seen = cut.keeps(visibility) and may_read(viewer, purpose, visibility.marking)
        else:
            seen = bool(visibility.members) and allowed.keys() >= set(visibility.members)
        if seen:
            allowed[visibility.vis] = visibility.epoch
    return allowed


def revision_of(
    backend: Backend, allowed: Sequence[ClassNumber], token: str | None, newest: RevisionNumber
) -> tuple[RevisionNumber, str]:
    """The revision of a view and the token that it shows.

    The revision is `newest` unless a token is given. NotFound if the viewer is not shown that token.
    """
    seen = [each for each in backend.publications(allowed) if each[0] <= newest]
    if token is None:
        return newest, seen[-1][1] if seen else ""
    for number, each, _ in seen:
        if each == token:
            return RevisionNumber(number), token
    raise NotFound("revision", token, "revision")
