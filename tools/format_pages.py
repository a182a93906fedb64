"""Write a page about each format into docs/formats, from its adapter and its default mapping.

python -m tools.format_pages
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ingest.formats import ADAPTERS, Adapter
from ingest.manifest import usual_manifest
from ingest.specs import (
    FileSpec,
    LabelSpec,
    ManifestSpec,
    RecordSpec,
    RoleSpec,
    StricterSpec,
    TypeSpec,
    ValueSpec,
    When,
)
from ingest.specs.values import SplitAt, Steps

FOLDER = Path(__file__).parents[1] / "docs" / "formats"
_WIDTH = 128
_MOST_MAPPED = 8
_HOW = {
    "rows": "A manifest maps them to records: [manifests](../manifest.md).",
    "graph": "A manifest maps labels and types: [manifests](../manifest.md#neo4j-csv).",
    "entities": "They are in FollowTheMoney's terms, and need no mapping.",
}


def pages() -> Mapping[str, str]:
    """The text of each page by its name."""
    found = {f"{name}.md": page(name, adapter) for name, adapter in sorted(ADAPTERS.items())}
    rows = [f"| [`{name}`]({name}.md) | {each.about} |" for name, each in sorted(ADAPTERS.items())]
    head = ["# Formats", "", "Written by `make formats` from the adapters and their mappings.", ""]
    found["README.md"] = "\n".join([*head, "| adapter | reads |", "|---|---|", *rows]) + "\n"
    return found


def page(name: str, adapter: Adapter) -> str:
    """The page of an adapter."""
    lines = [f"# `{name}`", "", f"{adapter.about[0].upper()}{adapter.about[1:]}. Its units are {adapter.units}.", ""]
    lines += _docs(adapter)
    if adapter.defaults is None:
        lines += [_HOW[adapter.gives]]
    else:
        spec = usual_manifest(adapter.defaults)
        lines += [f"`ingest mapping {name}` prints the mapping that follows, to copy and change.", ""]
        lines += [*_of_files(spec), *_of_graph(spec)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _docs(adapter: Adapter) -> Iterator[str]:
    """What the adapter's module says of itself, without its first paragraph, which is its title."""
    module = inspect.getmodule(adapter.read)
    paragraphs = inspect.cleandoc((module and module.__doc__) or "").split("\n\n")
    for each in paragraphs[1:]:
        is_list = each.startswith(("- ", "|", "```"))
        yield from ([each, ""] if is_list else [*_wrapped(" ".join(each.split())), ""])


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= _WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _of_files(spec: ManifestSpec) -> Iterator[str]:
    for file in spec.files:
        if len(spec.files) > 1:
            yield from [f"## Files named `{file.pattern}`", ""]
        yield from _of_file(file, "###" if len(spec.files) > 1 else "##")


def _of_file(file: FileSpec, level: str) -> Iterator[str]:
    if file.values:
        yield from [f"{level} Values with a name", "", "| value | made of |", "|---|---|"]
        yield from (f"| `{name}` | {_cell(_origin(each))} |" for name, each in file.values.items())
        yield ""
    if file.format:
        yield from [f"Dates are written {' or '.join(f'`{each}`' for each in file.format)}.", ""]
    if file.stricter:
        yield from _stricter(file.stricter, level)
    for record in file.records:
        yield from _of_record(record, level)
    if file.ignore:
        yield from [f"{level} Left out", "", *_wrapped(", ".join(f"`{name}`" for name in file.ignore)), ""]
    if not file.keeps_rest:
        yield from ["A field that nothing here names puts its unit into quarantine.", ""]


def _stricter(spec: StricterSpec, level: str) -> Iterator[str]:
    yield from [
        f"{level} Markings",
        "",
        f"What the codes in `{spec.column}` demand beside the marking of the load:",
        "",
    ]
    yield from ["| code | level | only the loading agency | handling codes |", "|---|---|---|---|"]
    for code, demand in spec.codes.items():
        yield f"| `{code}` | {demand.level} | {'yes' if demand.alone else ''} | {', '.join(demand.handling)} |"
    yield ""


