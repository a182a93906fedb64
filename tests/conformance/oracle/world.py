"""The history of a store's content in lists, and the part of it that a viewer may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from tests.conformance.oracle.operations import (
    AT,
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
from workbench.access.viewer import Viewer
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record
from workbench.store.types import CommonEntry, Document, FileReport, Judgement, Provenance, Quarantined, SourcedRecord

Start = int
UNKNOWN = "unknown"  # the token of what may or may not have been a publication
Subject = tuple[Dataset, str, str, str]  # dataset, source id, part; the key of what has no source id
Evidence = set[tuple[Dataset | None, Marking]]  # of units in quarantine there is no dataset


@dataclass
class Span:
    """A record that stood from one publication to another (None: it stands)."""

    record: Record
    provenance: Provenance
    said: str  # the newest delivery that said it
    start: int
    end: int | None = None

    @property
    def key(self) -> str:
        return self.record.key()

    @property
    def subject(self) -> tuple[Dataset, str, str]:
        return (self.record.dataset, self.record.source_id, self.record.part)


@dataclass
class Stated:
    """A judgement or a common value, from one publication to another."""

    what: Judgement | CommonEntry
    start: int
    end: int | None = None


@dataclass
class Logged:
    """A load in the log: `least` has the markings of its evidence, `most` also those that may be."""

    agency: str
    token: str | None
    files: tuple[FileReport, ...]
    least: Evidence
    most: Evidence

    def follow(self, dataset: Dataset, old: Marking, new: Marking) -> None:
        """Note that a record of the dataset was re-marked, which may have been one of this load's."""
        for evidence in (self.least, self.most):
            if (dataset, old) in evidence:
                evidence.add((dataset, new))


@dataclass
class Sight:
    """What one viewer may see at one revision."""

    records: list[SourcedRecord]
    judgements: list[Judgement]
    commons: list[CommonEntry]
    history: list[int]  # numbers of publications


