"""Watch the functions that mutations change, while everything is asked of the unchanged program."""

import pickle
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any

from tests.laws import asking
from tests.laws.cuts import Mutation, function_at, mutated, places
from workbench.store.sqlite.backend import SqliteBackend
from workbench.store.sqlite.columns import read_base

_COLUMNS = "workbench.store.sqlite.columns:read_base"


class Watch:
    """Notes who comes to which function, and which mutations would make it answer otherwise there.

    `asked` is the case and the name of the function that is asked; `readers` are the names by
    place, `held` the cases and names by mutation.
    """

    def __init__(self, mutations: Sequence[Mutation]) -> None:
        self.asked: tuple[int, str] | None = None
        self.readers: dict[str, set[str]] = defaultdict(set)
        self.held: dict[str, set[tuple[int, str]]] = defaultdict(set)
        self._columns: dict[tuple[str, int], list[str]] = {}
        for aside in ("_seen_then", "_history", "_names"):  # what the laws look at themselves
            setattr(asking, aside, self._unseen(getattr(asking, aside)))
        for place in sorted({place for each in mutations for place in places(each)}):
            reading = [each for each in mutations if place in places(each) and not each.writes]
            others = [(each.name, mutated(each, place)) for each in reading]
            self._watch_columns(others) if place == _COLUMNS else self._watch(place, others)

    def _watch(self, place: str, others: Sequence[tuple[str, FunctionType]]) -> None:
        """Compare each call with the mutated ones."""
        own = _put(function_at(place), lambda *args, **named: run(*args, **named))

        def run(*args: Any, **named: Any) -> Any:
            if self.asked is None:
                return own(*args, **named)
            asked, self.asked = self.asked, None
            try:
                self.readers[place].add(asked[1])
                told = _outcome(own, args, named)
                for name, other in others:
                    if asked not in self.held[name] and _outcome(other, args, named) != told:
                        self.held[name].add(asked)
            finally:
                self.asked = asked
            return own(*args, **named)

    def _watch_columns(self, others: Sequence[tuple[str, FunctionType]]) -> None:
        """The store keeps its columns: compare once for each store and revision who would read otherwise."""
        own = _put(SqliteBackend.base, lambda store, revision: run(store, revision))

        def run(store: SqliteBackend, revision: int) -> Any:
            if self.asked is not None:
                self.readers[_COLUMNS].add(self.asked[1])
                key = (store.url, revision)
                if key not in self._columns:
                    told = _outcome(read_base, (store._db, revision), {})
                    differing = (name for name, f in others if _outcome(f, (store._db, revision), {}) != told)
                    self._columns[key] = list(differing)
                for name in self._columns[key]:
                    self.held[name].add(self.asked)
            return own(store, revision)

    def _unseen(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def aside(*args: Any, **named: Any) -> Any:
            asked, self.asked = self.asked, None
            try:
                return work(*args, **named)
            finally:
                self.asked = asked

        return aside


def _put(function: Any, instead: Callable[..., Any]) -> FunctionType:
    """Replace a function by another, in every module that imported it."""
    own = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    own.__kwdefaults__ = function.__kwdefaults__
    name = f"_instead_of_{function.__qualname__}"
    function.__globals__[name] = instead
    made: dict[str, Any] = {}
    exec(f"def put(*args, **named):\n    return globals()[{name!r}](*args, **named)", made)  # noqa: S102 - ours
    function.__defaults__ = function.__kwdefaults__ = None
    function.__code__ = made["put"].__code__
    return own


def _outcome(function: Callable[..., Any], args: Any, named: Any) -> object:
    """A call's result in comparable form; one that can't be compared equals nothing."""
    try:
        told = function(*args, **named)
        return pickle.dumps(list(told) if isinstance(told, Iterator) else told)
    except (pickle.PicklingError, TypeError, AttributeError):
        return object()
    except Exception as error:  # noqa: BLE001 - a refusal, or what comes of a missing filter
        return repr(error)
