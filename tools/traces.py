"""List every answer and write, with the trace that it leaves in the audit sink.

    python -m tools.traces

Each is asked once of a small store. A line has its name, and of its trace what was asked, the names of the arguments
kept, and the number of results, `?` if it was not known yet. Some pages ask several questions.
"""

from collections.abc import Iterator

import click

from tests.laws.seeded import seeded
from tests.laws.stages import Stage, played
from tests.laws.test_traces import ASKED, SILENT, traces_of
from tests.laws.walk import Question
from workbench.access.audit import Trace


@click.command(help=__doc__)
def main() -> None:
    """Ask everything, and print the list."""
    case = seeded()[0]
    with played(case.steps, case.viewer, case.purpose) as stage:
        for question in ASKED:
            for line in _lines(question, stage):
                click.echo(line)
    for name, reason in SILENT.items():
        click.echo(f"{name}: leaves no trace: {reason}")


def _lines(question: Question, stage: Stage) -> Iterator[str]:
    if question.writes:
        with stage.copied() as copy:
            traces, _ = traces_of(question, copy)
    else:
        traces, _ = traces_of(question, stage)
    yield from dict.fromkeys(f"{question.name}: {_told(each)}" for each in traces)


def _told(trace: Trace) -> str:
    results = "?" if trace.answered is None else str(trace.answered)
    refused = f", refused by {trace.refused}" if trace.refused else ""
    return f"{trace.what}({', '.join(trace.asked)}) by {trace.viewer} for {trace.purpose}, results {results}{refused}"


if __name__ == "__main__":
    main()
