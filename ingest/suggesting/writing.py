"""Write a first manifest for a file: what its content shows, with a question for everything that it does not."""

from collections.abc import Iterable, Iterator, Sequence
from glob import escape
from pathlib import Path
from typing import Any

from ingest.shapes import Readable
from ingest.suggesting.columns import Column, column_of
from ingest.suggesting.drafts import Draft, Table, can_be_in_template, let_be_found, quoted
from ingest.suggesting.entities import entities
from ingest.suggesting.sample import Sample, samples
from ingest.suggesting.ties import ties
from workbench.errors import InputError

ROWS = 2_000
_EXAMPLES = 3
# What people write for nothing.
_NOTHING = frozenset({"-0-", "n/a", "na", "null", "none", "-", "--", "?", "unknown", "nil", "nan"})


def suggest(path: Readable, adapter: str, *, rows: int = ROWS, examples: bool = False) -> str:
    """A manifest in TOML for a table that this adapter reads. With `examples` comments have values of the file.

    FileRefused or InputError if nothing can be read.
    """
    found = [_table(each) for each in samples(path, adapter, rows)]
    tables = [each for each in found if _is_table(each)]
    left = [repr(each.sample.part) for each in found if not _is_table(each)]
    if not tables:
        where = f" of {', '.join(left)}" if any(each.sample.part for each in found) else ""
        message = f"{path.name} has no column with values in the first {rows} rows{where}: was it delivered whole?"
        raise InputError(message, "paths")
    drafted = [(table, _drafts(table)) for table in tables]
    parts = [part for table, drafts in drafted for part in _file(table, drafts, examples)]
    parts += _rest(path, tables, left)
    return "\n".join([*_head(path, adapter, tables, left), *parts, ""])


def _is_table(table: Table) -> bool:
    return any(each.filled and can_be_in_template(each) for each in table.columns)


def _drafts(table: Table) -> list[Draft]:
    found = ties(table) or entities(table)
    for each in found:
        let_be_found(table, each)
    return found


def _rest(path: Readable, tables: Sequence[Table], left: Sequence[str]) -> Iterator[str]:
    """The entry that leaves out the sheets without a table: it names the others."""
    if left:
        yield from ("", f"# Left out: {', '.join(left)}. Only these sheets are read:", "[[files]]")
        yield f"pattern = {quoted(escape(Path(path.name.rpartition('!')[2]).name))}"
        yield f"sheets = {_toml([escape(each.sample.part) for each in tables])}"


def _table(sample: Sample) -> Table:
    columns = [column_of(name, sample.cells(at)) for at, name in enumerate(sample.names)]
    table = Table(sample, columns, questions=[*sample.questions])
    for word in sorted(_NOTHING):
        some = [each.name for at, each in enumerate(columns) if _is_often(word, sample.cells(at))]
        if some:
            said = f"{word} stands in {', '.join(some)}: does it mean nothing?"
            table.ask(f'{said} Then say `map = {{ "{word}" = "", "*" = "*" }}` of these columns')
    return table


def _is_often(word: str, cells: Sequence[str]) -> bool:
    """Whether a word stands in a tenth of the cells."""
    return sum(cell.strip().lower() == word for cell in cells) * 10 > len(cells)


def _head(path: Readable, adapter: str, tables: Sequence[Table], left: Sequence[str]) -> Iterator[str]:
    rows = sum(len(table.sample.rows) for table in tables)
    yield f"# A first manifest, made from {rows} rows. Check it line by line: `# ?` stands where something is not sure."
    yield "# Answer each question by correcting the manifest, then delete it from the list. It loads when none is left."
    questions = [(table.sample.pattern, each) for table in tables for each in _open(table)]
    if questions or left:
        yield "questions = ["
        for pattern, question in questions:
            yield f"  {quoted(question if len(tables) == 1 else f'{pattern}: {question}')},"
        if left:
            asked = f"{', '.join(left)}: no table is seen there: is it right that nothing of it is read?"
            yield f"  {quoted(asked)},"
        yield "]"
    yield f"adapter = {quoted(adapter)}"
    yield '# agency = "NKP"              # who says this; the marking, the grade and the time zone can stand here too'
    yield f"dataset = {quoted(Path(path.name.rpartition('!')[2]).stem or 'table')}"


def _open(table: Table) -> Iterator[str]:
    yield from table.questions
    left = [each for each in _unmapped(table) if each.name not in table.asked]
    if left:
        listed = ", ".join(each.name for each in left)
        yield f"nothing maps {listed}: map what you need, and leave the rest in `ignore`"
    for reason, n in sorted(table.sample.unread.items()):
        yield f"{n} rows of the sample could not be read: {reason}: look at them in the file"


def _unmapped(table: Table) -> list[Column]:
    read = table.used | table.sample.said.get("_read", set())
    return [each for each in table.columns if each.name not in read]


def _file(table: Table, drafts: Sequence[Draft], examples: bool) -> Iterator[str]:
    sample = table.sample
    yield ""
    yield "[[files]]"
    yield f"pattern = {quoted(sample.pattern)}"
    for name, value in sample.said.items():
        if not name.startswith("_"):
            yield f"{name} = {_pattern(value) if name == 'trailer' else _toml(value)}"
    ignored = _unmapped(table)
    if ignored:
        yield f"ignore = {_toml([each.name for each in ignored])}"
    if examples:
        yield from _shown(table)
    for draft in drafts:
        yield from _record(draft)


def _shown(table: Table) -> Iterator[str]:
    for at, name in enumerate(table.sample.names):
        values = list(dict.fromkeys(cell for cell in table.sample.cells(at) if cell.strip()))[:_EXAMPLES]
        yield f"# {quoted(name)}: {', '.join(map(quoted, values)) or 'empty'}"


def _record(draft: Draft) -> Iterator[str]:
    yield ""
    yield "[[files.records]]"
    yield f"name = {quoted(draft.name)}"
    yield f"schema = {quoted(draft.schema)}"
    if draft.ids:
        yield f"id = {_toml(draft.ids[0] if len(draft.ids) == 1 else list(draft.ids))}"
    if draft.when:
        yield f"when = {draft.when}"
    if draft.properties:
        yield "[files.records.properties]"
        for name, values in draft.properties.items():
            note = f"  # {draft.notes[name]}" if name in draft.notes else ""
            listed = ", ".join(values)
            yield f"{name} = {listed if len(values) == 1 else f'[{listed}]'}{note}"
    if draft.roles:
        yield "[files.records.roles]"
        for name, value in draft.roles.items():
            yield f"{name} = {value}"


def _pattern(text: str) -> str:
    """A regular expression as TOML writes it: in single quotes if it can be."""
    return f"'{text}'" if text.isprintable() and "'" not in text else quoted(text)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, Iterable) else str(value)
