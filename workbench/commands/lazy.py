"""A group that imports a command on first use, so that short commands start fast."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import NamedTuple

import click


class Place(NamedTuple):
    """Where a command is, as "module:command", and what it does in a line; "" if it is not listed."""

    at: str
    does: str


class LazyGroup(click.Group):
    """A group of commands by name. The list of them imports none."""

    def __init__(self, name: str, places: Mapping[str, Place], **attributes: object) -> None:
        super().__init__(name, **attributes)  # type: ignore[arg-type] # what click.group gives
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in order."""
        return sorted(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with a name; None if there is none."""
        if cmd_name not in self.places:
            return None
        module, _, name = self.places[cmd_name].at.partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, from what the places say."""
        names = [name for name in self.list_commands(ctx) if self.places[name].does]
        left = formatter.width - 6 - max(map(len, names))
        rows = [(name, click.Command(name, help=self.places[name].does).get_short_help_str(left)) for name in names]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

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


def places(modules: Mapping[str, Mapping[str, str]]) -> dict[str, Place]:
    """The places of commands, from what each does, by module and name; a command is a function, with _ for -."""
    return {
        name: Place(f"workbench.commands.{module}:{name.replace('-', '_')}", does)
        for module, commands in modules.items()
        for name, does in commands.items()
    }
