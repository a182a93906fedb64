"""Where an export goes: a file or folder, which holds all of it or is as it was before, or stdout."""

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from workbench.errors import UsageError
from workbench.model.visible import visible


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A place beside `out` to write a file, or a folder of files; they are put at `out` when all is written.

    If anything fails they are gone, and `out` is as it was. UsageError where nothing can be written.
    What is neither a file nor a folder, as a pipe, is written to as it is.
    """
    place = out.resolve()
    beside = place.with_name(f".{place.name}.{token_hex(4)}")
    try:
        if out.exists() and not (out.is_file() or out.is_dir()):
            yield out
        else:
            yield beside
            _put(beside, place)
    except OSError as error:
        raise UsageError(f"can't write {out}: {error.strerror}; name another place with --out") from error
    finally:
        shutil.rmtree(beside) if beside.is_dir() else beside.unlink(missing_ok=True)


def write_lines(lines: Iterable[str], out: Path | None) -> None:
    """Write lines as UTF-8 to a file, else to stdout; a terminal gets them with every sign visible."""
    if out is None:
        shown = visible if sys.stdout.isatty() else str
        for line in lines:
            sys.stdout.write("\n".join(map(shown, line.split("\n"))) + "\n")
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        file.writelines(line + "\n" for line in lines)


def _put(written: Path, place: Path) -> None:
    """Put what was written in its place: a file, or each file of a folder beside others that are there."""
    if written.is_dir():
        place.mkdir(parents=True, exist_ok=True)
        for file in sorted(written.iterdir()):
            _put(file, place / file.name)
        return
    if place.exists():
        shutil.copymode(place, written)  # who may read what was there is not widened
    written.replace(place)
