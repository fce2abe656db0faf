import * as z from 'zod'
import { tagList } from './memory.js'
import { MEMORY_TYPES } from './memory-type.js'
import type { Timestamp } from './timestamp.js'
import { fraction, strictObject, text, timestamp } from './validation.js'
import { VISIBILITIES, type Visibility } from './visibility.js'

/*
 * What deletes or changes many memories takes no `null` for "not given": a value that a caller lacks would widen what it is
 * about.
 */

/** Options of `prune`, checked and complete. */
export const pruneOptionsSchema: z.ZodType<{
  olderThan?: Timestamp | undefined
  minImportance?: number | undefined
  memoryTypes: string[]
  projectPath?: string | undefined
  keepTags: string[]
  keepRelated: boolean
  dryRun: boolean
}> = strictObject({
  olderThan: timestamp.optional(),
  minImportance: fraction.optional(),
  memoryTypes: z.array(z.enum(MEMORY_TYPES)).default([]),
  projectPath: text.optional(),
  keepTags: tagList.default([]),
  keepRelated: z.boolean().default(false),
  dryRun: z.boolean().default(false),
}).refine(
  ({ olderThan, minImportance }) => olderThan !== undefined || minImportance !== undefined,
  'nothing says what to prune: give olderThan or minImportance',
)

/** Options of `assignTenant`, checked and complete. */
export const assignTenantOptionsSchema: z.ZodType<{
  tenantId: string
  visibility?: Visibility | undefined
  dryRun: boolean
}> = strictObject({
  tenantId: text.min(1, 'must be text that is not empty'),
  visibility: z.enum(VISIBILITIES).optional(),
  dryRun: z.boolean().default(false),
})

/** Options of `findDuplicates` but for the filter, checked and complete. */
export const duplicatesOptionsSchema: z.ZodType<{ threshold: number; filter?: unknown }> = strictObject({
  threshold: z.number().gt(0).max(1).default(0.9),
  filter: z.unknown().optional(),
})
