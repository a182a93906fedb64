"""Tables of a TOML file as pydantic models, and what is wrong with one in plain words."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

# What pydantic means, by the types of its errors.
_WANTED = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "dict_type": "must be a table",
    "frozen_set_type": "must be a list",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "missing": "is missing: give it",
    "model_type": "must be a table",
    "path_type": "must be the path of a file",
    "string_too_short": "must not be empty",
    "string_type": "must be a text",
    "tuple_type": "must be a list",
    "union_tag_not_found": "must be a text or a table",
}


# Tags of what may be either: no part of a place that people read.
TEXT, TABLE = "(text)", "(table)"


def text_or_table(given: Any) -> str | None:
    """The tag of a value that may be a text or a table; None if it is neither."""
    return TEXT if isinstance(given, str) else TABLE if isinstance(given, Mapping | BaseModel) else None


class Table(BaseModel):
    """A table that has no keys but these."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, given: Any) -> Any:
        if isinstance(given, Mapping):
            known = sorted(each.alias or name for name, each in cls.model_fields.items())
            refuse_unknown_keys(given, known)
        return given


def refuse_unknown_keys(given: Mapping[str, Any], known: Sequence[str]) -> None:
    """ValueError for a key that a table does not have."""
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise ValueError(f"no key {key!r} here: {meant}known are {', '.join(known)}")


def described(error: ValidationError) -> str:
    """The first validation error with its place, such as `files[0].records[1].schema`."""
    first: Any = error.errors()[0]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    place = _place(first["loc"])
    return f"{place}: {_in_words(first)}{more}" if place else f"{_in_words(first)}{more}"


def _in_words(error: Mapping[str, Any]) -> str:
    if error["type"] == "literal_error":
        return f"must be one of {error['ctx']['expected']}"
    if error["type"] in _WANTED:
        return _WANTED[error["type"]]
    said = str(error["msg"]).removeprefix("Value error, ")
    return said.replace("Input should be", "must be", 1)


def _place(steps: Sequence[int | str]) -> str:
    text = ""
    for step in (each for each in steps if each not in (TEXT, TABLE)):
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


__all__ = ["TABLE", "TEXT", "Table", "described", "refuse_unknown_keys", "text_or_table"]
