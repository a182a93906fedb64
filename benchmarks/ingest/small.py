"""Measure the load of many small files, each by itself, as a watch or a batch loads them.

    python -m benchmarks.ingest.small [--files 100] [--units 100] [--adapters csv,graphml] [--json]

Each file is loaded twice in the same run, in turn: into one store by a reader that a prepared process forks, and into
another by a reader that is an interpreter of its own. All wait for their readers: a plain format lies in a gzip file.
"""

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from unittest.mock import patch

from benchmarks.ingest.formats import FORMS
from benchmarks.ingest.parts import AGENCY
from benchmarks.rows import Row, table
from ingest import load, prepared
from ingest.formats import ADAPTERS
from workbench.access.viewer import local_viewer
from workbench.settings import open_store
from workbench.view.store import GraphStore

_QUARTER = 0.25
_WAYS = {"interpreters": False, "forks": True}


def main() -> None:
    """Measure the adapters that are asked for, and print what was found."""
    parser = argparse.ArgumentParser("python -m benchmarks.ingest.small", description=__doc__)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--units", type=int, default=100)
    parser.add_argument("--adapters", default="csv,graphml")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [row for each in options.adapters.split(",") for row in measured(each, options.files, options.units)]
    print(json.dumps({"rows": [row.to_dict() for row in rows]}) if options.json else table(rows))


def measured(adapter: str, files: int, units: int) -> Iterator[Row]:
    """The seconds of all loads by either way, the start of the prepared process among them, and their ratio."""
    seconds = dict.fromkeys(_WAYS, 0.0)
    with tempfile.TemporaryDirectory() as room:
        paths, manifest = _made(adapter, files, units, Path(room))
        with ExitStack() as stack:
            urls = {way: f"sqlite:///{Path(room) / way}.db" for way in _WAYS}
            stores = {way: stack.enter_context(closing(open_store(url))) for way, url in urls.items()}
            prepared.end()  # its start is in what is measured
            for path in paths:
                for way, forks in _WAYS.items():
                    with patch.object(prepared, "_FORKS", forks):
                        begun = time.perf_counter()
                        _load(stores[way], path, adapter, manifest)
                        seconds[way] += time.perf_counter() - begun
    for way, took in seconds.items():
        yield Row(f"{adapter}: {way}", f"{files} files", took, "s")
    share = seconds["forks"] / seconds["interpreters"]
    yield Row(f"{adapter}: forks, of interpreters", f"{files} files", share, "times", _QUARTER)


def _load(store: GraphStore, path: Path, adapter: str, manifest: Path | None) -> None:
    viewer = local_viewer(())
    load(store, path, adapter=adapter, manifest=manifest, agency=AGENCY, dataset=path.name, by="measure", viewer=viewer)


def _made(adapter: str, files: int, units: int, room: Path) -> tuple[Sequence[Path], Path | None]:
    form, is_packed = FORMS[adapter], not ADAPTERS[adapter].confined
    made, manifest = room / form.name, room / "manifest.toml"
    form.write(made, units)
    paths = [room / f"{number:03}-{form.name}{'.gz' if is_packed else ''}" for number in range(files)]
    for path in paths:
        path.write_bytes(gzip.compress(made.read_bytes()) if is_packed else made.read_bytes())
    if form.manifest:
        manifest.write_text(form.manifest, "utf-8")
    return paths, manifest if form.manifest else None


if __name__ == "__main__":
    main()
