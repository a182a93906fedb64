"""Select ties of a snapshot by schema and roles, on whole arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.model.ontology import ontology
from workbench.store.columns import Bool, Int32, Int64
from workbench.view.snapshot import Recorded, Snapshot


class Pattern(NamedTuple):
    """A schema and two of its roles; it also matches schemata that extend the schema."""

    schema: str
    role_x: str
    role_y: str


@dataclass(frozen=True)
class Pairs:
    """Pairs of entities that fill two roles of one record: x[i] and y[i] in row[i] of the snapshot."""

    x: Int32
    y: Int32
    row: Int64

    def take(self, rows: Bool) -> "Pairs":
        """The pairs where the mask is true."""
        return Pairs(self.x[rows], self.y[rows], self.row[rows])

    def turned(self) -> "Pairs":
        """The pairs with x and y exchanged."""
        return Pairs(self.y, self.x, self.row)


def joined(parts: Iterable[Pairs]) -> Pairs:
    """Concatenate several sets of pairs."""
    sets = list(parts)
    if not sets:
        return Pairs(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))
    return Pairs(*(np.concatenate([getattr(part, name) for part in sets]) for name in ("x", "y", "row")))


def pair_codes(x: NDArray[np.integer[Any]], y: NDArray[np.integer[Any]], n: int) -> Int64:
    """Encode each ordered pair of positions below n as one number; codes sort like pairs."""
    return x.astype(np.int64) * max(n, 1) + y


def pairs_of(codes: Int64, n: int) -> tuple[Int32, Int32]:
    """Decode the numbers of `pair_codes`."""
    return (codes // max(n, 1)).astype(np.int32), (codes % max(n, 1)).astype(np.int32)


class TieIndex:
    """Looks up ties, of a snapshot or as recorded, by kind (schema and both roles), of which there are few."""

    def __init__(self, tied: Snapshot | Recorded) -> None:
        self._tied = tied
        names, n = tied.names, max(len(tied.names), 1)
        firsts, first = _numbered(tied.tie_schema.astype(np.int32) * n + tied.role_a)
        kinds, self._kind = _numbered(first * n + tied.role_b)
        both = zip(firsts[kinds // n].tolist(), (kinds % n).tolist(), strict=True)
        self._kinds = [Pattern(names[x // n], names[x % n], names[role_b]) for x, role_b in both]

    def find(self, patterns: Iterable[Pattern]) -> Pairs:
        """The ties that match any of these patterns, turned so that x fills the first role."""
        wanted = list(patterns)
        forward = self._rows([any(_matches(kind, p) for p in wanted) for kind in self._kinds])
        backward = self._rows([any(_matches(_turned(kind), p) for p in wanted) for kind in self._kinds])
        a, b = self._tied.a, self._tied.b
        return joined([Pairs(a[forward], b[forward], forward), Pairs(b[backward], a[backward], backward)])

    def _rows(self, wanted: list[bool]) -> Int64:
        return np.flatnonzero(np.array(wanted, dtype=bool)[self._kind]) if wanted else np.zeros(0, np.int64)


def _numbered(codes: Int32) -> tuple[Int64, Int32]:
    """The different codes, in order, and the number of each code among them."""
    used = np.zeros(int(codes.max(initial=-1)) + 1, dtype=bool)
    used[codes] = True
    return np.flatnonzero(used), (np.cumsum(used, dtype=np.int32) - 1)[codes].astype(np.int32)


def _turned(kind: Pattern) -> Pattern:
    return Pattern(kind.schema, kind.role_y, kind.role_x)


def _matches(kind: Pattern, pattern: Pattern) -> bool:
    same_roles = (kind.role_x, kind.role_y) == (pattern.role_x, pattern.role_y)
    return same_roles and ontology().is_a(kind.schema, pattern.schema)


def is_of(snapshot: Snapshot, schemata: Iterable[str]) -> Bool:
    """A mask over nodes: the entities of these schemata, or of any that extend them; "" stands for stubs."""
    known, wanted = ontology(), list(schemata)
    names = snapshot.names
    of = [name in known.schemata and any(s and known.is_a(name, s) for s in wanted) for name in names]
    by_number = np.array([*of, "" in wanted], dtype=bool)  # a stub has the number -1, which is the last
    return by_number[snapshot.schema]
