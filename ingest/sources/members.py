"""The members of an archive: what any archive may and may not have in it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ingest.sources.naming import named, unpacked_name
from ingest.sources.steps import Step
from workbench.errors import FileRefused

_NESTED = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".7z", ".rar")


class Member(NamedTuple):
    """A file in an archive: its name, and the step to it."""

    name: str
    step: Step


def check_names(path: Path, said: Sequence[str]) -> list[str]:
    """The names of an archive's members as they are shown; FileRefused if one points outside, or two are equal.

    A backslash stands for a slash, as some programs write it.
    """
    names = [_checked(path, each) for each in said]
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice is not None:
        raise FileRefused("unsafe archive", f"{named(path)} has two members named {twice!r}: pack it again")
    for name in names:
        if unpacked_name(name).lower().endswith(_NESTED):
            raise nested(path, name)
    return names


def nested(path: Path, name: str) -> FileRefused:
    """The refusal of an archive in an archive."""
    return FileRefused("nested archive", f"{named(path)} has an archive in it, {name}: unpack it first")


def _checked(path: Path, said: str) -> str:
    steps = PurePosixPath(said.replace("\\", "/"))
    if not steps.parts or steps.is_absolute() or ".." in steps.parts or ":" in steps.parts[0] or "\0" in said:
        raise FileRefused(
            "unsafe archive", f"{named(path)} has a member outside of itself, {named(said)!r}: ask who made it"
        )
    return named(str(steps))
