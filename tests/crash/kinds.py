"""The commands to kill, with the preparation of each."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from tests.crash.processes import EVERYBODY, Load, load
from tests.stores import leased
from workbench.commands.console import run
from workbench.commands.ingest import cli as ingest_cli
from workbench.commands.main import cli as workbench_cli
from workbench.model.normal.names import Kind as NameKind
from workbench.model.normal.names import name_forms
from workbench.resolve.scoring import publishing
from workbench.resolve.scoring.engine import Weighed
from workbench.view.store import open_store

_BEFORE, _AFTER = "CONFIDENTIAL//REL LOCAL,SMALL,LOSES//HC H1", "SECRET//REL LOCAL,SMALL,GAINS"
_MANIFEST = """
adapter = "csv"
agency = "LOCAL"
dataset = "persons"
[[files]]
pattern = "*"
[[files.records]]
name = "person"
schema = "Person"
id = "{id}"
properties = { name = "name", birthDate = { column = "born", format = "FORMAT" } }
"""
_DONE = (0, 1)  # exit codes: done, and done but for what stays in quarantine
_STAYS = 10  # of so many units one stays in quarantine


class Kind(NamedTuple):
    """A command: a function that prepares its store, and one that runs it; both take the store's URL.

    `between` are works with what is seen after each publication of it but the last.
    """

    prepare: Callable[[str], None]
    work: Callable[[str], None]
    between: Sequence[Callable[[str], None]] = ()


@contextmanager
def loading(folder: Path, many: int) -> Iterator[Kind]:
    """`ingest load` of so many records, after another load."""
    yield Kind(partial(load, what=persons(folder, 1, "SMALL")), partial(load, what=persons(folder, many, "LOCAL")))


@contextmanager
def scoring(folder: Path, many: int) -> Iterator[Kind]:
    """`ingest load --resolve` of so many records, after another: each is one with the next."""
    name_forms("Person 1", NameKind.PERSON)  # reads tables of names, which all processes to come have then
    one, all_of_them = (persons(folder, *said)._replace(resolve=True) for said in ((1, "SMALL"), (many, "LOCAL")))
    yield Kind(partial(_load_scored, what=one), partial(_load_scored, what=all_of_them))


def _load_scored(url: str, what: Load) -> None:
    """Load by an engine that is a law to itself; in a process of its own."""
    publishing.weighed = _next_to_each_other
    load(url, what)


def _next_to_each_other(forms: Sequence[str], entities: Sequence[int], is_new: Sequence[bool], _: NameKind) -> Weighed:
    """Pairs of each with the next, if one of the two is new, that join by name and birth date."""
    a = np.array([n for n in range(len(forms) - 1) if n % 2 == 0 and (is_new[n] or is_new[n + 1])], dtype=np.int64)
    weights = np.tile(np.array([1200, 1400, 0, 0, 0, 0], dtype=np.int16), (len(a), 1))
    return Weighed(a, a + 1, weights, np.ones(len(a), dtype=bool))


@contextmanager
def replaying(folder: Path, many: int) -> Iterator[Kind]:
    """`ingest quarantine replay` of so many units, of which most can be read now."""
    rows = (f"{n},Person {n},{'31.02' if n % _STAYS == 0 else '28.02'}.1990" for n in range(many))
    table, manifests = folder / "persons.csv", [folder / "before.toml", folder / "after.toml"]
    table.write_text("\n".join(["id,name,born", *rows, ""]), "utf-8")
    for manifest, form in zip(manifests, ("%Y-%m-%d", "%d.%m.%Y"), strict=True):
        manifest.write_text(_MANIFEST.replace("FORMAT", form), "utf-8")
    arguments = ("quarantine", "replay", "--manifest", str(manifests[1]), "--store")
    yield Kind(
        lambda url: command(ingest_cli, "load", str(table), "--manifest", str(manifests[0]), "--store", url),
        lambda url: command(ingest_cli, *arguments, url),
    )


@contextmanager
def remarking(folder: Path, many: int) -> Iterator[Kind]:
    """`workbench remark` of so many records, half of them of another agency: some viewers lose them, some gain them."""
    halves = [persons(folder, many // 2, agency, _BEFORE) for agency in ("LOCAL", "SMALL")]
    datasets = [f"{each.agency}/{each.dataset}" for each in halves]
    yield Kind(
        partial(_load_all, what=halves),
        lambda url: command(workbench_cli, "remark", *datasets, "--marking", _AFTER, "--store", url),
    )


@contextmanager
def copying(folder: Path, many: int) -> Iterator[Kind]:
    """`workbench copy` of a store with so many records, and some in quarantine, to an empty one."""
    with leased(folder, "source") as source, replaying(folder, 50) as rest:
        load(source, persons(folder, many, "LOCAL", _BEFORE))
        rest.prepare(source)
        rest.work(source)
        yield Kind(lambda url: None, lambda url: command(workbench_cli, "copy", "--from", source, "--to", url))


@contextmanager
def withdrawing(folder: Path, many: int) -> Iterator[Kind]:
    """`ingest withdraw` of a newer delivery of so many records: half were new, half overtook records that return."""
    first = persons(folder, many, "LOCAL")
    newer = persons(folder, many, "LOCAL", said="Persona", since=many // 2)._replace(delivered="2026-02-01")
    yield Kind(partial(_load_all, what=(first, newer)), _withdraw_newest)


@contextmanager
def correcting(folder: Path, many: int) -> Iterator[Kind]:
    """`ingest load` of a file of so many records by a manifest that gives each another id than an earlier load's."""
    table = folder / "persons.csv"
    table.write_text("\n".join(["id,name,born", *(f"{n},Person {n},28.02.1990" for n in range(many)), ""]), "utf-8")
    text = _MANIFEST.replace("FORMAT", "%d.%m.%Y")
    manifests = [folder / "before.toml", folder / "after.toml"]
    manifests[0].write_text(text.replace('"{id}"', '"wrong:{id}"'), "utf-8")
    manifests[1].write_text(text, "utf-8")
    loads = [("load", str(table), "--manifest", str(each), "--store") for each in manifests]
    yield Kind(*(partial(_load_by, arguments=each) for each in loads))


