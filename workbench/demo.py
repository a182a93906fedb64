"""The question that a demo store opens with, and the viewers that one may switch to."""

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
    """A question about two entities, and the viewer to start with.

    `store` is the mark of the demo's store, `viewers` the hash of the viewers file that the demo wrote.
    """

    question: str
    start: str
    end: str
    viewer: str
    store: str
    viewers: str


def read_demo(store: GraphStore, url: str) -> Demo | None:
    """The question of a store that the demo made; None for any other store, whatever files are beside it.

    InputError if the file is not in the form that `workbench demo` writes.
    """
    mark, path = store.demo_mark(), beside_store(url, _FILE)
    text = text_of(path) if mark and path is not None else None
    if text is None:
        return None
    try:
        demo = Demo(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise InputError(f"{path} is not a question of the demo ({error!r}): run `workbench demo` again") from error
    return demo if demo.store == mark else None


def write_demo(path: Path, demo: Demo) -> None:
    """Write the file that `read_demo` reads."""
    write_private(path, json.dumps(asdict(demo), indent=2))


def to_choose_from(demo: Demo | None, file: ViewersFile | None, named: str | None) -> Mapping[str, Viewer]:
    """The viewers that the switch offers: those of the demo.

    None if a viewer was named, or if the viewers file is not as the demo wrote it.
    """
    if demo is None or file is None or named is not None or file.sha256 != demo.viewers:
        return {}
    return file.viewers
