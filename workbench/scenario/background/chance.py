"""Random numbers by place: number i of a stream is a function of the seed, the stream's name and i.

The method is SplitMix64 (Steele, Lea and Flood 2014). The streams of numpy's own generators may change from version to
version, and a scenario is the same bytes for its seed.
"""

from hashlib import sha256

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_UNIT = 2.0**-53


class Chance:
    """Streams of random numbers for one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def parts(self, stream: str, many: int) -> Real:
        """Numbers from 0 to 1, 1 left out."""
        key = int.from_bytes(sha256(f"{self._seed}:{stream}".encode()).digest()[:8], "little")
        z = np.arange(1, many + 1, dtype=np.uint64) * _STEP + np.uint64(key)
        z = (z ^ (z >> np.uint64(30))) * _MIX_1
        z = (z ^ (z >> np.uint64(27))) * _MIX_2
        return np.asarray((z ^ (z >> np.uint64(31))) >> np.uint64(11), np.float64) * _UNIT

    def below(self, stream: str, many: int, limit: int) -> Whole:
        """Whole numbers from 0, all less than a limit."""
        return np.asarray(self.parts(stream, many) * limit, np.int64)

    def heavy(self, stream: str, many: int, tail: float, most: float) -> Real:
        """Numbers from 1 to `most` with a power law: their density falls as x to the power of -tail."""
        return np.minimum((1 - self.parts(stream, many)) ** (-1 / (tail - 1)), most)
