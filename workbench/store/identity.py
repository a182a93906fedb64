"""Identity in a view: which entities are the same, computed from what the view sees.

Nothing of it is stored. Joins come from identifiers (`workbench.model.claims`) and from
people's judgements; vetoes and `different` keep apart. Where a cluster holds no conflict,
connected components are the answer; where it does, its joins are taken one by one in order
of strength, leaving out each that would join two entities which are kept apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from workbench.model.claims import DOCUMENTS, FORBIDDING
from workbench.model.ontology import ontology
from workbench.store.columns import Bool, Columns, Int32

# A document or tax number that more entities hold than this identifies none of them.
MOST_HOLDERS = 3

# Kinds of claims that name the thing itself (a phone, an account): any number may hold them.
_OF_THINGS = frozenset({"phone", "iban", "plate", "vin", "imei", "email"})

_TWO_YEARS = 731


class Join(NamedTuple):
    """Why two entities are the same (`verdict` same) or are kept apart (different)."""

    strength: int  # 0 a person's judgement, 1 an identifier
    rule: str
    value: str
    a: int
    b: int
    records: tuple[int, ...]


class Verdict(NamedTuple):
    """A judgement as identity needs it: entity numbers, same or different, its id."""

    a: int
    b: int
    same: bool
    judgement: str


class SetAside(NamedTuple):
    """An identifier that too many hold to identify anybody."""

    kind: str
    value: str
    holders: tuple[int, ...]


@dataclass(frozen=True)
class Identity:
    """Clusters of one view: `canonical[i]` is the smallest number in i's cluster."""

    canonical: Int32
    joins: tuple[Join, ...]
    refused: tuple[tuple[Join, str], ...]
    set_aside: tuple[SetAside, ...]

    @cached_property
    def members(self) -> dict[int, list[int]]:
        """Members of each cluster of two or more, by canonical number."""
        found: dict[int, list[int]] = defaultdict(list)
        moved = np.flatnonzero(self.canonical != np.arange(len(self.canonical)))
        for number in moved.tolist():
            found[int(self.canonical[number])].append(number)
        return {canonical: [canonical, *rest] for canonical, rest in found.items()}

    def cluster(self, number: int) -> list[int]:
        """All entities that are the same as this one, itself included."""
        canonical = int(self.canonical[number])
        return self.members.get(canonical, [canonical])


def identity(columns: Columns, verdicts: Sequence[Verdict]) -> Identity:
    """The clusters of a view's columns, under the judgements that it may see."""
    joins, set_aside = _identifier_joins(columns)
    joins += list(_holder_joins(columns))
    joins += [Join(0, "judgement", v.judgement, v.a, v.b, ()) for v in verdicts if v.same]
    labels = _components(len(columns.ids), joins)
    apart = {_pair(v.a, v.b): f"judgement {v.judgement}" for v in verdicts if not v.same}
    conflicted = _conflicted(columns, labels, joins, apart)
    kept, refused = _settle(columns, labels, joins, conflicted, apart)
    return Identity(_canonical(len(columns.ids), kept), tuple(kept), tuple(refused), tuple(set_aside))


def _pair(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _components(n: int, joins: Sequence[Join]) -> Int32:
    a = np.fromiter((j.a for j in joins), np.int32, len(joins))
    b = np.fromiter((j.b for j in joins), np.int32, len(joins))
    matrix = coo_array((np.ones(len(joins), np.int8), (a, b)), shape=(n, n))
    return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int32)


def _canonical(n: int, joins: Sequence[Join]) -> Int32:
    """The smallest number of each component, for each entity."""
    labels = _components(n, joins)
    smallest = np.full(int(labels.max(initial=-1)) + 1, n, dtype=np.int32)
    np.minimum.at(smallest, labels, np.arange(n, dtype=np.int32))
    return smallest[labels] if n else labels


