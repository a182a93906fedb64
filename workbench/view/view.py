"""A view: everything that one viewer may see, at one revision; the only thing to read.

What a view answers is computed from what it may see and from nothing else, so that hidden
records change no answer (design §5). It is immutable in content; access is decided anew
whenever the store's markings change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np

from workbench.access.policy import may_repair
from workbench.access.viewer import Viewer
from workbench.errors import NotFound, StoreError
from workbench.model.marking import Marking
from workbench.model.numbers import EntityNumber, Place, RecordNumber, RevisionNumber
from workbench.store import registers
from workbench.store.backend import Backend, Walks
from workbench.store.columns import Columns
from workbench.store.digest import content_digest
from workbench.store.search import forms
from workbench.store.types import CommonEntry, Document, Judgement, LoadEntry, Quarantined, Scope, SourcedRecord
from workbench.view.access import Access, Held, allowed_classes, answer, revision_of
from workbench.view.answers import Entity, Hits, Reason, Referent, Summary
from workbench.view.asking import Asking, question
from workbench.view.describing import Known, describe, first_source_id, line_order, lines, summary
from workbench.view.identity import Identity, identity, outweighed, verdicts
from workbench.view.joins import Join
from workbench.view.masking import Numbers, masked, numbered, pruned
from workbench.view.overview import Stats, overview
from workbench.view.search import best_first
from workbench.view.snapshot import Snapshot
from workbench.view.walk_sources import InSnapshot, InStore
from workbench.view.walking import Between, Source, Walk, Walker


class View:
    """What `viewer` may see for `purpose`, at `revision` (a token; "" sees nothing).

    Get one from `GraphStore.view`. Ids are strings; an id of any referent stands for its
    canonical entity. NotFound, in the same words, for what is unknown and what is hidden.
    """

    def __init__(
        self,
        backend: Backend,
        asking: Asking,
        viewer: Viewer,
        purpose: str,
        revision: str | None,
        agencies: frozenset[str] | None = None,
    ) -> None:
        self._backend = backend
        self._asking = asking
        self._agencies = agencies
        self._whole: View | None = None
        self._asked = revision
        self.viewer = viewer
        self.purpose = purpose
        newest = RevisionNumber(backend.published())  # read before the classes: a load in between may bring a new one
        moment, allowed = backend.moment(newest), allowed_classes(backend, viewer, purpose, agencies)
        self._number, self.revision = revision_of(backend, tuple(allowed), revision, newest)
        moment = moment if revision is None else moment._replace(token=self.revision)
        self._latest = Access.to(allowed, self._number, moment)
        self._held = Held()

    # -- what it is ---------------------------------------------------------------------

    def within(self, agencies: Iterable[str]) -> "View":
        """This view cut down to the records of some agencies, identity computed from them alone."""
        wanted = frozenset(agencies)
        kept = wanted if self._agencies is None else wanted & self._agencies
        cut = View(self._backend, self._asking, self.viewer, self.purpose, None, kept)
        cut._whole, cut._number, cut._asked = self, self._number, self._asked
        moment = cut._latest.moment._replace(token=self._latest.moment.token)
        cut._latest = Access.to(cut._latest.epochs, self._number, moment)
        seen = [
            token for number, token, _ in self._backend.publications(cut._scope().allowed) if number <= self._number
        ]
        cut.revision = seen[-1] if seen else ""
        return cut

    def stands(self) -> bool:
        """Whether the store has what this looks at: not if it was put back to an older state since."""
        return self._backend.moment(self._number).token == self._latest.moment.token

    @question
    def history(self) -> tuple[tuple[str, str], ...]:
        """(token, time) of every revision that changed what this view sees, oldest first."""
        seen = self._backend.publications(self._scope().allowed)
        return tuple((token, at) for number, token, at in seen if number <= self._number)

    @answer
    def stats(self) -> Stats:
        """How much there is: records, entities and relationships by schema, ties, stubs, canonical entities."""
        return overview(self._columns(), self._identity(), self.revision)

    @answer
    def digest(self) -> str:
        """A hash of the content: records, markings, judgements, common values; 64 hex digits.

        No revision, time or file name is in it: two stores with the same content agree.
        """
        return content_digest(self._backend, self._scope())

    @contextmanager
    def at_one_access(self) -> Iterator[None]:
        """All that is read within rests on access as it stood at the start; for what is made of many answers.

        StoreError at the end if something that this view sees, or saw, was marked anew meanwhile: what was read is not
        to be used.
        """
        with self._held.at(self._access_now) as access:
            yield
            if not access.stands(self._access_now().epochs):
                raise StoreError("who may see what changed while this was read: run it again")

    # -- entities -----------------------------------------------------------------------

    @answer
    def search(self, text: str, limit: int = 20) -> Hits:
        """Entities with a name, number or other text like this, best first.

        Case, marks and script do not matter ("Petrov" finds Петров). Exact answers come
        first, then prefixes, whole words, shorter texts, ids.
        """
        wanted = forms(text)
        found = self._backend.find(self._scope(), wanted) if wanted else {}
        canonical = best_first(found, self._numbers(), self._identity().canonical)
        return Hits(self.summaries(self._columns().ids_of(canonical[:limit])), len(canonical))

    @answer
    def canonical(self, entity: str) -> str:
        """The canonical id that an entity's id stands for in this view."""
        return self._columns().id_of(self._canonical(entity))

    @answer
    def entity(self, entity: str) -> Entity:
        """An entity with every value, who says it, and why its referents are one."""
        members = self._members(entity)
        records = self._backend.records_about(self._scope(), members)
        known = self._backend.entities(members)
        schema, caption = describe(records)
        return Entity(
            id=members[0],
            schema=schema,
            caption=caption or first_source_id(members, known),
            referents=self._referents(members, known),
            joined_by=self._reasons(members),
            values=tuple(sorted((line for each in records for line in lines(each)), key=line_order)),
            stub=not records,
        )

    @answer
    def summaries(self, entities: Sequence[str]) -> tuple[Summary, ...]:
        """Each entity in one line, in the order asked; NotFound if one is not in this view."""
        clusters = [self._members(entity) for entity in entities]
        members = [member for cluster in clusters for member in cluster]
        records: dict[str, list[SourcedRecord]] = defaultdict(list)
        for each in self._backend.records_about(self._scope(), members):
            records[each.record.entity].append(each)
        known = self._backend.entities(members)
        return tuple(summary(cluster, known, [r for m in cluster for r in records[m]]) for cluster in clusters)

    @answer
    def neighbours(self, entity: str, hops: int = 1) -> Walk:
        """Who and what is within some hops of an entity, itself included, and by which ties."""
        source, place = self._source()
        return Walk(source, *Walker(source).around(place(entity), hops))

    @answer
    def between(self, a: str, b: str, without: Sequence[str] = ()) -> Between | None:
        """What lies on the ways from one entity to another, the shortest or longer ones.

        None goes through one of `without`, which are ends all the same. None if there is no way.
        """
        source, place = self._source()
        start, end = place(a), place(b)
        shut = np.zeros(len(source.ties), dtype=bool)
        shut[[place(each) for each in without]] = True
        shut[[start, end]] = False
        walker = Walker(source, shut)
        found = walker.between(start, end)
        return Between(Walk(source, *found), walker, start, end) if found else None

    @answer
    def clusters(self) -> tuple[tuple[str, str, str], ...]:
        """(canonical id, dataset, source id) of every entity, singletons and stubs too."""
        columns = self._columns()
        numbers = np.flatnonzero(columns.present)
        ids, canonical = columns.ids_of(numbers), columns.ids_of(self._identity().canonical[numbers])
        known = self._backend.entities(ids)
        return tuple(sorted((c, str(known[i][0]), known[i][1]) for c, i in zip(canonical, ids, strict=True)))

    # -- records ------------------------------------------------------------------------

    @answer
    def record(self, key: str) -> SourcedRecord:
        """A record by its key, with its provenance."""
        found = self.records([key])
        if not found:
            raise NotFound("record", key)
        return found[0]

    @answer
    def records(self, keys: Sequence[str]) -> tuple[SourcedRecord, ...]:
        """Those of the records with these keys that this view sees, ordered by key."""
        return tuple(self._backend.records_by_key(self._scope(), keys))

    @answer
    def keys(self) -> tuple[str, ...]:
        """Keys of all records of this view, in order."""
        return tuple(key for key, _, _ in self._backend.keys(self._scope()))

    @answer
    def markings_of(self, keys: Sequence[str]) -> Mapping[str, Marking]:
        """Today's marking of each of these records that this view sees or, before they were superseded, saw."""
        return self._backend.markings_by_key(self._scope(), keys)

    @answer
    def markings(self) -> tuple[Marking, ...]:
        """Every marking that a record of this view carries, ordered by its text."""
        columns, classes = self._columns(), self._numbers().classes
        numbers = {*np.unique(columns.about.vis).tolist(), *np.unique(columns.ties.vis).tolist()}
        present = {classes[number] for number in numbers}
        found = {each.marking for each in self._backend.classes() if each.vis in present and each.marking}
        return tuple(sorted(found, key=str))

    # -- what people said -----------------------------------------------------------------

    @answer
    def judgements(self) -> tuple[Judgement, ...]:
        """Judgements all of whose evidence this view sees."""
        return tuple(registers.judgements(self._backend, self._scope()))

    @answer
    def outweighed(self) -> frozenset[str]:
        """Ids of the judgements `different` that a judgement of this view overrides: they keep nobody apart."""
        return outweighed(self.judgements())

    @answer
    def listed_common(self) -> tuple[CommonEntry, ...]:
        """Values that somebody listed as common."""
        return tuple(registers.commons(self._backend, self._scope()))

    @question
    def documents(self, kind: str) -> tuple[Document, ...]:
        """The newest version of each document of a kind, also of those kept since this view was taken."""
        allowed = tuple(allowed_classes(self._backend, self.viewer, self.purpose, self._agencies))
        return tuple(registers.documents(self._backend, Scope(allowed, self._number), kind))

    @question
    def loads(self) -> tuple[LoadEntry, ...]:
        """Loads of the viewer's own agencies of which he may see all, oldest first: see `Writer.publish`.

        Also those since this view was taken; a revision that it is not shown is None.
        """
        shown, allowed = dict(self.history()), allowed_classes(self._backend, self.viewer, self.purpose, self._agencies)
        found = registers.loads(self._backend, self.viewer.agencies, allowed)
        return tuple(each if each.revision in shown else replace(each, revision=None) for each in found)

    @question
    def quarantine(self) -> tuple[Quarantined, ...]:
        """Units in quarantine of the viewer's own agencies, whose own markings he satisfies."""
        found = registers.quarantined(self._backend, self.viewer.agencies)
        return tuple(each for each in found if may_repair(self.viewer, self.purpose, each.agency, each.marking))

    # -- for analysis -----------------------------------------------------------------------

    @answer
    def snapshot(self) -> Snapshot:
        """The whole view as arrays over canonical entities, cached; each is made when it is first asked for."""
        columns, found, made = self._columns(), self._identity(), self._access().made
        kept = made.get("snapshot")
        if not isinstance(kept, Snapshot):
            numbers = self._numbers()
            keys_of = partial(self._keys_of, numbers)
            kept = made["snapshot"] = Snapshot(columns, found, self._markings(numbers), keys_of)
        return kept

    # -- inside -------------------------------------------------------------------------

    def _scope(self) -> Scope:
        return self._access().scope

    def _access(self) -> Access:
        return self._held.access or self._access_now()

    def _access_now(self) -> Access:
        moment, latest = self._backend.moment(self._number), self._latest
        if moment.token != latest.moment.token:
            raise StoreError("the store was put back to an older state: what this looks at is not in it, look anew")
        if moment != latest.moment:
            allowed = allowed_classes(self._backend, self.viewer, self.purpose, self._agencies)
            self._latest = latest = Access.to(allowed, self._number, moment, latest)
        return latest

    def _columns(self) -> Columns:
        return self._numbered()[0]

    def _numbers(self) -> Numbers:
        return self._numbered()[1]

    def _numbered(self) -> tuple[Columns, Numbers]:
        access = self._access()
        kept = access.made.get("columns")
        if not isinstance(kept, tuple):
            kept = access.made["columns"] = self._masked(access.scope)
        return kept

    def _masked(self, scope: Scope) -> tuple[Columns, Numbers]:
        """The columns of this view, without a trace of what it does not see.

        A view within another keeps the other's numbers, so that their snapshots compare.
        """
        if self._whole is not None:
            columns, numbers = self._whole._numbered()
            return masked(columns, numbers.allowed(scope.allowed)), numbers
        order = sorted(self._backend.classes(), key=lambda each: (each.agency, str(each.marking), each.vis))
        columns = pruned(masked(self._backend.columns(scope.revision), scope.allowed))
        return numbered(columns, [each.vis for each in order])

    def _identity(self) -> Identity:
        columns, made = self._columns(), self._access().made
        kept = made.get("identity")
        if not isinstance(kept, Identity):
            scope = self._scope()
            judged = verdicts(registers.judgements(self._backend, scope), columns)
            kept = made["identity"] = identity(columns, judged, registers.commons(self._backend, scope))
        return kept

    def _source(self) -> tuple[Source, Callable[[str], Place]]:
        """Where to walk, and the place there of an entity's id.

        That is the store if it can walk, or the snapshot, in which it is sooner where its ties are at hand.
        """
        snapshot = self.snapshot()
        if self._backend.walks and not snapshot.has_ties_at_hand:
            return self._in_store(self._backend.walks), lambda entity: Place(self._canonical(entity))
        return InSnapshot(snapshot), lambda entity: snapshot.place_of(self._canonical(entity))

    def _in_store(self, walks: Walks) -> InStore:
        access = self._access()
        kept = access.made.get("store")
        if not isinstance(kept, InStore):
            columns, canonical = self._columns(), self._identity().canonical
            kept = access.made["store"] = InStore(walks, access.scope, columns, canonical, self._numbers())
        return kept

    def _number_of(self, entity: str) -> EntityNumber:
        number = self._columns().index_of(entity)
        if number < 0:
            raise NotFound("entity", entity)
        return number

    def _members(self, entity: str) -> list[str]:
        """Ids of all referents of an entity, the canonical one first."""
        columns = self._columns()
        return columns.ids_of(np.array(sorted(self._identity().cluster(self._number_of(entity)))))

    def _canonical(self, entity: str) -> EntityNumber:
        return self._identity().canonical_of(self._number_of(entity))

    def _keys_of(self, numbers: Numbers, records: Sequence[RecordNumber]) -> Mapping[RecordNumber, str]:
        """Keys of records by the numbers that this view gave them."""
        wanted = [number for number in sorted(set(records)) if 0 <= number < len(numbers.records)]
        theirs = numbers.records[wanted].tolist()
        keys = self._backend.keys_of(self._scope(), theirs)
        return {number: keys[their] for number, their in zip(wanted, theirs, strict=True) if their in keys}

    def _markings(self, numbers: Numbers) -> tuple[Marking, ...]:
        """The markings of the classes of this view's records, by the numbers that it gave them."""
        known = {each.vis: each.marking for each in self._backend.classes() if each.marking}
        return tuple(known[vis] for vis in numbers.classes)

    def _referents(self, members: Sequence[str], known: Known) -> tuple[Referent, ...]:
        return tuple(Referent(i, known[i][0].agency, known[i][0].name, known[i][1]) for i in members)

    def _reasons(self, members: Sequence[str]) -> tuple[Reason, ...]:
        if len(members) == 1:
            return ()
        standing = self._identity().standing
        within = np.isin(standing.a, self._columns().indices_of(members))
        return self._as_reasons("same", list(standing.where(within)))

    def _as_reasons(self, verdict: str, joins: Sequence[Join]) -> tuple[Reason, ...]:
        columns = self._columns()
        keys = self._keys_of(self._numbers(), [number for join in joins for number in join.records])
        rows = []
        for join in joins:
            a, b = sorted((columns.id_of(join.a), columns.id_of(join.b)))
            rows.append(Reason(verdict, join.rule, join.value, a, b, tuple(sorted(keys[n] for n in join.records))))
        return tuple(sorted(rows, key=lambda r: (r.rule, r.value, r.a, r.b)))
