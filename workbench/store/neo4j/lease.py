"""The writer's lease: one writer at a time, kept in nodes of the database.

Every transaction of a writer first locks the lease, and checks that it still holds it and which of its
steps are done. So a writer that was thought dead and comes back writes nothing, and a step whose commit
got no reply is done once. The lease has two lanes, nodes that are locked separately, so that a writer can
do two steps in parallel. A heartbeat shows that the writer is alive. If it stops, or the process has died
on this machine, the next writer takes the lease.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import ClassVar, LiteralString, TypeVar

from neo4j import ManagedTransaction

from workbench.errors import StoreBusy, StoreError
from workbench.store import leasing
from workbench.store.neo4j.connection import LONGEST, Database, rows

_PAUSE = 0.1
_SHORTEST = 1.0
_LIFE = 20.0  # seconds after the last heartbeat
_BEAT = 4.0
FIRST, SECOND = "writer", "second"  # lanes

T = TypeVar("T")

_TAKE: LiteralString = """
MATCH (l:Lease {name: 'writer'}) SET l.touched = $token
WITH l MATCH (h:Heartbeat {name: 'writer'})
WHERE l.token IN ['', $token] OR h.expires < timestamp() OR l.token IN $dead
MERGE (second:Lease {name: 'second'}) SET second.token = $token, second.step = 0
SET l.token = $token, l.step = 0, l.holder = $holder, l.since = timestamp()
SET h.token = $token, h.expires = timestamp() + $life
RETURN l.token
"""

_GIVE_BACK: LiteralString = """
UNWIND $lanes AS lane MATCH (l:Lease {name: lane}) SET l.touched = $token
WITH l WHERE l.token = $token SET l.token = '', l.holder = ''
"""

_FENCE: LiteralString = """
MATCH (l:Lease {name: $lane}) SET l.touched = $token
WITH l, l.step AS before WHERE l.token = $token
SET l.step = CASE WHEN before < $step THEN $step ELSE before END
RETURN before >= $step
"""

_KEEP_ALIVE: LiteralString = """
MATCH (h:Heartbeat {name: 'writer', token: $token}) SET h.expires = timestamp() + $life
"""

_HOLDER: LiteralString = "MATCH (l:Lease {name: 'writer'}) RETURN l.holder, l.token, l.since"


class Lease(leasing.Lease):
    """The right to write, held from `take` until `give_back` or the writer's end."""

    # Tokens of leases that this process failed to give back: the next writer here need not wait for them to expire.
    _not_given_back: ClassVar[set[str]] = set()

    def __init__(self, database: Database) -> None:
        self._database = database
        self._token = token_hex(8)
        self._steps = {FIRST: 0, SECOND: 0}
        self._ended = threading.Event()
        self._heart: threading.Thread | None = None

    def _begin(self, patience: float) -> None:
        """Wait up to `patience` seconds for the lease; StoreBusy, which names the holder, if it stays taken."""
        deadline = time.monotonic() + patience
        while not self._taken(deadline - time.monotonic()):
            if time.monotonic() > deadline:
                holder, _, since = self._holder()
                raise leasing.busy(_told(holder), self._database.address.shown, since)
            time.sleep(_PAUSE)
        self._heart = threading.Thread(target=self._beat, name="lease", daemon=True)
        self._heart.start()

    def step(self, work: Callable[[ManagedTransaction], T], lane: str = FIRST, limit: float = LONGEST) -> T:
        """Do the work in one transaction, once; StoreError if another writer has taken the lease.

        Each lane runs one step at a time. StoreBusy if it takes more than `limit` seconds.
        """
        self._steps[lane] += 1
        step, kept = self._steps[lane], list[T]()

        def fenced(tx: ManagedTransaction) -> T:
            answer = rows(tx, _FENCE, token=self._token, lane=lane, step=step)
            if not answer:
                raise StoreError(
                    f"{self._database.address.shown}: another writer took over, because this one was silent for too"
                    " long: nothing of its load was published; try again"
                )
            if answer[0][0]:  # an earlier attempt was committed, but its reply was lost
                return kept[-1]
            kept.append(work(tx))
            return kept[-1]

        return self._database.write(fenced, limit)

    def _end(self) -> None:
        """Let the next writer in. If the server is away, the heartbeat's end will do so."""
        self._ended.set()
        if self._heart is None:
            return
        self._heart.join()
        self._heart = None
        self._not_given_back.add(self._token)
        if not self._database.is_given_up:
            with suppress(StoreError):
                self._database.write(lambda tx: rows(tx, _GIVE_BACK, token=self._token, lanes=[FIRST, SECOND]))
                self._not_given_back.discard(self._token)

    def _taken(self, seconds: float) -> bool:
        """Take the lease if it is free; waits up to `seconds` for a transaction that its holder left on the server."""
        holder, token, _ = self._holder()
        dead = [token] if token in self._not_given_back or is_dead(holder) else []
        given = {"token": self._token, "holder": _identity(), "dead": dead, "life": int(1000 * _LIFE)}
        with suppress(StoreBusy):
            return bool(self._database.write(lambda tx: rows(tx, _TAKE, **given), limit=max(_SHORTEST, seconds)))
        return False

    def _holder(self) -> tuple[str, str, float | None]:
        """Who holds the lease, its token, and since when by the server's clock (in seconds since 1970)."""
        holder, token, since = self._database.row(_HOLDER)
        return str(holder), str(token), since / 1000 if since else None

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT):
            with suppress(StoreError):  # the next step will tell
                self._database.write(lambda tx: rows(tx, _KEEP_ALIVE, token=self._token, life=int(1000 * _LIFE)))


def _identity() -> str:
    """Identifies this process: its pid, and its machine by host name, boot id and pid namespace."""
    return f"{os.getpid()} {socket.gethostname()} {_machine()}"


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""  # on such a machine only the heartbeat shows that a process is dead


def is_dead(holder: str) -> bool:
    """Whether a holder was a process of this machine that has ended."""
    number, _, rest = holder.partition(" ")
    _, _, machine = rest.partition(" ")
    if not machine or machine != _machine() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def _told(holder: str) -> str:
    number, _, rest = holder.partition(" ")
    host, _, _ = rest.partition(" ")
    return f"process {number} on {host}" if number else ""
