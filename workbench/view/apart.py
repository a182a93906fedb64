"""Who in a group of entities is kept apart from whom, and why: by what they say of themselves, or by a judgement.

Those of a group who say the same under one key are taken together, so a large group is no more work than the different
things that are said in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.store.columns import Bool, Int64, Rows
from workbench.view.adjacency import ranges
from workbench.view.births import Births
from workbench.view.traits import BIRTH, DOCUMENT, Said, Traits

# How many pairs are compared at a time.
_AT_ONCE = 1 << 18
# For each of KIND, SEX, BIRTH and DOCUMENT: the first of those who share what they say of it, for each member.
Shared = Sequence[Int64]


@dataclass(frozen=True, slots=True)
class _Disputed(Rows):
    """What is said of topics, each a group and a key in one number: the first of those who share it, and the value."""

    topic: Int64
    holder: Int64
    value: Int64


@dataclass(frozen=True, slots=True)
class _Sayings(Rows):
    """Different things that are said of topics: the values of each are those from `begin` to `end`."""

    topic: Int64
    begin: Int64
    end: Int64


@dataclass(frozen=True)
class KeptApart:
    """Who in some groups is kept apart from whom: of each member its own bit, and the bits of those it is apart from.

    A bit stands for a member within its group. The members of a group are beside each other.
    """

    own: list[int]
    foes: list[int]
    _held: tuple[Int64, Int64, Int64]  # members, their topics, and what they say of them; in order
    _against: Int64  # what disagrees, as two sayings in one number; in order
    _sayings: int
    _reasons: tuple[str, ...]
    _judged: Mapping[tuple[int, int], str]

    def members(self, beside: int, bits: int) -> Iterator[int]:
        """The members of the group of one to whom some bits belong."""
        first = beside - self.own[beside].bit_length()
        while bits:
            yield first + bits.bit_length()
            bits ^= 1 << (bits.bit_length() - 1)

    def why(self, pairs: Sequence[tuple[int, int]]) -> list[str]:
        """Why two members each are kept apart, which must be so: a judgement, or the first key that they differ in."""
        a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        member, topic, saying = self._held
        rows, of = ranges(*(np.searchsorted(member, a, side=side) for side in ("left", "right")))
        most = int(topic.max(initial=0)) + 1
        known, asked = member * most + topic, b[of] * most + topic[rows]
        there = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        one, other = saying[rows], saying[there]
        both = np.isin(np.minimum(one, other) * self._sayings + np.maximum(one, other), self._against)
        both &= known[there] == asked
        key = np.full(len(a), len(self._reasons))
        np.minimum.at(key, of[both], topic[rows[both]] % len(self._reasons))
        told = (*self._reasons, "")
        return [
            self._judged.get((min(pair), max(pair))) or told[each]
            for pair, each in zip(pairs, key.tolist(), strict=True)
        ]


def kept_apart(
    traits: Traits, group: Int64, shared: Shared = (), judged: Mapping[tuple[int, int], str] | None = None
) -> KeptApart:
    """Who is kept apart in groups of entities: `group[i]` is that of the i-th, and does not fall.

    `judged` has two members each, the smaller first, that a judgement keeps apart, and why.
    """
    shared, judged = shared or (np.arange(len(group)),) * (DOCUMENT + 1), judged or {}
    keys = len(traits.reasons)
    said = _disputed(traits.said, group, shared, keys)
    begin = _starts(said.topic, said.holder)
    sayings, said_by = _sayings(said, begin)
    births = Births.of(traits.texts, said.value[said.topic % keys == BIRTH])
    one, other = _against(sayings, said.value, sayings.topic % keys == BIRTH, births)
    wanted = np.flatnonzero(np.isin(said_by, np.concatenate([one, other])))
    held = _held(said.at(begin[wanted]), said_by[wanted], shared, keys)
    own = [1 << place for place in (np.arange(len(group)) - np.searchsorted(group, group)).tolist()]
    foes = _foes(own, *(each.tolist() for each in (held[0], held[2], one, other)))
    for a, b in judged:
        foes[a] |= own[b]
        foes[b] |= own[a]
    return KeptApart(own, foes, held, np.sort(one * len(sayings) + other), len(sayings), traits.reasons, judged)


def _disputed(said: Said, group: Int64, shared: Shared, keys: int) -> _Disputed:
    """What is said where a group says more than one thing under a key: in order of topics and holders, each once."""
    topic = group[said.of] * keys + said.key
    order = np.argsort(topic)
    starts, value = _starts(topic[order]), said.value[order]
    several = np.zeros(len(starts), dtype=bool)
    if len(starts):
        several = np.minimum.reduceat(value, starts) != np.maximum.reduceat(value, starts)
    rows = order[np.repeat(several, np.diff(starts, append=len(order)))]
    some = said.at(rows)
    holder = np.stack(shared)[np.minimum(some.key, DOCUMENT), some.of]
    found = _Disputed(topic[rows], holder, some.value)
    found = found.at(np.lexsort((found.value, found.holder, found.topic)))
    return found.at(_starts(found.topic, found.holder, found.value))


def _starts(*columns: Int64) -> Int64:
    """The first row of each run of equal rows."""
    n = len(columns[0])
    changes = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.concatenate([np.zeros(min(n, 1), np.int64), np.flatnonzero(changes) + 1])


def _sayings(said: _Disputed, begin: Int64) -> tuple[_Sayings, Int64]:
    """The different things that are said of each topic; and what each holder says of each, by its number among them.

    `begin` is the first row of each holder and topic. Who says two things at once stands alone.
    """
    end, topic = np.append(begin[1:], len(said))[: len(begin)], said.topic[begin]
    value = np.where(end - begin == 1, said.value[begin], -1 - np.arange(len(begin)))
    order = np.lexsort((value, topic))
    first = _starts(topic[order], value[order])
    number = np.zeros(len(begin), dtype=np.int64)
    number[order] = np.repeat(np.arange(len(first)), np.diff(first, append=len(order)))
    rows = order[first]
    return _Sayings(topic[rows], begin[rows], end[rows]), number


def _against(sayings: _Sayings, values: Int64, is_birth: Bool, births: Births) -> tuple[Int64, Int64]:
    """The sayings of one topic that disagree: they have no value in common, and no birth dates that may be one day."""
    until = np.searchsorted(sayings.topic, sayings.topic, side="right")
    found = [(np.zeros(0, np.int64),) * 2]
    for some in _chunks(until - np.arange(len(sayings)) - 1):
        other, of = ranges(some + 1, until[some])
        one = some[of]
        agree = np.zeros(len(one), dtype=bool)
        for pairs, x, y in _crossed(sayings, one, other):
            alike = values[x] == values[y]
            born = np.flatnonzero(is_birth[one[pairs]] & ~alike)
            alike[born] = births.may_be_one_day(values[x[born]], values[y[born]])
            agree[pairs[alike]] = True
        found.append((one[~agree], other[~agree]))
    one, other = (np.concatenate(each) for each in zip(*found, strict=True))
    return one, other


def _crossed(sayings: _Sayings, one: Int64, other: Int64) -> Iterator[tuple[Int64, Int64, Int64]]:
    """Each value of one saying beside each of another, for two sayings each: the number of the two, and the values."""
    size = sayings.end - sayings.begin
    for some in _chunks(size[one] * size[other]):
        rows, of = ranges(np.zeros(len(some), np.int64), size[one[some]] * size[other[some]])
        pairs = some[of]
        a, b = one[pairs], other[pairs]
        yield pairs, sayings.begin[a] + rows // size[b], sayings.begin[b] + rows % size[b]


def _chunks(counts: Int64) -> Iterator[Int64]:
    """The places of counts, in parts that have about `_AT_ONCE` together."""
    part = np.cumsum(counts) // _AT_ONCE
    yield from np.split(np.arange(len(counts)), np.flatnonzero(np.diff(part)) + 1)


def _held(said: _Disputed, sayings: Int64, shared: Shared, keys: int) -> tuple[Int64, Int64, Int64]:
    """Who says what, given the saying of each holder: the members, the topics and the sayings; in order."""
    kind = np.minimum(said.topic % keys, DOCUMENT)
    found = [(np.zeros(0, np.int64),) * 2]
    for each, first in enumerate(shared):
        mine = np.flatnonzero(kind == each)
        sharing = np.flatnonzero(np.isin(first, said.holder[mine]))
        order = sharing[np.argsort(first[sharing], kind="stable")]
        ends = (np.searchsorted(first[order], said.holder[mine], side=side) for side in ("left", "right"))
        members, of = ranges(*ends)
        found.append((order[members], mine[of]))
    member, row = (np.concatenate(each) for each in zip(*found, strict=True))
    in_order = np.lexsort((sayings[row], member))
    row = row[in_order]
    return member[in_order], said.topic[row], sayings[row]


def _foes(own: list[int], members: list[int], held: list[int], one: list[int], other: list[int]) -> list[int]:
    """For each member the bits of those that say something that disagrees with what it says."""
    who, against, foes = dict.fromkeys(held, 0), dict.fromkeys(held, 0), [0] * len(own)
    for member, saying in zip(members, held, strict=True):
        who[saying] |= own[member]
    for x, y in zip(one, other, strict=True):
        against[x] |= who[y]
        against[y] |= who[x]
    for member, saying in zip(members, held, strict=True):
        foes[member] |= against[saying]
    return foes
