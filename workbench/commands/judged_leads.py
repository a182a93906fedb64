"""The commands for verdicts on leads."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from workbench.commands.analyses import options_of
from workbench.commands.console import Look, reading, say, writing
from workbench.commands.kept import Listing
from workbench.commands.verdicts import verdict_rows, verdict_table


@click.group(cls=Listing)
def leads() -> None:
    """Verdicts on leads: list them, or accept, reject or park a lead. `predict` finds leads, `lead` shows one."""


@leads.command("list")
@reading
def leads_list(look: Look) -> None:
    """List the newest verdict of each person on each lead whose records you see, newest first."""
    with look.one_question("judged_leads", {}) as answered:
        found = look.case.judged_leads()
        answered.count = len(found)
        rows = [] if look.as_json else verdict_rows(look.case.view, found)
    look.show({"judged_leads": [each.to_dict() for each in found]}, lambda: verdict_table("judged leads", rows))


def _verdict(name: str, verdict: str, does: str) -> None:
    """Add the command that gives a verdict."""

    def judge(look: Look, a: str, b: str, why: str, **asked: Any) -> None:
        made = look.case.judge_lead(a, b, verdict, why, **asked)
        look.show(made.to_dict(), lambda: say(f"{made.verdict} by {made.by}, on {len(made.evidence)} records"))

    command = writing(judge)
    for each in reversed(_arguments()):
        command = each(command)
    leads.command(name, help=f"{does}\n\nThe options are those of the `predict` that gave the lead.")(command)


def _arguments() -> Sequence[Callable[..., Any]]:
    ends = [click.argument(end, metavar="ID") for end in ("a", "b")]
    return (*ends, click.option("--reason", "why", required=True), *options_of("lead"))


_verdict("accept", "accepted", "Accept a lead: it becomes an assessment of yours, which no analysis reads.")
_verdict("reject", "rejected", "Reject a lead: it is told beside later predictions.")
_verdict("park", "parked", "Park a lead: nobody says yet whether it is true.")
