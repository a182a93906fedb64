"""The stores that are measured: an invented case of each size, loaded once and kept."""

import json
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.scale.processes import Place, Ran
from benchmarks.scale.programs import VIEWER, Programs
from workbench.model.ids import entity_id

_DATASET = "measure"
LONERS = ("loner-1", "loner-2")
# What is not a cache that the programs left beside the store.
_OF_STORE = {"case.db", "case.db-wal", "case.db-shm", "case.db.writer", "viewers.toml", "note.json"}
_DONE_OR_TOLD = (0, 1)  # a load may have something to tell


@dataclass(frozen=True)
class Made:
    """A store in a folder of its own, which is also the home of the programs that ask it."""

    folder: Path
    programs: Programs
    most: float

    @property
    def url(self) -> str:
        """The store's URL."""
        return f"sqlite:///{self.file}"

    @property
    def file(self) -> Path:
        """The store's file."""
        return self.folder / "case.db"

    @property
    def place(self) -> Place:
        """Where programs run that ask it."""
        return Place(self.folder, self.most)

    @cached_property
    def note(self) -> Mapping[str, Any]:
        """What was noted when it was made: commit, records, seed, seconds and memory of the load."""
        noted: dict[str, Any] = json.loads((self.folder / "note.json").read_text("utf-8"))
        return noted

    @property
    def agency(self) -> str:
        """The first agency of the case."""
        return str(self.note["agencies"][0])

    @property
    def loners(self) -> tuple[str, str]:
        """Two persons without any tie."""
        one, other = (entity_id(self.agency, _DATASET, each) for each in LONERS)
        return one, other

    def ask(self, *words: str) -> Ran:
        """Run a command of `workbench` that asks this store."""
        return self.place.run(self.programs.reading(self.url, words))

    def cache(self) -> list[Path]:
        """What programs left beside the store and in their home."""
        return sorted(each for each in self.folder.iterdir() if each.name not in _OF_STORE)

    def drop_cache(self) -> None:
        """Remove what programs left beside the store."""
        for each in self.cache():
            if each.is_dir():
                shutil.rmtree(each)
            else:
                each.unlink()

    def copied(self, folder: Path) -> "Made":
        """A copy, in a new folder."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Made(folder, self.programs, self.most)


@dataclass(frozen=True)
class Shelf:
    """The folder of cases and stores, which are kept between runs."""

    data: Path
    seed: int
    most: float

    def case(self, records: int, seed: int | None = None) -> Path:
        """The folder of an invented case, generated if it is not there."""
        seed = self.seed if seed is None else seed
        folder = self.data / f"case-{records}-{seed}"
        if not folder.exists():
            making = _emptied(folder.with_name(f"{folder.name}-unfinished"))
            command = Programs.here().workbench("scenario", "--records", str(records), "--seed", str(seed))
            Place(self.data, self.most).run([*command, "--out", str(making)])
            making.rename(folder)
        return folder

    def store(self, records: int, programs: Programs, name: str = "store") -> Made:
        """The store of a case, loaded by a checkout's programs if it is not there."""
        folder = self.data / f"{name}-{records}-{self.seed}"
        if not folder.exists():
            making = Made(_emptied(folder.with_name(f"{folder.name}-unfinished")), programs, self.most)
            making.folder.mkdir()
            self._load(making, records)
            making.folder.rename(folder)
        return Made(folder, programs, self.most)

    def _load(self, made: Made, records: int) -> None:
        case = self.case(records)
        took = load(made, case / "loads.toml").cost
        agencies = agencies_of(case)
        _load_loners(made, agencies[0])
        made.drop_cache()
        (made.folder / "viewers.toml").write_text(_viewers(agencies), "utf-8")
        noted = {"commit": made.programs.commit, "records": records, "seed": self.seed, "agencies": agencies}
        noted |= {
            "made": datetime.now(UTC).date().isoformat(),
            "load_s": round(took.wall, 1),
            "load_cpu_s": round(took.cpu, 1),
            "load_mb": round(took.peak_mb),
        }
        (made.folder / "note.json").write_text(json.dumps(noted, indent=1), "utf-8")


def load(made: Made, batch: Path) -> Ran:
    """Load a batch of files into a store that has no viewers file."""
    return made.place.run(made.programs.ingest("batch", str(batch), "--store", made.url, "--json"), _DONE_OR_TOLD)


def load_more(made: Made, batch: Path) -> Ran:
    """Load a batch of files into a store that has a viewers file, which is laid aside meanwhile."""
    viewers, aside = made.folder / "viewers.toml", made.folder / "note.json.viewers"
    viewers.rename(aside)
    try:
        return load(made, batch)
    finally:
        aside.rename(viewers)


def as_other_datasets(case: Path, suffix: str) -> Path:
    """A batch file that loads a case's files as other datasets, so that none of their records is known."""
    batch = case / f"loads-{suffix}.toml"
    tables = tomllib.loads((case / "loads.toml").read_text("utf-8"))["loads"]
    text = "".join(_table({**each, "dataset": f"{each['dataset']}-{suffix}"}) for each in tables)
    batch.write_text(text, "utf-8")
    return batch


def agencies_of(case: Path) -> Sequence[str]:
    """The agencies of a case, in order."""
    return sorted({each["agency"] for each in tomllib.loads((case / "loads.toml").read_text("utf-8"))["loads"]})


def _table(load: Mapping[str, Any]) -> str:
    values = (
        (name, value.isoformat() if isinstance(value, date) else json.dumps(value)) for name, value in load.items()
    )
    return "[[loads]]\n" + "".join(f"{name} = {value}\n" for name, value in values) + "\n"


def _load_loners(made: Made, agency: str) -> None:
    """Add the two persons without ties: questions about them show what a process takes to start and to answer."""
    file = made.folder / "loners.json"
    persons = ({"id": each, "schema": "Person", "properties": {"name": [each]}} for each in LONERS)
    file.write_text("".join(json.dumps(each) + "\n" for each in persons), "utf-8")
    words = ["load", str(file), "--adapter", "ftm", "--agency", agency, "--dataset", _DATASET]
    made.place.run(made.programs.ingest(*words, "--delivered", "2026-01-01", "--store", made.url), _DONE_OR_TOLD)
    file.unlink()


def _viewers(agencies: Sequence[str]) -> str:
    return f'[{VIEWER}]\nagencies = {json.dumps(agencies)}\nlevel = "SECRET"\n'


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder
