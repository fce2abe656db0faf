import * as z from 'zod'
import { strictObject } from './validation.js'

/** How much a word counts by the field it is in, beside the others: 0 to 100. In a field of 0 it is found, but counts nothing. */
export type TextBoosts = {
  /** Default is 4. */
  readonly title?: number | null | undefined
  /** Default is 2. */
  readonly summary?: number | null | undefined
  /** Default is 3. */
  readonly tags?: number | null | undefined
  /** Default is 1. */
  readonly content?: number | null | undefined
}

/** Checked boosts with every default filled in. */
export type CompleteTextBoosts = {
  readonly title: number
  readonly summary: number
  readonly tags: number
  readonly content: number
}

/** The boosts of a search that names none. */
export const DEFAULT_TEXT_BOOSTS: CompleteTextBoosts = Object.freeze({
  title: 4,
  summary: 2,
  tags: 3,
  content: 1,
})

const boost = z.number().min(0).max(100).nullish()

/** Checks boosts and fills in the defaults. */
export const textBoostsSchema: z.ZodType<CompleteTextBoosts> = strictObject({
  title: boost,
  summary: boost,
  tags: boost,
  content: boost,
})
  .nullish()
  .transform((given) => ({
    title: given?.title ?? DEFAULT_TEXT_BOOSTS.title,
    summary: given?.summary ?? DEFAULT_TEXT_BOOSTS.summary,
    tags: given?.tags ?? DEFAULT_TEXT_BOOSTS.tags,
    content: given?.content ?? DEFAULT_TEXT_BOOSTS.content,
  }))
  .refine((boosts) => Object.values(boosts).some((value) => value > 0), 'must not all be 0')
