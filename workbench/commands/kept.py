"""The commands for kept findings."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from workbench.commands.console import Look, emit, reading, say, table, writing
from workbench.export.marking import marking_of
from workbench.model.visible import count

if TYPE_CHECKING:
    from workbench.analytics.compared import Comparison

_by = click.option("--by", metavar="VIEWER", help="Who kept it, if several kept one under that name.")
_SHOWN = ("name", "analysis", "by", "at", "revision", "results", "records")


class Listing(click.Group):
    """A group that lists if it is given no command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with `list` before options of a list."""
        is_list = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        return super().parse_args(ctx, ["list", *args] if is_list else args)


@click.group(cls=Listing)
def findings() -> None:
    """Kept findings: list them, show one, compute it again, or compare. Each analysis has --keep NAME."""


@findings.command("list")
@reading
def findings_list(look: Look) -> None:
    """List the kept findings that you may see, newest first."""
    kept = look.case.findings()
    shown = [[*(getattr(each, name) for name in _SHOWN), each.question] for each in kept]
    look.show({"findings": [asdict(each) for each in kept]}, lambda: table("findings", (*_SHOWN, "asked"), shown))


@findings.command("show")
@click.argument("name")
@_by
@reading
def findings_show(look: Look, name: str, by: str | None) -> None:
    """Show a kept finding exactly as it was."""
    with look.one_question("reopened", {"name": name, "by": by}) as answered:
        tell, answered.count = _telling(look, name, by)
    tell()


@findings.command("again")
@click.argument("name")
@_by
@reading
def findings_again(look: Look, name: str, by: str | None) -> None:
    """Compute a kept finding again; it must come out the same, bit for bit."""
    with look.one_question("again", {"name": name, "by": by}) as answered:
        look.case.again(name, by)
        tell, answered.count = _telling(look, name, by)
    tell()
    if not look.as_json:
        say("Computed again: it is the same, bit for bit.")


def _telling(look: Look, name: str, by: str | None) -> tuple[Callable[[], None], int]:
    """What prints a kept finding, with the names in the view on which it rests; and how many rows it has."""
    from workbench.analytics.kept import reopened
    from workbench.commands.findings import Telling

    kept, finding, view = reopened(look.case.view, name, by)
    if look.as_json:
        return lambda: emit(finding.told()), len(finding.results)
    telling = Telling(view, finding)

    def tell() -> None:
        say(f"{kept.name}: kept by {kept.by} at {kept.at}")
        telling.tell()

    return tell, len(finding.results)


@findings.command("compare")
@click.argument("name")
@click.argument("other", required=False)
@click.option("--since", metavar="DAY", help="Compare its question before this day with its question now.")
@_by
@reading
def findings_compare(look: Look, name: str, other: str | None, since: str | None, by: str | None) -> None:
    """Compare a kept finding with its question now, with another finding OTHER, or since a day."""
    from workbench.analytics.kept import captions

    with look.one_question("compare", {"name": name, "other": other, "since": since, "by": by}) as answered:
        found = look.case.compare(name, other, since, by)
        answered.count = len(found.rows_told)
        names = {} if look.as_json else captions(look.case.view, found)
        marking = marking_of(look.case.view.markings())
    look.show(found.to_dict(), lambda: _print(found, names, marking))


@findings.command("drop")
@click.argument("name")
@writing
def findings_drop(look: Look, name: str) -> None:
    """Drop one of your own findings from all lists."""
    look.case.drop_finding(name)
    look.show({"dropped": name}, lambda: say(f"{name} is dropped"))


def _print(found: "Comparison", names: Mapping[str, str], marking: str) -> None:
    from workbench.analytics import ANALYSES

    before, after = found.revisions
    say(marking)
    say(f"{found.analysis}: from revision {before} to {after}")
    say(ANALYSES[found.analysis].caution)
    say("; ".join(f"{count(n, 'row')} {how}" for how, n in found.counts.items()))
    for title, pairs in (("What was asked", found.asked), ("What was measured", found.measured)):
        if pairs:
            table(title, ("", "before", "after"), [(name.replace("_", " "), *pair) for name, pair in pairs.items()])
    rows = list(found.lines(names))
    if rows:
        table("What changed", tuple(rows[0]), [row.values() for row in rows])
