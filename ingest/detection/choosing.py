"""Choose the adapter of a load that names none."""

from collections.abc import Sequence
from pathlib import Path

from ingest.detection.looking import Detected, Look, detect
from workbench.errors import UsageError


class Undecided(UsageError):
    """Nobody can tell for sure which adapter is meant; `looks` are those that may be."""

    def __init__(self, message: str, looks: Sequence[Look]) -> None:
        super().__init__(message, "adapter")
        self.looks = tuple(looks)


def adapter_of(paths: Sequence[Path]) -> tuple[str, list[Detected]]:
    """The adapter that reads files, by their content, and what each shows.

    Undecided if it is not sure, or not the same for all. FileRefused for a file that can't be opened.
    """
    found = [detect(path) for path in paths]
    for each in found:
        if each.sure is None:
            raise Undecided(_asked(each), each.looks)
    names = sorted({each.sure for each in found if each.sure})
    if len(names) != 1:
        listed = "; ".join(f"{each.path} is {each.looks[0].what} ({each.sure})" for each in found)
        raise Undecided(f"these files have different formats: {listed or 'none'}: load them one by one", ())
    return names[0], found


def _asked(each: Detected) -> str:
    if not each.looks:
        return f"{each.path}: {each.said}, so no adapter is chosen: name the adapter, if it is a format of the list"
    listed = "; ".join(f"{look.adapter}: {look.what} ({look.certainty})" for look in each.looks)
    several = "could be several things" if len(each.looks) > 1 else "is not sure to be one thing"
    return f"{each.path} {several}, so name the adapter: {listed}"
