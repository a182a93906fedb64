"""A chart as a picture that can be enlarged: SVG, without anything from elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from math import cos, hypot, inf, pi, sin
from typing import Any

from workbench.app.drawing import UNJUDGED
from workbench.app.exported.facts import Facts
from workbench.app.legend import DASHES
from workbench.app.picture import Item, Picture
from workbench.export.icons import SIZE
from workbench.model.visible import count

_RADIUS, _MARGIN, _LINE = 20.0, 90.0, 18
_LETTER, _HIGH = 6.4, 15  # pixels that a letter of a label is wide and a line high, about
_PATH, _GREY = "#d55e00", "#8a8a8a"
_CORNERS = {"triangle": (3, -90, 1.15), "triangleDown": (3, 90, 1.15), "diamond": (4, 0, 1.0), "hexagon": (6, 0, 1.0)}
# Shapes with less room for an icon: how large it is, and how far below the middle.
_ROOMS = {"triangle": (0.8, 0.16), "triangleDown": (0.8, -0.16), "diamond": (0.85, 0.0)}
_PALE = 0.25
_TICK = 84  # pixels that a day of an axis takes
_SPOTS = ((0, 0), (-1, 0), (1, 0), (-1, 1), (1, 1))  # of a line's label: on it, beside it, clear of both ends
_WORDS = 150  # letters of a line of text


@dataclass
class _Room:
    """The boxes that are taken, and how many labels of lines found no room."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    left: int = 0

    def reserved(self, x: float, top: float, wide: float, high: float) -> bool:
        """Take a box around x, if it is free."""
        left, right, bottom = x - wide / 2, x + wide / 2, top + high
        if any(left < r and right > x0 and top < b and bottom > y0 for x0, y0, r, b in self.boxes):
            return False
        self.boxes.append((left, top, right, bottom))
        return True


def svg(picture: Picture, facts: Facts) -> str:
    """The picture as SVG, with its marking above and below, and the facts under it."""
    body, width, high, left = _figure(picture, 900.0, 2 * _LINE)
    lines = [*facts.lines, *([f"No room was left for the labels of {count(left, 'line')}."] if left else [])]
    text = [line for each in lines for line in _wrapped(each)]
    parts = [
        *_banner(facts.marking, width, 0),
        f'<text x="10" y="{2.6 * _LINE:.0f}" font-size="16" font-weight="700">{escape(facts.title)}</text>',
        body,
        *(
            f'<text x="10" y="{high + (3.5 + number) * _LINE:.0f}" font-size="12">{escape(line)}</text>'
            for number, line in enumerate(text)
        ),
        *_swatches(picture, high + (4 + len(text)) * _LINE),
        *_banner(facts.marking, width, high + (5.5 + len(text)) * _LINE),
    ]
    return _page("".join(parts), width, high + (7 + len(text)) * _LINE)


def figure(picture: Picture) -> str:
    """The picture alone as SVG, for a page that says the rest."""
    body, width, high, _ = _figure(picture, 0.0, 0)
    return _page(body, width, high)


def _page(inside: str, width: float, high: float) -> str:
    size = f'width="{width:.0f}" height="{high:.0f}" viewBox="0 0 {width:.0f} {high:.0f}"'
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{ground}{inside}</svg>'


def _figure(picture: Picture, least: float, above: int) -> tuple[str, float, float, int]:
    """What is shown, so far down, its width (at least so much) and height, and how many labels found no room."""
    shown = {each for each in picture.things if each not in picture.out}
    places = {each: picture.places[each] for each in shown} or {"": (0.0, 0.0)}
    left, right = (pick(at[0] for at in places.values()) for pick in (min, max))
    top, bottom = (pick(at[1] for at in places.values()) for pick in (min, max))
    width, high = max(right - left + 2 * _MARGIN, least), bottom - top + 2 * _MARGIN
    shift, room = ((width - (right - left)) / 2 - left, above + _MARGIN - top), _Room()
    inside = "".join(_drawn(picture, shown, room))
    return f'<g transform="translate({shift[0]:.1f} {shift[1]:.1f})">{inside}</g>', width, high, room.left


def _banner(marking: str, width: float, y: float) -> Iterator[str]:
    yield f'<rect y="{y:.0f}" width="{width:.0f}" height="22" fill="#8b0000"/>'
    middle = f'x="{width / 2:.0f}" y="{y + 16:.0f}" text-anchor="middle"'
    yield f'<text {middle} fill="#ffffff" font-size="13" font-weight="700">{escape(marking)}</text>'


