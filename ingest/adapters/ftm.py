"""Adapter `ftm`: FollowTheMoney entities, one JSON object a line.

Whether an entity is a relationship is its schema's word; every entity-valued property is a
role. Values are cleaned again, whatever the file promises, and keep what it says.
"""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from ingest.account import Account
from ingest.adapters.cleaning import Cleaner, DateHint, cleaner
from ingest.adapters.delimited import check_text
from ingest.manifest import BadUnit, FileSpec, Manifest, Readable, Reject
from ingest.units import tied
from workbench.errors import FileRefused, InputError
from workbench.model.ontology import ontology
from workbench.model.record import Record, Role, Value

# What exporters write beside id, schema and properties: all of it follows from the entities
# and the datasets that they were made from.
_DERIVED = frozenset(
    {"caption", "datasets", "referents", "target", "first_seen", "last_seen", "last_change", "origin", "key_prefix"}
)
_LOOKED_AT = 20
_LONGEST = 1 << 24
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def read(path: Readable, manifest: Manifest, account: Account | None = None) -> Iterator[Record | Reject]:
    """The record of each line, or its reject; FileRefused where no line is an entity."""
    reader = _Reader(path, manifest)
    _check(path)
    for number, line in _lines(path):
        locator = f"{path.name}:{number}"
        try:
            record = tied(reader.record(line, locator))
        except BadUnit as bad:
            yield Reject(locator, bad.reason, str(bad), line)
        else:
            yield record


def _lines(path: Readable) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers."""
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.seek(0)
        number = 0
        while line := stream.readline(_LONGEST):
            number += 1
            if line.strip():
                yield number, line


def _check(path: Readable) -> None:
    """Refuse what is no file of JSON lines: another format, an array, one object over many lines."""
    with path.open("rb") as stream:
        check_text(path, stream.read(8))
    first: list[bytes] = []
    for number, line in _lines(path):
        if len(line) >= _LONGEST:
            raise FileRefused(
                "row too long",
                f"{path.name} line {number} has {_LONGEST} bytes or more: is it one entity a line?",
                number,
            )
        if len(first) < _LOOKED_AT:
            first.append(line.strip())
    if not first:
        raise FileRefused("empty file", f"{path.name} is empty: was it delivered whole?")
    objects = any(line.startswith(b"{") and line.endswith(b"}") for line in first)
    if not objects or first[0].startswith(b"["):
        message = f"{path.name}: its first lines are no JSON objects: this adapter wants one entity a line"
        raise FileRefused("not JSON lines", message, 1)


class _Reader:
    """Reads lines, with what is needed for each schema kept."""

    def __init__(self, path: Readable, manifest: Manifest) -> None:
        spec = manifest.file(path.name) or FileSpec(pattern="*")
        self._dataset = manifest.source
        self._handling = manifest.handling(path.name)
        self._ignored = frozenset(spec.ignore)
        self._country = spec.country or manifest.spec.country
        self._dates = DateHint(timezone=spec.timezone or manifest.spec.timezone)
        self._cleaners: dict[str, dict[str, Cleaner | None]] = {}

    def record(self, line: bytes, locator: str) -> Record:
        """The record of a line; BadUnit says why there is none."""
        entity = _parsed(line)
        for key in entity:
            if key not in ("id", "schema", "properties") and key not in _DERIVED and key not in self._ignored:
                raise BadUnit(f"unknown key: {key}", f"nothing is known of key {key!r}: add it to `ignore`")
        schema, source_id = _text(entity, "schema"), _text(entity, "id")
        properties, roles = self._properties(schema, entity.get("properties") or {})
        held = self._handling
        return Record(
            schema,
            self._dataset,
            source_id,
            properties,
            held.marking,
            roles,
            held.basis,
            held.grade,
            held.part,
            0,
            locator,
        )

    def _properties(self, schema: str, given: Any) -> tuple[Mapping[str, tuple[Value, ...]], tuple[Role, ...]]:
        if not isinstance(given, dict):
            raise BadUnit("not an entity", "its properties are no JSON object: write lists of texts by name")
        cleaners = self._cleaners.get(schema) or self._of_schema(schema)
        properties: dict[str, tuple[Value, ...]] = {}
        roles: list[Role] = []
        for name, listed in given.items():
            if name in self._ignored:
                continue
            if name not in cleaners:
                raise BadUnit(f"unknown property: {name}", f"{schema} has no property {name!r}: add it to `ignore`")
            texts = _texts(name, listed)
            clean = cleaners[name]
            if clean is None:
                roles += (Role(name, text.strip()) for text in texts)
            elif texts:
                properties[name] = _values(name, texts, clean)
        return properties, tuple(dict.fromkeys(roles))

    def _of_schema(self, schema: str) -> dict[str, Cleaner | None]:
        """How each property of a schema is cleaned; None for its roles."""
        try:
            found = ontology().require(schema)
        except InputError as error:
            raise BadUnit(f"unknown schema: {schema}", str(error)) from error
        self._cleaners[schema] = {
            name: None if prop.type == "entity" else cleaner(schema, name, country=self._country, dates=self._dates)
            for name, prop in found.properties.items()
        }
        return self._cleaners[schema]


def _values(name: str, texts: list[str], clean: Cleaner) -> tuple[Value, ...]:
    try:
        return tuple(dict.fromkeys(value for text in texts for value in clean(text)))
    except BadUnit as bad:
        raise BadUnit(f"{bad.reason}: {name}", f"{name}: {bad}") from None


def _texts(name: str, listed: Any) -> list[str]:
    """The texts of a property that are not empty; a lone one may stand without a list."""
    values = listed if isinstance(listed, list) else [listed]
    for value in values:
        if value is not None and not isinstance(value, str):
            raise BadUnit(
                f"no text: {name}", f"{name} has a value that is no text: write entities flat, with ids as values"
            )
    return [_writable(name, value) for value in values if value and not value.isspace()]


def _text(entity: Mapping[str, Any], key: str) -> str:
    value = entity.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadUnit(f"no {key}", f"the entity has no {key}: every entity needs one, as text")
    return _writable(key, value).strip()


def _writable(name: str, text: str) -> str:
    """A text that can be stored; JSON's escapes can make NULs and halves of characters."""
    if _UNWRITABLE.search(text):
        raise BadUnit(
            "NUL" if "\0" in text else "half a character",
            f"{name} has a character that is no text: remove it, or export it again",
        )
    return text


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        entity = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadUnit("wrong encoding", "the line is not utf-8, which JSON is always in: convert it") from error
    except RecursionError as error:
        raise BadUnit(
            "nested too deeply", "the line is nested too deeply for an entity: write entities flat"
        ) from error
    except json.JSONDecodeError as error:
        raise BadUnit("not JSON", f"column {error.colno}: {error.msg}: repair the line") from error
    if not isinstance(entity, dict):
        raise BadUnit("not an entity", "the line is no JSON object: write one entity a line")
    return entity


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key in found if times[key] > 1)
        raise BadUnit("key stands twice", f"key {twice!r} stands twice: keep the one that holds")
    return found


def _no_number(text: str) -> NoReturn:
    raise BadUnit("not JSON", f"{text} is no JSON: leave the value out, or write it as text")


# Numbers stay as they are written: 1.10 is no 1.1, and 00123 is no number at all.
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=_no_number)
