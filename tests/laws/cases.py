"""Generated graphs with markings, judgements, lists and documents, and with hidden content."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.conformance.oracle.draw import DATES, values
from tests.conformance.oracle.operations import (
    Delivery,
    Judge,
    ListCommon,
    Load,
    Operation,
    Remark,
    Save,
    Score,
    Undo,
    UnlistCommon,
)
from tests.conformance.oracle.world import may_see
from tests.laws.sight import Case, Step
from workbench.access.viewer import PRIVILEGE_REVIEW as REVIEW
from workbench.access.viewer import Viewer
from workbench.model.grade import parse_grade
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Role, Value
from workbench.store.types import CommonEntry, Document, FileReport, Judgement, Quarantined

MARKINGS = tuple(
    parse_marking(text)
    for text in (
        "OPEN//REL A,B,C",
        "RESTRICTED//REL A//HC H1",
        "SECRET//REL A,B",
        "OPEN//REL C",
        "OPEN//REL A,B//COMP X",
        "OPEN//REL A,B//PRIVILEGED",
    )
)
DATASETS = (Dataset("A", "d"), Dataset("A", "e"), Dataset("B", "d"), Dataset("C", "d"))
IDS = {"person": ("p1", "p2", "p3", "P1"), "thing": ("t1", "t2"), "event": ("e1",)}

ALIASES = ("Alfa", "Bo", "Bravo", "Li", "Echo")  # few say the same

_ABOUT: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "Person": (
        "person",
        {
            "name": ("Nico", "Ivan Petrov", "Петров", "王明", "x\x00%_*"),
            "passportNumber": ("P1234567", "Q7654321"),
            "birthDate": ("1980-01-01", "1984"),
            "gender": ("male",),
            "phone": ("+31612345678",),
            "alias": ALIASES,
        },
    ),
    "Phone": ("thing", {"number": ("+31612345678", "+31612345679")}),
    "BankAccount": ("thing", {"iban": ("NL91ABNA0417164300", "CY17002001280000001200527600")}),
    "Address": ("thing", {"full": ("Quay 1", "Quay 2")}),
    "Company": ("thing", {"name": ("Shell A", "Nico"), "registrationNumber": ("HE10001",)}),
    "Incident": ("event", {"name": ("Raid",)}),
}
_TIES: dict[str, tuple[dict[str, str], dict[str, tuple[str, ...]]]] = {
    "Holding": ({"holder": "person", "held": "thing"}, {"startDate": ("2026-01-02",)}),
    "Call": ({"caller": "thing", "receiver": "thing"}, {"date": ("2026-02-01", "2026-03")}),
    "Residence": ({"resident": "person", "place": "thing"}, {}),
    "Associate": ({"person": "person", "associate": "person"}, {}),
    "Directorship": ({"director": "person", "organization": "thing"}, {}),
    "Involvement": ({"involved": "person", "event": "event"}, {"capacity": ("suspect", "victim", "lawyer")}),
    "Transfer": (
        {"payer": "person", "payerAccount": "thing", "beneficiary": "person", "beneficiaryAccount": "thing"},
        {"amount": ("9400",), "date": ("2026-03-01",)},
    ),
}
DAY = "2026-01-05"  # of every judgement
COMMON = (("phone", "+31612345678"), ("address", "Quay 1"), ("account", "NL91ABNA0417164300"))
# A unit in quarantine that can be read by now.
_RAW = b'{"id": "q1", "schema": "Person", "properties": {"name": ["Nico"]}}\n'
_CONTEXT = {
    "name": "one.json",
    "file": "one",
    "header": "",
    "delivered": DAY,
    "marking": "OPEN//REL A",
}
GRADES = (None, parse_grade("4x4", "B2"), parse_grade("admiralty", "C3"))


@st.composite
def records(draw: st.DrawFn, markings: Sequence[Marking], datasets: Sequence[Dataset] = DATASETS) -> Record:
    """A record whose part is its marking, so that no hidden record supersedes a visible one."""
    schema = draw(st.sampled_from([*_ABOUT, "Person", *_TIES]))
    marking = draw(st.sampled_from(markings))
    dataset, part = draw(st.sampled_from(datasets)), str(MARKINGS.index(marking))
    grade = draw(st.sampled_from(GRADES))
    said = draw(said_of(schema))
    if schema in _ABOUT:
        named = draw(st.sampled_from(IDS[_ABOUT[schema][0]]))
        return Record(schema, dataset, named, said, marking, grade=grade, part=part)
    roles = tuple(Role(name, draw(st.sampled_from(IDS[kind]))) for name, kind in _TIES[schema][0].items())
    named = draw(st.sampled_from(("", "r1", "r2")))
    return Record(schema, dataset, named, said, marking, roles, grade=grade, part=part)


@st.composite
def said_of(draw: st.DrawFn, schema: str) -> dict[str, tuple[Value, ...]]:
    """What a record of a schema says."""
    pools = _ABOUT[schema][1] if schema in _ABOUT else _TIES[schema][1]
    names = sorted(pools)
    if schema in _ABOUT:
        names = draw(st.lists(st.sampled_from(names), unique=True, min_size=min(3, len(names))))
    return {name: draw(values(pools[name])) for name in names}


@st.composite
def news(draw: st.DrawFn, known: Sequence[Record]) -> list[Record]:
    """Newer records of subjects that sources have spoken of, which supersede the older ones."""
    named = [record for record in known if record.source_id]
    told = draw(st.lists(st.sampled_from(named), min_size=2, max_size=6)) if named else []
    return [replace(record, properties=draw(said_of(record.schema))) for record in told]


def unit(agency: str, number: int, marking: Marking) -> Quarantined:
    """A unit in an agency's quarantine."""
    context = {**_CONTEXT, "marking": str(marking)}
    place = ("ftm", "one.json", f"line {number}")
    return Quarantined(f"q{agency}{number}", agency, "d", *place, "no", "no", _RAW, context)


