"""The evidence of an entry in the log of loads: who may see the entry depends on it."""

from collections.abc import Iterable

# Two parallel lists: numbers of datasets, and classes of records in them. A unit in quarantine, which is in no
# dataset, has 0 as its dataset.
Evidence = tuple[list[int], list[int]]


def followed(evidence: Evidence, moves: Iterable[tuple[int, int, int]]) -> Evidence:
    """The evidence of an entry after records moved; a move is (dataset number, old class, new class).

    It is not recorded which records of a class a load touched, so any that moved are assumed to be among them.
    """
    pairs = set(zip(*evidence, strict=True))
    return as_evidence(pairs | {(did, new) for did, old, new in moves if (did, old) in pairs})


def as_evidence(pairs: Iterable[tuple[int, int]]) -> Evidence:
    ordered = sorted(pairs)
    return [did for did, _ in ordered], [vis for _, vis in ordered]
