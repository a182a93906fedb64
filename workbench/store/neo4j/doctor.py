"""Checks of a store on a server, without writing to it."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, LiteralString

import neo4j

from workbench.store.contents import examine_contents
from workbench.store.health import Check, looked, normal_forms, size
from workbench.store.login import NOBODY, Login
from workbench.store.neo4j.address import address_of
from workbench.store.neo4j.columns import read_base
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.copying import Neo4jOutgoing, status
from workbench.store.neo4j.drawing import wrongly_drawn
from workbench.store.neo4j.facet_values import wrong_values
from workbench.store.neo4j.finding import misnumbered, of_no_record, unmarked
from workbench.store.neo4j.lease import is_dead
from workbench.store.neo4j.naming import misnamed
from workbench.store.neo4j.schema import MIGRATIONS, names, recorded, repair
from workbench.store.records_known import LIVE

_MOST_SECONDS_APART = 5.0
_MOST_SECONDS_SILENT = 60.0
# Roles of Enterprise Edition that may write and create constraints and indexes.
_ROLES = frozenset({"admin", "architect"})

_DATABASES: LiteralString = """
SHOW DATABASES YIELD name, aliases, access, currentStatus, home, writer
WHERE (home AND $name IS NULL) OR name = toLower($name) OR toLower($name) IN aliases
RETURN name, access, currentStatus ORDER BY writer DESC LIMIT 1
"""
_USER: LiteralString = "SHOW CURRENT USER YIELD user, roles RETURN user, roles"
_CLOCK: LiteralString = "RETURN timestamp()"
_SETTINGS: LiteralString = """
SHOW SETTINGS 'server.memory.pagecache.size', 'dbms.memory.transaction.total.max' YIELD name, value
RETURN name, value
"""
_MEMORY: LiteralString = """
CALL dbms.queryJmx('java.lang:type=Memory') YIELD attributes
WITH attributes.HeapMemoryUsage.value.properties.max AS heap
CALL dbms.queryJmx('java.lang:type=OperatingSystem') YIELD attributes
RETURN heap, attributes.TotalMemorySize.value
"""
_KEEP_ALIVE, _PROBES = "server.bolt.connection_keep_alive", "server.bolt.connection_keep_alive_probes"
_SILENCE: LiteralString = """
SHOW SETTINGS 'server.bolt.connection_keep_alive', 'server.bolt.connection_keep_alive_probes' YIELD name, value
RETURN name, value
"""
_CONSTRAINTS: LiteralString = "SHOW CONSTRAINTS YIELD name RETURN name"
_INDEXES: LiteralString = "SHOW INDEXES YIELD name, state, populationPercent RETURN name, state, populationPercent"
_WRITER: LiteralString = """
MATCH (l:Lease {name: 'writer'}), (h:Heartbeat {name: 'writer'}), (s:Store {name: 'workbench'})
RETURN CASE WHEN l.token = '' THEN '' ELSE l.holder END, l.since, h.expires < timestamp(), s.writing IS NOT NULL
"""
_NORMALISER: LiteralString = "MATCH (s:Store {name: 'workbench'}) RETURN s.normaliser"
_MODELS: LiteralString = "MATCH (m:ScoringModel {rev_to: $live}) RETURN m.body"
_LEFT: LiteralString = """
MATCH (s:Store {name: 'workbench'}) MATCH (r:Record) WHERE r.rid >= s.first_record RETURN count(r)
"""
_ENDED: LiteralString = """
MATCH (s:Store {name: 'workbench'}) MATCH (r:Record:Closing) WHERE r.rev_to <= s.published RETURN count(r)
"""


_KEYS_SHOWN = 5
_OF_CONTENT = ("copy", "normal forms")  # checks that say nothing of the schema
_REPAIR = "run `workbench doctor --repair`, which recreates what was dropped"


class _Asked(Database):
    patience = 3.0


def examine_server(url: str, login: Login = NOBODY, contents: bool = False) -> Iterator[Check]:
    """All checks of a server, its database, and the store in it; with `contents`, of every row of it too."""
    database = _Asked(address_of(url, login))
    try:
        reached = list(looked("server", partial(_server, database)))
        yield from reached
        if any(each.state == "failed" for each in reached):
            return
        for name, look in _OF_SERVER.items():
            yield from looked(name, partial(look, database))
        checks = list(looked("store", partial(_store, database)))
        yield from checks
        first = next((each for each in checks if each.state != "ok" and each.name not in _OF_CONTENT), None)
        for name, look in (_OF_STORE | _OF_CONTENTS if contents else _OF_STORE).items():
            yield from _left_out(name, first) if first else looked(name, partial(look, database))
    finally:
        database.close()


def repair_server(url: str, login: Login = NOBODY) -> None:
    """Recreate what was dropped; see `workbench.store.doctor.repair`."""
    database = Database(address_of(url, login))
    try:
        database.server()
        repair(database)
    finally:
        database.close()


def _left_out(name: str, why: Check) -> Iterator[Check]:
    yield Check(name, "unknown", f"not checked, because of: {why.name}", why.todo)


def _server(database: Database) -> Iterator[Check]:
    version, edition = database.server()
    found = f"Neo4j {version} {edition} (5.26 or newer is supported), driver {neo4j.__version__}"
    yield Check("server", "ok", found)


def _database(database: Database) -> Iterator[Check]:
    listed = database.read(_DATABASES, name=database.address.database)
    if not listed:
        yield Check("database", "unknown", "the server lists no such database for this user", "see SHOW DATABASES")
        return
    ((name, access, state),) = listed
    if access != "read-write":
        yield Check("database", "failed", f"{name} is {access}", "see server.databases.default_to_read_only")
    else:
        yield Check("database", "ok", f"{name} is {state}")


def _rights(database: Database) -> Iterator[Check]:
    user, roles = database.row(_USER)
    if roles is None:
        yield Check("rights", "ok", f"{user} has all rights, as every user of Community Edition has")
    elif _ROLES.intersection(roles):
        yield Check("rights", "ok", f"{user} is {', '.join(sorted(roles))}")
    else:
        said = f"{user} is only {', '.join(sorted(roles))}"
        yield Check("rights", "warning", said, "loads need the role architect, or rights to write and to make indexes")


def _clock(database: Database) -> Iterator[Check]:
    before = time.time()
    (theirs,) = database.row(_CLOCK)
    after = time.time()
    apart = theirs / 1000 - (before + after) / 2
    said = f"the server's is {abs(apart):.1f} s {'ahead of' if apart > 0 else 'behind'} this machine's"
    if abs(apart) > _MOST_SECONDS_APART:
        yield Check("clock", "warning", said, "set both by NTP: logs and certificates go by them")
    else:
        yield Check("clock", "ok", said)


def _disk(database: Database) -> Iterator[Check]:
    del database  # Community Edition does not tell it over Bolt: no JMX bean, procedure or setting has it
    yield Check(
        "disk", "unknown", "a Neo4j server does not report free space", "on the server, run df on its data folder"
    )


def _memory(database: Database) -> Iterator[Check]:
    heap, machine = database.row(_MEMORY)
    settings = dict[str, str | None](database.read(_SETTINGS))
    cache = settings.get("server.memory.pagecache.size")
    said = f"heap {size(heap)}, page cache {cache or 'as Neo4j chose it'}, machine {size(machine)}"
    if cache is not None and heap + _octets(cache) > machine:
        yield Check("memory", "warning", said, "heap and page cache together exceed the machine: make them smaller")
    elif _octets(settings.get("dbms.memory.transaction.total.max") or "0") == 0:
        todo = "set dbms.memory.transaction.total.max: without it one query can use the whole heap"
        yield Check("memory", "warning", said, todo)
    else:
        yield Check("memory", "ok", said)


_UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


def _octets(setting: str) -> float:
    """The number of bytes in a size as Neo4j writes it, such as 128.00MiB."""
    unit = setting.lstrip("0123456789.")
    return float(setting.removesuffix(unit) or 0) * _UNITS.get(unit, 1)


_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _silence(database: Database) -> Iterator[Check]:
    settings = dict[str, str](database.read(_SILENCE))
    if len(settings) == 2:
        yield told_of_silence(settings[_KEEP_ALIVE], settings[_PROBES])


def told_of_silence(keep_alive: str, probes: str) -> Check:
    """How long the driver waits for a server that falls silent, from the server's settings: it has no other limit."""
    words = re.findall(r"([\d.]+)([a-z]+)", keep_alive)
    waited = float(probes) * sum(float(number) * _SECONDS[unit] for number, unit in words)
    said = f"a server that falls silent during a query is given up after {waited:g} s"
    if waited > _MOST_SECONDS_SILENT:
        return Check("silence", "warning", said, f"set {_KEEP_ALIVE} to 10s")
    return Check("silence", "ok", said)


