"""The commands that list loads, and take one back."""

from dataclasses import asdict
from typing import Any

import click

from workbench.commands.console import Look, reading, say, table, writing
from workbench.store.types import LoadEntry, Withdrawn

# What a load counts of its units, in the order in which it is told.
COUNTS = ("read", "accepted", "unchanged", "late", "left", "quarantined", "refused")


@click.command()
@reading
def loads(look: Look) -> None:
    """List the loads of your agencies, oldest first, with their ids and withdrawals."""
    rows = [_of_log(each) for each in look.case.loads()]
    names = ("id", "agency", "dataset", "delivered", "at", "by", "revision")
    shown = [(*(row[name] for name in names), _counted(row), _ended(row["withdrawn"])) for row in rows]
    look.show({"loads": rows}, lambda: table("loads", (*names, "units", "withdrawn"), shown))


def _of_log(entry: LoadEntry) -> dict[str, Any]:
    names = ("id", "agency", "dataset", "adapter", "delivered", "at", "by", "revision")
    counts = {name: sum(getattr(each, name) for each in entry.files) for name in COUNTS}
    withdrawn = asdict(entry.withdrawn) if entry.withdrawn else None
    reasons = [reason for each in entry.files for reason in sorted(each.reasons)]
    return {**{name: getattr(entry, name) for name in names}, **counts, "reasons": reasons, "withdrawn": withdrawn}


def _counted(row: dict[str, Any]) -> str:
    return ", ".join(f"{row[name]} {name}" for name in COUNTS if row[name])


def _ended(withdrawn: dict[str, str] | None) -> str:
    return f"{withdrawn['at']} by {withdrawn['by']}: {withdrawn['why']}" if withdrawn else ""


@click.command()
@click.argument("load", metavar="LOAD")
@click.option("--reason", "why", metavar="R", required=True, help="The reason, for the log of loads.")
@writing
def withdraw(look: Look, load: str, why: str) -> None:
    """Withdraw a load by its id (see `ingest loads`), as if it had never been."""
    done = look.case.withdraw(load, why)
    look.show(asdict(done), lambda: say(_taken_back(done)))


def _taken_back(done: Withdrawn) -> str:
    lost = f"; {done.units} units that it took out of quarantine stay out" if done.units else ""
    changed = f"{done.ended} records ended, {done.restored} stand again, {done.remarked} were re-marked"
    return f"load {done.load} was withdrawn, revision {done.revision or 'none'}: {changed}{lost}"
