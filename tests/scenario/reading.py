"""Reads the four agencies' files with `csv` alone.

It imports nothing of the workbench: it is what the truth is held against.
"""

import csv
import tomllib
from pathlib import Path

from tests.scenario.columns import READERS
from tests.scenario.rows import Told


def read_case(folder: Path) -> list[Told]:
    """Everything in the files after all loads, in order; the correction replaces the file it corrects."""
    loads = tomllib.loads((folder / "loads.toml").read_text("utf-8"))["loads"]
    files = {path: load for load in sorted(loads, key=lambda load: load["delivered"]) for path in load["files"]}
    corrected = {path for path in files if "_2026-" in path}
    replaced = {path.replace(path[path.index("_2026-") : -4], "") for path in corrected}
    return [told for path in files if path not in replaced for told in read_file(folder, path, files[path]["manifest"])]


def read_file(folder: Path, path: str, manifest: str) -> list[Told]:
    """What one file says; encoding and delimiter as its manifest declares them."""
    agency, name = path.split("/")
    base = name.partition("_2026-")[0].removesuffix(".csv")
    specs = tomllib.loads((folder / manifest).read_text("utf-8"))["files"]
    spec = next(each for each in specs if each["pattern"] == f"{base}*.csv")
    found: list[Told] = []
    with (folder / path).open(encoding=spec.get("encoding", "utf-8"), newline="") as file:
        rows = csv.DictReader(file, delimiter=spec.get("delimiter", ","))
        for row in rows:
            for made, schema, more in READERS[agency, base](row):
                found.append(made(agency, name, rows.line_num, schema, **more))
    return found
