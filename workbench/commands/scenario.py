"""The command that generates an invented case."""

from pathlib import Path

import click

from workbench.commands.console import emit, json_option, say


@click.command()
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
