"""The labels of a chart: how many are shown, and how many of them lie over another or over a thing."""

from typing import Any

from playwright.sync_api import Browser

from benchmarks.dashboard.browser import Sight, sight
from benchmarks.dashboard.saved import chart_id
from benchmarks.rows import Row

ENTITIES = 200
_ZOOM = 2.0
# The boxes of labels, and of things the squares that lie inside their discs, on the screen.
_BOXES = """async () => {
  const { canvas } = looked.root();
  const { scene, painter } = canvas;
  await looked.frames();
  const { radius } = await import(MODULE);
  const discs = scene.things.filter((thing) => scene.inSight(thing)).map((thing) => {
    const [x, y] = scene.onScreen(thing);
    return { id: thing.id, x, y, r: radius(thing) * scene.scale };
  });
  return { labels: painter.labels, discs };
}"""


def measure(browser: Browser, address: str) -> list[Row]:
    """Count labels in the overview, and after each of two zooms."""
    found: list[Row] = []
    with sight(browser) as here:
        sources: list[str] = []
        here.page.on("request", lambda request: sources.append(request.url))
        here.first_paint(address, chart_id(ENTITIES))
        here.settled()
        module = next(each for each in sources if "sprites.js" in each)
        for where in ("overview", "zoom 1", "zoom 2"):
            if where != "overview":
                here.page.evaluate(f"(() => {{ const {{canvas}} = looked.root(); canvas.scene.zoom({_ZOOM}); "
                                   "canvas.draw(); })()")  # fmt: skip
            found += _rows(here, where, module)
    return found


def _rows(here: Sight, where: str, module: str) -> list[Row]:
    said = here.page.evaluate(_BOXES.replace("MODULE", repr(module)))
    labels: list[dict[str, Any]] = said["labels"]
    discs: list[dict[str, Any]] = said["discs"]
    others = [sum(_meet(a, b) for b in labels if b is not a) for a in labels]
    things = [sum(_covers(label, disc) for disc in discs) for label in labels]
    share = 100 / max(len(labels), 1)
    return [
        Row("labels shown", where, len(labels), f"of {len(discs)}"),
        Row("of them over another label", where, share * sum(map(bool, others)), "%", most=0),
        Row("of them over a thing", where, share * sum(map(bool, things)), "%", most=0),
    ]


def _meet(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two boxes overlap."""
    return bool(
        a["left"] < b["left"] + b["wide"]
        and b["left"] < a["left"] + a["wide"]
        and a["top"] < b["top"] + b["high"]
        and b["top"] < a["top"] + a["high"]
    )


def _covers(label: dict[str, Any], disc: dict[str, Any]) -> bool:
    """Whether a box overlaps a disc."""
    across = max(label["left"] - disc["x"], 0, disc["x"] - label["left"] - label["wide"])
    down = max(label["top"] - disc["y"], 0, disc["y"] - label["top"] - label["high"])
    return bool(across**2 + down**2 < disc["r"] ** 2)
