"""The look of entities, on the canvas and in exports: a shape and a colour, so that colour is never the only sign."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.model.ontology import ontology
from workbench.model.record import Record

_LABEL = 40


@dataclass(frozen=True, slots=True)
class Appearance:
    """A shape of vis-network, a character to show it in text, and a colour."""

    shape: str
    sign: str
    colour: str


# Colours of Okabe and Ito, with a dark outline for pale ones; vermilion is reserved for paths.
_BLUE, _GREEN, _PURPLE = "#0072b2", "#009e73", "#cc79a7"
_ORANGE, _SKY, _GREY = "#e69f00", "#56b4e9", "#767676"
PATH_COLOUR = "#d55e00"
LEAD_COLOUR = _PURPLE

_LOOKS = {
    "Person": Appearance("dot", "●", _BLUE),
    "LegalEntity": Appearance("square", "■", _ORANGE),
    "Phone": Appearance("triangle", "▲", _GREEN),
    "Device": Appearance("triangle", "▲", _GREEN),
    "EmailAddress": Appearance("triangle", "▲", _GREEN),
    "BankAccount": Appearance("diamond", "◆", _PURPLE),
    "Vehicle": Appearance("hexagon", "⬢", _SKY),
    "Address": Appearance("triangleDown", "▼", _GREY),
    "Area": Appearance("triangleDown", "▼", _GREY),
    "Event": Appearance("star", "★", _ORANGE),
    "Interval": Appearance("star", "★", _ORANGE),
}
_OTHER = Appearance("ellipse", "⬭", _GREY)


def look(schema: str) -> Appearance:
    """The look of a schema's entities."""
    known = ontology()
    if schema in known.schemata:
        for parent, found in _LOOKS.items():
            if known.is_a(schema, parent):
                return found
    return _OTHER


def label_of(schema: str) -> str:
    """The label of a schema; its name if the ontology has none."""
    known = ontology().schemata.get(schema)
    return known.label if known is not None else schema


def relationship_label(schema: str, records: Iterable[Record]) -> str:
    """The label of a relationship, with what its records call it, if they agree: "Involvement: suspect"."""
    known, called = ontology().schemata[schema], label_of(schema)
    names = [prop for prop in known.edge_caption if known.properties[prop].type == "string"]
    said = [[text for prop in names for text in each.values().get(prop, ())] for each in records]
    labels = {text for texts in said for text in texts}
    if len(labels) != 1 or not all(said):
        return called
    text = labels.pop()
    text = text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"
    return text if schema == "UnknownLink" else f"{called}: {text}"
