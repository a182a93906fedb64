"""Parts of a view: some entities with all that decides who they are, looked up instead of read with the whole view.

Who an entity is follows from its component: the entities that identifiers, holdings of accounts and judgements
join to it, before anything keeps two of them apart. A part has the rows of whole components, and its identity is
computed by the same rules as that of the whole view (`workbench.view.identity`), so both are the same.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache, partial
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.model.claims import FORBIDDING
from workbench.store import registers
from workbench.store.assembly import claims_in_order
from workbench.store.backend import Backend
from workbench.store.columns import About, Columns, Int32, Int64, Ties, all_rows
from workbench.store.lookups import ClaimRows, EntityRows, Identifier, Lookups, TooMany
from workbench.store.scores import NO_PAIRS, Pairs, in_order
from workbench.store.types import CommonEntry, Judgement, Scope
from workbench.view.common_in_scores import CommonInScores
from workbench.view.identity import Verdict, effective, identity, proposed, verdicts
from workbench.view.joining import smallest_joined
from workbench.view.joins import HOLDINGS
from workbench.view.masking import Numbers
from workbench.view.part import Part
from workbench.view.scored import UNSCORED, Scored, scored

_log = logging.getLogger(__name__)

# A question for claims or holdings may have this many rows, and as many more for each entity: beyond that, reading
# the whole view is faster.
_ROOM, _ROOM_EACH = 20_000, 20
# A component with longer chains of joins is large, too.
_ROUNDS = 50
# The last parts are kept, of up to so many entities: one analysis asks for the same ones again.
_KEPT, _FEW = 32, 1_000

_NONE: Int64 = np.zeros(0, dtype=np.int64)


class Parts:
    """Makes parts of a view. `keys_of` maps the store's numbers of records to keys.

    `common` are the view's listed common values, `aside` those that scores set aside. `whole` makes the whole view,
    which stands for a part whose components are so large that it is made sooner.
    """

    def __init__(
        self,
        lookups: Lookups,
        keys_of: Callable[[Sequence[int]], Mapping[int, str]],
        common: Sequence[CommonEntry],
        aside: CommonInScores,
        whole: Callable[[], Part],
    ) -> None:
        self.lookups, self.keys_of, self.common, self.aside, self._whole = lookups, keys_of, common, aside, whole
        self.met = Met(self.around)
        self._kept = lru_cache(_KEPT)(self._around)

    def of(self, ids: Collection[str]) -> Part:
        """The part around some entities; those that are not in the view are not in the part."""
        return self.around(_sorted(self.lookups.numbers_of(ids).values()))

    def tied(self, places: NDArray[np.integer[Any]]) -> Int64:
        """About how many ties the entities at some places of `met` have, in any scope."""
        members, of = self.met.members(places)
        return np.bincount(of, weights=self.lookups.tied(members), minlength=len(places)).astype(np.int64)

    def claiming(self, identifier: Identifier) -> Part:
        """The part around all entities with an identifier."""
        try:
            found = self.lookups.claiming([identifier], _ROOM)
        except TooMany:
            return self._whole()
        return self.around(np.unique(found.entity).astype(np.int64))

    def around(self, entities: Int64) -> Part:
        """The part around some entities, by the store's numbers in order."""
        numbers = tuple(entities.tolist())
        return self._kept(numbers) if len(numbers) <= _FEW else self._around(numbers)

    @cached_property
    def has_judgements(self) -> bool:
        """Whether there may be judgements, seen or not."""
        return self.lookups.has_judgements()

    @cached_property
    def model(self) -> str:
        """What of the model views use; "" if no pairs were scored."""
        return self.lookups.model()

    @cached_property
    def facets(self) -> Mapping[int, int]:
        """How many facets are seen, by kind."""
        return self.lookups.facets()

    def judgements(self, ids: Collection[str]) -> Sequence[Judgement]:
        """The judgements about some entities; see `Lookups`. Nothing is asked where nobody has judged."""
        return self.lookups.judgements(ids) if ids and self.has_judgements else ()

    def outweighed(self, judgements: Collection[str]) -> frozenset[str]:
        """Those of some judgements, by id, that another one overrides."""
        return self.lookups.outweighed(judgements) if judgements else frozenset()

    def _around(self, numbers: Sequence[int]) -> Part:
        entities = np.array(numbers, dtype=np.int64)
        gathered, fresh = _Gathered(self), entities
        with suppress(TooMany):
            for _ in range(_ROUNDS):
                gathered.look(fresh)
                fresh = np.setdiff1d(gathered.joined_to(entities), gathered.looked)
                if not len(fresh):
                    return gathered.part()
        _log.info("these entities are joined to so many that the whole view is read")
        return self._whole()


