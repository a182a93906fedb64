"""When the entities of a chart are from."""

from workbench.app.colouring import said_of
from workbench.app.drawing import Drawing, Shown
from workbench.model.ontology import ontology
from workbench.view.asking import question
from workbench.view.view import View

_OWN = ("date", "startDate")  # the properties that date an event, best first
_DAY = 10  # letters of a whole day


@question
def days_of(view: View, drawing: Drawing, shown: Shown) -> dict[str, str]:
    """The ISO day of each entity that has one: an event's own, of others that of their first dated tie."""
    found: dict[str, str] = {}
    for line in shown.lines:
        for day in (each.day[:_DAY] for each in line.said if each.day):
            for end in (line.a, line.b):
                found[end] = min(day, found.get(end, day))
    for name in reversed(_OWN):
        dated = tuple(sorted(each for each in shown.entities if _has(drawing.entities[each].schema, name)))
        said = said_of(view, dated, f"property:{name}") if dated else {}
        found |= {each: value[:_DAY] for each, value in said.items() if value[:4].isdigit()}
    return found


def _has(schema: str, name: str) -> bool:
    known = ontology().schemata.get(schema)
    return known is not None and name in known.properties
