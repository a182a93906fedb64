"""How judgements are shown."""

from collections.abc import Sequence

from workbench.commands.console import table
from workbench.store.types import Judgement

_COLUMNS = ("id", "verdict", "a", "b", "by", "when", "why", "records", "overrides")


def judgement_table(found: Sequence[Judgement]) -> None:
    """Print a table of judgements."""
    rows = [(j.id, j.verdict, j.a, j.b, j.by, j.at[:16], j.why, len(j.evidence), "\n".join(j.overrides)) for j in found]
    table("judgements", _COLUMNS, rows)
