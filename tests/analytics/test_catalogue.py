"""The table of analyses: each exists, all surfaces use the table, and findings survive JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from inspect import getdoc, signature
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pytest

from tests.analytics.cases import person, seen, thing, tie
from tests.analytics.conftest import Saltmarsh
from tests.programs import PROGRAMS, commands_of
from workbench import analytics
from workbench.analytics import ANALYSES, Analysis, Finding, Row
from workbench.app.analyses import KINDS, Question, answer, sections, unused
from workbench.commands.findings import Telling
from workbench.session import Session
from workbench.view.view import View

ROOT = Path(__file__).parents[2]
each_analysis = pytest.mark.parametrize("analysis", ANALYSES.values(), ids=lambda each: each.name)

FAMILY = [
    *(person(p) for p in "abcd"),
    *(thing("Phone", f"t{n}", number=f"+3161234567{n}") for n in range(3)),
    *(tie("Family", person=a, relative=b, date="2026-01-03", grade="B2") for a, b in ("ab", "bc", "cd")),
]


def ends(view: View) -> tuple[str, str]:
    """Two persons, one of whom is three steps away from the other."""
    people = [each.id for each in view.summaries(view.snapshot().ids) if each.schema == "Person"]
    return people[0], people[-1]


def asked(analysis: Analysis, view: View, **more: Any) -> Finding[Any]:
    """The finding of an analysis; one that needs entities is asked about two."""
    needed = [p.name for p in list(signature(analysis.function).parameters.values())[1:] if p.default is p.empty]
    return analysis.function(view, **dict(zip(needed, ends(view), strict=False)), **more)


@pytest.fixture(scope="module", params=["family", "saltmarsh", "nobody"])
def view(request: pytest.FixtureRequest, saltmarsh: Saltmarsh) -> Iterator[View]:
    """A small case, the large one, and one in which nobody is tied."""
    if request.param == "saltmarsh":
        yield saltmarsh.view()
        return
    with seen(FAMILY if request.param == "family" else FAMILY[:2]) as found:
        yield found


def through_json(found: Finding[Any]) -> Finding[Any]:
    return Finding.from_dict(json.loads(json.dumps(found.to_dict())))


# -- what a finding is --------------------------------------------------------------------


@each_analysis
def test_a_finding_goes_through_json_unchanged(analysis: Analysis, view: View) -> None:
    if "a" in signature(analysis.function).parameters and len(view.snapshot().a) == 0:
        return  # there are no ends to ask about
    found = asked(analysis, view)
    assert found.kind == analysis.name
    assert through_json(found) == found
    assert found.to_dict()["caution"] == analysis.caution
    assert all(type(row) is analysis.rows for row in found.results)


@each_analysis
def test_what_was_asked_gives_the_finding_again(analysis: Analysis, saltmarsh: Saltmarsh) -> None:
    """`asked` has exactly the arguments without the view and the seed."""
    view = saltmarsh.view()
    found = asked(analysis, view, count_common=True)
    taken = signature(analysis.function).parameters
    seed = {"seed": found.seed} if "seed" in taken else {}
    assert {*found.asked, *seed, "view"} == set(taken)
    assert analysis.function(view, **found.asked, **seed) == found
    assert not found.asked.keys() & found.measured.keys()


@each_analysis
def test_a_finding_is_a_table_with_the_columns_of_its_analysis(analysis: Analysis, view: View) -> None:
    if "a" in signature(analysis.function).parameters and len(view.snapshot().a) == 0:
        return
    found = asked(analysis, view)
    frame = found.frame()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == list(analysis.columns)
    assert len(frame) == len(found.results)
    for name in frame.columns:
        assert list(frame[name]) == [getattr(row, name) for row in found.results]
    assert frame.attrs["caution"] == analysis.caution


def test_a_finding_of_no_analysis_is_refused() -> None:
    with pytest.raises(KeyError):
        Finding.from_dict({"kind": "guilt", "results": []})


# -- the table ----------------------------------------------------------------------------


@each_analysis
def test_the_table_is_true_of_the_module(analysis: Analysis) -> None:
    assert analysis.function is getattr(analytics, analysis.called)
    assert analysis.called in analytics.__all__
    assert issubclass(analysis.rows, Row)
    assert sorted(analysis.columns) == sorted(each.name for each in fields(analysis.rows))
    assert analysis.rows.WHO or "entities" in vars(analysis.rows)


@each_analysis
def test_every_analysis_says_how_not_to_read_it(analysis: Analysis) -> None:
    assert re.search("never guilt|never a person|no fact", analysis.caution)
    assert len({each.caution for each in ANALYSES.values()}) == len(ANALYSES)


# -- who tells of it ----------------------------------------------------------------------


@each_analysis
def test_the_documents_tell_of_it_in_the_words_of_the_table(analysis: Analysis) -> None:
    page = (ROOT / "docs/analysing.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `workbench {analysis.name}"))
    assert row.split(" | ")[1] == analysis.title
    assert row.endswith(f" | {analysis.caution} |")


def test_each_caution_is_written_once() -> None:
    """The name is written in the table only; all others except documents take it from there."""
    sources = [path for package in ("workbench", "ingest") for path in (ROOT / package).rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    for analysis in ANALYSES.values():
        assert text.count(analysis.caution) == 1
    without = text.replace((ROOT / "workbench/analytics/catalogue.py").read_text("utf-8"), "")
    assert not re.search(r"\b(never|of) guilt", without)


@each_analysis
def test_the_command_line_tells_of_it(
    analysis: Analysis, saltmarsh: Saltmarsh, capsys: pytest.CaptureFixture[str]
) -> None:
    command = commands_of(PROGRAMS["workbench"])[analysis.name]
    assert f"{analysis.does}\n\n{analysis.caution}" == command.help
    assert set(signature(analysis.function).parameters) - {"view"} <= {each.name for each in command.params}
    assert all(isinstance(each, click.Argument) == each.required for each in command.params)
    view = saltmarsh.view()
    Telling(view, asked(analysis, view)).tell()
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(f"{analysis.title}, revision ")
    assert lines.count(analysis.caution) == 1


@each_analysis
def test_a_session_asks_it(analysis: Analysis, saltmarsh: Saltmarsh) -> None:
    session = Session(saltmarsh.store, lambda: saltmarsh.view().viewer)
    method = getattr(session, analysis.called)
    assert analysis.caution in getdoc(method)
    assert list(signature(method).parameters) == list(signature(analysis.function).parameters)[1:]
    given = [p for p in signature(method).parameters.values() if p.default is p.empty]
    assert method(*ends(session.view)[: len(given)]) == asked(analysis, session.view)


@pytest.mark.parametrize("kind", KINDS)
def test_the_dashboard_shows_every_row_of_it(kind: str, saltmarsh: Saltmarsh) -> None:
    view = saltmarsh.view()
    found = answer(view, Question(kind))
    lines = [line for lines in sections(view, found).values() for line in lines]
    assert [line.entities for line in lines] == [row.entities for row in found.results]
    heads = [head for head in ANALYSES[kind].columns.values() if head]
    assert all(list(line.cells)[: len(heads)] == heads for line in lines)


def test_the_dashboard_asks_the_whole_view_all_but_what_is_about_entities() -> None:
    assert set(ANALYSES) - set(KINDS) == {"paths", "group", "lead"}


def test_the_dashboard_names_the_settings_that_were_changed_for_nothing() -> None:
    changed = Question("articulation-points", count_common=True, measure="degree", resolution=1.5, seed=3)
    assert unused(changed) == ["measure", "resolution", "seed"]
    assert unused(Question("communities", resolution=1.5, seed=3)) == []
    assert all(unused(Question(kind)) == [] for kind in KINDS)
