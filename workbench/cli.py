"""The command line of the workbench; `ingest` has one of its own.

Exit codes: 0 done, 1 done but something was quarantined, refused or not foreseen, 2 wrong use, 3 failed
and nothing changed. With --json one JSON object is all that stdout gets.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from workbench import resolve
from workbench.cli_analyses import ANALYSES
from workbench.cli_copy import copy
from workbench.cli_cypher import cypher
from workbench.cli_doctor import doctor
from workbench.console import Look, csv_rows, emit, json_option, reading, run, say, store_option, table, writing
from workbench.errors import UsageError
from workbench.export import export_view, formats
from workbench.export.tables import safe
from workbench.model.ontology import ontology
from workbench.settings import store_url


@click.group("workbench", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="joint-workbench")
def cli() -> None:
    """Joint Intelligence Workbench: one graph of what several agencies hold."""


# -- what there is ------------------------------------------------------------------------


@cli.command()
@reading
def stats(look: Look) -> None:
    """Count records, entities, relationships, ties, stubs and canonical entities."""
    found = asdict(look.view.stats())

    def text() -> None:
        for name in ("revision", "records", "ties", "stubs", "canonical"):
            say(f"{name}: {found[name]}")
        for name in ("entities", "relationships", "agencies", "datasets"):
            table(name, (name, "n"), found[name].items())

    look.show(found, text)


@cli.command()
@reading
def digest(look: Look) -> None:
    """Hash the content of the view: equal for equal content, whatever its history."""
    found = look.view.digest()
    look.show({"digest": found, "revision": look.view.revision}, lambda: say(found))


@cli.command()
@reading
def revisions(look: Look) -> None:
    """List the revisions that changed what this viewer sees, oldest first."""
    rows = [{"revision": token, "at": at} for token, at in look.view.history()]
    look.show({"revisions": rows}, lambda: table("revisions", ("revision", "at"), [row.values() for row in rows]))


@cli.command()
@click.argument("name", required=False)
@json_option
def schemata(name: str | None, as_json: bool) -> None:
    """List the schemata, or the properties and roles of one."""
    known = ontology()
    if name is None:
        types = {s.name: known.arrow(s.name, *known.ends(s.name)).type for s in known.concrete() if s.edge}
        rows = [
            {"schema": s.name, "relationship": s.edge, "type": types.get(s.name, ""), "label": s.label}
            for s in known.concrete()
        ]
        found: dict[str, Any] = {"schemata": rows}
    else:
        props = sorted(known.require(name).properties.values(), key=lambda p: p.name)
        rows = [{"property": p.name, "type": p.type.name, "label": p.label} for p in props if not p.stub]
        found = {"schema": name, "relationship": known.is_relationship(name), "properties": rows}
    if as_json:
        emit(found)
    else:
        table(name or "schemata", tuple(rows[0]), [tuple(row.values()) for row in rows])


# -- entities -----------------------------------------------------------------------------


@cli.command()
@click.argument("text")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@reading
def search(look: Look, text: str, limit: int) -> None:
    """Find entities by a name, number or other text, in any script."""
    hits = look.view.search(text, limit)
    rows = [{"id": e.id, "schema": e.schema, "caption": e.caption, "datasets": e.datasets} for e in hits.entities]
    look.show(
        {"entities": rows, "total": hits.total},
        lambda: table(f"{hits.total} found", ("id", "schema", "caption", "datasets"), [r.values() for r in rows]),
    )


@cli.command()
@click.argument("entity", metavar="ID")
@reading
def show(look: Look, entity: str) -> None:
    """Show an entity: every value with its source, grade, marking and place in its file."""
    found = look.view.entity(entity)

    def text() -> None:
        say(f"{found.caption} ({found.schema}) {found.id}" + (" - a stub: only referred to" if found.stub else ""))
        table("referents", ("id", "agency", "dataset", "source id"), [asdict(r).values() for r in found.referents])
        table(
            "joined by",
            ("verdict", "rule", "value", "a", "b", "records"),
            [asdict(r).values() for r in found.joined_by],
        )
        table(
            "values",
            ("property", "value", "original", "dataset", "agency", "grade", "marking", "locator", "record"),
            [asdict(v).values() for v in found.values],
        )

    look.show(found, text)


@cli.command()
@click.argument("entity", metavar="ID")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(1, 6))
@reading
def neighbours(look: Look, entity: str, hops: int) -> None:
    """Show who and what is within some hops of an entity, and by which relationships."""
    found = look.view.neighbours(entity, hops)
    entities = [asdict(each) for each in look.view.summaries(found.entities)]
    ties = [asdict(each) for each in found.ties]

    def text() -> None:
        table("entities", ("id", "schema", "caption", "datasets", "stub"), [row.values() for row in entities])
        table("ties", ("record", "schema", "a", "b", "role a", "role b", "date"), [row.values() for row in ties])

    look.show({"entities": entities, "relationships": ties}, text)


# -- who is who -----------------------------------------------------------------------------


@cli.command("resolve")
@reading
def resolve_command(look: Look) -> None:
    """Recompute claims where the normaliser changed; report joins, vetoes, values set aside."""
    look.store.refresh_claims()
    found = asdict(resolve.report(look.view))

    def text() -> None:
        for name, rows in found.items():
            if isinstance(rows, list | tuple):
                table(f"{name}: {len(rows)}", tuple(rows[0]) if rows else (name,), [row.values() for row in rows])

    look.show(found, text)


@cli.command()
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
    made = resolve.judge(look.store, look.view, a, b, verdict, reason, override=override, evidence=evidence)
    look.show(made, lambda: say(f"judgement {made.id}: {verdict}"))


@cli.command()
@click.argument("a", metavar="ID")
@click.argument("b", metavar="ID")
@click.option("--reason", required=True)
@click.option("--override", is_flag=True, help="As a second person, against an earlier `different`.")
@evidence_option
@writing
def same(look: Look, a: str, b: str, reason: str, override: bool, evidence: tuple[str, ...]) -> None:
    """Judge that two entities are the same, with a reason; `undo` takes it back."""
    _judge(look, "same", a, b, reason, evidence, override)


@cli.command()
@click.argument("a", metavar="ID")
@click.argument("b", metavar="ID")
@click.option("--reason", required=True)
@evidence_option
@writing
def different(look: Look, a: str, b: str, reason: str, evidence: tuple[str, ...]) -> None:
    """Judge that two entities are different, with a reason; `undo` takes it back."""
    _judge(look, "different", a, b, reason, evidence)


@cli.command()
@click.argument("judgement")
@writing
def undo(look: Look, judgement: str) -> None:
    """Take back a judgement of your own; it stays in older revisions."""
    revision = resolve.undo(look.store, look.view, judgement)
    look.show({"judgement": judgement, "revision": revision}, lambda: say(f"judgement {judgement} taken back"))


@cli.command()
@reading
def judgements(look: Look) -> None:
    """List the judgements that this viewer sees."""
    found = look.view.judgements()
    columns = ("id", "verdict", "a", "b", "by", "when", "why", "records", "overrides")
    rows = [(j.id, j.verdict, j.a, j.b, j.by, j.at[:16], j.why, len(j.evidence), "\n".join(j.overrides)) for j in found]
    look.show({"judgements": [asdict(each) for each in found]}, lambda: table("judgements", columns, rows))


@cli.group()
def common() -> None:
    """Common values: shared so widely that they join nobody and carry no tie."""


@common.command("list")
@reading
def common_list(look: Look) -> None:
    """List common values: those set aside in this view, and the entries that people made."""
    found = {
        "common": [asdict(each) for each in resolve.common_values(look.view)],
        "listed": [asdict(each) for each in look.view.listed_common()],
    }

    def text() -> None:
        for name, rows in found.items():
            table(name, tuple(rows[0]) if rows else ("none",), [row.values() for row in rows])

    look.show(found, text)


@common.command("add")
@click.argument("kind")
@click.argument("value")
@click.option("--reason", required=True)
@click.option("--marking", metavar="M", help="Who may see the entry. Default: SECRET, your agency only.")
@click.option("--agency", metavar="A", help="Whose entry it is, where you act for several.")
@writing
def common_add(look: Look, kind: str, value: str, reason: str, marking: str | None, agency: str | None) -> None:
    """List a value of a kind (address, phone, account ...) as common."""
    entry = resolve.add_common(look.store, look.view, kind, value, reason, marking, agency)
    look.show(entry, lambda: say(f"{entry.kind} {entry.value} is listed as common"))


@common.command("remove")
@click.argument("kind")
@click.argument("value")
@writing
def common_remove(look: Look, kind: str, value: str) -> None:
    """Take a value off the list of common values."""
    entry = resolve.remove_common(look.store, look.view, kind, value)
    look.show(entry, lambda: say(f"{entry.kind} {entry.value} is no longer listed"))


@cli.command()
@click.argument("targets", nargs=-1, required=True, metavar="DATASET|KEY...")
@click.option("--marking", required=True, metavar="M")
@writing
def remark(look: Look, targets: tuple[str, ...], marking: str) -> None:
    """Give records of your agency another marking; it holds at every revision."""
    changed = resolve.remark(look.store, look.view, targets, marking)
    look.show({"changed": changed, "marking": marking}, lambda: say(f"{changed} records are now {marking}"))


for each in (*ANALYSES, copy, cypher, doctor):
    cli.add_command(each)


# -- out, demo, dashboard ---------------------------------------------------------------------


@cli.command()
@click.option("--format", "form", required=True, type=click.Choice(formats()))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=True), help="Where to. Default: stdout.")
@reading
def export(look: Look, form: str, out: Path | None) -> None:
    """Write the view in another format, with its marking."""
    if look.as_json and out is None:
        raise UsageError("with --json stdout is for the one object: name a file with --out")
    written = export_view(look.view, form, out)
    if out is not None:
        look.show({"format": form, "out": str(out), "entities": written}, lambda: say(f"{written} entities in {out}"))


@cli.command()
@click.option("--records", default=900, show_default=True, type=click.IntRange(200, 10_000_000))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@json_option
def scenario(records: int, seed: int, out: Path, as_json: bool) -> None:
    """Generate an invented cross-border case with its truth, of any size."""
    from workbench.scenario import generate

    generate(records=records, seed=seed, out=out)
    if as_json:
        emit({"out": str(out), "records": records, "seed": seed})
    else:
        say(f"the case is in {out}, its truth in {out / 'truth.json'}")


@cli.command()
@store_option
@click.option("--no-serve", is_flag=True, help="Build and report only.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@json_option
def demo(store: str | None, no_serve: bool, port: int, as_json: bool) -> None:
    """Build the sample case Saltmarsh, say what it holds, and open the dashboard on it."""
    from workbench.app.serve import serve as serve_dashboard
    from workbench.demo import build_demo, demo_url, tell

    url = store or demo_url()
    story = build_demo(url)
    if as_json:
        emit(story)
    else:
        tell(story, url)
    if not no_serve:
        serve_dashboard(url, port=port)


@cli.command()
@store_option
@click.option("--as", "viewer_name", metavar="VIEWER", help="Who is looking, in every session.")
@click.option("--purpose", metavar="P", help="What for.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
def serve(store: str | None, viewer_name: str | None, purpose: str | None, port: int) -> None:
    """Serve the dashboard on 127.0.0.1."""
    from workbench.app.serve import serve as serve_dashboard

    serve_dashboard(store_url(store), viewer_name, purpose, port=port)


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(cli))


if __name__ == "__main__":
    main()
