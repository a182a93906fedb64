"""How judgements are shown."""

from collections.abc import Sequence

from workbench.commands.console import say, table
from workbench.resolve import Contradiction
from workbench.store.types import Judgement

_COLUMNS = ("id", "verdict", "a", "b", "by", "when", "why", "records", "overrides")
_HOW = (
    "Who made one of them can take it back: `workbench undo`. Where the `same` is right, somebody else than who said"
    " `different` can outweigh that: `workbench same A B --override`."
)


def judgement_table(found: Sequence[Judgement]) -> None:
    """Print a table of judgements."""
    table("judgements", _COLUMNS, map(_row, found))


def contradiction_table(found: Sequence[Contradiction]) -> None:
    """Print who contradicts whom, and how each `same` leads to a `different`."""
    for n, each in enumerate(found, 1):
        table(f"contradiction {n} of {len(found)}", _COLUMNS, map(_row, (each.different, *each.same)))
        table("how", ("verdict", "rule", "value", "a", "b"), [(r.verdict, r.rule, r.value, r.a, r.b) for r in each.by])
    say(_HOW if found else "no contradictions")


def _row(j: Judgement) -> tuple[object, ...]:
    return (j.id, j.verdict, j.a, j.b, j.by, j.at[:16], j.why, len(j.evidence), "\n".join(j.overrides))
