"""The records that join the referents of entities in a view."""

from collections.abc import Iterator

from workbench.store.columns import Bool
from workbench.view.asking import question
from workbench.view.view import View


@question
def joining(view: View, entities: Bool) -> Iterator[str]:
    """The keys of the records that join some entities with others; `entities` is a mask over entity numbers."""
    snapshot = view.snapshot()
    standing = snapshot.identity.standing
    joins = list(standing.where(entities[standing.a]))
    yield from snapshot.keys_of(sorted({number for join in joins for number in join.records})).values()
    judged = {join.value for join in joins if join.rule == "judgement"}
    if judged:
        yield from (key for each in view.judgements() if each.id in judged for key in each.evidence)
