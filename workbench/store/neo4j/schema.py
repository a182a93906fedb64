"""Constraints and indexes, as named, ordered migrations that are recorded and safe to repeat.

`docs/neo4j.md` describes the properties of all nodes and relationships. Every pattern in this package
names its labels and types; those of entities and ties come from the ontology and from manifests.
"""

from collections.abc import Callable
from typing import LiteralString, TypeAlias

from workbench.errors import NoStore, StoreMismatch
from workbench.store.neo4j.connection import Database
from workbench.store.neo4j.facet_values import put_values
from workbench.store.neo4j.finding import number_records
from workbench.store.neo4j.naming import name_records
from workbench.store.neo4j.sealing import seal_files

_UNIQUE: tuple[LiteralString, ...] = (
    "CREATE CONSTRAINT store_name IF NOT EXISTS FOR (n:Store) REQUIRE n.name IS UNIQUE",
    "CREATE CONSTRAINT lease_name IF NOT EXISTS FOR (n:Lease) REQUIRE n.name IS UNIQUE",
    "CREATE CONSTRAINT heartbeat_name IF NOT EXISTS FOR (n:Heartbeat) REQUIRE n.name IS UNIQUE",
    "CREATE CONSTRAINT migration_name IF NOT EXISTS FOR (n:Migration) REQUIRE n.name IS UNIQUE",
    "CREATE CONSTRAINT dataset_number IF NOT EXISTS FOR (n:Dataset) REQUIRE n.did IS UNIQUE",
    "CREATE CONSTRAINT class_number IF NOT EXISTS FOR (n:VisibilityClass) REQUIRE n.vis IS UNIQUE",
    "CREATE CONSTRAINT shape_number IF NOT EXISTS FOR (n:Shape) REQUIRE n.shape IS UNIQUE",
    "CREATE CONSTRAINT revision_number IF NOT EXISTS FOR (n:Revision) REQUIRE n.rev IS UNIQUE",
    "CREATE CONSTRAINT file_number IF NOT EXISTS FOR (n:SourceFile) REQUIRE n.fid IS UNIQUE",
    "CREATE CONSTRAINT entity_number IF NOT EXISTS FOR (n:Entity) REQUIRE n.eid IS UNIQUE",
    "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT record_number IF NOT EXISTS FOR (n:Record) REQUIRE n.rid IS UNIQUE",
    "CREATE CONSTRAINT judgement_id IF NOT EXISTS FOR (n:Judgement) REQUIRE n.jid IS UNIQUE",
    "CREATE CONSTRAINT load_id IF NOT EXISTS FOR (n:LoadEntry) REQUIRE n.lid IS UNIQUE",
    "CREATE CONSTRAINT remarked_subject IF NOT EXISTS FOR (n:Remarked) REQUIRE n.subject IS UNIQUE",
    "CREATE CONSTRAINT numbering_file IF NOT EXISTS FOR (n:Numbering) REQUIRE n.file IS UNIQUE",
)

_INDEXES: tuple[LiteralString, ...] = (
    # also for searches by dataset, source id and part: the first half of a key is their hash
    "CREATE INDEX record_key IF NOT EXISTS FOR (n:Record) ON (n.key)",
    "CREATE INDEX record_about IF NOT EXISTS FOR (n:Record) ON (n.about)",
    "CREATE INDEX record_pending IF NOT EXISTS FOR (n:Record) ON (n.pending_vis)",
    "CREATE INDEX quarantined_id IF NOT EXISTS FOR (n:Quarantined) ON (n.qid)",
    "CREATE INDEX part_record IF NOT EXISTS FOR (n:TextPart) ON (n.rid)",
    "CREATE TEXT INDEX part_texts IF NOT EXISTS FOR (n:TextPart) ON (n.search)",
    "CREATE TEXT INDEX part_tokens IF NOT EXISTS FOR (n:TextPart) ON (n.tokens)",
    "CREATE TEXT INDEX record_texts IF NOT EXISTS FOR (n:Record) ON (n.search)",
    "CREATE TEXT INDEX record_tokens IF NOT EXISTS FOR (n:Record) ON (n.tokens)",
)

_OF_COPIES: tuple[LiteralString, ...] = ("CREATE INDEX entity_canonical IF NOT EXISTS FOR (n:Entity) ON (n.canonical)",)

_DELIVERIES: tuple[LiteralString, ...] = ("CREATE INDEX delivery_dataset IF NOT EXISTS FOR (n:Delivery) ON (n.did)",)

