"""Labelled records of any table: CSV, or JSON lines with the attributes that Senzing's truth set has."""

import csv
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

# (source, id) of a record.
Key = tuple[str, str]
Fields = Mapping[str, list[str]]

_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_OTHERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})")
_YEAR = re.compile(r"\d{4}")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Labelled:
    """A record of a table: which it is, and the texts of each field that is known by its column."""

    key: Key
    fields: Fields


def records(folder: Path) -> Iterator[Labelled]:
    """The records of all tables in a folder; JSON lines alone where there are both of one name."""
    lines = sorted(folder.glob("*.jsonl"))
    named = {path.stem for path in lines}
    for path in lines:
        yield from (_labelled(path.stem, _of_features(json.loads(line))) for line in path.open(encoding="utf-8"))
    for path in sorted(folder.glob("*.csv")):
        rows = list(_rows(path)) if path.stem not in named else []
        if rows and _holds_records(rows[0]):
            yield from (_labelled(path.stem, _known(row.items())) for row in rows)


def truths(folder: Path) -> dict[str, dict[Key, str]]:
    """The label of each record, by the name of each file that has labels; the source is "" where it says none."""
    found = {path.name: _labels(list(_rows(path))) for path in sorted(folder.glob("*.csv"))}
    return {name: labels for name, labels in found.items() if labels}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {(name or "").strip(): (said or "").strip() for name, said in row.items() if isinstance(said, str)}


def _labels(rows: list[dict[str, str]]) -> dict[Key, str]:
    if not rows or _holds_records(rows[0]):
        return {}
    named = {_plain(name): name for name in rows[0]}
    label = next((named[each] for each in ("clusterid", "cluster", "entity", "entityid", "label") if each in named), "")
    place = {field: named[each] for field in ("id", "source") for each in _columns()[field] if each in named}
    if not label or "id" not in place:
        return {}
    return {(row.get(place.get("source", ""), ""), row[place["id"]]): row[label] for row in rows}


def _holds_records(row: Mapping[str, str]) -> bool:
    known = {_field(name) for name in row}
    return bool(known & {"name", "first", "last", "organisation"})


def _of_features(said: Mapping[str, Any]) -> Fields:
    """The fields of a line of Senzing's: its own attributes, and those of its features."""
    every = [said, *(each for each in said.get("FEATURES", ()) if isinstance(each, dict))]
    return _known((name, text) for each in every for name, text in each.items() if isinstance(text, str | int))


def _known(said: Iterable[tuple[str, Any]]) -> Fields:
    fields: dict[str, list[str]] = defaultdict(list)
    for name, text in said:
        if (field := _field(name)) and str(text).strip():
            fields[field].append(str(text).strip())
    return fields


def _labelled(stem: str, fields: Fields) -> Labelled:
    source = fields["source"][0] if fields.get("source") else stem.upper()
    return Labelled((source, fields["id"][0]), fields)


def _field(column: str) -> str:
    """The field that a column has; "" for one that is not known."""
    plain = _plain(column)
    for prefix in ("", *_table()["prefixes"]):
        found = _places().get(plain.removeprefix(prefix))
        if found:
            return found
    return ""


def _plain(column: str) -> str:
    return re.sub(r"[\W_]+", "", column).lower()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))


def _columns() -> Mapping[str, list[str]]:
    columns: Mapping[str, list[str]] = _table()["fields"]
    return columns


@cache
def _places() -> Mapping[str, str]:
    return {name: field for field, names in _columns().items() for name in names}


def month_first(dates: Iterable[str]) -> bool:
    """Whether dates like 11/12/1978 name the month first: no first number of any is above 12."""
    return all(int(found[1]) <= _MONTHS for each in dates if (found := _OTHERS.fullmatch(each)))


def iso(said: str, is_month_first: bool) -> str:
    """A date as ISO text; its year alone where the rest is none; "" for anything else."""
    year = month = day = 0
    if found := _EIGHT_DIGITS.fullmatch(said) or _ISO.fullmatch(said):
        year, month, day = map(int, found.groups())
    elif found := _OTHERS.fullmatch(said):
        month, day, year = map(int, found.groups())
        month, day = (month, day) if is_month_first else (day, month)
        month, day = (day, month) if month > _MONTHS else (month, day)
        year += 1900 if year < 100 else 0
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        leads = _YEAR.match(said)
        return leads[0] if leads else ""
