"""Charts of findings: intervals of ranks, stability of groups, what is left after disruption.

Drawn here, as SVG: nothing is fetched.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from workbench.analytics.communities import Community
from workbench.analytics.disruption import Disrupted
from workbench.analytics.finding import Finding
from workbench.analytics.key_players import Player

_ROW, _LEFT, _WIDE, _RIGHT = 22, 220, 480, 60
_LONGEST = 30
_MOST_GROUPS, _WORDS = 20, 120
_VERDICTS = {"supported": "#2ca02c", "not supported": "#d62728", "too small to say": "#7f7f7f"}
_COLOURS = {"random": "#7f7f7f", "degree": "#1f77b4", "betweenness": "#d62728"}
_TEXT = 'font-family="sans-serif" font-size="12" fill="#808495"'


def chart_of(finding: Finding[Any]) -> str:
    """The chart of a finding as SVG; "" if it has none, or nothing was found."""
    draw = _CHARTS.get(finding.kind)
    return draw(finding.results) if draw and finding.results else ""


def caption_of(finding: Finding[Any]) -> str:
    """What the chart of a finding shows; "" if it has none."""
    return _CAPTIONS.get(finding.kind, "")


def _intervals(rows: Sequence[Player]) -> str:
    """A line for each entity: from the best to the worst rank, and a dot at its own."""
    most = max(row.rank_to for row in rows)
    parts = []
    for number, row in enumerate(rows):
        y = _ROW * (number + 1)
        x1, at, x2 = (_LEFT + _WIDE * (rank - 1) / max(most - 1, 1) for rank in (row.rank_from, row.rank, row.rank_to))
        told = f"{row.caption}: rank {row.rank}, from {row.rank_from} to {row.rank_to}"
        parts += [
            f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end" {_TEXT}>{escape(_short(row.caption))}</text>',
            f'<line x1="{x1:.1f}" y1="{y}" x2="{x2:.1f}" y2="{y}" stroke="#1f77b4" stroke-width="4">'
            f"<title>{escape(told)}</title></line>",
            f'<circle cx="{at:.1f}" cy="{y}" r="5" fill="#d62728"><title>{escape(told)}</title></circle>',
            f'<text x="{x2 + 10:.1f}" y="{y + 4}" {_TEXT}>{row.rank_from} to {row.rank_to}</text>',
        ]
    return _svg(parts, _ROW * (len(rows) + 1))


def _stability(rows: Sequence[Community]) -> str:
    """A bar for each of the largest groups, as long as it is stable, with what is said of it."""
    parts = []
    for number, row in enumerate(rows[:_MOST_GROUPS]):
        y, wide = _ROW * (number + 1), (_WIDE - _WORDS) * row.stability
        label, told = f"Group {row.label} (of {row.size})", f"{row.stability:.2f}, {row.verdict}"
        parts += [
            f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end" {_TEXT}>{escape(label)}</text>',
            f'<rect x="{_LEFT}" y="{y - 6}" width="{wide:.1f}" height="12" fill="{_VERDICTS[row.verdict]}">'
            f"<title>{escape(f'{label}: stability {told}')}</title></rect>",
            f'<text x="{_LEFT + wide + 8:.1f}" y="{y + 4}" {_TEXT}>{escape(told)}</text>',
        ]
    return _svg(parts, _ROW * (min(len(rows), _MOST_GROUPS) + 1))


def _left(rows: Sequence[Disrupted]) -> str:
    """The largest part by how many are taken out: a line at once, a broken one after recovery, for each strategy."""
    high, most = 220, max(row.k for row in rows)
    parts = [
        f'<text x="{_LEFT - 10}" y="{y + 14}" text-anchor="end" {_TEXT}>{label}</text>'
        for y, label in ((0, "largest part 100%"), (high, "0%"))
    ]
    for number, (strategy, colour) in enumerate(_COLOURS.items()):
        mine = [row for row in rows if row.strategy == strategy]
        for field, dashes in (("largest", ""), ("largest_recovered", ' stroke-dasharray="5 4"')):
            points = " ".join(
                f"{_LEFT + _WIDE * row.k / most:.1f},{10 + high * (1 - getattr(row, field)):.1f}" for row in mine
            )
            start = f"{_LEFT},10 "
            line = f'points="{start}{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}'
            parts.append(f"<polyline {line}/>")
        words = f"{strategy} (broken line: recovered)"
        parts.append(
            f'<text x="{_LEFT}" y="{high + 48 + 16 * number}" {_TEXT}><tspan fill="{colour}">{words}</tspan></text>'
        )
    parts.append(f'<text x="{_LEFT + _WIDE}" y="{high + 26}" text-anchor="end" {_TEXT}>{most} taken out</text>')
    return _svg(parts, high + 100)


def _svg(parts: Sequence[str], high: int) -> str:
    wide = _LEFT + _WIDE + _RIGHT + 40
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">{"".join(parts)}</svg>'


def _short(caption: str) -> str:
    return caption if len(caption) <= _LONGEST else caption[: _LONGEST - 1] + "…"


_CHARTS: Mapping[str, Callable[[Sequence[Any]], str]] = {
    "key-players": _intervals,
    "communities": _stability,
    "disruption": _left,
}
_CAPTIONS: Mapping[str, str] = {
    "key-players": "Ranks (dots) and their 90 % intervals (lines).",
    "communities": "Stability of the largest groups: 1 is the same group in every search; red ones are not supported.",
    "disruption": "The largest part, in per cent of the whole, by how many are taken out.",
}