@dataclass
class World:
    """See the module. `token_of` and `at_of` name publications as the store named them."""

    spans: list[Span] = field(default_factory=list)
    marks: dict[str, Marking] = field(default_factory=dict)
    asked: dict[str, Marking] = field(default_factory=dict)  # by key: what its newest delivery asks for
    about: dict[str, Subject] = field(default_factory=dict)  # by key: what it speaks of
    decided: dict[Subject, tuple[Marking, set[Marking]]] = field(default_factory=dict)  # with what was asked for then
    stated: list[Stated] = field(default_factory=list)
    documents: list[tuple[Document, str, Marking, tuple[str, ...]]] = field(default_factory=list)
    loads: list[Logged] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    known: dict[str, Dataset] = field(default_factory=dict)  # of all keys ever accepted
    complete: dict[tuple[Dataset, str], str] = field(default_factory=dict)
    gone: dict[tuple[Dataset, str, str], str] = field(
        default_factory=dict
    )  # by subject: the newest delivery that says so
    tokens: list[str] = field(default_factory=list)  # of publication 1, 2, ...

    # -- what is done ------------------------------------------------------------------

    def note(self, operation: Operation, token: str | None) -> list[str]:
        """Apply an operation to this world; returns the outcomes of a load's records."""
        number = len(self.tokens) + 1
        match operation:
            case Load():
                return self._load(operation, number, token)
            case Judge(judgement):
                self.stated.append(Stated(judgement, number))
            case ListCommon(entry):
                self.stated.append(Stated(entry, number))
            case Undo(judgement):
                self._end(number, [s for s in self.stated if getattr(s.what, "id", None) == judgement])
            case UnlistCommon(entry):
                self._end(number, [s for s in self.stated if _same_entry(s.what, entry)])
            case Remark(keys, marking):
                self._remark({self.about[key] for key in keys if key in self.known}, marking)
                return []
            case Save(document, agency, marking, evidence):
                self.documents.append((document, agency, marking, evidence))
                return []
            case Score():
                if token is None:
                    return []
        assert token is not None
        self.tokens.append(token)
        return []

    def _remark(self, subjects: set[Subject], marking: Marking) -> None:
        """A person re-marks some subjects, knowing what deliveries have asked for so far."""
        marks = {key: marking for key in self.known if self.about[key] in subjects}
        for each in subjects:
            _, known = self.decided.get(each, (marking, set()))
            self.decided[each] = marking, known | {self.asked[key] for key in marks if self.about[key] == each}
        self._follow(marks)
        self.marks.update(marks)

    def _hear(self, record: Record, asked: Marking) -> None:
        """A delivery asks for a marking: a new demand tightens a person's decision, and none loosens it."""
        key = record.key()
        self.asked[key], self.marks[key] = asked, asked
        self.known[key], self.about[key] = record.dataset, subject_of(record)
        if self.about[key] in self.decided:
            given, known = self.decided[self.about[key]]
            is_news = all(asks_for_more(asked, each) for each in known)
            self.marks[key] = strictest(given, asked, record.dataset.agency) if is_news else given

    @staticmethod
    def _end(number: int, stated: Iterable[Stated]) -> None:
        for each in stated:
            if each.end is None:
                each.end = number

    def _load(self, load: Load, number: int, token: str | None) -> list[str]:
        spans = [replace(span) for span in self.spans]
        kept = (dict(each) for each in (self.marks, self.asked, self.about, self.decided))
        trial = World(spans, *kept, known=dict(self.known), complete=dict(self.complete), gone=dict(self.gone))
        seen: set[str] = set()
        keys = {record.key(): record.dataset for each in load.deliveries for record in each.records}
        most: Evidence = {(of, self.marks[key]) for key, of in keys.items() if key in self.marks}
        outcomes: list[str] = []
        for each in load.deliveries:
            for outcome, record in zip(trial._deliver(each, number, load, seen), each.records, strict=True):
                outcomes.append(outcome)
                most |= {
                    (record.dataset, record.marking),
                    (record.dataset, trial.marks.get(record.key(), record.marking)),
                }
        for dataset, prefix, delivered in load.complete:
            trial._withdraw(dataset, prefix, delivered, number, seen)
        if not load.published:
            return outcomes
        keys |= {span.key: span.record.dataset for span in trial.spans if span.end == number}
        least = {(of, trial.marks[key]) for key, of in keys.items()} | set(_of_units(load))
        self._follow({key: mark for key, mark in trial.marks.items() if key in self.known})
        self.marks, self.asked, self.about = trial.marks, trial.asked, trial.about
        self.known, self.complete, self.gone = trial.known, trial.complete, trial.gone
        self.spans = [span for span in trial.spans if span.start != span.end]
        touched = any(number in (span.start, span.end) for span in self.spans)
        if token == UNKNOWN and not touched:
            token = None
        assert (token is not None) == touched, "a load is a publication exactly where it changed content"
        if token:
            self.tokens.append(token)
        if not least or any(each.refused or not each.read for each in load.files):
            least.add((None, parse_marking("SECRET", load.agency)))
        self.loads.append(Logged(load.agency, token, load.files, least, most | least))
        kept = {unit.id for unit in self.quarantine}
        self.quarantine += [unit for unit in load.quarantined if unit.id not in kept]
        return outcomes

    def _follow(self, marks: Mapping[str, Marking]) -> None:
        """Set the marking of keys from now on, and add it to the evidence of loads in the log."""
        moved = {(self.known[key], self.marks[key], mark) for key, mark in marks.items() if self.marks[key] != mark}
        for each, (dataset, old, new) in product(self.loads, sorted(moved, key=str)):
            each.follow(dataset, old, new)

    def _deliver(self, delivery: Delivery, number: int, load: Load, seen: set[str]) -> Iterable[str]:
        date = delivery.delivered
        fresh: list[Span] = []
        said = {record.key() for record in delivery.records}
        for record in delivery.records:
            key = record.key()
            standing = [s for s in self.spans if s.key == key and s.end in (None, number)]
            if record.gone:
                yield self._end_all(record, date, number)
                if key not in self.known:
                    self._hear(record, record.marking)
            elif standing and not (standing[0].end == number and self.gone.get(_of(record), "") > date):
                yield self._again(standing[0], record, date, key in seen)
                standing[0].end = None
                seen.add(key)
            elif self._is_history(record, date):
                yield "late"
                if key not in self.known:
                    self._hear(record, record.marking)
            else:
                where = Provenance(delivery.path, "", "csv", "clerk", AT, date)
                fresh.append(Span(record, where, date, number))
                self.spans.append(fresh[-1])
                self._hear(record, record.marking)
                seen.add(key)
                yield "accepted"
        for span in self.spans:
            if span.key in said or not span.record.source_id or span.end is not None:
                continue
            if any(span.subject == new.subject and span.said < date for new in fresh):
                span.end = number

    def _end_all(self, record: Record, date: str, number: int) -> str:
        """A delivery says that a subject is gone: that ends what is as old as it, or older."""
        subject = _of(record)
        self.gone[subject] = max(self.gone.get(subject, ""), date)
        rivals = [s for s in self.spans if s.end is None and s.subject == subject]
        if any(each.said > date for each in rivals):
            return "late"
        for each in rivals:
            each.end = number
        return "accepted" if rivals else "unchanged"

    def _again(self, standing: Span, record: Record, date: str, in_this_load: bool) -> str:
        older, standing.said = standing.said > date, max(standing.said, date)
        if older:
            return "unchanged"
        mark, asked = self.marks[standing.key], self.asked[standing.key]
        self._hear(record, strictest(asked, record.marking, record.dataset.agency) if in_this_load else record.marking)
        return "unchanged" if mark == self.marks[standing.key] else "remarked"

    def _is_history(self, record: Record, date: str) -> bool:
        """Whether something newer is known about this record's subject."""
        subject = (record.dataset, record.source_id, record.part)
        said = [s.said for s in self.spans if s.end is None and s.record.source_id and s.subject == subject]
        whole = [
            delivered
            for (dataset, prefix), delivered in self.complete.items()
            if dataset == record.dataset and record.part.startswith(prefix)
        ]
        gone = [self.gone.get(subject, "")] if record.source_id else []
        return any(each > date for each in (*said, *whole, *gone))

    def _withdraw(self, dataset: Dataset, prefix: str, delivered: str, number: int, seen: set[str]) -> None:
        for span in self.spans:
            of_it = span.record.dataset == dataset and span.record.part.startswith(prefix)
            if of_it and span.end is None and span.said <= delivered and span.key not in seen:
                span.end = number
        known = self.complete.get((dataset, prefix), "")
        self.complete[dataset, prefix] = max(known, delivered)

    # -- what is seen ------------------------------------------------------------------

    def sight(self, viewer: Viewer, purpose: str, number: int, agencies: frozenset[str] | None = None) -> Sight:
        """The content that a viewer sees at a publication, of all agencies or of some."""

        def seen(agency: str, marking: Marking) -> bool:
            return may_see(viewer, purpose, marking) and (agencies is None or agency in agencies)

        spans = [span for span in self.spans if seen(span.record.dataset.agency, self.marks[span.key])]
        stated = [each for each in self.stated if self._is_seen(each.what, seen)]
        changed = {n for each in (*spans, *stated) for n in (each.start, each.end) if n is not None and n <= number}
        now = [each.what for each in stated if _stands(each, number)]
        return Sight(
            sorted((self._sourced(span) for span in spans if _stands(span, number)), key=lambda r: r.key),
            _without_hidden_overrides(each for each in now if isinstance(each, Judgement)),
            [each for each in now if isinstance(each, CommonEntry)],
            sorted(changed),
        )

    def seen_documents(self, viewer: Viewer, purpose: str) -> list[tuple[Document, int]]:
        """Documents that may be seen, oldest first, with how many of its name came before."""

        def seen(_: str, marking: Marking) -> bool:
            return may_see(viewer, purpose, marking)

        found = [d for d, agency, own, evidence in self.documents if seen(agency, own) and self._all(evidence, seen)]
        names = [(each.kind, each.name, each.by) for each in found]
        return [(each, names[:n].count(names[n])) for n, each in enumerate(found)]

    def _is_seen(self, what, seen) -> bool:
        if isinstance(what, CommonEntry):
            return seen(what.agency, parse_marking(what.marking))
        return bool(what.evidence) and self._all(what.evidence, seen)

    def _all(self, evidence: Iterable[str], seen) -> bool:
        return all(key in self.known and seen(self.known[key].agency, self.marks[key]) for key in evidence)

    def _sourced(self, span: Span) -> SourcedRecord:
        return SourcedRecord(span.key, replace(span.record, marking=self.marks[span.key]), span.provenance)


