"""Proposals: pairs of entities that may be one, for people to judge. They join nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from workbench.model.asked import one_text, whole
from workbench.store.columns import Bool, Int64
from workbench.store.scores import HUNDREDTHS
from workbench.view.access import answer
from workbench.view.answers import Summary
from workbench.view.part import Part
from workbench.view.scored import Best
from workbench.view.traits import traits_of, veto
from workbench.view.view import View
from workbench.view.who import is_between, judgements_about

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entities that may be one: the weight of their score in bits, and what each comparison says.

    `one` and `other` are canonical; `a` and `b` those of their referents that are most alike.
    """

    one: Summary
    other: Summary
    bits: float
    why: str
    a: str
    b: str

    def to_row(self) -> dict[str, Any]:
        """The row that shows it in a table."""
        return {"bits": self.bits, "one": self.one.caption, "other": self.other.caption, "why": self.why}


@answer
def proposals(view: View, limit: int = 50) -> tuple[Proposal, ...]:
    """The pairs of entities of a view that may be one, the likeliest first; at most `limit`.

    A pair is left out if something joins the two, if a veto keeps them apart, or if somebody has judged them.
    """
    part, limit = view._all(), whole(limit, "limit")
    scored = part.scored.best.take(part.scored.proposed)
    return tuple(islice(_proposed(view, part, scored), limit))


@answer
def may_also_be(view: View, entity: str) -> tuple[Proposal, ...]:
    """The proposals about one entity, the likeliest first; NotFound if it is not in this view."""
    members = view._of([one_text(entity, "entity")]).members(entity)
    near = view._of(members)
    pairs = near.scored.best.take(near.scored.proposed)
    about = pairs.take(_among(near, members, pairs))
    others = near.columns.ids_of(np.unique(np.concatenate([about.a, about.b])))
    part = view._of(sorted({*members, *others}))
    wanted = part.scored.best.take(part.scored.proposed)
    return tuple(_proposed(view, part, wanted.take(_among(part, members, wanted))))


def _among(part: Part, members: Sequence[str], pairs: Best) -> Bool:
    """A mask of the pairs of which one is among some entities."""
    own = part.columns.indices_of(members)
    return np.isin(pairs.a, own) | np.isin(pairs.b, own)


def _proposed(view: View, part: Part, scored: Best) -> Iterator[Proposal]:
    """Proposals from pairs, the likeliest first, each two entities once."""
    canonical, known = part.identity.canonical, set[tuple[int, int]]()
    order: Int64 = np.lexsort((scored.b, scored.a, -scored.total))
    for start in range(0, len(order), _AT_ONCE):
        some = scored.at(order[start : start + _AT_ONCE])
        traits = traits_of(part.columns, {*some.a.tolist(), *some.b.tolist()}, part.scored.model)
        for told in some.told():
            both = int(canonical[told.a]), int(canonical[told.b])
            pair = (min(both), max(both))
            if both[0] == both[1] or pair in known:
                continue
            known.add(pair)
            if veto(traits[told.a], traits[told.b]):
                continue
            yield from _told(view, part, pair, told.weight, told.why, (told.a, told.b))


def _told(
    view: View, part: Part, pair: tuple[int, int], weight: int, why: str, ends: tuple[int, int]
) -> Iterator[Proposal]:
    one, other, a, b = part.columns.ids_of(np.array([*pair, *ends]))
    if not _is_judged(view, part, one, other):
        first, second = view.summaries([one, other])
        yield Proposal(first, second, weight / HUNDREDTHS, why, a, b)


def _is_judged(view: View, part: Part, one: str, other: str) -> bool:
    """Whether somebody has judged two entities: the same, different, or unsure."""
    ours, theirs = part.members(one), part.members(other)
    return any(is_between(each.a, each.b, ours, theirs) for each in judgements_about(view, [*ours, *theirs]))
