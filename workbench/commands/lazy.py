"""A group of commands that imports a command when it is asked for: a short answer starts soon."""

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group over places: `name -> "module:command"`."""

    def __init__(self, name: str, places: Mapping[str, str], **attributes: object) -> None:
        super().__init__(name, **attributes)  # type: ignore[arg-type] # what click.group gives
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in order."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None if there is none."""
        if cmd_name not in self._places:
            return None
        module, _, command = self._places[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), command)
        return found
