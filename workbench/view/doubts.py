"""What a score can and can't decide where something keeps entities apart."""

from collections.abc import Iterable

import numpy as np

from workbench.store.columns import Bool, Int32, Int64
from workbench.store.scores import COMPARISONS, HUNDREDTHS
from workbench.view.apart import KeptApart, Shared
from workbench.view.joining import smallest_joined
from workbench.view.scored import Best

# Of two that are kept apart, a third belongs to the one whose score is higher by so many bits; else to neither.
_MORE, _AGREES = 3.0, 5.0
# What a name, a number and a birth date say at least where they are the same, in bits.
_NAMED, _NUMBER, _DAY, _ADDRESS = 3.0, 10.0, 13.0, 6.5
# Names of common words that are only alike say less than this: those of a brother and a sister may be, Ivan and Ivana.
_ONE_NAME = 9.6
# From so many bits on, other numbers of one document and all, it is a renewed one.
_RENEWED = 22.0
FITS_TWO = "it fits two that are kept apart"
# A score of two members: its number, these two, its weight, and whether it has at most one field beside the name.
Score = tuple[int, int, int, int, bool]


def confirmed(n: int, a: Int32, b: Int32, scored: Best) -> Shared:
    """Who of n members is surely one, and so shares what is said of kind, sex, birth date and documents.

    `a` and `b` are the members of each score. A birth date yields to one document and one name; a sex to one name that
    is not common, birth date, and anything else; a document to one name, birth date, and phone, e-mail or address: a
    clerk mistakes one field, and a passport is renewed, more often than two people have all the others in common.
    """
    bits = dict(zip(COMPARISONS, scored.by_comparison / HUNDREDTHS, strict=True))
    named, numbered = bits["name"] >= _NAMED, bits["document"] >= _NUMBER
    born = named & (bits["birth"] >= _DAY)
    near = (bits["email"] >= _NUMBER) | (bits["phone"] >= _NUMBER) | (bits["address"] >= _ADDRESS)

    def one(same: Bool) -> Int64:
        return smallest_joined(n, a[same], b[same]).astype(np.int64)

    papers = (born & near) | (named & (scored.total >= _RENEWED * HUNDREDTHS))
    one_name = bits["name"] >= _ONE_NAME
    return np.arange(n), one(born & one_name & (numbered | near)), one(named & numbered), one(papers)


def is_thin(scored: Best) -> Bool:
    """Whether each score has at most one field beside the name."""
    others = np.delete(scored.by_comparison, COMPARISONS.index("name"), axis=0)
    thin: Bool = (others >= _AGREES * HUNDREDTHS).sum(axis=0) < 2
    return thin


def undecided(scores: Iterable[Score], kept: KeptApart) -> list[int]:
    """The scores of a member that fits two which are kept apart, neither much better than the other.

    Only those with one field beside the name: with more, the better one is right. The highest score comes first.
    """
    own, foes, near = kept.own, kept.foes, [0] * len(kept.own)
    asked = [each for each in scores if not foes[each[1]] & own[each[2]]]
    for _, a, b, _, _ in asked:
        near[a] |= own[b]
        near[b] |= own[a]
    weights = {(a, b): weight for _, a, b, weight, _ in asked}
    thin = {(a, b) for _, a, b, _, is_thin in asked if is_thin}

    def fits_two(one: int, between: int, weight: int) -> bool:
        return any(
            weight < weights[min(rival, between), max(rival, between)] + _MORE * HUNDREDTHS
            for rival in kept.members(one, near[between] & foes[one])
        )

    return [
        number
        for number, a, b, weight, _ in asked
        if (a, b) in thin
        and ((near[b] & foes[a] and fits_two(a, b, weight)) or (near[a] & foes[b] and fits_two(b, a, weight)))
    ]
