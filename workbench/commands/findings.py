"""Print findings for people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, groupby
from typing import Any

from workbench.analytics.finding import Finding, Row
from workbench.analytics.judged_leads import verdicts_on
from workbench.analytics.paths import FoundPath
from workbench.analytics.steps import Step
from workbench.commands.console import lines, say, table
from workbench.commands.verdicts import verdict_rows, verdict_table
from workbench.export.marking import marking_of
from workbench.model.visible import count
from workbench.resolve.common import shared_by
from workbench.view.answers import Summary
from workbench.view.view import View

_ASKED = {"a": "from", "b": "to"}
_PLURALS = {"entity": "entities"}
_MOST_COMMON = 20  # values that are printed; `--json` has all
_MANY = 2  # if rows have more entities than this, their ids are printed below the table


class Telling:
    """Prints a finding, with captions for all entities in it, and the marking of the whole view."""

    def __init__(self, view: View, finding: Finding[Any]) -> None:
        self._finding = finding
        self._marking = marking_of(view.markings())
        ids = list(dict.fromkeys(entity for row in finding.results for entity in row.entities))
        self._known: Mapping[str, Summary] = dict(zip(ids, view.summaries(ids), strict=True))
        self._names = {entity: each.caption for entity, each in self._known.items()}
        self._judged = verdict_rows(view, verdicts_on(view, finding))

    def tell(self) -> None:
        """Print the finding with the marking of the whole view, because captions and counts come from all of it."""
        finding = self._finding
        say(self._marking)
        say(f"{finding.analysis.title}, revision {finding.revision}: {self._words(finding.asked)}")
        if finding.counted:
            say(f"Measured: {self._words(finding.counted)}")
        for text in (finding.caution, *(each.text for each in finding.reliance)):
            say(text)
        if finding.results:
            _TELLERS.get(finding.kind, Telling._rows)(self)
        else:
            say(_nothing(finding))
        if self._judged:
            verdict_table("Judged before", self._judged)
        if finding.errors:
            heads = ("whom", "entities", "named", "wrongly", "expected")
            rows = [tuple(str(value) for value in each.values()) for each in finding.errors]
            table("On whom errors fall: how often hold-outs name an entity, and wrongly", heads, rows)
        if finding.set_aside:
            rows = [(row["kind"], row["value"], shared_by(row)) for row in finding.set_aside[:_MOST_COMMON]]
            table("Set aside as common", ("kind", "value", "shared by"), rows)
            more = len(finding.set_aside) - len(rows)
            if more:
                say(f"and {count(more, 'more common value')}: `--json` lists all")
        say(f"It rests on {len(finding.records)} records; handling codes: {_listed(finding.handling)}.")

    def _words(self, said: Mapping[str, Any]) -> str:
        return "; ".join(self._said(name, value) for name, value in said.items() if value is not None)

    def _said(self, name: str, value: Any) -> str:
        if name == "count_common":
            return "common values counted" if value else "common values not counted"
        return f"{_ASKED.get(name, name.replace('_', ' '))} {self._value(value)}"

    def _value(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return ", ".join(count(each, name, _PLURALS.get(name, "")) for name, each in value.items())
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list | tuple):
            return _listed(value)
        return f"{self._names[value]} ({value})" if value in self._known else str(value)

    # -- rows ------------------------------------------------------------------------------

    def _rows(self) -> None:
        """Print a table for each section, then the entities of rows that have many."""
        untold: list[str] = []
        for section, found in groupby(self._finding.results, key=lambda row: row.section):
            rows = list(found)
            few = all(len(row.entities) <= _MANY for row in rows)
            self._table(section or self._finding.analysis.title, rows, few)
            untold += [] if few else chain.from_iterable(row.entities for row in rows)
        self._who("Who is in them", dict.fromkeys(untold))

    def _table(self, title: str, rows: Sequence[Row], few: bool) -> None:
        """Print the analysis's columns, and the ids of the entities if there are some, few, and without a column."""
        shown = {name: head for name, head in self._finding.analysis.columns.items() if head}
        cells = [[row.cell(name, self._names) for name in shown] for row in rows]
        filled = [name for at, name in enumerate(shown) if any(cell[at] for cell in cells)]
        cells = [[cell for cell, name in zip(each, shown, strict=True) if name in filled] for each in cells]
        shown = {name: shown[name] for name in filled}
        if few and "id" not in shown and any(row.entities for row in rows):
            cells = [[*cell, "\n".join(row.entities)] for cell, row in zip(cells, rows, strict=True)]
            shown["id"] = "Id"
        table(title, tuple(shown.values()), cells)

    def _paths(self) -> None:
        """Print each path step by step, then the entities on it."""
        found: Sequence[FoundPath] = self._finding.results
        for number, row in enumerate(found, 1):
            say(f"Path {number}: {count(row.length, 'step')}, weakest grade {row.weakest or 'not graded'}")
            lines(("", "from", "to", "schema", "date", "amount", "grade", "record"), self._steps(row.steps))
        self._who("On the way", self._known)

    def _steps(self, steps: Sequence[Step]) -> Iterable[tuple[str, ...]]:
        for number, step in enumerate(steps, 1):
            ends = self._names[step.start], self._names[step.end]
            yield str(number), *ends, step.schema, _date(step), _amount(step), step.grade or "not graded", step.record

    def _who(self, title: str, entities: Iterable[str]) -> None:
        """Print the id of each entity, for use in further commands."""
        known = [self._known[each] for each in entities]
        if known:
            table(title, ("who", "schema", "id"), [(each.caption, each.schema or "stub", each.id) for each in known])


# Kinds of findings that need more than a table of rows.
_TELLERS: Mapping[str, Callable[[Telling], None]] = {"paths": Telling._paths}


def _nothing(finding: Finding[Any]) -> str:
    """The sentence for an empty finding; it tells whether a limit was reached."""
    if finding.limit:
        return "Nothing was found within the limit."
    said = "Nothing was found: there is no such path." if finding.kind == "paths" else "Nothing was found."
    if not finding.set_aside or finding.asked.get("count_common") is not False:
        return said
    return f"{said} {count(len(finding.set_aside), 'common value')} did not count: `--count-common` counts them too."


def _date(step: Step) -> str:
    return "undated" if step.undated else step.date or "-"


def _amount(step: Step) -> str:
    return f"{step.currency} {step.amount}".strip() if step.amount else "-"


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values)) or "none"
