/*
 * The file's tables. `nodes` and `relationships` are MemoryGraph's for Python, to the letter; everything with the prefix `mg_`
 * is ours and can be dropped without losing a memory. The triggers also run for other programs that write the file, so they
 * use nothing that SQLite 3.40 does not have, and never fail on a row whose JSON is broken.
 */

import { SYMMETRIC_TYPES } from '../../model/relationship-type.js'
import { UNSPACED_GLOB } from '../../search/unspaced-script.js'
import { instantOf } from './instant.js'

/** The schema this library writes. */
export const SCHEMA_VERSION = 8
/** The oldest reader that can work with that schema. */
export const MIN_READER_VERSION = 1

/** Python's tables and indexes. */
export const CREATE_GRAPH_TABLES: string = `
CREATE TABLE IF NOT EXISTS nodes (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  properties TEXT NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS relationships (
  id TEXT PRIMARY KEY,
  from_id TEXT NOT NULL,
  to_id TEXT NOT NULL,
  rel_type TEXT NOT NULL,
  properties TEXT NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  valid_from TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  valid_until TIMESTAMP,
  recorded_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  invalidated_by TEXT,
  FOREIGN KEY (from_id) REFERENCES nodes(id) ON DELETE CASCADE,
  FOREIGN KEY (to_id) REFERENCES nodes(id) ON DELETE CASCADE,
  FOREIGN KEY (invalidated_by) REFERENCES relationships(id) ON DELETE SET NULL
);
CREATE INDEX IF NOT EXISTS idx_nodes_label ON nodes(label);
CREATE INDEX IF NOT EXISTS idx_nodes_created ON nodes(created_at);
CREATE INDEX IF NOT EXISTS idx_nodes_memory ON nodes(label) WHERE label = 'Memory';
CREATE INDEX IF NOT EXISTS idx_rel_from ON relationships(from_id);
CREATE INDEX IF NOT EXISTS idx_rel_to ON relationships(to_id);
CREATE INDEX IF NOT EXISTS idx_rel_type ON relationships(rel_type);
CREATE INDEX IF NOT EXISTS idx_relationships_temporal ON relationships(valid_from, valid_until);
CREATE INDEX IF NOT EXISTS idx_relationships_current ON relationships(valid_until) WHERE valid_until IS NULL;
CREATE INDEX IF NOT EXISTS idx_relationships_recorded ON relationships(recorded_at);
`

/** The columns that relationships from before MemoryGraph 0.10 lack, as they can be added to a table that has rows. */
export const TEMPORAL_COLUMNS: Readonly<Record<string, string>> = {
  valid_from: 'TIMESTAMP',
  valid_until: 'TIMESTAMP',
  recorded_at: 'TIMESTAMP',
  invalidated_by: 'TEXT REFERENCES relationships(id) ON DELETE SET NULL',
}

const RECORDED = instantOf('created_at')
/** What was recorded at some time was known since then, and, where nothing else is said, has held since then. */
export const FILL_TEMPORAL_COLUMNS: string = `
UPDATE relationships SET valid_from = coalesce(valid_from, ${RECORDED}, created_at), recorded_at = coalesce(recorded_at, ${RECORDED}, created_at)
WHERE valid_from IS NULL OR recorded_at IS NULL`

/**
 * Our tables. `mg_memory` has a row for each memory that can be read: the key of its text, and what searches filter and order by.
 * Deleting a relationship looks for those it invalidated, which takes an index.
 */
export const CREATE_OWN_TABLES: string = `
CREATE TABLE mg_schema (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE mg_memory (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT,
  importance REAL NOT NULL,
  confidence REAL NOT NULL,
  effectiveness REAL,
  created_at TEXT,
  project_path TEXT,
  title_length INTEGER NOT NULL
);
CREATE INDEX mg_memory_rank ON mg_memory(importance DESC, created_at DESC, id);
CREATE VIRTUAL TABLE mg_text USING fts5(
  title, summary, tags, content, tokenize="porter unicode61 remove_diacritics 2"
);
CREATE TABLE mg_change (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, op TEXT NOT NULL);
CREATE INDEX mg_node_label ON nodes(label, id);
CREATE INDEX mg_relationship_invalidated_by ON relationships(invalidated_by) WHERE invalidated_by IS NOT NULL;
`

