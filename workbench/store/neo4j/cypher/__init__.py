"""People's own Cypher queries on a viewer's copy: checked against a list of what is allowed, and read-only."""

from workbench.store.neo4j.cypher.asking import NO_COPY, Table, run_cypher
from workbench.store.neo4j.cypher.grammar import check

__all__ = ["NO_COPY", "Table", "check", "run_cypher"]
