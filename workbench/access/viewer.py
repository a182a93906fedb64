"""Viewers: who is looking, with which rights, and for which purpose."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.access.files import text_of
from workbench.errors import InputError, NotFound, UsageError
from workbench.model.marking import Level
from workbench.model.tables import described, refuse_unknown_keys

LOCAL = "local"
INVESTIGATION = "investigation"
PRIVILEGE_REVIEW = "privilege-review"
EVERY_AGENCY = "*"


class Viewer(BaseModel):
    """A viewer: name, rights and purposes. `agencies` are those he acts for, `loads` those he may load for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    agencies: frozenset[str]
    level: Literal["OPEN", "RESTRICTED", "CONFIDENTIAL", "SECRET"]
    compartments: frozenset[str] = frozenset()
    purposes: tuple[str, ...] = (INVESTIGATION,)
    loads: frozenset[str] = frozenset()

    @property
    def clearance(self) -> Level:
        """The highest level that the viewer may see."""
        return Level[self.level]

    @property
    def loads_for_all(self) -> bool:
        """Whether the viewer may load for every agency, including new ones."""
        return EVERY_AGENCY in self.loads

    def of(self, agencies: Iterable[str]) -> "Viewer":
        """Who he is in a store with records of these agencies: the same, but for the viewer of `local_viewer`."""
        return self

    def purpose(self, named: str | None) -> str:
        """The named purpose, or the viewer's only one. UsageError otherwise."""
        if named is None and len(self.purposes) == 1:
            return self.purposes[0]
        if named is None:
            raise UsageError(
                f"viewer {self.name} has several purposes: name one of {', '.join(self.purposes)}", "purpose"
            )
        if named not in self.purposes:
            has = ", ".join(self.purposes)
            raise UsageError(f"viewer {self.name} has no purpose {named!r}: one of {has}", "purpose")
        return named


class _Local(Viewer):
    """A viewer whom no file names, so that he acts for all agencies of the store."""

    def of(self, agencies: Iterable[str]) -> Viewer:
        return local_viewer(agencies)


def local_viewer(agencies: Iterable[str]) -> Viewer:
    """The one viewer of a store without a viewers file; he may load for every agency."""
    return _Local(name=LOCAL, agencies=frozenset(agencies), level="SECRET", loads=frozenset({EVERY_AGENCY}))


@dataclass(frozen=True, slots=True)
class ViewersFile:
    """The content of a viewers file at the time it was read, with its hash."""

    path: Path
    viewers: Mapping[str, Viewer]
    sha256: str


def viewers_at(path: Path) -> ViewersFile | None:
    """Read viewers from a TOML file with one table each; None only if nothing exists at the path.

    InputError if the file exists but can't be read or is not valid: then nobody is let in.
    """
    text = text_of(path)
    if text is None:
        return None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"viewers file {path}: {error}") from error
    if not tables:
        raise InputError(f"viewers file {path} names no viewer: write a table for each, or remove the file")
    viewers = {name: _viewer(path, name, table) for name, table in tables.items()}
    return ViewersFile(path, viewers, hash_of(text))


def read_viewers(path: Path) -> ViewersFile:
    """As `viewers_at`, for a file that must exist; InputError if it does not."""
    file = viewers_at(path)
    if file is None:
        raise InputError(f"there is no viewers file {path}: correct its name")
    return file


def hash_of(text: str) -> str:
    """The SHA-256 of a viewers file's text, which tells whether it changed."""
    return sha256(text.encode()).hexdigest()


def _viewer(path: Path, name: str, table: Any) -> Viewer:
    if not isinstance(table, dict) or "name" in table:
        raise InputError(f"viewers file {path}: {name} must be a table [{name}] with agencies and level: correct it")
    try:
        refuse_unknown_keys(table, sorted(Viewer.model_fields.keys() - {"name"}))
        return Viewer(name=name, **table)
    except ValueError as error:
        wrong = described(error) if isinstance(error, ValidationError) else str(error)
        raise InputError(f"viewers file {path}, [{name}]: {wrong}: nobody is let in until it is corrected") from error


def choose_viewer(viewers: Mapping[str, Viewer], name: str | None) -> Viewer:
    """The named viewer, or the only one. UsageError if a name is needed, NotFound if it is unknown."""
    if name is None and len(viewers) == 1:
        return next(iter(viewers.values()))
    if name is None:
        raise UsageError(f"name the viewer: one of {', '.join(sorted(viewers))}", "viewer")
    if name not in viewers:
        raise NotFound("viewer", name, "viewer", where=" among the viewers")
    return viewers[name]
