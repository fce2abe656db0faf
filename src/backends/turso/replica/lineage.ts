import { isMissingTable } from '../primary/primary-errors.js'
import { SELECT_SETTING } from '../schema.js'
import { query, readValues, type SqlSource } from '../sql-source.js'
import { HAS_CHANGE, HAS_WRITE } from '../statements.js'
import type { CopyTail } from './replica-copy.js'

/**
 * Why a primary is not the one that a copy was made of, as it was or further on; `null` when it is. A primary that was restored
 * from a backup lacks what the copy has seen last; one that was made anew has another epoch.
 */
export async function findDivergence(primary: SqlSource, tail: CopyTail): Promise<string | null> {
  const { epoch, newestWrite, newestChange } = tail
  const [found, hasWrite, hasChange] = await readMarks(primary, tail)
  if (found === undefined) return 'the primary holds no memory graph any more'
  if (found !== epoch) return 'the primary was made anew, or is another one'
  if (newestWrite && hasWrite !== 1)
    return `the primary does not have the write ${newestWrite.seq}, which is here: it was restored from a backup`
  if (newestChange && hasChange !== 1)
    return `the primary does not have the change ${newestChange.seq}, which is here: it was restored from a backup, or the local file was written by another program`
  return null
}

async function readMarks(primary: SqlSource, { newestWrite, newestChange }: CopyTail): Promise<unknown[]> {
  try {
    return await readValues(
      primary,
      query(SELECT_SETTING, 'epoch'),
      query(HAS_WRITE, BigInt(newestWrite?.seq ?? 0), newestWrite?.id ?? ''),
      query(HAS_CHANGE, BigInt(newestChange?.seq ?? 0), newestChange?.id ?? '', newestChange?.op ?? ''),
    )
  } catch (error) {
    if (isMissingTable(error)) return []
    throw error
  }
}
