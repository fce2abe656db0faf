import type { PromoteCounts } from './promote-report.js'

/** What is done one after the other; `gone` deletes what an interrupted run has copied and the file does not hold any more. */
export const STAGES = [
  'gone',
  'nodes',
  'relationships',
  'invalidators',
  'versions',
  'embeddings',
  'verify',
] as const

/** One of {@link STAGES}. */
export type Stage = (typeof STAGES)[number]

/** What a primary is told of the file that is being promoted to it, and how far that is. */
export type PromotionNote = {
  /** Names the file: its epoch. */
  readonly source: string
  /** What the file held; when it holds something else since, the copy begins again. */
  readonly state: string
  readonly merge: boolean
  /** The call of `promote()` that is at it. */
  readonly run: string
  /** How many batches that call has stored. */
  readonly step: number
  readonly stage: Stage
  /** The position of the row that was copied last in this stage: its id, or what `versionPages` and `embeddingPages` say. */
  readonly after: string | null
  readonly nodes: PromoteCounts
  readonly relationships: PromoteCounts
  /** How many earlier versions of memories were copied. */
  readonly versions: number
  /** How many embeddings were copied. */
  readonly embeddings: number
  /** Whether nobody else has written to the primary since it was empty, so that what it holds is ours to replace. */
  readonly isAlone: boolean
  /** The primary's last change when the note was stored. */
  readonly change: number
}

/** The note that a setting holds; `null` when there is none that this version can read. */
export function parseNote(value: unknown): PromotionNote | null {
  if (typeof value !== 'string') return null
  try {
    const note = JSON.parse(value) as Without<'versions' | 'embeddings'> | null
    return note !== null && STAGES.includes(note.stage) ? withEmbeddings(withVersions(note)) : null
  } catch {
    return null
  }
}

type Without<Name extends keyof PromotionNote> = Omit<PromotionNote, Name> & {
  [Key in Name]?: PromotionNote[Key]
}

// Before versions were copied, verifying came next …
function withVersions(note: Without<'versions' | 'embeddings'>): Without<'embeddings'> {
  const { versions = null } = note
  if (versions !== null) return { ...note, versions }
  return { ...note, versions: 0, ...(note.stage === 'verify' && { stage: 'versions', after: null }) }
}

// … and before embeddings were.
function withEmbeddings(note: Without<'embeddings'>): PromotionNote {
  const { embeddings = null } = note
  if (embeddings !== null) return { ...note, embeddings }
  return { ...note, embeddings: 0, ...(note.stage === 'verify' && { stage: 'embeddings', after: null }) }
}
