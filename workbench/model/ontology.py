"""The ontology: FollowTheMoney's schemata and our own.

Our YAML in `schema/` has FollowTheMoney's form. `_extend.yaml` adds properties to FollowTheMoney's
schemata; a schema of ours with the name of one of theirs (Call) replaces it. `_tie_types.yaml` names
the relationship types of a property graph, `_days.yaml` lists the properties that are days, not moments.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from workbench.errors import InputError
from workbench.model.schemata import OWN_SCHEMATA, Schema, read_schemata, read_yaml
from workbench.model.tie_types import Arrow, type_of_name

_TIE_TYPES = "_tie_types.yaml"
_DAYS = "_days.yaml"

# Properties that date a relationship or event, best first.
TIMES = ("date", "startDate", "endDate", "modifiedAt")


class Ontology:
    """All schemata by name: FollowTheMoney's, overridden by ours. Get it with `ontology()`."""

    def __init__(self) -> None:
        self.schemata = read_schemata()
        self._roles = {s.name: _role_names(s) for s in self.schemata.values()}
        self._verbs = _verbs(self.schemata)
        self._arrows: dict[tuple[str, str, str], Arrow] = {}
        self._days = {(schema, prop) for schema, props in read_yaml(OWN_SCHEMATA / _DAYS).items() for prop in props}

    def __iter__(self) -> Iterator[Schema]:
        return iter(self.schemata.values())

    def require(self, name: str) -> Schema:
        """The schema with that name; InputError, which suggests similar names, if there is none."""
        schema = self.schemata.get(name)
        if schema is not None and schema.abstract:
            some = ", ".join([each.name for each in self.concrete() if name in each.names][:3])
            raise InputError(
                f"{name} is abstract, no record is of it: name a schema of its kind, such as {some}", "schema"
            )
        if schema is None:
            near = ", ".join(get_close_matches(name, [s.name for s in self.concrete()], 3))
            raise InputError(f"no schema {name!r}" + (f": did you mean {near}?" if near else ""), "schema")
        return schema

    def is_relationship(self, name: str) -> bool:
        """Whether records of this schema are relationships, and not about one entity."""
        return self.schemata[name].edge

    def roles(self, name: str) -> tuple[str, ...]:
        """Names of the entity-valued properties of a schema, sorted."""
        return self._roles[name]

    def ends(self, name: str) -> tuple[str, str]:
        """The (source, target) roles of a relationship schema; ("", "") for any other."""
        schema = self.schemata[name]
        return (schema.edge_source, schema.edge_target)

    def arrow(self, name: str, a: str, b: str) -> Arrow:
        """The type and direction, in a property graph, of a tie between two roles of a schema.

        From source to target the type is the schema's verb, also for the ends of a parent schema
        (a Transfer's payer PAID its beneficiary). Any other tie runs from `a` to `b` and is named
        after `b`; for an entity's record `a` is "" (`Passport` to `holder`: HOLDER).
        `Record.arrow` prefers the name that the record's source gives the tie.
        """
        arrow = self._arrows.get((name, a, b))
        if arrow is None:
            arrow = self._arrows[name, a, b] = _arrow(self._verbs[name], a, b)
        return arrow

    def tie_types(self) -> tuple[str, ...]:
        """All types of ties, except those that only sources name, sorted."""
        heads = {type_of_name(role) for roles in self._roles.values() for role in roles}
        return tuple(sorted(heads.union(*(verbs.values() for verbs in self._verbs.values()))))

    def is_a(self, name: str, parent: str) -> bool:
        """Whether a schema is or extends `parent`."""
        return parent in self.schemata[name].names

    def narrowest(self, names: Iterable[str]) -> str:
        """The most specific of the schemata that records give one entity; "Thing" if there are none.

        If two exclude each other (Person and Vehicle), the one with more ancestors wins, then the
        first by name. The records still hold what each source said.
        """
        schemata = [self.schemata[n] for n in set(names)]
        if not schemata:
            return "Thing"
        return min(schemata, key=lambda s: (-len(s.names), s.name)).name

    def is_day(self, name: str, prop: str) -> bool:
        """Whether a property of a schema is a day, such as a birth date, and not a moment."""
        return any((each, prop) in self._days for each in self.schemata[name].names)

    def caption(self, name: str, values: Mapping[str, Iterable[str]]) -> str:
        """The caption of an entity: the first value of its schema's caption properties, "" if none has one."""
        for prop in self.schemata[name].caption:
            for value in values.get(prop, ()):
                return value
        return ""

    def when(self, values: Mapping[str, Iterable[str]]) -> str:
        """The date of a relationship or event, as exact as its record has it ("2019-03"); "" without one."""
        for prop in TIMES:
            for value in sorted(values.get(prop, ())):
                return value
        return ""

    def concrete(self) -> Iterator[Schema]:
        """All schemata that a record can have, by name."""
        return iter(sorted((s for s in self if not s.abstract), key=lambda s: s.name))


def _role_names(schema: Schema) -> tuple[str, ...]:
    return tuple(sorted(p.name for p in schema.properties.values() if p.type == "entity"))


def _verbs(schemata: Mapping[str, Schema]) -> dict[str, dict[tuple[str, str], str]]:
    """By schema: the verb for each (source, target), those of its parents included."""
    declared = read_yaml(OWN_SCHEMATA / _TIE_TYPES)
    verbs: dict[str, dict[tuple[str, str], str]] = {}
    for name, schema in schemata.items():
        edges = [each for each in map(schemata.__getitem__, schema.names) if each.edge]
        edges.sort(key=lambda each: (len(each.names), each.name))
        verbs[name] = {(s.edge_source, s.edge_target): declared.get(s.name) or type_of_name(s.name) for s in edges}
    return verbs


def _arrow(verbs: Mapping[tuple[str, str], str], a: str, b: str) -> Arrow:
    if (a, b) in verbs:
        return Arrow(verbs[a, b], True)
    if (b, a) in verbs:
        return Arrow(verbs[b, a], False)
    return Arrow(type_of_name(b), True)


@cache
def ontology() -> Ontology:
    """The one ontology of this process, loaded at its first use."""
    return Ontology()
