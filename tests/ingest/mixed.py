"""A folder of mixed deliveries: many formats, packed in many ways, with units that nobody can read; and jobs for it.

Each format is a dataset of its own. Two more have three deliveries each: three tables say their days, or names do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from tests.ingest.examples import EXAMPLES
from tests.ingest.packing import PACK, tarred, zipped

Packed = tuple[str, bytes]
Packings = tuple[Callable[[str, bytes], Packed], ...]

# Charts, lists, messages and tables of which the examples have some units; of those below there are many.
FEW = ("anx", "ftm", "goaml", "graphml", "iso20022", "misp", "mt940", "neo4j-csv", "stix", "vcard")
_WRONG = 50  # of so many units of a table one has a date that its manifest does not foresee
_FILES = 4  # of a table
_DAYS = ("2026-01-05", "2026-01-06", "2026-01-07")


def _row(n: int, name: str, born: str) -> bytes:
    return f"{n},{name},{born}".encode()


def _object(n: int, name: str, born: str) -> bytes:
    return f'{{"id": {n}, "name": ["{name}"], "born": "{born}"}}'.encode()


def _element(n: int, name: str, born: str) -> bytes:
    return f"<p><id>{n}</id><name>{name}</name><born>{born}</born></p>".encode()


MANY: Mapping[str, Callable[[int, str, str], bytes]] = {
    "csv": _row,
    "json": _object,
    "jsonl": _object,
    "parquet": _row,
    "sql": _row,
    "xlsx": _row,
    "xml": _element,
}


def plain(name: str, content: bytes) -> Packed:
    """A file as it is."""
    return name, content


def _gz(name: str, content: bytes) -> Packed:
    return f"{name}.gz", PACK["gz"](content)


def _zst(name: str, content: bytes) -> Packed:
    return f"{name}.zst", PACK["zst"](content)


def _zip(name: str, content: bytes) -> Packed:
    return f"{name}.zip", zipped({name: content})


def _tar_xz(name: str, content: bytes) -> Packed:
    return f"{name}.tar.xz", PACK["xz"](tarred({name: content}))


PACKINGS: Packings = (plain, _gz, _zip, _tar_xz, _zst)


@dataclass(frozen=True)
class Table:
    """A `[[loads]]` table without the number of workers: its files are names in `in`."""

    adapter: str
    dataset: str
    files: tuple[str, ...]
    when: str = f"delivered = {_DAYS[0]}"

    def text(self, workers: int) -> str:
        """The table as TOML."""
        files = [f"in/{each}" for each in self.files]
        agency = "SMALL" if sum(self.dataset.encode()) % 2 else "LOCAL"
        return (
            f'[[loads]]\nfiles = {files!r}\nmanifest = "{self.adapter}.toml"\nagency = "{agency}"\n'
            f'dataset = "{self.dataset}"\n{self.when}\nworkers = {workers}\n'
        )


def deliver(folder: Path, many: int, packings: Packings = PACKINGS) -> list[Table]:
    """Write the deliveries, with so many units in the large ones together, and give the tables of their loads."""
    (folder / "in").mkdir()
    each = max(many // (len(MANY) + 2), 2 * _WRONG)
    found = [
        *(
            Table(adapter, adapter, tuple(_few(folder, adapter, packings[n % len(packings) :] + packings)))
            for n, adapter in enumerate(FEW)
        ),
        *(Table(adapter, adapter, tuple(_many(folder, adapter, each, packings))) for adapter in MANY),
    ]
    files = [*_dated(folder, "told", each, packings)]
    found += [Table("csv", "told", (file,), f"delivered = {day}") for file, day in zip(files, _DAYS, strict=True)]
    found.append(Table("csv", "named", tuple(_dated(folder, "named", each, packings)), 'order = "date"'))
    for adapter in (*FEW, *MANY):
        (folder / f"{adapter}.toml").write_text(EXAMPLES[adapter].manifest, "utf-8")
    return found


def shuffled(tables: Sequence[Table], by: Random) -> list[Table]:
    """The tables in a drawn order, and the files of each too."""
    mixed = [replace(each, files=tuple(by.sample(each.files, len(each.files)))) for each in tables]
    return by.sample(mixed, len(mixed))


def write_jobs(path: Path, tables: Sequence[Table], workers: int) -> Path:
    """Write a file of loads."""
    path.write_text("".join(each.text(workers) for each in tables), "utf-8")
    return path


def _few(folder: Path, adapter: str, packings: Packings) -> Iterator[str]:
    """The units of an example in two files, differently packed: those that can be read, and the others too."""
    example = EXAMPLES[adapter]
    for more, units in enumerate((example.good, example.units)):
        yield _written(folder, *packings[more](f"{adapter}-{more}-{example.name}", example.file(units)))


def _many(folder: Path, adapter: str, many: int, packings: Packings) -> Iterator[str]:
    """So many units in four files, of which the next repeats the last units of the one before."""
    example, unit, most = EXAMPLES[adapter], MANY[adapter], many // _FILES
    for n in range(_FILES):
        numbers = range(max(n * most - _WRONG, 0), (n + 1) * most)
        units = [unit(number, f"Person {number}", _born(number)) for number in numbers]
        pack = packings[(len(adapter) + n) % len(packings)]
        yield _written(folder, *pack(f"{adapter}-{n}-{example.name}", example.file(units)))


def _dated(folder: Path, dataset: str, many: int, packings: Packings) -> Iterator[str]:
    """Three deliveries of a dataset, the oldest first: each says a third of what the one before said otherwise."""
    most = many // len(_DAYS)
    for n, day in enumerate(_DAYS):
        numbers = range(n * most // 3, n * most // 3 + most)
        units = [_row(number, f"Person {number} of {day}", _born(number + n)) for number in numbers]
        yield _written(folder, *packings[n % len(packings)](f"{dataset}-{day}.csv", EXAMPLES["csv"].file(units)))


def _born(n: int) -> str:
    return "03/04/1990" if n % _WRONG == 0 else f"19{n % 90 + 10}-04-03"


def _written(folder: Path, name: str, content: bytes) -> str:
    (folder / "in" / name).write_bytes(content)
    return name
