"""Kinds of entities and relationships as FollowTheMoney and we describe them, read from the files of both.

FollowTheMoney itself is not imported, which would take longer than most answers; only what cleans
values needs it. That its own model says the same of every schema is tested (`tests/model`).
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
    """What a schema has values or, where its type is `entity`, roles of.

    `type` is the name of FollowTheMoney's type, `format` that of an identifier's format.
    """

    name: str
    label: str
    type: str
    format: str | None


@dataclass(frozen=True, slots=True)
class Schema:
    """A kind of entity or relationship; `names` are those of all that it is, `properties` inherited ones too.

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
        """Whether records of it tie entities."""
        return bool(self.edge_source and self.edge_target)


def read_schemata() -> dict[str, Schema]:
    """All schemata by name, ours laid over FollowTheMoney's."""
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
    return Property(name, spec.get("label", name), spec.get("type", "string"), spec.get("format"))


def read_specs() -> dict[str, Any]:
    """All schemata as FollowTheMoney writes them, ours laid over theirs."""
    specs: dict[str, Any] = {}
    for folder in (_their_schemata(), OWN_SCHEMATA):
        for path in sorted(folder.rglob("[!_]*.y*ml")):
            specs.update(read_yaml(path))
    for name, spec in read_yaml(OWN_SCHEMATA / _EXTEND).items():
        specs[name].setdefault("properties", {}).update(spec["properties"])
    return specs


def _their_schemata() -> Path:
    found = find_spec("followthemoney")
    if found is None or found.origin is None:
        raise WorkbenchError("followthemoney, which the ontology is read from, is not installed: install it")
    return Path(found.origin).parent / "schema"


def read_yaml(path: Path) -> dict[str, Any]:
    """What a YAML file says."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 - a safe loader, by libyaml
    return data
