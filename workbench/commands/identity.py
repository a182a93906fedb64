"""The commands that say who is who, and that judge it."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from workbench.commands.console import Look, csv_rows, emit, reading, say, table, writing
from workbench.export.tables import safe
from workbench.resolve import judge, report
from workbench.resolve import undo as take_back


@click.command("resolve")
@reading
def resolve(look: Look) -> None:
    """Recompute claims where the normaliser changed; report joins, vetoes, values set aside."""
    look.store.refresh_claims()
    found = asdict(report(look.view))

    def text() -> None:
        for name, rows in found.items():
            if isinstance(rows, list | tuple):
                table(f"{name}: {len(rows)}", tuple(rows[0]) if rows else (name,), [row.values() for row in rows])

    look.show(found, text)


@click.command()
@reading
def clusters(look: Look) -> None:
    """Write canonical_id, dataset, source_id of every entity as CSV, singletons too.

    Cells are as in an exported table: what a spreadsheet would take for a formula has an apostrophe in front.
    With --json they are as the source wrote them.
    """
    rows = look.view.clusters()
    if look.as_json:
        emit({"clusters": [dict(zip(("canonical_id", "dataset", "source_id"), row, strict=True)) for row in rows]})
        return
    csv_rows([("canonical_id", "dataset", "source_id"), *(map(safe, row) for row in rows)])


evidence_option = click.option(
    "--evidence", metavar="KEY", multiple=True, help="A record it rests on. Default: all that you see about both."
)


def _judge(
    look: Look, verdict: str, a: str, b: str, reason: str, evidence: Sequence[str], override: bool = False
) -> None:
    made = judge(look.store, look.view, a, b, verdict, reason, override=override, evidence=evidence)
    look.show(made, lambda: say(f"judgement {made.id}: {verdict}"))


@click.command()
@click.argument("a", metavar="ID")
@click.argument("b", metavar="ID")
@click.option("--reason", required=True)
@click.option("--override", is_flag=True, help="As a second person, against an earlier `different`.")
@evidence_option
@writing
def same(look: Look, a: str, b: str, reason: str, override: bool, evidence: tuple[str, ...]) -> None:
    """Judge that two entities are the same, with a reason; `undo` takes it back."""
    _judge(look, "same", a, b, reason, evidence, override)


@click.command()
@click.argument("a", metavar="ID")
@click.argument("b", metavar="ID")
@click.option("--reason", required=True)
@evidence_option
@writing
def different(look: Look, a: str, b: str, reason: str, evidence: tuple[str, ...]) -> None:
    """Judge that two entities are different, with a reason; `undo` takes it back."""
    _judge(look, "different", a, b, reason, evidence)


@click.command()
@click.argument("judgement")
@writing
def undo(look: Look, judgement: str) -> None:
    """Take back a judgement of your own; it stays in older revisions."""
    revision = take_back(look.store, look.view, judgement)
    look.show({"judgement": judgement, "revision": revision}, lambda: say(f"judgement {judgement} taken back"))


@click.command()
@reading
def judgements(look: Look) -> None:
    """List the judgements that this viewer sees."""
    found = look.view.judgements()
    columns = ("id", "verdict", "a", "b", "by", "when", "why", "records", "overrides")
    rows = [(j.id, j.verdict, j.a, j.b, j.by, j.at[:16], j.why, len(j.evidence), "\n".join(j.overrides)) for j in found]
    look.show({"judgements": [asdict(each) for each in found]}, lambda: table("judgements", columns, rows))