_FIRST: tuple[LiteralString, ...] = (
    "MERGE (s:Store {name: 'workbench'}) ON CREATE SET s.published = 0, s.epoch = 0, s.normaliser = 0",
    "MERGE (l:Lease {name: 'writer'}) ON CREATE SET l.token = '', l.step = 0, l.holder = ''",
    "MERGE (h:Heartbeat {name: 'writer'}) ON CREATE SET h.token = '', h.expires = 0",
)

# Older entries of the log get all records that their agency has, or has loaded, as evidence.
_LOADS_ARE_MARKED: tuple[LiteralString, ...] = (
    """
    MATCH (r:Record) WITH r.did AS did, r.vis AS vis, collect(DISTINCT r.fid) AS fids
    MATCH (d:Dataset {did: did}) MATCH (f:SourceFile) WHERE f.fid IN fids
    WITH did, vis, d.agency AS owner, collect(DISTINCT f.agency) AS loaders ORDER BY did, vis
    WITH collect({did: did, vis: vis, agencies: loaders + owner}) AS known
    MATCH (l:LoadEntry) WHERE l.classes IS NULL
    WITH l, [each IN known WHERE l.agency IN each.agencies] AS until_now
    SET l.datasets = [each IN until_now | each.did], l.classes = [each IN until_now | each.vis]
    """,
)

# A person's decision is stored under its subject: the first half of the key, or the whole key of a record without a
# source id. For older decisions it is not known what deliveries asked for then, so the decision alone counts.
_DECISIONS_OUTLIVE_RECORDS: tuple[LiteralString, ...] = (
    "DROP CONSTRAINT remarked_key IF EXISTS",
    "CREATE CONSTRAINT remarked_subject IF NOT EXISTS FOR (n:Remarked) REQUIRE n.subject IS UNIQUE",
    """
    MATCH (m:Remarked) WHERE m.key IS NOT NULL MATCH (r:Record {key: m.key})
    WITH CASE r.source_id WHEN '' THEN r.key ELSE left(r.key, 16) END AS subject, m.vis AS vis ORDER BY subject, vis
    WITH subject, collect(DISTINCT vis) AS given
    MERGE (n:Remarked {subject: subject}) SET n.given = given, n.known = []
    """,
    "MATCH (m:Remarked) WHERE m.key IS NOT NULL DELETE m",
)

# The accounts of loads from now on: see `docs/neo4j.md`.
_ACCOUNTS: tuple[LiteralString, ...] = ("CREATE INDEX account_load IF NOT EXISTS FOR (n:Account) ON (n.lid)",)

# The numbers by which lookups find records: see `finding`.
_FINDING: tuple[LiteralString, ...] = (
    "CREATE INDEX record_found_by IF NOT EXISTS FOR (n:Record) ON (n.found_by)",
    "CREATE INDEX found_by_number IF NOT EXISTS FOR (n:FoundBy) ON (n.number)",
    "CREATE INDEX found_by_record IF NOT EXISTS FOR (n:FoundBy) ON (n.rid)",
)
# Judgements are found by the entities that they are about, and those that override others by `overriding`.
_JUDGEMENTS: tuple[LiteralString, ...] = (
    "CREATE INDEX judgement_a IF NOT EXISTS FOR (n:Judgement) ON (n.a)",
    "CREATE INDEX judgement_b IF NOT EXISTS FOR (n:Judgement) ON (n.b)",
    "CREATE INDEX judgement_overriding IF NOT EXISTS FOR (n:Judgement) ON (n.overriding)",
)
# Facets and pairs are found by entities, and pairs by either facet.
_SCORES: tuple[LiteralString, ...] = (
    "CREATE CONSTRAINT model_number IF NOT EXISTS FOR (n:ScoringModel) REQUIRE n.mid IS UNIQUE",
    "CREATE CONSTRAINT facet_number IF NOT EXISTS FOR (n:Facet) REQUIRE n.fid IS UNIQUE",
    "CREATE CONSTRAINT pair_facets IF NOT EXISTS FOR (n:Pair) REQUIRE (n.fa, n.fb) IS UNIQUE",
    "CREATE INDEX facet_entity IF NOT EXISTS FOR (n:Facet) ON (n.eid)",
    "CREATE INDEX pair_second IF NOT EXISTS FOR (n:Pair) ON (n.fb)",
    "CREATE INDEX pair_a IF NOT EXISTS FOR (n:Pair) ON (n.a)",
    "CREATE INDEX pair_b IF NOT EXISTS FOR (n:Pair) ON (n.b)",
)
# Whether a file was read before is found without reading the others.
_FILES_BY_HASH: tuple[LiteralString, ...] = ("CREATE INDEX file_hash IF NOT EXISTS FOR (n:SourceFile) ON (n.sha256)",)
_MARK_OVERRIDING: LiteralString = "MATCH (j:Judgement) WHERE size(j.overrides) > 0 SET j.overriding = true"
_RECORD: LiteralString = "UNWIND $names AS name MERGE (m:Migration {name: name}) ON CREATE SET m.at = datetime()"
# A database may hold records before its indexes are ready.
_AWAIT: LiteralString = "CALL db.awaitIndexes(300)"

