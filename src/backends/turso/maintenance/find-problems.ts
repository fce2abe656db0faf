import { breathe, TURN_MS } from '../../../breathe.js'
import { MemoryError } from '../../../errors.js'
import { throwIfAborted } from '../../slices.js'
import { query, type SqlSource, type SqlValue } from '../sql-source.js'
import { findMissing, type SchemaObject } from './expected-schema.js'
import type { FileFaults } from './fault-lines.js'
import { findFileFaults } from './file-faults.js'
import { LOOKS, type Look } from './integrity-looks.js'
import { type IntegrityReport, PROBLEM_KINDS, type ProblemKind } from './integrity-report.js'
import type { MaintainedStore } from './maintained-store.js'

/** How a look through a database is watched, and ended. */
export type FindOptions = { readonly signal?: AbortSignal | undefined }

/** Rows that a look found wrong: what names each. */
export type Finding = { readonly look: Look; readonly names: readonly (string | number)[] }

/** All that is wrong with a database, as it can be put right. */
export type Problems = {
  readonly missing: readonly SchemaObject[]
  readonly faults: FileFaults
  readonly findings: readonly Finding[]
  /** Why something was not looked for. */
  readonly skipped: ReadonlyMap<ProblemKind, string>
}

const FIRST_PAGE = 32
const GREATEST_PAGE = 1000
/** The most that is named in a report. */
const SHOWN = 20

/** Looks for everything that may be wrong, page by page, so that others get their turn. */
export async function findProblems(store: MaintainedStore, { signal }: FindOptions): Promise<Problems> {
  throwIfAborted(signal)
  const skipped = new Map<ProblemKind, string>()
  const missing = await findMissing(store.reading)
  const gone = new Set(missing.map(({ name }) => name))
  const findings: Finding[] = []
  for (const look of LOOKS) {
    const table = look.tables.find((name) => gone.has(name))
    if (table !== undefined) {
      skipped.set(look.kind, `the table ${table} is missing`)
      continue
    }
    try {
      findings.push({ look, names: await namesOf(store.reading, look, signal) })
    } catch (error) {
      if (!MemoryError.is(error) || error.code !== 'MG_CORRUPT') throw error
      skipped.set(look.kind, error.message)
    }
  }
  const faults = await findFileFaults(store, { signal })
  if (typeof faults !== 'string') return { missing, faults, findings, skipped }
  skipped.set('file', faults)
  return { missing, faults: { file: [], text: [] }, findings, skipped }
}

async function namesOf(
  source: SqlSource,
  { page, start }: Look,
  signal: AbortSignal | undefined,
): Promise<(string | number)[]> {
  const names: (string | number)[] = []
  let after: SqlValue = start
  for (let size = FIRST_PAGE; ; ) {
    throwIfAborted(signal)
    await breathe()
    const before = performance.now()
    const [rows = []] = await source.read([query(page, after, BigInt(size))])
    for (const [, name] of rows) if (name !== null) names.push(name as string | number)
    const last = rows.at(-1)?.[0]
    if (rows.length < size || last === undefined) return names
    after = typeof last === 'number' ? BigInt(last) : (last as SqlValue)
    const taken = Math.max(performance.now() - before, 0.1)
    size = Math.max(FIRST_PAGE, Math.min(size * 2, GREATEST_PAGE, Math.round((size * TURN_MS) / taken)))
  }
}

/** What was found, for people and programs. */
export function reportOf({ missing, faults, findings, skipped }: Problems): IntegrityReport {
  const named = (kind: ProblemKind): string[] => {
    const rows = findings.filter(({ look }) => look.kind === kind).flatMap(({ names }) => names.map(nameOf))
    if (kind === 'schema') return missing.map(({ name }) => name)
    if (kind === 'file') return [...faults.file]
    return kind === 'search-text' ? [...faults.text, ...new Set(rows)] : [...new Set(rows)]
  }
  const problems = PROBLEM_KINDS.map((kind) => ({ kind, names: named(kind) }))
    .filter(({ names }) => names.length > 0)
    .map(({ kind, names }) => {
      const [what, isRepairable] = MEANINGS[kind]
      return {
        kind,
        count: names.length,
        ids: names.slice(0, SHOWN),
        what,
        repairable: isRepairable,
        harmless: kind === 'temporal',
      }
    })
  return {
    ok: problems.every(({ harmless }) => harmless),
    problems,
    checked: PROBLEM_KINDS.map((kind) => ({ kind, skipped: skipped.get(kind) ?? null })),
  }
}

/** A text without a memory is known by its place. */
function nameOf(name: string | number): string {
  return typeof name === 'number' ? `text ${name}` : name
}

const MEANINGS: Readonly<Record<ProblemKind, readonly [what: string, isRepairable: boolean]>> = {
  file: [
    'The file itself is damaged: put a backup in its place, or save what can be read with an export.',
    false,
  ],
  schema: ['Tables, indexes or triggers of this library are missing.', true],
  'search-text': ['What text searches look through is not what is stored.', true],
  'search-facets': ['What searches filter and order by is not what is stored.', true],
  context: ['What searches for contexts of relationships look through is not what is stored.', true],
  versions: ['Earlier versions are of no node, or are counted wrong.', true],
  embeddings: [
    'Vectors are of no node, or incomplete, or counted wrong; a repair deletes what is left of such.',
    true,
  ],
  'orphaned-relationship': [
    'Relationships have an end that does not exist; a repair deletes them and lists them in full.',
    true,
  ],
  'dangling-invalidator': ['Relationships are invalidated by one that does not exist.', true],
  unreadable: ['The properties of memories are no JSON object: store or delete them anew.', false],
  temporal: [
    'Relationships have other times in their properties than in their columns, which count: nothing to do.',
    false,
  ],
}
