import * as z from 'zod'
import { boundedText, strictObject } from './validation.js'

/** How the passage of a hit that holds most of what was looked for is shown. */
export type SnippetOptions = {
  /** Characters, marks not counted: 20 to 1,000. Default is 160. */
  readonly length?: number | null | undefined
  /** What is put before what was found. Default is `**`. */
  readonly before?: string | null | undefined
  /** What is put behind it. Default is `**`. */
  readonly after?: string | null | undefined
}

/** Checked options with every default filled in. */
export type CompleteSnippetOptions = { length: number; before: string; after: string }

const MIN_SNIPPET_CHARACTERS = 20
const MAX_SNIPPET_CHARACTERS = 1000
const DEFAULT_SNIPPET_CHARACTERS = 160
const DEFAULT_MARK = '**'
const mark = boundedText(100).nullish()

/** Checks whether and how snippets are wanted; `null` is not. */
export const snippetsSchema: z.ZodType<CompleteSnippetOptions | null> = z
  .union([
    z.boolean(),
    strictObject({
      length: z.int().min(MIN_SNIPPET_CHARACTERS).max(MAX_SNIPPET_CHARACTERS).nullish(),
      before: mark,
      after: mark,
    }),
  ])
  .nullish()
  .transform((wanted) => {
    if (wanted === null || wanted === undefined || wanted === false) return null
    const { length, before, after } = wanted === true ? {} : wanted
    return {
      length: length ?? DEFAULT_SNIPPET_CHARACTERS,
      before: before ?? DEFAULT_MARK,
      after: after ?? DEFAULT_MARK,
    }
  })
