"""A view's search results: their order, and how many there are of each type and agency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.errors import UsageError
from workbench.model.asked import texts
from workbench.model.normal.scripts import is_syllabic
from workbench.model.ontology import ontology
from workbench.model.text import fold
from workbench.store.columns import Bool, Int64
from workbench.store.search import SIMILAR, TRIGRAM
from workbench.view.adjacency import ranges
from workbench.view.answers import Counts, Hits
from workbench.view.describing import Described, hit
from workbench.view.part import Part

WHOLE_WORDS = (
    "of one or two letters, only whole words are found: give three letters or more to find what begins with them"
)


@dataclass(frozen=True)
class Found:
    """The canonical entities of a search, best first, after its filters: their numbers, and which are only similar.

    `types` and `agencies` count the answers by each, as if it were not filtered by that.
    """

    entities: Int64
    similar: Bool
    types: Counts
    agencies: Counts


def best_first(ranks: Mapping[int, int], part: Part, types: Sequence[str], agencies: Sequence[str]) -> Found:
    """The answers of a search; `ranks` are by the store's entity numbers."""
    entities, is_similar = _ordered(ranks, part)
    its_type, type_names = _types(entities, part)
    of_agency, agency_names = _agencies(entities, part)
    of_types = np.isin(its_type, [n for n, name in enumerate(type_names) if name in types]) if types else _all(entities)
    wanted = [n for n, name in enumerate(agency_names) if name in agencies]
    of_agencies = of_agency[:, wanted].any(axis=1) if agencies else _all(entities)
    kept = of_types & of_agencies
    by_type = np.bincount(its_type[of_agencies], minlength=len(type_names))
    by_agency = of_agency[of_types].sum(axis=0)
    return Found(
        entities[kept],
        is_similar[kept],
        _counts(type_names, by_type.tolist()),
        _counts(agency_names, by_agency.tolist()),
    )


def hits_of(found: Found, shown: Sequence[Described], advice: str) -> Hits:
    """What was found, with those of its first entities that are shown."""
    entities = tuple(hit(of, similar) for of, similar in zip(shown, found.similar.tolist(), strict=False))
    total, similar = len(found.entities), int(found.similar.sum())
    return Hits(entities, total, similar, found.types, found.agencies, advice)


def known_types(types: Sequence[str]) -> Sequence[str]:
    """The types of entities given; UsageError for one that the ontology does not have."""
    for each in texts(types, "types"):
        if each not in ontology().schemata:
            raise UsageError(f"no type {each!r}: name one that is counted among the answers", "types")
    return types


def advice_on(text: str) -> str:
    """What to tell somebody who searches for so few letters; "" if they are enough, or a name in Han or Hangul."""
    folded = fold(text)
    return WHOLE_WORDS if 0 < len(folded) < TRIGRAM and not is_syllabic(folded) else ""


def _ordered(ranks: Mapping[int, int], part: Part) -> tuple[Int64, Bool]:
    of_store, rank = (np.fromiter(each, dtype=np.int64, count=len(ranks)) for each in (ranks, ranks.values()))
    known = part.numbers.of_entities(of_store)
    order = np.lexsort((known, rank))
    order = order[known[order] >= 0]
    answers = part.identity.canonical[known[order]]
    first = np.sort(np.unique(answers, return_index=True)[1])
    return answers[first].astype(np.int64), rank[order][first] >= SIMILAR


def _all(entities: Int64) -> Bool:
    return np.ones(len(entities), dtype=bool)


def _types(entities: Int64, part: Part) -> tuple[Int64, Sequence[str]]:
    """The type of each answer, as a number of a name: the narrowest of those that records give it."""
    members, place = part.identity.members_of(entities)
    of_record, schema = part.schemata
    rows, of = ranges(*(np.searchsorted(of_record, members, side=side) for side in ("left", "right")))
    names = part.columns.names
    owner, said = np.divmod(np.unique(place[of] * len(names) + schema[rows]), max(len(names), 1))
    found = np.zeros(len(entities), dtype=np.int64)
    found[owner] = said
    numbers = {name: number for number, name in enumerate(names)}
    for several in np.flatnonzero(np.bincount(owner, minlength=len(entities)) > 1).tolist():
        begin, end = np.searchsorted(owner, [several, several + 1])
        found[several] = numbers[ontology().narrowest(names[each] for each in said[begin:end].tolist())]
    return found, names


def _agencies(entities: Int64, part: Part) -> tuple[Bool, Sequence[str]]:
    """For each answer and agency, whether the answer has a referent of it."""
    columns, (members, place) = part.columns, part.identity.members_of(entities)
    names = sorted({dataset.agency for dataset in columns.datasets})
    owner = np.array([names.index(dataset.agency) for dataset in columns.datasets], dtype=np.int64)
    found = np.zeros((len(entities), len(names)), dtype=bool)
    found[place, owner[columns.dataset[members]]] = True
    return found, names


def _counts(names: Sequence[str], counts: Sequence[int]) -> Counts:
    pairs = [(name, count) for name, count in zip(names, counts, strict=True) if count]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
