"""The commands that find and show entities."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from workbench.commands.console import Look, reading, say, table
from workbench.commands.judged import contradiction_table, judgement_table
from workbench.view.answers import Hit
from workbench.view.proposing import COLUMNS as PROPOSED


@click.command()
@click.argument("text")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--type", "types", multiple=True, metavar="SCHEMA", help="Only entities of this type. Repeatable.")
@click.option("--agency", "agencies", multiple=True, help="Only entities with records of this agency. Repeatable.")
@reading
def search(look: Look, text: str, limit: int, types: tuple[str, ...], agencies: tuple[str, ...]) -> None:
    """Find entities by a name, number or other text, in any script; similar names come last."""
    hits = look.case.search(text, limit, types, agencies)
    counted = {"types": dict(hits.types), "agencies": dict(hits.agencies)}
    said = {"total": hits.total, "similar": hits.similar, **counted, "advice": hits.advice}
    entities = [{name: value for name, value in asdict(each).items() if name != "stub"} for each in hits.entities]

    def text_of_hits() -> None:
        similar = f", {hits.similar} of them similar" if hits.similar else ""
        columns = _columns(hits.entities)
        shown = f", the first {len(hits.entities)}: more with `--limit`" if hits.total > len(hits.entities) else ""
        table(f"{hits.total} found{similar}{shown}", [*columns], zip(*columns.values(), strict=True))
        for by, counts in counted.items():
            if counts:
                say(f"{by}: {', '.join(f'{name} {n}' for name, n in counts.items())}")
        if hits.advice:
            say(hits.advice)

    look.show({"entities": entities, **said}, text_of_hits)


def _columns(hits: Sequence[Hit]) -> dict[str, list[Any]]:
    """The columns of a table of hits; without those in which nobody has anything."""
    columns: dict[str, list[Any]] = {
        "id": [each.id for each in hits],
        "schema": [each.schema for each in hits],
        "caption": [each.caption for each in hits],
        "born": [each.births for each in hits],
        "number": [each.numbers for each in hits],
        "country": [each.countries for each in hits],
        "agencies": [each.agencies for each in hits],
        "records": [each.records for each in hits],
        "similar": ["similar" if each.similar else "" for each in hits],
    }
    return {name: cells for name, cells in columns.items() if any(cells) or name in ("id", "schema", "caption")}


@click.command()
@click.argument("entity", metavar="ID")
@reading
def show(look: Look, entity: str) -> None:
    """Show an entity: every value with its source, grade, marking and locator; and what people judged about it."""
    with look.one_question("show", {"entity": entity}) as answered:
        shown, others = look.case.entity(entity), look.case.may_also_be(entity)
        judged, to_check = look.case.judgements_of(entity), look.case.to_check(entity)
        against = look.case.contradictions_of(entity) if judged else ()
        answered.count = 1 + len(others) + len(judged) + len(against)

    def text() -> None:
        say(f"{shown.caption} ({shown.schema}) {shown.id}" + (" - a stub: only referred to" if shown.stub else ""))
        if to_check:
            say(f"check whether this is one: {to_check.why}")
        table("referents", ("id", "agency", "dataset", "source id"), [asdict(r).values() for r in shown.referents])
        table(
            "joined by",
            ("verdict", "rule", "value", "a", "b", "records"),
            [asdict(r).values() for r in shown.joined_by],
        )
        if judged:
            judgement_table(judged)
        if against:
            contradiction_table(against)
        if others:
            table("may also be", PROPOSED, [each.to_row().values() for each in others])
        table(
            "values",
            ("property", "value", "original", "dataset", "agency", "grade", "marking", "locator", "record"),
            [asdict(v).values() for v in shown.values],
        )

    said = {"may_also_be": others, "judgements": judged, "contradictions": [asdict(each) for each in against]}
    look.show({**asdict(shown), "to_check": to_check, **said}, text)


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
