"""Settings from the environment: the only place that reads it.

`WORKBENCH_STORE` names the store where no option does, `WORKBENCH_VIEWERS` the viewers file
where none lies beside the store, `WORKBENCH_VIEWER` and `WORKBENCH_PURPOSE` who looks in a
dashboard, and what for.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from workbench.access.viewer import Viewer, choose_viewer, local_viewer, read_viewers
from workbench.errors import InputError, UsageError
from workbench.store.base import GraphStore, open_store

APPLICATION = "joint-workbench"
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; None where it says nothing."""

    store: str | None
    viewers: Path | None
    viewer: str | None = None
    purpose: str | None = None


def from_environment() -> Settings:
    """The settings of this process, read now."""
    viewers = os.environ.get("WORKBENCH_VIEWERS")
    return Settings(
        store=os.environ.get("WORKBENCH_STORE"),
        viewers=Path(viewers) if viewers else None,
        viewer=os.environ.get("WORKBENCH_VIEWER"),
        purpose=os.environ.get("WORKBENCH_PURPOSE"),
    )


def hand_down(store: str, viewer: str | None, purpose: str | None) -> None:
    """Leave the store, viewer and purpose of a server to the pages that it runs in this process."""
    told = {"WORKBENCH_STORE": store, "WORKBENCH_VIEWER": viewer, "WORKBENCH_PURPOSE": purpose}
    os.environ.update({name: value for name, value in told.items() if value is not None})


def store_url(option: str | None) -> str:
    """The store to use: the one named, else `WORKBENCH_STORE`, else a file of this user's."""
    return option or from_environment().store or f"{_SQLITE}{user_data_path(APPLICATION) / 'workbench.db'}"


def store_file(url: str) -> Path | None:
    """The path of a store that is a file; None for any other."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def existing_store(url: str) -> GraphStore:
    """Open a store to read it; UsageError where there is none: reading makes none."""
    file = store_file(url)
    if file is not None and not file.is_file():
        raise UsageError(f"no store at {url}: load something into it first, or name another")
    return open_store(url)


def viewers_place(url: str) -> Path | None:
    """Where a viewers file lies: beside the store, or where `WORKBENCH_VIEWERS` says for one that is no file."""
    file = store_file(url)
    return file.with_name("viewers.toml") if file is not None else from_environment().viewers


def beside_store(url: str, name: str) -> Path | None:
    """The path of a file beside the store's viewers file; None where nobody says where that is."""
    place = viewers_place(url)
    return place.with_name(name) if place is not None else None


def viewers_file(url: str) -> Path | None:
    """The viewers file of a store; None where there is none, and `local` is the only viewer.

    InputError if `WORKBENCH_VIEWERS` names a file that is not there.
    """
    named = from_environment().viewers
    if named is not None:
        if not named.is_file():
            raise InputError(f"WORKBENCH_VIEWERS names {named}, which is no file: correct it, or unset it")
        return named
    beside = viewers_place(url)
    return beside if beside is not None and beside.is_file() else None


def viewers_of(store: GraphStore, url: str) -> dict[str, Viewer]:
    """All viewers of a store, by name."""
    path = viewers_file(url)
    if path is not None:
        return read_viewers(path)
    viewer = local_viewer(store.agencies())
    return {viewer.name: viewer}


def viewer_for(store: GraphStore, url: str, name: str | None) -> Viewer:
    """The named viewer of a store, or the only one; an unknown one is refused."""
    return choose_viewer(viewers_of(store, url), name)
