"""The commands about formats."""

import click

from ingest.formats import ADAPTERS
from workbench.commands.console import say
from workbench.errors import UsageError


@click.command()
@click.argument("name", metavar="NAME")
def mapping(name: str) -> None:
    """Print the mapping of an adapter as a manifest, to copy and change."""
    adapter = ADAPTERS.get(name)
    if adapter is None:
        raise UsageError(f"no adapter {name!r}: one of {', '.join(sorted(ADAPTERS))}", "name")
    if adapter.defaults is None:
        raise UsageError(f"adapter {name} has no mapping of its own: a manifest says what its fields mean", "name")
    for line in [f'adapter = "{name}"', *adapter.defaults.read_text("utf-8").splitlines()]:
        say(line)