@st.composite
def loads(
    draw: st.DrawFn, pool: Sequence[Record], agencies: Sequence[str], date: int, known: Sequence[Record] = ()
) -> Load:
    chosen = [*draw(st.lists(st.sampled_from(pool), min_size=10, max_size=24)), *draw(news(known))]
    agency = draw(st.sampled_from(agencies))
    marking = replace(MARKINGS[(date + ord(agency)) % len(MARKINGS)], releasable=frozenset({agency}))
    kept = unit(agency, date, marking)
    parts = sorted({(r.dataset, r.part) for r in (*known, *chosen)}, key=str)
    complete = draw(st.lists(st.sampled_from(parts), max_size=1)) if date > 1 else []
    return Load(
        agency,
        (Delivery(f"{agency}.csv", DATES[min(date, 3) - 1], (tuple(chosen),)),),
        tuple((dataset, part, DATES[min(date, 3) - 1]) for dataset, part in complete),
        (kept,) if draw(st.booleans()) else (),
        (FileReport(f"{agency}.csv", "hash", len(chosen), len(chosen)),),
        draw(st.sampled_from((True, True, True, True, True, False))),
    )


@dataclass(frozen=True)
class Talk:
    """Subjects and evidence for judgements, common values and documents."""

    keys: list[str]
    some: list[str]
    people: list[str]
    markings: Sequence[Marking]


def talk(
    known: Sequence[Record], some: Sequence[Record], people: Sequence[Record], markings: Sequence[Marking]
) -> Talk:
    """About the persons among `people`, or else about anything that they name."""
    persons = sorted({r.entity for r in people if r.schema == "Person"})
    named = sorted({r.referent(role.ref) for r in people for role in r.roles} | {r.entity for r in people})
    keys, fewer = (sorted({record.key() for record in records}) for records in (known, some))
    return Talk(keys, fewer or keys, persons if len(persons) > 1 else named, markings)


@st.composite
def others(draw: st.DrawFn, about: Talk, number: str, made: list) -> Operation:
    """A judgement, a common value, a document, or an end of one that stands."""
    keys = draw(st.sampled_from((about.keys, about.some)))
    evidence = tuple(draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True)))
    marking = draw(st.sampled_from(about.markings))
    pair = draw(st.lists(st.sampled_from(about.people), min_size=2, max_size=2, unique=len(about.people) > 1))
    verdict = draw(st.sampled_from(("same", "same", "same", "different")))
    negatives = [m.judgement.id for m in made if isinstance(m, Judge) and m.judgement.verdict == "different"]
    over = draw(st.sampled_from(((), tuple(negatives)))) if verdict == "same" else ()
    judge = Judge(Judgement(f"{number:0>16}", *pair, verdict, "anna", "because", DAY, evidence, over))
    kind, value = draw(st.sampled_from(COMMON))
    entry = CommonEntry(kind, value, draw(st.sampled_from("ABC")), str(marking), f"listed {number}")
    document = Document("chart", "the chart", 0, "anna", "2026-01-06", {"n": number})
    save = Save(document, draw(st.sampled_from("AB")), marking, evidence)
    ends: list[Operation] = [Undo(m.judgement.id) if isinstance(m, Judge) else UnlistCommon(m.entry) for m in made]
    chosen = draw(st.sampled_from([save, judge, ListCommon(entry), judge, ListCommon(entry), *ends]))
    if chosen in ends:
        made.pop(ends.index(chosen))
    elif isinstance(chosen, Judge | ListCommon):
        made.append(chosen)
    return chosen


