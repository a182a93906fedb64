"""Metrics of runs in the text format of Prometheus, for node_exporter's textfile collector."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.run_report import COUNTS, DONE, FAILED, NOT_RUN
from workbench.export.writing import whole, write_lines

_PREFIX = "workbench_ingest_run"
_READABLE = 0o644  # by the account of the exporter: it has counts and names of datasets, and no content
_OF_UNITS = [each for each in COUNTS if each not in ("read", "refused")]
_BY_FILE = "(by file)"  # the dataset of loads whose files' names name one
_SIGNS = {"\\": r"\\", '"': r"\"", "\n": r"\n"}

Sample = tuple[Mapping[str, str], float]


@dataclass(slots=True)
class Figures:
    """What metrics tell: of one run, or of all runs of a watch since it was started."""

    batch: str
    ended: float = 0.0  # in seconds since 1970
    succeeded: bool = True
    clean: bool = True
    seconds: float = 0.0
    loads: Counter[str] = field(default_factory=Counter)
    units: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)  # by agency and dataset

    def add(self, run: Mapping[str, Any]) -> None:
        """Count a run, as of `RunReport.to_dict`; of what was not done, refused files alone."""
        self.ended = datetime.fromisoformat(run["ended"] or run["started"]).timestamp()
        self.succeeded &= run["succeeded"]
        self.clean &= run["clean"]
        self.seconds += run["seconds"]
        for load in run["loads"]:
            self.loads[load["outcome"]] += 1
            if load["outcome"] == DONE:
                units = self.units.setdefault((load["agency"], load["dataset"] or _BY_FILE), Counter())
                units.update({name: sum(file[name] for file in load["files"]) for name in COUNTS})
            elif refused := sum(file["refused"] for file in load["files"]):
                self.units.setdefault((load["agency"], load["dataset"] or _BY_FILE), Counter())["refused"] += refused

    def lines(self) -> Iterator[str]:
        """The metrics, line by line."""
        batch = {"batch": self.batch}
        yield from _gauge("timestamp_seconds", "When the newest run ended.", [(batch, self.ended)])
        yield from _gauge("success", "1 if every load was run and none failed.", [(batch, self.succeeded)])
        yield from _gauge("clean", "1 if also nothing was quarantined, refused or unforeseen.", [(batch, self.clean)])
        yield from _gauge("duration_seconds", "How long the run took.", [(batch, self.seconds)])
        loads = [({**batch, "outcome": name}, self.loads[name]) for name in (DONE, FAILED, NOT_RUN)]
        yield from _gauge("loads", "Loads by outcome.", loads)
        units = [({**said, "outcome": name}, n[name]) for said, n in self._by_dataset() for name in _OF_UNITS]
        yield from _gauge("units", "Units of the loads that were done, by outcome.", units)
        refused = [(said, n["refused"]) for said, n in self._by_dataset()]  # a refused file counts as one unit
        yield from _gauge("files_refused", "Files of which nothing was loaded.", refused)

    def _by_dataset(self) -> Iterator[tuple[dict[str, str], Counter[str]]]:
        for (agency, dataset), units in sorted(self.units.items()):
            yield {"batch": self.batch, "agency": agency, "dataset": dataset}, units


def write_metrics(figures: Figures, out: Path) -> None:
    """Write metrics to a file, which is replaced as a whole; UsageError if it can't be written."""
    with whole(out) as path:
        write_lines(figures.lines(), path)
        path.chmod(_READABLE)


def figures_of(run: Mapping[str, Any]) -> Figures:
    """The figures of one run, as of `RunReport.to_dict`."""
    figures = Figures(Path(run["batch"]).stem)
    figures.add(run)
    return figures


def _gauge(name: str, about: str, samples: Sequence[Sample]) -> Iterator[str]:
    """A metric with what it is about; nothing if it has no samples."""
    if samples:
        yield f"# HELP {_PREFIX}_{name} {about}"
        yield f"# TYPE {_PREFIX}_{name} gauge"
    for said, value in samples:
        labels = ",".join(f'{label}="{_escaped(text)}"' for label, text in said.items())
        yield f"{_PREFIX}_{name}{{{labels}}} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _escaped(text: str) -> str:
    """A label's value as the format wants it."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r'[\\"\n]', lambda sign: _SIGNS[sign[0]], clean)


__all__ = ["Figures", "figures_of", "write_metrics"]