/**
 * What tells one history of a graph from another. A primary takes note of each write, so that a write whose answer was lost is
 * known to have happened or not, and a copy knows whether the primary still has what the copy has seen.
 */
export const CREATE_WRITE_LEDGER: string = `
CREATE TABLE mg_write (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, abandoned INTEGER NOT NULL DEFAULT 0);
INSERT INTO mg_schema(name, value) VALUES ('epoch', lower(hex(randomblob(16)))) ON CONFLICT(name) DO NOTHING;
`

/** Whether a row of `nodes` (or `old`, `new`) is a memory whose properties are a JSON object. */
export function isReadable(row: string): string {
  return `${row}.label = 'Memory'
    AND CASE WHEN json_valid(${row}.properties) THEN json_type(${row}.properties) = 'object' ELSE 0 END`
}

/** Columns, each with the expression that gives it. */
type Derived = Readonly<Record<string, string>>

/** What `mg_memory` says of a readable memory, besides its id. */
export function facetsOf(row: string): Derived {
  const property = (name: string): string => `json_extract(${row}.properties, '$.${name}')`
  const number = (name: string): string =>
    `CASE WHEN json_type(${row}.properties, '$.${name}') IN ('integer', 'real') THEN CAST(${property(name)} AS REAL) END`
  return {
    type: property('type'),
    importance: `coalesce(${number('importance')}, 0.5)`,
    confidence: `coalesce(${number('confidence')}, 0.8)`,
    effectiveness: number('effectiveness'),
    created_at: `CASE WHEN ${property('created_at')} GLOB '????-??-??T??:??:??.??????+00:00' THEN ${property('created_at')}
      ELSE coalesce(${instantOf(property('created_at'))}, ${property('created_at')}) END`,
    project_path: property('context_project_path'),
    title_length: `coalesce(length(${property('title')}), 0)`,
  }
}

/** What `mg_text` holds of a readable memory. */
export function textsOf(row: string): Derived {
  const property = (name: string): string => `json_extract(${row}.properties, '$.${name}')`
  return {
    title: property('title'),
    summary: property('summary'),
    tags: `(SELECT group_concat(tag.value, ' ') FROM json_each(${row}.properties, '$.tags') AS tag)`,
    content: property('content'),
  }
}

function insertMemory(row: string, from: string): string {
  const facets = facetsOf(row)
  return `INSERT INTO mg_memory
    (id, ${Object.keys(facets).join(', ')})
  SELECT ${row}.id, ${Object.values(facets).join(',\n    ')}
  ${from} ${row}.id IS NOT NULL AND ${isReadable(row)}`
}

function insertText(row: string, from: string): string {
  const texts = textsOf(row)
  return `INSERT INTO mg_text(rowid, ${Object.keys(texts).join(', ')})
  SELECT m.key, ${Object.values(texts).join(',\n    ')}
  ${from}`
}

const FORGET = (ids: string): string => `
  DELETE FROM mg_text WHERE rowid IN (SELECT key FROM mg_memory WHERE id IN (${ids}));
  DELETE FROM mg_memory WHERE id IN (${ids});`

const RECORD_UPDATE = (kind: string): string => `
  INSERT INTO mg_change(kind, id, op)
  SELECT '${kind}', old.id, 'delete' WHERE old.id IS NOT new.id AND old.id IS NOT NULL;
  INSERT INTO mg_change(kind, id, op)
  SELECT '${kind}', new.id, CASE WHEN old.id IS new.id THEN 'update' ELSE 'insert' END WHERE new.id IS NOT NULL;`

const LEARN_NEW = `
  ${insertMemory('new', 'WHERE')};
  ${insertText('new', 'FROM mg_memory AS m WHERE m.id = new.id')};`

