"""The records that join the referents of entities in a view."""

from collections.abc import Iterator, Sequence

from workbench.view.asking import question
from workbench.view.joins import JUDGEMENT
from workbench.view.view import View
from workbench.view.who import Who, judgements_about, who_is


@question
def joining(view: View, entities: Sequence[str]) -> tuple[str, ...]:
    """The keys of the records that join the referents of some entities, in order; NotFound for one not in the view."""
    return tuple(sorted({key for _, key in joining_each(view, who_is(view, entities))}))


@question
def joining_each(view: View, known: Who) -> Iterator[tuple[str, str]]:
    """Each record behind a join in an answer of `who_is`, as (one of the two, key); of a judgement, its evidence."""
    judged = {join.value: join.a for join in known.joins if join.rule == JUDGEMENT}
    said = judgements_about(view, sorted(set(judged.values()))) if judged else ()
    yield from ((judged[each.id], key) for each in said if each.id in judged for key in each.evidence)
    yield from ((join.a, key) for join in known.joins for key in join.records)
