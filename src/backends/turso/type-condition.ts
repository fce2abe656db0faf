import { isSymmetricType } from '../../model/relationship-type.js'
import { SYMMETRIC_LIST } from './schema.js'

/**
 * That a relationship `r` is of one of some types, which the parameter `list` has as a JSON array; no types are all. Where all hold in
 * both directions it is said in the words of the index on those. The unary plus keeps the planner from the one on all types.
 */
export function isOfTypes(types: readonly string[], list: string): string {
  if (types.length === 0) return `${list} IS NOT NULL`
  const isListed = `+r.rel_type IN (SELECT value FROM json_each(${list}))`
  if (!types.every(isSymmetricType)) return isListed
  return `r.rel_type IN (${SYMMETRIC_LIST}) AND ${isListed}`
}
