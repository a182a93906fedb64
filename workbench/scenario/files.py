"""The folder of a scenario: agencies' files in their encodings, manifests, and the order of loads."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from workbench.scenario.offices.kition import Kition
from workbench.scenario.offices.noordkust import Noordkust
from workbench.scenario.offices.office import Office
from workbench.scenario.offices.rif import Rif
from workbench.scenario.offices.trakia import PLATE_READS, Trakia

MANIFESTS = Path(__file__).parent / "manifests"
MANIFEST = "manifest.toml"
CORRECTED = "plate_reads_2026-04-12.csv"
CORRECTION_DAY = date(2026, 4, 12)
DATASETS = {"KFIU": "transactions", "NKP": "exploitation", "RJP": "recruitment", "TRC": "border"}

_ENCODINGS = {"TRC": "windows-1251"}
_OFFICES: tuple[type[Office], ...] = (Trakia, Noordkust, Kition, Rif)
_DELIVERED = {"TRC": date(2026, 4, 10), "NKP": date(2026, 5, 1), "KFIU": date(2026, 5, 4), "RJP": date(2026, 5, 5)}


@dataclass(frozen=True, slots=True)
class Load:
    """One load: its agency, files, and day of delivery."""

    agency: str
    files: tuple[str, ...]
    delivered: date


class Folder:
    """The folder that a scenario is written to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open(self, agency: str, name: str) -> TextIO:
        """A new file of an agency, in its encoding."""
        folder = self.root / agency
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / name).open("w", encoding=encoding_of(agency), newline="")

    def put_manifests(self) -> None:
        """Lay each agency's manifest beside its files."""
        for agency in DATASETS:
            shutil.copyfile(MANIFESTS / f"{agency}.toml", self.root / agency / MANIFEST)

    def correct(self, line: int) -> None:
        """Write the customs' plate reads again, whole, without the row on a line."""
        source, target = self.root / "TRC" / PLATE_READS, self.root / "TRC" / CORRECTED
        with source.open("rb") as old, target.open("wb") as new:
            new.writelines(text for number, text in enumerate(old, 1) if number != line)

    def put_loads(self, loads: Iterable[Load]) -> None:
        """Write the order of loads."""
        text = "# The order in which these deliveries are loaded; the correction reached the joint team last.\n"
        (self.root / "loads.toml").write_text(text + "".join(map(_as_toml, loads)), "utf-8")


def encoding_of(agency: str) -> str:
    """The encoding of an agency's files."""
    return _ENCODINGS.get(agency, "utf-8")


def loads(corrected: bool) -> list[Load]:
    """The loads of a scenario, in order."""
    found = [
        Load(office.code, tuple(sheet.name for sheet in office.sheets), _DELIVERED[office.code]) for office in _OFFICES
    ]
    return [*found, Load("TRC", (CORRECTED,), CORRECTION_DAY)] if corrected else found


def _as_toml(load: Load) -> str:
    files = "".join(f'    "{load.agency}/{name}",\n' for name in load.files)
    return (
        f'\n[[loads]]\nagency = "{load.agency}"\ndataset = "{DATASETS[load.agency]}"\nadapter = "csv"\n'
        f'manifest = "{load.agency}/{MANIFEST}"\ndelivered = {load.delivered.isoformat()}\nfiles = [\n{files}]\n'
    )
