import type { Command } from 'commander'
import type { DetachReport } from '../../backends/turso/turso-backend.js'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { fileConfig } from '../file-config.js'
import { Output, oneLine } from '../output.js'
import { alignColumns } from '../print-table.js'
import { Warnings } from '../warnings.js'

/** `detach`: makes the local copy of a primary a database of its own. */
export function addDetachCommand(program: Command): void {
  const command = program
    .command('detach')
    .description('Make the local copy of a primary a database of its own. The primary stays as it is.')
  addCommonOptions(command).action(async () => {
    const settings = commonSettings(command)
    const file = await fileConfig(settings, process.env)
    const { TursoBackend } = await import('../../backends/turso/turso-backend.js')
    const output = new Output(settings)
    const warnings = new Warnings(output)
    const report = await warnings.during(() => TursoBackend.detach({ ...file, logger: warnings.logger }))
    output.result(report, () => printDetach(report))
    output.note('it follows no primary any more: leave out the URL, or use --backend sqlite, to work with it')
  })
}

function printDetach({ path, nodes, relationships }: DetachReport): string {
  return alignColumns([
    ['detached', oneLine(path)],
    ['nodes', String(nodes)],
    ['relationships', String(relationships)],
  ])
}
