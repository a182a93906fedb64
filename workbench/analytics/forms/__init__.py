"""The forms of a projection (what is shared, what flows, every tie), by their names in the table."""

from collections.abc import Callable, Mapping

from workbench.analytics.forms.edges import Derivation, Edges, Source
from workbench.analytics.forms.flow import flow_form, followed_form
from workbench.analytics.forms.shared import shared_form
from workbench.analytics.forms.ties import ties_form

FORMS: Mapping[str, Callable[[Source], Edges]] = {
    "flow": flow_form,
    "followed": followed_form,
    "shared": shared_form,
    "ties": ties_form,
}

__all__ = ["FORMS", "Derivation", "Edges", "Source"]
