"""Match a pasted list against a view: each line names one entity, several, or none."""

from collections.abc import Collection
from dataclasses import dataclass

from workbench.errors import UsageError
from workbench.export.appearance import label_of
from workbench.view.asking import question
from workbench.view.view import View

MOST_PASTED = 200


@dataclass(frozen=True, slots=True)
class Match:
    """A line, how many entities contain it, and the best of them; similar ones do not count."""

    line: str
    n: int
    entity: str = ""
    caption: str = ""
    schema: str = ""

    @property
    def is_one(self) -> bool:
        """Whether it names one entity."""
        return self.n == 1

    def row(self, drawn: Collection[str]) -> dict[str, str]:
        """The match for display."""
        here = ", on the chart" if self.entity in drawn else ""
        one = f"{self.caption}{here}" if self.is_one else f"{self.n} match"
        kind = label_of(self.schema) if self.is_one else ""
        return {"Line": self.line, "Matches": one if self.n else "none", "Type": kind}


@question
def match_lines(view: View, text: str) -> tuple[Match, ...]:
    """What matches each line of a text, each once. UsageError for more lines than `MOST_PASTED`."""
    lines = list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in text.splitlines()))))
    if len(lines) > MOST_PASTED:
        raise UsageError(f"{len(lines)} lines are too many at once: paste at most {MOST_PASTED}")
    return tuple(_match(view, line) for line in lines)


@question
def _match(view: View, line: str) -> Match:
    found = view.search(line, 1)
    exact = found.total - found.similar
    if not exact or not found.entities:
        return Match(line, 0)
    best = found.entities[0]
    return Match(line, exact, best.id, best.caption, best.schema)
