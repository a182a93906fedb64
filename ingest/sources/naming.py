"""Names of files and members, and the patterns that they fit."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

# Files that operating systems add, which nobody means to deliver.
_CLUTTER = re.compile(r"(.*/)?(__macosx/.*|\.ds_store|\._[^/]*|thumbs\.db|desktop\.ini)", re.IGNORECASE | re.DOTALL)
_PACKED = re.compile(r"(.+)\.(gz|gzip|bz2|xz|lzma|zst|zstd)", re.IGNORECASE | re.DOTALL)


def named(path: Path | str) -> str:
    """A path as text, with undecodable bytes replaced."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def fits(name: str, pattern: str) -> bool:
    """Whether the last part of a name fits a pattern in any case, with or without the ending of its compression.

    >>> fits("in/Persons_1.csv.gz", "persons*.csv")
    True
    """
    last = PurePosixPath(name.rpartition("!")[2]).name
    return any(fnmatchcase(each.lower(), pattern.lower()) for each in {last, unpacked_name(last)})


def unpacked_name(name: str) -> str:
    """A name without the ending of its compression, if it has one."""
    packed = _PACKED.fullmatch(name)
    return packed[1] if packed else name


@dataclass(frozen=True, slots=True)
class Members:
    """Patterns, ignoring case, of the data files in an archive or folder, and of files known to be none."""

    data: str
    beside: str = ""

    def useless(self, name: str) -> str:
        """Why a member is not read; "" if it is."""
        return (
            ""
            if fits(name, self.data)
            else f"this adapter reads {self.data}: rename it if it is that, else leave it out"
        )

    def speaks_of(self, name: str) -> bool:
        """Whether a member is mentioned in the report."""
        return not (_CLUTTER.fullmatch(name) or (self.beside and fits(name, self.beside)))
