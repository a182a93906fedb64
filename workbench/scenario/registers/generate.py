"""Generate registers of persons and companies that five agencies keep, with noise, and their truth."""

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO, TypeVar

from workbench.errors import UsageError
from workbench.scenario.numbers import shuffled
from workbench.scenario.registers.agencies import COMPANIES, PERSONS, Agency, Fields, agencies
from workbench.scenario.registers.dice import Dice
from workbench.scenario.registers.firms import Firm, firms, say_firm
from workbench.scenario.registers.people import Citizen, People
from workbench.scenario.registers.saying import Noise, say

LEAST, MOST = 200, 2_000_000
DATASET, MANIFEST = "register", "manifest.toml"
MANIFESTS = Path(__file__).parent / "manifests"
# For so many records of persons there is one of a company.
PERSONS_TO_A_COMPANY = 20

# How many of a hundred people, or companies, have so many records, in all agencies together.
_RECORDS = {1: 38.0, 2: 24.0, 3: 16.0, 4: 11.0, 5: 7.0, 6: 4.0}
# Of records: at the agency of the country where somebody lives, of his own, or at any.
_LIVES, _CITIZEN, _ANYWHERE = "lives", "citizen", "anywhere"
_WHERE = {_LIVES: 0.7, _CITIZEN: 0.08, _ANYWHERE: 0.22}
_ANY = {"NKP": 0.34, "HZF": 0.3, "RJP": 0.2, "TRC": 0.09, "KFIU": 0.07}
_HEAD = "# The order in which these registers are loaded.\n"

Subject = TypeVar("Subject", bound=Citizen | Firm)


@dataclass(frozen=True, slots=True)
class Registers:
    """The result: its folder, the order of loads, who is who, what was said how, and how many records of each kind."""

    folder: Path
    loads: Path
    who: Path
    said: Path
    persons: int
    companies: int


def generate_registers(persons: int, seed: int, out: Path) -> Registers:
    """Generate registers with exactly `persons` records of persons in a new or empty folder.

    Beside them are registers of companies, with a twentieth as many records. The same number and seed make the same
    bytes. UsageError if the number is outside 200 to 2 million, or the folder is not empty.
    """
    if not LEAST <= persons <= MOST:
        raise UsageError(f"{persons} records of persons: give a number from {LEAST} to {MOST}", "registers")
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty: name a new folder", "out")
    out.mkdir(parents=True, exist_ok=True)
    companies = persons // PERSONS_TO_A_COMPANY
    with ExitStack() as files:
        desk = _Desk(out, seed, files)
        desk.write(PERSONS, islice(desk.records_of_people(), persons), say, persons)
        desk.write(COMPANIES, islice(desk.records_of_firms(), companies), say_firm, companies)
    for agency in desk.agencies:
        shutil.copyfile(MANIFESTS / f"{agency.code}.toml", out / agency.code / MANIFEST)
    (out / "loads.toml").write_text(_HEAD + "".join(map(_load, desk.agencies)), "utf-8")
    return Registers(out, out / "loads.toml", out / "who.csv", out / "said.csv", persons, companies)


class _Desk:
    """Writes the tables of all agencies, and the truth beside them."""

    def __init__(self, out: Path, seed: int, files: ExitStack) -> None:
        self.agencies = agencies()
        self._out, self._seed, self._files = out, seed, files
        self._by_code = {agency.code: agency for agency in self.agencies}
        self._by_country = {agency.country: agency for agency in self.agencies}
        self._who, self._said = (
            csv.writer(self._open(out / name), lineterminator="\n") for name in ("who.csv", "said.csv")
        )
        self._who.writerow(("agency", "dataset", "source_id", "entity", "kind"))
        self._said.writerow(("agency", "dataset", "source_id", "kind", *Noise._fields))

    def _open(self, path: Path, encoding: str = "utf-8") -> TextIO:
        path.parent.mkdir(exist_ok=True)
        return self._files.enter_context(path.open("w", encoding=encoding, newline=""))

    def write(
        self,
        table: str,
        records: Iterator[tuple[Subject, Agency]],
        tell: Callable[[Subject, Agency, str, Dice], tuple[Fields, Noise]],
        most: int,
    ) -> None:
        """Write a table of each agency: `tell` makes the fields of a record, and says how they are."""
        puts = {
            each.code: each.table(table, self._open(self._path(each, table), each.encoding)) for each in self.agencies
        }
        ids = {each.code: self._ids(each, table, most) for each in self.agencies}
        dice = Dice(self._seed, f"{table}: what is said")
        for subject, agency in records:
            source = next(ids[agency.code])
            fields, how = tell(subject, agency, source, dice)
            puts[agency.code](fields)
            self._who.writerow((agency.code, DATASET, source, subject.key, table))
            self._said.writerow((agency.code, DATASET, source, table, *how))

    def _path(self, agency: Agency, table: str) -> Path:
        return self._out / agency.code / f"{table}.csv"

    def _ids(self, agency: Agency, table: str, most: int) -> Iterator[str]:
        """Source ids in an order of no meaning."""
        letter = {PERSONS: "P", COMPANIES: "C"}[table]
        numbers = shuffled(max(most, 1), Dice(self._seed, f"{table}: {agency.code}").random)
        return (f"{agency.code}-{letter}{number:07d}" for number in numbers)

    def records_of_people(self) -> Iterator[tuple[Citizen, Agency]]:
        """Endless records of people: whose, and at which agency."""
        dice = Dice(self._seed, "people: where they are known")
        for person in People(self._seed):
            for _ in range(dice.by(_RECORDS)):
                yield person, self._agency(person.home.country, person.citizenship, dice)

    def records_of_firms(self) -> Iterator[tuple[Firm, Agency]]:
        """Endless records of companies."""
        dice = Dice(self._seed, "companies: where they are known")
        for firm in firms(self._seed):
            for _ in range(dice.by(_RECORDS)):
                yield firm, self._agency(firm.country, firm.country, dice)

    def _agency(self, lives: str, citizenship: str, dice: Dice) -> Agency:
        where = dice.by(_WHERE)
        country = {_LIVES: lives, _CITIZEN: citizenship}.get(where, "")
        return self._by_country.get(country) or self._by_code[dice.by(_ANY)]


def _load(agency: Agency) -> str:
    files = "".join(f'    "{agency.code}/{table}.csv",\n' for table in (PERSONS, COMPANIES))
    return (
        f'\n[[loads]]\nagency = "{agency.code}"\ndataset = "{DATASET}"\nadapter = "csv"\n'
        f'manifest = "{agency.code}/{MANIFEST}"\ndelivered = {agency.delivered.isoformat()}\nfiles = [\n{files}]\n'
    )
