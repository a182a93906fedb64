"""Which kinds of entities and relationships there are: FollowTheMoney and our own schemata.

Our YAML in `schema/` has FollowTheMoney's form. `_extend.yaml` adds properties to schemata
that FollowTheMoney has; a schema of ours with a name of theirs (Call) takes its place.
`_tie_types.yaml` says what relationships are called in a property graph, `_days.yaml` which
properties are days by nature.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from workbench.errors import InputError
from workbench.model.schemata import OWN_SCHEMATA, Schema, read_schemata, read_yaml
from workbench.model.tie_types import Arrow, type_of_name

_TIE_TYPES = "_tie_types.yaml"
_DAYS = "_days.yaml"

# Where a relationship or event says when it was, best first.
TIMES = ("date", "startDate", "endDate", "modifiedAt")


class Ontology:
    """FollowTheMoney's schemata with ours laid over them, by name; use `ontology()` to get it."""

    def __init__(self) -> None:
        self.schemata = read_schemata()
        self._roles = {s.name: _role_names(s) for s in self.schemata.values()}
        self._verbs = _verbs(self.schemata)
        self._arrows: dict[tuple[str, str, str], Arrow] = {}
        self._days = {(schema, prop) for schema, props in read_yaml(OWN_SCHEMATA / _DAYS).items() for prop in props}

    def __iter__(self) -> Iterator[Schema]:
        return iter(self.schemata.values())

    def require(self, name: str) -> Schema:
        """The schema of that name; InputError, with names like it, if there is none."""
        schema = self.schemata.get(name)
        if schema is None or schema.abstract:
            near = ", ".join(get_close_matches(name, [s.name for s in self.concrete()], 3))
            raise InputError(f"no schema {name!r}" + (f": did you mean {near}?" if near else ""), "schema")
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
        return (schema.edge_source, schema.edge_target)

    def arrow(self, name: str, a: str, b: str) -> Arrow:
        """What a tie between two roles of a schema is called in a property graph, and which way it runs.

        From source to target it has the schema's verb, also between the ends of a parent
        (a Transfer's payer PAID its beneficiary). Any other runs from `a` to `b` and is named
        by `b`: an entity's record has the role "" at `a` (`Passport` to `holder`: HOLDER).
        What a record's source calls its tie comes before it: `Record.arrow`.
        """
        found = self._arrows.get((name, a, b))
        if found is None:
            found = self._arrows[name, a, b] = _arrow(self._verbs[name], a, b)
        return found

    def tie_types(self) -> tuple[str, ...]:
        """All types that ties have whose source does not call them otherwise, sorted."""
        heads = {type_of_name(role) for roles in self._roles.values() for role in roles}
        return tuple(sorted(heads.union(*(verbs.values() for verbs in self._verbs.values()))))

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

    def is_day(self, name: str, prop: str) -> bool:
        """Whether a property of a schema is a day by nature, such as a birth date, and no moment."""
        return any((each, prop) in self._days for each in self.schemata[name].names)

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
    return tuple(sorted(p.name for p in schema.properties.values() if p.type == "entity"))


def _verbs(schemata: Mapping[str, Schema]) -> dict[str, dict[tuple[str, str], str]]:
    """By schema: the verb from source to target, after those of the relationships that it extends."""
    declared = read_yaml(OWN_SCHEMATA / _TIE_TYPES)
    found: dict[str, dict[tuple[str, str], str]] = {}
    for name, schema in schemata.items():
        edges = [each for each in map(schemata.__getitem__, schema.names) if each.edge]
        edges.sort(key=lambda each: (len(each.names), each.name))
        found[name] = {(s.edge_source, s.edge_target): declared.get(s.name) or type_of_name(s.name) for s in edges}
    return found


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
