"""The Joint Intelligence Workbench.

Public names are loaded on first use, so that the import is quick.

>>> import workbench
>>> "open" in workbench.__all__
True
"""

from typing import TYPE_CHECKING

from workbench.on_use import loaded_on_use

if TYPE_CHECKING:
    from workbench.access.viewer import Viewer
    from workbench.analytics.finding import Finding
    from workbench.commands.demo import open_demo
    from workbench.errors import AccessDenied, InputError, NotFound, UsageError, WorkbenchError
    from workbench.model.marking import Marking, parse_marking
    from workbench.model.record import Record
    from workbench.session import Session, begin, open
    from workbench.settings import open_store
    from workbench.view.store import GraphStore
    from workbench.view.view import View

_WHERE = {
    "workbench.access.viewer": ("Viewer",),
    "workbench.analytics.finding": ("Finding",),
    "workbench.commands.demo": ("open_demo",),
    "workbench.errors": ("AccessDenied", "InputError", "NotFound", "UsageError", "WorkbenchError"),
    "workbench.model.marking": ("Marking", "parse_marking"),
    "workbench.model.record": ("Record",),
    "workbench.session": ("Session", "begin", "open"),
    "workbench.settings": ("open_store",),
    "workbench.view.store": ("GraphStore",),
    "workbench.view.view": ("View",),
}

__all__ = [
    "AccessDenied",
    "Finding",
    "GraphStore",
    "InputError",
    "Marking",
    "NotFound",
    "Record",
    "Session",
    "UsageError",
    "View",
    "Viewer",
    "WorkbenchError",
    "begin",
    "open",
    "open_demo",
    "open_store",
    "parse_marking",
]

__getattr__, __dir__ = loaded_on_use(__name__, _WHERE)
