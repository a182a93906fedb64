"""A group that imports a command on first use, so that short commands start fast."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group of commands from `name -> "module:command"`; `more` is the place of a mapping with further commands."""

    def __init__(self, name: str, places: Mapping[str, str], more: str = "", **attributes: object) -> None:
        super().__init__(name, **attributes)  # type: ignore[arg-type] # what click.group gives
        self._places, self._more = places, more

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in order."""
        return sorted({*self._places, *self._others()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with a name; None if there is none."""
        if cmd_name not in self._places:
            return self._others().get(cmd_name)
        found: click.Command = _at(self._places[cmd_name])
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; the error for a command that is none says which there are."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            known = self.list_commands(ctx)
            near = get_close_matches(name, known, 1)
            meant = f"Did you mean {near[0]}? " if near else ""
            ctx.fail(f"No such command {name!r}. {meant}Known are {', '.join(known)}.")
        return super().resolve_command(ctx, args)

    def _others(self) -> Mapping[str, click.Command]:
        commands: Mapping[str, click.Command] = _at(self._more) if self._more else {}
        return commands


def places(modules: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The place of each command, from the names of commands by module; a command is a function, with _ for -."""
    return {
        name: f"workbench.commands.{module}:{name.replace('-', '_')}"
        for module, names in modules.items()
        for name in names
    }


def _at(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
