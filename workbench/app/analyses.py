"""The page *Analyse*: a question, the finding that answers it, and its rows as a reader wants them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench import analytics
from workbench.analytics.finding import Finding, Row
from workbench.analytics.sufficing import SMALLEST
from workbench.app.chart import Lead
from workbench.app.drawing import NOT_GRADED, place_of
from workbench.app.text import count
from workbench.errors import UsageError
from workbench.view.asking import question
from workbench.view.view import View

KINDS = {
    "joint-value": "What only the union shows",
    "key-players": "Key players",
    "communities": "Communities",
    "predict": "Predicted relationships",
}
MEASURES = ("betweenness", "degree")
_JOINT = {
    "key player": "Key players",
    "group": "Groups",
    "tie": "Ties",
    "entity": "Entities of several agencies",
    "path": "Paths",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Which analysis, in which projection; `measure` is for key players."""

    kind: str = "joint-value"
    projection: str = "persons"
    measure: str = "betweenness"
    count_common: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One row of an answer: its texts by column, the entities it is about, the lead that it is."""

    cells: Mapping[str, str]
    entities: tuple[str, ...]
    records: tuple[str, ...] = ()
    lead: Lead | None = None


@question
def answer(view: View, question: Question) -> Finding:
    """The finding that answers a question; UsageError for a kind of analysis that there is not."""
    options: dict[str, Any] = {"projection": question.projection, "count_common": question.count_common}
    match question.kind:
        case "joint-value":
            return analytics.joint_value(view, **options)
        case "key-players":
            return analytics.key_players(view, measure=question.measure, **options)
        case "communities":
            return analytics.communities(view, **options)
        case "predict":
            return analytics.predict(view, **options)
    raise UsageError(f"no analysis {question.kind!r}: one of {', '.join(KINDS)}")


@question
def sections(view: View, finding: Finding) -> dict[str, tuple[AnswerRow, ...]]:
    """A finding's rows, with captions for ids, by what they are; what matters most first."""
    captions = _captions(view, finding.results)
    found: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in finding.results:
        found[_JOINT.get(row.get("what", ""), KINDS[finding.kind])].append(_READERS[finding.kind](row, captions))
    order = [*_JOINT.values(), KINDS[finding.kind]]
    return {title: tuple(found[title]) for title in sorted(found, key=order.index)}


def _captions(view: View, rows: Iterable[Row]) -> Mapping[str, str]:
    ids = sorted({entity for row in rows for entity in _entities(row)})
    return {entity: each.caption for entity, each in zip(ids, view.summaries(ids), strict=True)}


def _entities(row: Row) -> tuple[str, ...]:
    if "members" in row:
        return tuple(row["members"])
    return (row["id"],) if "id" in row else (row["a"], row["b"])


def _joint(row: Row, captions: Mapping[str, str]) -> AnswerRow:
    sets = " or ".join(" + ".join(sorted(agencies)) for agencies in row["agencies"])
    cells = {
        "Who": _named(row["members"], captions),
        "Smallest sets of agencies that suffice": sets if row["tried"] == SMALLEST else f"{sets} ({row['tried']})",
        "Records": str(len(row["records"])),
        "Ids": " ".join(row["members"]),
    }
    return AnswerRow(cells, tuple(row["members"]), tuple(row["records"]))


def _player(row: Row, captions: Mapping[str, str]) -> AnswerRow:
    cells = {
        "Rank": str(row["rank"]),
        "Who": captions[row["id"]],
        "Neighbours": str(row["degree"]),
        "Betweenness": f"{row['betweenness']:.3g}",
        "Id": row["id"],
    }
    return AnswerRow(cells, (row["id"],))


def _community(row: Row, captions: Mapping[str, str]) -> AnswerRow:
    members = tuple(row["members"])
    cells = {"Size": str(row["size"]), "Members": _named(members, captions), "Ids": " ".join(members)}
    return AnswerRow(cells, members)


def _lead(row: Row, captions: Mapping[str, str]) -> AnswerRow:
    cells = {
        "Uncalibrated lead": f"{captions[row['a']]} – {captions[row['b']]}",
        "Score (no probability)": f"{row['score']:.3f}",
        "Records": str(len(row["records"])),
        "Ids": f"{row['a']} {row['b']}",
    }
    records = tuple(row["records"])
    return AnswerRow(cells, (row["a"], row["b"]), records, Lead(row["a"], row["b"], float(row["score"]), records))


def _named(members: Sequence[str], captions: Mapping[str, str]) -> str:
    return ", ".join(captions[member] for member in members)


_READERS: Mapping[str, Callable[[Row, Mapping[str, str]], AnswerRow]] = {
    "joint-value": _joint,
    "key-players": _player,
    "communities": _community,
    "predict": _lead,
}


def believed_text(finding: Finding) -> str:
    """How far the answer can be relied on, where it says so: what groups are supported by, what was estimated."""
    told = finding.parameters
    if told.get("estimated"):
        return f"Betweenness is estimated, from {told['sources']:,} of {told['sources_possible']:,} starting points."
    if "supported" not in told:
        return ""
    measures = f"modularity {told['modularity']:.2f}, stability {told['stability']:.2f}"
    if told["supported"]:
        return f"The data support these groups: {measures}."
    return f"The data do not support these groups, do not rely on them: {measures}."


def set_aside_text(finding: Finding) -> str:
    """Which common values were left out, in a sentence."""
    values = [f"{row['value']} ({row['kind']}, shared by {row['n']})" for row in finding.set_aside]
    if not values:
        return "No common value was set aside."
    return f"{count(len(values), 'common value')} set aside: " + ", ".join(values) + "."


@question
def record_rows(view: View, keys: Sequence[str]) -> list[dict[str, str]]:
    """Supporting records as a table: who says so, how graded and marked, and where it stands."""
    return [
        {
            "Schema": each.record.schema,
            "Source": str(each.record.dataset),
            "Grade": str(each.record.grade or NOT_GRADED),
            "Marking": str(each.record.marking),
            "Place": place_of(each),
            "Record": each.key,
        }
        for each in view.records(keys)
    ]
