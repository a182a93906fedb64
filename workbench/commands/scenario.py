"""The command that generates an invented case, or registers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.commands.console import emit, json_option, say

if TYPE_CHECKING:
    from workbench.scenario import Structure


@click.command()
@click.option("--records", default=900, show_default=True, type=click.IntRange(200, 10_000_000))
@click.option(
    "--registers",
    type=click.IntRange(200, 2_000_000),
    help="Instead of a case: noisy registers of five agencies, with this many records of persons.",
)
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
@click.pass_context
def scenario(
    context: click.Context,
    records: int,
    registers: int | None,
    seed: int,
    out: Path,
    structure: "Structure",
    as_json: bool,
) -> None:
    """Generate an invented cross-border case with its truth, of any size; or registers to resolve persons in."""
    if registers is None:
        told, line = _case(records, seed, out, structure)
    else:
        _refuse_options_of_cases(context)
        told, line = _registers(registers, seed, out)
    if as_json:
        emit({"out": str(out), "seed": seed, **told})
    else:
        say(line)


def _case(records: int, seed: int, out: Path, structure: "Structure") -> tuple[dict[str, Any], str]:
    from workbench.scenario import generate

    generate(records=records, seed=seed, out=out, structure=structure)
    return {"records": records, "structure": structure}, f"the case is in {out}, its truth in {out / 'truth.json'}"


def _registers(persons: int, seed: int, out: Path) -> tuple[dict[str, Any], str]:
    from workbench.scenario.registers import generate_registers

    made = generate_registers(persons=persons, seed=seed, out=out)
    return {
        "registers": persons
    }, f"the registers are in {out}, who is who in {made.who}, what was said how in {made.said}"


def _refuse_options_of_cases(context: click.Context) -> None:
    for name in ("records", "structure"):
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is of cases, not of --registers: leave one of them out")