/**
 * INSERT OR REPLACE fires no delete trigger, so an insert forgets what the id had before. SQLite allows rows without an id; such
 * rows are no part of the graph.
 */
export const CREATE_TRIGGERS: string = `
CREATE TRIGGER mg_node_insert AFTER INSERT ON nodes WHEN new.id IS NOT NULL BEGIN
  ${FORGET('new.id')}
  ${LEARN_NEW}
  INSERT INTO mg_change(kind, id, op) VALUES ('node', new.id, 'insert');
END;
CREATE TRIGGER mg_node_update AFTER UPDATE ON nodes
WHEN old.id IS NOT new.id OR old.label IS NOT new.label OR old.properties IS NOT new.properties BEGIN
  ${FORGET('old.id, new.id')}
  ${LEARN_NEW}
  ${RECORD_UPDATE('node')}
END;
CREATE TRIGGER mg_node_delete AFTER DELETE ON nodes WHEN old.id IS NOT NULL BEGIN
  ${FORGET('old.id')}
  INSERT INTO mg_change(kind, id, op) VALUES ('node', old.id, 'delete');
END;
CREATE TRIGGER mg_relationship_insert AFTER INSERT ON relationships WHEN new.id IS NOT NULL BEGIN
  INSERT INTO mg_change(kind, id, op) VALUES ('relationship', new.id, 'insert');
END;
CREATE TRIGGER mg_relationship_update AFTER UPDATE ON relationships
WHEN old.id IS NOT new.id OR old.from_id IS NOT new.from_id OR old.to_id IS NOT new.to_id
  OR old.rel_type IS NOT new.rel_type OR old.properties IS NOT new.properties OR old.valid_from IS NOT new.valid_from
  OR old.valid_until IS NOT new.valid_until OR old.recorded_at IS NOT new.recorded_at
  OR old.invalidated_by IS NOT new.invalidated_by BEGIN
  ${RECORD_UPDATE('relationship')}
END;
CREATE TRIGGER mg_relationship_delete AFTER DELETE ON relationships WHEN old.id IS NOT NULL BEGIN
  INSERT INTO mg_change(kind, id, op) VALUES ('relationship', old.id, 'delete');
END;
`

/** Versions of each memory that are kept unless the file says otherwise. */
export const DEFAULT_KEPT_VERSIONS = 20
/** How many versions of each memory are kept, as SQL. */
export const KEPT_VERSIONS: string = `coalesce((SELECT CAST(value AS INTEGER) FROM mg_schema WHERE name = 'kept_versions'), ${DEFAULT_KEPT_VERSIONS})`
const WITHOUT_USE = (row: string): string =>
  `json_remove(${row}.properties, '$.usage_count', '$.last_accessed')`

/** The instant from which the new row holds: when it says that it was updated, if that is later than what the old one says; else now. */
const REVISED_AT = `coalesce(
    (SELECT at FROM (SELECT CASE WHEN json_valid(new.properties) THEN json_extract(new.properties, '$.updated_at') END AS at,
        CASE WHEN json_valid(old.properties) THEN json_extract(old.properties, '$.updated_at') END AS before)
      WHERE at GLOB '????-??-??T??:??:??.??????+00:00' AND at > coalesce(before, '')),
    strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now'))`

/**
 * Versions: `mg_revision` counts those of each memory that was ever revised, `mg_version` keeps the newest earlier ones. That a
 * memory was read is no revision.
 */
