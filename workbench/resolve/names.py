"""How alike two names are: for people who review proposals. A search compares words (`workbench.model.normal.similar`).

Words that rigour knows to be one name are paired first, the others by the edits between them or by their consonant
skeletons. A name in Han or Hangul is romanised only where the other one is in another script.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rigour.names import Alignment, Name, NamePart, NamePartTag, SymbolCategory, compare_parts, pair_symbols

from workbench.model.normal.names import Kind, analyse, name_forms
from workbench.model.normal.scripts import is_syllabic, latin
from workbench.model.normal.skeletons import skeleton

# From so much on two names are alike; measured by `benchmarks.resolution` on 826 labelled pairs.
ALIKE = 0.75

# What a pair of words is worth that is known to be one name, by how it is known.
_KNOWN = {SymbolCategory.NICK: 0.8, SymbolCategory.INITIAL: 0.6}
_KNOWN_OTHERWISE = 0.9
_SAME_SKELETON = 0.85
_SHORTEST_SKELETON = 3
_ANOTHER_SYLLABLE = 0.9
# How much words weigh: those that say little, and those that only one of the names has.
_WEIGHTS = {SymbolCategory.ORG_CLASS: 0.3, SymbolCategory.INITIAL: 0.6}
_ALONE = {NamePartTag.STOP: 0.2, NamePartTag.LEGAL: 0.2, NamePartTag.NUM: 1.5}
# Words that both names have beside those that are alike count as so many; those that only one has say little, once
# more than one word is alike: a patronymic, a second given name.
_BOTH_SIDES, _ONE_SIDE = 2.5, 0.2
_ENOUGH = 1.5


def likeness(one: str, other: str, kind: Kind) -> float:
    """How alike two names are, from 0 to 1; the same in both directions."""
    first, second = sorted((one, other))
    return _likeness(first, second, kind)


@lru_cache(maxsize=100_000)
def _likeness(one: str, other: str, kind: Kind) -> float:
    ours, theirs = name_forms(one, kind), name_forms(other, kind)
    if kind is Kind.PERSON and ours.is_syllabic and theirs.is_syllabic:
        return _of_syllables("".join(ours.words), "".join(theirs.words))
    a, b = (
        analyse(" ".join(each.romanised) if each.is_syllabic and not against.is_syllabic else text, kind)
        for text, each, against in ((one, ours, theirs), (other, theirs, ours))
    )
    if a is None or b is None:
        return 0.0
    return max((_score(a, b, pairing) for pairing in pair_symbols(a, b)), default=0.0)


def _of_syllables(one: str, other: str) -> float:
    """How alike two names in Han or Hangul are: one of their few letters makes another person."""
    return 1.0 if one == other else _ANOTHER_SYLLABLE * SequenceMatcher(None, one, other, autojunk=False).ratio()


def _score(a: Name, b: Name, pairing: Iterable[Alignment]) -> float:
    """The share of both names that is alike, if these words are one."""
    pairs = list(pairing)
    ours, theirs = ({p.index for each in pairs for p in each.qps}, {p.index for each in pairs for p in each.rps})
    left = compare_parts([p for p in a.parts if p.index not in ours], [p for p in b.parts if p.index not in theirs])
    scored = [*map(_known, pairs), *(_compared(each) for each in left if each.qps and each.rps)]
    ours_alone = [part for each in left if not each.rps for part in each.qps]
    theirs_alone = [part for each in left if not each.qps for part in each.rps]
    alone = _paired_off(ours_alone, theirs_alone, scored)
    paired = sum(weight for _, weight in scored)
    one_side = _ONE_SIDE if paired >= _ENOUGH else 1.0
    whole = paired + _BOTH_SIDES * min(alone) + one_side * (max(alone) - min(alone))
    return sum(score * weight for score, weight in scored) / whole if whole else 0.0


def _paired_off(
    ours: Sequence[NamePart], theirs: Sequence[NamePart], scored: list[tuple[float, float]]
) -> tuple[float, float]:
    """The weights of words that stand alone on each side; pairs of one skeleton, or of an initial, go into `scored`."""
    waiting, alone = list(theirs), 0.0
    for part in ours:
        found = next(((each, worth) for each in waiting if (worth := _worth(part, each))), None)
        if found is None:
            alone += _weight(part)
        else:
            waiting.remove(found[0])
            scored.append(found[1])
    return alone, sum(map(_weight, waiting))


def _worth(ours: NamePart, theirs: NamePart) -> tuple[float, float] | None:
    """Score and weight of two words whose letters differ much; None if nothing says that they are one."""
    if _have_one_skeleton([ours], [theirs]):
        return _SAME_SKELETON, 1.0
    if min(len(ours.form), len(theirs.form)) == 1 and _skeleton([ours])[:1] == _skeleton([theirs])[:1]:
        return _KNOWN[SymbolCategory.INITIAL], _WEIGHTS[SymbolCategory.INITIAL]
    return None


def _known(pair: Alignment) -> tuple[float, float]:
    """Score and weight of words that are known to be one name."""
    category = pair.symbol.category if pair.symbol else SymbolCategory.NAME
    score = 1.0 if pair.qstr == pair.rstr else _KNOWN.get(category, _KNOWN_OTHERWISE)
    return score, len(pair.qps) * _WEIGHTS.get(category, 1.0)


def _compared(pair: Alignment) -> tuple[float, float]:
    """Score and weight of words that are compared by their letters."""
    same = _SAME_SKELETON if _have_one_skeleton(pair.qps, pair.rps) else 0.0
    return max(pair.score, same), max(len(pair.qps), len(pair.rps))


def _have_one_skeleton(ours: Iterable[NamePart], theirs: Iterable[NamePart]) -> bool:
    one = _skeleton(ours)
    return len(one) >= _SHORTEST_SKELETON and one == _skeleton(theirs)


def _skeleton(parts: Iterable[NamePart]) -> str:
    """The skeleton of words; none in Han or Hangul, where both names are in it by now."""
    return "".join(skeleton(word) for part in parts if not is_syllabic(part.form) for word in latin(part.form))


def _weight(part: NamePart) -> float:
    return _ALONE.get(part.tag, 1.0)
