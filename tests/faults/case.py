"""The deliveries that are loaded while something fails, and the checks of the store afterwards.

A small delivery is acknowledged first. A larger one, of several files and so of several batches,
changes part of it. A fault hits the larger one; then it is loaded again.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import ingest
from tests.faults.server import Victim
from workbench.access.viewer import Viewer, local_viewer
from workbench.view.store import GraphStore, open_store

AGENCY = "LOCAL"
EVERYBODY = Viewer(name="everybody", agencies=frozenset({AGENCY}), level="SECRET")
FILES, PERSONS = 3, 30
_INGEST = Path(sys.executable).with_name("ingest")

# What differs between two stores that hold the same: tokens, times, and what tells of loads that changed nothing.
_CHANCE = frozenset({"token", "at", "first_record", "first_entity", "loads"})
_WORK = frozenset({"Lease", "Heartbeat", "Migration", "LoadEntry", "SourceFile", "Account"})
_NODES = "MATCH (n) RETURN labels(n), properties(n)"
_TIES = "MATCH (a)-[r]->(b) RETURN coalesce(a.id, labels(a)), type(r), coalesce(b.id, labels(b)), properties(r)"
# Ids of units in quarantine are sealed by the store's secret: with the same secret they may be compared.
_SEALED_ALIKE = "MATCH (s:Store) SET s.secret = $secret"
_TWICE = {
    "records that stand": "MATCH (r:Record) WHERE r.rev_to > 1000000 WITH r.key AS what, count(*) AS n",
    "entities": "MATCH (e:Entity) WITH e.id AS what, count(*) AS n",
    "ties": "MATCH (a)-[r]->(b) WHERE r.rid IS NOT NULL"
    " WITH [r.rid, a.eid, b.eid, type(r), r.from, r.to] AS what, count(*) AS n",
    "revisions": "MATCH (r:Revision) WITH r.rev AS what, count(*) AS n",
    "parts of accounts": "MATCH (a:Account) WITH [a.lid, a.n] AS what, count(*) AS n",
    "units in quarantine": "MATCH (q:Quarantined) WITH q.qid AS what, count(*) AS n",
}


class Delivery(NamedTuple):
    """Files, and the day of their delivery."""

    files: tuple[Path, ...]
    day: str

    def load(self, store: GraphStore) -> None:
        """Load it."""
        whose: dict[str, str] = {"adapter": "ftm", "agency": AGENCY, "dataset": "case", "delivered": self.day}
        ingest.load(store, self.files, viewer=local_viewer(()), by="faults", **whose)

    def start(self, url: str) -> subprocess.Popen[str]:
        """Start a process that loads it."""
        options = ["--adapter", "ftm", "--agency", AGENCY, "--dataset", "case", "--delivered", self.day]
        return subprocess.Popen(
            [_INGEST, "load", *options, *self.files],
            env={**os.environ, "WORKBENCH_STORE": url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


def written(folder: Path) -> tuple[Delivery, Delivery]:
    """The small delivery and the larger one."""
    small = _file(folder / "small.ftm.json", (_person(n, "Before") for n in range(0, PERSONS * FILES, 3)))
    large = [_file(folder / f"large-{n}.ftm.json", _units(n)) for n in range(FILES)]
    return Delivery((small,), "2026-01-01"), Delivery(tuple(large), "2026-02-01")


def _file(path: Path, units: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(unit)}\n" for unit in units), "utf-8")
    return path


def _person(n: int, name: str) -> dict[str, Any]:
    return {"id": f"p{n}", "schema": "Person", "properties": {"name": [f"{name} {n}"], "passportNumber": [f"P{n:06}"]}}


def _units(file: int) -> list[dict[str, Any]]:
    """Persons, some of them known under another name, ties between them, money between accounts, one bad line."""
    first = file * PERSONS
    found = [_person(n, "After") for n in range(first, first + PERSONS)]
    for n in range(first, first + PERSONS, 2):
        found.append(_tie("Ownership", f"o{n}", owner=f"p{n}", asset=f"p{n + 1}"))
        found.append({"id": f"a{n}", "schema": "BankAccount", "properties": {"accountNumber": [f"{n:08}"]}})
        found.append(
            _tie("Transfer", f"t{n}", payer=f"p{n}", beneficiary=f"p{first}", payerAccount=f"a{n}", amount=str(n + 1))
        )
    return [*found, {"id": f"bad{file}", "schema": "Nonsense"}]


def _tie(schema: str, source_id: str, **properties: str) -> dict[str, Any]:
    return {"id": source_id, "schema": schema, "properties": {name: [value] for name, value in properties.items()}}


class State(NamedTuple):
    """What a store holds: the digest of everything, its size, and for a server every node and tie."""

    digest: str
    records: int
    graph: Counter[str]


def state(store: GraphStore, server: Victim | None = None) -> State:
    """The state of a store, and of the server that it is on."""
    view = store.view(EVERYBODY)
    return State(view.digest(), view.stats().records, _graph(server) if server else Counter())


def _graph(server: Victim) -> Counter[str]:
    """Every node and tie on the server, without random values and traces of work."""
    with server.driver.session() as session:
        nodes = [(sorted(labels), _lasting(values)) for labels, values in session.run(_NODES).values()]
        ties = [(a, kind, b, _lasting(values)) for a, kind, b, values in session.run(_TIES).values()]
    return Counter(str(each) for each in [*ties, *(node for node in nodes if not _WORK.intersection(node[0]))])


def _lasting(values: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in values.items() if name not in _CHANCE)


def _twice(server: Victim) -> dict[str, list[Any]]:
    """Anything on the server that exists more than once, by kind."""
    found = {}
    with server.driver.session() as session:
        for kind, query in _TWICE.items():
            found[kind] = [what for (what,) in session.run(f"{query} WHERE n > 1 RETURN what").values()]
    return {kind: what for kind, what in found.items() if what}


class Case(NamedTuple):
    """The deliveries, and the states of an undisturbed store before and after the larger one."""

    small: Delivery
    large: Delivery
    before: State
    after: State

    def prepare(self, server: Victim) -> str:
        """Make the server a store with the small delivery; the token of its publication."""
        _begin(server)
        with closing(open_store(server.url)) as store:
            self.small.load(store)
            return store.view(EVERYBODY).revision

    def check(self, server: Victim, token: str, allowed: Collection[State]) -> None:
        """AssertionError unless the store is in a state that is allowed, and the next load ends as it should."""
        with closing(open_store(server.url)) as store:
            assert state(store)[:2] in [each[:2] for each in allowed]
            assert store.view(EVERYBODY, revision=token).digest() == self.before.digest
            self.large.load(store)
            assert _twice(server) == {}
            now = state(store, server)
            assert now.graph - self.after.graph == self.after.graph - now.graph == Counter()
            assert now == self.after
            assert store.view(EVERYBODY, revision=token).digest() == self.before.digest


def _begin(server: Victim) -> None:
    """Make the server an empty store with the secret that all of these have."""
    server.wipe()
    open_store(server.url).close()
    server.driver.execute_query(_SEALED_ALIKE, secret="5e" * 16)


def undisturbed(folder: Path, server: Victim) -> Case:
    """Load both deliveries without a fault, into a server and into a file, which must agree."""
    small, large = written(folder)
    _begin(server)
    found: list[list[State]] = [[], []]
    urls = (server.url, f"sqlite:///{folder / 'undisturbed.db'}")
    for states, url, on in zip(found, urls, (server, None), strict=True):
        with closing(open_store(url)) as store:
            for delivery in (small, large):
                delivery.load(store)
                states.append(state(store, on))
    assert [each.digest for each in found[0]] == [each.digest for each in found[1]]
    assert _twice(server) == {}
    return Case(small, large, *found[0])
