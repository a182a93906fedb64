"""Tables of `map` that stand in a file of their own."""

import csv
import tomllib
from pathlib import Path

_MOST = 100_000


def read_map(path: Path) -> dict[str, str]:
    """Texts by texts, from a TOML file, or from the first two columns of a CSV file; ValueError if it can't be read."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise ValueError(f"{path}: {said}: name a TOML or CSV file in UTF-8, relative to the manifest") from error
    found = _of_toml(path, text) if path.suffix.lower() == ".toml" else _of_csv(path, text)
    if not found or len(found) > _MOST:
        raise ValueError(f"{path} maps {len(found)} texts: give at least one, and at most {_MOST}")
    return found


def _of_toml(path: Path, text: str) -> dict[str, str]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is not TOML: {error}") from error
    for key, value in found.items():
        if not isinstance(value, str):
            raise ValueError(f"{path}: {key!r} must map to a text, in quotes")
    return found


def _of_csv(path: Path, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        if not row:
            continue
        if len(row) != 2:
            raise ValueError(f"{path} row {number} has {len(row)} cells: write a text, a comma, and what it means")
        if found.get(row[0].strip(), row[1].strip()) != row[1].strip():
            raise ValueError(f"{path} row {number}: {row[0]!r} stands twice: keep one")
        found[row[0].strip()] = row[1].strip()
    return found
