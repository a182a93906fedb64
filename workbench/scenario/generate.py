"""Making a scenario of any size: the plot, then as much background as is asked for."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from workbench.scenario.files import DATASETS, Folder, loads
from workbench.scenario.numbers import Numbers
from workbench.scenario.offices.kition import Kition
from workbench.scenario.offices.noordkust import Noordkust
from workbench.scenario.offices.office import Opener
from workbench.scenario.offices.rif import Rif
from workbench.scenario.offices.trakia import Trakia
from workbench.scenario.plot import play
from workbench.scenario.saying import Ledger
from workbench.scenario.stage import SALTMARSH, Cast, Size, Stage


@dataclass(frozen=True, slots=True)
class Generated:
    """What was made, and where."""

    folder: Path
    truth: Path
    loads: Path
    records: int


def generate(records: int, seed: int, out: Path) -> Generated:
    """Make a scenario of so many records in a folder; the same seed makes the same bytes."""
    folder = Folder(out)
    ledger = Ledger()
    stage = _staged(seed, SALTMARSH, folder.open, ledger)
    play(stage)
    for office in (stage.nkp, stage.trc, stage.kfiu, stage.rjp):
        office.close()
    misread = next((said for said in ledger.records if said.fills("companion")), None)
    folder.put_manifests()
    if misread:
        folder.correct(misread.line)
    folder.put_loads(loads(misread is not None))
    with (out / "who.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("agency", "dataset", "source_id", "entity", "kind"))
        for (agency, source), key in ledger.who.items():
            rows.writerow((agency, DATASETS[agency], source, key, ledger.kinds[key]))
    (out / "truth.json").write_text(json.dumps({"seed": seed}), "utf-8")
    return Generated(out, out / "truth.json", out / "loads.toml", len(ledger.records))


def _staged(seed: int, size: Size, opener: Opener, ledger: Ledger) -> Stage:
    offices = (Noordkust(opener, ledger), Trakia(opener, ledger), Kition(opener, ledger), Rif(opener, ledger))
    return Stage(Cast(seed, Numbers(seed)), size, *offices)
