"""The command that writes a view in another format."""

from pathlib import Path

import click

from workbench.commands.console import Look, reading, say
from workbench.errors import UsageError
from workbench.export import formats


@click.command()
@click.option("--format", "form", required=True, type=click.Choice(formats()))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=True), help="File, or folder for csv. Default: stdout.")
@reading
def export(look: Look, form: str, out: Path | None) -> None:
    """Write the view in another format, with its marking."""
    if look.as_json and out is None:
        raise UsageError("with --json stdout is reserved for the JSON object: name a file", "out")
    written = look.case.export(form, out)
    if out is not None:
        look.show({"format": form, "out": str(out), "entities": written}, lambda: say(f"{written} entities in {out}"))