def _swatches(picture: Picture, y: float) -> Iterator[str]:
    """What each colour stands for, in one row: types, or the values that give the colours."""
    sections = {each["kind"]: each["entries"] for each in picture.top["legend"]}
    x = 10.0
    for entry in sections.get("colour", sections.get("type", ())):
        look = picture.top["looks"].get(entry["value"], {})
        hue = entry.get("hue") or look.get("colour") or "#9a9a9a"
        yield f'<circle cx="{x + 6:.0f}" cy="{y - 4:.0f}" r="6" fill="{hue}" stroke="#333333"/>'
        yield f'<text x="{x + 16:.0f}" y="{y:.0f}" font-size="12">{escape(entry["label"])}</text>'
        x += 32 + len(entry["label"]) * _LETTER


def _wrapped(text: str) -> Iterator[str]:
    while len(text) > _WORDS:
        at = text.rfind(" ", 0, _WORDS)
        cut = at if at > 0 else _WORDS
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text


def _drawn(picture: Picture, shown: set[str], room: _Room) -> Iterator[str]:
    for each in sorted(shown):
        x, y = picture.places[each]
        room.boxes.append((x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS))
    yield from _frames(picture, shown)
    yield from _axis(picture, shown)
    ties = [tie for name, tie in picture.ties.items() if name not in picture.ties_out and {tie["a"], tie["b"]} <= shown]
    for tie in ties:
        yield _line(picture, tie)
    looks = picture.top["looks"]
    for each in sorted(shown):
        yield _thing(picture.things[each], looks, picture.places[each], picture.top["marks"])
    for x, y, text in picture.top["captions"]:
        top = y - _RADIUS - 2 * _HIGH
        room.reserved(x, top, len(text) * _LETTER, _HIGH)
        yield _text(text, x, top + 12, 14)
    for each in sorted(shown, key=lambda each: (-_rank(picture.things[each]), each)):
        yield from _label(picture.things[each], picture.places[each], room)
    for tie in sorted(ties, key=lambda tie: -tie.get("width", 0)):
        yield from _tie_label(picture, tie, room)


def _rank(thing: Item) -> int:
    return len(thing.get("signs", ()))


def _frames(picture: Picture, shown: set[str]) -> Iterator[str]:
    for name, members in picture.top["frames"]:
        places = [picture.places[each] for each in members if each in shown]
        if places:
            left, top = (min(at[axis] for at in places) - 50 for axis in (0, 1))
            right, bottom = (max(at[axis] for at in places) + 50 for axis in (0, 1))
            box = f'x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" rx="16"'
            yield f'<rect {box} fill="#0072b2" fill-opacity=".08" stroke="#0072b2"/>'
            yield f'<text x="{left + 10}" y="{top + 18}" font-size="14" font-weight="600">{escape(name)}</text>'


def _axis(picture: Picture, shown: set[str]) -> Iterator[str]:
    """The axis of a timeline above what is shown: as many days as have room."""
    heights = [picture.places[each][1] for each in shown]
    free = -inf
    if not heights:
        return
    for x, day in picture.top["axis"]:
        if x >= free:
            top, bottom = min(heights) - 60, max(heights) + 60
            yield f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="#d0d0d0"/>'
            yield f'<text x="{x + 3}" y="{top}" font-size="12">{day or "no date"}</text>'
            free = x + _TICK
    if picture.top["axis"]:
        yield f'<text x="{free}" y="{min(heights) - 60}" font-size="12" font-style="italic">not to scale</text>'


def _line(picture: Picture, tie: Item) -> str:
    (ax, ay), (bx, by) = picture.places[tie["a"]], picture.places[tie["b"]]
    colour = _PATH if tie.get("path") else tie.get("colour", _GREY)
    dashes = " ".join(map(str, DASHES[tie.get("certainty", UNJUDGED)]))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    width = tie.get("width", 1.5)
    line = f'<line x1="{ax}" y1="{ay}" x2="{bx}" y2="{by}" stroke="{colour}" stroke-width="{width}"{dashed}/>'
    way = tie.get("way", 0)
    heads = [((ax, ay), (bx, by))] * bool(way & 1) + [((bx, by), (ax, ay))] * bool(way & 2)
    return line + "".join(_arrow(*each, colour, 9 + width) for each in heads)