def _of_units(load: Load) -> Iterable[tuple[None, Marking]]:
    """The markings that the units of a load in quarantine add to its evidence."""
    for unit in load.quarantined:
        marking = parse_marking(unit.context["marking"])
        yield None, replace(marking, releasable=frozenset({unit.agency}))


def may_see_all(viewer: Viewer, purpose: str, evidence: Evidence) -> bool:
    """Whether a viewer sees all evidence of a load."""
    return all(may_see(viewer, purpose, marking) for _, marking in evidence)


def _stands(each: Span | Stated, number: int) -> bool:
    return each.start <= number and (each.end is None or each.end > number)


def _same_entry(what: object, entry: CommonEntry) -> bool:
    if not isinstance(what, CommonEntry):
        return False
    mine = (what.kind, what.value, what.agency, what.marking)
    return mine == (entry.kind, entry.value, entry.agency, entry.marking)


def strictest(a: Marking, b: Marking, agency: str) -> Marking:
    """The marking that demands what two markings demand."""
    common = [each for each in a.releasable if each in b.releasable]
    return Marking(
        level=a.level if a.level > b.level else b.level,
        releasable=frozenset(common or [agency]),
        compartments=a.compartments.union(b.compartments),
        handling=a.handling.union(b.handling),
        privileged=any((a.privileged, b.privileged)),
    )