export const CREATE_VERSIONS: string = `
CREATE TABLE mg_revision (id TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE mg_version (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, properties TEXT NOT NULL, replaced_at TEXT NOT NULL
);
CREATE INDEX mg_version_of ON mg_version(id, version);
CREATE TRIGGER mg_node_revise AFTER UPDATE ON nodes
WHEN old.id = new.id AND old.label = 'Memory' AND new.label = 'Memory' AND old.properties IS NOT new.properties
  AND CASE WHEN json_valid(old.properties) AND json_valid(new.properties)
    THEN ${WITHOUT_USE('old')} IS NOT ${WITHOUT_USE('new')} ELSE 1 END BEGIN
  INSERT INTO mg_version(id, version, properties, replaced_at)
  SELECT old.id, coalesce((SELECT version FROM mg_revision WHERE id = old.id), 1), old.properties, ${REVISED_AT}
  WHERE ${KEPT_VERSIONS} > 0;
  INSERT INTO mg_revision(id, version) VALUES (old.id, 2) ON CONFLICT(id) DO UPDATE SET version = version + 1;
  DELETE FROM mg_version
  WHERE id = old.id AND version < (SELECT version FROM mg_revision WHERE id = old.id) - ${KEPT_VERSIONS};
END;
CREATE TRIGGER mg_node_purge AFTER DELETE ON nodes WHEN old.id IS NOT NULL BEGIN
  DELETE FROM mg_version WHERE id = old.id;
  DELETE FROM mg_revision WHERE id = old.id;
END;
`

/** What a relationship (or `old`, `new`) says of itself; NULL for nothing. */
export const CONTEXT_OF = (row: string): string => `CASE WHEN json_valid(${row}.properties)
  THEN nullif(json_extract(${row}.properties, '$.context'), '') END`
const LEARN_CONTEXT = `
  INSERT INTO mg_context(id, context) SELECT new.id, ${CONTEXT_OF('new')} WHERE ${CONTEXT_OF('new')} IS NOT NULL`

/** What relationships say of themselves: those that say something, so that a search of them reads no others. */
export const CREATE_CONTEXTS: string = `
CREATE TABLE mg_context (id TEXT PRIMARY KEY, context TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO mg_context(id, context)
SELECT r.id, ${CONTEXT_OF('r')} FROM relationships AS r WHERE r.id IS NOT NULL AND ${CONTEXT_OF('r')} IS NOT NULL;
CREATE TRIGGER mg_context_insert AFTER INSERT ON relationships WHEN new.id IS NOT NULL BEGIN
  DELETE FROM mg_context WHERE id = new.id;${LEARN_CONTEXT};
END;
CREATE TRIGGER mg_context_update AFTER UPDATE ON relationships
WHEN old.id IS NOT new.id OR old.properties IS NOT new.properties BEGIN
  DELETE FROM mg_context WHERE id IN (old.id, new.id);${LEARN_CONTEXT} AND new.id IS NOT NULL;
END;
CREATE TRIGGER mg_context_delete AFTER DELETE ON relationships WHEN old.id IS NOT NULL BEGIN
  DELETE FROM mg_context WHERE id = old.id;
END;
`

/** The stems of all texts, as the full-text index keeps them: it stores nothing of its own. */
export const CREATE_VOCABULARY: string = `
CREATE VIRTUAL TABLE mg_vocabulary USING fts5vocab(mg_text, row);
`

/** Two spaces behind each text, so that one and two characters, too, are the beginning of three wherever they stand. */
const PAD = `'  '`

/** What `mg_trigram` holds of a readable memory: its texts, if there is something of an unspaced script in them. */
export function gramTextsOf(row: string): Derived {
  return Object.fromEntries(
    Object.entries(textsOf(row)).map(([column, text]) => [column, `${text} || ${PAD}`]),
  )
}

/** Whether a readable memory has a text of an unspaced script. The first, quick look tells nearly all texts of ASCII. */
export function isUnspacedIn(row: string): string {
  const { properties, texts } = { properties: `${row}.properties`, texts: Object.values(textsOf(row)) }
  return `CASE WHEN instr(${properties}, '\\u') > 0 OR length(${properties}) <> length(CAST(${properties} AS BLOB))
    THEN ${texts.map((text) => `coalesce(${text}, '') GLOB '${UNSPACED_GLOB}'`).join('\n      OR ')} ELSE 0 END`
}

const LEARN_TRIGRAMS = (from: string): string => `
  INSERT INTO mg_trigram(rowid, ${Object.keys(gramTextsOf('n')).join(', ')})
  SELECT m.key, ${Object.values(gramTextsOf('n')).join(', ')}
  FROM ${from} WHERE ${isUnspacedIn('n')}`

