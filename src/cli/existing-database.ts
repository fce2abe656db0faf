import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { TursoBackend, TursoBackendOptions } from '../backends/turso/turso-backend.js'
import { type CommonSettings, commonSettings } from './common-options.js'
import { Output } from './output.js'
import { UsageError } from './usage-error.js'
import { configOf, ofAllTenants, runOn } from './with-backend.js'

/** What a command on a whole database works with. */
export type DatabaseTools = { readonly backend: TursoBackend; readonly output: Output }

/** Runs a command on a database that is there already, and disconnects whatever happens. May return an exit code. */
export async function withDatabase(
  command: Command,
  work: (tools: DatabaseTools) => Promise<number | undefined>,
): Promise<void> {
  const settings = commonSettings(command)
  const config = ofAllTenants(await configOf(settings, process.env)) // it is one database for all of them
  await requireDatabase(settings)
  await runOn(config, new Output(settings), ({ backend, output }) =>
    work({ backend: backend as TursoBackend, output }),
  )
}

// Else a mistyped path would make an empty database, and all would seem well with it.
async function requireDatabase(settings: CommonSettings): Promise<void> {
  const { backend, ...options } = await configOf(settings, process.env)
  if (backend !== 'turso' && backend !== 'sqlite') {
    throw new UsageError(`the backend ${backend} is no database: use --backend turso or --backend sqlite`)
  }
  const { completeOptions } = await import('../backends/turso/turso-options.js')
  const { mode, path } = completeOptions(options as TursoBackendOptions)
  if (mode === 'local' && !existsSync(path))
    throw new UsageError(`there is no database at ${path}: say which with --path`)
}