class Met:
    """The canonical entities that a view has met so far, numbered from 0 as they were met."""

    def __init__(self, around: Callable[[Int64], Part]) -> None:
        self._around, self._lock = around, Lock()
        self._place: dict[int, int] = {}  # of each referent, by the store's number
        self._members: list[Int64] = []
        self.ids: list[str] = []

    def places(self, entities: NDArray[np.integer[Any]]) -> Int64:
        """The places of the canonical entities of some entities, by the store's numbers."""
        numbers = entities.tolist()
        with self._lock:
            fresh = {number for number in numbers if number not in self._place}
            if fresh:
                self._take_in(np.array(sorted(fresh), dtype=np.int64))
        return np.fromiter(map(self._place.__getitem__, numbers), dtype=np.int64, count=len(numbers))

    def _take_in(self, entities: Int64) -> None:
        part = self._around(entities)
        numbers = part.numbers.of_entities(entities)
        for canonical in np.unique(part.identity.canonical[numbers]).tolist():
            members = part.numbers.entities[part.identity.cluster(canonical)]
            self._members.append(members)
            self.ids.append(part.columns.id_of(canonical))
            self._place.update(dict.fromkeys(members.tolist(), len(self.ids) - 1))
        _log.debug("looked at %d entities", len(self.ids))

    def members(self, places: NDArray[np.integer[Any]]) -> tuple[Int64, Int64]:
        """All referents of some entities, and for each the index of its entity in `places`."""
        members = [self._members[place] for place in places.tolist()]
        of = np.repeat(np.arange(len(members)), [len(each) for each in members])
        return np.concatenate([_NONE, *members]), of


def parts_of(backend: Backend, scope: Scope, whole: Callable[[], Part]) -> Parts | None:
    """What makes parts of the view of a scope; None if the backend has no lookups."""
    lookups = backend.lookups(scope)
    if lookups is None:
        return None
    listed = registers.commons(backend, scope)
    return Parts(lookups, partial(backend.keys_of, scope), listed, CommonInScores(backend, scope), whole)


