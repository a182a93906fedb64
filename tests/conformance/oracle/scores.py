"""Scores of pairs in plain Python: rows that a test publishes, and what loads and markings do to them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from secrets import token_hex
from typing import Any, TypeVar, cast

import numpy as np

from workbench.model.record import Dataset, from_content
from workbench.store import facet_values
from workbench.store.dump_rows import (
    ClassRow,
    DatasetRow,
    EntityRow,
    FacetRow,
    ModelRow,
    PairRow,
    RecordRow,
    RevisionRow,
    part_of,
)
from workbench.store.facet_values import COUNTED, value_of, values_of
from workbench.store.records_known import LIVE
from workbench.store.rows import pairs_and_day, row_of
from workbench.store.scores import COMPARISONS, SCORING, Pairs, end
from workbench.store.transaction import Transaction
from workbench.view.store import GraphStore

R = TypeVar("R", bound=tuple[Any, ...])
HELD = {"Address", "EmailAddress", "Phone"}
POOL = ("1", "2|a", "2|b", "\u0661")
HOLDS = {
    "documents": "document",
    "phones": "phone",
    "emails": "email",
    "buildings": "address",
}


def rows(store: GraphStore, kind: type[R]) -> list[R]:
    """All published rows of a kind, as they are now."""
    outgoing = store.backend.outgoing()
    return [cast(R, row) for some, _ in outgoing.batches(part_of(kind), 0, outgoing.stamp()) for row in some]


@dataclass(frozen=True)
class Told:
    """What the records of a store say: of whom each, and what they are about and tie."""

    rows: Mapping[int, RecordRow]
    ends: Mapping[int, frozenset[int]]
    ties: Mapping[int, frozenset[tuple[int, int]]]
    things: Mapping[int, int]  # what a record is about that helps to recognise who is tied to it

    @classmethod
    def of(cls, store: GraphStore) -> "Told":
        datasets = {row.did: Dataset(row.agency, row.name) for row in rows(store, DatasetRow)}
        markings = {each.vis: each.marking for each in store.backend.classes()}
        numbers = {row.id: row.eid for row in rows(store, EntityRow)}
        kept = {row.rid: row for row in rows(store, RecordRow) if row.rev_to > row.rev_from}
        ends, things = dict[int, frozenset[int]](), dict[int, int]()
        ties = dict[int, frozenset[tuple[int, int]]]()
        for rid, row in kept.items():
            record = from_content(row.body, datasets[row.did], row.source_id, markings[row.vis], row.part, "")
            made = row_of(record)
            tied = [tuple(numbers[record.referent(role.ref)] for role in pair) for pair in pairs_and_day(made)[0]]
            ties[rid] = frozenset((a, b) for a, b in tied)
            about = () if made.is_relationship else (numbers[record.entity],)
            ends[rid] = frozenset({*about, *(each for pair in tied for each in pair)})
            if record.schema in HELD:
                things[rid] = numbers[record.entity]
        return cls(kept, ends, ties, things)

    def said(self, records: Iterable[int]) -> set[tuple[int, int]]:
        """The (entity, class) of what some records say."""
        said = set[tuple[int, int]]()
        for rid in records:
            vis = self.rows[rid].vis
            said |= {(each, vis) for each in self.ends[rid]}
            if rid in self.things:
                tied = {pair for n, row in self.rows.items() if row.vis == vis for pair in self.ties[n]}
                said |= {(each, vis) for pair in tied if self.things[rid] in pair for each in pair}
        return said


@dataclass(frozen=True)
class Kept:
    """The scores that a store should have."""

    models: dict[int, ModelRow] = field(default_factory=dict)
    facets: dict[int, FacetRow] = field(default_factory=dict)
    pairs: dict[tuple[int, int], PairRow] = field(default_factory=dict)

    def ended(self, facets: Iterable[int], revision: int) -> "Kept":
        """Without these facets and their pairs from a revision on."""
        gone = {fid for fid in facets if self.facets[fid].rev_to == LIVE}
        pairs = {key for key, row in self.pairs.items() if row.rev_to == LIVE and gone & {row.fa, row.fb}}
        return replace(
            self,
            facets=self.facets | {fid: self.facets[fid]._replace(rev_to=revision) for fid in gone},
            pairs=self.pairs | {key: self.pairs[key]._replace(rev_to=revision) for key in pairs},
        )

    def without(self, facets: set[int]) -> "Kept":
        """Without these facets and their pairs at all revisions."""
        return replace(
            self,
            facets={fid: row for fid, row in self.facets.items() if fid not in facets},
            pairs={key: row for key, row in self.pairs.items() if not facets & {row.fa, row.fb}},
        )

    def after(self, revision: int, before: Told, now: Told) -> "Kept":
        """After a load that published this revision; after one that did not, or new markings, it is -1."""
        changed = {rid for rid, row in now.rows.items() if revision in (row.rev_from, row.rev_to)}
        said = before.said(changed & before.rows.keys()) | now.said(changed)
        kept = self.ended([fid for fid, row in self.facets.items() if (row.eid, row.vis) in said], revision)
        moved = {rid for rid, row in before.rows.items() if rid in now.rows and now.rows[rid].vis != row.vis}
        said = before.said(moved) | now.said(moved)
        return kept.without({fid for fid, row in kept.facets.items() if (row.eid, row.vis) in said})

    def at(self, revision: int) -> tuple[list[PairRow], list[FacetRow], str]:
        """The standing pairs and facets of a revision, and what of its model views use."""
        pairs = [row for _, row in sorted(self.pairs.items()) if row.rev_from <= revision < row.rev_to]
        facets = [row for _, row in sorted(self.facets.items()) if row.rev_from <= revision < row.rev_to]
        models = [row.body for row in self.models.values() if row.rev_from <= revision < row.rev_to]
        return pairs, facets, json.dumps(json.loads(models[0])["views"], separators=(",", ":")) if models else ""


def weights(chance: Random) -> bytes:
    """Some weights, most of them none."""
    return np.array([chance.choice((0, 0, -32768, 32767, 250)) for _ in COMPARISONS], dtype="<i2").tobytes()


def score(store: GraphStore, kept: Kept, chance: Random, *, anew: bool = False, most: int = 12) -> Kept:
    """Publish facets of some entities and classes, and some of their pairs; `anew` by another model."""

    def work(tx: Transaction) -> Kept:
        rev, model = tx.published() + 1, max(kept.models, default=0) + 1
        after = kept
        if anew or not kept.models:
            ended = {mid: row._replace(rev_to=min(row.rev_to, rev)) for mid, row in kept.models.items()}
            body = json.dumps({"views": {"slips": model % 2 == 0}, "frequencies": [1, 2]})
            models = ended | {model: ModelRow(model, body, rev, LIVE)}
            end(tx, rev, [row for row in kept.facets.values() if row.rev_to == LIVE])
            after = replace(kept.ended(kept.facets, rev), models=models)
            tx.put(ModelRow, list(models.values()))
        new, pairs = drawn(after, tx, rev, chance, most)
        tx.put(FacetRow, list(new.values()))
        tx.put(PairRow, list(pairs.values()))
        changed = [row for fid, row in (after.facets | new).items() if kept.facets.get(fid) != row]
        classes = {row.vis for row in changed} or {min(row.vis for row in tx.rows(ClassRow))}
        tx.publish(RevisionRow(rev, token_hex(8), SCORING, "2026", tuple(sorted(classes))))
        return replace(after, facets=after.facets | new, pairs=after.pairs | pairs)

    with store.lease():
        return store.backend.write(work)


def drawn(
    kept: Kept, tx: Transaction, rev: int, chance: Random, most: int
) -> tuple[dict[int, FacetRow], dict[tuple[int, int], PairRow]]:
    """New facets of entities and classes that have none standing, and pairs of which one facet is new."""
    standing = [row for row in kept.facets.values() if row.rev_to == LIVE]
    classes = [row.vis for row in tx.rows(ClassRow) if row.marking]
    free = sorted(
        {(row.eid, vis) for row in tx.rows(EntityRow) for vis in classes} - {(row.eid, row.vis) for row in standing}
    )
    first, wanted = max(kept.facets, default=0) + 1, chance.sample(free, min(len(free), most))
    new = {
        fid: FacetRow(fid, eid, eid % 2, vis, tx.class_number("", "", classes), forms(fid), rev, LIVE)
        for fid, (eid, vis) in enumerate(wanted, first)
    }
    every = [*standing, *new.values()]
    found = dict[tuple[int, int], PairRow]()
    for one, other in possible(every, first):
        if chance.random() < 1 / 2:
            vis = one.vis if one.vis == other.vis else tx.class_number("", "", {one.vis, other.vis})
            of = (one.fid, other.fid, one.eid, other.eid, one.kind, vis)
            found[one.fid, other.fid] = PairRow(*of, weights(chance), chance.randint(0, 1), rev, LIVE)
    return new, found


def forms(fid: int) -> str:
    """Forms of a facet, with some of the few values that there are."""
    chance = drawing(fid)
    said = {column: chance.sample(POOL, chance.randint(0, 2)) for column in HOLDS}
    names = {column: chance.choice(([], ["n"], ["m", "n"], ["o"])) for column in ("keys", "names")}
    return json.dumps({"n": fid, **said, **names})


def holdings(facets: Iterable[FacetRow]) -> list[tuple[int, int, int, int]]:
    """The (value, facet, holder, class) of all that facets hold, in order."""
    found = []
    for row in facets:
        said = json.loads(row.forms)
        holder = values_of(row.fid, json.dumps({"keys": said["keys"] or said["names"]})).holder
        assert (holder == -row.fid) == (not said["keys"] and not said["names"])
        values = sorted({value_of(name, each) for column, name in HOLDS.items() for each in said[column]})
        found += [(value, row.fid, holder, row.vis) for value in values]
    return sorted(found)


def held_by_many(facets: Iterable[FacetRow]) -> list[int]:
    """The values that these facets hold under more names than their limit, in order."""
    names: dict[int, set[int]] = {}
    for value, _, holder, _ in holdings(facets):
        names.setdefault(value, set()).add(holder)
    documents = {value_of("document", each) for each in POOL}
    most = {value: facet_values.DOCUMENT_LIMIT if value in documents else facet_values.LIMIT for value in names}
    return sorted(value for value, found in names.items() if len(found) > most[value])


def without_common(pairs: Sequence[PairRow], facets: Sequence[FacetRow]) -> list[PairRow]:
    """Pairs without weights of common values, given the facets that are seen."""
    common = {*held_by_many(facets)}
    said = {row.fid: {value for value, *_ in holdings([row])} for row in facets}
    return [_without(row, said.get(row.fa, set()), said.get(row.fb, set()), common) for row in pairs]


def _without(pair: PairRow, one: set[int], other: set[int], common: set[int]) -> PairRow:
    weights = np.frombuffer(pair.weights, "<i2").copy()
    for name, place in COUNTED.items():
        shared = {each for each in POOL if value_of(name, each) in one & other}
        of_common = {each for each in shared if value_of(name, each) in common}
        if name == "address":
            houses = {each.split("|")[0] for each in of_common}
            of_common = {each for each in shared if each.split("|")[0] in houses}
        if weights[place] > 0 and shared and shared == of_common:
            weights[place] = 0
    return pair._replace(weights=weights.tobytes())


def possible(facets: Sequence[FacetRow], first: int) -> Iterator[tuple[FacetRow, FacetRow]]:
    """Facets of two entities of one kind, in order, of which the later is new."""
    for other in facets:
        if other.fid >= first:
            for one in facets:
                if one.fid < other.fid and one.eid != other.eid and one.kind == other.kind:
                    yield one, other


def listed(pairs: Pairs) -> Counter[tuple[Any, ...]]:
    """The pairs that a store returned."""
    fields = (pairs.one, pairs.other, pairs.a, pairs.b, pairs.kind, pairs.vis, pairs.blocked, pairs.weights)
    return Counter((*row, tuple(of)) for *row, of in zip(*(each.tolist() for each in fields), strict=True))


def expected(pairs: Iterable[PairRow]) -> Counter[tuple[Any, ...]]:
    """The same of rows."""
    return Counter(
        (
            *(p.fa, p.fb, min(p.a, p.b), max(p.a, p.b), p.kind, p.vis, bool(p.blocked)),
            tuple(np.frombuffer(p.weights, "<i2").tolist()),
        )
        for p in pairs
    )


def drawing(seed: int) -> Random:
    """A source of examples."""
    return Random(seed)  # noqa: S311 - draws examples
