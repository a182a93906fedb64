"""Joins by identifiers in a view: entities with the same identifier are the same (design §7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.model.claims import FORBIDDING
from workbench.model.numbers import EntityNumber, RecordNumber
from workbench.model.ontology import ontology
from workbench.model.text import code
from workbench.store.columns import UNSAID, Bool, Claims, Columns, Int16, Int32, Int64, all_rows
from workbench.store.types import CommonEntry
from workbench.view.scored import NOBODY, Best

# A document or tax number with more holders than this identifies none of them.
MOST_HOLDERS = 3

# An account with more holders than this is common (as in `resolve/common.toml`) and joins none of them.
MOST_ACCOUNT_HOLDERS = 12

# Kinds of claims that identify the thing itself (a phone, an account): the number of holders has no limit.
OF_THINGS = frozenset({"phone", "iban", "plate", "vin", "imei", "email"})

# The relationships that say who holds an account, with the role of the holder.
HOLDINGS = {"Holding": "holder", "Ownership": "owner"}

IDENTIFIER, SCORE = 1, 2
# The rules of joins by no identifier of the two themselves.
JUDGEMENT, IBAN_HOLDER, BY_SCORE = "judgement", "iban-holder", "score"

T = TypeVar("T", bound=np.generic)


class Join(NamedTuple):
    """A join of two entities, with its reason; strength 0 is a person's judgement, 1 an identifier, 2 a score.

    `weight` is that of a score, in hundredths of a bit. A score has no records of its own: it rests on all about both.
    `issuer` is that of a number which several have issued: each joins its own holders.
    """

    strength: int
    rule: str
    value: str
    a: EntityNumber
    b: EntityNumber
    records: tuple[RecordNumber, ...]
    weight: int = 0
    issuer: str = ""


class SetAside(NamedTuple):
    """An identifier with too many holders to identify anybody."""

    kind: str
    value: str
    holders: tuple[EntityNumber, ...]


@dataclass(frozen=True)
class Joins:
    """Many joins: by identifiers as arrays of claims (`row_a`, `row_b`), by scores as arrays, others in `more`."""

    columns: Columns
    row_a: Int64
    row_b: Int64
    scored: Best
    more: tuple[Join, ...]

    @property
    def a(self) -> Int32:
        """The first entity of each join."""
        return np.concatenate(
            [self.columns.claims.entity[self.row_a], self.scored.a, _numbers([j.a for j in self.more])]
        )

    @property
    def b(self) -> Int32:
        """The second entity of each join."""
        return np.concatenate(
            [self.columns.claims.entity[self.row_b], self.scored.b, _numbers([j.b for j in self.more])]
        )

    @property
    def by_score(self) -> Bool:
        """A mask of those by a score."""
        return np.repeat([False, True, False], [len(self.row_a), len(self.scored), len(self.more)])

    def with_more(self, joins: Sequence[Join]) -> "Joins":
        """These joins and some others."""
        return Joins(self.columns, self.row_a, self.row_b, self.scored, (*self.more, *joins))

    def with_scores(self, scored: Best) -> "Joins":
        """These joins and some by scores; there must be none yet."""
        return Joins(self.columns, self.row_a, self.row_b, scored, self.more)

    def and_also(self, others: "Joins") -> "Joins":
        """These joins and others of the same columns; those of each sort are beside each other."""
        a, b = np.concatenate([self.row_a, others.row_a]), np.concatenate([self.row_b, others.row_b])
        return Joins(self.columns, a, b, all_rows([self.scored, others.scored]), (*self.more, *others.more))

    def by_sort(self, rows: NDArray[T]) -> tuple[NDArray[T], NDArray[T], NDArray[T]]:
        """What is said of each join, in three: for those by identifiers, those by scores, and others."""
        first, last = len(self.row_a), len(self.row_a) + len(self.scored)
        return rows[:first], rows[first:last], rows[last:]

    def where(self, rows: Bool) -> "Joins":
        """The joins where the mask is true."""
        by_claim, by_score, others = self.by_sort(rows)
        more = tuple(join for join, kept in zip(self.more, others.tolist(), strict=True) if kept)
        return Joins(self.columns, self.row_a[by_claim], self.row_b[by_claim], self.scored.take(by_score), more)

    def __iter__(self) -> Iterator[Join]:
        claims = self.columns.claims
        for x, y in zip(self.row_a.tolist(), self.row_b.tolist(), strict=True):
            yield Join(
                IDENTIFIER,
                self.columns.names[claims.kind[x]],
                str(self.columns.values[claims.value[x]]),
                _holder(claims, x),
                _holder(claims, y),
                (_record(claims, x), _record(claims, y)),
            )
        for scored in self.scored.told():
            yield Join(SCORE, BY_SCORE, scored.why, scored.a, scored.b, (), scored.weight)
        yield from self.more


def _numbers(numbers: Sequence[int]) -> Int32:
    return np.array(numbers, dtype=np.int32)


def identifier_joins(columns: Columns) -> tuple[Joins, list[SetAside]]:
    """Joins by a shared identifier, and the identifiers that have too many holders.

    Claims are sorted by kind, value and entity, so the claims of one identifier form a run. A run is
    joined as a chain; runs with too many holders or with different issuers are handled one by one.
    """
    claims = columns.claims
    rows = _first_of_each_holder(claims, _joining(columns))
    group = _runs(claims.kind[rows], claims.value[rows])
    sizes = np.bincount(group)
    alone, most = ~_disputed(columns, rows, group), _limit(columns, rows, group)
    chained = (sizes[group] <= most[group]) & alone[group] if len(rows) else np.zeros(0, dtype=bool)
    follows = np.flatnonzero((group[1:] == group[:-1]) & chained[1:]) if len(rows) else np.zeros(0, np.int64)
    joins = Joins(columns, rows[follows], rows[follows + 1], NOBODY, ())
    set_aside: list[SetAside] = []
    more: list[Join] = []
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for number in np.flatnonzero((sizes > 1) & ~(alone & (sizes <= most))).tolist():
        run = rows[starts[number] : starts[number + 1]]
        for issuer, holders in [("", _holders(claims, run))] if alone[number] else _by_issuer(columns, run):
            _join_or_set_aside(columns, issuer, holders, more, set_aside)
    return joins.with_more(more), set_aside


def _joining(columns: Columns) -> Int64:
    """The claims of kinds that can join entities."""
    joining = np.array([name not in FORBIDDING for name in columns.names] or [False], dtype=bool)
    return np.flatnonzero(joining[columns.claims.kind])


def _first_of_each_holder(claims: Claims, rows: Int64) -> Int64:
    """One claim for each entity, identifier and issuer: the first by its record's key."""
    same = (
        (claims.entity[rows[1:]] == claims.entity[rows[:-1]])
        & (claims.value[rows[1:]] == claims.value[rows[:-1]])
        & (claims.kind[rows[1:]] == claims.kind[rows[:-1]])
        & (claims.scope[rows[1:]] == claims.scope[rows[:-1]])
    )
    return rows[np.concatenate([[True], ~same])] if len(rows) else rows


