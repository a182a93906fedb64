"""The question that a demo store opens with, and whom it lets one look as."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.access.files import text_of, write_private
from workbench.access.viewer import Viewer, ViewersFile
from workbench.errors import InputError
from workbench.settings import beside_store
from workbench.view.store import GraphStore

_FILE = "demo.json"


@dataclass(frozen=True, slots=True)
class Demo:
    """A question about two entities, and the viewer who is asked first.

    `store` is the mark of the one store that it is about, `viewers` the hash of the viewers
    file that was made with it.
    """

    question: str
    start: str
    end: str
    viewer: str
    store: str
    viewers: str


def read_demo(store: GraphStore, url: str) -> Demo | None:
    """The question of a store that the demo made; None for any other, whatever lies beside it.

    InputError where the file is not what `workbench demo` writes.
    """
    mark, path = store.demo_mark(), beside_store(url, _FILE)
    text = text_of(path) if mark and path is not None else None
    if text is None:
        return None
    try:
        found = Demo(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise InputError(f"{path} is no demo's question ({error!r}): run `workbench demo` again") from error
    return found if found.store == mark else None


def write_demo(path: Path, demo: Demo) -> None:
    """Write what `read_demo` reads."""
    write_private(path, json.dumps(asdict(demo), indent=2))


def to_choose_from(demo: Demo | None, file: ViewersFile | None, named: str | None) -> Mapping[str, Viewer]:
    """The viewers that one may look as by a switch: those that the demo made, while nobody else is named.

    None at all where a viewer was named, or where the viewers file is not as the demo wrote it.
    """
    if demo is None or file is None or named is not None or file.sha256 != demo.viewers:
        return {}
    return file.viewers