def _load_by(url: str, arguments: Sequence[str]) -> None:
    command(ingest_cli, *arguments, url)


def _withdraw_newest(url: str) -> None:
    with closing(open_store(url)) as store:
        newest = store.view(EVERYBODY).loads()[-1].id
    command(ingest_cli, "withdraw", newest, "--reason", "a mistake", "--store", url)


@contextmanager
def batching(folder: Path, many: int) -> Iterator[Kind]:
    """`ingest batch` of three loads of two agencies, so many records in all; the newest delivery comes first."""
    newer = persons(folder, many // 3, "LOCAL", said="Persona", since=many // 6)
    loads = [
        _job(newer, "2026-02-01"),
        _job(persons(folder, many // 3, "LOCAL"), "2026-01-01"),
        _job(persons(folder, many // 3, "SMALL"), "2026-01-01"),
    ]
    batches = [folder / f"{n}.toml" for n in range(1, len(loads) + 1)]
    for n, batch in enumerate(batches, 1):
        batch.write_text("".join(loads[:n]), "utf-8")
    *between, work = (partial(_run_batch, batch) for batch in batches)
    yield Kind(partial(load, what=persons(folder, 1, "SMALL", said="First")), work, between)


def _job(what: Load, delivered: str) -> str:
    said = {"adapter": what.adapter, "agency": what.agency, "dataset": what.dataset, "delivered": delivered}
    files = [path.name for path in what.paths]
    return f"[[loads]]\nfiles = {files!r}\n" + "".join(f"{name} = {text!r}\n" for name, text in said.items())


def _run_batch(batch: Path, url: str) -> None:
    command(ingest_cli, "batch", str(batch), "--store", url)


KINDS: dict[str, Callable[[Path, int], AbstractContextManager[Kind]]] = {
    "load": loading,
    "score": scoring,
    "replay": replaying,
    "remark": remarking,
    "copy": copying,
    "withdraw": withdrawing,
    "batch": batching,
    "correct": correcting,
}


def persons(
    folder: Path, n: int, agency: str, marking: str | None = None, said: str = "Person", since: int = 0
) -> Load:
    """The load of a file of so many persons, numbered since a number."""
    path = folder / f"{agency}-{said}.ftm.json"
    with path.open("w", encoding="utf-8") as lines:
        for i in range(since, since + n):
            properties = {"name": [f"{said} {i}"], "passportNumber": [f"P{i:07}"]}
            lines.write(json.dumps({"id": f"p{i}", "schema": "Person", "properties": properties}) + "\n")
    return Load((path,), "ftm", agency, marking, "persons")


def _load_all(url: str, what: Sequence[Load]) -> None:
    for each in what:
        load(url, each)


def command(group: click.Group, *arguments: str) -> None:
    """Run one of our commands without output; RuntimeError if it fails."""
    told = BytesIO()
    with TextIOWrapper(told, "utf-8", write_through=True) as said, redirect_stdout(said), redirect_stderr(said):
        if (code := run(group, arguments)) not in _DONE:
            raise RuntimeError(f"{' '.join(arguments)} ended with {code}: {told.getvalue().decode()}")
