"""Map entities in FollowTheMoney's own terms to records, without a mapping in the manifest.

The schema decides whether an entity is a relationship; every entity-valued property is a role. Values are cleaned
again, whatever the file promises, and the originals are kept.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.account import Account
from ingest.manifest import Manifest
from ingest.mapping.cleaning import Cleaner, cleaner
from ingest.mapping.dates import DateHint
from ingest.mapping.making import made
from ingest.mapping.outcomes import Begin
from ingest.shapes import BadUnit, Entity, Gone, Header, writable
from workbench.errors import InputError
from workbench.model.marking import Marking
from workbench.model.ontology import ontology
from workbench.model.record import Record, Role, Value, gone


def begin_entities(name: str, manifest: Manifest, account: Account, defaults: Path | None) -> Begin:
    """The mapper for a file of entities; FileRefused for a manifest that maps columns."""
    entities = _Entities(name, manifest)

    def begin(header: Header | None) -> _Entities:
        return entities

    return begin


class _Entities:
    """Makes the records of entities; caches the cleaners of each schema."""

    def __init__(self, name: str, manifest: Manifest) -> None:
        spec = manifest.written(name)
        self._dataset = manifest.source
        self._held = manifest.handling(name)
        self._ignored = frozenset(spec.ignore)
        self._country = spec.country or manifest.spec.country
        self._dates = DateHint(timezone=spec.timezone or manifest.spec.timezone)
        self._cleaners: dict[str, dict[str, Cleaner | None]] = {}

    def records(self, unit: Entity | Gone) -> list[Record]:
        """The record of an entity, or that it is gone."""
        for name in unit.others:
            if name not in self._ignored:
                raise BadUnit(f"unknown key: {_shown(name)}", _unknown(name))
        if isinstance(unit, Gone):
            return [gone(self._dataset, _text("id", unit.id), self._held.marking, self._held.part, unit.locator)]
        schema, source_id = self._schema(unit.schema), _text("id", unit.id)
        properties, roles = self._properties(schema, unit.fields, unit.originals)
        return [made(schema, self._dataset, source_id, properties, roles, self._held, unit.locator)]

    def asked(self, unit: Entity | Gone) -> Marking | None:
        """Always None: a unit has no marking of its own."""
        return None

    def _schema(self, given: Any) -> str:
        """The schema of an entity; of several the narrowest."""
        if not isinstance(given, list):
            return _text("schema", given)
        names = [_text("schema", each) for each in given]
        for name in names if len(names) > 1 else ():
            if name not in self._cleaners:
                self._of_schema(name)
        return ontology().narrowest(names) if len(names) > 1 else "".join(names)

    def _properties(
        self, schema: str, given: Any, originals: Mapping[str, Mapping[str, str]]
    ) -> tuple[Mapping[str, tuple[Value, ...]], tuple[Role, ...]]:
        if not isinstance(given, dict):
            raise BadUnit("not an entity", "its properties are no JSON object: write lists of texts by name")
        cleaners = self._cleaners.get(schema) or self._of_schema(schema)
        properties: dict[str, tuple[Value, ...]] = {}
        roles: list[Role] = []
        for name, listed in given.items():
            if name in self._ignored:
                continue
            if name not in cleaners:
                message = f"{schema} has no property {name!r}: add it to `ignore`"
                raise BadUnit(f"unknown property: {_shown(name)}", message)
            texts = _texts(name, listed)
            clean = cleaners[name]
            if clean is None:
                roles += (Role(name, text.strip()) for text in texts)
            elif texts:
                properties[name] = _values(name, texts, clean, originals.get(name, {}))
        return properties, tuple(dict.fromkeys(roles))

    def _of_schema(self, schema: str) -> dict[str, Cleaner | None]:
        """The cleaner of each property of a schema; None for roles."""
        try:
            declared = ontology().require(schema)
        except InputError as error:
            raise BadUnit(f"unknown schema: {schema}", error.message) from error
        self._cleaners[schema] = {
            name: None if prop.type == "entity" else cleaner(schema, name, country=self._country, dates=self._dates)
            for name, prop in declared.properties.items()
        }
        return self._cleaners[schema]


# Keys that only our own exports have.
_OF_A_VIEW = frozenset({"agencies", "grades", "marking", "records", "uncleaned"})


def _unknown(name: str) -> str:
    if name in _OF_A_VIEW:
        return (
            f"key {name!r} is of an export of the workbench, where an entity is what several records say: loaded, it"
            " would lose who said what, and each record's marking. Load the agencies' files, or copy the store"
        )
    return f"nothing is known of key {name!r}: add it to `ignore`"


def _shown(name: str) -> str:
    """A name as text that can be stored: JSON escapes can make lone surrogates."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadUnit(f"no {name}", f"the entity has no {name}: every entity needs one, as text")
    return writable(name, value).strip()


def _values(name: str, texts: list[str], clean: Cleaner, originals: Mapping[str, str]) -> tuple[Value, ...]:
    try:
        found = {Value(value, originals.get(text, original)): 0 for text in texts for value, original in clean(text)}
        return tuple(found)
    except BadUnit as bad:
        raise BadUnit(f"{bad.reason}: {name}", f"{name}: {bad}") from None


def _texts(name: str, listed: Any) -> list[str]:
    """The texts of a property that are not empty; a single text need not be in a list."""
    values = listed if isinstance(listed, list) else [listed]
    for value in values:
        if value is not None and not isinstance(value, str):
            raise BadUnit(
                f"no text: {name}", f"{name} has a value that is no text: write entities flat, with ids as values"
            )
    return [writable(name, value) for value in values if value and not value.isspace()]
