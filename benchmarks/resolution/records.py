"""Resolve labelled records with the workbench itself, and compare its clusters with the labels."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import phonenumbers

from benchmarks.resolution.pairs import scripts_of
from benchmarks.resolution.reading import Fields, Key, Labelled, iso, month_first, records, truths
from benchmarks.resolution.resolving import resolved
from benchmarks.resolution.scoring import by_group, cluster_score, errors
from ingest.pipeline import load
from workbench.access.viewer import Viewer
from workbench.view.store import GraphStore

# From so many records on there is enough to train a model on.
TRAINED_FROM = 1_000
_COUNTRIES = ("us", "gb", "au", "de", "fr", "nl", "es", "it", "bg", "cy", "ma", "gr", "ru", "ua")
_MAILBOX = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
_SAMPLE = 200


def measured(folder: Path) -> dict[str, Any]:
    """What resolution makes of a folder of records, by each file of labels; as JSON values."""
    rows, labels = list(records(folder)), truths(folder)
    clusters, told = _resolved(rows)
    scripts = {" ".join(row.key): scripts_of(" ".join(_every_name(row.fields))) for row in rows}
    for name, truth in labels.items():
        told[name] = _beside(clusters, _of_sources(truth, clusters), scripts)
    return told


def are_in(folder: Path) -> bool:
    """Whether a folder has records and labels."""
    return bool(truths(folder)) and next(records(folder), None) is not None


def _resolved(rows: Sequence[Labelled]) -> tuple[dict[Key, str], dict[str, Any]]:
    """The cluster of each record, and what it took."""
    names = {_agency(row.key[0]): row.key[0] for row in rows}
    made = resolved(names, lambda store, viewer: _load(store, viewer, rows), train=len(rows) >= TRAINED_FROM)
    clusters = {(names[agency], source): canonical for (agency, source), canonical in made.clusters.items()}
    return clusters, {"records": len(rows)} | made.told


def _load(store: GraphStore, viewer: Viewer, rows: Sequence[Labelled]) -> None:
    with TemporaryDirectory() as work:
        for agency, file in _written(rows, Path(work)).items():
            load(store, file, adapter="ftm", agency=agency, dataset="records", viewer=viewer, by="measure")


def _beside(clusters: Mapping[Key, str], truth: Mapping[Key, str], scripts: Mapping[str, str]) -> dict[str, Any]:
    """The score of clusters beside labels, of the records that have one."""
    found, true = ({" ".join(key): said for key, said in each.items() if key in truth} for each in (clusters, truth))
    return cluster_score(found, true).told() | errors(by_group(found, true, scripts))


def _of_sources(truth: Mapping[Key, str], clusters: Mapping[Key, str]) -> dict[Key, str]:
    """The labels by records; where they name no source, by all records of the id."""
    if any(source for source, _ in truth):
        return dict(truth)
    return {key: truth["", key[1]] for key in clusters if ("", key[1]) in truth}


def _agency(source: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "", source.upper()) or "ONE"


def _written(rows: Sequence[Labelled], work: Path) -> dict[str, Path]:
    """A file of FollowTheMoney entities for each source, by its agency."""
    is_month_first = month_first(each for row in rows for each in row.fields.get("birth", ()))
    country = _country(each for row in rows for each in row.fields.get("phone", ()))
    lines: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        schema = "Organization" if _is_organisation(row.fields) else "Person"
        said = _properties(row.fields, schema, is_month_first, country)
        entity = {"id": row.key[1], "schema": schema, "properties": {k: v for k, v in said.items() if v}}
        lines[_agency(row.key[0])].append(json.dumps(entity, ensure_ascii=False))
    files = {agency: work / f"{agency}.jsonl" for agency in lines}
    for agency, file in files.items():
        file.write_text("\n".join(lines[agency]) + "\n", "utf-8")
    return files


def _is_organisation(fields: Fields) -> bool:
    kind = "".join(fields.get("kind", ())).lower()
    return kind.startswith(("org", "comp", "bus")) or ("organisation" in fields and "last" not in fields and not kind)


def _country(phones: Iterable[str]) -> str:
    """The country in which most of the first phone numbers are possible."""
    possible = Counter[str]()
    for phone in islice(phones, _SAMPLE):
        possible.update(each for each in _COUNTRIES if phonenumbers.is_possible_number_string(phone, each.upper()))
    return max(_COUNTRIES, key=lambda country: (possible[country], -_COUNTRIES.index(country)))


def _properties(fields: Fields, schema: str, is_month_first: bool, country: str) -> dict[str, list[str]]:
    """A record's fields as properties of FollowTheMoney."""
    birth = "birthDate" if schema == "Person" else "incorporationDate"
    return {
        "name": _every_name(fields),
        birth: [day for each in fields.get("birth", ()) if (day := iso(each, is_month_first))],
        "gender": [each.lower() for each in fields.get("sex", ())] if schema == "Person" else [],
        "phone": [_phone(each, country) for each in fields.get("phone", ())],
        "email": [found for each in fields.get("email", ()) for found in _MAILBOX.findall(each)],
        "passportNumber": fields.get("passport", []) if schema == "Person" else [],
        "passportCountry": fields.get("passport_country", []) if schema == "Person" else [],
        "socialSecurityNumber": fields.get("social", []) if schema == "Person" else [],
        "idNumber": fields.get("national", []),
        "registrationNumber": [f"licence {each}" for each in fields.get("licence", ())],
        "taxNumber": fields.get("tax", []),
        "leiCode": fields.get("lei", []),
        "address": [*fields.get("address", ()), *_addresses(fields)],
        "country": [country],
    }


def _every_name(fields: Fields) -> list[str]:
    return [*fields.get("name", ()), *fields.get("organisation", ()), *_names(fields)]


def _names(fields: Fields) -> list[str]:
    """The names that first, middle and last names make, each with those of its place."""
    many = max(len(fields.get(name, ())) for name in ("first", "last"))
    parts = [fields.get(name, []) for name in ("first", "middle", "last", "suffix")]
    return [" ".join(part[n] for part in parts if n < len(part)) for n in range(many)]


def _phone(said: str, country: str) -> str:
    try:
        parsed = phonenumbers.parse(said, country.upper())
    except phonenumbers.NumberParseException:
        return said
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _addresses(fields: Fields) -> list[str]:
    parts = [fields.get(name, []) for name in ("number", "street", "street2", "city", "state", "postcode")]
    many = max(map(len, parts))
    return [" ".join(part[n] for part in parts if n < len(part)) for n in range(many)]
