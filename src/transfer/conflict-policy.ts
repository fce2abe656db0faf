import { ConflictError } from '../errors.js'

/** What an import may do with a record whose id is stored with other content. */
export const CONFLICT_POLICIES = ['newer', 'replace', 'skip', 'error'] as const

/**
 * What an import does with a record whose id is stored with other content.
 * - `newer`: replaces it if the record says that it was changed later
 * - `replace`: replaces it; the earlier version of a memory stays in its history
 * - `skip`: keeps what is stored
 * - `error`: ends the import, which then stores nothing
 */
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number]

/**
 * Whether a record takes the place of what is stored.
 *
 * @throws `MG_CONFLICT` with the policy `error`
 */
export function isReplaced(
  policy: ConflictPolicy,
  record: { readonly id: string; readonly place: string; readonly isNewer: boolean },
): boolean {
  if (policy !== 'error') return policy === 'replace' || (policy === 'newer' && record.isNewer)
  throw new ConflictError(
    `${JSON.stringify(record.id)} (${record.place}) is stored with other content: nothing was imported; say what shall count with onConflict: "newer", "replace" or "skip"`,
    { details: { id: record.id, place: record.place } },
  )
}
