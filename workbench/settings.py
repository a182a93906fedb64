"""Settings from the environment: the only place that reads it.

- `WORKBENCH_STORE`: URL of the store; an option overrides it.
- `WORKBENCH_VIEWERS`: the viewers file, instead of `viewers.toml` beside the store.
- `WORKBENCH_VIEWER`, `WORKBENCH_PURPOSE`: viewer and purpose of a dashboard.
- `WORKBENCH_NEO4J_USER`, `WORKBENCH_NEO4J_PASSWORD` or `WORKBENCH_NEO4J_PASSWORD_FILE`: the login for
  server URLs that name none.
- `WORKBENCH_NEO4J_CA`: a file of certificates to trust.
- `WORKBENCH_TO_NEO4J_USER`, `..._PASSWORD`, `..._PASSWORD_FILE`: the login for the target of a copy, if it differs.
- `WORKBENCH_CACHE`: the folder for caches of base columns, instead of one beside each store's file; `off` for none.
- `WORKBENCH_CYPHER_LOG`: the file in which Cypher queries are logged.
- `WORKBENCH_TRACEBACK`: if set, a command that fails prints a traceback.
"""

import hashlib
import os
import pwd
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from platformdirs import user_cache_path, user_data_path, user_state_path

from workbench.access.audit import NO_LEDGER, AuditSink
from workbench.access.viewer import (
    LOCAL,
    Viewer,
    ViewersFile,
    choose_viewer,
    local_viewer,
    read_viewers,
    viewers_at,
)
from workbench.errors import InputError, NoStore, UsageError, naming
from workbench.store.login import NOBODY, Login
from workbench.store.neo4j.address import address_of
from workbench.store.schemes import is_server, store_place
from workbench.view import store as stores
from workbench.view.store import GraphStore

APPLICATION = "joint-workbench"
# Prefixes of the settings for a server, and for the server that is the target of a copy.
_ASKED, _TARGET = "WORKBENCH_NEO4J", "WORKBENCH_TO_NEO4J"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in the environment; None for each that is not set."""

    store: str | None
    viewers: Path | None
    viewer: str | None = None
    purpose: str | None = None


def from_environment() -> Settings:
    """Read the settings of this process."""
    viewers = os.environ.get("WORKBENCH_VIEWERS")
    return Settings(
        store=os.environ.get("WORKBENCH_STORE"),
        viewers=Path(viewers) if viewers is not None else None,
        viewer=os.environ.get("WORKBENCH_VIEWER"),
        purpose=os.environ.get("WORKBENCH_PURPOSE"),
    )


def login() -> Login:
    """The login for server URLs that name none; InputError if the password's file can't be read."""
    certificates = os.environ.get("WORKBENCH_NEO4J_CA")
    return Login(_user(_ASKED), _password(_ASKED), Path(certificates) if certificates else None)


def target_login() -> Login:
    """The login for the target of a copy; `login` supplies what its own settings leave out."""
    common = login()
    user, password = _user(_TARGET) or common.user, _password(_TARGET) or common.password
    return Login(user, password, common.certificates)


def _user(settings: str) -> str | None:
    return os.environ.get(f"{settings}_USER") or None


def _password(settings: str) -> str | None:
    """The password under this prefix, given directly or in a file."""
    password, file = (os.environ.get(f"{settings}_PASSWORD{end}") for end in ("", "_FILE"))
    if file and not password:
        try:
            password = Path(file).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{settings}_PASSWORD_FILE names {file}, which can't be read ({error})") from error
    return password or None


def hand_down(store: str, viewer: str | None, purpose: str | None) -> None:
    """Pass store, viewer and purpose to the dashboard's pages, by the environment of this process.

    Pages show the store's URL, so user and password go into settings of their own.
    """
    told = {"WORKBENCH_STORE": store, "WORKBENCH_VIEWER": viewer, "WORKBENCH_PURPOSE": purpose}
    if is_server(store):
        address = address_of(store, login())
        told |= {"WORKBENCH_STORE": address.shown, "WORKBENCH_NEO4J_USER": address.user}
        told["WORKBENCH_NEO4J_PASSWORD"] = address.password
    os.environ.update({name: value for name, value in told.items() if value is not None})


def store_url(option: str | None) -> str:
    """The store to use: the option, else `WORKBENCH_STORE`, else a file in the user's data folder."""
    return option or from_environment().store or _usual_store()


def _usual_store() -> str:
    return f"sqlite:///{user_data_path(APPLICATION) / 'workbench.db'}"


def cypher_log() -> Path:
    """The log of Cypher queries: `WORKBENCH_CYPHER_LOG`, else a file in the user's state folder."""
    named = os.environ.get("WORKBENCH_CYPHER_LOG")
    return Path(named) if named else user_state_path(APPLICATION) / "cypher.jsonl"


def tracebacks() -> bool:
    """Whether a command that fails prints a traceback, which may contain data of the store."""
    return bool(os.environ.get("WORKBENCH_TRACEBACK"))


def open_store(url: str, audit: AuditSink = NO_LEDGER) -> GraphStore:
    """Open the store at a URL, creating it if there is none; see `workbench.view.store.open_store`."""
    return stores.open_store(url, login_for(url), audit, cache_of(url))


def open_target(url: str) -> GraphStore:
    """As `open_store`, for the target of a copy."""
    return stores.open_store(url, target_login() if is_server(url) else NOBODY, cache=cache_of(url))


