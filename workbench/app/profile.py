"""An entity's profile: every value with its sources, why its referents are the same, and who else it may be."""

from dataclasses import dataclass
from itertools import groupby

from workbench.app.drawing import NOT_GRADED, place_of
from workbench.export.appearance import label_of
from workbench.model.ontology import ontology
from workbench.resolve.contradictions import Contradiction, contradictions_of
from workbench.store.types import Judgement
from workbench.view.answers import Entity, Reason, ToldApart, ValueLine
from workbench.view.asking import question
from workbench.view.checking import Shape, to_check
from workbench.view.proposing import Proposal, may_also_be
from workbench.view.view import View
from workbench.view.who import judgements_of

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value of a property, with a line for each of its sources."""

    property: str
    value: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MayBe:
    """Another entity that may be the same one: `why` has the bits, and what each comparison says."""

    other: ToldApart
    why: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a view says about one entity; of those that it may also be, the likeliest first.

    `to_check` is the shape of its cluster, if that is so large or loose that it may not be one.
    """

    entity: Entity
    to_check: Shape | None
    values: tuple[SaidValue, ...]
    may_be: tuple[MayBe, ...]
    judgements: tuple[Judgement, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def rows_told(self) -> tuple[object, ...]:
        """The entity, those that it may also be, and judgements that can't all be right, to be counted in the trace."""
        return (self.entity, *self.may_be, *self.contradictions)


@question
def show(view: View, entity: str) -> Profile:
    """The profile of an entity; NotFound if it is not in this view."""
    found = view.entity(entity)
    others = tuple(_other(each, found.id) for each in may_also_be(view, found.id))
    judged = judgements_of(view, found.id)
    against = contradictions_of(view, found.id) if judged else ()
    return Profile(found, to_check(view, found.id), values_said(view, found), others, judged, against)


def _other(proposal: Proposal, entity: str) -> MayBe:
    return MayBe(proposal.other if proposal.one.id == entity else proposal.one, proposal.why)


@question
def values_said(view: View, entity: Entity) -> tuple[SaidValue, ...]:
    """Each value once, with source, grade, marking and locator of all records that state it."""
    places = {each.key: place_of(each) for each in view.records(sorted({v.record for v in entity.values}))}
    ordered = sorted(entity.values, key=lambda each: _rank(entity.schema, each.property))
    return tuple(
        SaidValue(_property(entity.schema, name), value, tuple(_source(each, places[each.record]) for each in found))
        for (name, value), found in groupby(ordered, lambda each: (each.property, _value(each)))
    )


def _value(line: ValueLine) -> str:
    return line.value if line.value is not None else f"{line.original} (could not be cleaned)"


def _source(line: ValueLine, place: str) -> str:
    given = f"given as {line.original}" if line.value not in (None, line.original) else ""
    said = (line.dataset, line.grade or NOT_GRADED, line.marking, place, given)
    return " · ".join(filter(None, said))


def referent_rows(entity: Entity) -> Rows:
    """The referents of an entity: datasets and source ids."""
    return [
        {"Agency": each.agency, "Dataset": each.dataset, "Source id": each.source_id, "Id": each.id}
        for each in entity.referents
    ]


def other_text(each: MayBe) -> str:
    """What tells an entity that another may be from its namesakes, as a hit of a search does; and its id."""
    return " · ".join((label_of(each.other.schema), *each.other.signs, f"id {each.other.id}"))


def reason_text(reason: Reason, names: dict[str, str]) -> str:
    """A sentence on why two referents are the same."""
    ends = " and ".join(names.get(end, end) for end in (reason.a, reason.b))
    value = f" {reason.value}" if reason.value else ""
    return f"{ends}: {reason.rule}{value} ({len(reason.records)} records)"


def judgement_text(judgement: Judgement, names: dict[str, str]) -> str:
    """A sentence on what somebody judged about a referent; another entity is named by its id."""
    ends = " and ".join(names.get(end, end) for end in (judgement.a, judgement.b))
    return f"{ends}: {judgement.verdict}, says {judgement.by}: {judgement.why}"


def contradiction_text(found: Contradiction, names: dict[str, str]) -> str:
    """A sentence on judgements that can't all be right."""
    same = "; ".join(judgement_text(each, names) for each in found.same)
    return f"{judgement_text(found.different, names)} - but {same}"


def referent_names(entity: Entity) -> dict[str, str]:
    """A name for each referent: its dataset and source id."""
    return {each.id: f"{each.agency}/{each.dataset} {each.source_id}" for each in entity.referents}


def heading(entity: Entity) -> str:
    """The schema's label and the caption of an entity."""
    return f"{label_of(entity.schema)}: {entity.caption}"


def _rank(schema: str, name: str) -> tuple[int, str]:
    """The sort key of properties: those for captions first, then featured ones."""
    known = ontology().schemata.get(schema)
    first = [*known.caption, *known.featured] if known is not None else []
    return (first.index(name) if name in first else len(first), name)


def _property(schema: str, name: str) -> str:
    known = ontology().schemata.get(schema)
    found = known.properties.get(name) if known is not None else None
    return found.label if found is not None else name