class _Gathered:
    """The rows looked up so far for one part."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._ask = parts, parts.lookups
        self.looked = _NONE  # entities whose identifiers, holdings and judgements are all known
        self._described = _NONE  # entities whose records are known
        self._asked: set[Identifier] = set()  # whose claims are known
        self._held: set[Identifier] = set()  # account numbers whose holders are known
        self._about: list[About] = [self._ask.about(_NONE)]
        self._ties: list[Ties] = [self._ask.ties(_NONE, HOLDINGS)]
        self._claims: list[ClaimRows] = [self._ask.claims_of(_NONE, 0)]
        self._judged: dict[str, Judgement] = {}
        self._pairs: list[Pairs] = [NO_PAIRS]
        self._made: tuple[Columns, Numbers]  # of all rows, when `joined_to` was asked last
        self._known: EntityRows = self._ask.entities(_NONE)
        self._present = _NONE
        self._named = self._ask.names()
        self._names = sorted(self._named)
        self._rank = np.argsort(np.argsort(self._named, kind="stable"), kind="stable").astype(np.int16)
        self._forbids = np.array([name in FORBIDDING for name in self._named], dtype=bool)
        self._holds = np.array([name in HOLDINGS.values() for name in self._named], dtype=bool)
        self._iban = next((number for number, name in enumerate(self._named) if name == "iban"), -1)

    def look(self, entities: Int64) -> None:
        """Look up all that may join some entities to others, and what may keep them apart."""
        self.looked = np.union1d(self.looked, entities)
        most = _ROOM + _ROOM_EACH * len(entities)
        own = self._ask.claims_of(entities, most)
        forbidding = self._forbids[own.kind]
        self._claims.append(own.take(forbidding))
        self._claiming(self._identifiers(own.take(~forbidding)), most)
        self._hold(entities, most)
        self._describe(np.concatenate([entities, self._judge(entities), self._score(entities)]))

    def _claiming(self, identifiers: Iterable[Identifier], most: int) -> None:
        """Look up all claims of identifiers, unless they are known already."""
        fresh = set(identifiers) - self._asked
        self._asked |= fresh
        self._claims.append(self._ask.claiming(fresh, most))

    def _identifiers(self, claims: ClaimRows) -> Iterable[Identifier]:
        return zip([self._named[kind] for kind in claims.kind.tolist()], claims.value.tolist(), strict=True)

    def _ibans(self, entities: Int64, most: int) -> set[Identifier]:
        claims = self._ask.claims_of(entities, most)
        return set(self._identifiers(claims.take(claims.kind == self._iban)))

    def _hold(self, entities: Int64, most: int) -> None:
        """Look up all accounts with the numbers of those that these entities hold, and who holds them."""
        ties = self._ask.ties(entities, HOLDINGS, most)
        self._ties.append(ties)
        held = np.concatenate([ties.b[self._holds[ties.role_a]], ties.a[self._holds[ties.role_b]]])
        fresh = self._ibans(np.unique(held).astype(np.int64), most) - self._held
        if not fresh:
            return
        self._held |= fresh
        self._claiming(fresh, most)
        accounts = self._ask.claiming(fresh, most).entity.astype(np.int64)
        holdings = self._ask.ties(np.unique(accounts), HOLDINGS, most)
        self._ties.append(holdings)
        self._describe(np.concatenate([holdings.a, holdings.b]))

    def _judge(self, entities: Int64) -> Int64:
        """Take in the judgements about some entities; returns the entities at both ends of each."""
        if not self._parts.has_judgements:
            return _NONE
        said = self._parts.judgements([each.decode("ascii") for each in self._entities(entities).id.tolist()])
        aside = self._parts.outweighed({each.id for each in said if each.verdict == "different"})
        fresh = {each.id: each for each in effective(said, aside)}
        self._judged |= fresh
        ends = {end for each in fresh.values() for end in (each.a, each.b)}
        return _sorted(self._ask.numbers_of(ends).values()) if ends else _NONE

    def _score(self, entities: Int64) -> Int64:
        """Take in the scores of some entities; returns the entities at both ends of each."""
        if not self._parts.model:
            return _NONE
        found = self._ask.scored(entities)
        self._pairs.append(self._parts.aside.set_aside(found))
        return np.union1d(found.a, found.b).astype(np.int64)

    def _describe(self, entities: NDArray[np.integer[Any]]) -> None:
        """Look up what some entities are, and whether they are in the view at all."""
        fresh = np.setdiff1d(entities, self._described).astype(np.int64)
        self._described = np.union1d(self._described, fresh)
        about = self._ask.about(fresh)
        self._about.append(about)
        others = np.setdiff1d(fresh, about.entity)
        self._present = np.concatenate([self._present, about.entity, self._ask.present(others)])

    # -- what they make -----------------------------------------------------------------------

    def joined_to(self, entities: Int64) -> Int64:
        """The entities in the components of some entities, as far as is known."""
        columns, numbers = self._made = self._columns()
        joins, _ = proposed(columns, self._verdicts(columns), self._parts.common, self._scored(numbers))
        smallest = smallest_joined(len(columns.ids), joins.a, joins.b)
        within = np.isin(numbers.entities, entities)
        return numbers.entities[np.isin(smallest, smallest[within])]

    def part(self) -> Part:
        """The part, once `joined_to` has found nobody who was not looked at."""
        columns, numbers = self._made
        scored = self._scored(numbers)
        clusters = identity(columns, self._verdicts(columns), self._parts.common, scored)
        return Part(columns, numbers, clusters, scored)

    def _scored(self, numbers: Numbers) -> Scored:
        """The scores that were looked up; a pair of facets may have been found at both of its ends."""
        pairs = in_order(self._pairs)
        return scored(pairs, self._parts.facets, self._parts.model, numbers) if self._parts.model else UNSCORED

    def _verdicts(self, columns: Columns) -> list[Verdict]:
        """What the judgements say, in the order of their ids."""
        return verdicts([self._judged[each] for each in sorted(self._judged)], columns)

    def _columns(self) -> tuple[Columns, Numbers]:
        about, claims, ties = all_rows(self._about), all_rows(self._claims), _distinct(all_rows(self._ties))
        present = np.unique(np.concatenate([self._present, ties.a, ties.b, claims.entity]))
        entities = self._entities(np.union1d(present, self.looked))
        order = np.argsort(entities.entity)
        owner, datasets = np.unique(entities.dataset), self._ask.datasets()
        records = self._in_order(about, ties, claims)
        by_number = np.argsort(records)

        def place(numbers: Int32) -> Int32:
            return order[np.searchsorted(entities.entity, numbers, sorter=order)].astype(np.int32)

        def record(numbers: Int64) -> Int64:
            return by_number[np.searchsorted(records, numbers, sorter=by_number)]

        texts = [text for both in zip(claims.value.tolist(), claims.scope.tolist(), strict=True) for text in both]
        visible = np.zeros(len(claims.kind), dtype=np.int32)
        values, said = claims_in_order(
            self._rank[claims.kind], texts, place(claims.entity), record(claims.record), visible
        )
        columns = Columns(
            ids=entities.id,
            number=np.arange(len(order), dtype=np.int64),
            records=np.arange(len(records), dtype=np.int64),
            dataset=np.searchsorted(owner, entities.dataset).astype(np.int32),
            datasets=tuple(datasets[did] for did in owner.tolist()),
            names=tuple(self._names),
            values=values,
            about=About(place(about.entity), self._rank[about.schema], record(about.record), about.vis),
            ties=Ties(
                *(place(ties.a), place(ties.b), self._rank[ties.role_a], self._rank[ties.role_b]),
                *(self._rank[ties.schema], ties.day, record(ties.record), ties.vis),
            ),
            claims=said,
            present=np.isin(entities.entity, present),
        )
        return columns, Numbers(records, (), entities.entity.astype(np.int64))

    def _entities(self, numbers: Int64) -> EntityRows:
        """Entities in the order of their ids."""
        more = self._ask.entities(np.setdiff1d(numbers, self._known.entity))
        self._known = all_rows([self._known, more])
        found = self._known.take(np.isin(self._known.entity, numbers))
        return found.at(np.argsort(found.id))

    def _in_order(self, about: About, ties: Ties, claims: ClaimRows) -> Int64:
        """All records, those that can be the reason of a join in the order of their keys."""
        shared = Counter(zip(claims.kind.tolist(), claims.value.tolist(), strict=True))
        several = [shared[each] > 1 for each in zip(claims.kind.tolist(), claims.value.tolist(), strict=True)]
        reasons = np.union1d(claims.record[np.array(several, dtype=bool)], ties.record)
        keys = self._parts.keys_of(reasons.tolist())
        ordered = np.array(sorted(reasons.tolist(), key=lambda number: keys.get(number, "")), dtype=np.int64)
        others = np.setdiff1d(np.concatenate([about.record, claims.record]), reasons)
        return np.concatenate([ordered, others])


def _distinct(ties: Ties) -> Ties:
    """Each tie once, in order of records, ends and roles."""
    keys = np.stack([ties.record, ties.a, ties.b, ties.role_a, ties.role_b], axis=1)
    return ties.at(np.unique(keys, axis=0, return_index=True)[1])


def _sorted(numbers: Iterable[int]) -> Int64:
    return np.unique(np.fromiter(numbers, dtype=np.int64))
