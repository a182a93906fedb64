"""The commands for analyses, one for each in the table; each prints a finding."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

import click

from workbench.analytics import ANALYSES, Analysis
from workbench.analytics.communities import RESOLUTIONS
from workbench.analytics.disruption import MOST_REMOVED
from workbench.analytics.key_players import MOST_MISSING
from workbench.analytics.links.learning import QUESTIONS
from workbench.analytics.measures import MEASURES
from workbench.analytics.weights import TIES
from workbench.commands.console import Look, emit, reading, say
from workbench.commands.findings import Telling
from workbench.model.asked import MOST_SEED

# The click options for the parameters of analyses; defaults are those of the functions.
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "projection": {"metavar": "NAME"},
    "count_common": {"is_flag": True, "help": "Count common values like any other."},
    "seed": {"type": click.IntRange(0, MOST_SEED), "help": "Seed of a search or a sample."},
    "question": {
        "type": click.Choice(QUESTIONS),
        "help": "Which ties: nobody reported them, are behind somebody, or will come.",
    },
    "measure": {"type": click.Choice(MEASURES)},
    "resolution": {"type": click.FloatRange(*RESOLUTIONS), "help": "Above 1 for smaller groups."},
    "ties_as": {"type": click.Choice(TIES), "help": "Count each tie as one, or as what it weighs."},
    "since": {"metavar": "DAY", "help": "Keep the labels that groups had before this day."},
    "missing": {"type": click.FloatRange(0, MOST_MISSING), "help": "Share of ties or persons that may be missing."},
    "removed": {"type": click.IntRange(1, MOST_REMOVED), "help": "How many to take out at most."},
    "regrown": {"type": click.FloatRange(0, 1), "help": "Share of the ties lost that grows again."},
    "limit": {"type": click.IntRange(min=1), "help": "Number of rows to show."},
    "k": {"type": click.IntRange(1, 20), "help": "Number of paths."},
}


def _command(analysis: Analysis) -> click.Command:
    """The command for an analysis: an argument for each required parameter, an option for each other one."""

    def ask(look: Look, keep: str | None, **given: Any) -> None:
        with look.one_question(analysis.called, given) as answered:
            finding = getattr(look.case, analysis.called)(**given)
            telling = None if look.as_json else Telling(look.case.view, finding)
            answered.count = len(finding.results)
        if keep is not None:
            look.case.keep(finding, keep)
        if telling is None:
            emit(finding.told())
        else:
            telling.tell()
            if keep is not None:
                say(f"It is kept as {keep!r}: see `workbench findings`.")

    command = click.option("--keep", metavar="NAME", help="Keep the finding under this name.")(reading(ask))
    _, *parameters = signature(analysis.function).parameters.values()
    for each in reversed(parameters):
        command = _asking(each, _predicts(analysis))(command)
    return click.command(analysis.name, help=f"{analysis.does}\n\n{analysis.caution}")(command)


def _asking(parameter: Parameter, predicts: bool) -> Callable[[Any], Any]:
    """The argument or the option for a parameter; for what `predicts`, something must be missing."""
    name = parameter.name
    if parameter.default is Parameter.empty:
        return click.argument(name, metavar=name.upper())
    given = {"default": parameter.default, "show_default": name != "count_common", **_OPTIONS[name]}
    if name == "missing" and predicts:
        given["type"] = click.FloatRange(0, MOST_MISSING, min_open=True)
    flag = f"-{name}" if len(name) == 1 else f"--{name.replace('_', '-')}"
    return click.option(flag, name, **given)


def options_of(name: str) -> list[Callable[[Any], Any]]:
    """The options of an analysis, as its command has them."""
    _, *parameters = signature(ANALYSES[name].function).parameters.values()
    predicts = _predicts(ANALYSES[name])
    return [_asking(each, predicts) for each in parameters if each.default is not Parameter.empty]


def _predicts(analysis: Analysis) -> bool:
    return "question" in signature(analysis.function).parameters


COMMANDS: Mapping[str, click.Command] = {name: _command(each) for name, each in ANALYSES.items()}
