"""Schemata of entities and relationships, read from FollowTheMoney's YAML files and our own.

FollowTheMoney itself is not imported here: that takes longer than most answers, and only the cleaning
of values needs it. Tests compare every schema with FollowTheMoney's own model (`tests/model`).
"""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from workbench.errors import WorkbenchError

OWN_SCHEMATA = Path(__file__).parent / "schema"
_EXTEND = "_extend.yaml"


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a schema; it holds roles if its type is `entity`, values otherwise.

    `type` is the name of a FollowTheMoney type, `format` the name of an identifier's format, `range` that of the schema
    of what fills a role, "" for values.
    """

    name: str
    label: str
    type: str
    format: str | None
    range: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """A kind of entity or relationship.

    `names` holds its own name and those of all ancestors; `properties` includes inherited ones.
    `edge_source` and `edge_target` are the roles at the ends of a relationship, "" for an entity.
    """

    name: str
    label: str
    abstract: bool
    names: frozenset[str]
    properties: Mapping[str, Property]
    caption: tuple[str, ...]
    featured: tuple[str, ...]
    edge_source: str
    edge_target: str
    edge_directed: bool
    edge_caption: tuple[str, ...]

    @property
    def edge(self) -> bool:
        """Whether records of this schema are relationships."""
        return bool(self.edge_source and self.edge_target)


def read_schemata() -> dict[str, Schema]:
    """All schemata by name; ours override or extend FollowTheMoney's."""
    specs = read_specs()

    @cache
    def of(name: str) -> Schema:
        spec = specs[name]
        return _schema(name, spec, [of(parent) for parent in spec.get("extends", ())])

    return {name: of(name) for name in specs}


def _schema(name: str, spec: Mapping[str, Any], parents: list[Schema]) -> Schema:
    own = {each: _property(each, said) for each, said in spec.get("properties", {}).items()}
    label, edge = spec.get("label", name), spec.get("edge", {})
    return Schema(
        name=name,
        label=label,
        abstract=spec.get("abstract", False),
        names=frozenset({name}).union(*(parent.names for parent in parents)),
        properties=dict(ChainMap(own, *(dict(parent.properties) for parent in parents))),
        caption=tuple(spec.get("caption", ())),
        featured=tuple(spec.get("featured", ())),
        edge_source=edge.get("source", ""),
        edge_target=edge.get("target", ""),
        edge_directed=edge.get("directed", True),
        edge_caption=tuple(edge.get("caption", ())),
    )


def _property(name: str, spec: Mapping[str, Any]) -> Property:
    kind = spec.get("type", "string")
    filled = spec.get("range", "Thing") if kind == "entity" else ""
    return Property(name, spec.get("label", name), kind, spec.get("format"), filled)


def read_specs() -> dict[str, Any]:
    """All schemata as plain data in FollowTheMoney's form; ours override or extend theirs."""
    specs: dict[str, Any] = {}
    for folder in (_their_schemata(), OWN_SCHEMATA):
        for path in sorted(folder.rglob("[!_]*.y*ml")):
            specs.update(read_yaml(path))
    for name, spec in read_yaml(OWN_SCHEMATA / _EXTEND).items():
        specs[name].setdefault("properties", {}).update(spec["properties"])
    return specs


def _their_schemata() -> Path:
    module = find_spec("followthemoney")
    if module is None or module.origin is None:
        raise WorkbenchError("followthemoney, which holds the ontology, is not installed: install it")
    return Path(module.origin).parent / "schema"


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 - a safe loader, by libyaml
    return data
