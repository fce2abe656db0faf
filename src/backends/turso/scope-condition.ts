import type { Scope } from '../../model/scope.js'
import { propertyOf } from './schema.js'
import { type Query, query } from './sql-source.js'

/**
 * That a row of nodes is inside a scope: in the words of the indexes on those properties, so that they are used. `row` is its name with
 * a dot, `first` the number of the first value that is bound; without one they are bound in turn.
 */
export function isWithin(scope: Scope, row: string, first?: number): Query {
  const tests = scope.map(({ property, value }, at) => {
    const equals = `${propertyOf(property, row)} = ${first === undefined ? '?' : `?${first + at}`}`
    // A list or an object would compare as its JSON text.
    return /^[[{]/.test(value) ? `(${equals} AND ${typeOf(property, row)} = 'text')` : equals
  })
  return query(tests.join(' AND ') || '1', ...scope.map(({ value }) => value))
}

/** That an expression is the id of a node inside a scope. */
export function isIdWithin(scope: Scope, id: string, first?: number): Query {
  const { sql, values } = isWithin(scope, 'inside.', first)
  return { sql: `${id} IN (SELECT inside.id FROM nodes AS inside WHERE ${sql})`, values }
}

function typeOf(property: string, row: string): string {
  return `CASE WHEN json_valid(${row}properties) THEN json_type(${row}properties, '$.${property}') END`
}
