"""Stores in the state before a migration, which is then repeated."""

from workbench.store.neo4j import schema as of_neo4j
from workbench.store.neo4j.backend import Neo4jBackend
from workbench.store.sqlite.backend import SqliteBackend
from workbench.store.sqlite.connection import _statements
from workbench.store.sqlite.schema import MIGRATIONS
from workbench.view.store import GraphStore


def make_again(store: GraphStore, migration: str) -> None:
    """Make a migration again, by its name without the number: on Neo4j when the store is opened next."""
    if isinstance(store.backend, SqliteBackend):
        (script,) = (script for name, script in MIGRATIONS if name.partition(" ")[2] == migration)
        for statement in _statements(script):
            store.backend._db.execute(statement)
    elif isinstance(store.backend, Neo4jBackend):
        (name,) = (name for name, _ in of_neo4j.MIGRATIONS if name.partition(" ")[2] == migration)
        store.backend._database.run("MATCH (m:Migration {name: $name}) DELETE m", name=name)
