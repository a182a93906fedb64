"""Questions: what is asked of a view, and leaves a trace in the audit sink.

A question that another one asks on its way leaves none of its own: an analysis is one line, whatever it reads.
"""

import inspect
import threading
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from workbench.access.audit import AuditSink, Trace
from workbench.errors import WorkbenchError

P = ParamSpec("P")
T = TypeVar("T")


class _Depth(threading.local):
    """How many questions this thread is within."""

    now = 0


@dataclass(slots=True)
class Answered:
    """How much a question was answered; None until that is known."""

    count: int | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions asked of one store, by any view of it; a thread's inner ones are part of its outermost."""

    audit: AuditSink
    _depth: _Depth = field(default_factory=_Depth)

    @contextmanager
    def inner(self) -> Iterator[bool]:
        """What is asked within is part of this; whether this is the outermost."""
        self._depth.now += 1
        try:
            yield self._depth.now == 1
        finally:
            self._depth.now -= 1

    @contextmanager
    def about(self, viewer: str, purpose: str, what: str, asked: Mapping[str, Any]) -> Iterator["Answered"]:
        """A question: its trace is kept once it is answered, before anybody has the answer, or refused."""
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
        """Something to write: its trace is kept before it is, and another one if it is refused."""
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
        """What is no question by itself, and leaves a trace only where it is refused."""
        try:
            yield
        except WorkbenchError as error:
            self.audit.keep(Trace(viewer, purpose, what, asked, 0, type(error).__name__))
            raise


def question(ask: Callable[P, T]) -> Callable[P, T]:
    """A function that is a question of its own to the view among its arguments.

    Of a generator the trace is kept before the first answer, without a count.
    """
    what, signature = ask.__name__.lstrip("_"), inspect.signature(ask)
    place = _place_of_view(signature)

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        given = signature.bind(*args, **kwargs).arguments
        view = given[place]
        with asking_of(view).about(view.viewer.name, view.purpose, what, sayable(given)) as answered:
            found = ask(*args, **kwargs)
            answered.count = count(found)
        return found

    @wraps(ask)
    def told(*args: P.args, **kwargs: P.kwargs) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        view = given[place]
        answers: Any = ask(*args, **kwargs)  # nothing is read before the first is asked for
        with asking_of(view).about(view.viewer.name, view.purpose, what, sayable(given)):
            pass
        return _within(asking_of(view), answers)

    return told if inspect.isgeneratorfunction(ask) else asked


def writing(act: Callable[P, T]) -> Callable[P, T]:
    """A function that writes on behalf of the viewer of a view: its trace is kept before it does."""
    what, signature = act.__name__.lstrip("_"), inspect.signature(act)
    place = _place_of_view(signature)

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        given = signature.bind(*args, **kwargs).arguments
        view = given[place]
        with asking_of(view).writing(view.viewer.name, view.purpose, what, sayable(given)):
            return act(*args, **kwargs)

    return done


def asking_of(view: Any) -> Asking:
    """The questions of the store that a view is of."""
    asking: Asking = view._asking
    return asking


def _within(asking: Asking, answers: Iterator[T]) -> Iterator[T]:
    """Each answer, found within the question that was kept."""
    while True:
        with asking.inner():
            answer = next(answers, _END)
        if answer is _END:
            return
        yield answer  # type: ignore[misc] # not the end


_END = object()


def _place_of_view(signature: inspect.Signature) -> str:
    """The name of the parameter that the view is given by."""
    for name in ("view", "self"):
        if name in signature.parameters:
            return name
    raise TypeError("a question has a parameter `view`, or is a method of one")


def sayable(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as a ledger can keep them: texts, numbers, and lists of these; the rest is left out."""
    return {name: said for name, value in given.items() if (said := _sayable(value)) is not None}


def _sayable(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset) and all(isinstance(each, str) for each in value):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return None


def count(answer: Any) -> int:
    """How much an answer tells: the rows of what has rows, 1 for any other, 0 for None."""
    rows = getattr(answer, "rows_told", answer)
    if rows is None:
        return 0
    return len(rows) if isinstance(rows, Sized) and not isinstance(rows, str) else 1
