"""Icons as paths of SVG, from Lucide (ISC), which comes with the package `lucide` and its licence."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring

from workbench.errors import UsageError

SIZE = 24  # both sides of an icon's box
_NAMESPACE = "{http://www.w3.org/2000/svg}"


@cache
def icon(name: str) -> str:
    """An icon as one path to be stroked, in a box of 24 by 24. UsageError if Lucide has none of that name."""
    with (files("lucide") / "lucide.zip").open("rb") as packed, ZipFile(packed) as icons:
        if f"{name}.svg" not in icons.namelist():
            raise UsageError(f"Lucide has no icon {name!r}")
        svg = fromstring(icons.read(f"{name}.svg"))
    return " ".join(_PATHS[each.tag.removeprefix(_NAMESPACE)](each.attrib) for each in _parts(svg))


def _parts(svg: Element) -> list[Element]:
    return [each for each in svg.iter() if each is not svg]


def _path(said: Mapping[str, str]) -> str:
    """A path that also begins where it should after another one: a first "m" is meant from the corner."""
    return "M0 0" + said["d"] if said["d"].startswith("m") else said["d"]


def _round(x: float, y: float, rx: float, ry: float) -> str:
    return f"M{x - rx:g} {y:g}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0"


def _circle(said: Mapping[str, str]) -> str:
    radius = float(said["r"])
    return _round(float(said["cx"]), float(said["cy"]), radius, radius)


def _ellipse(said: Mapping[str, str]) -> str:
    return _round(*(float(said[name]) for name in ("cx", "cy", "rx", "ry")))


def _line(said: Mapping[str, str]) -> str:
    return f"M{said['x1']} {said['y1']}L{said['x2']} {said['y2']}"


def _polyline(said: Mapping[str, str]) -> str:
    numbers = said["points"].replace(",", " ").split()
    return "M" + "L".join(f"{x} {y}" for x, y in zip(numbers[::2], numbers[1::2], strict=True))


def _polygon(said: Mapping[str, str]) -> str:
    return _polyline(said) + "Z"


def _rect(said: Mapping[str, str]) -> str:
    x, y = (float(said.get(name, 0)) for name in ("x", "y"))
    wide, high = float(said["width"]), float(said["height"])
    r = float(said.get("rx", said.get("ry", 0)))
    corner = f"a{r:g} {r:g} 0 0 1"
    return (
        f"M{x + r:g} {y:g}h{wide - 2 * r:g}{corner} {r:g} {r:g}v{high - 2 * r:g}{corner} {-r:g} {r:g}"
        f"h{2 * r - wide:g}{corner} {-r:g} {-r:g}v{2 * r - high:g}{corner} {r:g} {-r:g}Z"
    )


_PATHS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "path": _path,
    "circle": _circle,
    "ellipse": _ellipse,
    "line": _line,
    "polyline": _polyline,
    "polygon": _polygon,
    "rect": _rect,
}
