"""Graphviz's sfdp, where it is installed: a program of its own that is given numbers only."""

import shutil
import subprocess

import numpy as np

from workbench.analytics.layouts.plan import Ends, Places

_SECONDS = 20
_INCH = 72.0
_ASKED = ("-Tplain", "-Goverlap=prism")
_DISC = 'graph{node[shape=circle,fixedsize=true,width=.75,label=""];'  # with prism's own margin 62 pixels wide


def sfdp_places(many: int, ends: Ends) -> Places | None:
    """Places of nodes by the numbers of tied ones; None if there is no sfdp, or it fails or takes too long.

    Hu, Efficient and high quality force-directed graph drawing (2005); Gansner and Hu, Efficient node overlap
    removal using a proximity stress model (2009).
    """
    program = shutil.which("sfdp")
    if program is None:
        return None
    asked = _DISC + "".join(f"{node};" for node in range(many)) + "".join(f"{a}--{b};" for a, b in ends.tolist()) + "}"
    try:
        done = subprocess.run(  # noqa: S603 - its path, and options of ours
            [program, *_ASKED], input=asked, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    told = [line.split()[1:4] for line in done.stdout.splitlines() if line.startswith("node ")]
    places = np.full((many, 2), np.nan)
    for node, x, y in told:
        places[int(node)] = (float(x), -float(y))
    return places * _INCH if np.isfinite(places).all() else None