VIEWERS = (
    (Viewer(name="anna", agencies=frozenset("A"), level="RESTRICTED", loads=frozenset("A")), "investigation"),
    (
        Viewer(
            name="boris",
            agencies=frozenset("B"),
            level="SECRET",
            compartments=frozenset("X"),
            loads=frozenset("B"),
        ),
        "investigation",
    ),
    (Viewer(name="carla", agencies=frozenset("AB"), level="SECRET", purposes=(REVIEW,), loads=frozenset("A")), REVIEW),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    viewer, purpose = draw(st.sampled_from(VIEWERS))
    pool = draw(st.lists(records((*MARKINGS, *MARKINGS[:1] * 4)), min_size=20, max_size=30))
    steps: list[Operation] = []
    made: list[Operation] = []
    hidden = [r for r in pool if not may_see(viewer, purpose, r.marking)] or pool
    known: list[Record] = []
    for number in range(draw(st.integers(2, 3))):
        chosen = draw(st.sampled_from(((pool, "ABC"), (pool, "ABC"), (hidden, sorted(viewer.agencies)))))
        shown = [r for r in known if may_see(viewer, purpose, r.marking)]
        steps.append(draw(loads(*chosen, number + 1, shown or known)))
        known = [r for s in steps if isinstance(s, Load) and s.published for d in s.deliveries for r in d.records]
        secret = [r for r in known if not may_see(viewer, purpose, r.marking)]
        shown = [r for r in known if may_see(viewer, purpose, r.marking)] or known
        for extra in range(draw(st.integers(2, 4))) if known else ():
            steps.append(draw(others(talk(known, secret, shown, MARKINGS), f"{number}{extra}", made)))
    told = [*pool, *known]
    subjects = sorted({(r.dataset, r.source_id, r.part) for r in told}, key=str)
    marks = {}
    for subject in draw(st.lists(st.sampled_from(subjects), max_size=2, unique=True)):
        marks[subject] = draw(st.sampled_from(MARKINGS))
        keys = sorted({r.key() for r in told if (r.dataset, r.source_id, r.part) == subject})
        steps.append(Remark(tuple(keys), marks[subject]))
    steps = draw(scored(steps, viewer))
    named = tuple(Step(f"step {n}", operation) for n, operation in enumerate(steps))
    case = Case(viewer, purpose, named, marks, ())
    return replace(case, more=tuple(draw(hidden_steps(case))))


@st.composite
def scored(draw: st.DrawFn, steps: list[Operation], viewer: Viewer) -> list[Operation]:
    """The steps with a run of scoring here and there, once none of them re-marks anything any more.

    A new marking deletes facets at all revisions, those of the views in which it was never otherwise as well.
    """
    first = max((n + 1 for n, each in enumerate(steps) if isinstance(each, Remark)), default=1)
    places = draw(st.lists(st.integers(first, len(steps)), max_size=2))
    return [
        each for n, step in enumerate([*steps, None]) for each in (*[Score(viewer)] * places.count(n), step) if each
    ]


@st.composite
def hidden_steps(draw: st.DrawFn, case: Case) -> list[tuple[int, Step]]:
    """Operations of others meanwhile, of any agency, with the same ids, numbers and names."""
    markings = [marking for marking in MARKINGS if not case.sees(marking)]
    strangers = sorted(frozenset("ABC") - case.viewer.agencies)
    pool = draw(st.lists(records(markings), min_size=6, max_size=14))
    pool = [r for r in pool if (r.dataset, r.source_id, r.part) not in case.marks]
    found: list[tuple[int, Step]] = []
    made: list[Operation] = []
    at = sorted(draw(st.lists(st.integers(0, len(case.steps)), min_size=2, max_size=4))) if pool else []
    for number, place in enumerate(at):
        done = [s.operation for _, s in found if isinstance(s.operation, Load)]
        known = [r for load in done for d in load.deliveries for r in d.records]
        if number % 2 == 0 or not known:
            operation: Operation = draw(st.one_of(loads(pool, strangers, 1), own_loads(case, pool, 90 + number)))
        else:
            shown = [r for r in case.records() if case.sees(case.mark_of(r))] or known
            about = talk(known, known, shown, markings)
            told = {(r.dataset, r.source_id, r.part) for r in shown}
            alone = [
                r for r in known if (r.dataset, r.source_id, r.part) not in told
            ]  # else shown ones are marked as well
            changed = [remarks(alone, markings)] if alone else []
            operation = draw(st.one_of(others(about, f"f{number}", made), *changed))
        found.append((place, Step(f"hidden {number}", operation)))
    return found


@st.composite
def own_loads(draw: st.DrawFn, case: Case, pool: Sequence[Record], number: int) -> Load:
    """A load by an agency of the viewer of records, or of a unit in quarantine, that he may not see."""
    load = draw(loads(pool, sorted(case.viewer.agencies), 1))
    hidden = [
        each for each in (unit(load.agency, number, marking) for marking in MARKINGS) if not case.may_repair(each)
    ]
    kept = draw(st.sampled_from(hidden))
    return replace(load, deliveries=draw(st.sampled_from((load.deliveries, ()))), quarantined=(kept,))


@st.composite
def remarks(draw: st.DrawFn, known: Sequence[Record], markings: Sequence[Marking]) -> Remark:
    keys = sorted({record.key() for record in known})
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
    return Remark(tuple(chosen), draw(st.sampled_from(markings)))
