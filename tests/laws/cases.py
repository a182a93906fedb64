"""Graphs with markings, and the same graphs without what one viewer may not see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.store.oracle.draw import DATES, values
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
)
from tests.store.oracle.world import may_see
from workbench.access.viewer import PRIVILEGE_REVIEW as REVIEW
from workbench.access.viewer import Viewer
from workbench.model.grade import parse_grade
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record, Role
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

_ABOUT: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "Person": (
        "person",
        {
            "name": ("Nico", "Ivan Petrov", "Петров", "王明", "x\x00%_*"),
            "passportNumber": ("P1234567", "Q7654321"),
            "birthDate": ("1980-01-01", "1984"),
            "gender": ("male",),
            "phone": ("+31612345678",),
        },
    ),
    "Phone": ("thing", {"number": ("+31612345678", "+31612345679")}),
    "BankAccount": ("thing", {"iban": ("NL91ABNA0417164300", "CY17002001280000001200527600")}),
    "Address": ("thing", {"full": ("Quay 1", "Quay 2")}),
    "Company": ("thing", {"name": ("Shell A", "Nico"), "registrationNumber": ("HE10001",)}),
    "Incident": ("event", {"name": ("Raid",)}),
}
_TIES: dict[str, tuple[tuple[str, str], tuple[str, str], dict[str, tuple[str, ...]]]] = {
    "Holding": (("holder", "person"), ("held", "thing"), {"startDate": ("2026-01-02",)}),
    "Call": (("caller", "thing"), ("receiver", "thing"), {"date": ("2026-02-01", "2026-03")}),
    "Residence": (("resident", "person"), ("place", "thing"), {}),
    "Associate": (("person", "person"), ("associate", "person"), {}),
    "Directorship": (("director", "person"), ("organization", "thing"), {}),
    "Involvement": (("involved", "person"), ("event", "event"), {"capacity": ("suspect", "victim", "lawyer")}),
    "Transfer": (("payer", "person"), ("beneficiary", "thing"), {"amount": ("9400",), "date": ("2026-03-01",)}),
}
DAY = "2026-01-05"  # of every judgement
COMMON = (("phone", "+31612345678"), ("address", "Quay 1"), ("account", "NL91ABNA0417164300"))
GRADES = (None, parse_grade("4x4", "B2"), parse_grade("admiralty", "C3"))


@dataclass(frozen=True)
class Step:
    """An operation and the name of what it publishes, the same in every store."""

    name: str
    operation: Operation


@dataclass(frozen=True)
class Case:
    """What is done, what a viewer sees of it, and hidden things that might be done as well."""

    viewer: Viewer
    purpose: str
    steps: tuple[Step, ...]
    marks: dict[tuple[Dataset, str, str], Marking]  # by what a record speaks of: it ends up so marked
    more: tuple[tuple[int, Step], ...]  # hidden from the viewer, and before which step

    def sees(self, marking: Marking) -> bool:
        return may_see(self.viewer, self.purpose, marking)

    def mark_of(self, record: Record) -> Marking:
        """Today's marking."""
        return self.marks.get((record.dataset, record.source_id, record.part), record.marking)

    def records(self) -> list[Record]:
        """All records of the steps, by key."""
        loads = [step.operation for step in self.steps if isinstance(step.operation, Load) and step.operation.published]
        found = {r.key(): r for load in loads for each in load.deliveries for r in each.records}
        return [found[key] for key in sorted(found)]

    def evident(self, evidence: Iterable[str]) -> bool:
        """Whether the viewer sees all of the evidence."""
        seen = {r.key() for r in self.records() if self.sees(self.mark_of(r))}
        return set(evidence) <= seen


