"""The records that join the referents of entities in a view."""

from collections.abc import Sequence

from workbench.view.asking import question
from workbench.view.view import View
from workbench.view.who import who_is


@question
def joining(view: View, entities: Sequence[str]) -> tuple[str, ...]:
    """The keys of the records that join the referents of some entities, in order; NotFound for one not in the view."""
    joins = who_is(view, entities).joins
    judged = {join.value for join in joins if join.rule == "judgement"}
    said = view.judgements() if judged else ()
    evidence = (key for each in said if each.id in judged for key in each.evidence)
    return tuple(sorted({*evidence, *(key for join in joins for key in join.records)}))
