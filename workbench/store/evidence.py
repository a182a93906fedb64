"""What an entry of the log of loads rests on."""

from collections.abc import Iterable

# What an entry of the log of loads rests on: numbers of datasets, and beside each a class of records in it. What
# is in no dataset (a unit in quarantine) has 0 there.
Evidence = tuple[list[int], list[int]]


def followed(evidence: Evidence, moves: Iterable[tuple[int, int, int]]) -> Evidence:
    """What an entry of the log rests on when records moved, as (dataset's number, old class, new class).

    Which records of a class a load met is not kept: as far as is known, those that moved were among them.
    """
    found = set(zip(*evidence, strict=True))
    return as_evidence(found | {(did, new) for did, old, new in moves if (did, old) in found})


def as_evidence(pairs: Iterable[tuple[int, int]]) -> Evidence:
    ordered = sorted(pairs)
    return [did for did, _ in ordered], [vis for _, vis in ordered]
