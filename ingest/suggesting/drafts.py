"""Drafts of the records that a table may have: what a manifest could say, and what people must decide."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.suggesting.columns import Column
from ingest.suggesting.sample import Sample
from ingest.suggesting.words import properties_of
from workbench.model.ontology import ontology

_IN_TEMPLATE = re.compile(r"\{([^{}|]+)")
_DIALLED = re.compile(r"\+\d{8,15}", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"[\s()./-]")
_FIRST_YEAR = {"birth_date": 1930}
# Of whatever may be, these parts make an address, in this order.
ADDRESS_PARTS = ("street", "postal_code", "city", "region")


@dataclass(slots=True)
class Draft:
    """A record of a manifest; values, ids and conditions are as TOML writes them, and `notes` are comments."""

    name: str
    schema: str
    ids: Sequence[str] = ()
    when: str = ""
    properties: dict[str, list[str]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """A table for which records are drafted: its columns, those that a record reads, and what is open.

    Of the columns `asked` a question of their own tells that nothing maps them.
    """

    sample: Sample
    columns: Sequence[Column]
    used: set[str] = field(default_factory=set)
    questions: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def named(self, *meanings: str, side: str | None = None) -> list[Column]:
        """The columns of these meanings, in the order of the meanings."""
        found = [each for name in meanings for each in self.columns if each.meaning.name == name and each.filled]
        return [each for each in found if side is None or each.meaning.side == side]

    def one(self, *meanings: str) -> Column | None:
        """The first column of these meanings."""
        return next(iter(self.named(*meanings)), None)

    def has(self, *meanings: str) -> bool:
        """Whether there is a column of any of these meanings."""
        return bool(self.named(*meanings))

    def ask(self, question: str) -> None:
        """Leave something open."""
        if question not in self.questions:
            self.questions.append(question)

    def use(self, *columns: Column) -> None:
        """Note that a record reads columns."""
        self.used.update(each.name for each in columns)


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\u007f", "\\u007f")


def place(column: Column, kind: str = "") -> str:
    """A column as it stands in a template."""
    return f"{{{column.name}{f'|{kind}' if kind else ''}}}"


def can_be_in_template(column: Column) -> bool:
    """Whether a template can name a column."""
    return not any(sign in column.name for sign in "{}|")


def fill(table: Table, draft: Draft, columns: Iterable[Column]) -> None:
    """Let columns fill the properties of a draft, where the schema has one for what they mean."""
    for column in columns:
        name = _property(draft.schema, column)
        if name and column.name not in table.used:
            _set(table, draft, name, column)


def set_property(table: Table, draft: Draft, name: str, column: Column | None) -> None:
    """Let a column fill a property, if there is one."""
    if column is not None:
        _set(table, draft, name, column)


def let_be_found(table: Table, draft: Draft) -> None:
    """Let the columns of an entity's id fill a property, if nothing else does: nobody could find it."""
    if draft.properties or ontology().is_relationship(draft.schema):
        return
    named = {name for each in draft.ids for name in _IN_TEMPLATE.findall(each)}
    for at, column in enumerate(table.columns):
        if column.name in named:
            name = _of_id(draft.schema, table.sample.cells(at))
            _set(table, draft, name, column)
            table.ask(f"{column.name}: it fills {name}, so that a {draft.name} can be found: what is it?")


def _of_id(schema: str, cells: Sequence[str]) -> str:
    """The property for what identifies an entity."""
    known, texts = ontology().schemata[schema].properties, [cell for cell in cells if cell.strip()]
    dialled = sum(bool(_DIALLED.fullmatch(_BETWEEN_DIGITS.sub("", text))) for text in texts)
    if "phone" in known and dialled * 2 > len(texts):
        return "phone"
    return "idNumber" if "idNumber" in known else "name"


def _property(schema: str, column: Column) -> str | None:
    known = ontology().schemata[schema].properties
    return next(
        (name for name in properties_of(column.meaning.name) if name in known and _fits(schema, name, column)), None
    )


def _fits(schema: str, name: str, column: Column) -> bool:
    kind = ontology().schemata[schema].properties[name].type
    if kind == "date":
        return column.kind == "date"
    return column.kind == "number" if kind == "number" else kind != "entity"


def _set(table: Table, draft: Draft, name: str, column: Column) -> None:
    kind = ontology().schemata[draft.schema].properties[name].type
    said, note = [f"column = {quoted(column.name)}"], ""
    if kind == "date" and column.written:
        note = _dated(table, column, said)
    if kind == "number":
        note = _numbered(table, column, said)
    if kind == "phone" and column.is_national:
        table.ask(f'{column.name}: numbers without a country code: give `country` of the file, such as "nl"')
        note = "? of which country are numbers without a country code"
    if column.split and kind not in ("date", "number", "text", "string") and column.name not in table.sample.several:
        said.append(f"split = {quoted(column.split)}")
    draft.properties.setdefault(name, []).append(quoted(column.name) if len(said) == 1 else f"{{ {', '.join(said)} }}")
    if note:
        draft.notes[name] = note
    table.use(column)


def _dated(table: Table, column: Column, said: list[str]) -> str:
    written, notes = column.written, list[str]()
    if written is None:
        return ""
    if written.formats:
        listed = ", ".join(map(quoted, written.formats))
        said.append(f"format = {listed if len(written.formats) == 1 else f'[{listed}]'}")
    if written.two_digits:
        first = _FIRST_YEAR.get(column.meaning.name, 1970)
        said.append(f"first_year = {first}")
        table.ask(f"{column.name}: years of two digits are taken for {first} to {first + 99}: is that right?")
        notes.append("? which century")
    if written.doubt:
        table.ask(f"{column.name}: {written.doubt}: correct `format`")
        notes.append(f"? {written.doubt}")
    if written.unknown:
        table.ask(
            f"{column.name}: {written.unknown} of {column.filled} dates are written otherwise: add their `format`"
        )
        notes.append("? other forms of dates")
    if written.has_time and not table.sample.said.get("timezone"):
        table.ask(f"{column.name}: of which time zone are times that name none? Say `timezone`; it is UTC otherwise")
        notes.append("? time zone")
    return "; ".join(notes)


def _numbered(table: Table, column: Column, said: list[str]) -> str:
    for name, sign in (("decimal", column.signs.decimal), ("thousands", column.signs.thousands)):
        if sign:
            said.append(f"{name} = {quoted(sign)}")
    if column.signs.doubt:
        table.ask(f"{column.name}: {column.signs.doubt}")
        return f"? {column.signs.doubt}"
    return ""


def set_address(table: Table, draft: Draft, *, part: str = "address") -> None:
    """Let the parts of an address fill one property."""
    parts = [each for name in ADDRESS_PARTS for each in table.named(name)[:1]]
    parts = [each for each in parts if can_be_in_template(each) and each.name not in table.sample.several]
    whole = table.one("address")
    if whole is not None:
        _set(table, draft, part, whole)
    if parts:
        template = ", ".join(place(each) for each in parts)
        draft.properties.setdefault(part, []).append(f"{{ template = {quoted(template)} }}")
        table.use(*parts)
