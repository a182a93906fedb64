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
from benchmarks.scale.wide import Start, starts
from workbench.store.columns import Int64

_DOCUMENTS = ("passportNumber", "idNumber")
_LOOKED_AT = 200  # entities that are looked at for a path
_LEAST_LETTERS = 4
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
    """A word of names, and the number of texts with it that the store's index proposes."""

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
        walks = tuple(islice(_walks(made, db, starts(db, persons.tolist(), seed)), many))
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


def _walks(made: Made, db: sqlite3.Connection, found: Iterator[Start]) -> Iterator[Walk]:
    """Walks from some starts: each to whom a path looks at about as many entities as is aimed at."""
    for start in found:
        (entity,) = _ids(db, [start.entity])
        paths: list[tuple[int, str]] = []
        for other in _ids(db, start.others):
            with suppress(NotMeasured):  # one of both is hidden
                paths.append((abs(looked(made, "paths", entity, other) - _LOOKED_AT), other))
        if paths:
            yield Walk(entity, min(paths)[1])


def names(stores: Sequence[Made], most: int) -> Sequence[Name]:
    """A word of names for each store, with about as many candidates in all: as many as the smallest store has of one.

    At most `most` candidates.
    """
    words = [_words(each) for each in stores]
    aim = max((many for many in words[0].values() if many <= most), default=1)
    found = []
    for made, counted in zip(stores, words, strict=True):
        text = min(counted, key=lambda word, counted=counted: (abs(counted[word] - aim), word))  # type: ignore[misc]
        found.append(Name(text, _candidates(made, text)))
    return found


def _words(made: Made) -> Counter[str]:
    """How many texts have each word of letters."""
    counted: Counter[str] = Counter()
    with closing(reading(made)) as db:
        for (text,) in db.execute("SELECT folded FROM text"):
            if " " in text:  # a name; numbers and codes are one word
                counted.update({word for word in text.split() if _is_name(word)})
    return counted


def _is_name(word: str) -> bool:
    return len(word) >= _LEAST_LETTERS and re.fullmatch(r"[^\W\d_]+", word) is not None


def _candidates(made: Made, word: str) -> int:
    """How many texts the index proposes for a word, in any script."""
    from workbench.store.search import forms

    with closing(reading(made)) as db:
        return sum(db.execute(_PROPOSED, (_trigrams(form),)).fetchone()[0] for form in forms(word))


def _trigrams(form: str) -> str:
    return " AND ".join(sorted({f'"{form[i : i + 3]}"' for i in range(len(form) - 2)}))


_TIES = "SELECT a, b FROM tie WHERE a <> b"
_PERSONS = """
SELECT DISTINCT r.about FROM record r JOIN term t ON t.num = r.schema WHERE t.text = 'Person' AND r.about IS NOT NULL
ORDER BY r.about
"""
_PROPOSED = "SELECT count(*) FROM text_fts WHERE text_fts MATCH ?"
