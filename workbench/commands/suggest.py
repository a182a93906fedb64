"""The command that writes a first manifest for a table."""

from pathlib import Path

import click

from ingest.detection import adapter_of, detect
from ingest.sources import named
from ingest.suggesting import ROWS, TABLES
from ingest.suggesting.opening import suggested_apart
from workbench.commands.console import say, warn
from workbench.errors import OutputError, UsageError
from workbench.model.visible import count


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="MANIFEST", type=click.Path(path_type=Path), help="Default: stdout.")
@click.option("--adapter", metavar="NAME", help="The format. Default: as the content shows.")
@click.option(
    "--rows", metavar="N", type=click.IntRange(1, 1_000_000), default=ROWS, help=f"The sample. Default: {ROWS}."
)
@click.option("--examples", is_flag=True, help="Write values of the file into comments: they may be personal data.")
def suggest(file: Path, output: Path | None, adapter: str | None, rows: int, examples: bool) -> None:
    """Write a first manifest for a table: CSV, Excel, Parquet, SQLite, JSON or JSON lines.

    What the content does not tell is an open question in it. It loads when all of them are answered.
    """
    name = adapter or _table_adapter(file)
    if name not in TABLES:
        listed = ", ".join(TABLES)
        message = (
            f"adapter {name} needs no manifest for {named(file)}: load it; or name the adapter of a table: {listed}"
        )
        raise UsageError(message, "adapter")
    text = suggested_apart(file, name, rows, examples=examples)
    if output is None:
        for line in text.splitlines():
            say(line)
        return
    if output.exists():
        raise UsageError(f"{named(output)} is there already: name another file", "output")
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise OutputError(f"can't write {named(output)}: {error.strerror}: name another file") from error
    warn(f"{named(output)}: {count(text.count(chr(10)), 'line')}; answer its questions, then load with --manifest")


def _table_adapter(file: Path) -> str:
    """The adapter of a table that the content may have, or else of what it surely is."""
    found = detect(file)
    return next((look.adapter for look in found.looks if look.adapter in TABLES), None) or adapter_of([file])[0]
