"""Judgements that can't all be right: a `same` that would make one of two whom somebody judged different.

Whoever made the later one may not have seen the other. So they are put before everybody who sees both.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.resolve.explain import chain_between, told_of
from workbench.store.types import Judgement
from workbench.view.answers import Reason
from workbench.view.asking import question
from workbench.view.joins import JUDGEMENT
from workbench.view.part import Joined
from workbench.view.view import View
from workbench.view.who import Who, judgements_about, left_out, standing_differences, who_is


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A `different`, the `same`s that contradict it, and how they do.

    `by` leads from the first of the two of `different` to the other: the joins on the way, of which one is left out, as
    its rule says. The `same`s are among them.
    """

    different: Judgement
    same: tuple[Judgement, ...]
    by: tuple[Reason, ...]

    @property
    def newest(self) -> str:
        """When the last of them was made."""
        return max(each.at for each in (self.different, *self.same))


@question
def contradictions(view: View) -> tuple[Contradiction, ...]:
    """The judgements of a view that contradict one another, the newest first.

    A `same` contradicts a `different` if it would make the two one, directly or by way of what is joined to its own
    two; not if one of the `same`s overrides it.
    """
    return _found(view, left_out(view))


@question
def contradictions_of(view: View, entity: str) -> tuple[Contradiction, ...]:
    """Those that concern an entity: it would be one with somebody; NotFound if it is not in this view."""
    return _found(view, who_is(view, [view.canonical(entity)]).refused)


def _found(view: View, refused: Sequence[tuple[Joined, str]]) -> tuple[Contradiction, ...]:
    """The contradictions in which joins are left out, each with the reason."""
    judged = [(join, why) for join, why in refused if join.rule == JUDGEMENT or _is_judged(why)]
    if not judged:
        return ()
    sides = _Sides(view, who_is(view, sorted({end for join, _ in judged for end in (join.a, join.b)})))
    found: dict[tuple[str, ...], Contradiction] = {}
    for join, why in judged:
        for each in sides.contradicted(join, why):
            found.setdefault((each.different.id, *(same.id for same in each.same)), each)
    return tuple(sorted((found[ids] for ids in sorted(found)), key=lambda each: each.newest, reverse=True))


class _Sides:
    """What is joined to both ends of joins that are left out, and who judged these different."""

    def __init__(self, view: View, known: Who) -> None:
        self._clusters = {end: frozenset(members) for end, members in known.clusters.items()}
        members = sorted(frozenset().union(*self._clusters.values()))
        self._joins = defaultdict[frozenset[str], list[Joined]](list)
        of = {member: cluster for cluster in self._clusters.values() for member in cluster}
        for join in known.joins:
            self._joins[of[join.a]].append(join)
        self._judgements = {each.id: each for each in judgements_about(view, members)}
        self._apart = _by_end(standing_differences(view, members))

    def contradicted(self, join: Joined, why: str) -> Iterator[Contradiction]:
        """What a join that is left out contradicts, if a `same` is behind it.

        `why` names the first of the judgements that leave it out; each of them does.
        """
        ours, theirs = self._clusters[join.a], self._clusters[join.b]
        is_judged = _is_judged(why)
        for end in sorted(ours):
            for each in self._apart.get(end, ()):
                other = each.b if each.a == end else each.a
                if other in theirs:
                    left, right = self._chain(ours, end, join.a), self._chain(theirs, join.b, other)
                    by = [*left, (join, f"{JUDGEMENT} {each.id}" if is_judged else why), *right]
                    yield from self._told(each, by if end == each.a else by[::-1])

    def _chain(self, cluster: frozenset[str], x: str, y: str) -> Sequence[tuple[Joined, str]]:
        return [(join, "") for join in chain_between(self._joins[cluster], x, y)]

    def _told(self, different: Judgement, by: Sequence[tuple[Joined, str]]) -> Iterator[Contradiction]:
        same = sorted({join.value for join, _ in by if join.rule == JUDGEMENT})
        if same:
            reasons = (reason for each in by for reason in told_of([each], self._judgements))
            yield Contradiction(different, tuple(self._judgements[each] for each in same), tuple(reasons))


def _is_judged(why: str) -> bool:
    """Whether a join is left out by a judgement, and not by a veto or a doubt."""
    return why.partition(" ")[0] == JUDGEMENT


def _by_end(judgements: Iterable[Judgement]) -> Mapping[str, Sequence[Judgement]]:
    found = defaultdict[str, list[Judgement]](list)
    for each in judgements:
        found[each.a].append(each)
        found[each.b].append(each)
    return found
