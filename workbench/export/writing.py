"""Where an export goes: a file, or stdout."""

import sys
from collections.abc import Iterable
from pathlib import Path

from workbench.errors import UsageError


def write_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write lines as UTF-8 to a file, else to stdout; UsageError where the file can't be written."""
    if out is None:
        for line in lines:
            sys.stdout.write(line + "\n")
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(line + "\n" for line in lines)
    except OSError as error:
        raise UsageError(f"can't write {out}: {error.strerror}; name another place with --out") from error
