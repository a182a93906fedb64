"""Resolve labelled records with the workbench itself, and compare its clusters with the labels."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import phonenumbers

from benchmarks.resolution.pairs import scripts_of
from benchmarks.resolution.reading import Fields, Key, Labelled, iso, month_first, records, truths
from benchmarks.resolution.scoring import by_group, cluster_score, errors
from ingest.pipeline import load
from workbench.access.viewer import Viewer
from workbench.resolve.scoring import score
from workbench.view.store import GraphStore, open_store

# From so many records on there is enough to train a model on.
TRAINED_FROM = 1_000
_COUNTRIES = ("us", "gb", "au", "de", "fr", "nl", "es", "it", "bg", "cy", "ma", "gr", "ru", "ua")
_MAILBOX = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")
_SAMPLE = 200


def measured(folder: Path) -> dict[str, Any]:
    """What resolution makes of a folder of records, by each file of labels; as JSON values."""
    rows, labels = list(records(folder)), truths(folder)
    with TemporaryDirectory() as work:
        clusters, told = resolved(rows, Path(work))
    scripts = {" ".join(row.key): scripts_of(" ".join(_every_name(row.fields))) for row in rows}
    for name, truth in labels.items():
        told[name] = _beside(clusters, _of_sources(truth, clusters), scripts)
    return told


def are_in(folder: Path) -> bool:
    """Whether a folder has records and labels."""
    return bool(truths(folder)) and next(records(folder), None) is not None


def resolved(rows: Sequence[Labelled], work: Path) -> tuple[dict[Key, str], dict[str, Any]]:
    """The cluster of each record, and the seconds of CPU that each step took."""
    began = process_time()
    store = open_store(f"sqlite:///{work / 'records.db'}")
    agencies = _written(rows, work)
    viewer = Viewer(name="measure", level="SECRET", agencies=frozenset(agencies), loads=frozenset(agencies))
    for agency, file in agencies.items():
        load(store, file, adapter="ftm", agency=agency, dataset="records", viewer=viewer, by="measure")
    loaded = process_time()
    scoring = score(store, store.view(viewer), train=len(rows) >= TRAINED_FROM)
    scored = process_time()
    clusters = _clusters(store, viewer, rows)
    seconds = {"load": loaded - began, "resolve": scored - loaded, "read": process_time() - scored}
    told = {"records": len(rows), "pairs": scoring.pairs, "seconds": {k: round(v, 1) for k, v in seconds.items()}}
    store.close()
    return clusters, told


def _beside(clusters: Mapping[Key, str], truth: Mapping[Key, str], scripts: Mapping[str, str]) -> dict[str, Any]:
    """The score of clusters beside labels, of the records that have one."""
    found, true = ({" ".join(key): said for key, said in each.items() if key in truth} for each in (clusters, truth))
    return cluster_score(found, true).told() | errors(by_group(found, true, scripts))


def _clusters(store: GraphStore, viewer: Viewer, rows: Sequence[Labelled]) -> dict[Key, str]:
    names = {f"{_agency(row.key[0])}/records": row.key[0] for row in rows}
    return {(names[dataset], source): canonical for canonical, dataset, source in store.view(viewer).clusters()}


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
    """The country in which most of some phone numbers are valid."""
    valid = Counter[str]()
    for n, phone in enumerate(phones):
        if n < _SAMPLE:
            valid.update(country for country in _COUNTRIES if _is_valid(phone, country))
    return max(_COUNTRIES, key=lambda country: (valid[country], -_COUNTRIES.index(country)))


def _is_valid(phone: str, country: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(phone, country.upper()))
    except phonenumbers.NumberParseException:
        return False


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
