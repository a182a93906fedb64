"""Proposals: pairs of entities that may be one, for people to judge. They join nobody."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from workbench.model.asked import one_text, whole
from workbench.store.columns import Int64
from workbench.store.scores import HUNDREDTHS
from workbench.store.types import Judgement
from workbench.view.access import answer
from workbench.view.answers import ToldApart
from workbench.view.apart import kept_apart
from workbench.view.describing import told_apart
from workbench.view.part import Part
from workbench.view.scored import UNSCORED, Best, Told
from workbench.view.traits import Telling
from workbench.view.view import View
from workbench.view.who import judgements_about

_AT_ONCE = 1_000
# What a table of proposals shows.
COLUMNS = ("bits", "one", "other", "what agrees", "a", "b")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entities that may be one: the weight of their score in bits, and what each comparison says.

    `one` and `other` are canonical, with what tells each from others of its name; `a` and `b` are those of their
    referents, in this order, that are most alike.
    """

    one: ToldApart
    other: ToldApart
    bits: float
    why: str
    a: str
    b: str

    def to_row(self) -> dict[str, Any]:
        """The row that shows it in a table."""
        shown = (round(self.bits, 1), self.one.lines, self.other.lines, self.why, self.a, self.b)
        return dict(zip(COLUMNS, shown, strict=True))


@answer
def proposals(view: View, limit: int = 50) -> tuple[Proposal, ...]:
    """The pairs of entities of a view that may be one, the likeliest first; at most `limit`.

    A pair is left out if something joins the two, if a veto keeps them apart, or if somebody has judged them.
    """
    part, limit = view._all(), whole(limit, "limit")
    return _told(view, part, list(islice(_likeliest(part, part.scored.best, view.judgements()), limit)))


@answer
def may_also_be(view: View, entity: str) -> tuple[Proposal, ...]:
    """The proposals about one entity, the likeliest first; NotFound if it is not in this view."""
    part = view._of([one_text(entity, "entity")])
    members = part.members(entity)
    if part.scored is UNSCORED:
        return ()
    near = view._of(members)
    about = _about(near, members)
    if not len(about):
        return ()
    others = near.columns.ids_of(np.unique(np.concatenate([about.a, about.b])))
    part = view._of(sorted({*members, *others}))
    pairs = _likeliest(part, _about(part, members), judgements_about(view, members))
    return _told(view, part, list(pairs))


class _Pair(NamedTuple):
    """Two canonical entities, and the score of those of their referents that are most alike."""

    one: int
    other: int
    told: Told


def _about(part: Part, members: Sequence[str]) -> Best:
    """The pairs to propose of which one is among some entities."""
    best, own = part.scored.best, part.columns.indices_of(members)
    return best.take(np.isin(best.a, own) | np.isin(best.b, own))


def _likeliest(part: Part, scored: Best, judgements: Iterable[Judgement]) -> Iterator[_Pair]:
    """The pairs to propose, the likeliest first, each two entities once."""
    canonical, known = part.identity.canonical, _judged(part, judgements)
    order: Int64 = np.lexsort((scored.b, scored.a, -scored.total))
    for start in range(0, len(order), _AT_ONCE):
        some = scored.at(order[start : start + _AT_ONCE])
        fresh: dict[tuple[int, int], int] = {}
        for row, two in enumerate(map(_ordered, canonical[some.a].tolist(), canonical[some.b].tolist())):
            if two[0] != two[1] and two not in known:
                fresh.setdefault(two, row)
        known |= fresh.keys()
        asked = some.at(np.array(list(fresh.values()), dtype=np.int64))
        for two, told, apart in zip(fresh, asked.told(), _apart(part, asked), strict=True):
            if not apart:
                yield _Pair(*two, told if canonical[told.a] == two[0] else told._replace(a=told.b, b=told.a))


def _apart(part: Part, pairs: Best) -> list[bool]:
    """Whether a veto keeps a referent of one apart from a referent of the other, for two entities each."""
    canonical = part.identity.canonical.astype(np.int64)
    (a, of_a), (b, of_b) = (part.identity.members_of(canonical[each]) for each in (pairs.a, pairs.b))
    of = np.concatenate([of_a, of_b])
    order = np.argsort(of, kind="stable")
    entities, place = np.unique(np.concatenate([a, b])[order], return_inverse=True)
    traits = Telling.of(part.columns).traits_of(entities.astype(np.int32), part.scored.model).of_each(place)
    kept, ours = kept_apart(traits, of[order]), [0] * len(pairs)
    members = list(zip(of[order].tolist(), (order < len(a)).tolist(), kept.own, kept.foes, strict=True))
    for pair, is_ours, own, _ in members:
        ours[pair] |= own * is_ours
    apart = {pair for pair, is_ours, _, foes in members if not is_ours and foes & ours[pair]}
    return [pair in apart for pair in range(len(pairs))]


def _judged(part: Part, judgements: Iterable[Judgement]) -> set[tuple[int, int]]:
    """The canonical entities that somebody has judged: the same, different, or unsure."""
    said = list(judgements)
    a, b = (part.columns.indices_of([getattr(each, end) for each in said]) for end in ("a", "b"))
    here, canonical = (a >= 0) & (b >= 0), part.identity.canonical
    return set(map(_ordered, canonical[a[here]], canonical[b[here]]))


def _ordered(a: int, b: int) -> tuple[int, int]:
    return min(int(a), int(b)), max(int(a), int(b))


def _told(view: View, part: Part, pairs: Sequence[_Pair]) -> tuple[Proposal, ...]:
    """Proposals in words."""
    numbers = np.array([(p.one, p.other, p.told.a, p.told.b) for p in pairs], dtype=np.int32).reshape(-1, 4)
    ids = [part.columns.ids_of(column) for column in numbers.T]
    named = sorted({*ids[0], *ids[1]})
    shown = dict(zip(named, map(told_apart, view._described(part, named)), strict=True))
    return tuple(
        Proposal(shown[one], shown[other], pair.told.weight / HUNDREDTHS, pair.told.why, a, b)
        for pair, one, other, a, b in zip(pairs, *ids, strict=True)
    )
