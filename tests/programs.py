"""The command lines, and what is in them."""

import click

from workbench.commands.ingest import cli as _ingest
from workbench.commands.main import cli as _workbench

PROGRAMS: dict[str, click.Group] = {"workbench": _workbench, "ingest": _ingest}


def commands_of(group: click.Command) -> dict[str, click.Command]:
    """The commands of a group by name, in order; none of what is no group."""
    if not isinstance(group, click.Group):
        return {}
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in sorted(group.list_commands(context))}
    return {name: command for name, command in found.items() if command is not None}
