"""A view: everything that one viewer may see, at one revision. A store is read in no other way.

A view computes its answers only from what it may see, so that hidden records change no answer
(design §5). Its content never changes; access is decided again whenever the store's markings change.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from workbench.access.policy import may_repair
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, StoreError, WorkbenchError
from workbench.model.asked import one_text, texts, whole
from workbench.model.marking import Marking
from workbench.model.numbers import ClassNumber, RecordNumber, RevisionNumber
from workbench.store import registers
from workbench.store.backend import Backend
from workbench.store.columns import Columns, Int64
from workbench.store.digest import content_digest
from workbench.store.search import asked
from workbench.store.types import CommonEntry, Document, Judgement, LoadEntry, Quarantined, Scope, SourcedRecord
from workbench.view import describing
from workbench.view.access import (
    UNCUT,
    Access,
    Alike,
    Cut,
    Held,
    Made,
    Mates,
    allowed_classes,
    answer,
    by_one,
    once,
    revision_of,
)
from workbench.view.answers import Entity, Hits, Summary
from workbench.view.asking import Asking, question
from workbench.view.describing import describe, first_source_id, line_order, lines, reasons, referents, summary
from workbench.view.identity import Identity, effective, identity, verdicts
from workbench.view.masking import Numbers, leaving_out, masked, numbered
from workbench.view.overview import Stats, overview
from workbench.view.part import Part
from workbench.view.parts import Parts, parts_of
from workbench.view.scored import FacetOf, Scored, scores_in
from workbench.view.search import advice_on, best_first, hits_of, known_types
from workbench.view.sharing import Sharing
from workbench.view.snapshot import Snapshot
from workbench.view.source_of import source_of
from workbench.view.walk_sources import place_in, places_in, shutting
from workbench.view.walking import Between, Walk, Walker

# A search with more candidates than this reads the whole view.
_MOST_CANDIDATES = 2_000


class View:
    """What `viewer` may see for `purpose`, at `revision` (a token; "" if there is nothing to see).

    Get one from `GraphStore.view`. The id of any referent stands for its canonical entity. Methods
    raise NotFound, with the same message, for an id that is unknown and for one that is hidden.
    """

    def __init__(
        self,
        backend: Backend,
        asking: Asking,
        viewer: Viewer,
        purpose: str,
        revision: str | None,
        cut: Cut = UNCUT,
        alike: Alike | None = None,
    ) -> None:
        self._backend = backend
        self._asking = asking
        self._cut = cut
        self._whole: View | None = None
        self._gone: frozenset[RecordNumber] = frozenset()
        self._unscored: frozenset[FacetOf] = frozenset()
        self._asked = revision
        self.viewer = viewer
        self.purpose = purpose
        newest = RevisionNumber(backend.published())  # read before the classes: a load in between may add some
        moment, allowed = backend.moment(newest), self._allowed()
        self._number, self.revision = revision_of(backend, tuple(allowed), revision, newest)
        moment = moment if revision is None else moment._replace(token=self.revision)
        rights = viewer.model_copy(update={"name": ""})
        self._mates = alike.mates(rights, purpose, cut, self._number, moment.token) if alike else Mates()
        self._held = Held()
        self._latest = Access.to(allowed, self._number, moment, self._mates)

    # -- what it is ---------------------------------------------------------------------

    def within(self, agencies: Iterable[str]) -> "View":
        """This view cut down to the records of some agencies, with identity computed from them alone."""
        kept = self._cut.within(frozenset(texts(agencies, "agencies")))
        cut = View(self._backend, self._asking, self.viewer, self.purpose, None, kept)
        cut._whole, cut._number, cut._asked = self, self._number, self._asked
        moment = cut._latest.moment._replace(token=self._latest.moment.token)
        cut._latest = Access.to(cut._latest.epochs, self._number, moment, cut._mates)
        seen = [
            token for number, token, _ in self._backend.publications(cut._scope().allowed) if number <= self._number
        ]
        cut.revision = seen[-1] if seen else ""
        return cut

    def stands(self) -> bool:
        """Whether the store still has this view's revision; False if it was restored to an older state."""
        return self._backend.moment(self._number).token == self._latest.moment.token

    @question
    def history(self) -> tuple[tuple[str, str], ...]:
        """(token, time) of every revision that changed what this view sees, oldest first."""
        seen = self._backend.publications(self._scope().allowed)
        return tuple((token, at) for number, token, at in seen if number <= self._number)

    @answer
    def stats(self) -> Stats:
        """Counts: records, entities and relationships by schema, ties, stubs, canonical entities."""
        return overview(self._columns(), self._identity(), self.revision)

    @answer
    def digest(self) -> str:
        """A hash of the content (records, markings, judgements, common values): 64 hex digits.

        It covers no revision, time or file name, so two stores with the same content have the same digest.
        """
        return content_digest(self._backend, self._scope())

    @contextmanager
    def at_one_access(self) -> Iterator[None]:
        """Answer everything inside under the access decided at the start: for results made of many answers.

        StoreError at the end if a record that this view sees or saw was re-marked meanwhile: discard what was read.
        """
        failed: WorkbenchError | None = None
        with self._held.at(self._access_now) as access:
            try:
                yield
            except WorkbenchError as error:
                failed = error
            if not access.stands(self._access_now().epochs):
                raise StoreError("markings changed while this was read: run it again") from failed
        if failed:
            raise failed

    # -- entities -----------------------------------------------------------------------

    @answer
    def search(self, text: str, limit: int = 20, types: Sequence[str] = (), agencies: Sequence[str] = ()) -> Hits:
        """Entities with a name, number or other text like this one, best first.

        Case, diacritics, script and the spacing of numbers do not matter ("Petrov" finds Петров). Exact matches
        come first, then prefixes, then whole words, then shorter texts, then the same words in
        another order; equals are ordered by id. Names that are only similar ("Petroff") come after all of them.
        With `types` or `agencies`, only entities of these schemata, or with records of these agencies.
        """
        query, limit = asked(one_text(text, "text")), whole(limit, "limit")
        types, agencies = known_types(types), texts(agencies, "agencies")
        ranks = self._backend.find(self._scope(), query) if query.forms else {}
        parts = self._parts() if len(ranks) <= _MOST_CANDIDATES else None
        part = parts.around(np.array(sorted(ranks), dtype=np.int64)) if parts else self._all()
        found = best_first(ranks, part, types, agencies)
        return hits_of(found, self._described(part, part.columns.ids_of(found.entities[:limit])), advice_on(text))

    @answer
    def canonical(self, entity: str) -> str:
        """The canonical id, in this view, of an entity."""
        part = self._of([one_text(entity, "entity")])
        return part.columns.id_of(part.canonical(entity))

    @answer
    def entity(self, entity: str) -> Entity:
        """An entity with every value and its source, and the reasons why its referents are joined."""
        part = self._of([one_text(entity, "entity")])
        members = part.members(entity)
        records = self._backend.records_about(self._scope(), members)
        known = self._backend.entities(members)
        schema, caption = describe(records)
        return Entity(
            id=members[0],
            schema=schema,
            caption=caption or first_source_id(members, known),
            referents=referents(members, known),
            joined_by=reasons(part.told(part.joins_of(members), partial(self._keys_of, part.numbers))),
            values=tuple(sorted((line for each in records for line in lines(each)), key=line_order)),
            stub=not records,
        )

    @answer
    def summaries(self, entities: Sequence[str]) -> tuple[Summary, ...]:
        """One line for each entity, in the order given; NotFound if any is not in this view."""
        wanted = texts(entities, "entities")
        return tuple(summary(each) for each in self._described(self._of(wanted), wanted))

    def _described(self, part: Part, entities: Sequence[str]) -> list[describing.Described]:
        return describing.described(self._backend, self._scope(), part, entities)

    @answer
    def neighbours(self, entity: str, hops: int = 1) -> Walk:
        """The entities within some hops of an entity, including it, and the ties that lead to them."""
        hops = whole(hops, "hops", least=0)
        source = source_of(self)
        start = place_in(source, entity, "entity")
        return Walk(source, *Walker(source).around(start, hops))

    @answer
    def between(self, a: str, b: str, without: Sequence[str] = (), common: Sequence[Sharing] = ()) -> Between | None:
        """The entities and ties on the paths between two entities; None if there is no path.

        No path passes through one in `without`, or one that is common in a way of `common`; `a` and `b` may be such.
        """
        source = source_of(self)
        start, end = place_in(source, a, "a"), place_in(source, b, "b")
        is_shut = shutting(source, places_in(source, without, "without"), common)
        walker = Walker(source, is_shut, (start, end))
        reached = walker.between(start, end)
        return Between(Walk(source, *reached), walker, start, end) if reached else None

    @answer
    def clusters(self) -> tuple[tuple[str, str, str], ...]:
        """The (canonical id, dataset, source id) of every entity, including single ones and stubs."""
        columns = self._columns()
        numbers = np.flatnonzero(columns.present)
        ids, canonical = columns.ids_of(numbers), columns.ids_of(self._identity().canonical[numbers])
        known = self._backend.entities(ids)
        return tuple(sorted((c, str(known[i][0]), known[i][1]) for c, i in zip(canonical, ids, strict=True)))

    # -- records ------------------------------------------------------------------------

    @answer
    def record(self, key: str) -> SourcedRecord:
        """The record with a key, and its provenance."""
        records = self.records([one_text(key, "key")])
        if not records:
            raise NotFound("record", key, "key")
        return records[0]

    @answer
    def records(self, keys: Sequence[str]) -> tuple[SourcedRecord, ...]:
        """The records with these keys, ordered by key; those outside this view are left out."""
        return tuple(self._backend.records_by_key(self._scope(), texts(keys, "keys")))

    @answer
    def keys(self) -> tuple[str, ...]:
        """The keys of all records of this view, in order."""
        return tuple(key for key, _, _ in self._backend.keys(self._scope()))

    @answer
    def markings_of(self, keys: Sequence[str]) -> Mapping[str, Marking]:
        """Today's marking of each of these records, by key, superseded ones included; others are left out."""
        return self._backend.markings_by_key(self._scope(), texts(keys, "keys"))

    @answer
    def markings(self) -> tuple[Marking, ...]:
        """Every marking of a record of this view, ordered by its text."""
        present = {vis for vis, _ in self._backend.kinds(self._scope())}
        markings = {each.marking for each in self._backend.classes() if each.vis in present and each.marking}
        return tuple(sorted(markings, key=str))

    # -- what people said -----------------------------------------------------------------

    @answer
    def judgements(self) -> tuple[Judgement, ...]:
        """The judgements whose evidence this view sees in full."""
        return tuple(registers.judgements(self._backend, self._scope()))

    @answer
    def listed_common(self) -> tuple[CommonEntry, ...]:
        """The values listed as common."""
        return tuple(registers.commons(self._backend, self._scope()))

    @question
    def documents(self, kind: str, name: str | None = None) -> tuple[Document, ...]:
        """The newest version of each document of a kind, of one name or all, including those stored since."""
        return tuple(registers.documents(self._backend, Scope(tuple(self._allowed()), self._number), kind, name))

    @question
    def loads(self) -> tuple[LoadEntry, ...]:
        """The loads of the viewer's own agencies that he may see in full, oldest first; see `Writer.publish`.

        Loads after this view was taken are included; `revision` is None where the view does not show it.
        """
        shown, loads = dict(self.history()), registers.loads(self._backend, self.viewer.agencies, self._allowed())
        return tuple(each if each.revision in shown else replace(each, revision=None) for each in loads)

    @question
    def quarantine(self) -> tuple[Quarantined, ...]:
        """The units in quarantine of the viewer's own agencies whose markings he may read, as they are now."""
        units = registers.quarantined(self._backend, self._cut.within(self.viewer.agencies).agencies or ())
        return tuple(each for each in units if may_repair(self.viewer, self.purpose, each.agency, each.marking))

    # -- for analysis -----------------------------------------------------------------------

    @answer
    def snapshot(self) -> Snapshot:
        """The whole view as arrays over canonical entities, each made on first use; one trace stands for all of it."""
        return by_one(self, "snapshot", self._snapshot)

    # -- inside -------------------------------------------------------------------------

    def _snapshot(self) -> Snapshot:
        numbers = self._numbers()
        markings = numbers.markings(self._backend.classes())
        keys_of = partial(self._keys_under, self._access().made, numbers)
        return Snapshot(self._columns(), self._identity(), markings, keys_of)

    def _keys_under(self, made: Made, *asked: Any) -> Mapping[RecordNumber, str]:
        """The keys of records for a snapshot: under the access of the view that asks, which may be a mate of this."""
        with self._held.at(lambda: made.under.access or self._access_now()):
            return self._keys_of(*asked)

    def _scope(self) -> Scope:
        return self._access().scope

    def _allowed(self) -> Mapping[ClassNumber, int]:
        return allowed_classes(self._backend, self.viewer, self.purpose, self._cut)

    def _access(self) -> Access:
        return self._held.access or self._access_now()

    def _access_now(self) -> Access:
        moment, latest = self._backend.moment(self._number), self._latest
        if moment.token != latest.moment.token:
            raise StoreError("the store was restored to an older state, without this view's revision: open a new view")
        if moment != latest.moment:
            allowed = self._allowed()
            self._latest = latest = Access.to(allowed, self._number, moment, self._mates, latest)
        return latest

    def _columns(self) -> Columns:
        return self._numbered()[0]

    def _numbers(self) -> Numbers:
        return self._numbered()[1]

    def _numbered(self) -> tuple[Columns, Numbers]:
        return by_one(self, "columns", lambda: self._masked(self._scope()))

    def _masked(self, scope: Scope) -> tuple[Columns, Numbers]:
        """The columns of this view, with nothing in them of what it does not see.

        A view within another keeps the outer view's numbers, so that their snapshots can be compared.
        """
        if self._whole is not None:
            columns, numbers = self._whole._numbered()
            columns = leaving_out(masked(columns, numbers.allowed(scope.allowed)), self._gone)
            return columns, numbers.within(columns)
        base = self._backend.base(scope.revision)
        columns = masked(base.columns, scope.allowed)
        return numbered(columns, self._backend.classes(), base.keys)

    def _identity(self) -> Identity:
        return by_one(self, "identity", self._identified)

    def _identified(self) -> Identity:
        columns, scope = self._columns(), self._scope()
        judged = verdicts(effective(registers.judgements(self._backend, scope)), columns)
        return identity(columns, judged, registers.commons(self._backend, scope), self._scored())

    def _scored(self) -> Scored:
        """The scores of pairs of this view."""
        return once(self, "scores", partial(scores_in, self._backend, self._scope(), self._numbers(), self._unscored))

    # -- who is who -------------------------------------------------------------------------

    def _all(self) -> Part:
        """The whole view."""
        return once(self, "whole", lambda: Part(self._columns(), self._numbers(), self._identity(), self._scored()))

    def _of(self, entities: Collection[str]) -> Part:
        """The part of the view around some entities; all of it if that is at hand."""
        parts = self._parts()
        return parts.of(entities) if parts else self._all()

    def _parts(self) -> Parts | None:
        """What makes parts of this view; None if the whole is at hand, or the store has no lookups."""
        made, own = self._access().made, self._access().own
        if "parts" not in own and "identity" not in made:
            own["parts"] = parts_of(self._backend, self._scope(), self._all)
        kept = own.get("parts")
        return kept if isinstance(kept, Parts) and "identity" not in made else None

    def _keys_of(self, numbers: Numbers, records: Sequence[RecordNumber] | Int64) -> Mapping[RecordNumber, str]:
        """The keys of records, by this view's numbers: from the columns, as long as those are what may be seen."""
        wanted, kept = numbers.among(records), self._access().made.get("columns")
        if isinstance(kept, tuple) and numbers is kept[1]:
            return dict(numbers.keys_of(wanted))
        theirs = numbers.records[wanted].tolist()
        keys = self._backend.keys_of(self._scope(), theirs)
        return {number: keys[their] for number, their in zip(wanted.tolist(), theirs, strict=True) if their in keys}
