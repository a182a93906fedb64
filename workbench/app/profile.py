"""An entity's profile as tables: every value with who says it, and why its parts are one."""

from workbench.app.appearance import label_of
from workbench.model.ontology import ontology
from workbench.store.types import Entity, Reason
from workbench.store.view import View

Rows = list[dict[str, str]]


def value_rows(view: View, entity: Entity) -> Rows:
    """Each value: as cleaned and as given, its source, grade, marking and place in the file."""
    files = {each.key: each.provenance.path for each in view.records(sorted({v.record for v in entity.values}))}
    return [
        {
            "Property": _property(entity.schema, each.property),
            "Value": each.value if each.value is not None else f"{each.original} (could not be cleaned)",
            "As given": each.original if each.original != each.value else "",
            "Source": each.dataset,
            "Grade": each.grade or "not graded",
            "Marking": each.marking,
            "File": files[each.record],
            "Place": each.locator,
            "Record": each.record,
        }
        for each in entity.values
    ]


def referent_rows(entity: Entity) -> Rows:
    """Under which ids which datasets know it."""
    return [
        {"Agency": each.agency, "Dataset": each.dataset, "Source id": each.source_id, "Id": each.id}
        for each in entity.referents
    ]


def reason_text(reason: Reason, names: dict[str, str]) -> str:
    """Why two referents are one, in a sentence."""
    ends = " and ".join(names.get(end, end) for end in (reason.a, reason.b))
    value = f" {reason.value}" if reason.value else ""
    return f"{ends}: {reason.rule}{value} ({len(reason.records)} records)"


def referent_names(entity: Entity) -> dict[str, str]:
    """What to call each referent: the dataset and its source id."""
    return {each.id: f"{each.agency}/{each.dataset} {each.source_id}" for each in entity.referents}


def heading(entity: Entity) -> str:
    """What an entity is, and what it is called."""
    return f"{label_of(entity.schema)}: {entity.caption}"


def _property(schema: str, name: str) -> str:
    known = ontology().schemata.get(schema)
    found = known.properties.get(name) if known is not None else None
    return found.label if found is not None else name
