"""The smallest history in which something is still wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tests.store.oracle.operations import Delivery, Load, Operation
from workbench.errors import WorkbenchError

_TRIES = 400


def smallest(operations: Sequence[Operation], is_wrong: Callable[[list[Operation]], bool]) -> list[Operation]:
    """Operations and records left out one by one, as long as it is still wrong."""
    found, tries = list(operations), 0
    shrunk = True
    while shrunk and tries < _TRIES:
        shrunk = False
        for fewer in without(found):
            tries += 1
            if _holds(is_wrong, fewer):
                found, shrunk = fewer, True
                break
            if tries >= _TRIES:
                break
    return found


def _holds(is_wrong: Callable[[list[Operation]], bool], operations: list[Operation]) -> bool:
    try:
        return is_wrong(operations)
    except WorkbenchError:  # what is left makes no sense: an end without its beginning
        return False


def without(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """These operations without one of them, and without a part of one."""
    for n, operation in enumerate(operations):
        rest = [*operations[:n], *operations[n + 1 :]]
        yield rest
        if isinstance(operation, Load):
            for fewer in _smaller(operation):
                yield [*rest[:n], fewer, *rest[n:]]


def _smaller(load: Load) -> Iterator[Load]:
    for name in ("complete", "quarantined"):
        if getattr(load, name):
            yield replace(load, **{name: ()})
    for n, delivery in enumerate(load.deliveries):
        for fewer in _fewer(delivery):
            yield replace(load, deliveries=(*load.deliveries[:n], *fewer, *load.deliveries[n + 1 :]))


def _fewer(delivery: Delivery) -> Iterator[tuple[Delivery, ...]]:
    yield ()
    for n, batch in enumerate(delivery.batches):
        for m in range(len(batch)):
            smaller = (*batch[:m], *batch[m + 1 :])
            yield (replace(delivery, batches=(*delivery.batches[:n], smaller, *delivery.batches[n + 1 :])),)
