import type { Command } from 'commander'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { type Following, followingOf } from '../following.js'
import { Output } from '../output.js'
import { followingRows } from '../print-following.js'
import { alignColumns } from '../print-table.js'
import { configOf, runOn, withoutAutoSync } from '../with-backend.js'

/** `sync-status`: where following the primary stands; changes nothing. */
export function addSyncStatusCommand(program: Command): void {
  const command = program
    .command('sync-status')
    .description('Show where following the primary stands, without syncing.')
  addCommonOptions(command).action(async () => {
    const settings = commonSettings(command)
    const config = withoutAutoSync(await configOf(settings, process.env))
    await runOn(config, new Output(settings), async ({ backend, output }) => {
      const following = followingOf(backend, await backend.healthCheck(), Date.now())
      output.result(following, () => printStatus(output, following))
      return undefined
    })
  })
}

function printStatus(output: Output, following: Following): string {
  const { mode, primary_url: url, enabled } = following
  const without = url === null ? 'there is no primary' : 'every call goes to the primary'
  return alignColumns([
    ['mode', mode],
    ...followingRows(output, following),
    ...(enabled ? [] : [['sync', `none: ${without}`]]),
  ])
}
