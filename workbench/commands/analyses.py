"""The commands for analyses, one for each in the table; each prints a finding."""

from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

import click

from workbench.analytics import ANALYSES, Analysis
from workbench.commands.console import Look, emit, reading, say
from workbench.model.asked import MOST_SEED


def _choice(module: str, name: str) -> click.Choice[str]:
    return click.Choice(getattr(import_module(f"workbench.analytics.{module}"), name))


def _missing(least_open: bool) -> click.FloatRange:
    from workbench.analytics.key_players import MOST_MISSING

    return click.FloatRange(0, MOST_MISSING, min_open=least_open)


def _options(name: str, predicts: bool) -> Mapping[str, Any]:
    """What click is told of a parameter of analyses; defaults are those of the functions.

    What it may be stands in modules that are large, so they are imported for the analyses that ask for it alone.
    """
    match name:
        case "projection":
            return {"metavar": "NAME"}
        case "count_common":
            return {"is_flag": True, "help": "Count common values like any other."}
        case "seed":
            return {"type": click.IntRange(0, MOST_SEED), "help": "Seed of a search or a sample."}
        case "question":
            which = "Which ties: nobody reported them, are behind somebody, or will come."
            return {"type": _choice("links.learning", "QUESTIONS"), "help": which}
        case "measure":
            return {"type": _choice("measures", "MEASURES")}
        case "resolution":
            from workbench.analytics.communities import RESOLUTIONS

            return {"type": click.FloatRange(*RESOLUTIONS), "help": "Above 1 for smaller groups."}
        case "ties_as":
            return {"type": _choice("weights", "TIES"), "help": "Count each tie as one, or as what it weighs."}
        case "since":
            return {"metavar": "DAY", "help": "Keep the labels that groups had before this day."}
        case "missing":  # for what predicts, something must be missing
            return {"type": _missing(predicts), "help": "Share of ties or persons that may be missing."}
        case "removed":
            from workbench.analytics.disruption import MOST_REMOVED

            return {"type": click.IntRange(1, MOST_REMOVED), "help": "How many to take out at most."}
        case "regrown":
            return {"type": click.FloatRange(0, 1), "help": "Share of the ties lost that grows again."}
        case "limit":
            return {"type": click.IntRange(min=1), "help": "Number of rows to show."}
        case "k":
            return {"type": click.IntRange(1, 20), "help": "Number of paths."}
    raise KeyError(name)


def _command(analysis: Analysis) -> click.Command:
    """The command for an analysis: an argument for each required parameter, an option for each other one."""

    def ask(look: Look, keep: str | None, **given: Any) -> None:
        with look.one_question(analysis.called, given) as answered:
            finding = getattr(look.case, analysis.called)(**given)
            telling = None if look.as_json else _telling(look, finding)
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


def _telling(look: Look, finding: Any) -> Any:
    from workbench.commands.findings import Telling  # imported here: help tells nothing

    return Telling(look.case.view, finding)


def _asking(parameter: Parameter, predicts: bool) -> Callable[[Any], Any]:
    """The argument or the option for a parameter."""
    name = parameter.name
    if parameter.default is Parameter.empty:
        return click.argument(name, metavar=name.upper())
    given = {"default": parameter.default, "show_default": name != "count_common", **_options(name, predicts)}
    flag = f"-{name}" if len(name) == 1 else f"--{name.replace('_', '-')}"
    return click.option(flag, name, **given)


def options_of(name: str) -> list[Callable[[Any], Any]]:
    """The options of an analysis, as its command has them."""
    _, *parameters = signature(ANALYSES[name].function).parameters.values()
    predicts = _predicts(ANALYSES[name])
    return [_asking(each, predicts) for each in parameters if each.default is not Parameter.empty]


def _predicts(analysis: Analysis) -> bool:
    return "question" in signature(analysis.function).parameters


def __getattr__(name: str) -> click.Command:
    """The command for an analysis, by the name of its function: made on first use, as that imports the analysis."""
    found = ANALYSES.get(name.replace("_", "-"))
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _command(found)
