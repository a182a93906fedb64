"""Whom the commands ask about: entities, numbers and names, drawn from a store by a seed."""

import json
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from itertools import islice

import numpy as np

from benchmarks.scale.logged import looked
from benchmarks.scale.processes import NotMeasured
from benchmarks.scale.stores import Made
from benchmarks.scale.wide import HOPS, REACHED, Start, starts
from workbench.store.columns import Int64

_DOCUMENTS = ("passportNumber", "idNumber")
_LOOKED_AT = 700  # entities that are looked at for a path
_FAR = 1 / 3  # how much answers may miss what is aimed at
_STARTS = 10  # tried for each walk
_LETTERS = 3
_TEXTS_TRIED = 50
_HUBS = 100  # one of so many is not hidden


@dataclass(frozen=True)
class Asked:
    """One typical person: his id and his document's number."""

    id: str
    number: str


@dataclass(frozen=True)
class Walk:
    """Who a walk over several ties starts at, and who stands at the other end of a path."""

    id: str
    other: str


@dataclass(frozen=True)
class Chosen:
    """Typical persons (their number of neighbours is the median), the entity with the most, and how many both have.

    `walks` lead through about as many entities in every store.
    """

    typical: tuple[Asked, ...]
    degree: int
    hub: str
    hub_degree: int
    walks: tuple[Walk, ...]


@dataclass(frozen=True)
class Name:
    """A piece of persons' names, and the number of entities that the store's index proposes for it."""

    text: str
    candidates: int


def chosen(made: Made, seed: int, many: int) -> Chosen:
    """The entities that are asked about in a store; the same for the same store, seed and number.

    Hidden ones and those without a document are passed over.
    """
    note = made.folder / "note.json"
    kept = made.note.get("chosen", {}).get(f"{seed} {many}")
    if kept is None:
        found = _choose(made, seed, many)
        kept = asdict(found)
        noted = json.loads(note.read_text("utf-8"))
        noted.setdefault("chosen", {})[f"{seed} {many}"] = kept
        note.write_text(json.dumps(noted, indent=1), "utf-8")
    typical, walks = [Asked(**each) for each in kept["typical"]], [Walk(**each) for each in kept["walks"]]
    return Chosen(tuple(typical), kept["degree"], kept["hub"], kept["hub_degree"], tuple(walks))


