"""*Load*: files in, dry run first; a report with reasons, and the agency's own quarantine."""

from workbench.app.context import current
from workbench.app.panels.loading import load_form, quarantine_panel

context = current()
load_form(context)
quarantine_panel(context.case)
