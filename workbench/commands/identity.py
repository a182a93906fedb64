"""The commands for identity and judgements."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from workbench.commands.console import Look, csv_rows, emit, reading, say, table, writing
from workbench.commands.judged import contradiction_table, judgement_table
from workbench.export.tables import safe
from workbench.model.visible import count
from workbench.store.types import Judgement
from workbench.view.checking import COLUMNS as CHECKED
from workbench.view.proposing import COLUMNS as PROPOSED


@click.command("resolve")
@click.option("--new", is_flag=True, help="Compare only what is new or has changed with all others.")
@click.option("--train", is_flag=True, help="Make a new model of all that the viewer sees; all older scores end.")
@writing
def resolve(look: Look, new: bool, train: bool) -> None:
    """Score who is who among all that the viewer sees, publish it, and report joins, vetoes and values set aside.

    Normally a job runs it for its own viewer, after loads. First it recomputes claims if the normaliser has changed.
    """
    scored = look.case.score(new, train)
    report, against = asdict(look.case.resolve()), look.case.contradictions()

    def text() -> None:
        revision = f"revision {scored.revision}" if scored.revision else "nothing changed"
        say(f"compared {scored.compared} facets, kept {scored.pairs} pairs: {revision}")
        for name, rows in report.items():
            if isinstance(rows, list | tuple):
                table(f"{name}: {len(rows)}", tuple(rows[0]) if rows else (name,), [row.values() for row in rows])
        say(f"clusters to check: {report['to_check']}" + ", see workbench clusters-to-check" * bool(report["to_check"]))
        if against:
            say(f"{count(len(against), 'contradiction')} between judgements: `workbench contradictions` tells them")

    look.show({"scored": asdict(scored), **report, "contradictions": [asdict(each) for each in against]}, text)


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
@reading
def proposals(look: Look, limit: int) -> None:
    """List pairs that may be one entity, the likeliest first: for people to judge. Names alone join nobody."""
    found = look.case.proposals(limit)
    rows = [each.to_row().values() for each in found]
    look.show({"proposals": [asdict(each) for each in found]}, lambda: table("may be one", PROPOSED, rows))


@click.command()
@reading
def contradictions(look: Look) -> None:
    """List the judgements that contradict one another: a `same` that would unite two judged different.

    Who made one of them may not have seen the other. `undo` takes back one of your own; `same --override` by a second
    person outweighs a `different`.
    """
    found = look.case.contradictions()
    look.show({"contradictions": [asdict(each) for each in found]}, lambda: contradiction_table(found))


@click.command()
@reading
def clusters(look: Look) -> None:
    """Write canonical_id, dataset, source_id of every entity as CSV, including single ones.

    As in exported tables, cells that a spreadsheet would treat as a formula get an apostrophe in front.
    With --json they are as the source wrote them.
    """
    rows = look.case.clusters()
    if look.as_json:
        emit({"clusters": [dict(zip(("canonical_id", "dataset", "source_id"), row, strict=True)) for row in rows]})
        return
    csv_rows([("canonical_id", "dataset", "source_id"), *(map(safe, row) for row in rows)])


@click.command("clusters-to-check")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
@reading
def clusters_to_check(look: Look, limit: int) -> None:
    """List persons and organisations of so many referents, or so loosely joined, that they may not be one.

    Large is one of more than 20 referents. Loosely joined is one of five or more, of whose pairs less than 40 % are
    joined by an identifier, a score or a judgement. `show` says what joins them; `different` keeps two apart.
    """
    found = look.case.clusters_to_check(limit)
    rows = [each.to_row().values() for each in found.clusters]
    more = f", of which {len(rows)} are shown" if found.total > len(rows) else ""
    look.show(found, lambda: table(f"clusters to check: {found.total}{more}", CHECKED, rows))


_ABOUT_TWO = (
    click.argument("a", metavar="ID"),
    click.argument("b", metavar="ID"),
    click.option("--reason", "why", required=True),
    click.option(
        "--evidence", metavar="KEY", multiple=True, help="A record it rests on. Default: all that you see of both."
    ),
)


def _judging(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the arguments of a judgement: two entities, the reason, and the evidence."""
    decorated = writing(command)
    for each in reversed(_ABOUT_TWO):
        decorated = each(decorated)
    return decorated


def _show(look: Look, made: Judgement) -> None:
    look.show(made, lambda: say(f"judgement {made.id}: {made.verdict}"))


@click.command()
@click.option("--override", is_flag=True, help="Override an earlier `different`, as a second person.")
@_judging
def same(look: Look, a: str, b: str, why: str, override: bool, evidence: tuple[str, ...]) -> None:
    """Judge that two entities are the same, with a reason; `undo` withdraws it."""
    _show(look, look.case.same(a, b, why, override, evidence))


@click.command()
@_judging
def different(look: Look, a: str, b: str, why: str, evidence: tuple[str, ...]) -> None:
    """Judge that two entities are different, with a reason; `undo` withdraws it."""
    _show(look, look.case.different(a, b, why, evidence))


@click.command()
@_judging
def unsure(look: Look, a: str, b: str, why: str, evidence: tuple[str, ...]) -> None:
    """Record that two entities were compared without a decision: it neither joins nor separates them."""
    _show(look, look.case.unsure(a, b, why, evidence))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@writing
def judge(look: Look, file: Path) -> None:
    """Judge the pairs in a CSV file, all of them or none.

    Its columns are a, b, verdict (same, different or unsure) and why; and perhaps evidence (keys of records, with
    spaces between) and override (true or false). A row that repeats a judgement of your own changes nothing.
    """
    from ingest.judging import judgements_in  # imported here: other commands need no reader of tables

    done = look.case.judge_all(judgements_in(file))

    def text() -> None:
        say(f"made {len(done.made)}, {done.unchanged} stood already" + f": revision {done.revision}" * bool(done.made))
        if done.made:
            judgement_table(done.made)

    look.show(done, text)


@click.command()
@click.argument("judgement")
@writing
def undo(look: Look, judgement: str) -> None:
    """Withdraw a judgement of your own; older revisions keep it."""
    revision = look.case.undo(judgement)
    look.show({"judgement": judgement, "revision": revision}, lambda: say(f"judgement {judgement} withdrawn"))


@click.command()
@reading
def judgements(look: Look) -> None:
    """List the judgements that this viewer sees."""
    found = look.case.judgements()
    look.show({"judgements": [asdict(each) for each in found]}, lambda: judgement_table(found))
