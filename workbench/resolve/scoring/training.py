"""Train a model on what a viewer sees: how rare words are, and whether names and birth dates are often mistaken.

What pairs say about mistakes is compared with what they would say if there were no other explanation. Records that have
one document number are of one person, so the share of them with two names tells how often names are mistaken. Pairs
with one birth date and one address, but two names, are such mistakes, or siblings: if there are no more of them than
that share explains, they are mistakes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2

from workbench.model.normal.names import name_forms
from workbench.resolve.scoring.engine import Scored
from workbench.resolve.scoring.forms import Said
from workbench.resolve.scoring.model import RAREST, hashed
from workbench.store.columns import Bool
from workbench.store.scores import COMPARISONS, HUNDREDTHS

# A word that no more facets have is as rare as one that none has.
# Of so many pairs at least is anything concluded, and if mistakes explain such a share of them.
_PAIRS, _EXPLAINED = 20, 0.8
# The weights, in bits, from which on each says that it is the same; below which names and dates differ.
_SAME = {"name": 3.0, "birth": 13.0, "document": 20.0, "address": 6.5}


def counted(said: Iterable[Said], secret: str) -> tuple[Mapping[str, float], float]:
    """How rare each skeleton of a name's word is, in bits, by its keyed hash; and how rare all others are."""
    counts, n = Counter[str](), 0
    for each in said:
        n += 1
        counts.update({s for name in each.names for s in name_forms(name, each.kind).skeletons if len(s) > 1})
    rarity = {hashed(s, secret): round(log2(n / times), 2) for s, times in sorted(counts.items()) if times > RAREST}
    return rarity, round(log2(max(n, RAREST) / RAREST), 2)


def are_mistaken(scored: Scored) -> bool:
    """Whether names and birth dates that differ are explained by mistakes alone."""
    weights = {name: scored.weights[:, n] / HUNDREDTHS for n, name in enumerate(COMPARISONS)}
    same = {name: weights[name] >= bits for name, bits in _SAME.items()}
    other_name, other_birth = weights["name"] < _SAME["name"], weights["birth"] < 0
    names = _explained(other_name, same["document"], same["birth"] & same["address"])
    births = _explained(other_birth, same["document"] & same["name"], same["name"] & same["address"], same["birth"])
    return names and births


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
