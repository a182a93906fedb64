"""Many records with one source id, as those of a report with many transactions: each costs as little as any."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.analytics.cases import person
from tests.within import within
from workbench.model.record import Record
from workbench.settings import open_store

_MANY, _BATCH = 30_000, 10_000
_MOST_S = 60  # with time that grows with their square it takes some minutes


@pytest.mark.parametrize("delivered", ["2026-01-01", "2026-01-02", "2025-12-31"], ids=["again", "newer", "older"])
def test_many_records_of_one_id_are_put_and_said_again(tmp_path: Path, delivered: str) -> None:
    """Each with something to say of its own; then half of them again, with as many new ones, by another delivery."""
    within(_MOST_S, _load, f"sqlite:///{tmp_path / 'store.db'}", delivered)


def _load(url: str, delivered: str) -> None:
    with closing(open_store(url)) as store:
        for day, first in (("2026-01-01", 0), (delivered, _MANY // 2)):
            with store.writer(agency="AAA", by="tester") as writer:
                file = writer.file(day, "0", "test")
                for at in range(first, first + _MANY, _BATCH):
                    writer.put([_record(number) for number in range(at, at + _BATCH)], file, day)
                writer.publish(dataset="files", adapter="test", files=())


def _record(number: int) -> Record:
    return person("one", name=f"Name {number}")