def _runs(kind: Int16, value: Int32) -> Int64:
    """The number of the run of equal kind and value that each row is in."""
    changes = (kind[1:] != kind[:-1]) | (value[1:] != value[:-1])
    return np.concatenate([[0], np.cumsum(changes)]).astype(np.int64) if len(kind) else np.zeros(0, np.int64)


def _disputed(columns: Columns, rows: Int64, group: Int64) -> Bool:
    """A mask of the runs in which an entity occurs twice or two issuers are named."""
    claims = columns.claims
    n = int(group[-1]) + 1 if len(group) else 0
    scope, entity = claims.scope[rows], claims.entity[rows]
    twice = np.zeros(n, dtype=bool)
    twice[group[1:][(group[1:] == group[:-1]) & (entity[1:] == entity[:-1])]] = True
    named = scope != UNSAID
    low, high = np.full(n, np.iinfo(np.int32).max), np.full(n, -1)
    np.minimum.at(low, group[named], scope[named])
    np.maximum.at(high, group[named], scope[named])
    disputed: Bool = twice | ((high >= 0) & (low != high))
    return disputed


def _limit(columns: Columns, rows: Int64, group: Int64) -> Int64:
    """How many holders the identifier of each run may have."""
    unlimited = np.iinfo(np.int64).max
    by_kind = np.array([unlimited if name in OF_THINGS else MOST_HOLDERS for name in columns.names] or [0])
    limit = np.zeros(int(group[-1]) + 1 if len(group) else 0, dtype=np.int64)
    limit[group] = by_kind[columns.claims.kind[rows]]
    return limit


