import * as z from 'zod'
import type { Timestamp } from './timestamp.js'
import { jsonObject, strictObject, text, timestamp } from './validation.js'
import { VISIBILITIES, type Visibility } from './visibility.js'

/** Where a memory comes from: project, languages, session, tenant. */
export type MemoryContext = {
  project_path: string | null
  files_involved: string[]
  languages: string[]
  frameworks: string[]
  technologies: string[]
  git_commit: string | null
  git_branch: string | null
  working_directory: string | null
  timestamp: Timestamp
  session_id: string | null
  user_id: string | null
  additional_metadata: { [key: string]: unknown }
  tenant_id: string | null
  team_id: string | null
  visibility: Visibility
  created_by: string | null
}

/** What a caller may give as a context: every field is optional, `null` means empty. */
export type MemoryContextInput = {
  readonly project_path?: string | null | undefined
  readonly files_involved?: readonly string[] | null | undefined
  readonly languages?: readonly string[] | null | undefined
  readonly frameworks?: readonly string[] | null | undefined
  readonly technologies?: readonly string[] | null | undefined
  readonly git_commit?: string | null | undefined
  readonly git_branch?: string | null | undefined
  readonly working_directory?: string | null | undefined
  readonly timestamp?: string | Date | null | undefined
  readonly session_id?: string | null | undefined
  readonly user_id?: string | null | undefined
  readonly additional_metadata?: { readonly [key: string]: unknown } | null | undefined
  readonly tenant_id?: string | null | undefined
  readonly team_id?: string | null | undefined
  readonly visibility?: Visibility | null | undefined
  readonly created_by?: string | null | undefined
}

/** The context's fields in the order they are stored. */
export const CONTEXT_FIELDS: readonly (keyof MemoryContext)[] = [
  'project_path',
  'files_involved',
  'languages',
  'frameworks',
  'technologies',
  'git_commit',
  'git_branch',
  'working_directory',
  'timestamp',
  'session_id',
  'user_id',
  'additional_metadata',
  'tenant_id',
  'team_id',
  'visibility',
  'created_by',
]

/** The context's fields that hold lists of text. */
export const CONTEXT_LISTS: ReadonlySet<string> = new Set<keyof MemoryContext>([
  'files_involved',
  'languages',
  'frameworks',
  'technologies',
])

const optionalText = text.nullish()
const optionalList = z.array(text).nullish()

/** Checks a context; keeps absent fields absent, so that it serves for new contexts and for patches. */
export const memoryContextSchema: z.ZodType<MemoryContextInput> = strictObject({
  project_path: optionalText,
  files_involved: optionalList,
  languages: optionalList,
  frameworks: optionalList,
  technologies: optionalList,
  git_commit: optionalText,
  git_branch: optionalText,
  working_directory: optionalText,
  timestamp: timestamp.nullish(),
  session_id: optionalText,
  user_id: optionalText,
  additional_metadata: jsonObject.nullish(),
  tenant_id: optionalText,
  team_id: optionalText,
  visibility: z.enum(VISIBILITIES).nullish(),
  created_by: optionalText,
})
