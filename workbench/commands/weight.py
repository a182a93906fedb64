"""The command that says what a tie weighs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from workbench.commands.console import Look, reading, say, table
from workbench.export.marking import marking_of

if TYPE_CHECKING:
    from workbench.analytics.weighing import Testimony, Weighing


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--projection", metavar="NAME", default="persons", show_default=True)
@click.option("--count-common", is_flag=True, help="Count common values like any other.")
@reading
def weight(look: Look, a: str, b: str, projection: str, count_common: bool) -> None:
    """Say what the tie between A and B weighs: by which records, of which sources, on which grades."""
    given = {"a": a, "b": b, "projection": projection, "count_common": count_common}
    with look.one_question("weight", given) as answered:
        found = look.case.weight(a, b, projection, count_common)
        answered.count = 1
        marking = marking_of(look.case.view.markings())
    look.show(found.to_dict(), lambda: _print(found, marking))


def _print(found: "Weighing", marking: str) -> None:
    say(marking)
    say(f"{found.a} - {found.b} weighs {found.weight:.6g} in {found.projection}; sources: {', '.join(found.sources)}")
    say("It says how far what was recorded is believed, by a convention that nobody measured.")
    for number, legs in enumerate(found.reasons, 1):
        rows = [row for nth, leg in enumerate(legs, 1) for row in _rows(nth, leg.weight, leg.said)]
        weakest = min(leg.weight for leg in legs)
        table(
            f"Reason {number}: {weakest:.6g}, as its weakest leg",
            ("leg", "leg weighs", "source", "grade", "weight", "schema", "record", "remark"),
            rows,
        )


def _rows(nth: int, weight: float, said: "tuple[Testimony, ...]") -> Iterator[tuple[str, ...]]:
    for each in said:
        remark = f"repeats {each.repeats}" if each.repeats else "" if each.counts else "its source is counted already"
        told = (each.source, each.grade or "not graded", f"{each.weight:.6g}", each.schema, each.record, remark)
        yield (str(nth), f"{weight:.6g}", *told)
