"""Epochs of access: numbers that change with what is in a class, so that a change of markings is told."""

from collections.abc import Collection
from typing import LiteralString

from neo4j import ManagedTransaction

from workbench.store.neo4j.connection import rows
from workbench.store.types import new_epoch

_NEW_EPOCH: LiteralString = "MATCH (s:Store {name: 'workbench'}) SET s.epoch = $epoch"
_NEW_EPOCH_OF_ALL: LiteralString = "MATCH (c:VisibilityClass) SET c.epoch = $epoch"
# A class may be new: it is written with what is here, and later than this.
_NEW_EPOCHS: LiteralString = "UNWIND $epochs AS e MERGE (c:VisibilityClass {vis: e[0]}) SET c.epoch = e[1]"


def begin_epoch(tx: ManagedTransaction, classes: Collection[int] | None = None) -> None:
    """Say that what is in these classes (all, without any) is not what it was."""
    rows(tx, _NEW_EPOCH, epoch=new_epoch())
    if classes is None:
        rows(tx, _NEW_EPOCH_OF_ALL, epoch=new_epoch())
    else:
        rows(tx, _NEW_EPOCHS, epochs=[(vis, new_epoch()) for vis in sorted(classes)])