def _choose(made: Made, seed: int, many: int) -> Chosen:
    with closing(reading(made)) as db:
        every = _degrees(db)
        persons = _persons(db, every)
        degrees = every[persons]
        middle = int(np.sort(degrees)[len(degrees) // 2]) if len(degrees) else 0
        typical = np.flatnonzero(degrees == middle).tolist()
        random.Random(seed).shuffle(typical)
        asked = tuple(islice(_asked(made, _ids(db, persons[typical])), many))
        walks = _walks(made, db, starts(db, persons.tolist(), seed), many)
        if not asked or not walks:
            raise NotMeasured("no typical person of this store has a document, or nobody has anybody three ties away")
        hubs = np.argsort(-every, kind="stable")[:_HUBS]
        hub, ties = next(
            (each, n) for each, n in zip(_ids(db, hubs), every[hubs].tolist(), strict=True) if _is_seen(made, each)
        )
        return Chosen(asked, middle, hub, ties, walks)


def reading(made: Made) -> sqlite3.Connection:
    """A connection that can only read the store's file."""
    return sqlite3.connect(f"file:{made.file}?mode=ro", uri=True)


def _degrees(db: sqlite3.Connection) -> Int64:
    """How many other entities each entity is tied to, by its number."""
    (most,) = db.execute("SELECT max(eid) FROM entity").fetchone()
    size = (most or 0) + 1
    pairs = np.unique(np.fromiter((min(a, b) * size + max(a, b) for a, b in db.execute(_TIES)), np.int64))
    return np.bincount(np.concatenate([pairs // size, pairs % size]), minlength=size)


def _persons(db: sqlite3.Connection, degrees: Int64) -> Int64:
    """The numbers of persons who have a neighbour."""
    persons = np.fromiter((eid for (eid,) in db.execute(_PERSONS)), np.int64)
    return persons[degrees[persons] > 0]


def _is_seen(made: Made, entity: str) -> bool:
    try:
        made.ask("show", entity)
    except NotMeasured:
        return False
    return True


def _ids(db: sqlite3.Connection, numbers: Iterable[int]) -> Iterator[str]:
    for number in numbers:
        yield db.execute("SELECT id FROM entity WHERE eid = ?", (int(number),)).fetchone()[0]


def _asked(made: Made, ids: Iterator[str]) -> Iterator[Asked]:
    """Those of some persons who have a document."""
    for entity in ids:
        try:
            values = made.ask("show", entity).answer["values"]
        except NotMeasured:
            continue
        numbers = sorted({each["value"] for each in values if each["property"] in _DOCUMENTS and each["value"]})
        if numbers:
            yield Asked(entity, numbers[0])


def _walks(made: Made, db: sqlite3.Connection, found: Iterator[Start], many: int) -> tuple[Walk, ...]:
    """Walks from some starts, those that come nearest to what is aimed at."""
    tried: list[tuple[float, Walk]] = []
    for start in islice(found, _STARTS * many):
        (entity,) = _ids(db, [start.entity])
        with suppress(NotMeasured):  # one of both is hidden
            reached = len(made.ask("neighbours", entity, "--hops", str(HOPS)).answer["entities"])
            for other in _ids(db, start.others if _miss(reached, REACHED) <= _FAR else ()):
                miss = _miss(looked(made, "paths", entity, other), _LOOKED_AT)
                tried.append((miss, Walk(entity, other)))
                if miss <= _FAR:
                    break
        if sum(miss <= _FAR for miss, _ in tried) == many:
            break
    return tuple(walk for _, walk in sorted(tried, key=lambda each: each[0])[:many])


def _miss(found: int, aim: int) -> float:
    """By how much a number misses what is aimed at, as a share of it."""
    return abs(found - aim) / aim


def names(stores: Sequence[Made], most: int) -> Sequence[Name]:
    """A piece of names for each store, with about `most` candidates; fewer if the smallest store has fewer."""
    counted = [_pieces(each) for each in stores]
    aim = min(most, max(counted[0].values()))
    return [_nearest(made, pieces, aim) for made, pieces in zip(stores, counted, strict=True)]


def _nearest(made: Made, pieces: Counter[str], aim: int) -> Name:
    """The text with the number of candidates nearest to what is aimed at, of some that so many names have."""
    near = sorted(text for text, many in pieces.items() if aim / 4 <= many <= aim)
    tried = [Name(text, _candidates(made, text)) for text in near[:: max(1, len(near) // _TEXTS_TRIED)]]
    return min(tried, key=lambda name: (abs(name.candidates - aim), name.text))


def _pieces(made: Made) -> Counter[str]:
    """How many texts about persons have each piece of a word in them."""
    counted: Counter[str] = Counter()
    with closing(reading(made)) as db:
        for (text,) in db.execute(_TEXTS):
            if " " in text:  # a name; numbers and codes are one word
                words = filter(_is_name, text.split())
                counted.update({part for word in words for part in _parts(word)})
    return counted


def _parts(word: str) -> Iterator[str]:
    """Three letters from anywhere in a word, and what longer it begins with."""
    yield from (word[i : i + _LETTERS] for i in range(len(word) - _LETTERS + 1))
    yield from (word[:n] for n in range(_LETTERS + 1, len(word) + 1))


def _is_name(word: str) -> bool:
    return re.fullmatch(r"[^\W\d_]+", word) is not None


def _candidates(made: Made, word: str) -> int:
    """How many entities have texts that the index proposes for a word, in any script."""
    from workbench.store.search import forms
    from workbench.store.sqlite.search import expression

    with closing(reading(made)) as db:
        return len({number for form in forms(word) for (number,) in db.execute(_PROPOSED, (expression(form),))})


_TIES = "SELECT a, b FROM tie WHERE a <> b"
_PERSONS = """
SELECT DISTINCT r.about FROM record r JOIN term t ON t.num = r.schema WHERE t.text = 'Person' AND r.about IS NOT NULL
ORDER BY r.about
"""
_TEXTS = """
SELECT t.folded FROM text t WHERE EXISTS (
    SELECT 1 FROM record r JOIN term s ON s.num = r.schema WHERE r.about = t.eid AND s.text = 'Person'
)
"""
_PROPOSED = "SELECT t.eid FROM text_fts f JOIN text t ON t.tid = f.rowid WHERE f.text_fts MATCH ?"