/**
 * Texts of scripts that are written without spaces, by each three characters in a row: of the memories alone that have such texts.
 * They come and go with the rows of `mg_memory`.
 */
export const CREATE_TRIGRAMS: string = `
CREATE VIRTUAL TABLE mg_trigram USING fts5(title, summary, tags, content, tokenize="trigram");
CREATE VIRTUAL TABLE mg_vocabulary_trigram USING fts5vocab(mg_trigram, instance);
CREATE TRIGGER mg_memory_insert AFTER INSERT ON mg_memory BEGIN
  ${LEARN_TRIGRAMS('(SELECT new.key AS key) AS m CROSS JOIN nodes AS n ON n.id = new.id')};
END;
CREATE TRIGGER mg_memory_delete AFTER DELETE ON mg_memory BEGIN
  DELETE FROM mg_trigram WHERE rowid = old.key;
END;
`

/** What a property of a node `n` (or of the row at hand) holds; NULL where its properties are no JSON. */
export function propertyOf(name: string, row = ''): string {
  return `CASE WHEN json_valid(${row}properties) THEN json_extract(${row}properties, '$.${name}') END`
}

const TENANT = propertyOf('context_tenant_id')
const PROJECT = propertyOf('context_project_path')
const CREATOR = propertyOf('context_created_by')

/**
 * Where the nodes of a scope are, in the order of their ids: those that say whose they are, so that a file without tenants has no
 * entry. With the id they are read without the nodes themselves.
 */
export const CREATE_SCOPE_INDEXES: string = `
CREATE INDEX mg_node_tenant ON nodes(${TENANT}, id) WHERE ${TENANT} IS NOT NULL;
CREATE INDEX mg_node_project ON nodes(${PROJECT}, id) WHERE ${PROJECT} IS NOT NULL;
CREATE INDEX mg_node_creator ON nodes(${CREATOR}, id) WHERE ${CREATOR} IS NOT NULL;
`

/** What says in which session a memory was made. */
export const SESSION_PROPERTY = 'context_session_id'
const SESSION = propertyOf(SESSION_PROPERTY)

/** The memories of each session in the order they were made: those that name one, so that a file without sessions has no entry. */
export const CREATE_SESSION_INDEX: string = `
CREATE INDEX mg_node_session ON nodes(${SESSION}, ${propertyOf('created_at')}, id) WHERE label = 'Memory' AND ${SESSION} IS NOT NULL;
`

/** The relationship types that hold in both directions, as SQL. */
export const SYMMETRIC_LIST: string = SYMMETRIC_TYPES.map((type) => `'${type}'`).join(', ')

/**
 * The relationships that hold in both directions by their ends, so that a walk in one direction that comes to a node finds the few that lead
 * the other way, and does not read all that do not.
 */
export const CREATE_SYMMETRIC_INDEXES: string = `
CREATE INDEX mg_relationship_symmetric_from ON relationships(from_id) WHERE rel_type IN (${SYMMETRIC_LIST});
CREATE INDEX mg_relationship_symmetric_to ON relationships(to_id) WHERE rel_type IN (${SYMMETRIC_LIST});
`

/** Entries of the audit log that are kept: the newest. */
export const KEPT_AUDIT_ENTRIES = 100_000

/** Who did what to which ids, as a JSON array of some of them, and how many there were. Nothing but the oldest entries can be taken out. */
export const CREATE_AUDIT_LOG: string = `
CREATE TABLE mg_audit (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, operation TEXT NOT NULL, ids TEXT NOT NULL, count INTEGER NOT NULL
);
CREATE TRIGGER mg_audit_insert BEFORE INSERT ON mg_audit WHEN new.seq IN (SELECT seq FROM mg_audit) BEGIN
  SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER mg_audit_position AFTER INSERT ON mg_audit
WHEN new.seq IS NOT 1 + coalesce((SELECT max(seq) FROM mg_audit WHERE seq IS NOT new.seq), 0) BEGIN
  SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER mg_audit_update BEFORE UPDATE ON mg_audit BEGIN
  SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER mg_audit_delete BEFORE DELETE ON mg_audit
WHEN old.seq > (SELECT max(seq) FROM mg_audit) - ${KEPT_AUDIT_ENTRIES} BEGIN
  SELECT raise(ABORT, 'the audit log is append-only');
END;
`