def _identifier_joins(columns: Columns) -> tuple[list[Join], list[SetAside]]:
    """Joins by a shared identifier, and identifiers that too many hold.

    Claims are sorted by kind, value, entity, so a group is a run of equal rows.
    """
    claims = columns.claims
    joining = np.ones(len(columns.names), dtype=bool)
    joining[[i for i, name in enumerate(columns.names) if name in FORBIDDING]] = False
    rows = np.flatnonzero(joining[claims.kind]) if len(claims.kind) else np.zeros(0, np.int64)
    kind, value, entity = claims.kind[rows], claims.value[rows], claims.entity[rows]
    starts = np.flatnonzero(np.r_[True, (kind[1:] != kind[:-1]) | (value[1:] != value[:-1])]) if len(rows) else rows
    ends = np.r_[starts[1:], len(rows)] if len(rows) else rows
    shared = [(s, e) for s, e in zip(starts[ends - starts > 1].tolist(), ends[ends - starts > 1].tolist(), strict=True)]
    joins: list[Join] = []
    set_aside: list[SetAside] = []
    for start, end in shared:
        if entity[start] == entity[end - 1]:
            continue
        group = rows[start:end]
        name, text = columns.names[kind[start]], str(columns.values[value[start]])
        for holders in _by_issuer(columns, group):
            if name not in _OF_THINGS and len(holders) > MOST_HOLDERS:
                set_aside.append(SetAside(name, text, tuple(holders)))
                continue
            for (a, ra), (b, rb) in pairwise(sorted(holders.items())):
                joins.append(Join(1, name, text, a, b, (ra, rb)))
    return joins, set_aside


