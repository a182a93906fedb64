"""Base columns that are brought up to date are those that are read anew, byte for byte."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.oracle.draw import DATASETS, MARKINGS, worlds
from tests.conformance.oracle.operations import Delivery, Load, Operation, outcomes, perform
from workbench.model.record import Record, Value
from workbench.store import column_layout
from workbench.store.column_files import Bases, ColumnFiles
from workbench.store.columns import Base
from workbench.view.store import GraphStore

pytestmark = pytest.mark.each_store(reason="each kind reads its base columns in its own way")


def said(base: Base) -> dict[str, Any]:
    """All that is in base columns, to be compared."""
    columns = base.columns
    octets, offsets = columns.values.tight()
    rows = {name: getattr(columns, name).arrays() for name in ("about", "ties", "claims")}
    arrays = (
        columns.ids,
        columns.number,
        columns.records,
        columns.dataset,
        columns.present,
        base.keys,
        octets,
        offsets,
    )
    return {
        "names": columns.names,
        "datasets": columns.datasets,
        "arrays": [(each.dtype.str, each.tobytes()) for each in arrays],
        **{name: [(each.dtype.str, each.tobytes()) for each in some] for name, some in rows.items()},
    }


def carry_out(store: GraphStore, operation: Operation) -> None:
    outcomes(store, operation) if isinstance(operation, Load) else perform(store, operation)


@pytest.fixture(autouse=True)
def also_small_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of any size has a cache, and few rows are many."""
    monkeypatch.setattr(ColumnFiles, "FEW", 0)
    monkeypatch.setattr(column_layout, "_AT_ONCE", 3)


def bases_of(store: GraphStore) -> Bases:
    return store.backend._bases  # type: ignore[attr-defined,no-any-return] # of the kinds that keep files


@settings(suppress_health_check=[*HealthCheck])
@given(operations=worlds())
def test_what_changed_makes_of_old_columns_the_new_ones(
    new_store: Callable[[], GraphStore], operations: list[Operation]
) -> None:
    store, before = new_store(), dict[int, tuple[int, Base]]()
    bases = bases_of(store)
    for operation in operations:
        carry_out(store, operation)
        newest = store.backend.published()
        epoch, now = bases.moment(newest).epoch, bases.read(newest)
        for number, (of_epoch, base) in before.items():
            if of_epoch == epoch:
                assert said(bases.later(base, number, newest).base()) == said(now)
        before[newest] = (epoch, now)


@settings(suppress_health_check=[*HealthCheck])
@given(operations=worlds(), chance=st.randoms(use_true_random=False))
def test_files_have_what_the_store_has_at_every_revision(
    new_store: Callable[[], GraphStore], tmp_path: Path, operations: list[Operation], chance: Any
) -> None:
    store, folder = new_store(), Path(mkdtemp(dir=tmp_path))
    bases = bases_of(store)
    for operation in operations:
        carry_out(store, operation)
        for revision in chance.sample(range(store.backend.published() + 1), min(2, store.backend.published() + 1)):
            moment = bases.moment(revision)
            files = ColumnFiles(folder / "cache", bases)
            assert said(files.base(revision, moment)) == said(bases.read(revision))
            files.tidy()
            assert len(list((folder / "cache").glob("*"))) <= 2 + (not moment.token)


def test_holders_of_one_document_stand_in_order_whenever_they_came(new_store: Callable[[], GraphStore]) -> None:
    """Their claims are alike in kind and value: the entity orders them, and then the record."""
    store = new_store()
    bases = bases_of(store)
    for part in ("", "b"):
        for number in range(6):
            old = store.backend.published()
            before = bases.read(old)
            carry_out(store, Load("A", (Delivery("one.csv", "2026-01-01", ((holder(str(number), part),),)),)))
            newest = store.backend.published()
            assert said(bases.later(before, old, newest).base()) == said(bases.read(newest))


def holder(source_id: str, part: str) -> Record:
    held = {"passportNumber": (Value("P1234567", "P1234567"),), "passportCountry": (Value("nl", "nl"),)}
    return Record(
        schema="Person", dataset=DATASETS[0], source_id=source_id, properties=held, marking=MARKINGS[1], part=part
    )