def visible(case: Case, upto: str | None = None) -> tuple[Step, ...]:
    """The steps without all that the viewer may not see, and without content after `upto`."""
    kept: list[Step] = []
    judged, ended = set(), False
    for step in case.steps:
        match step.operation:
            case Load() as load:
                kept.append(replace(step, operation=_seen_of(case, load, ended)))
            case Judge(judgement) if not ended and judgement.evidence and case.evident(judgement.evidence):
                judged.add(judgement.id)
                kept.append(step)
            case Undo(judgement) if not ended and judgement in judged:
                kept.append(step)
            case ListCommon(entry) | UnlistCommon(entry) if not ended and case.sees(parse_marking(entry.marking)):
                kept.append(step)
            case Save(_, _, marking, evidence) if case.sees(marking) and case.evident(evidence):
                kept.append(step)
        ended = ended or step.name == upto
    return tuple(kept)


def _seen_of(case: Case, load: Load, ended: bool) -> Load:
    """A load without hidden records; what another agency's log says is nobody else's."""
    own = load.agency in case.viewer.agencies
    deliveries = tuple(_seen_delivery(case, each, ended) for each in load.deliveries)
    return replace(
        load,
        agency=load.agency if own else "Z",
        deliveries=deliveries,
        complete=() if ended else load.complete,
        quarantined=load.quarantined if own else (),
        files=load.files if own else (),
    )


def _seen_delivery(case: Case, each: Delivery, ended: bool) -> Delivery:
    marked = [[] if ended else [(r, case.mark_of(r)) for r in batch] for batch in each.batches]
    batches = tuple(tuple(replace(r, marking=m) for r, m in batch if case.sees(m)) for batch in marked)
    return replace(each, batches=batches)


# -- drawing ------------------------------------------------------------------------------


@st.composite
def records(draw: st.DrawFn, markings: Sequence[Marking], datasets: Sequence[Dataset] = DATASETS) -> Record:
    """A record whose part says its marking, so that no hidden one supersedes one that is seen."""
    schema = draw(st.sampled_from([*_ABOUT, "Person", *_TIES]))
    marking = draw(st.sampled_from(markings))
    dataset, part = draw(st.sampled_from(datasets)), str(MARKINGS.index(marking))
    grade = draw(st.sampled_from(GRADES))
    if schema in _ABOUT:
        kind, pools = _ABOUT[schema]
        names = draw(st.lists(st.sampled_from(sorted(pools)), unique=True, min_size=min(3, len(pools))))
        said = {name: draw(values(pools[name])) for name in names}
        return Record(schema, dataset, draw(st.sampled_from(IDS[kind])), said, marking, grade=grade, part=part)
    one, other, pools = _TIES[schema]
    roles = tuple(Role(name, draw(st.sampled_from(IDS[kind]))) for name, kind in (one, other))
    said = {name: draw(values(pool)) for name, pool in pools.items()}
    named = draw(st.sampled_from(("", "r1", "r2")))
    return Record(schema, dataset, named, said, marking, roles, grade=grade, part=part)


@st.composite
def loads(draw: st.DrawFn, pool: Sequence[Record], agencies: Sequence[str], date: int) -> Load:
    chosen = draw(st.lists(st.sampled_from(pool), min_size=10, max_size=24))
    agency = draw(st.sampled_from(agencies))
    unit = Quarantined(f"q{agency}{date}", agency, "d", "csv", "one.csv", f"row {date}", "ragged", "short", b"a;b", {})
    parts = sorted({(r.dataset, r.part) for r in chosen}, key=str)
    complete = draw(st.lists(st.sampled_from(parts), max_size=1)) if date > 1 else []
    return Load(
        agency,
        (Delivery(f"{agency}.csv", DATES[min(date, 3) - 1], (tuple(chosen),)),),
        tuple((dataset, part, DATES[min(date, 3) - 1]) for dataset, part in complete),
        (unit,) if draw(st.booleans()) else (),
        (FileReport(f"{agency}.csv", "hash", len(chosen), len(chosen)),),
        draw(st.sampled_from((True, True, True, True, True, False))),
    )


