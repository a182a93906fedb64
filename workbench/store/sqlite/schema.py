"""Tables of a store, as numbered migrations."""

# A record's texts are numbered rid << TEXT_BITS | ordinal, so that they can be found by record.
TEXT_BITS = 12

_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES ('epoch', 0), ('normaliser', 0);
CREATE TABLE term (num INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE dataset (did INTEGER PRIMARY KEY, agency TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (agency, name));
-- a class of visibility: an agency's records under one marking, or a conjunction of classes
CREATE TABLE marking (vis INTEGER PRIMARY KEY, agency TEXT NOT NULL, marking TEXT NOT NULL,
    members TEXT NOT NULL, UNIQUE (agency, marking, members));
CREATE TABLE revision (rev INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE revision_vis (rev INTEGER, vis INTEGER, PRIMARY KEY (rev, vis)) WITHOUT ROWID;
CREATE TABLE entity (eid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, did INTEGER NOT NULL, source_id TEXT NOT NULL);
CREATE TABLE file (fid INTEGER PRIMARY KEY, rev INTEGER NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL,
    adapter TEXT NOT NULL, agency TEXT NOT NULL, loaded_by TEXT NOT NULL, loaded_at TEXT NOT NULL);
-- source: the first half of the key, which dataset, source id and part decide
CREATE TABLE record (rid INTEGER PRIMARY KEY, source INTEGER NOT NULL, key BLOB NOT NULL, schema INTEGER NOT NULL,
    about INTEGER, did INTEGER NOT NULL, source_id TEXT NOT NULL, part TEXT NOT NULL, vis INTEGER NOT NULL,
    rev_from INTEGER NOT NULL, rev_to INTEGER NOT NULL, fid INTEGER NOT NULL, locator TEXT NOT NULL,
    delivered TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX record_source ON record (source);
CREATE INDEX record_about ON record (about) WHERE about IS NOT NULL;
-- a record with its dataset, marking and file
CREATE VIEW sourced AS SELECT r.rid, r.about, r.vis, r.rev_from, r.rev_to, r.source, r.key, r.source_id, r.part,
    r.locator, r.body, r.delivered, d.agency, d.name, m.marking, f.path, f.sha256, f.adapter, f.loaded_by, f.loaded_at
    FROM record r JOIN dataset d USING (did) JOIN marking m USING (vis) JOIN file f USING (fid);
CREATE TABLE tie (rid INTEGER, a INTEGER, b INTEGER, ra INTEGER, rb INTEGER, schema INTEGER, day INTEGER, vis INTEGER,
    rev_from INTEGER, rev_to INTEGER, PRIMARY KEY (rid, a, b, ra, rb)) WITHOUT ROWID;
CREATE TABLE claim (rid INTEGER, kind INTEGER, value TEXT, scope TEXT, eid INTEGER, vis INTEGER, rev_from INTEGER,
    rev_to INTEGER, PRIMARY KEY (rid, kind, value, scope)) WITHOUT ROWID;
CREATE TABLE text (tid INTEGER PRIMARY KEY, eid INTEGER, folded TEXT, vis INTEGER, rev_from INTEGER, rev_to INTEGER);
CREATE VIRTUAL TABLE text_fts USING fts5(folded, content='', tokenize='trigram', detail=none);
CREATE TABLE short (token TEXT, tid INTEGER, PRIMARY KEY (token, tid)) WITHOUT ROWID;
CREATE TABLE judgement (jid TEXT PRIMARY KEY, a TEXT, b TEXT, verdict TEXT, by TEXT, why TEXT, at TEXT, evidence TEXT,
    overrides TEXT, vis INTEGER, rev_from INTEGER, rev_to INTEGER) WITHOUT ROWID;
CREATE TABLE common (kind TEXT, value TEXT, agency TEXT, marking TEXT, why TEXT, vis INTEGER, rev_from INTEGER,
    rev_to INTEGER, PRIMARY KEY (kind, value, vis, rev_from)) WITHOUT ROWID;
CREATE TABLE load (lid TEXT PRIMARY KEY, rev INTEGER, agency TEXT, dataset TEXT, adapter TEXT, by TEXT, at TEXT,
    delivered TEXT, token TEXT, files TEXT, seq INTEGER);
CREATE TABLE quarantine (qid TEXT, rev INTEGER, agency TEXT, dataset TEXT, adapter TEXT, path TEXT, locator TEXT,
    reason TEXT, message TEXT, raw BLOB, context TEXT, released INTEGER, PRIMARY KEY (qid, rev));
-- how the equal units of a file are numbered, while it has some in quarantine
CREATE TABLE numbering (file TEXT PRIMARY KEY, kept BLOB NOT NULL);
-- records that a person gave another marking: a load does not take it back
CREATE TABLE remarked (key BLOB PRIMARY KEY, vis INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pending_mark (rid INTEGER PRIMARY KEY, rev INTEGER, vis INTEGER);
-- newer deliveries that said a standing record again, and those that were complete for a part of a dataset
CREATE TABLE said (rid INTEGER, delivered TEXT, rev INTEGER, PRIMARY KEY (rid, delivered)) WITHOUT ROWID;
CREATE TABLE complete (did INTEGER, prefix TEXT, delivered TEXT, rev INTEGER);
CREATE TABLE document (kind TEXT, name TEXT, version INTEGER, by TEXT, at TEXT, body TEXT, evidence TEXT,
    own INTEGER, vis INTEGER, UNIQUE (kind, name, by, version));
"""

# Older entries of the log get all records that their agency has, or has loaded, as evidence.
_LOADS_ARE_MARKED = """
ALTER TABLE load ADD COLUMN datasets TEXT NOT NULL DEFAULT '[]';
ALTER TABLE load ADD COLUMN classes TEXT NOT NULL DEFAULT '[]';
CREATE TABLE until_now AS
    SELECT d.agency, r.did, r.vis FROM record r JOIN dataset d USING (did)
    UNION SELECT f.agency, r.did, r.vis FROM record r JOIN file f USING (fid);
UPDATE load SET
    datasets = (SELECT json_group_array(did) FROM
        (SELECT did FROM until_now u WHERE u.agency = load.agency ORDER BY did, vis)),
    classes = (SELECT json_group_array(vis) FROM
        (SELECT vis FROM until_now u WHERE u.agency = load.agency ORDER BY did, vis));
DROP TABLE until_now;
"""

# Files and units get random and sealed ids instead of hashes, and ids made from hashes. Hashes are removed from older
# entries of the log, where a replay of some units can't be distinguished from a load of the whole file.
_FILES_HAVE_IDS = """
INSERT INTO meta VALUES ('secret', new_secret());
ALTER TABLE file ADD COLUMN id TEXT NOT NULL DEFAULT '';
UPDATE file SET id = new_file_id();
DROP VIEW sourced;
CREATE VIEW sourced AS SELECT r.rid, r.about, r.vis, r.rev_from, r.rev_to, r.source, r.key, r.source_id, r.part,
    r.locator, r.body, r.delivered, d.agency, d.name, m.marking, f.path, f.id, f.adapter, f.loaded_by, f.loaded_at
    FROM record r JOIN dataset d USING (did) JOIN marking m USING (vis) JOIN file f USING (fid);
UPDATE quarantine SET context = json_set(context, '$.file',
    sealed((SELECT value FROM meta WHERE name = 'secret'), json_extract(context, '$.file')))
    WHERE json_extract(context, '$.file') IS NOT NULL;
UPDATE quarantine SET qid = sealed((SELECT value FROM meta WHERE name = 'secret'), qid),
    context = json_remove(context, '$.sha256');
UPDATE numbering SET file = sealed((SELECT value FROM meta WHERE name = 'secret'), file);
UPDATE load SET files = (SELECT json_group_array(json_set(value, '$.sha256', '')) FROM json_each(load.files));
"""

# A person's decision is stored under its subject: the first half of the key, or the whole key of a record without a
# source id. For older decisions it is not known what deliveries asked for then, so the decision alone counts.
_DECISIONS_OUTLIVE_RECORDS = """
CREATE TABLE decided (subject BLOB PRIMARY KEY, given TEXT NOT NULL, known TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO decided SELECT subject, json_group_array(vis), '[]' FROM
    (SELECT DISTINCT CASE r.source_id WHEN '' THEN r.key ELSE substr(r.key, 1, 8) END AS subject, m.vis
    FROM remarked m JOIN record r ON r.key = m.key ORDER BY subject, m.vis) GROUP BY subject;
DROP TABLE remarked;
ALTER TABLE decided RENAME TO remarked;
-- the class that the deliveries of a record ask for, where a person decided otherwise
CREATE TABLE asked (rid INTEGER PRIMARY KEY, vis INTEGER NOT NULL);
ALTER TABLE pending_mark ADD COLUMN asked INTEGER;
"""

# A number that changes when records enter or leave a class, so that views that see it notice re-marking.
_CLASSES_HAVE_EPOCHS = "ALTER TABLE marking ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;"

_DELIVERIES = """
CREATE TABLE delivery (did INTEGER, delivered TEXT, content TEXT, PRIMARY KEY (did, delivered, content)) WITHOUT ROWID;
"""

# From now on the store keeps what a load said, and which files, complete deliveries and units in quarantine it brought.
# Those of older loads have the load ''.
_LOADS_KEEP_ACCOUNTS = """
CREATE TABLE account (lid TEXT, n INTEGER, body BLOB NOT NULL, PRIMARY KEY (lid, n)) WITHOUT ROWID;
ALTER TABLE load ADD COLUMN withdrawn TEXT NOT NULL DEFAULT '';
ALTER TABLE file ADD COLUMN lid TEXT NOT NULL DEFAULT '';
ALTER TABLE complete ADD COLUMN lid TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN loads TEXT NOT NULL DEFAULT '[""]';
"""

# What one answer asks for, it finds without reading the whole store.
_LOOKUPS = """
CREATE INDEX claim_value ON claim (value, kind);
CREATE INDEX claim_entity ON claim (eid);
CREATE INDEX tie_a ON tie (a, schema);
CREATE INDEX tie_b ON tie (b, schema);
"""

# Which records ended between two revisions is found without reading those that stand.
_ENDED_RECORDS = "CREATE INDEX record_ended ON record (rev_to) WHERE rev_to < 2147483647;"

# Which markings and schemata a view has is found without reading its records. Every vis is 0 or more: the condition
# keeps the index from statements that do not repeat it, which SQLite would otherwise answer by it, slowly.
_KINDS = "CREATE INDEX record_kind ON record (vis, schema, rev_to) WHERE vis >= 0;"

# Judgements about an entity, and those that override others, are found without reading the rest.
_JUDGEMENTS = """
CREATE INDEX judgement_a ON judgement (a);
CREATE INDEX judgement_b ON judgement (b);
CREATE INDEX judgement_overriding ON judgement (vis) WHERE overrides <> '[]';
"""

# By which keys a text that is a name is found where its words are spelled otherwise.
KEYS_OF_NAMES = """
INSERT INTO sound SELECT k.value, t.tid FROM text t JOIN record r ON r.rid = t.tid >> 12
    JOIN json_each(keys_of_names(r.body, t.folded)) k;
"""
_SIMILAR_NAMES = "CREATE TABLE sound (key TEXT, tid INTEGER, PRIMARY KEY (key, tid)) WITHOUT ROWID;" + KEYS_OF_NAMES

# Scores of pairs: what they were computed by, the facets that were compared, and the weights of each two.
_SCORES = """
CREATE TABLE model (mid INTEGER PRIMARY KEY, body TEXT, rev_from INTEGER, rev_to INTEGER);
CREATE TABLE facet (fid INTEGER PRIMARY KEY, eid INTEGER, kind INTEGER, vis INTEGER, scope INTEGER,
    forms TEXT, rev_from INTEGER, rev_to INTEGER);
CREATE INDEX facet_entity ON facet (eid, vis);
CREATE INDEX facet_class ON facet (kind, vis, rev_from, rev_to);
CREATE TABLE pair (fa INTEGER, fb INTEGER, a INTEGER, b INTEGER, kind INTEGER, vis INTEGER, weights BLOB,
    blocked INTEGER, rev_from INTEGER, rev_to INTEGER, PRIMARY KEY (fa, fb)) WITHOUT ROWID;
CREATE INDEX pair_second ON pair (fb);
CREATE INDEX pair_a ON pair (a);
CREATE INDEX pair_b ON pair (b);
"""

# The documents, phones, mailboxes and addresses of facets, each with a number of the name under which it is held.
VALUES_OF_FACETS = """
INSERT INTO facet_value SELECT v.value, f.fid, f.held ->> 0
FROM (SELECT fid, values_of(fid, forms) AS held FROM facet) f JOIN json_each(f.held, '$[1]') v;
"""
_FACET_VALUES = (
    """
CREATE TABLE facet_value (value INTEGER, fid INTEGER, holder INTEGER, PRIMARY KEY (value, fid)) WITHOUT ROWID;
CREATE INDEX facet_value_facet ON facet_value (fid);
"""
    + VALUES_OF_FACETS
)

# Whether a file was read before is found without reading the others.
_FILES_BY_HASH = "CREATE INDEX file_hash ON file (sha256);"

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("0001 the spine", _FIRST),
    ("0002 loads are marked", _LOADS_ARE_MARKED),
    ("0003 files have ids", _FILES_HAVE_IDS),
    ("0004 decisions outlive records", _DECISIONS_OUTLIVE_RECORDS),
    ("0005 classes have epochs", _CLASSES_HAVE_EPOCHS),
    ("0006 deliveries", _DELIVERIES),
    ("0007 loads keep accounts", _LOADS_KEEP_ACCOUNTS),
    ("0008 lookups", _LOOKUPS),
    ("0009 ended records", _ENDED_RECORDS),
    ("0010 kinds of records", _KINDS),
    ("0011 judgements by entity", _JUDGEMENTS),
    ("0012 similar names", _SIMILAR_NAMES),
    ("0013 scores", _SCORES),
    ("0014 values of facets", _FACET_VALUES),
    ("0015 files by hash", _FILES_BY_HASH),
)

# Written into the file's header, so that another program's file is never taken for a store. It changed on 25 November
# 2026, with the way in which keys are computed.
APPLICATION_ID = 0x4A495744


def text_span(rid: int) -> tuple[int, int]:
    """The first and last number that a text of a record can have."""
    return rid << TEXT_BITS, (rid << TEXT_BITS) + (1 << TEXT_BITS) - 1
