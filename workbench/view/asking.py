"""Questions to a view, each of which leaves a trace in the audit sink.

A question asked within another leaves no trace of its own: an analysis is one line, whatever it reads.
"""

import inspect
import math
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from workbench.access.audit import AuditSink, Trace
from workbench.errors import WorkbenchError

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 100  # of what a trace lists within an argument; of more it has the number


class _Depth(threading.local):
    """How many questions are open in this thread."""

    now = 0


@dataclass(slots=True)
class Answered:
    """The number of results of a question; None until it is known."""

    count: int | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Keeps the traces of all views of one store. In a thread, inner questions belong to the outermost."""

    audit: AuditSink
    _depth: _Depth = field(default_factory=_Depth)

    @property
    def is_inside(self) -> bool:
        """Whether a question is open in this thread, so that another one belongs to it and leaves no trace."""
        return self._depth.now > 0

    @contextmanager
    def inner(self) -> Iterator[bool]:
        """Open a question; yields whether it is the thread's outermost."""
        self._depth.now += 1
        try:
            yield self._depth.now == 1
        finally:
            self._depth.now -= 1

    def apart(self, call: Callable[P, T]) -> Callable[P, T]:
        """A caller's function, to be called within a question: what it asks is a question of its own."""

        @wraps(call)
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            open_now, self._depth.now = self._depth.now, 0
            try:
                return call(*args, **kwargs)
            finally:
                self._depth.now = open_now

        return called

    @contextmanager
    def about(self, viewer: str, purpose: str, what: str, asked: Mapping[str, Any]) -> Iterator["Answered"]:
        """Trace a question: when it is answered or refused, before the caller gets the answer."""
        answered, refused = Answered(), ""
        with self.inner() as is_outermost:
            try:
                yield answered
            except Exception as error:
                answered.count, refused = 0, type(error).__name__
                raise
            finally:
                if is_outermost:
                    self.audit.keep(Trace(viewer, purpose, what, asked, answered.count, refused))

    @contextmanager
    def writing(self, viewer: str, purpose: str, what: str, asked: Mapping[str, Any]) -> Iterator[None]:
        """Trace a write: before it happens, and once more if it is refused."""
        with self.inner() as is_outermost:
            if is_outermost:
                self.audit.keep(Trace(viewer, purpose, what, asked))
            try:
                yield
            except Exception as error:
                if is_outermost:
                    self.audit.keep(Trace(viewer, purpose, what, asked, 0, type(error).__name__))
                raise

    @contextmanager
    def refusals(self, viewer: str, purpose: str, what: str, asked: Mapping[str, Any]) -> Iterator[None]:
        """Trace only a refusal, with what is in `asked` by then: for something that is not a question yet."""
        with self.inner() as is_outermost:
            try:
                yield
            except WorkbenchError as error:
                if is_outermost:
                    self.audit.keep(Trace(viewer, purpose, what, asked, 0, type(error).__name__))
                raise


def question(ask: Callable[P, T]) -> Callable[P, T]:
    """Make a function a question to the view among its arguments.

    For a generator the trace is kept before the first answer, without a count.
    """
    what, signature = ask.__name__.lstrip("_"), inspect.signature(ask)
    place = _place_of_view(signature)

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        view = place.of(args, kwargs)
        asking = asking_of(view)
        if asking.is_inside:
            return ask(*args, **kwargs)
        said = sayable(signature.bind(*args, **kwargs).arguments)
        with asking.about(view.viewer.name, view.purpose, what, said) as answered:
            result = ask(*args, **kwargs)
            answered.count = count(result)
        return result

    @wraps(ask)
    def told(*args: P.args, **kwargs: P.kwargs) -> Any:
        view, said = place.of(args, kwargs), sayable(signature.bind(*args, **kwargs).arguments)
        answers: Any = ask(*args, **kwargs)  # a generator: nothing is read yet
        with asking_of(view).about(view.viewer.name, view.purpose, what, said):
            pass
        return _within(asking_of(view), answers)

    return told if inspect.isgeneratorfunction(ask) else asked


