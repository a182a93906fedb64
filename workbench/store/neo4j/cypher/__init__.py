"""Cypher of people's own on a viewer's copy: checked against a list of what is allowed, and only read."""

from workbench.store.neo4j.cypher.asking import NO_COPY, Table, run_cypher
from workbench.store.neo4j.cypher.grammar import check

__all__ = ["NO_COPY", "Table", "check", "run_cypher"]
