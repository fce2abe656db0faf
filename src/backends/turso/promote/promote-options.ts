import { ConfigurationError } from '../../../errors.js'
import {
  type CompletePrimaryOptions,
  type CompleteTursoOptions,
  completeOptions,
  FOR_A_PRIMARY,
  requireKnownOptions,
  type TursoBackendOptions,
} from '../turso-options.js'

const FOR_THE_FILE = ['path', 'encryptionKey', 'busyTimeoutMs', 'adopt', 'onProgress', 'logger'] as const
const OPTIONS = [...FOR_THE_FILE, ...FOR_A_PRIMARY, 'merge', 'signal']

/**
 * How a file is promoted: what opens it, and its copy from then on (`path`, `encryptionKey`), and the primary (`url`,
 * `authToken`, …). `adopt` also permits a file that holds tables of another program, which stay in the backup alone. `onProgress` is
 * told of the phases `indexing`, `copying`, `verifying` and `downloading`. Other keys are refused.
 */
export type PromoteOptions = Pick<
  TursoBackendOptions,
  (typeof FOR_THE_FILE)[number] | (typeof FOR_A_PRIMARY)[number]
> & {
  /** Whether the primary may hold memories already: of two versions of one, the newer stays. Default is false. */
  readonly merge?: boolean | undefined
  /** Stops between two batches with `MG_ABORTED`; the next call goes on there. */
  readonly signal?: AbortSignal | undefined
}

/** Checked options with every default filled in. */
export type CompletePromoteOptions = {
  readonly turso: CompleteTursoOptions
  readonly primary: CompletePrimaryOptions
  readonly merge: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: TursoBackendOptions['onProgress']
}

/**
 * Checks options and fills in defaults.
 *
 * @throws `MG_CONFIGURATION`
 */
export function completePromoteOptions(options: PromoteOptions): CompletePromoteOptions {
  requireKnownOptions(options, OPTIONS)
  const { merge = false, signal, ...others } = options
  if (typeof merge !== 'boolean') throw invalid('merge', 'true or false')
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', 'an AbortSignal')
  const turso = completeOptions({ ...others, mode: 'replica' })
  return {
    turso,
    primary: turso.primary as CompletePrimaryOptions,
    merge,
    signal,
    onProgress: others.onProgress,
  }
}

function invalid(option: string, expected: string): ConfigurationError {
  return new ConfigurationError(`Invalid option ${option}: must be ${expected}`, { details: { option } })
}
