"""Epochs: numbers that change when records enter or leave a class, so that views notice re-marking."""

from collections.abc import Collection
from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.store.neo4j.connection import rows
from workbench.store.types import new_epoch

_NEW_EPOCH: LiteralString = "MATCH (s:Store {name: 'workbench'}) SET s.epoch = $epoch"
_NEW_EPOCH_OF_ALL: LiteralString = "MATCH (c:VisibilityClass) SET c.epoch = $epoch"
# A class may be new: its own properties are written later.
_NEW_EPOCHS: LiteralString = "UNWIND $epochs AS e MERGE (c:VisibilityClass {vis: e[0]}) SET c.epoch = e[1]"


def begin_epoch(tx: ManagedTransaction, classes: Collection[int] | None = None) -> None:
    """Give new epochs to the store and to these classes (None: to all), because their records changed."""
    rows(tx, _NEW_EPOCH, epoch=new_epoch())
    if classes is None:
        rows(tx, _NEW_EPOCH_OF_ALL, epoch=new_epoch())
    else:
        rows(tx, _NEW_EPOCHS, epochs=[(vis, new_epoch()) for vis in sorted(classes)])
