"""Settings from the environment: the only place that reads it.

`WORKBENCH_STORE` names the store where no option does, `WORKBENCH_VIEWERS` the viewers file
where none lies beside the store, `WORKBENCH_VIEWER` and `WORKBENCH_PURPOSE` who looks in a
dashboard, and what for. `WORKBENCH_NEO4J_USER` and `WORKBENCH_NEO4J_PASSWORD` (or the name of a
file that holds it, `WORKBENCH_NEO4J_PASSWORD_FILE`) are for URLs of a server that name none, and
`WORKBENCH_NEO4J_CA` is a file of certificates to trust. `WORKBENCH_TO_NEO4J_USER`,
`WORKBENCH_TO_NEO4J_PASSWORD` and `WORKBENCH_TO_NEO4J_PASSWORD_FILE` are those of a copy's target,
where they differ. `WORKBENCH_CYPHER_LOG` is the file in which queries in Cypher are logged. With
`WORKBENCH_TRACEBACK` a command that fails says where in the code it did.
"""

import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path, user_state_path

from workbench.access.viewer import (
    LOCAL,
    Viewer,
    ViewersFile,
    choose_viewer,
    local_viewer,
    read_viewers,
    viewers_at,
)
from workbench.errors import InputError
from workbench.store.login import NOBODY, Login
from workbench.store.neo4j.address import address_of
from workbench.store.schemes import is_server, store_place
from workbench.view import store as stores
from workbench.view.store import GraphStore

APPLICATION = "joint-workbench"
# What the names of settings of a server begin with, and of the server that is the target of a copy.
_ASKED, _TARGET = "WORKBENCH_NEO4J", "WORKBENCH_TO_NEO4J"


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
        viewers=Path(viewers) if viewers is not None else None,
        viewer=os.environ.get("WORKBENCH_VIEWER"),
        purpose=os.environ.get("WORKBENCH_PURPOSE"),
    )


def login() -> Login:
    """Who asks a server, where its URL does not say; InputError where the password's file can't be read."""
    certificates = os.environ.get("WORKBENCH_NEO4J_CA")
    return Login(_user(_ASKED), _password(_ASKED), Path(certificates) if certificates else None)


def target_login() -> Login:
    """Who asks the target of a copy: what its own settings do not say is as in `login`."""
    common = login()
    user, password = _user(_TARGET) or common.user, _password(_TARGET) or common.password
    return Login(user, password, common.certificates)


def _user(settings: str) -> str | None:
    return os.environ.get(f"{settings}_USER") or None


def _password(settings: str) -> str | None:
    """The password that settings with names that begin like this give, themselves or by a file."""
    password, file = (os.environ.get(f"{settings}_PASSWORD{end}") for end in ("", "_FILE"))
    if file and not password:
        try:
            password = Path(file).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{settings}_PASSWORD_FILE names {file}, which can't be read ({error})") from error
    return password or None


def hand_down(store: str, viewer: str | None, purpose: str | None) -> None:
    """Leave the store, viewer and purpose of a server to the pages that it runs in this process.

    Pages show URLs: user and password are left by settings of their own.
    """
    told = {"WORKBENCH_STORE": store, "WORKBENCH_VIEWER": viewer, "WORKBENCH_PURPOSE": purpose}
    if is_server(store):
        address = address_of(store, login())
        told |= {"WORKBENCH_STORE": address.shown, "WORKBENCH_NEO4J_USER": address.user}
        told["WORKBENCH_NEO4J_PASSWORD"] = address.password
    os.environ.update({name: value for name, value in told.items() if value is not None})


def store_url(option: str | None) -> str:
    """The store to use: the one named, else `WORKBENCH_STORE`, else a file of this user's."""
    return option or from_environment().store or f"sqlite:///{user_data_path(APPLICATION) / 'workbench.db'}"


def cypher_log() -> Path:
    """The file that keeps queries in Cypher: `WORKBENCH_CYPHER_LOG`, else one of this user's."""
    named = os.environ.get("WORKBENCH_CYPHER_LOG")
    return Path(named) if named else user_state_path(APPLICATION) / "cypher.jsonl"


