"""Base columns as one file that is mapped into memory: all processes that open it share it.

A file is a header, arrays, and a seal: a hash of all that comes before, by a key which only the store's secret, the
format, the epoch and the token of the revision give. So a file that was cut or changed, that is of another store,
revision or epoch, or of another format, is none.
"""

import hmac
import json
import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from workbench.model.record import Dataset
from workbench.store.column_folder import at_once
from workbench.store.column_layout import Array, Layout, Spliced
from workbench.store.columns import Base
from workbench.store.types import Moment

# Counts up with every change of what is in a file, or in which order.
_FORMAT = 2
_HASH = "sha256"
_SEAL = 32
_ALIGNED = 64
# The room for what is read at a time: small enough that it is still at hand when it is hashed.
_AT_ONCE = 1 << 16


def seal_key(secret: str, moment: Moment) -> bytes:
    """The key of the seal of a file with the base columns of this moment, in a store with this secret."""
    said = f"base columns, format {_FORMAT}, epoch {moment.epoch}, revision {moment.token}"
    return hmac.digest(secret.encode(), said.encode(), _HASH)


def write(file: BinaryIO, layout: Layout, key: bytes) -> None:
    """Write base columns into an empty file, and seal it."""
    seal = hmac.new(key, digestmod=_HASH)
    for part in _parts(layout):
        seal.update(part)
        file.write(part)
    file.write(seal.digest())
    file.flush()


def _parts(layout: Layout) -> Iterator[bytes | memoryview]:
    """The octets of a file without its seal."""
    said = {
        "arrays": {name: [each.dtype.str, len(each)] for name, each in layout.arrays.items()},
        "names": layout.names,
        "datasets": [(each.agency, each.name) for each in layout.datasets],
    }
    header = json.dumps(said).encode()
    header += b" " * (-(len(header) + 8) % _ALIGNED)
    yield len(header).to_bytes(8, "little") + header
    for each in layout.arrays.values():
        for block in each.blocks() if isinstance(each, Spliced) else (each,):
            yield np.ascontiguousarray(block).reshape(-1).view(np.uint8).data
        yield bytes(-len(each) * each.dtype.itemsize % _ALIGNED)


def opened(path: Path, key: bytes) -> Base | None:
    """The base columns in a file; None if there is no file, or none that is whole and has this key's seal."""
    try:
        with at_once(path) as file:
            return mapped(file) if _is_sealed(file, key) else None
    except OSError:
        return None


def _is_sealed(file: BinaryIO, key: bytes) -> bool:
    """Whether a file ends with the seal of all that comes before it. It is read, not mapped: that takes no memory."""
    left, seal, room = os.fstat(file.fileno()).st_size - _SEAL, hmac.new(key, digestmod=_HASH), bytearray(_AT_ONCE)
    while left > 0 and (n := file.readinto(memoryview(room)[: min(left, _AT_ONCE)])):  # type: ignore[attr-defined] # of buffered files
        seal.update(memoryview(room)[:n])
        left -= n
    return left == 0 and hmac.compare_digest(file.read(_SEAL), seal.digest())


def mapped(file: BinaryIO) -> Base:
    """The base columns in a file whose seal is right, as arrays that can't be written."""
    octets = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    at = 8 + int.from_bytes(octets[:8], "little")
    said, arrays = json.loads(bytes(octets[8:at])), dict[str, Array | Spliced]()
    for name, (kind, length) in said["arrays"].items():
        arrays[name] = array = np.frombuffer(octets, dtype=kind, count=length, offset=at)
        at += array.nbytes + -array.nbytes % _ALIGNED
    return Layout(tuple(said["names"]), tuple(Dataset(*each) for each in said["datasets"]), arrays).base()
