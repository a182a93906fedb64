"""The commands that ask for an analysis; each prints a finding."""

from typing import Any

import click

from workbench import analytics
from workbench.analytics.finding import Finding
from workbench.commands.console import Look, reading
from workbench.commands.findings import Telling

_MOST_SEED = 2**31 - 1


def _finding(look: Look, finding: Finding) -> None:
    look.show(finding.to_dict(), lambda: Telling(look.view, finding).tell())


def _analysis(command: Any) -> Any:
    command = click.option("--count-common", is_flag=True, help="Count common values like any other.")(command)
    return click.option("--projection", default="persons", show_default=True, metavar="NAME")(command)


@click.command()
@_analysis
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, _MOST_SEED))
@reading
def communities(look: Look, projection: str, count_common: bool, seed: int) -> None:
    """Find communities by modularity."""
    _finding(look, analytics.communities(look.view, projection=projection, count_common=count_common, seed=seed))


@click.command("key-players")
@_analysis
@click.option("--measure", default="betweenness", show_default=True, type=click.Choice(("betweenness", "degree")))
@reading
def key_players(look: Look, projection: str, count_common: bool, measure: str) -> None:
    """Rank positions by betweenness or degree: of recorded ties, never of guilt."""
    found = analytics.key_players(look.view, projection=projection, measure=measure, count_common=count_common)
    _finding(look, found)


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--projection", default="all", show_default=True, metavar="NAME")
@click.option("--count-common", is_flag=True, help="Count common values like any other.")
@click.option("-k", default=3, show_default=True, type=click.IntRange(1, 20), help="How many paths.")
@reading
def paths(look: Look, a: str, b: str, projection: str, count_common: bool, k: int) -> None:
    """Find the shortest paths between two entities, with the records of each step."""
    _finding(look, analytics.paths(look.view, a, b, projection=projection, count_common=count_common, k=k))


@click.command()
@_analysis
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@reading
def predict(look: Look, projection: str, count_common: bool, limit: int) -> None:
    """Suggest relationships that may be missing: uncalibrated leads, never facts."""
    _finding(look, analytics.predict(look.view, projection=projection, count_common=count_common, limit=limit))


@click.command("joint-value")
@_analysis
@reading
def joint_value(look: Look, projection: str, count_common: bool) -> None:
    """Report what only the union of agencies shows, and which of them suffice."""
    _finding(look, analytics.joint_value(look.view, projection=projection, count_common=count_common))


ANALYSES = (communities, key_players, paths, predict, joint_value)
