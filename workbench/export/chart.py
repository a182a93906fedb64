"""A chart as one HTML page that works offline."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from pyvis.network import Network

from workbench.analytics.layouts import lay_out
from workbench.errors import UsageError, WorkbenchError
from workbench.export.appearance import look, relationship_label
from workbench.export.marking import marking_of_records
from workbench.export.supporting import supporting
from workbench.export.writing import write_lines
from workbench.model.ontology import ontology
from workbench.model.record import Record
from workbench.model.visible import visible
from workbench.view.answers import Summary
from workbench.view.around import among
from workbench.view.asking import question
from workbench.view.view import View

Place = tuple[float, float]
_Line = tuple[str, str, str]  # (end, end, schema)

MOST_DRAWN = 2_000
_CAPTION = 28
_MOST_KEYS = 20  # record keys shown for a line

# pyvis embeds its scripts in the page, but still links to Bootstrap, which is not needed.
_ASKING = re.compile(r"<link\b[^>]*>|<script\b[^>]*\bsrc\s*=[^>]*>\s*</script>", re.IGNORECASE)
_OUTSIDE = re.compile(r"<(?:link|script|img|iframe)\b[^>]*\b(?:src|href)\s*=", re.IGNORECASE)


@question
def export(view: View, place: Path) -> int:
    """Write all of a view as a chart; returns the number of entities. UsageError if there are too many to draw."""
    ids = view.snapshot().ids
    if len(ids) > MOST_DRAWN:
        raise UsageError(f"{len(ids)} entities are too many for a chart ({MOST_DRAWN}): export one from the dashboard")
    write_lines([chart_html(view, ids, {}, "")], place)
    return len(ids)


@question
def chart_html(
    view: View, entities: Sequence[str], positions: Mapping[str, Place], title: str, records: Iterable[str] = ()
) -> str:
    """See `workbench.export.chart_html`."""
    chosen = dict.fromkeys(entities)
    canonical = {entity: each.id for entity, each in zip(chosen, view.summaries(list(chosen)), strict=True)}
    summaries = view.summaries(list(dict.fromkeys(canonical.values())))
    lines = _lines(view, [each.id for each in summaries])
    known = {canonical[entity]: place for entity, place in positions.items() if entity in chosen}
    places = lay_out([each.id for each in summaries], [pair[:2] for pair in lines], known)
    network = Network(height="100%", width="100%", directed=True, cdn_resources="in_line")
    for each in summaries:
        _draw_entity(network, each, places[each.id])
    _draw_lines(network, view, lines)
    network.toggle_physics(False)
    rests_on = supporting(view, [each.id for each in summaries], records)
    return page_of(network.generate_html(), marking_of_records(view, rests_on), title)


def _lines(view: View, ids: Sequence[str]) -> dict[_Line, set[str]]:
    """The keys of the records that tie some entities, by ends and schema."""
    lines: dict[_Line, set[str]] = defaultdict(set)
    for tie in among(view, ids).ties:
        lines[tie.a, tie.b, tie.schema].add(tie.record)
    return lines


def _draw_entity(network: Network, each: Summary, place: Place) -> None:
    drawn = look(each.schema)
    caption = visible(each.caption)
    label = caption if len(caption) <= _CAPTION else caption[: _CAPTION - 1] + "…"
    said = f"{each.schema}: {caption}\n{visible(', '.join(each.datasets))}"
    network.add_node(
        each.id, label=label, title=said, shape=drawn.shape, color=drawn.colour, x=float(place[0]), y=float(place[1])
    )


def _draw_lines(network: Network, view: View, lines: Mapping[_Line, set[str]]) -> None:
    records = {each.key: each.record for each in view.records(sorted(set[str]().union(*lines.values())))}
    for line, behind in sorted(lines.items()):
        keys = sorted(behind)
        _draw_line(network, line, keys, [records[key] for key in keys])


def _draw_line(network: Network, line: _Line, keys: Sequence[str], records: Sequence[Record]) -> None:
    a, b, schema = line
    drawn, called = ontology().schemata[schema], relationship_label(schema, records)
    called = visible(called)
    label = called if len(keys) == 1 else f"{called} ({len(keys)})"
    directed = drawn.edge and drawn.edge_directed
    more = [f"and {len(keys) - _MOST_KEYS} more"] if len(keys) > _MOST_KEYS else []
    title = "\n".join([*keys[:_MOST_KEYS], *more])
    network.add_edge(a, b, label=label, title=title, arrows="to" if directed else "", color="#767676")


def page_of(html: str, marking: str, title: str, told: Sequence[str] = (), figure: str = "") -> str:
    """The page with its marking above and below the chart, and what is told about it, a line each.

    `figure` is SVG of the same chart, which comes first. WorkbenchError if it would request anything from a host.
    """
    page = _ASKING.sub("", html)
    if _OUTSIDE.search(page):
        raise WorkbenchError("the chart would load files from another host: this version of pyvis can't be used")
    banner = f'<div class="marking">{escape(marking)}</div>'
    named = f"<title>{escape(visible(title))}</title>" if title else ""
    page = page.replace("</head>", f"{named}<style>{_STYLE}</style></head>", 1)
    heading = f"<h1>{escape(visible(title))}</h1>" if title and told else ""
    about = "".join(f"<p>{escape(visible(line))}</p>" for line in told)
    first = f'<div class="figure">{figure}</div><p class="about">The same, to zoom and move:</p>' if figure else ""
    page = page.replace("<body>", f"<body>{banner}{heading}{first}", 1)
    return page.replace("</body>", f'<div class="about">{about}</div>{banner}</body>', 1)


_STYLE = (
    "html,body{height:100%;margin:0}.card{height:calc(100% - 4em)}#mynetwork{height:100%!important;border:0!important}"
    "h1{margin:4px 12px;font:bold 18px sans-serif}.about{padding:4px 12px;font:13px sans-serif}.about p{margin:2px 0}"
    ".figure svg{display:block;max-width:100%;height:auto;margin:auto}"
    ".marking{background:#8b0000;color:#fff;font:bold 1em/2em sans-serif;text-align:center}"
)
