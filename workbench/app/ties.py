"""Ties on the canvas: all relationships between two things are one line, with its count, its sum and its signs."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log2, prod

from workbench.analytics.sources import weights
from workbench.app.drawing import ASSESSED, DRAWN, GRADED, INFERRED, UNJUDGED, Line, Said, grade_text
from workbench.export.appearance import label_of
from workbench.model.visible import count

_TOLD = 2  # kinds that a label names
_CERTAINTIES = (GRADED, UNJUDGED, ASSESSED, DRAWN, INFERRED)  # the surest first
USUAL_WIDTH, _WIDEST = 1.5, 8.0  # pixels


@dataclass(frozen=True, slots=True)
class Tie:
    """All lines between two things on the canvas, whose ids are in order."""

    a: str
    b: str
    lines: tuple[Line, ...]
    forward: bool = False  # some line leads from a to b
    backward: bool = False

    @property
    def said(self) -> list[Said]:
        """What all records say, each once."""
        return list({each.key: each for line in self.lines for each in line.said}.values())

    @property
    def label(self) -> str:
        """What it is: "Call ×3", "EUR 106,719 · 11 payments", "Call ×3 · Knows", "Call ×3 + 2 kinds"."""
        kinds = Counter[str]()
        for line in self.lines:
            kinds[_named(line, self.lines)] += len(line.said)
        sums = self.sums
        if sums and len({line.schema for line in self.lines}) == 1:
            n = count(sum(kinds.values()), label_of(self.lines[0].schema).lower())
            return " + ".join(f"{currency} {amount:,.0f}".strip() for currency, amount in sums.items()) + f" · {n}"
        said = [name if n == 1 else f"{name} ×{n}" for name, n in kinds.most_common()]
        return " · ".join(said) if len(said) <= _TOLD else f"{said[0]} + {count(len(said) - 1, 'kind')}"

    @property
    def sums(self) -> Mapping[str, Decimal]:
        """The sum of the amounts by currency; empty unless every record names one."""
        every, sums = self.said, defaultdict[str, Decimal](Decimal)
        for each in every:
            if each.amount is None:
                return {}
            sums[each.currency] += each.amount
        return dict(sorted(sums.items()))

    @property
    def certainty(self) -> str:
        """That of its surest record."""
        return min((each.certainty for each in self.said), key=_CERTAINTIES.index)

    @property
    def grade(self) -> str:
        """The weakest grade of its records."""
        return grade_text(each.grade for each in self.said)

    @property
    def weight(self) -> float:
        """How far it is believed: one minus the chance that all of its sources are wrong (analytics/weights.toml)."""
        best = defaultdict[str, float](float)
        for each in self.said:
            best[each.source] = max(best[each.source], weights().of(each.grade))
        return 1 - prod(1 - weight for weight in best.values())


def _named(line: Line, among: Sequence[Line]) -> str:
    """The label of a line: without what its records call it, if others of its schema are called otherwise."""
    same = {each.label for each in among if each.schema == line.schema}
    return line.label if len(same) == 1 else label_of(line.schema)


def ties_of(lines: Iterable[Line], units: Mapping[str, str]) -> dict[str, Tie]:
    """The ties between things on the canvas, by their id; `units` has the closed group of each entity in one."""
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    ways: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for line in lines:
        a, b = units.get(line.a, line.a), units.get(line.b, line.b)
        if a != b:
            pair = (min(a, b), max(a, b))
            found[pair].append(line)
            if line.directed:
                ways[pair].add(a < b)
    return {
        tie_id(*pair): Tie(*pair, tuple(some), forward=True in ways[pair], backward=False in ways[pair])
        for pair, some in found.items()
    }


def tie_id(a: str, b: str) -> str:
    """The id of the tie between two things."""
    return f"{min(a, b)} {max(a, b)}"


def widths(ties: Mapping[str, Tie], by: str) -> dict[str, float]:
    """The width of each tie in pixels, by count, sum or weight; amounts of several currencies are not compared."""
    if by == "count":
        return {name: min(USUAL_WIDTH + log2(len(tie.said)) / 2, _WIDEST) for name, tie in ties.items()}
    if by == "weight":
        return {name: 0.75 + 4 * tie.weight for name, tie in ties.items()}
    if by == "sum":
        return _by_sum(ties)
    return dict.fromkeys(ties, USUAL_WIDTH)


def _by_sum(ties: Mapping[str, Tie]) -> dict[str, float]:
    sums = {name: tie.sums for name, tie in ties.items()}
    most: dict[str, Decimal] = defaultdict(Decimal)
    for each in sums.values():
        for currency, amount in each.items():
            most[currency] = max(most[currency], abs(amount))
    shares = {
        name: max((abs(amount) / most[currency] for currency, amount in each.items() if most[currency]), default=0)
        for name, each in sums.items()
    }
    return {name: USUAL_WIDTH + (_WIDEST - USUAL_WIDTH) * float(share) ** 0.5 for name, share in shares.items()}


def degrees(ties: Collection[Tie]) -> Mapping[str, int]:
    """The number of ties of each thing on the canvas."""
    return Counter(end for tie in ties for end in (tie.a, tie.b))