def _holder(claims: Claims, row: int) -> EntityNumber:
    """The entity that a claim is about."""
    return EntityNumber(int(claims.entity[row]))


def _record(claims: Claims, row: int) -> RecordNumber:
    """The record that makes a claim."""
    return RecordNumber(int(claims.record[row]))


def _holders(claims: Claims, run: Int64) -> dict[EntityNumber, int]:
    """The holders (entity -> claim) of a number that has one issuer."""
    return dict(zip(claims.entity[run].tolist(), run.tolist(), strict=True))


def _by_issuer(columns: Columns, run: Int64) -> Iterator[tuple[str, dict[EntityNumber, int]]]:
    """Each issuer of a number, "" for the only one, with its holders (entity -> claim).

    Claims without an issuer belong to the only known issuer. If two issuers are known, they
    join nothing.
    """
    by_scope: dict[str, dict[EntityNumber, int]] = defaultdict(dict)
    for row in run.tolist():
        by_scope[str(columns.values[columns.claims.scope[row]])].setdefault(
            EntityNumber(int(columns.claims.entity[row])), row
        )
    unsaid = by_scope.pop("", {})
    if len(by_scope) <= 1:
        known = next(iter(by_scope.values()), {})
        yield "", {**unsaid, **known}
        return
    yield from sorted(by_scope.items())


def _join_or_set_aside(
    columns: Columns, issuer: str, holders: dict[EntityNumber, int], joins: list[Join], set_aside: list[SetAside]
) -> None:
    if len(holders) < 2:
        return
    claims = columns.claims
    first = next(iter(holders.values()))
    kind, value = columns.names[claims.kind[first]], str(columns.values[claims.value[first]])
    if kind not in OF_THINGS and len(holders) > MOST_HOLDERS:
        set_aside.append(SetAside(kind, value, tuple(sorted(holders))))
        return
    for (a, x), (b, y) in pairwise(sorted(holders.items())):
        joins.append(
            Join(
                IDENTIFIER,
                kind,
                value,
                a,
                b,
                (_record(claims, x), _record(claims, y)),
                issuer=issuer,
            )
        )


def holder_joins(columns: Columns, listed: Set[str]) -> tuple[list[Join], list[SetAside]]:
    """Joins of persons of different agencies who hold one IBAN, if each agency's files name exactly one holder.

    If an agency names two holders, they may be two people: nobody is joined by that IBAN. A common IBAN,
    listed (`listed_ibans`) or with more holders than `MOST_ACCOUNT_HOLDERS`, is set aside.
    """
    persons = entities_of(columns, "Person")
    joins: list[Join] = []
    set_aside: list[SetAside] = []
    for value, held in _shared_accounts(columns):
        named: dict[str, dict[EntityNumber, RecordNumber]] = defaultdict(dict)
        for holder, record in held:
            named[agency_of(columns, holder)].setdefault(holder, record)
        if len(named) < 2 or any(len(holders) != 1 for holders in named.values()):
            continue
        owners = sorted(each for holders in named.values() for each in holders.items() if persons[each[0]])
        made = [
            Join(IDENTIFIER, IBAN_HOLDER, str(columns.values[value]), a, b, tuple(sorted((x, y))))
            for (a, x), (b, y) in combinations(owners, 2)
        ]
        if made and (made[0].value in listed or len(owners) > MOST_ACCOUNT_HOLDERS):
            set_aside.append(SetAside(IBAN_HOLDER, made[0].value, tuple(holder for holder, _ in owners)))
        else:
            joins += made
    return joins, set_aside


