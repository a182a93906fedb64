"""The commands for common values."""

from dataclasses import asdict

import click

from workbench.commands.console import Look, reading, say, table, writing


@click.group()
def common() -> None:
    """Common values: so widely shared that they join nobody and carry no tie."""


@common.command("list")
@reading
def common_list(look: Look) -> None:
    """List common values: those set aside in this view, and those that people listed."""
    with look.one_question("common_values", {}) as answered:
        lists = {
            "common": [asdict(each) for each in look.case.common_values()],
            "listed": [asdict(each) for each in look.case.listed_common()],
        }
        answered.count = sum(map(len, lists.values()))

    def text() -> None:
        for name, rows in lists.items():
            table(name, tuple(rows[0]) if rows else ("none",), [row.values() for row in rows])

    look.show(lists, text)


@common.command("add")
@click.argument("kind")
@click.argument("value")
@click.option("--reason", "why", required=True)
@click.option(
    "--marking", metavar="M", help="Marking of the entry. Default: SECRET or your own level, your agency only."
)
@click.option("--agency", metavar="A", help="The agency that lists it, if you act for several.")
@writing
def common_add(look: Look, kind: str, value: str, why: str, marking: str | None, agency: str | None) -> None:
    """List a value of a kind (address, phone, account ...) as common."""
    entry = look.case.add_common(kind, value, why, marking, agency)
    look.show(entry, lambda: say(f"{entry.kind} {entry.value} is listed as common"))


@common.command("remove")
@click.argument("kind")
@click.argument("value")
@writing
def common_remove(look: Look, kind: str, value: str) -> None:
    """Take a value off the list of common values."""
    entry = look.case.remove_common(kind, value)
    look.show(entry, lambda: say(f"{entry.kind} {entry.value} is no longer listed"))
