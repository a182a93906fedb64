"""Which kinds of entities and relationships there are: FollowTheMoney and our own schemata.

Our YAML in `schema/` has FollowTheMoney's form. `_extend.yaml` adds properties to schemata
that FollowTheMoney has; a schema of ours with a name of theirs (Call) takes its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from followthemoney.model import Model
from followthemoney.property import Property
from followthemoney.schema import Schema
from followthemoney.settings import MODEL_PATH

from workbench.errors import InputError

OWN_SCHEMATA = Path(__file__).parent / "schema"
_EXTEND = "_extend.yaml"

# Where a relationship or event says when it was, best first.
TIMES = ("date", "startDate", "endDate", "modifiedAt")


class Ontology(Model):
    """FollowTheMoney's model with our schemata in it; use `ontology()` to get it."""

    def __init__(self) -> None:
        self.path = str(OWN_SCHEMATA)
        self.schemata: dict[str, Schema] = {}
        self.properties: set[Property] = set()
        self.qnames: dict[str, Property] = {}
        for name, spec in _specs().items():
            self.schemata[name] = Schema(self, name, spec)
        self.generate()
        self._roles = {s.name: _role_names(s) for s in self.schemata.values()}

    def require(self, name: str) -> Schema:
        """The schema of that name; InputError, with names like it, if there is none."""
        schema = self.schemata.get(name)
        if schema is None or schema.abstract:
            near = ", ".join(get_close_matches(name, [s.name for s in self.concrete()], 3))
            raise InputError(f"no schema {name!r}" + (f": did you mean {near}?" if near else ""))
        return schema

    def is_relationship(self, name: str) -> bool:
        """Whether records of this schema tie entities, instead of describing one."""
        return self.schemata[name].edge

    def roles(self, name: str) -> tuple[str, ...]:
        """Names of the entity-valued properties of a schema, sorted."""
        return self._roles[name]

    def ends(self, name: str) -> tuple[str, str]:
        """The (source, target) roles of a relationship schema; ("", "") for others."""
        schema = self.schemata[name]
        return (schema.edge_source or "", schema.edge_target or "")

    def is_a(self, name: str, parent: str) -> bool:
        """Whether a schema is, or extends, another."""
        return parent in self.schemata[name].names

    def narrowest(self, names: Iterable[str]) -> str:
        """The most specific of several schemata said of one entity; "Thing" of none.

        Where two exclude each other (a Person, a Vehicle) the most specific, then the
        first by name, stands: the records still say what each source said.
        """
        found = [self.schemata[n] for n in set(names)]
        if not found:
            return "Thing"
        return min(found, key=lambda s: (-len(s.names), s.name)).name

    def caption(self, name: str, values: Mapping[str, Iterable[str]]) -> str:
        """What an entity is called: the first value of its schema's caption properties."""
        for prop in self.schemata[name].caption:
            for value in values.get(prop, ()):
                return value
        return ""

    def when(self, values: Mapping[str, Iterable[str]]) -> str:
        """When it was, as far as its record says ("2019-03"); "" if it does not."""
        for prop in TIMES:
            for value in sorted(values.get(prop, ())):
                return value
        return ""

    def concrete(self) -> Iterator[Schema]:
        """All schemata that a record can have, by name."""
        return iter(sorted((s for s in self if not s.abstract), key=lambda s: s.name))


def _role_names(schema: Schema) -> tuple[str, ...]:
    props = schema.properties.values()
    return tuple(sorted(p.name for p in props if p.type.name == "entity" and not p.stub))


def _specs() -> dict[str, Any]:
    """All schemata as FollowTheMoney writes them, ours laid over theirs."""
    specs: dict[str, Any] = {}
    for folder in (Path(MODEL_PATH), OWN_SCHEMATA):
        for path in sorted(folder.rglob("*.y*ml")):
            if path.name != _EXTEND:
                specs.update(_read(path))
    for name, spec in _read(OWN_SCHEMATA / _EXTEND).items():
        specs[name].setdefault("properties", {}).update(spec["properties"])
    return specs


def _read(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 - a safe loader, by libyaml
    return data


@cache
def ontology() -> Ontology:
    """The one ontology of this process, loaded at its first use."""
    return Ontology()