def _arrow(start: tuple[float, float], end: tuple[float, float], colour: str, size: float) -> str:
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = hypot(dx, dy) or 1
    ux, uy = dx / far, dy / far
    x, y = end[0] - ux * (_RADIUS + 2), end[1] - uy * (_RADIUS + 2)
    side = size * 0.45
    points = [
        (x, y),
        (x - ux * size - uy * side, y - uy * size + ux * side),
        (x - ux * size + uy * side, y - uy * size - ux * side),
    ]
    return f'<polygon points="{_points(points)}" fill="{colour}"/>'


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _thing(thing: Item, looks: Mapping[str, Any], at: tuple[float, float], marks: Mapping[str, str]) -> str:
    look, signs = looks[thing["kind"]], thing.get("signs", ())
    colour, r = thing.get("colour") or look["colour"], _RADIUS * (1 + thing.get("size", 0.0))
    edge = f'stroke="{_PATH}" stroke-width="4"' if "path" in signs else 'stroke="#333333" stroke-width="1.2"'
    faint = ' opacity=".45"' if thing.get("common") else ""
    dashed = ' stroke-dasharray="4 3"' if "stub" in signs else ""
    size, down = _ROOMS.get(look["shape"], (1.05, 0.0))
    ink = "#111111" if _luminance(colour) > _PALE else "#ffffff"
    move = f"translate(0 {down * r:.1f}) scale({size * r / SIZE:.3f}) translate({-SIZE / 2:g} {-SIZE / 2:g})"
    stroke = f'fill="none" stroke="{ink}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"'
    icon = f'<path transform="{move}" d="{look["icon"]}" {stroke}/>'
    title = f"<title>{escape(str(thing.get('name', thing['label'])))}</title>"
    body = _shape(look["shape"], r, f'fill="{colour}" {edge}{dashed}')
    badges = [(-0.8 * r, -0.8 * r, marks[thing["mark"]])] if thing.get("mark") else []
    badges += [(0.8 * r, 0.8 * r, "#444444")] if "pinned" in signs else []
    small = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{hue}" stroke="#ffffff"/>' for x, y, hue in badges)
    return f'<g transform="translate({at[0]} {at[1]})"{faint}>{title}{body}{icon}{small}</g>'


def _shape(name: str, r: float, style: str) -> str:
    if name == "dot":
        return f'<circle r="{r}" {style}/>'
    if name == "square":
        return f'<rect x="{-0.86 * r:.1f}" y="{-0.86 * r:.1f}" width="{1.72 * r:.1f}" height="{1.72 * r:.1f}" {style}/>'
    if name == "ellipse":
        return f'<ellipse rx="{r}" ry="{0.8 * r:.1f}" {style}/>'
    if name == "star":
        turns = [(n * 22.5 - 90, 0.84 * r if n % 2 else r) for n in range(16)]
    else:
        number, first, far = _CORNERS[name]
        turns = [(first + n * 360 / number, far * r) for n in range(number)]
    corners = [(far * cos(turn * pi / 180), far * sin(turn * pi / 180)) for turn, far in turns]
    return f'<polygon points="{_points(corners)}" {style}/>'


def _luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _label(thing: Item, at: tuple[float, float], room: _Room) -> Iterator[str]:
    """The label of a thing, under or above it, where there is room."""
    signs = thing.get("signs", ())
    said = [*(["PATH START"] if "start" in signs else []), *(["PATH END"] if "end" in signs else [])]
    said += [f"COMMON VALUE ({thing['common']})"] if thing.get("common") else []
    lines = [thing["label"], *said, *([f"Note: {thing['note']}"] if thing.get("note") else [])]
    r, wide, high = _RADIUS * (1 + thing.get("size", 0.0)) + 3, max(map(len, lines)) * _LETTER, _HIGH * len(lines)
    for top in (at[1] + r, at[1] - r - high):
        if room.reserved(at[0], top, wide, high):
            yield from (_text(line, at[0], top + _HIGH * (n + 0.8), 12) for n, line in enumerate(lines))
            return


def _tie_label(picture: Picture, tie: Item, room: _Room) -> Iterator[str]:
    """The label of a line, on it or beside it, in one row or in two."""
    (ax, ay), (bx, by) = picture.places[tie["a"]], picture.places[tie["b"]]
    x, y, far = (ax + bx) / 2, (ay + by) / 2, hypot(bx - ax, by - ay) or 1
    across = (-(by - ay) / far, (bx - ax) / far)
    for away, clear in _SPOTS:
        rows = tie["label"].split(" · ")
        for lines in [rows] if away else [[tie["label"]], rows]:
            wide, high = max(map(len, lines)) * _LETTER, _HIGH * len(lines)
            off = away * ((abs(across[0]) * wide + abs(across[1]) * high) / 2 + 4 + clear * _RADIUS)
            middle, top = x + off * across[0], y + off * across[1] - high / 2
            if room.reserved(middle, top, wide, high):
                yield from (_text(line, middle, top + _HIGH * (n + 0.75), 11) for n, line in enumerate(lines))
                return
    room.left += bool(tie["label"])


def _text(text: str, x: float, y: float, size: int) -> str:
    halo = 'stroke="#ffffff" stroke-width="3" paint-order="stroke"'
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="middle" {halo}>{escape(text)}</text>'
