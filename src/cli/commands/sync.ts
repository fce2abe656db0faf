import type { Command } from 'commander'
import type { SyncReport, SyncStatus } from '../../backends/graph-backend.js'
import { NotSupportedError } from '../../errors.js'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { Output } from '../output.js'
import { printDuration } from '../print-duration.js'
import { alignColumns } from '../print-table.js'
import { configOf, runOn, withoutAutoSync } from '../with-backend.js'

/** `sync`: brings the local copy to where the primary is. */
export function addSyncCommand(program: Command): void {
  const command = program
    .command('sync')
    .description('Bring the local copy of a primary to where the primary is.')
  addCommonOptions(command).action(async () => {
    const settings = commonSettings(command)
    const began = Date.now()
    const config = withoutAutoSync(await configOf(settings, process.env)) // or it would find nothing left to do
    await runOn(config, new Output(settings), async ({ backend, output }) => {
      if (!backend.capabilities.sync) throw noCopy()
      const wasFetched = isSyncedSince(backend.syncStatus(), began)
      const report = await backend.sync()
      output.result(report, () => printSync(report))
      if (wasFetched) output.note('there was no local copy: it was fetched before this sync')
      return undefined
    })
  })
}

function noCopy(): NotSupportedError {
  return new NotSupportedError(
    'There is no local copy to sync: the backend turso keeps one where MEMORYGRAPH_TURSO_URL and MEMORY_TURSO_PATH (or --path) are set, unless MEMORY_TURSO_MODE says otherwise',
  )
}

function printSync({ frames_synced, frame_no, duration_ms }: SyncReport): string {
  return alignColumns([
    ['frames', String(frames_synced)],
    ['position', frame_no === null ? '-' : String(frame_no)],
    ['took', printDuration(duration_ms)],
  ])
}

/** Connecting fetches a copy where none is, which leaves nothing for the sync itself. */
function isSyncedSince({ last_sync_at: time }: SyncStatus, began: number): boolean {
  return time !== null && Date.parse(time) >= began
}
