import type { Command } from 'commander'
import type { MemoryPatch } from '../../model/memory.js'
import { addCommonOptions } from '../common-options.js'
import { embedStored } from '../embed-stored.js'
import { addMemoryOptions, type MemoryOptions, memoryFields } from '../memory-options.js'
import { listOf } from '../option-values.js'
import { oneLine } from '../output.js'
import { UsageError } from '../usage-error.js'
import { withBackend } from '../with-backend.js'
import { noMemory } from './get.js'

const CLEARABLE = [
  'summary',
  'tags',
  'importance',
  'confidence',
  'effectiveness',
  'project',
  'context',
] as const
type Clearable = (typeof CLEARABLE)[number]
type UpdateOptions = MemoryOptions & { clear?: Clearable[] }

/** `update`: changes the fields of a memory that are named. */
export function addUpdateCommand(program: Command): void {
  const command = program
    .command('update')
    .description('Change the fields of a memory that are named; the others stay.')
    .argument('<id>', 'id of the memory')
  addMemoryOptions(command, false).option(
    '--clear <fields>',
    `fields to empty, or to set to their default: ${CLEARABLE.join(', ')}; may be repeated`,
    listOf(CLEARABLE),
  )
  addCommonOptions(command).action(async (id: string, options: UpdateOptions) => {
    const patch = await patchOf(options)
    await withBackend(command, async (tools) => {
      const { backend, output } = tools
      if (!(await backend.updateMemory({ ...patch, id }))) throw noMemory(id)
      output.result({ id, updated: true }, () => `updated ${oneLine(id)}`)
      await embedStored(tools)
      return undefined
    })
  })
}

async function patchOf({ clear = [], ...options }: UpdateOptions): Promise<MemoryPatch> {
  for (const field of clear) {
    if (options[field] === undefined) continue
    throw new UsageError(`option --clear ${field} contradicts --${field}: use one of them`)
  }
  if (clear.includes('context') && options.project !== undefined) {
    throw new UsageError('option --clear context contradicts --project: use one of them')
  }
  const fields = await memoryFields(options)
  const cleared = Object.fromEntries(
    clear.filter((field) => field !== 'project').map((field) => [field, null]),
  )
  const patch = { ...fields, ...cleared }
  if (Object.keys(patch).length === 0 && clear.length === 0) {
    throw new UsageError('nothing to change: name a field, such as --title or --clear summary')
  }
  const clearsProject = clear.includes('project') && !clear.includes('context')
  return clearsProject ? { ...patch, context: { ...fields.context, project_path: null } } : patch
}