def tracebacks() -> bool:
    """Whether a command that fails says where in the code: it may tell what is in the store."""
    return bool(os.environ.get("WORKBENCH_TRACEBACK"))


def open_store(url: str) -> GraphStore:
    """Open the store at a URL, making it where there is none; see `workbench.view.store.open_store`."""
    return stores.open_store(url, login_for(url))


def open_target(url: str) -> GraphStore:
    """As `open_store`, of a store that is the target of a copy."""
    return stores.open_store(url, target_login() if is_server(url) else NOBODY)


def existing_store(url: str) -> GraphStore:
    """Open a store to read it; NoStore where there is none: reading makes none."""
    return stores.existing_store(url, login_for(url))


def login_for(url: str) -> Login:
    """Who asks, of a store of this URL."""
    return login() if is_server(url) else NOBODY


def viewers_place(url: str) -> Path | None:
    """Where a viewers file lies: beside the store, or where `WORKBENCH_VIEWERS` says for one that lies nowhere here."""
    file = store_place(url)
    return file.with_name("viewers.toml") if file is not None else from_environment().viewers


def beside_store(url: str, name: str) -> Path | None:
    """The path of a file beside the store's viewers file; None where nobody says where that is."""
    place = viewers_place(url)
    return place.with_name(name) if place is not None else None


def viewers_file(url: str) -> ViewersFile | None:
    """What the viewers file of a store says; None where there is none, and `local` is the only viewer.

    InputError where one is there, or `WORKBENCH_VIEWERS` names one, that can't be read: nobody is let in.
    """
    named = from_environment().viewers
    if named is not None:
        try:
            return read_viewers(named)
        except InputError as error:
            raise InputError(f"WORKBENCH_VIEWERS: {error.message}") from error
    found = [each for each in map(viewers_at, _beside(url)) if each is not None]
    if len(found) > 1:
        raise InputError(f"{found[0].path} and {found[1].path} are both beside this store: remove one of them")
    return found[0] if found else None


def _beside(url: str) -> list[Path]:
    """Where a viewers file may lie: beside the store's file, and beside each link on the way to it."""
    file = store_place(url)
    if file is None:
        return []
    try:
        file.resolve()  # links that lead in a circle lead nowhere
        folders = dict.fromkeys(each.parent.resolve() for each in _links(file))
    except (OSError, RuntimeError) as error:
        raise InputError(f"{file} can't be followed to a file ({error}): name another") from error
    return [each / "viewers.toml" for each in folders]


def _links(file: Path) -> Iterator[Path]:
    """A path, and where each link on the way leads."""
    yield file
    while file.is_symlink():
        file = file.parent / file.readlink()
        yield file


def viewers_of(store: GraphStore, url: str) -> Mapping[str, Viewer]:
    """All viewers of a store, by name."""
    return among(store, viewers_file(url))


def among(store: GraphStore, file: ViewersFile | None) -> Mapping[str, Viewer]:
    """All viewers of a store that has this viewers file, by name."""
    if file is not None:
        return file.viewers
    viewer = local_viewer(store.agencies())
    return {viewer.name: viewer}


def viewer_for(store: GraphStore, url: str, name: str | None) -> Viewer:
    """The named viewer of a store, or the only one; an unknown one is refused."""
    return choose_viewer(viewers_of(store, url), name)


def loader_for(url: str, name: str | None) -> Viewer:
    """As `viewer_for`, of somebody who loads: the store is not asked, and need not be there yet."""
    file = viewers_file(url)
    return choose_viewer(file.viewers if file is not None else {LOCAL: local_viewer(())}, name)


def operator(viewer: Viewer) -> str:
    """Who runs this process, for provenance, and by whose right: a viewer's name is no login."""
    account = _account()
    return account if viewer.name == LOCAL else f"{account} as {viewer.name}"


def _account() -> str:
    """The account of this process: its number where the system has no name for it."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
