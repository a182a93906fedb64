"""Feed an adapter with bytes that are made of its examples, to find such as crash it, or hang it, or are lost.

    python -m tests.ingest.fuzz NAME SECONDS [NUMBER_OF_A_SEED]

Atheris chooses the bytes by what they reach in the code. Seeds are the files in `corpus/NAME`, and the example of the
format. What was found stands there too, so that it is tried each time.
"""

import sys
import tempfile
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


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)


__all__ = ["fuzz"]
