"""The writer's lease as a lock on a file: the system releases it even if the process is killed."""

import fcntl
import os
import time
from pathlib import Path
from typing import IO

from workbench.access.files import make_file
from workbench.errors import StoreError
from workbench.store.leasing import Lease, busy

_PAUSE = 0.05


class FileLease(Lease):
    """A lock on the file `<store>.writer` beside a store, held from `take` until `give_back` or the process's end.

    It lies beside the file itself, however many links to it there are elsewhere.
    """

    def __init__(self, store: Path) -> None:
        store = Path(os.path.realpath(store))
        self._path = store.with_name(store.name + ".writer")
        self._store = store
        self._file: IO[str] | None = None

    def _mode(self) -> int:
        """The mode of the lock file: anybody who may write to the store may take its lease."""
        return self._store.stat().st_mode & 0o666

    def _begin(self, patience: float) -> None:
        """Wait up to `patience` seconds for the lease; StoreBusy, which names the holder, if it stays taken."""
        try:
            handle = os.fdopen(make_file(self._path, self._mode()), "a+", encoding="ascii", errors="replace")
        except OSError as error:
            raise StoreError(
                f"the writer's lease {self._path} can't be opened ({error.strerror}): allow everybody who may write to"
                " the store to write to this file and to its folder"
            ) from error
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    handle.seek(0)
                    holder, since = (
                        handle.read().strip(),
                        os.fstat(handle.fileno()).st_mtime,
                    )  # written when it was taken
                    handle.close()
                    raise busy(holder, self._path.stem, since) from None
                time.sleep(_PAUSE)
        handle.truncate(0)
        handle.write(f"process {os.getpid()}")
        handle.flush()
        self._file = handle

    def _end(self) -> None:
        """Release the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None
