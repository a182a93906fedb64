"""Parameters of people's queries: limited so that no expression on them runs long, which the server could not stop."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.errors import UsageError
from workbench.store.neo4j.cypher.sizes import Size

_LONGEST_TEXT = 1_000
_MOST_VALUES = 20_000
_DEEPEST = 20
_SHORT = 100


def sizes_of(parameters: Mapping[str, Any]) -> dict[str, Size]:
    """The size of each parameter; UsageError for too many values, too long a text, or too deep nesting."""
    _check(parameters)
    return {name: _size(value) for name, value in parameters.items()}


def _size(value: Any) -> Size:
    parts = list(_parts(value))
    nested = [part for each in parts for part in _parts(each)]
    return Size(tree=2 if nested else 1, many=int(bool(nested) or len(parts) > _SHORT))


def _check(parameters: Mapping[str, Any]) -> None:
    level, values = list[Any](parameters.values()), 0
    for _ in range(_DEEPEST):
        values += len(level)
        if values > _MOST_VALUES:
            raise UsageError(f"the parameters hold more than {_MOST_VALUES} values: split the query")
        if any(isinstance(each, str | bytes) and len(each) > _LONGEST_TEXT for each in level):
            raise UsageError(f"a parameter has a text of more than {_LONGEST_TEXT} characters: pass a part of it")
        level = [part for each in level for part in _parts(each)]
        if not level:
            return
    raise UsageError(f"a parameter nests more than {_DEEPEST} lists or maps: make it flatter")


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
