"""The commands that find and show entities."""

from dataclasses import asdict

import click

from workbench.commands.console import Look, reading, say, table


@click.command()
@click.argument("text")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@reading
def search(look: Look, text: str, limit: int) -> None:
    """Find entities by a name, number or other text, in any script."""
    hits = look.case.search(text, limit)
    rows = [{"id": e.id, "schema": e.schema, "caption": e.caption, "datasets": e.datasets} for e in hits.entities]
    look.show(
        {"entities": rows, "total": hits.total},
        lambda: table(f"{hits.total} found", ("id", "schema", "caption", "datasets"), [r.values() for r in rows]),
    )


@click.command()
@click.argument("entity", metavar="ID")
@reading
def show(look: Look, entity: str) -> None:
    """Show an entity: every value with its source, grade, marking and locator."""
    shown = look.case.entity(entity)

    def text() -> None:
        say(f"{shown.caption} ({shown.schema}) {shown.id}" + (" - a stub: only referred to" if shown.stub else ""))
        table("referents", ("id", "agency", "dataset", "source id"), [asdict(r).values() for r in shown.referents])
        table(
            "joined by",
            ("verdict", "rule", "value", "a", "b", "records"),
            [asdict(r).values() for r in shown.joined_by],
        )
        table(
            "values",
            ("property", "value", "original", "dataset", "agency", "grade", "marking", "locator", "record"),
            [asdict(v).values() for v in shown.values],
        )

    look.show(shown, text)


@click.command()
@click.argument("entity", metavar="ID")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(1, 6))
@reading
def neighbours(look: Look, entity: str, hops: int) -> None:
    """Show the entities within some hops of an entity, and the ties that lead to them."""
    with look.one_question("neighbours", {"entity": entity, "hops": hops}) as answered:
        walk = look.case.neighbours(entity, hops)
        entities = [asdict(each) for each in look.case.summaries(walk.entities)]
        answered.count = len(entities)
    ties = [asdict(each) for each in walk.ties]

    def text() -> None:
        table("entities", ("id", "schema", "caption", "datasets", "stub"), [row.values() for row in entities])
        table("ties", ("record", "schema", "a", "b", "role a", "role b", "date"), [row.values() for row in ties])

    look.show({"entities": entities, "relationships": ties}, text)
