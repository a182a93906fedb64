"""Recognise a file that was read before, and tell its report again.

Equal marks mean equal records: the mark is made of the file's bytes and name, of the manifest with the options of the
load, and of the versions of everything that reads, maps and cleans. The date of delivery is not in it: a store can say
the same records under another date.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from icu import ICU_VERSION

from ingest.manifest import Manifest
from ingest.report import GONE, OTHERS, OTHERWISE, PARTLY_LATE, REMARKED, Tally
from workbench import model
from workbench.store.writing import Whose

# What decides how a text is read and cleaned, beside our own code.
_LIBRARIES = (
    *("followthemoney", "rigour", "normality", "phonenumbers", "python-stdnum"),
    *("tzdata", "countrynames", "languagecodes", "orjson"),
)
_CODE = frozenset({".py", ".toml", ".yaml", ".yml"})
# Reasons that depend on what the store has, and not on the file alone.
_OF_THE_STORE = frozenset({GONE, REMARKED, PARTLY_LATE, OTHERWISE})


def mark(reader: str, manifest: Manifest, sha256: str, name: str) -> str:
    """Everything that decides the records of a file, as text: equal only for files that give equal records."""
    return orjson.dumps([sha256, name, *_manner(reader, manifest)]).decode()


def _manner(reader: str, manifest: Manifest) -> tuple[str | None, ...]:
    """Everything that decides the records of a file, beside its bytes and its name."""
    said = (reader, manifest.spec.model_dump_json(), manifest.agency, manifest.dataset)
    return *said, str(manifest.marking), _versions()


def whose(reader: str, manifest: Manifest, sha256: str, name: str, seal: Callable[[str], str]) -> Whose:
    """Which file this is, and how it is read: a file of other bytes, or of another name, is another."""
    content = ("content", manifest.source.agency, manifest.source.name, sha256)
    told = (content, (*content, last_part(name)), _manner(reader, manifest))
    same, of, manner = (seal(orjson.dumps(each).decode()) for each in told)
    return Whose(of, same, manner)


def last_part(name: str) -> str:
    """The name of a file without archive and folders, in any case the same: what a manifest's patterns see."""
    return PurePosixPath(name.rpartition("!")[2]).name.lower()


def told(tally: Tally) -> Mapping[str, Any] | None:
    """What is kept of a report to tell it again; None if that takes more than numbers."""
    outcomes, account = tally.outcomes, tally.account
    cut = tally.differs or account.left or account.changes or OTHERS in tally.reasons
    if not tally.whole or tally.messages or cut:
        return None
    reasons = {reason: n for reason, n in sorted(tally.reasons.items()) if reason not in _OF_THE_STORE}
    return {"read": tally.read, "left": outcomes["left"], "reasons": reasons, "records": account.records()}


def retell(tally: Tally, known: Mapping[str, Any], late: int) -> None:
    """Count the units of a file, some late and all others unchanged, from what `told` kept."""
    tally.read, left = known["read"], known["left"]
    tally.outcomes = Counter({"unchanged": tally.read - left - late, "left": left, "late": late})
    tally.reasons = Counter(known["reasons"])
    tally.account.names = tuple(known["records"])
    tally.account.made = Counter({(name,): n for name, n in known["records"].items()})


@cache
def _versions() -> str:
    """The versions of Python, ICU and the libraries, and a hash of our own code that reads, maps and cleans."""
    return " ".join([sys.version, ICU_VERSION, _own_code(), *map(_version, _LIBRARIES)])


def _own_code() -> str:
    state = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(model.__file__).parent):
        for path in sorted(each for each in folder.rglob("*") if each.suffix in _CODE):
            state.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return state.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
