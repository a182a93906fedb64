"""Invented histories of a store: small pools of values, so that everything collides with everything.

They are drawn by a `Random` that Hypothesis seeds: by its own choices every other history would
repeat the one before. `tests.store.oracle.smaller` makes one that fails smaller.
"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from tests.store.oracle.operations import (
    Delivery,
    Judge,
    ListCommon,
    Load,
    Operation,
    Remark,
    Save,
    Undo,
    UnlistCommon,
    keys_in,
)
from workbench.access.viewer import Viewer
from workbench.model.grade import parse_grade
from workbench.model.marking import Marking, parse_marking
from workbench.model.ontology import ontology
from workbench.model.record import Basis, Dataset, Record, Role, Value
from workbench.store.types import CommonEntry, Document, FileReport, Judgement, Quarantined

NAMES = (
    "Nico", "nico", "Петров", "Petrov", "王明", "王", "Li", "", "a%b_c*", "x\x00y", "q\"' OR 1=1 --", "ﬁn\u0301  X",
    "Ünal 🜚", "\u200f محمد", "NEAR(a AND b)", "-nico", "Nico Petrov",
)  # fmt: skip
IDS = ("1", "p", "P", "", "%", "_", "*", "x\x00y", "\x1f", "é", "e\u0301")
DATASETS = (Dataset("A", "d"), Dataset("A", "D"), Dataset("B", "d"), Dataset("C", "d"))
MARKINGS = tuple(
    parse_marking(text)
    for text in (
        "OPEN//REL A,B,C",
        "OPEN//REL A",
        "SECRET//REL A,B",
        "RESTRICTED//REL B,C//HC H1",
        "OPEN//REL A,C//COMP X",
        "OPEN//REL A,B//COMP X,Y",
        "OPEN//REL A,B//PRIVILEGED",
        "SECRET//REL C",
    )
)
T = TypeVar("T")
DATES = ("2026-01-01", "2026-01-02", "2026-01-03")

_BY_SCHEMA: dict[str, dict[str, tuple[str, ...]]] = {
    "Person": {
        "name": NAMES,
        "passportNumber": ("P1234567", "p-123 4567", "Q7654321", "12"),
        "passportCountry": ("nl", "bg"),
        "birthDate": ("1980", "1980-06-15", "1983-01-01"),
        "gender": ("male", "female", "other"),
        "idNumber": ("77-1234", "771234"),
        "country": ("nl", "bg"),
    },
    "Company": {"name": NAMES, "registrationNumber": ("HE-10001", "HE10001"), "jurisdiction": ("cy",)},
    "Phone": {"number": ("+31612345678", "+31612345679")},
    "BankAccount": {"iban": ("NL91ABNA0417164300", "CY17002001280000001200527600")},
    "Vehicle": {"registrationNumber": ("AB-12-CD", "АВ12CD"), "country": ("nl", "bg")},
    "Call": {"date": ("2026", "2026-02", "2026-02-03", "2026-02-03T10:00:00")},
    "Holding": {"startDate": ("2026-01-01",), "role": ("user",)},
    "Ownership": {"role": ("owner",)},
    "Directorship": {"role": ("director",)},
    "Transfer": {"amount": ("9400", "9900"), "date": ("2026-03-01", "2026-03-02")},
    "Observation": {"date": ("2026-03-01",)},
}
_ROLES: dict[str, tuple[str, ...]] = {
    "Person": ("addressEntity", "parent"),
    "Company": ("parent",),
    "Call": ("caller", "receiver"),
    "Holding": ("holder", "held"),
    "Ownership": ("owner", "asset"),
    "Directorship": ("director", "organization"),
    "Transfer": ("payer", "beneficiary", "payerAccount", "beneficiaryAccount"),
    "Observation": ("observed", "place", "companion"),
}


SCHEMATA = (*sorted(_BY_SCHEMA), "Person", "Person", "Person", "Person", "BankAccount", "Holding")


def several(rng: Random, pool: Sequence[T], least: int, most: int) -> list[T]:
    """Some of a pool, each at most once, in any order."""
    return rng.sample(list(pool), min(len(pool), rng.randint(least, most)))


def values(rng: Random, pool: tuple[str, ...]) -> tuple[Value, ...]:
    """One or two values, some of which could not be cleaned."""
    return tuple(_value(rng.choice((*pool, *pool, None)), rng.choice(pool), rng) for _ in range(rng.choice((1, 1, 2))))


def _value(cleaned: str | None, original: str, rng: Random) -> Value:
    return Value(cleaned, cleaned if cleaned is not None and rng.random() < 0.8 else original)


def records(rng: Random, datasets: Sequence[Dataset], ids: Sequence[str], markings: Sequence[Marking]) -> Record:
    schema = rng.choice(SCHEMATA)
    pools, roles = _BY_SCHEMA[schema], _ROLES.get(schema, ())
    least = 1 if ontology().is_relationship(schema) else 0
    filled = [Role(rng.choice(roles), rng.choice(ids)) for _ in range(rng.randint(least, 4))] if roles else []
    return Record(
        schema=schema,
        dataset=rng.choice(datasets),
        source_id=rng.choice(ids),
        properties={name: values(rng, pools[name]) for name in several(rng, sorted(pools), 1, 6)},
        marking=rng.choice(markings),
        roles=tuple(filled),
        basis=rng.choice((Basis.FACT, Basis.FACT, Basis.ASSESSMENT)),
        grade=rng.choice((None, parse_grade("4x4", "B2"), parse_grade("admiralty", "a1"))),
        part=rng.choice(("", "", "b")),
        ordinal=rng.choice((0, 0, 0, 1)),
        locator=rng.choice(("row 1", "row 2")),
    )


def deliveries(rng: Random, pool: Sequence[Record]) -> Delivery:
    """Some records of the pool, in one batch or several."""
    chosen = [rng.choice(pool) for _ in range(rng.randint(1, 14))]
    cut = rng.randint(0, len(chosen))
    batches = tuple(tuple(batch) for batch in (chosen[:cut], chosen[cut:]) if batch)
    return Delivery(rng.choice(("one.csv", "two.csv")), rng.choice(DATES), batches)


def loads(rng: Random, pool: Sequence[Record]) -> Load:
    agency, number = rng.choice("ABC"), rng.randint(0, 3)
    raw, place = b"\x00a;b", ("csv", "one.csv", f"row {number}")
    unit = Quarantined(f"q{agency}{number}", agency, "d", *place, "ragged", "row is short", raw, {"n": 1})
    whole = (rng.choice(DATASETS), rng.choice(("", "b")), rng.choice(DATES))
    return Load(
        agency=agency,
        deliveries=tuple(deliveries(rng, pool) for _ in range(rng.choice((0, 1, 1, 1, 2)))),
        complete=(whole,) if rng.random() < 0.4 else (),
        quarantined=(unit,) if number else (),
        files=(FileReport("one.csv", "hash of one.csv", number, number),),
        published=rng.random() < 0.85,
    )


def worlds(rng: Random) -> list[Operation]:
    """Up to eight operations over a pool of records that differ in little."""
    pools = several(rng, DATASETS, 1, 3), several(rng, IDS, 2, 4), several(rng, MARKINGS, 1, 3)
    base = [records(rng, *pools) for _ in range(rng.randint(3, 18))]
    pool = base * 2 + [replace(record, marking=rng.choice(MARKINGS)) for record in base]
    done: list[Operation] = [loads(rng, pool)]
    for number in range(rng.randint(1, 7)):
        done.append(_next(rng, done, pool, number))
    return done


def _next(rng: Random, done: list[Operation], pool: Sequence[Record], number: int) -> Operation:
    keys = keys_in(each for each in done if isinstance(each, Load) and each.published)
    standing = [Undo(each.judgement.id) for each in done if isinstance(each, Judge)]
    listed = [UnlistCommon(each.entry) for each in done if isinstance(each, ListCommon)]
    ends: list[Operation] = [each for each in (*standing, *listed) if each not in done]
    entry = _entry(rng)
    fresh: list[Operation] = [] if UnlistCommon(entry) in ends else [ListCommon(entry)]
    others = [_judging(rng, pool, keys, number), _remark(rng, keys), _saving(rng, keys)] if keys else []
    return rng.choice([loads(rng, pool), loads(rng, pool), loads(rng, pool), *fresh, *others, *others[:1], *ends])


def _judging(rng: Random, pool: Sequence[Record], keys: Sequence[str], number: int) -> Judge:
    entities = sorted({r.entity for r in pool} | {r.referent(role.ref) for r in pool for role in r.roles})
    verdict = rng.choice(("same", "same", "different", "unsure"))
    a, b, evidence = rng.choice(entities), rng.choice(entities), tuple(several(rng, keys, 1, 2))
    return Judge(Judgement(f"{number:016x}", a, b, verdict, "anna", "because", "2026-01-05", evidence))


def _entry(rng: Random) -> CommonEntry:
    kind, value = rng.choice((("phone", "+31612345678"), ("address", "1 Quay St")))
    return CommonEntry(kind, value, rng.choice("ABC"), str(rng.choice(MARKINGS)), "a dispatcher")


def _remark(rng: Random, keys: Sequence[str]) -> Remark:
    return Remark(tuple(several(rng, keys, 1, 4)), rng.choice(MARKINGS))


def _saving(rng: Random, keys: Sequence[str]) -> Save:
    document = Document("chart", rng.choice(("chart", "Chart")), 0, "anna", "2026-01-06", {"n": rng.randint(0, 3)})
    return Save(document, rng.choice("AB"), rng.choice(MARKINGS), tuple(several(rng, keys, 0, 2)))


VIEWERS = (
    Viewer(name="anna", agencies=frozenset("A"), level="OPEN"),
    Viewer(name="boris", agencies=frozenset("B"), level="SECRET", compartments=frozenset("XY")),
    Viewer(
        name="joint",
        agencies=frozenset("AB"),
        level="SECRET",
        compartments=frozenset("X"),
        purposes=("investigation", "privilege-review"),
    ),
    Viewer(name="nobody", agencies=frozenset(), level="SECRET"),
)
