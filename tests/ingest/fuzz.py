"""Feed an adapter with bytes that are made of its examples, to find such as crash it, or hang it, or are lost.

    python -m tests.ingest.fuzz NAME SECONDS [NUMBER_OF_A_SEED]

Atheris chooses the bytes by what they reach in the code. Seeds are the files in `corpus/NAME`, and the example of the
format. What was found stands there too, so that it is tried each time.
"""

import io
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ingest.adapters", "ingest.mapping", "ingest.trees", "ingest.recount"]):
    from ingest.account import Account
    from ingest.formats import ADAPTERS
    from ingest.mapping import read
    from ingest.units import units
    from tests.ingest.examples import EXAMPLES
    from tests.ingest.test_adapters import Memory, manifest_of, place
    from workbench.errors import FileRefused

CORPUS = Path(__file__).parent / "corpus"
_LARGEST = 1 << 16
_MEGABYTES = 2_048
_SLOWEST = 20


class Lost(Exception):
    """A unit was lost, invented, or has the place of another."""


def check(name: str, content: bytes) -> None:
    """Every unit has one outcome and a place of its own, and the second count agrees; or the file is refused."""
    example, account = EXAMPLES[name], Account()
    manifest = manifest_of(example)
    try:
        found = list(units(read(ADAPTERS[name], Memory(example.name, content), manifest, account)))
    except FileRefused:
        return
    counted, lines = ADAPTERS[name].count(io.BytesIO(content), manifest.written(example.name))
    if counted != len(found) or lines not in (None, account.lines(len(found))):
        raise Lost(f"{len(found)} units were read, and {counted} counted; {lines} lines")
    if len({place(each) for each in found}) != len(found):
        raise Lost("two units have one place")


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


def seeds(name: str) -> list[bytes]:
    """What an adapter is fed with first."""
    example = EXAMPLES[name]
    whole = [example.file(example.units), *(example.file([unit]) for unit in example.units)]
    return [*whole, *(each.read_bytes() for each in sorted((CORPUS / name).glob("*")))]


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)


__all__ = ["check", "fuzz", "seeds"]