/**
 * Embeddings, by key: which node has a vector of which model, with a short code of it that is looked through first, and the vectors,
 * 32-bit floats, the low byte first. A vector that takes the place of another gets a greater key than all before, and a model's row
 * stays when its embeddings go, so that what is new of a model is what has a key greater than its `last` was.
 */
export const CREATE_EMBEDDINGS: string = `
CREATE TABLE mg_model (
  key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dimensions INTEGER NOT NULL,
  count INTEGER NOT NULL DEFAULT 0, last INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE mg_embedding (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL, model INTEGER NOT NULL, version INTEGER, digest TEXT, code BLOB NOT NULL,
  UNIQUE (id, model)
);
CREATE TABLE mg_vector (key INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TRIGGER mg_embedding_insert AFTER INSERT ON mg_embedding BEGIN
  UPDATE mg_model SET count = count + 1, last = max(last, new.key) WHERE key = new.model;
END;
CREATE TRIGGER mg_embedding_delete AFTER DELETE ON mg_embedding BEGIN
  DELETE FROM mg_vector WHERE key = old.key;
  UPDATE mg_model SET count = count - 1 WHERE key = old.model;
END;
CREATE TRIGGER mg_embedding_node_insert AFTER INSERT ON nodes WHEN new.id IS NOT NULL BEGIN
  DELETE FROM mg_embedding WHERE id = new.id;
END;
CREATE TRIGGER mg_embedding_node_update AFTER UPDATE OF id ON nodes WHEN old.id IS NOT new.id BEGIN
  DELETE FROM mg_embedding WHERE id IN (old.id, new.id);
END;
CREATE TRIGGER mg_embedding_node_delete AFTER DELETE ON nodes WHEN old.id IS NOT NULL BEGIN
  DELETE FROM mg_embedding WHERE id = old.id;
END;
`

/** One slice of indexing what was stored before our triggers: the memories among these ids that have no row yet. */
export const INDEX_MEMORIES: string = insertMemory(
  'node',
  `FROM json_each(?1) AS wanted CROSS JOIN nodes AS node ON node.id = wanted.value
  WHERE NOT EXISTS (SELECT 1 FROM mg_memory WHERE id = node.id) AND`,
)
/** The texts of the memories that {@link INDEX_MEMORIES} gave a key greater than `?2`. */
export const INDEX_TEXTS: string = insertText(
  'node',
  `FROM json_each(?1) AS wanted
  CROSS JOIN mg_memory AS m ON m.id = wanted.value
  CROSS JOIN nodes AS node ON node.id = m.id
  WHERE m.key > ?2`,
)
/** The same of the trigrams of those that have none yet. */
export const INDEX_TRIGRAMS: string = `${LEARN_TRIGRAMS(
  `json_each(?1) AS wanted CROSS JOIN mg_memory AS m ON m.id = wanted.value CROSS JOIN nodes AS n ON n.id = m.id`,
)} AND NOT EXISTS (SELECT 1 FROM mg_trigram WHERE rowid = m.key)`
export const SELECT_NEXT_MEMORY_IDS: string = `SELECT id FROM nodes WHERE label = 'Memory' AND id > ? ORDER BY id LIMIT ?`
export const COUNT_MEMORY_NODES: string = `SELECT count(*) FROM nodes WHERE label = 'Memory'`
export const GREATEST_MEMORY_KEY: string = `SELECT coalesce(max(key), 0) FROM mg_memory`

export const SELECT_SETTINGS: string = `SELECT name, value FROM mg_schema`
export const SELECT_SETTING: string = `SELECT value FROM mg_schema WHERE name = ?`
export const PUT_SETTING: string = `INSERT INTO mg_schema(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value`
export const DELETE_SETTING: string = `DELETE FROM mg_schema WHERE name = ?`
