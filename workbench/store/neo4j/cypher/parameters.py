"""Parameters of people's queries: as large as a query can take without the server's clock being looked at."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.errors import UsageError
from workbench.store.neo4j.cypher.sizes import Size

_LONGEST_TEXT = 1_000
_MOST_VALUES = 20_000
_DEEPEST = 20
_SHORT = 100


def sizes_of(parameters: Mapping[str, Any]) -> dict[str, Size]:
    """The size of each parameter; UsageError where they hold too much, or a text that is too long."""
    _check(parameters)
    return {name: _size(value) for name, value in parameters.items()}


def _size(value: Any) -> Size:
    parts = list(_parts(value))
    nested = [part for each in parts for part in _parts(each)]
    return Size(tree=2 if nested else 1, many=int(bool(nested) or len(parts) > _SHORT))


def _check(parameters: Mapping[str, Any]) -> None:
    level, found = list[Any](parameters.values()), 0
    for _ in range(_DEEPEST):
        found += len(level)
        if found > _MOST_VALUES:
            raise UsageError(f"the parameters hold more than {_MOST_VALUES} values: ask in several queries")
        if any(isinstance(each, str | bytes) and len(each) > _LONGEST_TEXT for each in level):
            raise UsageError(f"a parameter is a text of more than {_LONGEST_TEXT} characters: give a part of it")
        level = [part for each in level for part in _parts(each)]
        if not level:
            return
    raise UsageError(f"a parameter holds more than {_DEEPEST} lists or maps in one another: make it flatter")


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