def _of(record: Record) -> tuple[Dataset, str, str]:
    return record.dataset, record.source_id, record.part


def subject_of(record: Record) -> Subject:
    """The subject of a record."""
    return record.dataset, record.source_id, record.part, "" if record.source_id else record.key()


def asks_for_more(a: Marking, b: Marking) -> bool:
    """Whether `a` demands anything that `b` does not."""
    return (
        a.level > b.level
        or any(agency not in a.releasable for agency in b.releasable)
        or any(each not in b.compartments for each in a.compartments)
        or any(each not in b.handling for each in a.handling)
        or (a.privileged and not b.privileged)
    )


def may_see(viewer: Viewer, purpose: str, marking: Marking) -> bool:
    """The access rules, written independently."""
    levels = ["OPEN", "RESTRICTED", "CONFIDENTIAL", "SECRET"]
    if levels.index(viewer.level) < levels.index(marking.level.name):
        return False
    if not any(agency in viewer.agencies for agency in marking.releasable):
        return False
    if not all(compartment in viewer.compartments for compartment in marking.compartments):
        return False
    return purpose == "privilege-review" if marking.privileged else True


def _without_hidden_overrides(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Judgements in order, each naming only those of its overrides that are among them."""
    found = {each.id: each for each in judgements}
    return [
        replace(each, overrides=tuple(over for over in each.overrides if over in found))
        for _, each in sorted(found.items())
    ]
