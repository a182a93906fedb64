"""What a dashboard's process takes from its start to a painted chart, and for each further step of an analyst.

The chart has the entity, its neighbours, and a path to the other one. Another process saves it in the store first.
Each line has the seconds of CPU (user and system) and the peak of resident memory since the process began.
"""

import argparse
import json
import multiprocessing
import resource
from collections.abc import Iterator
from pathlib import Path

from workbench.settings import hand_down

_NAME = "measured"
_PAGE = Path(__file__).resolve().parents[2] / "streamlit_app.py"
_PATIENCE = 600


class Dashboard:
    """The dashboard in this process, without a browser."""

    def __init__(self) -> None:
        from streamlit.testing.v1 import AppTest

        self.app = AppTest.from_file(_PAGE, default_timeout=_PATIENCE)
        self.run()

    def run(self) -> None:
        """Run the page again."""
        self.app.run()
        failed = [*self.app.exception, *self.app.error]
        if failed:
            raise SystemExit(f"the page failed: {failed[0].value}")

    def steps(self, options: argparse.Namespace) -> Iterator[str]:
        """Take each step of an analyst, and say which was taken."""
        from workbench.app import charts

        state = self.app.session_state
        desk, view = state["desks"][options.viewer], state["case"].view
        yield "the page, without a chart"
        kept = next(each for each in charts.saved(view) if each.name == _NAME)
        desk.reopen(view, charts.Standing(str(kept.body["id"]), kept.name, kept.at), kept.body)
        self.run()
        yield f"a chart of {len(desk.chart.entities)} entities, painted"
        desk.select(options.entity)
        self.run()
        yield "a click"
        desk.expand(view, [options.other])
        self.run()
        yield f"an expansion; {len(desk.chart.entities)} entities"
        self.app.text_input(key="query").set_value(options.search)
        self.app.button[0].click()
        self.run()
        yield "a search"
        desk.path(view, start=options.other, end=options.entity)
        self.run()
        yield "a path"


def _save(options: argparse.Namespace) -> None:
    """Save the chart to open."""
    from workbench.app.beginning import new_desk
    from workbench.session import open as opened

    with opened(options.store, options.viewer) as case:
        desk = new_desk()
        desk.rename(_NAME, ())
        desk.open(case.view, options.entity)
        desk.expand(case.view, [options.entity])
        desk.path(case.view, start=options.entity, end=options.other)
        desk.save(case.store, case.view)


def measure(options: argparse.Namespace) -> str:
    """Measure each step; the lines to print, or JSON."""
    if not (options.entity and options.other):
        raise SystemExit("the steps need --entity and --other")
    hand_down(options.store, options.viewer, None)
    saving = multiprocessing.get_context("spawn").Process(target=_save, args=(options,))
    saving.start()
    saving.join()
    rows = [{"step": each, **_took()} for each in Dashboard().steps(options)]
    if options.json:
        return json.dumps(rows)
    return "\n".join(f"{row['cpu']:8.2f} s {row['peak_mb']:6.0f} MB  {row['step']}" for row in rows)


def _took() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": round(used.ru_utime + used.ru_stime, 2), "peak_mb": round(used.ru_maxrss / 1024)}
