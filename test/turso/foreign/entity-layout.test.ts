import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { relationshipSchema } from '../../../src/model/relationship.js'
import { validate } from '../../../src/model/validation.js'
import { scratchFolder } from '../../support/scratch.js'
import { open, recordsOf, refusalOf, valuesOf } from './read-source.js'

/** The tables of mcp-memory-libsql, which had embeddings of several sizes, and then none. */
function tables(embedding: string): string {
  return `
CREATE TABLE entities (
  name TEXT PRIMARY KEY, entity_type TEXT NOT NULL, ${embedding} created_at DATETIME DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE observations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entity_name TEXT NOT NULL, content TEXT NOT NULL, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  FOREIGN KEY (entity_name) REFERENCES entities(name));
CREATE TABLE relations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, target TEXT NOT NULL, relation_type TEXT NOT NULL,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  FOREIGN KEY (source) REFERENCES entities(name), FOREIGN KEY (target) REFERENCES entities(name));
CREATE INDEX idx_entities_name ON entities(name);
CREATE INDEX idx_observations_entity ON observations(entity_name);
CREATE INDEX idx_relations_source ON relations(source);
CREATE INDEX idx_relations_target ON relations(target);
${embedding === '' ? '' : 'CREATE INDEX idx_entities_embedding ON entities(libsql_vector_idx(embedding));'}`
}

const ROWS = `
INSERT INTO entities(name, entity_type, created_at) VALUES ('Ada', 'Person', '2025-01-01 10:00:00'), ('Cache', 'code pattern', NULL);
INSERT INTO observations(entity_name, content) VALUES ('Ada', 'Writes letters'), ('Cache', 'Keeps answers'), ('Ada', 'Likes bees'), ('Ada', 'Plays chess');
INSERT INTO relations(source, target, relation_type, created_at) VALUES
  ('Ada', 'Cache', 'depends on', '2025-01-02 10:00:00'), ('Ada', 'Cache', 'is fond of', NULL), ('Ada', 'Cache', 'is fond of', NULL);`

function file(embedding: string, sql: string): string {
  const path = join(scratchFolder(), 'memory-tool.db')
  const database = new Database(path)
  database.exec(`PRAGMA foreign_keys = OFF; ${tables(embedding)} ${sql}`)
  database.close()
  return path
}

describe('a file of mcp-memory-libsql', () => {
  it.each([
    ['without embeddings', ''],
    ['with embeddings', 'embedding F32_BLOB(4),'],
  ])('%s gives its entities and relations', async (_, embedding) => {
    const vectors = embedding === '' ? '' : `UPDATE entities SET embedding = vector32('[1, 2, 3, 4]');`
    const source = await open(file(embedding, ROWS + vectors))
    expect(source.format).toBe('mcp-memory-libsql')
    const records = await recordsOf(source)
    expect(records.map(({ place }) => place)).toEqual([
      'entities row 1',
      'entities row 2',
      'relations row 1',
      'relations row 2',
      'relations row 3',
    ])
    const memories = valuesOf(records, 'memory')
    expect(memories).toMatchObject([
      {
        id: 'Ada',
        type: 'general',
        tags: ['person'],
        content: 'Writes letters\nLikes bees\nPlays chess',
        created_at: '2025-01-01 10:00:00',
      },
      { id: 'Cache', type: 'code_pattern', title: 'Cache', content: 'Keeps answers' },
    ])
    for (const memory of memories) expect(refusalOf(memory)).toBeNull()
    const relationships = valuesOf(records, 'relationship')
    expect(relationships).toMatchObject([
      {
        from_memory_id: 'Ada',
        to_memory_id: 'Cache',
        type: 'DEPENDS_ON',
        properties: { valid_from: '2025-01-02 10:00:00' },
      },
      { type: 'RELATED_TO', properties: { context: 'is fond of' } },
      { type: 'RELATED_TO', properties: { context: 'is fond of' } },
    ])
    expect(relationships[1]?.['id']).toBe(relationships[2]?.['id'])
    for (const value of relationships) validate(relationshipSchema, value, 'relationship')
  })

  it('gives what nothing can be made of as what it is', async () => {
    const path = file(
      '',
      `INSERT INTO entities(name, entity_type) VALUES (NULL, 'person'), (CAST(x'ff' AS TEXT), 'person'), ('Ada', 'person');
       INSERT INTO observations(entity_name, content) VALUES ('Ada', CAST(x'41ff' AS TEXT)), ('Nobody', 'was here');
       INSERT INTO relations(source, target, relation_type) VALUES ('Ada', x'00', 'knows'), ('Ada', 'Nobody', 'knows')`,
    )
    const records = await recordsOf(await open(path))
    expect(records).toMatchObject([
      { value: { id: null, entity_type: 'person' }, place: 'entities row 1' },
      { value: { id: null }, place: 'entities row 2' },
      { value: { id: 'Ada', content: 'A\ufffd' } },
      {
        kind: 'memory',
        value: { id: null, entity_name: 'Nobody', content: 'was here' },
        place: 'observations row 2',
      },
      { kind: 'relationship', value: { from_memory_id: 'Ada', to_memory_id: null } },
      { kind: 'relationship', value: { to_memory_id: 'Nobody' } },
    ])
    expect([0, 1, 3].map((at) => refusalOf(records[at]?.value))).not.toContain(null)
    expect(() => validate(relationshipSchema, records[4]?.value, 'relationship')).toThrow(/to_memory_id/)
  })
})
