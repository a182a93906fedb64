"""Viewers: who is looking, with which rights, and for which purpose."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.errors import InputError, NotFound, UsageError
from workbench.model.marking import Level

LOCAL = "local"
INVESTIGATION = "investigation"
PRIVILEGE_REVIEW = "privilege-review"


class Viewer(BaseModel):
    """One who may look: agencies he acts for, level, compartments, purposes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    agencies: frozenset[str]
    level: Literal["OPEN", "RESTRICTED", "CONFIDENTIAL", "SECRET"]
    compartments: frozenset[str] = frozenset()
    purposes: tuple[str, ...] = (INVESTIGATION,)

    @property
    def clearance(self) -> Level:
        """The highest level that the viewer may see."""
        return Level[self.level]

    def purpose(self, named: str | None) -> str:
        """The purpose of a look: the named one, or the only one. UsageError otherwise."""
        if named is None and len(self.purposes) == 1:
            return self.purposes[0]
        if named is None:
            raise UsageError(
                f"viewer {self.name} has several purposes: name one with --purpose ({', '.join(self.purposes)})"
            )
        if named not in self.purposes:
            raise UsageError(f"viewer {self.name} has no purpose {named!r}")
        return named


def local_viewer(agencies: Iterable[str]) -> Viewer:
    """The one viewer of a store without a viewers file."""
    return Viewer(name=LOCAL, agencies=frozenset(agencies), level="SECRET")


def read_viewers(path: Path) -> dict[str, Viewer]:
    """The viewers of a TOML file, a table each; InputError where any of it can't be understood."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"viewers file {path}: {error}") from error
    if not tables:
        raise InputError(f"viewers file {path} names no viewer: write a table for each, or remove the file")
    return {name: _viewer(path, name, table) for name, table in tables.items()}


def _viewer(path: Path, name: str, table: Any) -> Viewer:
    if not isinstance(table, dict) or "name" in table:
        raise InputError(f"viewers file {path}: {name} is no table [{name}] with agencies and level: correct it")
    try:
        return Viewer(name=name, **table)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg'].lower()}" for each in error.errors())
        raise InputError(f"viewers file {path}, [{name}]: {wrong}: nobody is let in before it is correct") from error


def choose_viewer(viewers: Mapping[str, Viewer], name: str | None) -> Viewer:
    """The named viewer, or the only one; an unknown one is refused, never replaced."""
    if name is None and len(viewers) == 1:
        return next(iter(viewers.values()))
    if name is None:
        raise UsageError(f"name the viewer with --as: one of {', '.join(sorted(viewers))}")
    if name not in viewers:
        raise NotFound("viewer", name)
    return viewers[name]