@dataclass(frozen=True)
class Talk:
    """What a judgement, common value or document may be about: it rests on any of the keys, or of some."""

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
    judge = Judge(Judgement(f"{number:0>16}", *pair, verdict, "anna", "because", DAY, evidence))
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
    (Viewer(name="anna", agencies=frozenset("A"), level="RESTRICTED"), "investigation"),
    (Viewer(name="boris", agencies=frozenset("B"), level="SECRET", compartments=frozenset("X")), "investigation"),
    (Viewer(name="carla", agencies=frozenset("AB"), level="SECRET", purposes=(REVIEW,)), REVIEW),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    viewer, purpose = draw(st.sampled_from(VIEWERS))
    pool = draw(st.lists(records((*MARKINGS, *MARKINGS[:1] * 4)), min_size=20, max_size=30))
    steps: list[Operation] = []
    made: list[Operation] = []
    hidden = [r for r in pool if not may_see(viewer, purpose, r.marking)] or pool
    for number in range(draw(st.integers(2, 3))):
        chosen = draw(st.sampled_from(((pool, "ABC"), (pool, "ABC"), (hidden, sorted(viewer.agencies)))))
        steps.append(draw(loads(*chosen, number + 1)))
        known = [r for s in steps if isinstance(s, Load) and s.published for d in s.deliveries for r in d.records]
        for extra in range(draw(st.integers(2, 4))) if known else ():
            secret = [r for r in known if not may_see(viewer, purpose, r.marking)]
            shown = [r for r in known if may_see(viewer, purpose, r.marking)] or known
            steps.append(draw(others(talk(known, secret, shown, MARKINGS), f"{number}{extra}", made)))
    subjects = sorted({(r.dataset, r.source_id, r.part) for r in pool}, key=str)
    marks = {}
    for subject in draw(st.lists(st.sampled_from(subjects), max_size=2, unique=True)):
        marks[subject] = draw(st.sampled_from(MARKINGS))
        keys = sorted({r.key() for r in pool if (r.dataset, r.source_id, r.part) == subject})
        steps.append(Remark(tuple(keys), marks[subject]))
    named = tuple(Step(f"step {n}", operation) for n, operation in enumerate(steps))
    case = Case(viewer, purpose, named, marks, ())
    return replace(case, more=tuple(draw(hidden_steps(case))))


@st.composite
def hidden_steps(draw: st.DrawFn, case: Case) -> list[tuple[int, Step]]:
    """What another agency may do meanwhile, with the same ids, numbers and names."""
    markings = [marking for marking in MARKINGS if not case.sees(marking)]
    strangers = sorted(frozenset("ABC") - case.viewer.agencies)
    pool = draw(st.lists(records(markings), min_size=6, max_size=14))
    pool = [r for r in pool if (r.dataset, r.source_id, r.part) not in case.marks]
    found: list[tuple[int, Step]] = []
    made: list[Operation] = []
    at = sorted(draw(st.lists(st.integers(0, len(case.steps)), min_size=2, max_size=4))) if pool else []
    for number, place in enumerate(at):
        if number % 2 == 0:
            operation: Operation = draw(loads(pool, strangers, 1))
        else:
            done = [s.operation for _, s in found if isinstance(s.operation, Load)]
            known = [r for load in done for d in load.deliveries for r in d.records]
            shown = [r for r in case.records() if case.sees(case.mark_of(r))] or known
            about = talk(known, known, shown, markings)
            operation = draw(st.one_of(others(about, f"f{number}", made), remarks(known, markings)))
        found.append((place, Step(f"hidden {number}", operation)))
    return found


@st.composite
def remarks(draw: st.DrawFn, known: Sequence[Record], markings: Sequence[Marking]) -> Remark:
    keys = sorted({record.key() for record in known})
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
    return Remark(tuple(chosen), draw(st.sampled_from(markings)))
