"""A finding in words: what an analyst reads where a script reads JSON."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from workbench.analytics.finding import Finding, Row
from workbench.analytics.sufficing import SMALLEST
from workbench.app.text import count
from workbench.commands.console import lines, say, table
from workbench.export.marking import marking_of
from workbench.view.answers import Summary
from workbench.view.view import View

_WHAT = {
    "key player": "Key players",
    "tie": "Ties",
    "group": "Groups",
    "path": "Paths",
    "entity": "Entities of several agencies",
}
_CAUTION = {
    "key-players": "A position describes recorded ties, never guilt.",
    "predict": "Uncalibrated leads: nobody recorded them, a score is no probability, and none of them is a fact.",
}
_PARAMETERS = {"a": "from", "b": "to", "count_common": "common values counted"}
_SAID_BELOW = (
    "weakest",
    "label",
    "supported",
    "estimated",
    "sources",
    "sources_possible",
    "limit_reached",
    "steps_searched",
    "sets_tried",
    "sets_possible",
)
_HEADING = {
    "communities": "Communities",
    "joint-value": "What no agency sees alone",
    "key-players": "Key players",
    "paths": "Paths",
    "predict": "Predicted relationships",
}


class Telling:
    """A finding and the captions of everything in it."""

    def __init__(self, view: View, finding: Finding) -> None:
        self._view, self._finding = view, finding
        ids = list(dict.fromkeys(entity for row in finding.results for entity in _entities(row)))
        self._known: Mapping[str, Summary] = dict(zip(ids, view.summaries(ids), strict=True))

    def tell(self) -> None:
        """Print the finding under the view's marking: captions and counts come from all of it."""
        finding = self._finding
        say(marking_of(self._view.markings()))
        say(f"{_HEADING[finding.kind]}, revision {finding.revision}: {self._parameters()}")
        if finding.kind in _CAUTION:
            say(_CAUTION[finding.kind])
        if finding.estimated:
            say(finding.estimated)
        if finding.results:
            _TELLERS[finding.kind](self)
        else:
            say(_nothing(finding))
        if finding.limit:
            say(finding.limit)
        if finding.set_aside:
            rows = [(row["kind"], row["value"], row["n"]) for row in finding.set_aside]
            table("Set aside as common", ("kind", "value", "shared by"), rows)
        say(f"It rests on {len(finding.records)} records; handling codes: {_listed(finding.handling)}.")

    def _parameters(self) -> str:
        """What was asked and of how much, in words."""
        said = {name: each for name, each in self._finding.parameters.items() if name not in _SAID_BELOW}
        return "; ".join(f"{_PARAMETERS.get(name, name.replace('_', ' '))} {self._value(said[name])}" for name in said)

    def _value(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return ", ".join(f"{each} {name}" for name, each in value.items())
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list | tuple):
            return _listed(value)
        return f"{self._name(value)} ({value})" if value in self._known else str(value)

    # -- kinds -----------------------------------------------------------------------------

    def _paths(self) -> None:
        """Each path step by step, then who is on the way."""
        grades = self._finding.parameters["weakest"]
        for number, (row, grade) in enumerate(zip(self._finding.results, grades, strict=True), 1):
            say(f"Path {number}: {count(row['length'], 'step')}, weakest grade {grade or 'not graded'}")
            lines(("", "from", "to", "schema", "date", "amount", "grade", "record"), self._steps(row["steps"]))
        self._who("On the way", self._known)

    def _steps(self, steps: Sequence[Row]) -> Iterable[tuple[str, ...]]:
        for number, step in enumerate(steps, 1):
            record = self._view.record(step["record"]).record
            amount = " ".join((*record.values().get("currency", ())[:1], step["amount"])) if step["amount"] else "-"
            grade, ends = step["grade"] or "not graded", (self._name(step["from"]), self._name(step["to"]))
            yield str(number), *ends, step["schema"], _date(step), amount, grade, step["record"]

    def _joint_value(self) -> None:
        """What is joint, by what it is, with the agencies that suffice."""
        for what, title in _WHAT.items():
            rows = [row for row in self._finding.results if row["what"] == what]
            if not rows:
                continue
            cells = [(self._names(row, what), _sets(row), len(row["records"]), _ids(row)) for row in rows]
            if what in ("group", "path"):
                table(title, ("who", "which agencies suffice", "records"), [cell[:3] for cell in cells])
            else:
                table(title, ("who", "which agencies suffice", "records", "id"), cells)
        large = [row["members"] for row in self._finding.results if row["what"] in ("group", "path")]
        self._who("In groups and on paths", dict.fromkeys(chain.from_iterable(large)))

    def _communities(self) -> None:
        """Groups with everybody in them, then who they are."""
        believed = "support" if self._finding.parameters["supported"] else "do not support"
        say(f"The data {believed} communities.")
        rows = [(row["size"], ", ".join(map(self._name, row["members"]))) for row in self._finding.results]
        table("Communities", ("size", "who"), rows)
        self._who("In communities", self._known)

    def _key_players(self) -> None:
        """Ranks, with both measures."""
        rows = [
            (row["rank"], row["caption"], row["degree"], f"{row['betweenness']:.3g}", row["id"])
            for row in self._finding.results
        ]
        table("Key players", ("rank", "who", "degree", "betweenness", "id"), rows)

    def _predict(self) -> None:
        """Pairs, each called what it is."""
        rows = [
            (f"{self._name(row['a'])} - {self._name(row['b'])}", f"{row['score']:.3f}", len(row["records"]), _ids(row))
            for row in self._finding.results
        ]
        table("Predicted relationships", ("uncalibrated lead", "score (no probability)", "records", "id"), rows)

    # -- names -----------------------------------------------------------------------------

    def _name(self, entity: str) -> str:
        return self._known[entity].caption

    def _names(self, row: Row, what: str) -> str:
        return (" - " if what in ("tie", "path") else ", ").join(map(self._name, row["members"]))

    def _who(self, title: str, entities: Iterable[str]) -> None:
        """What to go on with: the id of each."""
        known = [self._known[each] for each in entities]
        table(title, ("who", "schema", "id"), [(each.caption, each.schema or "stub", each.id) for each in known])


_TELLERS: Mapping[str, Callable[[Telling], None]] = {
    "communities": Telling._communities,
    "joint-value": Telling._joint_value,
    "key-players": Telling._key_players,
    "paths": Telling._paths,
    "predict": Telling._predict,
}


def _nothing(finding: Finding) -> str:
    """That nothing was found, and whether that means that there is nothing."""
    if finding.limit:
        return "Nothing was found within the limit."
    return "Nothing was found: there is no such path." if finding.kind == "paths" else "Nothing was found."


def _date(step: Row) -> str:
    return "undated" if step["undated"] else step["date"] or "-"


def _entities(row: Row) -> Sequence[str]:
    if "steps" in row:
        return [end for step in row["steps"] for end in (step["from"], step["to"])]
    if "members" in row:
        return list(row["members"])
    return [row["id"]] if "id" in row else [row["a"], row["b"]]


def _ids(row: Row) -> str:
    return "\n".join(_entities(row))


def _sets(row: Row) -> str:
    sets = ", or ".join(" + ".join(each) for each in row["agencies"])
    return sets if row["tried"] == SMALLEST else f"{sets} ({row['tried']})"


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(map(str, values)) or "none"
