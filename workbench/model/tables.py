"""Tables of a TOML file as pydantic models, and what is wrong with one in plain words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

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
    """A table that has no keys but these. Every mistake in it is named, and not only the first."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="wrap")
    @classmethod
    def _known_keys(cls, given: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(given, Mapping):
            return check(given)
        known = sorted(each.alias or name for name, each in cls.model_fields.items())
        unknown = list(unknown_keys(given, known))
        if not unknown:
            return check(given)
        mistakes, meant = [mistake(said) for said in unknown], {near for key in given for near in _near(key, known)}
        try:
            check({key: value for key, value in given.items() if key in known})
        except ValidationError as error:
            others = (each for each in error.errors() if each["type"] != "missing" or each["loc"][0] not in meant)
            mistakes += [mistake(_in_words(each), each["loc"]) for each in others]
        raise ValidationError.from_exception_data(cls.__name__, mistakes)


def unknown_keys(given: Mapping[str, Any], known: Sequence[str]) -> Iterator[str]:
    """What is wrong with each key that a table does not have."""
    for key in given:
        if key not in known:
            meant = "".join(f"did you mean {near}? " for near in _near(key, known))
            yield f"no key {key!r} here: {meant}known are {', '.join(known)}"


def _near(key: str, known: Sequence[str]) -> list[str]:
    """The known key that was meant, if there is one like it."""
    return [] if key in known else get_close_matches(key, known, 1)


def refuse_unknown_keys(given: Mapping[str, Any], known: Sequence[str]) -> None:
    """ValueError for keys that a table does not have."""
    refuse(unknown_keys(given, known))


def refuse(mistakes: Iterable[str]) -> None:
    """ValidationError, which is a ValueError, if there are mistakes: with all of them."""
    found = [mistake(each) for each in mistakes]
    if found:
        raise ValidationError.from_exception_data("table", found)


def mistake(said: str, place: tuple[int | str, ...] = ()) -> InitErrorDetails:
    """A mistake, in plain words, at a place in a table."""
    return InitErrorDetails(type=PydanticCustomError("mistake", "{said}", {"said": said}), loc=place, input=None)


def described(error: ValidationError) -> str:
    """All validation errors, each with its place, such as `files[0].records[1].schema`."""
    said = list(dict.fromkeys(_placed(each) for each in error.errors()))
    return said[0] if len(said) == 1 else "\n".join([f"{len(said)} mistakes:", *(f"- {each}" for each in said)])


def _placed(error: Mapping[str, Any]) -> str:
    place = _place(error["loc"])
    return f"{place}: {_in_words(error)}" if place else _in_words(error)


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


__all__ = ["TABLE", "TEXT", "Table", "described", "refuse", "refuse_unknown_keys", "text_or_table"]
