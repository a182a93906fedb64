"""Strategies with small pools of values, so that everything collides."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from hypothesis import strategies as st

from tests.conformance.oracle.operations import (
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
from workbench.model.record import Basis, Dataset, Record, Role, Value, gone
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


def values(pool: tuple[str, ...]) -> st.SearchStrategy[tuple[Value, ...]]:
    """One or two values, some of which could not be cleaned."""
    text = st.sampled_from(pool)
    clean = text.map(lambda t: Value(t, t))
    other = st.tuples(text, text).map(lambda pair: Value(*pair))
    uncleaned = text.map(lambda t: Value(None, t))
    return st.lists(st.one_of(clean, clean, clean, other, uncleaned), min_size=1, max_size=2).map(tuple)


@st.composite
def records(
    draw: st.DrawFn,
    datasets: tuple[Dataset, ...] = DATASETS,
    ids: tuple[str, ...] = IDS,
    markings: tuple[Marking, ...] = MARKINGS,
    parts: tuple[str, ...] = ("", "b"),
    schemata: tuple[str, ...] = SCHEMATA,
) -> Record:
    schema = draw(st.sampled_from(schemata))
    pools = _BY_SCHEMA[schema]
    names = draw(st.lists(st.sampled_from(sorted(pools)), unique=True, min_size=min(3, len(pools)), max_size=6))
    roles = _ROLES.get(schema, ())
    least = 1 if ontology().is_relationship(schema) else 0
    pairs = st.tuples(st.sampled_from(roles), st.sampled_from(ids)) if roles else st.nothing()
    filled = draw(st.lists(pairs, min_size=least, max_size=4 if roles else 0))
    return Record(
        schema=schema,
        dataset=draw(st.sampled_from(datasets)),
        source_id=draw(st.sampled_from(ids)),
        properties={name: draw(values(pools[name])) for name in names},
        marking=draw(st.sampled_from(markings)),
        roles=tuple(Role(*each) for each in filled),
        basis=draw(st.sampled_from((Basis.FACT, Basis.FACT, Basis.ASSESSMENT))),
        grade=draw(st.sampled_from((None, parse_grade("4x4", "B2"), parse_grade("admiralty", "a1")))),
        part=draw(st.sampled_from(parts)),
        ordinal=draw(st.sampled_from((0, 0, 1))),
        locator=draw(st.sampled_from(("row 1", "row 2"))),
    )


def ends(pool: list[Record]) -> st.SearchStrategy[list[Record]]:
    """That some things are gone of which the pool speaks."""
    named = [each for each in pool if each.source_id]
    of = st.sampled_from(named).map(lambda each: gone(each.dataset, each.source_id, each.marking, each.part))
    return st.lists(of, max_size=2) if named else st.just([])


@st.composite
def deliveries(draw: st.DrawFn, pool: list[Record]) -> Delivery:
    """Some records of the pool, in one batch or several."""
    chosen = draw(st.lists(st.sampled_from(pool), min_size=draw(st.sampled_from((1, 8))), max_size=14))
    cut = draw(st.integers(0, len(chosen)))
    batches = in_batches(chosen[:cut], chosen[cut:])
    return Delivery(draw(st.sampled_from(("one.csv", "two.csv"))), draw(st.sampled_from(DATES)), batches)


def in_batches(*parts: Iterable[Record]) -> tuple[tuple[Record, ...], ...]:
    """Batches of these records, none of which says both what something is and that it is gone."""
    return tuple(tuple(some) for part in parts for _, some in groupby(part, attrgetter("gone")))


@st.composite
def loads(draw: st.DrawFn, pool: list[Record]) -> Load:
    whole = st.tuples(st.sampled_from(DATASETS), st.sampled_from(("", "b")), st.sampled_from(DATES))
    agency = draw(st.sampled_from(("A", "B", "C")))
    number = draw(st.integers(0, 3))
    raw, place, context = b"\x00a;b", ("csv", "one.csv", f"row {number}"), {"marking": str(MARKINGS[2 * number])}
    unit = Quarantined(f"q{agency}{number}", agency, "d", *place, "ragged", "row is short", raw, context)
    return Load(
        agency=agency,
        deliveries=tuple(draw(st.lists(deliveries(pool), min_size=draw(st.sampled_from((0, 1, 1))), max_size=2))),
        complete=tuple(draw(st.lists(whole, max_size=1))),
        quarantined=(unit,) if number else (),
        files=(FileReport("one.csv", "hash of one.csv", number, number),),
        published=draw(st.sampled_from((True, True, True, True, False))),
    )


@st.composite
def worlds(draw: st.DrawFn) -> list[Operation]:
    """Up to seven operations on a pool of similar records."""
    ids = tuple(draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=4, unique=True)))
    markings = tuple(draw(st.lists(st.sampled_from(MARKINGS), min_size=1, max_size=3)))
    base = draw(st.lists(records(ids=ids, markings=markings), min_size=draw(st.sampled_from((2, 8))), max_size=14))
    others = draw(st.lists(st.sampled_from(MARKINGS), min_size=len(base), max_size=len(base)))
    pool = base * 2 + [replace(record, marking=marking) for record, marking in zip(base, others, strict=True)]
    pool += draw(ends(base))
    done: list[Operation] = [draw(loads(pool)), draw(loads(pool))]
    for number in range(draw(st.integers(0, 5))):
        done.append(draw(_next(done, pool, number)))
    return done


def _next(done: list[Operation], pool: list[Record], number: int) -> st.SearchStrategy[Operation]:
    keys = keys_in(each for each in done if isinstance(each, Load) and each.published)
    choices: list[st.SearchStrategy[Operation]] = [loads(pool), loads(pool)]
    if keys:
        negatives = [
            each.judgement.id for each in done if isinstance(each, Judge) and each.judgement.verdict == "different"
        ]
        choices += [judgings(pool, keys, negatives, number), remarks(keys), savings(keys)]
    standing = [each.judgement.id for each in done if isinstance(each, Judge)]
    standing = [each for each in standing if Undo(each) not in done]
    if standing:
        choices.append(st.sampled_from(standing).map(Undo))
    listed = [each.entry for each in done if isinstance(each, ListCommon)]
    listed = [each for each in listed if UnlistCommon(each) not in done]
    choices.append(entries(listed).map(ListCommon))
    if listed:
        choices.append(st.sampled_from(listed).map(UnlistCommon))
    return st.one_of(choices)


@st.composite
def judgings(draw: st.DrawFn, pool: list[Record], keys: list[str], negatives: list[str], number: int) -> Judge:
    entities = sorted({r.entity for r in pool} | {r.referent(role.ref) for r in pool for role in r.roles})
    evidence = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True))
    verdict = draw(st.sampled_from(("same", "same", "different", "unsure")))
    a, b = draw(st.sampled_from(entities)), draw(st.sampled_from(entities))
    over = (
        draw(st.lists(st.sampled_from(negatives), max_size=2, unique=True)) if negatives and verdict == "same" else []
    )
    said = ("anna", "because", "2026-01-05", tuple(evidence), tuple(sorted(over)))
    return Judge(Judgement(f"{number:016x}", a, b, verdict, *said))


@st.composite
def entries(draw: st.DrawFn, listed: list[CommonEntry]) -> CommonEntry:
    """A common value that is not on the list already."""
    taken = {(e.kind, e.value, e.agency, e.marking) for e in listed}
    entry = st.builds(
        CommonEntry,
        st.sampled_from(("phone", "address", "account")),
        st.sampled_from(("+31612345678", "1 Quay St", "NL91 ABNA 0417 1643 00")),
        st.sampled_from(("A", "B", "C")),
        st.sampled_from(MARKINGS).map(str),
        st.just("a dispatcher"),
    )
    return draw(entry.filter(lambda e: (e.kind, e.value, e.agency, e.marking) not in taken))


@st.composite
def remarks(draw: st.DrawFn, keys: list[str]) -> Remark:
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=4, unique=True))
    return Remark(tuple(chosen), draw(st.sampled_from(MARKINGS)))


@st.composite
def savings(draw: st.DrawFn, keys: list[str]) -> Save:
    evidence = draw(st.lists(st.sampled_from(keys), max_size=2, unique=True))
    name = draw(st.sampled_from(("chart", "Chart")))
    body = {"n": draw(st.integers(0, 3))}
    document = Document("chart", name, 0, "anna", "2026-01-06", body)
    return Save(document, draw(st.sampled_from(("A", "B"))), draw(st.sampled_from(MARKINGS)), tuple(evidence))


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
