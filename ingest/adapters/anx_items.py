"""The fields of an item of an i2 chart: what it and its cards say, and its attributes."""

from collections.abc import Iterator
from datetime import datetime

from ingest.adapters.anx_chart import Chart
from ingest.adapters.elements import attribute, elements
from ingest.shapes import Branch, Tree

_TRUE = frozenset({"true", "1"})
_USUAL_STRENGTH = "Default"
_USUAL_MULTIPLICITY = "MultiplicityMultiple"


class Fields:
    """Fields by name, with several values where a name has several."""

    def __init__(self) -> None:
        self._found = dict[str, list[str]]()

    def add(self, name: str, *texts: str) -> None:
        """Put texts under a name; an empty one is none."""
        for text in texts:
            if text and text not in self._found.get(name, ()):
                self._found.setdefault(name, []).append(text)

    def tree(self) -> dict[str, Branch]:
        """The fields as a tree."""
        return {name: texts[0] if len(texts) == 1 else [*texts] for name, texts in self._found.items()}


def fields_of(item: Tree, thing: Tree, chart: Chart) -> Fields:
    """What an item says, and the entity or link in it: without names and types, which differ between these."""
    fields = Fields()
    fields.add("description", attribute(item, "Description"))
    _times(item, fields)
    fields.add("source type", attribute(item, "SourceType"))
    fields.add("source reference", attribute(item, "SourceReference"))
    for number, text in enumerate(chart.grades_of(item), 1):
        fields.add(f"grade {number}", text)
    for each in (each for group in elements(item, "AttributeCollection") for each in elements(group, "Attribute")):
        name = chart.name(each, "AttributeClass", "AttributeClassReference") or "attribute"
        fields.add(name, attribute(each, "Value"))
    for each in _below(thing, "DatabaseProperty"):
        name = chart.name(each, "DatabasePropertyType", "DatabasePropertyTypeReference") or "property"
        fields.add(name, attribute(each, "Value"))
    for holder in (thing, item):
        for each in (each for group in elements(holder, "CardCollection") for each in elements(group, "Card")):
            fields.add("card", _card(each, chart))
    return fields


def strength_of(style: Tree, chart: Chart, fields: Fields) -> str:
    """The strength of a line, which is kept as text unless it is the usual one."""
    strength = chart.name(style, "Strength", "StrengthReference")
    fields.add("strength", strength if strength != _USUAL_STRENGTH else "")
    return strength


def multiplicity_of(style: Tree, fields: Fields) -> None:
    """Keep how several links of one pair are drawn, where it is not the usual way."""
    said = attribute(style, "MlStyle")
    fields.add("multiplicity", said if said != _USUAL_MULTIPLICITY else "")


def _times(item: Tree, fields: Fields) -> None:
    """The date and time of an item, as exact as it says that they are; what is no date is kept as text."""
    day, clock = _moment(item)
    fields.add("date" if day else "time", f"{day}T{clock}" if day and clock else day or clock)
    if not day and attribute(item, "DateSet").lower() in _TRUE:
        fields.add("date as written", attribute(item, "DateTime"))
    fields.add("date description", attribute(item, "DateTimeDescription"))
    for zone in elements(item, "TimeZone"):
        fields.add("time zone", attribute(zone, "Name") or attribute(zone, "UniqueID"))


def _moment(item: Tree) -> tuple[str, str]:
    """The day and the time of day that are set, "" for each that is not."""
    try:
        moment = datetime.fromisoformat(attribute(item, "DateTime"))
    except ValueError:
        return "", ""
    day = moment.date().isoformat() if attribute(item, "DateSet").lower() in _TRUE else ""
    clock = moment.timetz().isoformat("seconds") if attribute(item, "TimeSet").lower() in _TRUE else ""
    return day, clock


def _card(card: Tree, chart: Chart) -> str:
    """A card as one text."""
    said = Fields()
    _times(card, said)
    times = said.tree()
    when = [str(times.get(name, "")) for name in ("date", "time", "date as written", "date description", "time zone")]
    grades = [f"grade {number}: {text}" for number, text in enumerate(chart.grades_of(card), 1) if text]
    source = [attribute(card, name) for name in ("SourceType", "SourceReference")]
    details = [*when, "source: " + ", ".join(filter(None, source)) if any(source) else "", *grades]
    text = ": ".join(filter(None, (attribute(card, "Summary"), attribute(card, "Text"))))
    more = "; ".join(filter(None, details))
    return f"{text} ({more})" if text and more else text or more


def _below(tree: Tree, name: str) -> Iterator[Tree]:
    """The elements of a name, however deep in an element."""
    yield from elements(tree, name)
    for key in tree:
        if not key.startswith(("@", "#")) and key != name:
            for each in elements(tree, key):
                yield from _below(each, name)
