import { ConfigurationError } from '../../../errors.js'
import { translateError } from '../translate-error.js'
import { requireKnownOptions } from '../turso-options.js'
import { findProblems, reportOf } from './find-problems.js'
import type { IntegrityReport } from './integrity-report.js'
import type { MaintainedStore } from './maintained-store.js'

/** How a check is ended. Unknown keys are refused. */
export type CheckOptions = { readonly signal?: AbortSignal | undefined }

/** Looks for everything that may be wrong with a database. See `TursoBackend.checkIntegrity`. */
export async function checkIntegrity(
  options: CheckOptions,
  store: MaintainedStore,
): Promise<IntegrityReport> {
  requireKnownOptions(options, ['signal'])
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal))
    throw new ConfigurationError('Invalid option signal: must be an AbortSignal')
  try {
    return reportOf(await findProblems(store, options))
  } catch (error) {
    throw translateError(error, 'Cannot check the database')
  }
}
