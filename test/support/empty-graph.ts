import type { TursoBackend } from '../../src/backends/turso/turso-backend.js'

const GRAPH = ['relationships', 'nodes', 'mg_change']
const OURS = [
  'nodes',
  'relationships',
  'mg_schema',
  'mg_memory',
  'mg_change',
  'mg_write',
  'mg_revision',
  'mg_version',
  'mg_context',
  'mg_audit',
  'mg_model',
  'mg_embedding',
  'mg_vector',
  'mg_vocabulary',
  'mg_vocabulary_trigram',
]

/** The tables of a database that neither a memory graph nor the engine made. */
export async function otherTablesOf(backend: TursoBackend): Promise<string[]> {
  const tables = await backend.executeQuery(
    `SELECT name FROM sqlite_master
     WHERE type = 'table' AND name NOT IN (${OURS.map((name) => `'${name}'`).join()})
       AND name NOT LIKE 'mg_text%' AND name NOT LIKE 'mg_trigram%' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'libsql_%'`,
  )
  return tables.map(({ name }) => String(name))
}

/** Deletes all that a case has stored, also tables that it made; the schema stays. */
export async function emptyGraph(backend: TursoBackend): Promise<void> {
  for (const table of GRAPH) await backend.executeWriteQuery(`DELETE FROM ${table}`)
  await backend.executeWriteQuery(`DELETE FROM mg_schema WHERE name = 'recall_model'`)
  await emptyAuditLog(backend)
  for (const table of await otherTablesOf(backend)) await backend.executeWriteQuery(`DROP TABLE "${table}"`)
}

/** The log refuses to lose its newest entries as long as its trigger is there. */
async function emptyAuditLog(backend: TursoBackend): Promise<void> {
  const [entry] = await backend.executeQuery('SELECT 1 FROM mg_audit LIMIT 1')
  if (!entry) return
  const guard = await backend.executeQuery(`SELECT sql FROM sqlite_master WHERE name = 'mg_audit_delete'`)
  await backend.executeWriteQuery('DROP TRIGGER mg_audit_delete')
  await backend.executeWriteQuery('DELETE FROM mg_audit')
  for (const { sql } of guard) await backend.executeWriteQuery(String(sql))
}