def writing(act: Callable[P, T]) -> Callable[P, T]:
    """Make a function a write on behalf of a view's viewer: its trace is kept before it writes."""
    what, signature = act.__name__.lstrip("_"), inspect.signature(act)
    place = _place_of_view(signature)

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        view, said = place.of(args, kwargs), sayable(signature.bind(*args, **kwargs).arguments)
        with asking_of(view).writing(view.viewer.name, view.purpose, what, said):
            return act(*args, **kwargs)

    return done


def asking_of(view: Any) -> Asking:
    """The `Asking` of a store, or of a view's store."""
    asking: Asking = view._asking
    return asking


def _within(asking: Asking, answers: Iterator[T]) -> Iterator[T]:
    """Yield each answer; whatever is asked to compute it leaves no trace of its own."""
    while True:
        with asking.inner():
            answer = next(answers, _END)
        if answer is _END:
            return
        yield answer  # type: ignore[misc] # not the end


_END = object()


@dataclass(frozen=True, slots=True)
class _Place:
    """The parameter that takes the view, and its position."""

    name: str
    position: int

    def of(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The view among the arguments of a call; KeyError without one."""
        return args[self.position] if len(args) > self.position else kwargs[self.name]


def _place_of_view(signature: inspect.Signature) -> _Place:
    parameters = list(signature.parameters)
    for name in ("view", "self"):
        if name in parameters:
            return _Place(name, parameters.index(name))
    raise TypeError("a question needs a parameter `view`, or must be a method of a view")


def sayable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by name as JSON values, for a ledger.

    Texts, numbers and lists of them are kept whole. What has an id or a name is kept by that; any other dataclass by
    its fields, and a mapping by its entries: of a list in it with more than 100 elements, or of anything but texts and
    numbers, the length is kept. What is none of these (a view, a function, an array) is left out.
    """
    called = {type(value).__name__.lower() if name == "self" else name: value for name, value in given.items()}
    return {name: said for name, value in called.items() if (said := _sayable(value)) is not None}


def _sayable(value: Any) -> Any:
    if _is_plain(value):
        return value
    if isinstance(value, Path | float):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        named = getattr(value, "id", None) or getattr(value, "name", None)
        return named if isinstance(named, str) else _entries({f.name: getattr(value, f.name) for f in fields(value)})
    if isinstance(value, Mapping):
        return _entries(value) if len(value) <= _MOST else len(value)
    if isinstance(value, list | tuple | set | frozenset) and all(map(_is_plain, value)):
        return sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
    if isinstance(value, list | tuple) and all(isinstance(each, Mapping) or is_dataclass(each) for each in value):
        return [_sayable(each) for each in value]
    return None


def _entries(value: Mapping[str, Any]) -> dict[str, Any]:
    """Fields or entries that can be told, without private fields."""
    told = {str(name): _part(each) for name, each in value.items() if not str(name).startswith("_")}
    return {name: each for name, each in told.items() if each is not None}


def _part(value: Any) -> Any:
    """A value within an argument: a long or a nested one by its length."""
    if not isinstance(value, list | tuple | set | frozenset | Mapping):
        return _sayable(value)
    inside: Collection[Any] = value.values() if isinstance(value, Mapping) else value
    return _sayable(value) if len(value) <= _MOST and all(map(_is_plain, inside)) else len(value)


def _is_plain(value: Any) -> bool:
    """Whether JSON has a value for it; it has none for a number that is not finite."""
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


def count(answer: Any) -> int:
    """The number of results in an answer: its length if it has one, 0 for None, 1 for anything else."""
    rows = getattr(answer, "rows_told", answer)
    if rows is None:
        return 0
    return len(rows) if isinstance(rows, Sized) and not isinstance(rows, str) else 1
