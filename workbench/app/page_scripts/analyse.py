"""*Analyse*: ask the whole view a question, see the finding and its records, keep it, and open it in *Explore*."""

from workbench.app.context import current
from workbench.app.panels.finding import finding_panel, question_form
from workbench.app.panels.kept import kept_panel

context = current()
question = question_form()
if question is not None:
    finding_panel(context, question)
kept_panel(context)
