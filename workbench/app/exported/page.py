"""A chart as one HTML page that works offline, drawn by pyvis."""

from pyvis.network import Network

from workbench.app.drawing import UNJUDGED
from workbench.app.exported.facts import Facts
from workbench.app.exported.svg import figure
from workbench.app.legend import DASHES
from workbench.app.picture import Item, Picture, span_of
from workbench.export.chart import page_of

_FEW = 40  # things up to which lines have labels; of others they are told under the pointer
_GREY, _PATH = "#8a8a8a", "#d55e00"
_WAYS = {0: "", 1: "to", 2: "from", 3: "to, from"}


def html(picture: Picture, facts: Facts) -> str:
    """The picture as a page, as on the canvas, and below it one in which things can be moved; marking and facts."""
    network = Network(height="100%", width="100%", directed=True, cdn_resources="in_line")
    shown = {each for each in picture.things if each not in picture.out}
    for each in sorted(shown):
        _thing(network, each, picture)
    for name, tie in picture.ties.items():
        if name not in picture.ties_out and {tie["a"], tie["b"]} <= shown:
            _tie(network, tie, len(shown) <= _FEW)
    network.toggle_physics(False)
    return page_of(network.generate_html(), facts.marking, facts.title, facts.lines, figure(picture))


def _thing(network: Network, name: str, picture: Picture) -> None:
    thing, (x, y) = picture.things[name], picture.places[name]
    look, signs = picture.top["looks"][thing["kind"]], thing.get("signs", ())
    said = [sign for sign, told in (("start", "PATH START"), ("end", "PATH END")) if sign in signs for sign in (told,)]
    said += [f"COMMON VALUE ({thing['common']})"] if thing.get("common") else []
    said += [f"Note: {thing['note']}"] if thing.get("note") else []
    told = [f"{look['label']}: {thing.get('name', thing['label'])}", ", ".join(thing.get("agencies", ())), *said]
    colour = thing.get("colour") or look["colour"]
    network.add_node(
        name,
        label="\n".join([thing["label"], *said]),
        title="\n".join(told),
        shape=look["shape"],
        color={"background": colour, "border": _PATH if "path" in signs else "#333333"},
        borderWidth=4 if "path" in signs else 1,
        size=20 * (1 + thing.get("size", 0.0)),
        x=float(x),
        y=float(y),
    )


def _tie(network: Network, tie: Item, labelled: bool) -> None:
    dashes = DASHES[tie.get("certainty", UNJUDGED)] or False
    span = " to ".join(dict.fromkeys(span_of(tie)))
    told = [tie["label"], tie.get("told", ""), span, ", ".join(tie.get("agencies", ())), tie.get("grade", "")]
    network.add_edge(
        tie["a"],
        tie["b"],
        label=tie["label"] if labelled else "",
        title="\n".join(filter(None, told)),
        arrows=_WAYS[tie.get("way", 0)],
        color=_PATH if tie.get("path") else tie.get("colour", _GREY),
        width=float(tie.get("width", 1.5)),
        dashes=dashes,
    )
