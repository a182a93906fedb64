"""Generate a scenario of any size: the plot, then as much background as needed."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from workbench.errors import UsageError
from workbench.scenario.background.network import Shared, plan
from workbench.scenario.background.shape import Structure, shape_of
from workbench.scenario.background.telling import fill, tell
from workbench.scenario.files import DATASETS, Folder, loads
from workbench.scenario.numbers import Numbers
from workbench.scenario.offices.kition import Kition
from workbench.scenario.offices.noordkust import Noordkust
from workbench.scenario.offices.office import Opener
from workbench.scenario.offices.rif import Rif
from workbench.scenario.offices.trakia import Trakia
from workbench.scenario.plot import play
from workbench.scenario.saying import Ledger, Listener, Saying, Tally
from workbench.scenario.stage import Cast, Size, Stage, between_sizes
from workbench.scenario.truth.case import Case
from workbench.scenario.truth.checks import broken
from workbench.scenario.truth.write import truth_of

LEAST, MOST = 200, 10_000_000
# Saltmarsh as `sample_data/` holds it: the whole plot and nothing else.
SALTMARSH_RECORDS, SALTMARSH_SEED = 953, 7

_STEPS = 20


@dataclass(frozen=True, slots=True)
class Generated:
    """The result: its folder, truth file, order of loads, and the number of records that stand after them."""

    folder: Path
    truth: Path
    loads: Path
    records: int


def generate(records: int, seed: int, out: Path, structure: Structure = "communities") -> Generated:
    """Generate a scenario of exactly `records` records in a new or empty folder.

    The same number, seed and structure make the same bytes. Without structure ("none") the background has the same
    people and things and as many ties of each kind, but who is at their ends is drawn from all alike. UsageError if the
    number is outside 200 to 10 million, the folder is not empty, or the seed makes a plot whose truths do not hold.
    """
    if not LEAST <= records <= MOST:
        raise UsageError(f"{records} records: give a number from {LEAST} to {MOST}", "records")
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty: name a new folder", "out")
    case = rehearse(records, seed, structure)
    wrong = broken(case, truth_of(case, Tally(), seed))
    if wrong:
        said = f"seed {seed} makes no plot of {records} records: {'; '.join(wrong)}. Try another seed"
        raise UsageError(said, "seed")
    out.mkdir(parents=True, exist_ok=True)
    truth = truth_of(case, _perform(case, records, seed, Folder(out)), seed)
    (out / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return Generated(out, out / "truth.json", out / "loads.toml", truth["counts"]["records"])


def rehearse(records: int, seed: int, structure: Structure = "communities") -> Case:
    """Play the largest plot with at most this many records, without writing it, and plan its background."""
    for step in range(_STEPS, -1, -1):
        ledger, numbers = Ledger(), Numbers(seed)
        size = between_sizes(step / _STEPS)
        with _staged(seed, numbers, size, lambda agency, name: io.StringIO(), ledger) as stage:
            play(stage)
            case = Case(stage, ledger)
            rest = records - len(case.final)
            if rest >= 0:
                return replace(case, background=plan(rest, seed, shape_of(seed, structure), _shared(stage.cast)))
    raise UsageError(f"no plot has as few records as {records}", "records")


def _shared(cast: Cast) -> Shared:
    return Shared("dispatcher" in cast.phones, "exchange" in cast.accounts, "agent-address" in cast.addresses)


def _perform(case: Case, records: int, seed: int, folder: Folder) -> Tally:
    """Play the plot again, and write it and its background; returns the counts of the background."""
    numbers, tally = Numbers(seed), Tally()
    with (
        _register(folder.root / "who.csv") as register,
        _staged(seed, numbers, case.stage.size, folder.open, register) as stage,
    ):
        play(stage)
        register.listener = tally
        if case.background:
            tell(stage, numbers, case.background, tally.forget)
        else:
            fill(stage, records - len(case.final))
    folder.put_manifests()
    if case.misread:
        folder.correct(case.misread[0].line)
    folder.put_loads(loads(bool(case.misread)))
    return tally


@contextmanager
def _staged(seed: int, numbers: Numbers, size: Size, opener: Opener, listener: Listener) -> Iterator[Stage]:
    """A stage whose agencies' files are closed at the end."""
    nkp, trc = Noordkust(opener, listener), Trakia(opener, listener)
    kfiu, rjp = Kition(opener, listener), Rif(opener, listener)
    try:
        yield Stage(Cast(seed, numbers), size, nkp, trc, kfiu, rjp)
    finally:
        for office in (nkp, trc, kfiu, rjp):
            office.close()


class _Register:
    """Writes who is who while somebody else listens."""

    def __init__(self, file: TextIO) -> None:
        self.listener: Listener = Ledger()
        self._rows = csv.writer(file, lineterminator="\n")
        self._rows.writerow(("agency", "dataset", "source_id", "entity", "kind"))

    def said(self, record: Saying) -> None:
        self.listener.said(record)

    def described(self, agency: str, source: str, key: str, kind: str) -> None:
        self._rows.writerow((agency, DATASETS[agency], source, key, kind))
        self.listener.described(agency, source, key, kind)


@contextmanager
def _register(path: Path) -> Iterator[_Register]:
    with path.open("w", encoding="utf-8", newline="") as file:
        yield _Register(file)
