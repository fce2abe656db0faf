import { breathe } from '../breathe.js'
import type { Relationship } from '../model/relationship.js'
import {
  type ContextFilter,
  matchesContext,
  parseRelationshipContext,
} from '../model/relationship-context.js'
import { decodeRelationship, holdsAt } from '../model/relationship-row.js'
import type { Timestamp } from '../model/timestamp.js'
import { isAscii } from '../search/case-forms.js'
import type { GraphReader } from './graph-driver.js'

/** A checked search. */
export type ContextSearch = {
  readonly filter: ContextFilter
  readonly types: readonly string[]
  readonly asOf: Timestamp | null
  readonly currentOnly: boolean
  readonly limit: number
}

const PAGE_SIZE = 500
const LONGEST_WORD = /[a-z0-9_]+/gi

/**
 * Relationships by what their contexts say, strongest first. The store leaves out those that lack the words of the filter, or any
 * context where it takes one to match, and what it finds is read to the letter.
 */
export async function searchByContext(reader: GraphReader, search: ContextSearch): Promise<Relationship[]> {
  const { filter, types, asOf, currentOnly, limit } = search
  const page = { mustHaveContext: !matchesContext(null, filter), words: wordsOf(filter), types }
  const found: Relationship[] = []
  for (let offset = 0; found.length < limit; offset += PAGE_SIZE) {
    const rows = await reader.findRelationshipsByContext({ ...page, limit: PAGE_SIZE, offset })
    for (const row of rows) {
      await breathe()
      if ((currentOnly && row.valid_until !== null) || (asOf !== null && !holdsAt(row, asOf))) continue
      const relationship = decodeRelationship(row)
      if (matchesContext(parseRelationshipContext(relationship.properties.context), filter))
        found.push(relationship)
    }
    if (rows.length < PAGE_SIZE) break
  }
  return found.slice(0, limit)
}

/** Words of which a context must hold one of each group to match. */
function wordsOf({ conditions, evidence, components, temporal }: ContextFilter): string[][] {
  const time = typeof temporal === 'string' ? [temporal] : temporal
  return [conditions, evidence, components, time].flatMap((texts) => {
    const words = (texts ?? []).map(longestWord)
    // A text without such a word says nothing that the store could look for.
    return words.length === 0 || words.includes('') ? [] : [words]
  })
}

// Structure is stored with everything beyond ASCII escaped, and free text is matched after its white space is put in order.
function longestWord(text: string): string {
  const words = isAscii(text) ? (text.match(LONGEST_WORD) ?? []) : []
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '')
}
