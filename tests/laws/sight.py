"""The operations of a case, and the same without what a viewer may not see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.conformance.oracle.operations import (
    Delivery,
    Judge,
    ListCommon,
    Load,
    Operation,
    Save,
    Score,
    Undo,
    UnlistCommon,
)
from tests.conformance.oracle.world import UNKNOWN, World, may_see, may_see_all
from workbench.access.viewer import Viewer
from workbench.model.marking import Marking, parse_marking
from workbench.model.record import Dataset, Record
from workbench.store.types import CommonEntry, Quarantined


@dataclass(frozen=True)
class Step:
    """An operation and the name of what it publishes, the same in every store."""

    name: str
    operation: Operation


@dataclass(frozen=True)
class Case:
    """A case: operations, its viewer, and further hidden operations."""

    viewer: Viewer
    purpose: str
    steps: tuple[Step, ...]
    marks: dict[tuple[Dataset, str, str], Marking]  # by what a record speaks of: it ends up so marked
    more: tuple[tuple[int, Step], ...]  # hidden from the viewer, and before which step

    def sees(self, marking: Marking) -> bool:
        return may_see(self.viewer, self.purpose, marking)

    def may_repair(self, unit: Quarantined) -> bool:
        """Whether the viewer, if he is of its agency, sees a unit in quarantine, whoever it is releasable to."""
        return self.sees(replace(parse_marking(unit.context["marking"]), releasable=frozenset({unit.agency})))

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
    """The steps without anything that the viewer may not see, and without content after `upto`."""
    kept: list[Step] = []
    judged, ended, logged = set(), False, _logged(case)
    for step in case.steps:
        match step.operation:
            case Load() as load:
                kept.append(replace(step, operation=_seen_of(case, load, ended, step.name in logged)))
            case Judge(judgement) if not ended and judgement.evidence and case.evident(judgement.evidence):
                judged.add(judgement.id)
                kept.append(step)
            case Undo(judgement) if not ended and judgement in judged:
                kept.append(step)
            case ListCommon(entry) | UnlistCommon(entry) if not ended and case.sees(parse_marking(entry.marking)):
                kept.append(step)
            case Score() if not ended:
                kept.append(step)
            case Save(_, _, marking, evidence) if case.sees(marking) and case.evident(evidence):
                kept.append(step)
        ended = ended or step.name == upto
    return tuple(kept)


def _logged(case: Case) -> set[str]:
    """The steps whose entry in the log the viewer sees: of his agencies, with all evidence visible."""
    world = World()
    for step in case.steps:
        world.note(step.operation, UNKNOWN)
    names = [step.name for step in case.steps if isinstance(step.operation, Load) and step.operation.published]
    return {
        name
        for name, entry in zip(names, world.loads, strict=True)
        if entry.agency in case.viewer.agencies and may_see_all(case.viewer, case.purpose, entry.least)
    }


def _seen_of(case: Case, load: Load, ended: bool, logged: bool) -> Load:
    """A load without hidden records; if its log entry is hidden, the load is made another agency's."""
    own = load.agency in case.viewer.agencies
    deliveries = tuple(_seen_delivery(case, each, ended) for each in load.deliveries)
    return replace(
        load,
        agency=load.agency if logged else "Z",
        deliveries=deliveries,
        complete=() if ended else load.complete,
        quarantined=tuple(each for each in load.quarantined if own and case.may_repair(each)),
        files=load.files if logged else (),
    )


def _seen_delivery(case: Case, each: Delivery, ended: bool) -> Delivery:
    marked = [[] if ended else [(r, case.mark_of(r)) for r in batch] for batch in each.batches]
    batches = tuple(tuple(replace(r, marking=m) for r, m in batch if case.sees(m)) for batch in marked)
    return replace(each, batches=batches)


def standing(steps: Sequence[Step], tokens: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps without anything superseded or withdrawn since, unless something rests on it."""
    steps = _not_taken_back(steps)
    world, at = _told(steps, tokens)
    since = {span.key: span.start for span in world.spans if span.end is None}
    evidence = {key for step in steps for key in _evidence(step.operation)}

    def kept(record: Record, number: int) -> bool:
        key = record.key()
        return key in evidence or number >= since.get(key, number + 1)

    return tuple(_without(step, lambda record, number=at[step.name]: kept(record, number)) for step in steps)


def _not_taken_back(steps: Sequence[Step]) -> list[Step]:
    undone = {each.operation.judgement for each in steps if isinstance(each.operation, Undo)}
    kept: list[Step] = []
    for each in steps:
        match each.operation:
            case UnlistCommon(entry):
                kept = [
                    k for k in kept if not (isinstance(k.operation, ListCommon) and _same(k.operation.entry, entry))
                ]
            case Judge(judgement) if judgement.id in undone:
                continue
            case Undo():
                continue
            case _:
                kept.append(each)
    return kept


def _same(a: CommonEntry, b: CommonEntry) -> bool:
    return replace(a, why=b.why) == b


def stands(steps: Sequence[Step], tokens: Mapping[str, str]) -> list[str]:
    """The records that stand after these steps, with where each came from."""
    world, _ = _told(steps, tokens)
    return sorted(repr((span.key, span.provenance)) for span in world.spans if span.end is None)


def _told(steps: Sequence[Step], tokens: Mapping[str, str]) -> tuple[World, dict[str, int]]:
    """The world after these steps, and the number of the last publication after each."""
    world, at = World(), {}
    for step in steps:
        if step.name in tokens or isinstance(step.operation, Load):  # else it published nothing
            world.note(step.operation, tokens.get(step.name))
        at[step.name] = len(world.tokens)
    return world, at


def _evidence(operation: Operation) -> tuple[str, ...]:
    match operation:
        case Judge(judgement):
            return judgement.evidence
        case Save(_, _, _, evidence):
            return evidence
    return ()


def _without(step: Step, kept: Callable[[Record], bool]) -> Step:
    if not isinstance(step.operation, Load):
        return step
    load = step.operation
    fewer = (replace(d, batches=tuple(tuple(filter(kept, batch)) for batch in d.batches)) for d in load.deliveries)
    return replace(step, operation=replace(load, deliveries=tuple(fewer)))


def within(case: Case, agencies: frozenset[str]) -> tuple[Step, ...]:
    """The steps that the viewer sees, with the records, lists and units in quarantine of some agencies only."""
    kept: list[Step] = []
    seen = {r.key() for r in case.records() if r.dataset.agency in agencies}
    judged = set()
    for step in visible(case):
        match step.operation:
            case Load() as load:
                units = tuple(each for each in load.quarantined if each.agency in agencies)
                fewer = replace(step, operation=replace(load, quarantined=units))
                kept.append(_without(fewer, lambda record: record.dataset.agency in agencies))
            case Judge(judgement) if seen.issuperset(judgement.evidence):
                judged.add(judgement.id)
                kept.append(step)
            case Undo(judgement) if judgement in judged:
                kept.append(step)
            case ListCommon(entry) | UnlistCommon(entry) if entry.agency in agencies:
                kept.append(step)
            case Score():
                kept.append(step)
    return tuple(kept)
