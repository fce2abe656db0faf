import * as z from 'zod'
import { fraction, strictObject } from './validation.js'

/** How much of the order of a recall goes by something else than its text. */
export type RankingOptions = {
  /** How much new memories gain: 0 to 1, with which a memory of now counts double. Default is 0. */
  readonly recency?: number | null | undefined
  /** Days after which that gain is half of what it was, above 0. Default is 30. */
  readonly recencyHalfLifeDays?: number | null | undefined
  /** How much important memories gain: 0 to 1, with which one of importance 1 counts double. Default is 0. */
  readonly importance?: number | null | undefined
}

/** Checked options with every default filled in. */
export type CompleteRanking = {
  readonly recency: number
  readonly recencyHalfLifeDays: number
  readonly importance: number
}

const DEFAULT_HALF_LIFE_DAYS = 30

/** Checks ranking options and fills in the defaults; `null` where they change nothing. */
export const rankingSchema: z.ZodType<CompleteRanking | null> = strictObject({
  recency: fraction.nullish(),
  recencyHalfLifeDays: z.number().positive().nullish(),
  importance: fraction.nullish(),
})
  .nullish()
  .transform((given) => {
    const { recency, recencyHalfLifeDays, importance } = given ?? {}
    if (!recency && !importance) return null
    return {
      recency: recency ?? 0,
      recencyHalfLifeDays: recencyHalfLifeDays ?? DEFAULT_HALF_LIFE_DAYS,
      importance: importance ?? 0,
    }
  })
