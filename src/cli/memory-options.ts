import type { Command } from 'commander'
import type { MemoryContextInput } from '../model/memory-context.js'
import { MEMORY_TYPES, type MemoryType } from '../model/memory-type.js'
import { fraction, jsonObject, list, oneOf } from './option-values.js'
import { readStdin } from './read-text.js'
import { UsageError } from './usage-error.js'

/** A memory's fields as options of a command. */
export type MemoryOptions = {
  type?: MemoryType
  title?: string
  content?: string
  summary?: string
  tags?: string[]
  importance?: number
  confidence?: number
  effectiveness?: number
  project?: string
  context?: Record<string, unknown>
}

/** A memory's fields as the library takes them. */
export type MemoryFields = Omit<MemoryOptions, 'project' | 'context'> & { context?: MemoryContextInput }

/** Lets a command take the fields of a memory; a new memory needs the first three. */
export function addMemoryOptions(command: Command, isNew: boolean): Command {
  const required = isNew ? command.requiredOption.bind(command) : command.option.bind(command)
  required('--type <type>', MEMORY_TYPES.join(', '), oneOf(MEMORY_TYPES))
  required('--title <text>', 'at most 200 characters')
  required(
    '--content <text>',
    'the text itself, or "-" to read it from stdin (one newline at the end is dropped)',
  )
  return command
    .option('--summary <text>', 'at most 500 characters')
    .option('--tags <tags>', 'separated by commas; may be repeated', list)
    .option('--importance <number>', '0 to 1 (default: 0.5)', fraction)
    .option('--confidence <number>', '0 to 1 (default: 0.8)', fraction)
    .option('--effectiveness <number>', '0 to 1', fraction)
    .option('--project <path>', 'project the memory belongs to')
    .option('--context <json>', 'further context, such as {"languages": ["go"]}', jsonObject)
}

/** The fields that were given, stdin read where it was asked for. */
export async function memoryFields(options: MemoryOptions): Promise<MemoryFields> {
  const { type, title, content, summary, tags, importance, confidence, effectiveness } = options
  const given = { type, title, content, summary, tags, importance, confidence, effectiveness }
  const context = contextOf(options)
  const fields = { ...given, context, ...(content === '-' && { content: await readStdin() }) }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function contextOf({ project, context }: MemoryOptions): MemoryContextInput | undefined {
  if (project === undefined) return context
  if (context !== undefined && 'project_path' in context) {
    throw new UsageError('options --project and --context both name the project: use one of them')
  }
  return { ...context, project_path: project }
}
