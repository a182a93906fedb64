"""What the dashboard takes.

    python -m benchmarks.dashboard --store URL --viewer NAME [--sizes 100,500,2000,5000]
    python -m benchmarks.dashboard --store URL --viewer NAME --part analysts --analysts 25 --minutes 10
    python -m benchmarks.dashboard --store URL --viewer NAME --part labels
    python -m benchmarks.dashboard --store URL --viewer NAME --part steps --entity ID --other ID [--search TEXT]

Parts: `beside` measures charts of several sizes in a real Chromium, beside an empty page of Streamlit; `analysts`
measures many at once; `labels` counts the labels of a chart; `steps` has seconds of CPU and the peak of memory of the
server's process for each step of one analyst, without a browser. Charts are saved in a copy of a store that is a file.
"""

import argparse
import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.dashboard import analysts, beside, labels, saved, served, steps
from benchmarks.dashboard.browser import chromium
from benchmarks.rows import Row, table


def main() -> None:
    """Measure a part, and print what was found."""
    options = _options()
    if options.part == "steps":
        print(steps.measure(options))
        return
    before = os.getloadavg()
    with saved.place(options.store) as (url, folder, what):
        rows = _PARTS[options.part](options, url, folder)
    loads = {"load before": [*before], "load after": [*os.getloadavg()]}
    if options.json:
        print(json.dumps({"part": options.part, "store": what, **loads, "rows": [each.to_dict() for each in rows]}))
    else:
        print(f"{what}; load average {before[0]:.1f} before, {os.getloadavg()[0]:.1f} after")
        print(table(rows))


def _options() -> argparse.Namespace:
    formed = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m benchmarks.dashboard", description=__doc__, formatter_class=formed)
    for name in ("store", "viewer"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--part", choices=[*_PARTS, "steps"], default="beside")
    parser.add_argument("--sizes", default="100,500,2000,5000", help="sizes of the charts")
    parser.add_argument("--asked", type=int, default=20, help="answers of each kind to wait for")
    parser.add_argument("--analysts", type=int, default=25)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--entity", help="for the steps: an entity")
    parser.add_argument("--other", help="for the steps: another one")
    parser.add_argument("--search", default="nobody", help="for the steps: a text")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _beside(options: argparse.Namespace, url: str, folder: Any) -> list[Row]:
    sizes = [int(each) for each in options.sizes.split(",")]
    saved.save_charts(url, options.viewer, sizes)
    with (
        served.dashboard(url, options.viewer, folder / "dashboard.log") as chart,
        served.empty(folder / "empty.log") as empty,
        chromium() as browser,
    ):
        return beside.measure(browser, chart.address, empty.address, sizes, options.asked)


def _analysts(options: argparse.Namespace, url: str, folder: Any) -> list[Row]:
    saved.save_charts(url, options.viewer, [], [analysts.ENTITIES] * (options.analysts + 1))
    with served.dashboard(url, options.viewer, folder / "dashboard.log") as chart:
        return analysts.measure(chart, options.analysts, options.minutes)


def _labels(options: argparse.Namespace, url: str, folder: Any) -> list[Row]:
    saved.save_charts(url, options.viewer, [labels.ENTITIES])
    with served.dashboard(url, options.viewer, folder / "dashboard.log") as chart, chromium() as browser:
        return labels.measure(browser, chart.address)


_PARTS: Mapping[str, Callable[[argparse.Namespace, str, Any], list[Row]]] = {
    "beside": _beside,
    "analysts": _analysts,
    "labels": _labels,
}

if __name__ == "__main__":
    main()