def _by_issuer(columns: Columns, group: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Iterator[dict[int, int]]:
    """Holders (entity -> one record) of a number, apart where its issuers differ.

    A number whose issuer nobody says joins what the only known issuer's joins; where two
    issuers are known it is anyone's, and joins nothing.
    """
    claims = columns.claims
    by_scope: dict[str, dict[int, int]] = defaultdict(dict)
    for row in group.tolist():
        scope = str(columns.values[claims.scope[row]])
        holders = by_scope[scope]
        entity, record = int(claims.entity[row]), int(claims.record[row])
        holders[entity] = min(record, holders.get(entity, record))
    unsaid = by_scope.pop("", {})
    if len(by_scope) <= 1:
        merged = dict(unsaid)
        for holders in by_scope.values():
            merged.update(holders)
        by_scope = defaultdict(dict, {"": merged})
    yield from (holders for _, holders in sorted(by_scope.items()) if len(holders) > 1)


def _holder_joins(columns: Columns) -> Iterator[Join]:
    """Persons of different agencies who hold one IBAN, where each file names one holder."""
    kind = columns.name_number("iban")
    claims = columns.claims
    ibans: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(claims.kind == kind).tolist() if kind >= 0 else ():
        ibans[int(claims.entity[row])].append(int(claims.value[row]))
    if not ibans:
        return
    persons = set(_entities_of(columns, "Person").tolist())
    files: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for holder, account, record in _holdings(columns):
        for value in ibans.get(account, ()):
            files[value][int(columns.dataset[holder])].setdefault(holder, record)
    for value, by_file in sorted(files.items()):
        if len(by_file) < 2 or any(len(holders) != 1 for holders in by_file.values()):
            continue
        held = sorted(next(iter(holders.items())) for holders in by_file.values())
        for (a, ra), (b, rb) in combinations([h for h in held if h[0] in persons], 2):
            if _agency(columns, a) != _agency(columns, b):
                yield Join(1, "iban-holder", str(columns.values[value]), a, b, tuple(sorted((ra, rb))))


def _holdings(columns: Columns) -> Iterator[tuple[int, int, int]]:
    """(holder, account, record) of every tie that says who holds what."""
    ties = columns.ties
    for schema, source in (("Holding", "holder"), ("Ownership", "owner")):
        number, role = columns.name_number(schema), columns.name_number(source)
        rows = np.flatnonzero((ties.schema == number) & (ties.a != ties.b))
        for row in rows.tolist():
            a, b = int(ties.a[row]), int(ties.b[row])
            if ties.role_a[row] == role:
                yield a, b, int(ties.record[row])
            elif ties.role_b[row] == role:
                yield b, a, int(ties.record[row])


def _agency(columns: Columns, number: int) -> str:
    return columns.datasets[int(columns.dataset[number])].agency


def _entities_of(columns: Columns, schema: str) -> Int32:
    """Numbers of the entities that some visible record calls by this schema or a narrower."""
    known = ontology()
    wanted = np.array([name in known.schemata and known.is_a(name, schema) for name in columns.names], dtype=bool)
    rows = wanted[columns.about.schema] if len(wanted) else np.zeros(0, dtype=bool)
    return np.unique(columns.about.entity[rows])


def _conflicted(columns: Columns, labels: Int32, joins: Sequence[Join], apart: dict[tuple[int, int], str]) -> set[int]:
    """Labels of components in which two entities may have to be kept apart.

    Cheap and on the safe side: what it names is then looked at pair by pair.
    """
    joined = np.zeros(len(columns.ids), dtype=bool)
    for join in joins:
        joined[join.a] = joined[join.b] = True
    found = {int(labels[a]) for a, b in apart if labels[a] == labels[b]}
    claims = columns.claims
    seen: dict[tuple[int, str, str, str], str] = {}
    births: dict[int, tuple[int, int]] = {}
    watched = np.array([n in FORBIDDING or n in DOCUMENTS for n in columns.names], dtype=bool)
    rows = watched[claims.kind] & joined[claims.entity] if len(claims.kind) else np.zeros(0, dtype=bool)
    for row in np.flatnonzero(rows).tolist():
        number = int(claims.entity[row])
        label, kind = int(labels[number]), columns.names[claims.kind[row]]
        value, scope = str(columns.values[claims.value[row]]), str(columns.values[claims.scope[row]])
        if kind == "birth":
            low, high = _days(value)
            latest, earliest = births.get(label, (low, high))
            births[label] = latest, earliest = max(latest, low), min(earliest, high)
            if latest - earliest > _TWO_YEARS:
                found.add(label)
            continue
        agency = _agency(columns, number) if kind in DOCUMENTS else ""
        if seen.setdefault((label, kind, scope, agency), value) != value:
            found.add(label)
    persons, others = _kinds(columns, joined)
    return found | (set(labels[persons].tolist()) & set(labels[others].tolist()))


def _kinds(columns: Columns, joined: Bool) -> tuple[Int32, Int32]:
    """Joined entities that are persons, and that are organisations."""
    persons = _entities_of(columns, "Person")
    others = _entities_of(columns, "Organization")
    return persons[joined[persons]], others[joined[others]]


class _Traits(NamedTuple):
    sex: frozenset[str]
    births: tuple[tuple[int, int], ...]
    documents: dict[tuple[str, str, str], frozenset[str]]
    kinds: frozenset[str]


def _traits(columns: Columns, numbers: Iterable[int]) -> dict[int, _Traits]:
    """What can forbid a join, of each of these entities."""
    wanted = np.zeros(len(columns.ids), dtype=bool)
    wanted[list(numbers)] = True
    values: dict[int, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    claims = columns.claims
    for row in np.flatnonzero(wanted[claims.entity]).tolist():
        key = (columns.names[claims.kind[row]], str(columns.values[claims.scope[row]]))
        values[int(claims.entity[row])][key].add(str(columns.values[claims.value[row]]))
    persons, others = (set(kind.tolist()) for kind in _kinds(columns, wanted))
    return {
        number: _trait(columns, number, values[number], persons, others) for number in np.flatnonzero(wanted).tolist()
    }


def _trait(
    columns: Columns, number: int, values: dict[tuple[str, str], set[str]], persons: set[int], others: set[int]
) -> _Traits:
    agency = _agency(columns, number)
    return _Traits(
        frozenset(values.get(("sex", ""), ())),
        tuple(sorted(_days(value) for value in values.get(("birth", ""), ()))),
        {(agency, kind, scope): frozenset(found) for (kind, scope), found in values.items() if kind in DOCUMENTS},
        frozenset([*(["person"] if number in persons else []), *(["organisation"] if number in others else [])]),
    )


def veto(a: _Traits, b: _Traits) -> str:
    """Why two entities can't be the same; "" if nothing forbids it."""
    if a.kinds and b.kinds and not a.kinds & b.kinds:
        return "a person and an organisation"
    if a.sex and b.sex and not a.sex & b.sex:
        return "different sex"
    gaps = [max(x[0] - y[1], y[0] - x[1]) for x in a.births for y in b.births]
    if gaps and min(gaps) > _TWO_YEARS:
        return "birth dates more than two years apart"
    for key in sorted(a.documents.keys() & b.documents.keys()):
        if not a.documents[key] & b.documents[key]:
            return f"two different documents of one kind ({key[1]}) and country from one agency"
    return ""


@lru_cache(maxsize=100_000)
def _days(value: str) -> tuple[int, int]:
    """First and last day that a date, which may be a year or a month, can mean."""
    parts = [int(part) for part in value[:10].split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else 0
    day = parts[2] if len(parts) > 2 else 0
    low = date(year, month or 1, day or 1).toordinal()
    if day:
        return low, low
    high = (
        date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1).toordinal() - 1 if year < 9999 else low + 364
    )
    return low, high


def _settle(
    columns: Columns,
    labels: Int32,
    joins: Sequence[Join],
    conflicted: set[int],
    apart: dict[tuple[int, int], str],
) -> tuple[list[Join], list[tuple[Join, str]]]:
    """Joins that stand, and joins that are refused with the reason."""
    if not conflicted:
        return list(joins), []
    kept = [join for join in joins if int(labels[join.a]) not in conflicted]
    doubtful = [join for join in joins if int(labels[join.a]) in conflicted]
    doubtful = _all_pairs(doubtful)
    doubtful.sort(key=lambda j: (j.strength, j.rule, j.value, columns.ids[min(j.a, j.b)], columns.ids[max(j.a, j.b)]))
    traits = _traits(columns, {number for join in doubtful for number in (join.a, join.b)})
    clusters = {number: [number] for join in doubtful for number in (join.a, join.b)}
    refused: list[tuple[Join, str]] = []
    for join in doubtful:
        left, right = clusters[join.a], clusters[join.b]
        if left is right:
            kept.append(join)
            continue
        why = _forbidden(left, right, traits, apart)
        if why:
            refused.append((join, why))
            continue
        kept.append(join)
        left += right
        for number in right:
            clusters[number] = left
    return kept, refused


def _all_pairs(joins: Iterable[Join]) -> list[Join]:
    """The joins of each identifier between any two of its holders, not only in a chain."""
    groups: dict[tuple[int, str, str], list[Join]] = defaultdict(list)
    for join in joins:
        groups[join.strength, join.rule, join.value].append(join)
    pairs: list[Join] = []
    for (strength, rule, value), members in groups.items():
        if strength == 0 or rule == "iban-holder":
            pairs += members
            continue
        for chain in _chains(members):
            pairs += [
                Join(strength, rule, value, a, b, (ra, rb))
                for (a, ra), (b, rb) in combinations(sorted(chain.items()), 2)
            ]
    return pairs


def _chains(joins: Sequence[Join]) -> list[dict[int, int]]:
    """Holders (entity -> record) of each chain among joins by one identifier."""
    chains: list[dict[int, int]] = []
    for join in joins:
        for chain in chains:
            if join.a in chain:
                chain[join.b] = join.records[1]
                break
        else:
            chains.append({join.a: join.records[0], join.b: join.records[1]})
    return chains


def _forbidden(
    left: Sequence[int], right: Sequence[int], traits: dict[int, _Traits], apart: dict[tuple[int, int], str]
) -> str:
    """Why two clusters can't become one; "" if nothing keeps any two members apart."""
    for a in left:
        for b in right:
            why = apart.get(_pair(a, b)) or veto(traits[a], traits[b])
            if why:
                return why
    return ""
