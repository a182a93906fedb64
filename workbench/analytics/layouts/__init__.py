"""Layouts of charts, computed here so that the browser only draws. The same input gives the same layout.

`arranged` places all entities in one of several ways; `lay_out` keeps known places and adds to them.
"""

from workbench.analytics.layouts.arranging import KINDS, arranged, lay_out
from workbench.analytics.layouts.plan import SPACE, Place, Plan

__all__ = ["KINDS", "SPACE", "Place", "Plan", "arranged", "lay_out"]
