"""Phone numbers, IBANs, plates and passports that are valid in form, and invented.

Each series is a shuffled count: number i is `(i * step + start) mod size`, so no two are the
same and none need be remembered.
"""

import random
from collections.abc import Callable, Iterator
from math import gcd

_CYRILLIC_PLATE = str.maketrans("ABEKMHOPCTYX", "АВЕКМНОРСТУХ")
_DUTCH_PLATE = "BDFGHJKLNPRSTVXZ"
_BULGARIAN_PLATE = "ABEKMHOPCTYX"
_GREEK_PLATE = "ABEHKMNPTXYZ"
_STEP = 0.6180339887


def shuffled(size: int, rng: random.Random) -> Iterator[int]:
    """All of range(size), each once, in an order that looks like none."""
    start, step = rng.randrange(size), int(size * _STEP) | 1
    while gcd(step, size) != 1:
        step += 2
    for _ in range(size):
        yield start
        start = (start + step) % size


def _series(size: int, form: Callable[[int], str]) -> Callable[[random.Random], Iterator[str]]:
    return lambda rng: map(form, shuffled(size, rng))


def _letters(number: int, alphabet: str, length: int) -> str:
    out = ""
    for _ in range(length):
        number, at = divmod(number, len(alphabet))
        out = alphabet[at] + out
    return out


def iban(country: str, account: str) -> str:
    """The IBAN of a national account number, with its check digits (ISO 13616)."""
    digits = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def _dutch_plate(number: int) -> str:
    head, tail = divmod(number, 1000)
    letters = _letters(head, _DUTCH_PLATE, 3)
    return f"{letters[0]}-{tail:03d}-{letters[1:]}"


def _bulgarian_plate(number: int) -> str:
    head, tail = divmod(number, 10_000)
    return f"CB {tail:04d} {_letters(head, _BULGARIAN_PLATE, 2)}"


def _cypriot_plate(number: int) -> str:
    head, tail = divmod(number, 1000)
    return f"{_letters(head, _GREEK_PLATE, 3)} {tail:03d}"


_MOBILE = {"nl": "+316{}", "ma": "+2126{}", "bg": "+35988{}", "cy": "+35799{}", "de": "+4915{}"}
_DIGITS = {"nl": 8, "ma": 8, "bg": 7, "cy": 6, "de": 9}
# Mobile prefixes that are in use behind the ones above; phonenumbers knows them all.
_FIRST = {"nl": "12345", "ma": "16", "bg": "3456789", "cy": "123456789", "de": "127"}


def _phone(country: str) -> Callable[[random.Random], Iterator[str]]:
    rest = _DIGITS[country] - 1
    firsts = _FIRST[country]

    def form(number: int) -> str:
        head, tail = divmod(number, 10**rest)
        return _MOBILE[country].format(f"{firsts[head]}{tail:0{rest}d}")

    return _series(len(firsts) * 10**rest, form)


# Landlines of companies: the numbers of one town each, of seven digits, or of six.
_LANDLINE = {"nl": "+3120{:07d}", "ma": "+212522{:06d}", "bg": "+3592{:07d}", "cy": "+35722{:06d}", "de": "+4930{:07d}"}


def _landline(country: str) -> Callable[[random.Random], Iterator[str]]:
    least, size = (200_000, 600_000) if country in ("cy", "ma") else (2_000_000, 6_000_000)
    return _series(size, lambda number: _LANDLINE[country].format(least + number))


_SERIES: dict[tuple[str, str], Callable[[random.Random], Iterator[str]]] = {
    **{("phone", country): _phone(country) for country in _MOBILE},
    **{("company phone", country): _landline(country) for country in _LANDLINE},
    ("iban", "nl"): _series(10**10, lambda n: iban("NL", f"SLTM{n:010d}")),
    ("iban", "bg"): _series(10**8, lambda n: iban("BG", f"TRKB000010{n:08d}")),
    ("iban", "cy"): _series(10**12, lambda n: iban("CY", f"99900001{n:016d}")),
    ("plate", "nl"): _series(16**3 * 1000, _dutch_plate),
    ("plate", "bg"): _series(144 * 10_000, _bulgarian_plate),
    ("plate", "cy"): _series(12**3 * 1000, _cypriot_plate),
    ("passport", "nl"): _series(10**7, lambda n: f"NX{n:07d}"),
    ("passport", "bg"): _series(10**9, lambda n: f"{n:09d}"),
    ("passport", "cy"): _series(10**8, lambda n: f"K{n:08d}"),
    ("passport", "ma"): _series(26 * 10**7, lambda n: f"Q{chr(65 + n // 10**7)}{n % 10**7:07d}"),
    ("passport", "de"): _series(10**7, lambda n: f"C4{n:07d}"),
    ("passport", "ua"): _series(10**7, lambda n: f"FX{n:07d}"),
    ("passport", "cn"): _series(10**8, lambda n: f"E{n:08d}"),
    ("company", "de"): _series(10**6, lambda n: f"HRB {n:06d}"),
    ("company", "nl"): _series(10**8, lambda n: f"{n:08d}"),
    ("company", "bg"): _series(10**9, lambda n: f"{n:09d}"),
    ("company", "cy"): _series(10**6, lambda n: f"HE{n:06d}"),
    ("company", "ma"): _series(10**6, lambda n: f"RC{n:06d}"),
}


class Numbers:
    """Endless supplies of numbers, each given out once."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._open: dict[tuple[str, str], Iterator[str]] = {}

    def next(self, kind: str, country: str) -> str:
        """The next phone, company phone, iban, plate, passport or company number of a country."""
        key = (kind, country)
        if key not in self._open:
            self._open[key] = _SERIES[key](random.Random(f"{self._seed}:{kind}:{country}"))
        return next(self._open[key])


def cyrillic_plate(plate: str) -> str:
    """A Bulgarian plate as a Bulgarian file has it."""
    return plate.translate(_CYRILLIC_PLATE)
