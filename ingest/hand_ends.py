"""The two ends of a relationship drawn by hand: which entities they are, and how strictly it must be marked.

Whoever sees the relationship learns that both ends exist. So it is told to nobody who may not see, of each end, one
record that tells as much: its *ground*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.errors import UsageError, naming
from workbench.model.marking import Marking, both_markings, is_weaker
from workbench.model.ontology import ontology
from workbench.model.record import BY_HAND
from workbench.model.schemata import Schema
from workbench.view.answers import Entity, Referent
from workbench.view.view import View
from workbench.view.who import records_of_each


@dataclass(frozen=True, slots=True)
class Ground:
    """A referent of an end, and a record that whoever sees the relationship may see: it is about it or mentions it."""

    referent: Referent
    record: str
    marking: Marking


def ends_of(view: View, schema: Schema, a: str, b: str) -> tuple[Entity, Entity]:
    """The entities at both ends; NotFound for one that is not in the view, UsageError where they do not fit."""
    with naming("a", known_as="entity"):
        first = view.entity(a)
    with naming("b", known_as="entity"):
        second = view.entity(b)
    if first.id == second.id:
        raise UsageError(f"{a} and {b} are one entity: name two", "b")
    for field, role, end in (("a", schema.edge_source, first), ("b", schema.edge_target, second)):
        wanted = schema.properties[role].range
        if not _fits(end, wanted):
            raise UsageError(
                f"{role} of {schema.name} is a {wanted}, and {end.id} is a {end.schema}: name another entity, or"
                " another schema",
                field,
            )
    return first, second


def _fits(end: Entity, wanted: str) -> bool:
    """Whether what is known of an end lets it fill a role: a LegalEntity may be a Person, a stub may be anything."""
    return end.stub or ontology().is_a(end.schema, wanted) or ontology().is_a(wanted, end.schema)


def grounds_of(
    view: View, ends: Sequence[tuple[str, Entity]], agency: str, wanted: Marking, is_given: bool
) -> tuple[list[Ground], Marking]:
    """The ground of each end, and the marking: the one given, or the default made as strict as the grounds.

    `ends` have the names of their parameters. UsageError if whoever sees it might see no record about an end.
    """
    marking, found = wanted, list[Ground]()
    for field, end in ends:
        known = [each for each in _known(view, end, agency) if agency in each.marking.releasable]
        if not known:
            raise UsageError(
                f"{agency} may see no record about {end.id}, and a relationship drawn for {agency} would tell of that"
                " entity: draw it for an agency that may see both ends",
                field,
            )
        first = min(known, key=lambda each: _strictness(each.marking) if is_weaker(wanted, each.marking) else _ENOUGH)
        if is_given and is_weaker(wanted, first.marking):
            raise UsageError(
                f"the marking {wanted} is looser than {first.marking}, that of what is known of {end.id}: whoever sees"
                f" the relationship learns of its ends. Mark it {both_markings(wanted, first.marking, agency)}",
                "marking",
            )
        marking = both_markings(marking, first.marking, agency)
        found.append(first)
    return found, marking


def _known(view: View, end: Entity, agency: str) -> Iterator[Ground]:
    """What is known of an end's referents, those of the agency first, without stubs of other drawings."""
    keys = records_of_each(view, [each.id for each in end.referents])
    told = {each.key: each.record for each in view.records(sorted({key for some in keys.values() for key in some}))}
    for each in sorted(end.referents, key=lambda one: (one.agency != agency, one.dataset == BY_HAND, one.id)):
        known = {key: told[key] for key in keys[each.id] if key in told}
        if each.dataset == BY_HAND and all(ontology().is_relationship(record.schema) for record in known.values()):
            continue
        yield from (Ground(each, key, record.marking) for key, record in known.items())


_ENOUGH = (False, 0, False, 0)  # before all that want a stricter marking


def _strictness(marking: Marking) -> tuple[bool, int, bool, int]:
    return True, marking.level, marking.privileged, len(marking.compartments) + len(marking.handling)


__all__ = ["Ground", "ends_of", "grounds_of"]