_Step: TypeAlias = LiteralString | Callable[[Database], None]

MIGRATIONS: tuple[tuple[str, tuple[_Step, ...]], ...] = (
    ("0001 constraints", _UNIQUE),
    ("0002 indexes", _INDEXES),
    ("0003 the store, its lease and heartbeat", _FIRST),
    ("0004 who is one, on a viewer's copy", _OF_COPIES),
    ("0005 loads are marked", _LOADS_ARE_MARKED),
    ("0006 files have ids", (seal_files,)),
    ("0007 decisions outlive records", _DECISIONS_OUTLIVE_RECORDS),
    ("0008 deliveries", _DELIVERIES),
    ("0009 loads keep accounts", _ACCOUNTS),
    ("0010 records are found by what they say", (*_FINDING, _AWAIT, number_records)),
    ("0011 judgements by entity", (*_JUDGEMENTS, _MARK_OVERRIDING)),
    ("0012 similar names", (_AWAIT, name_records)),
    ("0013 scores", _SCORES),
    ("0014 values of facets", (_AWAIT, put_values)),
    ("0015 files by hash", _FILES_BY_HASH),
)


def names(kind: str) -> tuple[str, ...]:
    """The names of our constraints ("CONSTRAINT"), each of which has an index, or of our other indexes ("INDEX")."""
    made = [(_made_by(step), step.split()[:3]) for _, steps in MIGRATIONS for step in steps if isinstance(step, str)]
    return tuple(dict.fromkeys(name for name, said in made if name and kind in said))


# A second way to recognise a store: the record of its migrations may be lost.
_OURS: LiteralString = """
MATCH (s:Store {name: 'workbench'}) WHERE s.published IS NOT NULL AND s.epoch IS NOT NULL RETURN 1
"""


def migrate(database: Database) -> None:
    """Migrate the database to this version; StoreMismatch if it holds something else, or is newer."""
    done = recorded(database) or set()
    left = {name: steps for name, steps in MIGRATIONS if name not in done}
    if not left:
        return
    there = {name for (name,) in database.read("SHOW INDEXES YIELD name")}
    for step in (step for steps in left.values() for step in steps):
        if callable(step):
            step(database)
        elif _made_by(step) not in there:
            database.run(step)
    database.run(_RECORD, names=[*left])
    database.run(_AWAIT)


def _made_by(step: LiteralString) -> str:
    """The name of the constraint or index that a statement creates, "" if it creates none."""
    said = step.split()
    return said[said.index("IF") - 1] if said[0] == "CREATE" else ""


def migrate_existing(database: Database) -> None:
    """As `migrate`, for an existing store; NoStore for an empty database, which is left as it is."""
    if recorded(database) is None:
        raise NoStore(f"no store at {database.address.shown}: load something into it first, or name another store")
    migrate(database)


def repair(database: Database) -> None:
    """Recreate constraints and indexes that were dropped, and the numbers and tokens by which records are found.

    NoStore for an empty database; StoreBusy if these have to be made while somebody writes.
    """
    migrate_existing(database)
    indexes = (*_INDEXES, *_OF_COPIES, *_DELIVERIES, *_ACCOUNTS, *_FINDING, *_JUDGEMENTS, *_SCORES)
    for statement in (*_UNIQUE, *indexes, _MARK_OVERRIDING):
        database.run(statement)
    database.run(_AWAIT)
    number_records(database)
    name_records(database)


def recorded(database: Database) -> set[str] | None:
    """The names of the migrations that are recorded as done; None for an empty database.

    StoreMismatch if the database holds something else, or a newer version's store.
    """
    done = _names(database)
    if not done:
        if database.row("MATCH (n) WITH n LIMIT 1 RETURN count(n)") == [0]:
            return None
        done = _names(database)  # another process may be creating it: migrations are recorded first
        if not done and not database.read(_OURS):
            raise StoreMismatch(
                f"{database.address.shown} holds a graph that is not a workbench store: name another database"
            )
    newer = done.difference(name for name, _ in MIGRATIONS)
    if newer:
        raise StoreMismatch(
            f"{database.address.shown} was written by a newer workbench ({max(newer)}): upgrade this one"
        )
    return done


def _names(database: Database) -> set[str]:
    return {str(name) for (name,) in database.read("MATCH (m:Migration) RETURN m.name")}
