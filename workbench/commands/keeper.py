"""Keep the report of a run, and its metrics, in files while it runs: what is killed leaves a report too."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest.metrics import figures_of, write_metrics
from ingest.run_files import free_name, write_report
from ingest.run_report import RunReport, name_of_run
from workbench.commands.console import told_of, warn
from workbench.errors import OutputError, UsageError


@dataclass(slots=True)
class Keeper:
    """Keeps the report of a run in a folder, and its metrics in a file, where these are given."""

    run: RunReport
    folder: Path | None
    metrics: Path | None
    _name: str = field(default="", init=False)
    _warned: bool = field(default=False, init=False)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep report and metrics of what is run inside, however that ends.

        OutputError if it ended well, and they can't be written.
        """
        try:
            yield
        except BaseException as error:
            self.run.end(told_of(error))
            self.keep(ended=True)
            raise
        self.run.end()
        why = self._written(ended=True)
        if why:
            raise OutputError(f"{why}; the loads are kept")

    def keep(self, *, ended: bool = False) -> None:
        """Write the report as it is now; metrics too if the run has ended. Warns once if that can't be done."""
        why = self._written(ended)
        if why and not self._warned:
            self._warned = True
            warn(f"{why}; the loads go on" if not ended else why)

    def _written(self, ended: bool) -> str:
        """Write what is to be written; returns why it can't be, or ""."""
        try:
            told = self.run.to_dict()
            if self.folder is not None:
                self._name = self._name or free_name(self.folder, name_of_run(Path(self.run.batch), self.run.started))
                write_report(told, self.folder, self._name)
            if self.metrics is not None and ended:
                write_metrics(figures_of(told), self.metrics)
        except (OSError, UsageError) as error:
            return error.message if isinstance(error, UsageError) else f"no report can be written: {error}"
        return ""


__all__ = ["Keeper"]
