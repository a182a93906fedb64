"""The command that generates an invented case."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.commands.console import emit, json_option, say

if TYPE_CHECKING:
    from workbench.scenario import Structure


@click.command()
@click.option("--records", default=900, show_default=True, type=click.IntRange(200, 10_000_000))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--structure",
    default="communities",
    show_default=True,
    type=click.Choice(["communities", "none"]),
    help="How the people around the plot are tied: in communities, with hubs, or at random.",
)
@json_option
def scenario(records: int, seed: int, out: Path, structure: "Structure", as_json: bool) -> None:
    """Generate an invented cross-border case with its truth, of any size."""
    from workbench.scenario import generate

    generate(records=records, seed=seed, out=out, structure=structure)
    if as_json:
        emit({"out": str(out), "records": records, "seed": seed, "structure": structure})
    else:
        say(f"the case is in {out}, its truth in {out / 'truth.json'}")
