"""Feed adapters with bytes that are made of their examples, to find such as crash one, or hang it, or are lost.

    python -m tests.ingest.fuzz SECONDS SEED NAME...

Atheris chooses the bytes by what they reach in the code. Seeds are the files in `corpus/NAME`, and the example of the
format. What was found stands there too, so that it is tried each time. Each adapter has so many seconds, in a process
that is forked from this one, since to instrument the code takes longer. Prints JSON, a line for each: its name, its
exit code, and what it said.
"""

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ingest.adapters", "ingest.mapping", "ingest.trees", "ingest.recount"]):
    from tests.ingest.fed import check, seeds

_LARGEST = 1 << 16
_MEGABYTES = 2_048
_SLOWEST = 20


def fuzz(name: str, seconds: int, seed: int) -> None:
    """Feed an adapter for some seconds; ends the process, with an exit code that is not 0 if anything was found."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        kept = Path(folder) / "seeds"
        kept.mkdir()
        for number, content in enumerate(seeds(name)):
            (kept / f"{number}").write_bytes(content)
        atheris.Setup(
            [
                *(sys.argv[0], f"-max_total_time={seconds}", f"-max_len={_LARGEST}", f"-rss_limit_mb={_MEGABYTES}"),
                *(f"-timeout={_SLOWEST}", f"-seed={seed}", "-print_final_stats=1", f"-artifact_prefix={folder}-"),
                str(kept),
            ],
            lambda content: check(name, content),
        )
        atheris.Fuzz()


def apart(name: str, seconds: int, seed: int) -> tuple[int, str]:
    """Feed an adapter in a process of its own: its exit code, and what it said."""
    with tempfile.TemporaryFile() as said:
        process = os.fork()
        if not process:
            for number in (1, 2):
                os.dup2(said.fileno(), number)
            fuzz(name, seconds, seed)
            os._exit(1)  # it should have ended this process
        _, status = os.waitpid(process, 0)
        said.seek(0)
        return os.waitstatus_to_exitcode(status), said.read().decode("utf-8", "replace")


def main(arguments: Sequence[str]) -> None:
    """Feed the adapters named, one after the other."""
    seconds, seed, *names = arguments
    for name in names:
        code, said = apart(name, int(seconds), int(seed))
        sys.stdout.write(json.dumps({"name": name, "code": code, "said": said}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
