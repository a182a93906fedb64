"""The command that re-marks records."""

import click

from workbench.commands.console import Look, say, writing


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="DATASET|KEY...")
@click.option("--marking", required=True, metavar="M")
@writing
def remark(look: Look, targets: tuple[str, ...], marking: str) -> None:
    """Re-mark records of your agency, at every revision."""
    changed = look.case.remark(targets, marking)
    look.show({"changed": changed, "marking": marking}, lambda: say(f"{changed} records are now {marking}"))
