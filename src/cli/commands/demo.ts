import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { BackendConfig } from '../../factory/config.js'
import { addCommonOptions, type CommonSettings, commonSettings } from '../common-options.js'
import { Output } from '../output.js'
import { printTour, takeTour } from '../tour.js'
import { UsageError } from '../usage-error.js'
import { configOf, runOn } from '../with-backend.js'

const FIELD_NOTES = fileURLToPath(new URL('../../../examples/libsql-field-notes.json', import.meta.url))

/** `demo`: a tour through a file of field notes. */
export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description(
      'Import field notes about libSQL into a file of their own, and ask it a few things. The environment is not looked at.',
    )
  addCommonOptions(command).action(async () => {
    const settings = commonSettings(command)
    const output = new Output(settings)
    await runOn(await demoConfig(settings), output, async ({ backend }) => {
      const tour = await takeTour(backend, FIELD_NOTES)
      output.result(tour, () => printTour(output, tour))
      return tour.health.status === 'healthy' ? 0 : 1
    })
  })
}

// Never the user's own memories: without --path it is a new file, whatever the environment says.
async function demoConfig(settings: CommonSettings): Promise<BackendConfig> {
  const { backend = 'turso' } = settings
  if (backend.toLowerCase() === 'memory') {
    throw new UsageError('the demo needs a file to look at afterwards: use --backend turso or sqlite')
  }
  const path = settings.path ?? join(mkdtempSync(join(tmpdir(), 'memorygraph-demo-')), 'memory.db')
  return configOf({ ...settings, backend, path }, {})
}
