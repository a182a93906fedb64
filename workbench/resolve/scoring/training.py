"""Train a model on what a viewer sees: how rare words are, whether there may be twins, and how often clerks mistake.

What pairs say about mistakes is compared with what they would say if there were no other explanation. Records that have
one document number are of one person, so the share of them with two names tells how often names are mistaken. Pairs
with one birth date and one address, but two names, are such mistakes, or siblings: if there are no more of them than
that share explains, they are mistakes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2
from typing import Any

import numpy as np

from workbench.model.normal.names import name_forms
from workbench.resolve.scoring.engine import Weighed
from workbench.resolve.scoring.forms import FormsOfName, Said
from workbench.resolve.scoring.model import RAREST, hashed
from workbench.store.columns import Bool
from workbench.store.scores import BEGIN_ALIKE, COMPARISONS, HUNDREDTHS, OTHER_GIVEN

# Of so many pairs at least is anything concluded, and if mistakes explain such a share of them.
_PAIRS, _EXPLAINED = 20, 0.8
# The weights of names and of phones or mailboxes that say so for twins, in bits; and if mistakes explain such a share.
_NAMED, _REACHED, _ALMOST_ALL = 11.0, 14.0, 0.85
# The weights, in bits, from which on each says that it is the same; below which names and dates differ.
_SAME = {"name": 3.0, "birth": 13.0, "document": 20.0, "address": 6.5}


def counted(said: Iterable[Said], secret: str, of_name: FormsOfName = name_forms) -> tuple[Mapping[str, float], float]:
    """How rare each skeleton of a name's word is, in bits, by its keyed hash; and how rare all others are."""
    counts, n = Counter[str](), 0
    for each in said:
        n += 1
        counts.update({s for name in each.names for s in of_name(name, each.kind).skeletons if len(s) > 1})
    rarity = {hashed(s, secret): round(log2(n / times), 2) for s, times in sorted(counts.items()) if times > RAREST}
    return rarity, round(log2(max(n, RAREST) / RAREST), 2)


def may_be_twins(scored: Weighed) -> bool:
    """Whether there are more pairs with one birth date, but another given name, than mistakes explain.

    Records that have one document number, or one birth date and phone or e-mail, are of one person: they tell how often
    names begin alike only, for each time that they are the same. Of one document number alone they tell it for names
    that only have a word in common, as twins may have one phone.
    """
    weights = _weights(scored)
    named, born = weights["name"] >= _NAMED, weights["birth"] >= _SAME["birth"]
    numbered = weights["document"] >= _SAME["document"]
    reached = np.maximum(weights["phone"], weights["email"]) >= _REACHED
    alone = born & ~reached & (weights["document"] <= 0) & (weights["address"] < _SAME["address"])
    begin, differ = (scored.weights[:, COMPARISONS.index("name")] == each for each in (BEGIN_ALIKE, OTHER_GIVEN))
    return not (
        _are_explained(begin, named, numbered | (born & reached), alone)
        and _are_explained(differ, named, numbered, born & reached)
    )


def _are_explained(level: Bool, named: Bool, surely: Bool, asked: Bool) -> bool:
    """Whether as many of the pairs asked about are of a level as those that surely are one let expect."""
    observed, sure = int((asked & level).sum()), int((surely & named).sum())
    if observed < _PAIRS or sure < _PAIRS:
        return False
    return int((asked & named).sum()) * int((surely & level).sum()) / sure >= _ALMOST_ALL * observed


def are_mistaken(scored: Weighed) -> bool:
    """Whether names and birth dates that differ are explained by mistakes alone."""
    weights = _weights(scored)
    same = {name: weights[name] >= bits for name, bits in _SAME.items()}
    other_name, other_birth = weights["name"] < _SAME["name"], weights["birth"] < 0
    names = _explained(other_name, same["document"], same["birth"] & same["address"])
    births = _explained(other_birth, same["document"] & same["name"], same["name"] & same["address"], same["birth"])
    return names and births


def _weights(scored: Weighed) -> Mapping[str, Any]:
    """The weights of each comparison, in bits."""
    return {name: scored.weights[:, n] / HUNDREDTHS for n, name in enumerate(COMPARISONS)}


def _explained(differs: Bool, surely: Bool, alike: Bool, agrees: Bool | None = None) -> bool:
    """Whether the pairs that are alike but differ are as many as the share of those that surely are one explains."""
    agrees = ~differs if agrees is None else agrees
    sure, wrong = int(surely.sum()), int((surely & differs).sum())
    observed = int((alike & differs).sum())
    if observed < _PAIRS or wrong == sure:
        return False
    share = wrong / sure if sure else 0.0
    expected = int((alike & agrees).sum()) * share / (1 - share)
    return expected >= _EXPLAINED * observed