def _store(database: Database) -> Iterator[Check]:
    done = recorded(database)
    if done is None:
        yield Check("store", "warning", "there is none yet", "load something into it")
        return
    missing = [name for name, _ in MIGRATIONS if name not in done]
    if missing:
        todo = "they are applied when the store is next opened: back it up first"
        yield Check("migrations", "warning", f"not made: {', '.join(missing)}", todo)
    else:
        yield Check("migrations", "ok", f"all {len(done)} are made")
    models = [body for (body,) in database.read(_MODELS, live=LIVE)]
    for (number,) in database.read(_NORMALISER):
        yield normal_forms(number, models)
    copying, viewer = status(database.row)
    if copying:
        yield Check("copy", "warning", "the copy into it was not finished", "run `workbench copy` again")
    elif viewer:
        yield Check("copy", "ok", f"made for {viewer}")


def _constraints(database: Database) -> Iterator[Check]:
    there = {name for (name,) in database.read(_CONSTRAINTS)}
    expected = names("CONSTRAINT")
    missing = [name for name in expected if name not in there]
    if missing:
        yield Check("constraints", "failed", f"not there: {', '.join(missing)}", _REPAIR)
    else:
        yield Check("constraints", "ok", f"all {len(expected)} are there")


def _indexes(database: Database) -> Iterator[Check]:
    there = {name: (state, percent) for name, state, percent in database.read(_INDEXES)}
    expected = [*names("CONSTRAINT"), *names("INDEX")]
    missing = [name for name in expected if name not in there]
    if missing:
        yield Check("indexes", "failed", f"not there: {', '.join(missing)}", _REPAIR)
    for name in expected:
        state, percent = there.get(name, ("ONLINE", 100.0))
        if state == "FAILED":
            yield Check("indexes", "failed", f"{name} has failed", f"see the server's log; drop it, then {_REPAIR}")
        elif state != "ONLINE":
            yield Check("indexes", "warning", f"{name} is {state.lower()}, {percent:.0f} %", "wait until it is online")
    if not missing and all(there[name][0] == "ONLINE" for name in expected):
        yield Check("indexes", "ok", f"all {len(expected)} are online")


