"""Any number of invented records for measuring a store; the same seed makes the same records.

Three tenths are about entities (persons, phones, accounts and vehicles of four agencies; some are
known twice, with different source ids and the same identifier), seven tenths are relationships. There are 40
visibility classes; `viewer()` sees 24 of them. In each agency, one hub has one in 25 of the ties.
"""

import random
from collections.abc import Iterator

from workbench.access.viewer import Viewer
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Role, Value

AGENCIES = ("NKP", "TRC", "KFIU", "RJP")
CLASSES_PER_AGENCY = 10
SEEN_PER_AGENCY = 6
HUB = "e0"
COMMON_NAME = "Marini"
_SYLLABLES = ("ba", "ko", "ri", "men", "tu", "la", "sov", "de", "ni", "gra", "po", "vel", "ha", "zi", "mor")
_CYRILLIC = ("ба", "ко", "ри", "мен", "ту", "ла", "сов", "де", "ни", "гра", "по", "вел", "ха", "зи", "мор")


def viewer() -> Viewer:
    """A viewer who sees 24 of the 40 classes."""
    compartments = frozenset(f"C{n}" for n in range(SEEN_PER_AGENCY))
    return Viewer(name="measure", agencies=frozenset(AGENCIES), level="SECRET", compartments=compartments)


def second_viewer() -> Viewer:
    """Another viewer, who sees 20 of the classes."""
    compartments = frozenset(f"C{n}" for n in range(SEEN_PER_AGENCY - 1))
    return Viewer(name="second", agencies=frozenset(AGENCIES), level="SECRET", compartments=compartments)


def records(n: int, agency: str, seed: int = 1) -> Iterator[Record]:
    """The records of one agency in a case of n records: a quarter of them."""
    rng = random.Random(f"{seed} {agency} {n}")
    dataset = Dataset(agency, "case")
    markings = [parse_marking(f"SECRET//REL {agency}//COMP C{i}") for i in range(CLASSES_PER_AGENCY)]
    mine = n // len(AGENCIES)
    entities = max(mine * 3 // 10, 2)
    names = [_name(rng) for _ in range(max(200, entities // 20))]
    for i in range(entities):
        yield _entity(rng, dataset, markings, i, entities, names)
    for i in range(mine - entities):
        yield _relationship(rng, dataset, markings, i, entities)


def _name(rng: random.Random) -> str:
    pool = _CYRILLIC if rng.random() < 0.3 else _SYLLABLES
    return "".join(rng.choices(pool, k=rng.randint(2, 4))).capitalize()


def _values(**named: str) -> dict[str, tuple[Value, ...]]:
    return {name: (Value(text, text),) for name, text in named.items()}


def _entity(rng: random.Random, dataset: Dataset, markings: list[Marking], i: int, n: int, names: list[str]) -> Record:
    number = i % (n * 5 // 6 + 1)  # a sixth is known twice, by the same identifier
    kind = number % 10
    if kind < 6:
        surname = COMMON_NAME if rng.random() < 0.06 else rng.choice(names)
        birth = f"{1950 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}"
        schema = "Person"
        values = _values(
            name=f"{rng.choice(names)} {surname}", passportNumber=f"P{number:08}", passportCountry="nl", birthDate=birth
        )
    elif kind < 8:
        schema, values = "Phone", _values(number=f"+316{number:08}")
    elif kind < 9:
        schema, values = "BankAccount", _values(iban=f"NL{number:016}")
    else:
        schema, values = "Vehicle", _values(registrationNumber=f"NL{number:07}", country="nl")
    return Record(schema, dataset, f"e{i}", values, rng.choice(markings), locator=f"entities.csv:{i + 2}")


def _relationship(rng: random.Random, dataset: Dataset, markings: list[Marking], i: int, n: int) -> Record:
    a = 0 if rng.random() < 0.04 else rng.randrange(n)
    b = (a + 1 + rng.randrange(n - 1)) % n
    day = f"2026-{1 + i % 12:02}-{1 + i % 28:02}"
    return Record(
        "UnknownLink",
        dataset,
        f"r{i}",
        _values(date=day),
        rng.choice(markings),
        roles=(Role("subject", f"e{a}"), Role("object", f"e{b}")),
        locator=f"ties.csv:{i + 2}",
    )
