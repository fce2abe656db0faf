import type { Command } from 'commander'
import { VISIBILITIES, type Visibility } from '../../model/visibility.js'
import { addCommonOptions, commonSettings } from '../common-options.js'
import { oneOf } from '../option-values.js'
import { Output, oneLine } from '../output.js'
import { counted } from '../print-table.js'
import { configOf, ofAllTenants, runOn } from '../with-backend.js'

type AssignTenantCommandOptions = { visibility?: Visibility; dryRun?: true }

/** `assign-tenant`: gives memories without a tenant one. */
export function addAssignTenantCommand(program: Command): void {
  const command = program
    .command('assign-tenant')
    .description('Give the memories that have no tenant one, and print their ids.')
    .argument('<tenant>', 'whose they become')
    .option(
      '--visibility <visibility>',
      `of those that say none: ${VISIBILITIES.join(', ')}`,
      oneOf(VISIBILITIES),
    )
    .option('--dry-run', 'only show what would be assigned')
  addCommonOptions(command).action(
    async (tenantId: string, { visibility, dryRun }: AssignTenantCommandOptions) => {
      const settings = commonSettings(command)
      const config = ofAllTenants(await configOf(settings, process.env)) // or those of nobody would not be seen
      await runOn(config, new Output(settings), async ({ backend, output }) => {
        const { assignTenant } = await import('../../hygiene/assign-tenant.js')
        const report = await assignTenant(backend, { tenantId, visibility, dryRun })
        output.result(report, () => report.ids.map(oneLine).join('\n'))
        const count = counted(report.ids.length, 'memory', 'memories')
        output.note(report.dry_run ? `${count} would be assigned` : `assigned ${count} to ${tenantId}`)
        return undefined
      })
    },
  )
}
