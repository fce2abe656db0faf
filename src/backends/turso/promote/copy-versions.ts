import { SELECT_SETTING } from '../schema.js'
import { type Query, query, readValues } from '../sql-source.js'
import { PUT_REVISION } from '../statements.js'
import { copyPages, type PreparedBatch } from './copy-pages.js'
import type { PromoteRun } from './promote-run.js'
import { faultOf } from './storable.js'
import { type StoredVersion, versionPages } from './stored-version.js'
import {
  memoriesOf,
  type PrimaryVersions,
  primaryVersionsOf,
  type Standing,
  standingOf,
  versionReads,
} from './version-standing.js'
import { ADD_KEPT_VERSIONS, DELETE_VERSION, DELETE_VERSIONS, INSERT_VERSION } from './version-statements.js'

/**
 * Copies the earlier versions of memories that the primary has as they are here, as far as it keeps them, and the number of each such
 * memory. Where the primary has another history of one, that stays, unless nobody else has written there: then copying made it.
 */
export async function copyVersions(run: PromoteRun): Promise<void> {
  const [kept] = await readValues(run.local, query(SELECT_SETTING, 'kept_versions'))
  if (Number.isSafeInteger(kept)) {
    await run.promotion.step([], () => ({ writes: [query(ADD_KEPT_VERSIONS, BigInt(kept as number))] }))
  }
  await copyPages(run, versionPages(run.local), (page) => batchOfVersions(run, page))
}

async function batchOfVersions(run: PromoteRun, page: readonly StoredVersion[]): Promise<PreparedBatch> {
  const [here = []] = await run.local.read([memoriesOf(page)])
  return {
    reads: versionReads(page),
    next: (results, isAlone) => {
      const there = primaryVersionsOf(here, results)
      const writes: Query[] = []
      let { versions } = run.promotion.note
      for (const row of page) {
        writes.push(...beginHistory(row, there, isAlone))
        const copy = copyOf(run, row, standingOf(row, there), isAlone)
        writes.push(...copy)
        if (copy.length > 0) versions++
      }
      return { writes, versions }
    },
  }
}

/** Gives a memory the number that it has here, where it has no history on the primary or one that copying made. */
function beginHistory(row: StoredVersion, there: PrimaryVersions, isAlone: boolean): Query[] {
  const standing = standingOf(row, there)
  if (standing !== 'unrevised' && !(standing === 'diverged' && isAlone)) return []
  const { id, revision } = row
  there.revisions.set(id, revision)
  there.versions.delete(id)
  return [query(DELETE_VERSIONS, id), query(PUT_REVISION, id, BigInt(revision))]
}

/** What stores a version; nothing where the primary has it, keeps no such, cannot hold it, or has another history. */
function copyOf(run: PromoteRun, row: StoredVersion, standing: Standing, isAlone: boolean): Query[] {
  const { id, version, properties, replaced_at } = row
  const isOther = standing === 'diverged' || standing === 'different'
  if (isOther && !isAlone) run.keptHistories.add(id)
  // The newest come first: what is older than one that differs would be of another history.
  const isWanted = (isOther || standing === 'lacking') && !run.keptHistories.has(id)
  if (!isWanted || faultOf(row) !== null) return []
  const number = BigInt(version)
  return [query(DELETE_VERSION, id, number), query(INSERT_VERSION, id, number, properties, replaced_at)]
}
