import { SyncError } from '../../../errors.js'
import type { PromoteRefusal } from './promote-report.js'
import type { PromoteRun } from './promote-run.js'

/** Why a promotion ends when what was copied is not what the file holds. */
export function readsDifferently(
  { primary }: PromoteRun,
  kind: PromoteRefusal['kind'],
  id: string,
): SyncError {
  const what = kind === 'version' ? 'history of the memory' : kind
  return new SyncError(
    `The ${what} ${JSON.stringify(id)} reads differently from ${primary.name} than from the file: the file was left as it is; promote again to compare and copy everything anew`,
    { details: { kind, id } },
  )
}
