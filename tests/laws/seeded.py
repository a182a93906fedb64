"""A case for each viewer in which every filter has something to hold back.

Of each kind of thing, some are visible, hidden, superseded, withdrawn, or later than the older revision that the
laws use; the same words, numbers and ends are in all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.conformance.oracle.draw import DATES
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
from tests.laws.cases import DAY, MARKINGS, VIEWERS, unit
from tests.laws.sight import Case, Step
from workbench.access.viewer import Viewer
from workbench.model.marking import Marking
from workbench.model.record import Dataset, Record, Role, Value
from workbench.store.types import CommonEntry, Document, FileReport, Judgement

A, B = Dataset("A", "d"), Dataset("B", "d")
PICKS = [12, 3, 5, 8, 2, 9, 4, 7, 1, 6]  # the first one asks for words that all of it holds
_ONE, _TWO, _PHONE, _IBAN = "P1234567", "Q7654321", "+31612345678", "NL91ABNA0417164300"


def seeded() -> list[Case]:
    """One case for each viewer."""
    return [_Seed(viewer, purpose).case() for viewer, purpose in VIEWERS]


def _about(schema: str, dataset: Dataset, source_id: str, marking: Marking, **said: str) -> Record:
    return _record(schema, dataset, source_id, marking, said)


def _tie(schema: str, dataset: Dataset, source_id: str, marking: Marking, **roles: str) -> Record:
    return _record(schema, dataset, source_id, marking, {}, tuple(Role(*each) for each in roles.items()))


def _record(
    schema: str, dataset: Dataset, source_id: str, marking: Marking, said: Mapping[str, str], roles: Sequence[Role] = ()
) -> Record:
    values = {name: tuple(Value(each, each) for each in text.split("|")) for name, text in said.items()}
    return Record(schema, dataset, source_id, values, marking, tuple(roles), part=str(MARKINGS.index(marking)))


@dataclass(frozen=True)
class _Seed:
    viewer: Viewer
    purpose: str

    @property
    def seen(self) -> Marking:
        return next(each for each in MARKINGS if may_see(self.viewer, self.purpose, each))

    @property
    def hidden(self) -> list[Marking]:
        return [each for each in MARKINGS if not may_see(self.viewer, self.purpose, each)]

    @property
    def own(self) -> str:
        return min(self.viewer.agencies)

    @property
    def stranger(self) -> str:
        return max(frozenset("ABC") - self.viewer.agencies)

    def case(self) -> Case:
        secret, shown = self.hidden[0], self.seen
        marks = {(r.dataset, r.source_id, r.part): secret for r in self.remarked(shown)}
        marks |= {(r.dataset, r.source_id, r.part): shown for r in self.remarked(secret)}
        steps = tuple(Step(f"step {n}", operation) for n, operation in enumerate(self.operations()))
        return Case(self.viewer, self.purpose, steps, marks, tuple(self.more()))

    # -- what it is about ------------------------------------------------------------------

    def first(self) -> Iterator[Record]:
        """What is seen at first; the second load supersedes some of it and withdraws some."""
        v = self.seen
        yield _about("Person", A, "p1", v, name="Nico", alias="Alfa|Bo", passportNumber=_ONE, birthDate="1980-01-01")
        yield _about("Person", B, "p2", v, name="Ivan Petrov", passportNumber=_ONE, gender="male")
        yield _about("Person", A, "p3", v, name="Петров")
        yield _about("Phone", A, "t1", v, number=_PHONE)
        yield _about("Phone", B, "t1", v, number="+31612345679")
        yield _about("BankAccount", A, "t2", v, iban=_IBAN)
        yield _about("Incident", A, "e1", v, name="Raid")
        yield _about("Person", A, "p4", v, name="Old", alias="Alfa|Bo")
        yield _tie("Holding", A, "r1", v, holder="p1", held="t1")
        yield _tie("Holding", B, "r1", v, holder="p2", held="t1")
        yield _tie("Associate", A, "r2", v, person="p1", associate="p3")
        # of its ends the place is in nothing hidden: its number in a store is another one where that came before
        paid = {"beneficiary": "p1", "beneficiaryAccount": "t1", "location": "e1"}
        yield _tie("Transfer", A, "r3", v, payer="p3", payerAccount="t2", **paid)
        yield _record("Involvement", A, "r4", v, {"capacity": "lawyer"}, (Role("involved", "p3"), Role("event", "e1")))

    def secrets(self, marking: Marking) -> Iterator[Record]:
        """Hidden records about the same entities, and about some that are hidden altogether."""
        yield _about("Person", A, "p1", marking, alias="Echo", passportNumber=_TWO)
        yield _about("Person", A, "p3", marking, name="Hidden", alias="Alfa|Bo", passportNumber=_ONE)
        yield _about("Person", B, "P1", marking, name="Nobody", alias="Alfa|Bo", passportNumber=_TWO)
        yield _about("Company", A, "t1", marking, name="Shell A")
        yield _tie("Holding", A, "r1", marking, holder="p3", held="t1")
        yield _tie("Call", A, "r5", marking, caller="t1", receiver="t2")
        yield _tie("Associate", A, "r2", marking, person="p1", associate="P1")

    def remarked(self, marking: Marking) -> list[Record]:
        """Records that are re-marked at the end: visible ones become hidden, and the other way round."""
        name = f"x{MARKINGS.index(marking)}"
        return [
            _about("Person", A, name, marking, name="Marked", alias="Alfa|Bo", passportNumber=_ONE),
            _tie("Holding", A, f"r{name}", marking, holder=name, held="t1"),
        ]

    def news(self) -> Iterator[Record]:
        """What supersedes some of the first."""
        yield _about("Person", A, "p1", self.seen, name="Nico", alias="Bravo")
        yield _about("Person", B, "p2", self.seen, name="Shell Ivan", passportNumber=_TWO)
        yield _about("Person", A, "p4", self.seen, name="Old", alias="Bravo")
        yield _tie("Holding", A, "r1", self.seen, holder="p1", held="t2")

    def later(self) -> Iterator[Record]:
        """What comes after the older revision."""
        yield _about("Person", B, "p3", self.seen, name="Later", alias="Alfa|Bo", passportNumber=_TWO)
        yield _about("Person", A, "p3", self.seen, name="Петров Later")
        yield _about("Person", B, "p2", self.seen, name="Shell Ivan", alias="Alfa|Bo", passportNumber=_TWO)
        yield _tie("Holding", B, "r2", self.seen, holder="p3", held="t1")
        yield _tie("Call", A, "r6", self.seen, caller="t1", receiver="t2")

    # -- what is done ----------------------------------------------------------------------

    def operations(self) -> Iterator[Operation]:
        first, secret = list(self.first()), self.hidden[0]
        marked, unmarked = self.remarked(self.seen), self.remarked(secret)
        hidden = [record for marking in self.hidden for record in self.secrets(marking)]
        one, phone = first[0].key(), first[3].key()  # the phone's is not superseded: what rests on it may stay
        yield self._load(self.own, 0, [*first, *hidden, *marked, *unmarked], units=(self.seen, *self.hidden))
        yield self._judge(1, first[0], first[2], one)
        yield self._judge(2, first[1], first[2], hidden[0].key())
        yield self._judge(3, first[0], first[1], marked[0].key())
        yield from (ListCommon(self._entry(*each)) for each in (("phone", _PHONE, self.seen), ("iban", _IBAN, secret)))
        yield ListCommon(self._entry("account", _IBAN, secret))
        yield from (self._save(n, marking, key) for n, (marking, key) in enumerate(((self.seen, phone), (secret, one))))
        yield self._save(3, self.seen, hidden[0].key())
        yield self._save(4, self.seen, marked[0].key())
        yield self._load(self.own, 1, list(self.news()), withdrawn=B, units=(self.seen,))
        yield self._load(self.stranger, 1, hidden[:3], units=(self.seen, *self.hidden))
        yield self._load(self.own, 1, [_about("Person", A, "h1", secret, name="Hidden")])
        yield self._load(self.own, 1, marked)  # again: nothing changes
        yield self._load(self.own, 1, [], units=self._units_hidden())
        yield self._load(self.own, 1, [])
        yield Undo(f"{1:0>16}")
        yield UnlistCommon(self._entry("phone", _PHONE, self.seen))
        yield self._load(self.own, 2, list(self.later()))
        yield self._judge(4, first[0], first[1], phone)
        yield self._judge(5, first[1], first[2], hidden[0].key(), phone)
        yield self._save(5, self.seen, hidden[0].key(), phone)
        yield ListCommon(self._entry("account", _IBAN, self.seen))
        yield Remark(tuple(record.key() for record in marked), secret)
        yield Remark(tuple(record.key() for record in unmarked), self.seen)
        yield Score(self.viewer)

    def more(self) -> Iterator[tuple[int, Step]]:
        """Other hidden things, before, between and after."""
        secret = self.hidden[-1]
        records = [*self.secrets(secret), _tie("Holding", B, "r2", secret, holder="p2", held="t2")]
        yield 0, Step("hidden 0", self._load(self.stranger, 0, records))
        yield 4, Step("hidden 1", self._judge(7, records[0], records[2], records[1].key()))
        yield 9, Step("hidden 2", ListCommon(self._entry("phone", _PHONE, secret)))
        yield 14, Step("hidden 3", self._save(7, secret, records[0].key()))
        yield 20, Step("hidden 4", self._load(self.own, 0, records))
        yield 21, Step("hidden 5", self._load(self.own, 2, [], units=self._units_hidden()))
        yield 99, Step("hidden 6", self._load(self.stranger, 2, records[:2]))

    def _units_hidden(self) -> list[Marking]:
        """Markings of units in quarantine of his own agency that he may not see."""
        own = [(replace(each, releasable=frozenset({self.own})), each) for each in MARKINGS]
        return [each for asked, each in own if not may_see(self.viewer, self.purpose, asked)]

    def _load(
        self,
        agency: str,
        day: int,
        records: list[Record],
        withdrawn: Dataset | None = None,
        units: Sequence[Marking] = (),
    ) -> Load:
        part = str(MARKINGS.index(self.seen))
        return Load(
            agency,
            (Delivery(f"{agency}.csv", DATES[day], (tuple(records),)),),
            ((withdrawn, part, DATES[day]),) if withdrawn else (),
            tuple(unit(agency, day * 10 + MARKINGS.index(marking), marking) for marking in units),
            (FileReport(f"{agency}.csv", "hash", len(records), len(records)),),
        )

    def _judge(self, number: int, a: Record, b: Record, *evidence: str) -> Judge:
        return Judge(Judgement(f"{number:0>16}", a.entity, b.entity, "same", "anna", "because", DAY, evidence))

    def _entry(self, kind: str, value: str, marking: Marking) -> CommonEntry:
        return CommonEntry(kind, value, self.own, str(marking), "listed")

    def _save(self, number: int, marking: Marking, *evidence: str) -> Save:
        return Save(Document("chart", "the chart", 0, "anna", "2026-01-06", {"n": number}), self.own, marking, evidence)
