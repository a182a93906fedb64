"""A folder of mixed deliveries: neither the order of its loads nor the number of workers changes what is stored."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import ADAPTERS
from tests.ingest.desk import Desk
from tests.ingest.mixed import FEW, MANY, Table, deliver, plain, shuffled, write_jobs
from tests.stores import NEO4J, examples, leased
from workbench.commands.console import run
from workbench.commands.ingest import cli

pytestmark = pytest.mark.night(reason="loads many files, and a server takes long", kind=NEO4J)

_BY_CHANCE = ("file", "of")  # what is said of a unit in quarantine, and differs from store to store
_WANTS_A_LOOK = 1  # the exit code: done, but for what is in quarantine


class Told(NamedTuple):
    """What everybody sees of a store: its digest, counts, and all that is said of each unit in quarantine."""

    digest: str
    counts: Any
    quarantine: list[Any]


def stored(folder: Path, order: list[Table], workers: int) -> Told:
    """What a batch with its tables in an order makes of an empty store."""
    jobs = write_jobs(folder / "jobs.toml", order, workers)
    with leased(folder) as url:
        assert run(cli, ["batch", str(jobs), "--store", url]) == _WANTS_A_LOOK
        desk = Desk(folder, url)
        with closing(desk.store):
            counts = replace(desk.view().stats(), revision="")  # which is drawn
            return Told(desk.view().digest(), counts, sorted(map(said, desk.view().quarantine())))


def said(unit: Any) -> Any:
    context = sorted((name, repr(value)) for name, value in unit.context.items() if name not in _BY_CHANCE)
    return unit.dataset, unit.locator, unit.agency, unit.adapter, unit.reason, unit.message, unit.raw, context


def test_neither_order_nor_workers_change_what_a_batch_stores(tmp_path: Path) -> None:
    """As it was written with one worker, and in orders that were drawn, with four and with one."""
    tables = deliver(tmp_path, many=3_000)
    expected = stored(tmp_path, tables, workers=1)
    for seed in range(examples(8)):
        order = shuffled(tables, Random(seed))  # noqa: S311 - no secret
        assert stored(tmp_path, order, workers=1 if seed % 2 else 4) == expected, seed
    assert Counter(dataset for dataset, *_ in expected.quarantine).keys() == {*FEW, *MANY, "told", "named"}
    assert len({*FEW, *MANY}) >= 10


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Table], Told]:
    """Deliveries that no other process must read, their tables, and what is stored of them as they were written."""
    folder = tmp_path_factory.mktemp("here")
    tables = [each for each in deliver(folder, 900, (plain,)) if not ADAPTERS[each.adapter].confined]
    return folder, tables, stored(folder, tables, workers=1)


@settings(max_examples=examples(48))
@given(data=st.data())
def test_no_order_of_loads_changes_what_is_stored(here: tuple[Path, list[Table], Told], data: st.DataObject) -> None:
    folder, tables, expected = here
    assert sum(each.dataset == "told" for each in tables) == 3
    assert stored(folder, data.draw(st.permutations(tables)), workers=1) == expected
