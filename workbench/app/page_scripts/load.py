"""*Load*: load files, after a dry run; a report with reasons, and the quarantine of the viewer's agencies."""

from workbench.app.context import current
from workbench.app.panels.loading import load_form, quarantine_panel

context = current()
load_form(context)
quarantine_panel(context.case)