def listed_ibans(columns: Columns, entries: Iterable[CommonEntry]) -> Set[str]:
    """The IBANs listed as common, directly or by the id of an account that has them."""
    claims, iban = columns.claims, columns.name_number("iban")
    ibans: set[str] = set()
    for entry in entries:
        if entry.kind == "account":
            number = columns.index_of(entry.value)
            rows = (claims.kind == iban) & (claims.entity == number)
            ibans.update(columns.values[claims.value[rows]].tolist() if number >= 0 else [code(entry.value)])
    return ibans


def _shared_accounts(columns: Columns) -> Iterator[tuple[int, list[tuple[EntityNumber, RecordNumber]]]]:
    """Each IBAN, by its number, for which two datasets name a holder, with its (holder, record) pairs."""
    holder, account, record = _holdings(columns)
    claims = columns.claims
    rows = np.flatnonzero(claims.kind == columns.name_number("iban"))
    rows = rows[np.argsort(claims.entity[rows], kind="stable")]
    first = np.searchsorted(claims.entity[rows], account, "left")
    last = np.searchsorted(claims.entity[rows], account, "right")
    counts = last - first
    held = np.repeat(np.arange(len(account)), counts)
    place = np.arange(len(held)) - (np.cumsum(counts) - counts)[held] + first[held]
    value = claims.value[rows[place]]
    order = np.lexsort((record[held], holder[held], value))
    value, held = value[order], held[order]
    if not len(value):
        return
    starts = np.flatnonzero(np.concatenate([[True], value[1:] != value[:-1]]))
    ends = np.concatenate([starts[1:], [len(value)]])
    dataset = columns.dataset[holder[held]]
    shared = np.minimum.reduceat(dataset, starts) != np.maximum.reduceat(dataset, starts)
    for start, end in zip(starts[shared].tolist(), ends[shared].tolist(), strict=True):
        chosen = held[start:end]
        yield int(value[start]), list(zip(holder[chosen].tolist(), record[chosen].tolist(), strict=True))


def _holdings(columns: Columns) -> tuple[Int32, Int32, Int64]:
    """The (holder, account, record) of every tie of a Holding or an Ownership."""
    ties = columns.ties
    holdings: list[tuple[Int32, Int32, Int64]] = []
    for schema, source in HOLDINGS.items():
        number, role = columns.name_number(schema), columns.name_number(source)
        of_schema = (ties.schema == number) & (ties.a != ties.b)
        forth, back = of_schema & (ties.role_a == role), of_schema & (ties.role_b == role)
        holdings.append((ties.a[forth], ties.b[forth], ties.record[forth]))
        holdings.append((ties.b[back], ties.a[back], ties.record[back]))
    holder, account, record = (np.concatenate(parts) for parts in zip(*holdings, strict=True))
    return holder, account, record


def agency_of(columns: Columns, number: EntityNumber) -> str:
    """The agency of an entity's dataset."""
    return columns.datasets[int(columns.dataset[number])].agency


def entities_of(columns: Columns, schema: str) -> Bool:
    """A mask of the entities to which a visible record gives this schema or one that extends it."""
    known = ontology()
    wanted = np.array([n in known.schemata and known.is_a(n, schema) for n in columns.names] or [False], dtype=bool)
    found = np.zeros(len(columns.ids), dtype=bool)
    found[np.compress(wanted[columns.about.schema], columns.about.entity)] = True
    return found
