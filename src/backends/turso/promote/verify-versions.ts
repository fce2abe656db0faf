import { eachPage } from './each-page.js'
import type { PromoteRefusal } from './promote-report.js'
import type { PromoteRun } from './promote-run.js'
import { readsDifferently } from './reads-differently.js'
import { faultOf } from './storable.js'
import { type StoredVersion, versionPages } from './stored-version.js'
import { memoriesOf, primaryVersionsOf, type Standing, standingOf, versionReads } from './version-standing.js'

/**
 * Reads earlier versions of memories back and compares each with the file's; returns those that the primary cannot hold.
 *
 * @param onPage is told how many versions were compared
 * @throws `MG_SYNC` there is a difference · `MG_ABORTED` · `MG_OFFLINE`
 */
export async function verifyVersions(
  run: PromoteRun,
  onPage: (count: number) => void,
): Promise<PromoteRefusal[]> {
  const refused: PromoteRefusal[] = []
  const others = new Set<string>()
  for await (const page of eachPage(run, versionPages(run.local))) {
    const [[here = []], there] = await Promise.all([
      run.local.read([memoriesOf(page)]),
      run.primary.read(versionReads(page)),
    ])
    const found = primaryVersionsOf(here, there)
    for (const row of page) {
      const reason = faultOfCopy(run, row, standingOf(row, found), others)
      if (reason !== null) refused.push({ kind: 'version', id: row.id, reason })
    }
    onPage(page.filter(({ version }) => version > 0).length)
  }
  return refused
}

/** Why the primary lacks a version; `null` when it has it, or has a history of its own, which is noted in `others`. */
function faultOfCopy(
  run: PromoteRun,
  row: StoredVersion,
  standing: Standing,
  others: Set<string>,
): string | null {
  const { id, version } = row
  if (standing === 'same' || standing === 'unlike' || others.has(id)) return null
  const fault = standing === 'lacking' ? faultOf(row) : null
  if (fault !== null) return `of version ${version}, ${fault}`
  const isOther = standing === 'diverged' || standing === 'different'
  const mayStay = !run.promotion.note.isAlone && (run.keptHistories.has(id) || run.isResumed)
  if (!isOther || !mayStay) throw readsDifferently(run, 'version', id)
  others.add(id)
  return null
}