def _writer(database: Database) -> Iterator[Check]:
    holder, since, expired, writing = database.row(_WRITER)
    if holder and not expired and not is_dead(holder):
        process, _, rest = holder.partition(" ")
        begun = f" (since {_moment(since)})" if since else ""
        yield Check("writer", "ok", f"process {process} on {rest.partition(' ')[0]} is writing{begun}")
    elif writing:
        (left,) = database.row(_LEFT)
        found = f"a load was interrupted before it was published, and left {left} records that nobody sees"
        yield Check("writer", "warning", found, "load it again: that removes them")
    elif holder:
        yield Check("writer", "ok", "nobody is writing; the last writer was interrupted, and left nothing behind")
    else:
        yield Check("writer", "ok", "nobody is writing")


def _past(database: Database) -> Iterator[Check]:
    (ended,) = database.row(_ENDED)
    if ended:
        found = f"{ended} records that have ended are still drawn as present relationships"
        yield Check("past", "warning", found, "the next load or judgement moves them; views are not affected")
    else:
        yield Check("past", "ok", "all records that have ended are moved to the past")


def _contents(database: Database) -> Iterator[Check]:
    yield from examine_contents(Neo4jOutgoing(database.row), lambda revision: read_base(database, revision).columns)


def _lookups(database: Database) -> Iterator[Check]:
    keys = sorted(
        {key for some in misnumbered(database) for _, key, _ in some}
        | {key for some in misnamed(database) for _, key, _ in some}
    )
    if keys:
        yield Check("lookups", "failed", f"{_counted(keys)} are not found by what they say: {_some(keys)}", _REPAIR)
    elif of_no_record(database):
        yield Check("lookups", "failed", "there are numbers for finding records that are not there", _REPAIR)
    elif unmarked(database):
        yield Check("lookups", "failed", "there are judgements that override others and are not found by that", _REPAIR)
    elif any(wrong_values(database)):
        yield Check("lookups", "failed", "there are facets that are not found by their values", _REPAIR)
    else:
        yield Check("lookups", "ok", "records and judgements are found by what they say")


def _ties(database: Database) -> Iterator[Check]:
    keys = wrongly_drawn(database)
    if keys is None:
        yield Check("ties", "unknown", "not compared while somebody writes", "wait until the load has ended")
    elif keys:
        found = f"the relationships of {_counted(keys)} are not those of their ties: {_some(keys)}"
        yield Check("ties", "failed", found, "run `workbench copy` into an empty database, which draws them anew")
    else:
        yield Check("ties", "ok", "every relationship is that of a record's tie")


def _counted(keys: Sequence[str]) -> str:
    return f"{len(keys)} record{'' if len(keys) == 1 else 's'}"


def _some(keys: Sequence[str]) -> str:
    return ", ".join(keys[:_KEYS_SHOWN]) + (", ..." if len(keys) > _KEYS_SHOWN else "")


def _moment(milliseconds: Any) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


_Examination = Callable[[Database], Iterator[Check]]
_OF_SERVER: dict[str, _Examination] = {
    "database": _database,
    "rights": _rights,
    "clock": _clock,
    "disk": _disk,
    "memory": _memory,
    "silence": _silence,
}
_OF_STORE: dict[str, _Examination] = {
    "constraints": _constraints,
    "indexes": _indexes,
    "writer": _writer,
    "past": _past,
}
_OF_CONTENTS: dict[str, _Examination] = {"contents": _contents, "lookups": _lookups, "ties": _ties}