def _of_record(record: RecordSpec, level: str) -> Iterator[str]:
    kind = "relationship" if record.is_relationship else "entity"
    yield from [f"{level} `{record.name}`: {record.schema_} ({kind})", ""]
    if record.each:
        each = f"`{record.each.column}`" if record.each.column else "group of columns"
        yield from [f"One for each {each}.", ""]
    if record.when:
        yield from [f"Only where {_when(record.when)}.", ""]
    rows = [("id", " or else ".join(f"`{each}`" for each in record.id))] if record.id else []
    rows += [(name, _all(_origin(value) for value in values)) for name, values in record.properties.items()]
    rows += [(f"{name} (role)", _all(_role(role) for role in roles)) for name, roles in record.roles.items()]
    rows += (
        [("type of the tie", f"`{record.type_column or record.type_}`")] if record.type_column or record.type_ else []
    )
    rows += [(what, str(said)) for what, said in _handling(record)]
    yield from ["| | from |", "|---|---|", *(f"| {name} | {_cell(text)} |" for name, text in rows), ""]
    if record.rest:
        of = f" under {', '.join(f'`{name}`' for name in record.rest_of)}" if record.rest_of else ""
        yield from [f"What nothing maps{of} is kept as text in `{record.rest}`.", ""]


def _handling(record: RecordSpec) -> Iterator[tuple[str, str]]:
    if record.grade:
        yield "grade", f"{record.grade.scheme} `{record.grade.value or record.grade.column}`"
    if record.basis:
        yield "basis", record.basis if isinstance(record.basis, str) else f"`{record.basis.column}`"
    if record.marking or record.marking_column:
        yield "marking", f"`{record.marking or record.marking_column}`"


def _of_graph(spec: ManifestSpec) -> Iterator[str]:
    for what, entries in (("Labels", spec.labels), ("Types", spec.types)):
        if entries:
            yield from [f"## {what}", "", f"| {what[:-1].lower()} | becomes | properties |", "|---|---|---|"]
            yield from (_entry(name, each) for name, each in entries.items())
            yield ""


def _entry(name: str, entry: LabelSpec | TypeSpec) -> str:
    ends = f", {entry.source} to {entry.target}" if isinstance(entry, TypeSpec) else ""
    said = [f"{key}: {_all(_origin(value) for value in values)}" for key, values in entry.properties.items()]
    said += ["others as text"] if entry.rest == "description" else []
    return f"| `{name}` | {entry.schema_}{ends} | {_cell('; '.join(said))} |"


def _all(texts: Iterable[str]) -> str:
    return "; ".join(texts)


def _origin(spec: Steps) -> str:
    column, template = getattr(spec, "column", None), getattr(spec, "template", None)
    first = getattr(spec, "first", None)
    start = f"`{column or template}`" if column or template else f"always `{getattr(spec, 'value', '')}`"
    start = f"the first of {', '.join(f'`{each}`' for each in first)}" if first else start
    return ", ".join([start, *_steps(spec), *(_written(spec) if isinstance(spec, ValueSpec) else ())])


def _role(role: RoleSpec) -> str:
    only = f" (where {_when(role.when)})" if role.when else ""
    if role.record:
        return f"the record `{role.record}`{only}"
    return ", ".join([" or else ".join(f"`{each}`" for each in role.id or ()), *_steps(role)]) + only


def _steps(spec: Steps) -> Iterator[str]:
    if spec.list:
        yield "a list"
    if spec.split:
        yield (
            f"split where `{spec.split.pattern}` fits"
            if isinstance(spec.split, SplitAt)
            else f"split at `{spec.split}`"
        )
    if spec.item is not None:
        yield f"piece {spec.item}"
    if spec.take:
        yield f"what `{spec.take}` finds"
    if spec.strip:
        yield f"without `{spec.strip}`"
    if spec.map is not None:
        pairs = [f"{text} → {means or 'nothing'}" for text, means in list(spec.map.items())[:_MOST_MAPPED]]
        more = [f"and {len(spec.map) - _MOST_MAPPED} more"] if len(spec.map) > _MOST_MAPPED else []
        yield f"mapped ({', '.join(pairs + more)})" if spec.map else "kept as it is written, which is no value"


def _written(spec: ValueSpec) -> Iterator[str]:
    if spec.format:
        yield f"written {' or '.join(f'`{each}`' for each in spec.format)}"
    if spec.precision:
        yield f"to the {spec.precision}"
    if spec.decimal or spec.thousands:
        yield f"with `{spec.decimal or '.'}` before decimals"
    if spec.seconds:
        yield "in seconds, or as h:mm:ss"


def _when(when: When) -> str:
    if when.not_ is not None:
        return f"not: {_when(when.not_)}"
    if when.all_ is not None or when.any_ is not None:
        joint = " and " if when.all_ is not None else " or "
        return joint.join(
            f"({_when(each)})" if each.column is None else _when(each) for each in when.all_ or when.any_ or ()
        )
    if when.equals:
        return f"`{when.column}` is {' or '.join(f'`{each}`' for each in when.equals)}"
    return f"`{when.matches}` fits `{when.column}`" if when.matches else f"`{when.column}` is filled"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write all pages, and delete those of adapters that are gone."""
    FOLDER.mkdir(exist_ok=True)
    wanted = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
