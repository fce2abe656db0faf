import { KEPT_VERSIONS } from '../schema.js'

/*
 * What promoting a file asks of it and of the primary about earlier versions of memories.
 */

// What versions of a memory that was revised are kept, or that none is; the newest first, since those are the last to be given up.
function selectPage(columns: string, isFirst: boolean): string {
  return `
SELECT ${columns}
FROM mg_revision AS r CROSS JOIN nodes AS n ON n.id = r.id
LEFT JOIN mg_version AS v ON v.id = r.id AND v.version < r.version
  AND NOT EXISTS (SELECT 1 FROM mg_version AS w WHERE w.id = v.id AND w.version = v.version AND w.seq > v.seq)
WHERE typeof(n.id) = 'text' ${isFirst ? '' : 'AND r.id >= ?2 AND (r.id > ?2 OR v.version < ?3)'}
ORDER BY r.id, v.version DESC LIMIT ?1`
}

/** The sizes of earlier versions with the memories that they are of, at most ?1, after the version ?3 of the memory ?2 if there is one. */
export function selectVersionSizes(isFirst: boolean): string {
  return selectPage(`coalesce(octet_length(v.properties), 0) + octet_length(n.properties)`, isFirst)
}

/** Those versions; where none is kept the number 0. */
export function selectVersionPage(isFirst: boolean): string {
  return selectPage(
    `r.id, r.version, coalesce(v.version, 0), CAST(v.properties AS BLOB), v.replaced_at`,
    isFirst,
  )
}

export const COUNT_VERSIONS: string = `SELECT count(*) FROM mg_version`

/** The numbers that the memories in the list ?1 have come to, of those that were ever revised. */
export const SELECT_REVISIONS: string = `
SELECT r.id, r.version FROM json_each(?1) AS wanted CROSS JOIN mg_revision AS r ON r.id = wanted.value`

/** Of the versions in the list ?1 of ids and numbers those that are kept. */
export const SELECT_THESE_VERSIONS: string = `
SELECT v.id, v.version, CAST(v.properties AS BLOB), v.replaced_at
FROM json_each(?1) AS wanted
CROSS JOIN mg_version AS v ON v.id = wanted.value ->> 0 AND v.version = wanted.value ->> 1`

export const SELECT_KEPT_VERSIONS: string = `SELECT ${KEPT_VERSIONS}`
/** Notes how many versions are kept, unless that is noted. */
export const ADD_KEPT_VERSIONS: string = `
INSERT INTO mg_schema(name, value) VALUES ('kept_versions', CAST(?1 AS INTEGER)) ON CONFLICT(name) DO NOTHING`

export const INSERT_VERSION: string = `
INSERT INTO mg_version(id, version, properties, replaced_at) VALUES (?1, ?2, CAST(?3 AS TEXT), ?4)`
export const DELETE_VERSION: string = `DELETE FROM mg_version WHERE id = ?1 AND version = ?2`
export const DELETE_VERSIONS: string = `DELETE FROM mg_version WHERE id = ?1`
export const DELETE_REVISION: string = `DELETE FROM mg_revision WHERE id = ?1`