def existing_store(url: str, audit: AuditSink = NO_LEDGER) -> GraphStore:
    """Open a store for reading; NoStore if there is none: reading never creates one."""
    return stores.existing_store(url, login_for(url), audit, cache_of(url))


def store_to_load(url: str, audit: AuditSink = NO_LEDGER) -> tuple[GraphStore, bool]:
    """Open the store at a URL to load into it, and tell whether it was made now, as there was none.

    UsageError if there is none and its path is most likely mistyped: no folder is made but that of the usual store.
    """
    try:
        return existing_store(url, audit), False
    except NoStore:
        file = store_place(url)
    if file is not None and file.is_dir():
        raise UsageError(f"{file} is a folder: name a file in it, or another store", "url")
    if file is not None and not file.parent.is_dir() and url != _usual_store():
        raise UsageError(
            f"no store at {url}, and no folder {file.parent} to make one in: correct the name, or make the folder",
            "url",
        )
    return open_store(url, audit), True


def cache_of(url: str) -> Path | None:
    """The folder where the base columns of a store are cached: by default beside its file, or in the user's cache.

    None if `WORKBENCH_CACHE` is `off`, and for a store in memory. If it names a folder, each store has one in it.
    """
    named, file = os.environ.get("WORKBENCH_CACHE"), store_place(url)
    if named == "off" or not (file or is_server(url)):
        return None
    place = os.path.realpath(file) if file else address_of(url).shown
    if file and not named:
        return Path(f"{place}.columns")
    folder = Path(named) if named else user_cache_path(APPLICATION) / "columns"
    return folder / hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:20]


def login_for(url: str) -> Login:
    """The login for a store with this URL."""
    return login() if is_server(url) else NOBODY


def viewers_place(url: str) -> Path | None:
    """The path of the viewers file: beside a store that is a file, `WORKBENCH_VIEWERS` for any other."""
    file = store_place(url)
    return file.with_name("viewers.toml") if file is not None else from_environment().viewers


def beside_store(url: str, name: str) -> Path | None:
    """The path of a file beside the store's viewers file; None if that has no known place."""
    place = viewers_place(url)
    return place.with_name(name) if place is not None else None


def viewers_file(url: str) -> ViewersFile | None:
    """Read the viewers file of a store; None if there is none: then `local` is the only viewer.

    InputError if a viewers file exists or is named by `WORKBENCH_VIEWERS`, but can't be read: nobody is let in.
    """
    named = from_environment().viewers
    if named is not None:
        try:
            return read_viewers(named)
        except InputError as error:
            raise InputError(f"WORKBENCH_VIEWERS: {error.message}") from error
    files = [each for each in map(viewers_at, _beside(url)) if each is not None]
    if len(files) > 1:
        raise InputError(f"{files[0].path} and {files[1].path} are both beside this store: remove one of them")
    return files[0] if files else None


def _beside(url: str) -> list[Path]:
    """Where a viewers file may be: beside the store's file, and beside each symlink that leads to it."""
    file = store_place(url)
    if file is None:
        return []
    try:
        file.resolve()  # raises for links that lead in a circle
        folders = dict.fromkeys(each.parent.resolve() for each in _links(file))
    except (OSError, RuntimeError) as error:
        raise InputError(f"{file} can't be followed to a file ({error}): name another") from error
    return [each / "viewers.toml" for each in folders]


def _links(file: Path) -> Iterator[Path]:
    """The path, and the target of each symlink on the way to the file."""
    yield file
    while file.is_symlink():
        file = file.parent / file.readlink()
        yield file


def viewers_of(store: GraphStore, url: str) -> Mapping[str, Viewer]:
    """All viewers of a store, by name."""
    return among(store, viewers_file(url))


def among(store: GraphStore, file: ViewersFile | None) -> Mapping[str, Viewer]:
    """All viewers in this viewers file, by name; without one, the store's only viewer `local`."""
    if file is not None:
        return file.viewers
    viewer = local_viewer(store.agencies())
    return {viewer.name: viewer}


def viewer_for(store: GraphStore, url: str, name: str | None) -> Viewer:
    """The named viewer of a store, or its only one; NotFound for an unknown name."""
    return choose_viewer(viewers_of(store, url), name)


def rights_to(store: GraphStore, url: str, viewer: str | Viewer | None, file: Path | None) -> Callable[[], Viewer]:
    """A function that reads again who a viewer is: by name in the viewers file `file`, else in the store's."""
    if isinstance(viewer, Viewer):
        return lambda: viewer
    if file is None:
        return partial(viewer_for, store, url, viewer)
    return lambda: choose_viewer(_viewers_in(file), viewer)


def _viewers_in(file: Path) -> Mapping[str, Viewer]:
    with naming("viewers"):
        return read_viewers(file).viewers


def loader_for(url: str, name: str | None) -> Viewer:
    """As `viewer_for`, for a load: the store is not read, and need not exist yet."""
    file = viewers_file(url)
    return choose_viewer(file.viewers if file is not None else {LOCAL: local_viewer(())}, name)


def operator(viewer: Viewer) -> str:
    """Who runs this process, for provenance: the system account, and the viewer whose rights it uses."""
    account = _account()
    return account if viewer.name == LOCAL else f"{account} as {viewer.name}"


def _account() -> str:
    """The system account of this process: its name, or its number if it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
